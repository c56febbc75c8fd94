"""Makes the pictures of the README from the demonstration's own files, and those of the overview
from a region of eight plans.

    make pictures

Needs LibreOffice (soffice), poppler (pdftoppm, pdftotext) and Chromium.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

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
    Picture("regnskab", "sheets/Tibberupparken.xlsx", ("År",), 150, above=66),
    Picture("kontrol", "sheets/Nøjsomhed.xlsx", ("Ansvarlig",), 150),
    Picture("bemaerkning", "sheets/Tibberupparken.xlsx", ("Ansvarlig",), 150),
)
COMMENT = {
    "A4": "TIB-2025", "D4": "Indsatser", "E4": "2", "G4": "Lone",
    "F4": "Hvem har ansvaret efter nytår? Skriv navnet, eller ring til mig.",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A printed page of the overview, by its tab; `number` counts the pages of a tab, from 0.

    `share` is how much of the page's height is shown.
    """

    name: str
    tab: str
    number: int = 0
    share: float = 1.0


PLANS, RUNS = "8", ("2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23")
PAGES = (
    Page("overblik-planer", "Overblik"),
    Page("overblik-til-moedet", "mødet"),
    Page("overblik-finansiering", "Finansiering", share=0.6),
    Page("overblik-betaler", "Finansiering", -1),
    Page("overblik-godkendelser", "Godkendelser"),
    Page("overblik-sagstid", "Sagstid"),
    Page("overblik-tidslinje", "Tidslinje", share=0.7),
    Page("overblik-indsatsomraader", "Indsatsområder"),
    Page("overblik-erfaringer", "Erfaringer", share=0.55),
    Page("overblik-frister", "Frister", share=0.7),
    Page("overblik-advarsler", "Advarsler", share=0.55),
    Page("overblik-udvikling", "Udvikling", -1),
    Page("overblik-regneark", "Regneark"),
)
_RIM_POINTS = 33
"""Where the print's own head and foot stand, above and below the page."""


def main() -> None:
    """Make the workbooks in a folder of their own, print them, and cut the pictures out."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        demo = [sys.executable, "-m", "sync", "demo", str(folder / "demo")]
        subprocess.run(demo, check=True, capture_output=True)
        write_comment(folder / "demo")
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(DANISH_PROFILE)
        for picture in ALL:
            pdf = printed(whole(folder / "demo" / picture.workbook, folder), folder, profile)
            save(picture.name, cut_out(picture, pdf))
        pdf = printed(folder / "demo" / "Overblik.xlsx", folder, profile)
        for page in (
            Page("overblik", "Overblik"),
            Page("overblik-regnskab", "Regnskab"),
        ):
            save(page.name, shown(page, pdf))
        pdf = printed(region(folder / "region"), folder, profile)
        for page in PAGES:
            save(page.name, shown(page, pdf))
        save_pages(folder)
        plan = brief(folder / "region")
        for number in (1, 2):
            save(f"brief-{number}", page_as_image(plan, number, 75))


PAGE_FILES = {"da": "side", "en": "page"}
"""What the pictures of the overview as a page are called, by the page's language."""
PAGE_SIZE = (1_200, 1_000)


def save_pages(folder: Path) -> None:
    """The top of the demonstration's page and its first card, in each language."""
    for code, name in PAGE_FILES.items():
        demo = [sys.executable, "-m", "sync", "demo", str(folder / code)]
        environment = {**os.environ, "HELHEDSPLAN_LANGUAGE": code}
        subprocess.run(demo, check=True, capture_output=True, env=environment)
        with sync_playwright() as playwright:
            options = ["--no-sandbox"]  # containers' root can have none
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=options
            )
            page = browser.new_page(viewport={"width": PAGE_SIZE[0], "height": PAGE_SIZE[1]})
            page.goto((folder / code / "Overblik.html").as_uri())
            for part, place in (("top", "#top"), ("card", "#plan-0")):
                page.locator(place).evaluate("one => one.scrollIntoView()")
                file = folder / f"{name}-{part}.png"
                page.screenshot(path=file)
                with Image.open(file) as image:
                    save(f"overblik-{name}-{part}", image.convert("RGB"))
            browser.close()


def write_comment(demo: Path) -> None:
    """Write a comment as the secretariat does, and let the job show it."""
    workbook = load_workbook(demo / "Undtagelser.xlsx")
    for cell, text in COMMENT.items():
        workbook["Bemærkninger"][cell].value = text
    workbook.save(demo / "Undtagelser.xlsx")
    sync = [sys.executable, "-m", "sync", "sync", "-c", str(demo / "config.toml")]
    subprocess.run(sync, check=True, capture_output=True)


def region(folder: Path) -> Path:
    """The overview of a region after some weeks, in which mistakes were made and mended."""
    make = [sys.executable, "-m", "tests.bench.region", str(folder), PLANS]
    subprocess.run(make, check=True)
    mistakes: list[tuple[Path, str]] = []
    for number, day in enumerate(RUNS):
        for file in sorted((folder / "sheets").glob("*.xlsx"))[number : 2 * number]:
            mistakes.append((file, f"K{4 + number}"))
            type_over(file, f"B{4 + number}", "")
        if number == len(RUNS) - 1:
            type_over(mistakes[0][0], "B5", "Sundhed")
        sync = [sys.executable, "-m", "sync", "sync", "-c", str(folder / "config.toml")]
        subprocess.run([*sync, "--remember", "--today", day], check=True, capture_output=True)
    return folder / "Overblik.xlsx"


def type_over(file: Path, cell: str, text: str) -> None:
    """Type into a cell of the tab Indsatser, as a person does."""
    workbook = load_workbook(file)
    workbook["Indsatser"][cell].value = text or None
    workbook.save(file)


def brief(folder: Path) -> Path:
    """The two pages about the region's first plan."""
    first = min((folder / "sheets").glob("*.xlsx"))
    plan = str(load_workbook(first)["Plan"]["B4"].value)
    file = folder / "brief.pdf"
    make = [sys.executable, "-m", "sync", "brief", plan, "-c", str(folder / "config.toml")]
    subprocess.run([*make, "--to", str(file), "--today", RUNS[-1]], check=True, capture_output=True)
    return file


def shown(page: Page, pdf: Path) -> Image.Image:
    """The page without its rims."""
    found = [n for n, tab in enumerate(tabs_of(pdf), 1) if tab == page.tab]
    image = page_as_image(pdf, found[page.number], 110)
    rim = round(_RIM_POINTS * 110 / POINTS_PER_INCH)
    image = image.crop((0, rim, image.width, image.height - rim))
    image = image.crop((0, 0, image.width, round(image.height * page.share)))
    left, top, right, bottom = _difference(image).getbbox() or (0, 0, *image.size)
    lowest = bottom + MARGIN if page.share == 1 else image.height
    return image.crop(
        (max(0, left - MARGIN), max(0, top - MARGIN), right + MARGIN, min(lowest, image.height))
    )


def tabs_of(pdf: Path) -> list[str]:
    """The tab of each page: the last word of the print's head."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    pages = text.split("\f")[:-1]
    return [page.lstrip("\n").splitlines()[0].split()[-1] for page in pages]


def whole(workbook: Path, folder: Path) -> Path:
    """A copy that is printed with the column Kontrol, as it stands on the screen."""
    book = load_workbook(workbook)
    for sheet in book.worksheets:
        sheet.print_area = None
    copy = folder / workbook.name
    book.save(copy)
    return copy


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


def save(name: str, image: Image.Image) -> None:
    """Write the picture, in few colours."""
    path = PICTURES / f"{name}.png"
    image.quantize(64).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes, more than {LARGEST}")
    sys.stdout.write(f"{path}: {image.width} x {image.height}, {size} bytes\n")


if __name__ == "__main__":
    main()
