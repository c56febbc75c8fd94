"""Makes the pictures of the README from the demonstration's own files.

    make pictures

Needs LibreOffice (soffice) and poppler (pdftoppm, pdftotext).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
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
WHITE = (255, 255, 255)
MARGIN = 14
LARGEST = 200_000


@dataclass(frozen=True)
class Picture:
    """A page of a workbook's print, found by a text on it, without its header and footer line.

    `left` is the share of the page's width that is cut away from the left.
    """

    name: str
    workbook: str
    text: str
    dots_per_inch: int
    left: float = 0.0


ALL = (
    Picture("kontrol", "sheets/Nøjsomhed.xlsx", "Indsatsområde", 190),
    Picture("overblik", "Overblik.xlsx", "Overblik:", 220),
)


def main() -> None:
    """Make the demonstration in a folder of its own, print it, and cut the pictures out."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        subprocess.run([sys.executable, "-m", "sync", "demo", str(folder / "demo")], check=True)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(DANISH_PROFILE)
        for picture in ALL:
            pdf = printed(folder / "demo" / picture.workbook, folder, profile)
            make(picture, pdf)


def printed(workbook: Path, folder: Path, profile: Path) -> Path:
    """The workbook's print as a PDF file."""
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{workbook.stem}.pdf"


def make(picture: Picture, pdf: Path) -> None:
    """Cut the picture out of the first page that holds its text."""
    number = next(n for n, text in enumerate(pages(pdf), 1) if picture.text in text)
    page = str(number)
    png = pdf.with_suffix("")
    command = ["pdftoppm", "-r", str(picture.dots_per_inch), "-f", page, "-l", page]
    subprocess.run([*command, "-singlefile", "-png", str(pdf), str(png)], check=True)
    with Image.open(png.with_suffix(".png")) as image:
        cut = trimmed(image.convert("RGB"), picture.left)
    path = PICTURES / f"{picture.name}.png"
    cut.quantize(64).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")
    sys.stdout.write(f"{path}: {cut.width} x {cut.height}, {path.stat().st_size} bytes\n")


def pages(pdf: Path) -> Iterator[str]:
    """The text of each page."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True).stdout
    yield from text.decode().split("\f")


def trimmed(image: Image.Image, left: float) -> Image.Image:
    """The page without its first and last line of text (header and footer) and its white rim."""
    height = image.height
    inner = image.crop((round(image.width * left), height // 14, image.width, height * 13 // 14))
    box = ImageChops.difference(inner, Image.new("RGB", inner.size, WHITE)).getbbox()
    if box is None:
        raise SystemExit("the page is empty")
    cut = inner.crop(box)
    framed = Image.new("RGB", (cut.width + 2 * MARGIN, cut.height + 2 * MARGIN), WHITE)
    framed.paste(cut, (MARGIN, MARGIN))
    return framed


if __name__ == "__main__":
    main()
