"""Makes the pictures of the README from the demonstration's own files.

    make pictures

Needs LibreOffice (soffice) and poppler (pdftoppm, pdftotext).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

PICTURES = Path(__file__).parent / "pictures"
DANISH_PROFILE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>da-DK</value></prop>
<prop oor:name="ooLocale" oor:op="fuse"><value>da-DK</value></prop>
</item>
</oor:items>
"""
POINTS_PER_INCH = 72
WHITE = (255, 255, 255)
MARGIN = 12
LARGEST = 200_000
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</word>')


@dataclass(frozen=True)
class Picture:
    """The table on a printed page; too wide for one line it is cut before some of its headers.

    `headers` are words of the header row: each begins a strip, and the last strip ends before the
    word `until`, or at the table's right edge. `above` are points above the headers that belong to
    the picture.
    """

    name: str
    workbook: str
    headers: tuple[str, ...]
    dots_per_inch: int
    until: str = ""
    above: int = 0


ALL = (
    Picture("finansiering", "sheets/Tibberupparken.xlsx", ("Kilde",), 190, "Bemærkning", 44),
    Picture("godkendelser", "sheets/Ellekildehave.xlsx", ("Trin",), 150, "Bemærkning", 46),
    Picture("kontrol", "sheets/Nøjsomhed.xlsx", ("Ansvarlig",), 150),
    Picture("overblik", "Overblik.xlsx", ("Plan-id", "Mangler,"), 175),
)


def main() -> None:
    """Make the demonstration in a folder of its own, print it, and cut the pictures out."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        demo = [sys.executable, "-m", "sync", "demo", str(folder / "demo")]
        subprocess.run(demo, check=True, capture_output=True)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(DANISH_PROFILE)
        for picture in ALL:
            pdf = printed(folder / "demo" / picture.workbook, folder, profile)
            save(picture, cut_out(picture, pdf))


def printed(workbook: Path, folder: Path, profile: Path) -> Path:
    """The workbook's print as a PDF file."""
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{workbook.stem}.pdf"


def cut_out(picture: Picture, pdf: Path) -> Image.Image:
    """The strips of the table on the first page that has its headers."""
    number, places = headers_in(picture, pdf)
    scale = picture.dots_per_inch / POINTS_PER_INCH
    corners = [(round(x * scale), round(y * scale)) for x, y in places]
    page = page_as_image(pdf, number, picture.dots_per_inch)
    headers_top = _edge(page, corners[0], (0, -1))
    lefts = [_edge(page, corner, (-1, 0)) for corner in corners]
    rights = lefts[1:] if picture.until else [*lefts[1:], page.width]
    top, bottom = headers_top - round(picture.above * scale), last_row(page, headers_top)
    strips = [
        trimmed(page.crop((left, top, right, bottom)))
        for left, right in zip(lefts, rights, strict=False)
    ]
    return stacked(strips)


def headers_in(picture: Picture, pdf: Path) -> tuple[int, list[tuple[float, float]]]:
    """The page (from 1) with the headers, and where they stand on it, in points; `until` last."""
    wanted = (*picture.headers, picture.until) if picture.until else picture.headers
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    for number, page in enumerate(text.split("<page ")[1:], 1):
        places = sorted(((float(x), float(y)), word) for x, y, word in _WORD.findall(page))
        words = {word: place for place, word in reversed(places)}  # the leftmost of equal words
        if all(header in words for header in wanted):
            return number, [words[header] for header in wanted]
    raise SystemExit(f"{pdf.name}: no page has the headers {picture.headers}")


def page_as_image(pdf: Path, number: int, dots_per_inch: int) -> Image.Image:
    """A page of the print."""
    page, target = str(number), pdf.with_suffix("")
    command = ["pdftoppm", "-r", str(dots_per_inch), "-f", page, "-l", page, "-singlefile"]
    subprocess.run([*command, "-png", str(pdf), str(target)], check=True)
    with Image.open(target.with_suffix(".png")) as image:
        return image.convert("RGB")


def _edge(page: Image.Image, word: tuple[int, int], step: tuple[int, int]) -> int:
    """Where the header cell's fill ends, from the word's upper left corner on: its x or its y."""
    x, y = word[0] - 3, word[1]
    fill = page.getpixel((x, y))
    while x > 0 and y > 0 and page.getpixel((x, y)) == fill:
        x, y = x + step[0], y + step[1]
    return x if step[0] else y


def last_row(page: Image.Image, top: int) -> int:
    """Where the table ends: above the first blank band of a tenth of the page."""
    below = page.crop((0, top, page.width, page.height))
    rows = _difference(below).getprojection()[1]
    blank = 0
    for number, filled in enumerate(rows):
        blank = 0 if filled else blank + 1
        if blank > page.height // 10:
            return top + number - blank + 1
    return page.height


def _difference(image: Image.Image) -> Image.Image:
    return ImageChops.difference(image, Image.new("RGB", image.size, WHITE)).convert("L")


def trimmed(image: Image.Image) -> Image.Image:
    """The image without its white rim on the right."""
    box = _difference(image).getbbox()
    return image.crop((0, 0, box[2], image.height)) if box else image


def stacked(strips: Sequence[Image.Image]) -> Image.Image:
    """The strips below each other, with a white rim."""
    width = max(strip.width for strip in strips) + 2 * MARGIN
    height = sum(strip.height + MARGIN for strip in strips) + MARGIN
    sheet = Image.new("RGB", (width, height), WHITE)
    y = MARGIN
    for strip in strips:
        sheet.paste(strip, (MARGIN, y))
        y += strip.height + MARGIN
    return sheet


def save(picture: Picture, image: Image.Image) -> None:
    """Write the picture, in few colours."""
    path = PICTURES / f"{picture.name}.png"
    image.quantize(64).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes, more than {LARGEST}")
    sys.stdout.write(f"{path}: {image.width} x {image.height}, {size} bytes\n")


if __name__ == "__main__":
    main()
