"""A spreadsheet in the formats in which Drive hands it out: what it shows, plainly laid out."""

from __future__ import annotations

import csv
from collections.abc import Callable
from html import escape
from io import BytesIO, StringIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.google_server.areas import Area
from tests.google_server.model import Sheet, Spreadsheet
from tests.google_server.values import Reading, rows_shown
from tests.google_server.xlsx import as_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
LINES_A_PAGE, LINE = 60, 12


def texts(book: Spreadsheet, sheet: Sheet) -> list[list[str]]:
    """What a tab shows, row by row."""
    rows = rows_shown(book, sheet, Area(sheet.id).clamped(sheet), Reading())
    return [[str(value) for value in row] for row in rows]


def _separated(book: Spreadsheet, delimiter: str) -> bytes:
    """The first tab, without a line's end after the last line."""
    lines = StringIO()
    csv.writer(lines, delimiter=delimiter).writerows(texts(book, book.sheets[0]))
    return lines.getvalue().removesuffix("\r\n").encode()


def as_csv(book: Spreadsheet) -> bytes:
    return _separated(book, ",")


def as_tsv(book: Spreadsheet) -> bytes:
    return _separated(book, "\t")


def as_pdf(book: Spreadsheet) -> bytes:
    """A line of text for each row."""
    content = BytesIO()
    canvas = Canvas(content, pagesize=A4)
    for sheet in book.sheets:
        lines = [sheet.title, *("   ".join(row) for row in texts(book, sheet))]
        for at in range(0, len(lines), LINES_A_PAGE):
            for number, line in enumerate(lines[at : at + LINES_A_PAGE]):
                canvas.drawString(40, A4[1] - 50 - LINE * number, line)
            canvas.showPage()
    canvas.save()
    return content.getvalue()


def _table(book: Spreadsheet, sheet: Sheet, row_tag: str, cell: Callable[[str], str]) -> str:
    return "".join(
        f"<{row_tag}>{''.join(cell(text) for text in row)}</{row_tag}>"
        for row in texts(book, sheet)
    )


def as_zipped_html(book: Spreadsheet) -> bytes:
    """A page for each tab."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for sheet in book.sheets:
            table = _table(book, sheet, "tr", lambda text: f"<td>{escape(text)}</td>")
            archive.writestr(f"{sheet.title}.html", f"<meta charset=utf-8><table>{table}</table>")
    return content.getvalue()


def as_ods(book: Spreadsheet) -> bytes:
    """All texts, in the smallest package that is one."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    tables = "".join(
        f'<table:table table:name="{escape(sheet.title)}">'
        + _table(
            book, sheet, "table:table-row",
            lambda text: '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(text)}</text:p></table:table-cell>",
        )
        + "</table:table>"
        for sheet in book.sheets
    )  # fmt: skip
    body = (
        f'<office:document-content xmlns:office="{space}office:1.0" '
        f'xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}manifest:1.0">'
        f"{entry.format('/', ODS)}{entry.format('content.xml', 'text/xml')}</manifest:manifest>"
    )
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr(ZipInfo("mimetype"), ODS, ZIP_STORED)
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", manifest)
    return content.getvalue()


FORMATS: dict[str, Callable[[Spreadsheet], bytes]] = {
    XLSX: as_xlsx,
    ODS: as_ods,
    "application/x-vnd.oasis.opendocument.spreadsheet": as_ods,
    "text/csv": as_csv,
    "text/tab-separated-values": as_tsv,
    "application/pdf": as_pdf,
    "application/zip": as_zipped_html,
}
