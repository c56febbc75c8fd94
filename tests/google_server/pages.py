"""Pages to look at what the server keeps, and to type into it, for someone who tries the job."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.google_server.areas import Area, column_name, parsed, quoted
from tests.google_server.conditions import formatted
from tests.google_server.describing import cell_data
from tests.google_server.fields import Mask
from tests.google_server.model import Sheet, Spreadsheet
from tests.google_server.values import Writing, write

if TYPE_CHECKING:
    from tests.google_server.server import GoogleServer

Json = dict[str, Any]
BOOK = re.compile(r"/spreadsheets/d/([\w-]+)(?:/edit)?\Z")
MASK: Mask = {"sheets": {"data": {"rowData": {"values": {"formattedValue": {}, "note": {}}}}}}
STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #202124 }
table { border-collapse: collapse; margin: .5rem 0 2rem }
td, th { border: 1px solid #dadce0; padding: .2rem .5rem; vertical-align: top; max-width: 28rem }
th { background: #f1f3f4; font-weight: normal; color: #5f6368; position: sticky; top: 0 }
td.guarded { background: #fef7e0 }
input { font: inherit }
"""


def page(server: GoogleServer, verb: str, path: str, content: bytes) -> str | None:
    """The page at a path; None where there is none. A form that is sent types into a cell."""
    if path == "/" and verb == "GET":
        return _whole("Spreadsheets on this server", _list(server))
    match = BOOK.match(path)
    book = server.world.books.get(match[1]) if match else None
    if book is None:
        return None
    if verb == "POST":
        _type_in(
            server, book, {name: given[-1] for name, given in parse_qs(content.decode()).items()}
        )
        book = server.world.books[book.id]
    return _whole(book.properties["title"], _form() + "".join(_tab(book, s) for s in book.sheets))


def _whole(title: str, body: str) -> str:
    return (
        f"<!DOCTYPE html><html lang=da><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>{body}</html>\n"
    )


def _list(server: GoogleServer) -> str:
    files = sorted(server.world.files.values(), key=lambda file: file.name)
    lines = [
        f'<li><a href="/spreadsheets/d/{file.id}">{escape(file.name)}</a></li>'
        for file in files
        if file.id in server.world.books
    ]
    return f"<ul>{''.join(lines)}</ul><p>They are kept in memory, until the server ends.</p>"


def _form() -> str:
    return (
        '<p><a href="/">All spreadsheets</a></p><form method=post>'
        '<label>Cell <input name=cell placeholder="Indsatser!I2" required></label> '
        "<label>Text <input name=text></label> <button>Type it in, as the owner</button></form>"
    )


def _type_in(server: GoogleServer, book: Spreadsheet, form: dict[str, str]) -> None:
    """As a person types: numbers and dates are read in the spreadsheet's locale."""
    changed = book.copied()
    address = form.get("cell", "")
    how = Writing(book.owner, "USER_ENTERED", address)
    write(changed, parsed(changed, address), [[form.get("text", "")]], "ROWS", how)
    server.world.replace_book(changed, book.owner)


def _tab(book: Spreadsheet, sheet: Sheet) -> str:
    filled = [place for place, cell in sheet.cells.items() if "userEnteredValue" in cell]
    rows = max((row for row, _ in filled), default=-1) + 1
    columns = max((column for _, column in filled), default=-1) + 1
    hidden = " (hidden)" if sheet.properties.get("hidden") else ""
    heads = "".join(f"<th>{column_name(column)}</th>" for column in range(columns))
    lines = "".join(
        f"<tr><th>{row + 1}</th>"
        + "".join(_cell(book, sheet, (row, column)) for column in range(columns))
        + "</tr>"
        for row in range(rows)
    )
    title = escape(quoted(sheet.title).strip("'"))
    return f"<h2>{title}{hidden}</h2><table><tr><th></th>{heads}</tr>{lines}</table>"


def _cell(book: Spreadsheet, sheet: Sheet, place: tuple[int, int]) -> str:
    cell = sheet.cells.get(place)
    if cell is None:
        return "<td></td>"
    text = escape(cell_data(book, sheet, place, MASK).get("formattedValue", ""))
    laid_over = formatted(sheet, place, cell, book.locale)
    style = _style({**(cell.get("userEnteredFormat") or {}), **laid_over})
    guarded = ' class=guarded title="protected"' if _is_guarded(sheet, place) else ""
    return f"<td{guarded}{style}>{text}</td>"


def _style(looks: Json) -> str:
    text = looks.get("textFormat") or {}
    rules = {
        "background": _css(looks.get("backgroundColor")),
        "color": _css(text.get("foregroundColor")),
        "font-weight": "bold" if text.get("bold") else "",
    }
    written = ";".join(f"{name}:{value}" for name, value in rules.items() if value)
    return f' style="{written}"' if written else ""


def _css(color: Json | None) -> str:
    if color is None:
        return ""
    return "#" + "".join(
        f"{round(255 * color.get(part, 0)):02x}" for part in ("red", "green", "blue")
    )


def _is_guarded(sheet: Sheet, place: tuple[int, int]) -> bool:
    return any(
        Area(
            sheet.id, range_.get("startRowIndex"), range_.get("endRowIndex"),
            range_.get("startColumnIndex"), range_.get("endColumnIndex"),
        ).holds(*place)
        for range_ in (one.get("range") or {} for one in sheet.list_of("protectedRanges"))
    )  # fmt: skip
