"""A whole spreadsheet as `spreadsheets.get` answers it: properties, what is attached, grid data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.google_server.areas import Area, on_grid
from tests.google_server.calculating import evaluated
from tests.google_server.conditions import formatted
from tests.google_server.defaults import effective_format
from tests.google_server.fields import Mask, wants
from tests.google_server.model import COLUMN, LISTS, ROW, Sheet, Spreadsheet, effective, entered
from tests.google_server.protection import may_edit
from tests.google_server.showing import shown

Json = dict[str, Any]
DATA = ("sheets", "data")
CELL = (*DATA, "rowData", "values")
INPUTS = (
    "userEnteredValue",
    "userEnteredFormat",
    "hyperlink",
    "note",
    "textFormatRuns",
    "dataValidation",
    "pivotTable",
    "chipRuns",
)
SIZE = {ROW: 21, COLUMN: 100}


@dataclass(frozen=True, slots=True)
class View:
    """A spreadsheet as somebody asked for it: which fields, which areas, and with cells or not."""

    book: Spreadsheet
    who: str
    mask: Mask = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    grid_data: bool = False
    comments: bool = False


def described(view: View) -> Json:
    """The spreadsheet; with areas only the tabs that they are on, and only their cells."""
    book = view.book
    wanted = {area.sheet_id for area in view.areas}
    remarks: Json = {}
    if view.comments:
        remarks = {"comments": book.comments, "commentsViewMode": "COMMENTS_VIEW_MODE_INCLUDED"}
    return {
        **remarks,
        "spreadsheetId": book.id,
        "properties": book.properties,
        "sheets": [_sheet(view, one) for one in book.sheets if not wanted or one.id in wanted],
        "namedRanges": book.named_ranges,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
        "developerMetadata": book.metadata,
    }


def _sheet(view: View, sheet: Sheet) -> Json:
    book = view.book
    answer: Json = {"properties": sheet.properties}
    if view.grid_data:
        areas = [area for area in view.areas if area.sheet_id == sheet.id] or [Area(sheet.id)]
        answer["data"] = [
            _grid_data(book, sheet, on_grid(book, area)[1], view.mask) for area in areas
        ]
    for name in LISTS:
        if name == "commentAnchors" and not view.comments:
            continue
        if sheet.attached.get(name):
            answer[name] = sheet.attached[name]
    if "protectedRanges" in answer:
        answer["protectedRanges"] = [
            protected_for(book, protected, view.who) for protected in answer["protectedRanges"]
        ]
    if "basicFilter" in sheet.attached:
        answer["basicFilter"] = sheet.attached["basicFilter"]
    answer["developerMetadata"] = [
        one for one in sheet.metadata if one["location"]["locationType"] == "SHEET"
    ]
    return answer


def protected_for(book: Spreadsheet, protected: Json, who: str) -> Json:
    """A protected range as somebody sees it: who else may edit is shown to those who may."""
    allowed = may_edit(book, protected, who)
    answer = {**protected, "requestingUserCanEdit": allowed}
    if not allowed:
        answer.pop("editors", None)
    return answer


def _grid_data(book: Spreadsheet, sheet: Sheet, area: Area, mask: Mask) -> Json:
    top, bottom, left, right = area.box()
    answer: Json = {"startRow": top, "startColumn": left}
    if wants(mask, *DATA, "rowData"):
        answer["rowData"] = _row_data(book, sheet, area, mask)
    for name, dimension, start, end in (
        ("rowMetadata", ROW, top, bottom),
        ("columnMetadata", COLUMN, left, right),
    ):
        if wants(mask, *DATA, name):
            answer[name] = _dimension(sheet, dimension, start, end)
    return answer


def _row_data(book: Spreadsheet, sheet: Sheet, area: Area, mask: Mask) -> list[Json]:
    top, _, left, _ = area.box()
    rows: dict[int, dict[int, Json]] = {}
    for row, column in sheet.cells:
        if area.holds(row, column):
            data = cell_data(book, sheet, (row, column), mask)
            rows.setdefault(row - top, {})[column - left] = data
    return [
        {"values": [rows[index].get(place, {}) for place in range(max(rows[index]) + 1)]}
        if index in rows
        else {}
        for index in range(max(rows, default=-1) + 1)
    ]


def cell_data(book: Spreadsheet, sheet: Sheet, place: tuple[int, int], mask: Mask) -> Json:
    """One cell: what was put in, and what comes of it, as far as the mask reaches."""
    cell = evaluated(book, sheet, place)
    answer = {name: cell[name] for name in INPUTS if name in cell and wants(mask, *CELL, name)}
    user_format = cell.get("userEnteredFormat") or {}
    if entered(cell):
        if wants(mask, *CELL, "effectiveValue"):
            answer["effectiveValue"] = effective(cell)
        if wants(mask, *CELL, "formattedValue"):
            text = shown(effective(cell), user_format.get("numberFormat"), book.locale)
            answer["formattedValue"] = text
    if wants(mask, *CELL, "effectiveFormat"):
        laid_over = formatted(sheet, place, cell, book.locale)
        answer["effectiveFormat"] = effective_format(user_format, laid_over)
    return answer


def _dimension(sheet: Sheet, dimension: str, start: int, end: int) -> list[Json]:
    """Sizes of rows or columns, and the developer metadata on each."""
    attached: dict[int, list[Json]] = {}
    for one in sheet.metadata:
        place = one["location"].get("dimensionRange")
        if place is not None and place["dimension"] == dimension:
            attached.setdefault(place["startIndex"], []).append(one)
    return [
        {
            "pixelSize": SIZE[dimension],
            **sheet.sizes[dimension].get(index, {}),
            "developerMetadata": attached.get(index, []),
        }
        for index in range(start, end)
    ]
