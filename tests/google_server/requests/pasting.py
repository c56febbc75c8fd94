"""Cells copied, cut, pushed aside, filled in."""

from __future__ import annotations

import csv
from io import StringIO
from math import isnan
from typing import Any

from tests.google_server import protection
from tests.google_server.areas import Area
from tests.google_server.entering import as_entered
from tests.google_server.errors import invalid
from tests.google_server.formulas import displaced
from tests.google_server.model import Cell, Cells, Sheet, entered, put, with_value
from tests.google_server.requests.edit import Edit, Handler

Json = dict[str, Any]
VALUE, FORMAT = ("userEnteredValue", "result"), ("userEnteredFormat",)
ALL = (*VALUE, *FORMAT, "note", "dataValidation", "textFormatRuns", "pivotTable", "chipRuns")
PARTS = {
    "PASTE_NORMAL": ALL,
    "PASTE_VALUES": VALUE,
    "PASTE_FORMAT": FORMAT,
    "PASTE_NO_BORDERS": ALL,
    "PASTE_FORMULA": VALUE,
    "PASTE_DATA_VALIDATION": ("dataValidation",),
    "PASTE_CONDITIONAL_FORMATTING": (),
}


def _parts(request: Json) -> tuple[str, ...]:
    return PARTS.get(request.get("pasteType", "PASTE_NORMAL"), ALL)


def _with_parts(old: Cell, new: Cell, parts: tuple[str, ...]) -> Cell:
    kept = {name: value for name, value in old.items() if name not in parts}
    return kept | {name: new[name] for name in parts if name in new}


def _copied(cell: Cell, request: Json, down: int, across: int) -> Cell:
    """A cell as it arrives elsewhere: references in its formula go along, or only its result."""
    formula = entered(cell).get("formulaValue")
    if formula is None:
        return cell
    if request.get("pasteType") == "PASTE_VALUES":
        return with_value(cell, cell.get("result") or {"numberValue": 0})
    return {**cell, "userEnteredValue": {"formulaValue": displaced(formula, down, across)}}


def copy_paste(edit: Edit, request: Json) -> None:
    """The source, as often as it fits into the destination, and at least once."""
    source, from_ = edit.area(request.get("source"))
    target, to = edit.area(request.get("destination"))
    top, bottom, left, right = from_.box()
    turned = request.get("pasteOrientation") == "TRANSPOSE"
    height, width = (right - left, bottom - top) if turned else (bottom - top, right - left)
    to_top, to_bottom, to_left, to_right = to.box()
    rows = max(1, (to_bottom - to_top) // height) * height
    columns = max(1, (to_right - to_left) // width) * width
    place = Area(target.id, to_top, to_top + rows, to_left, to_left + columns).clamped(target)
    protection.check(edit.book, place, edit.who)
    cells = dict(source.cells)
    for row, column in _places(place):
        down, across = (row - to_top) % height, (column - to_left) % width
        origin = (top + across, left + down) if turned else (top + down, left + across)
        new = _copied(cells.get(origin, {}), request, row - origin[0], column - origin[1])
        old = target.cells.get((row, column), {})
        put(target.cells, (row, column), _with_parts(old, new, _parts(request)))


def _places(area: Area) -> list[tuple[int, int]]:
    top, bottom, left, right = area.box()
    return [(row, column) for row in range(top, bottom) for column in range(left, right)]


def cut_paste(edit: Edit, request: Json) -> None:
    source, from_ = edit.changeable(request.get("source"))
    corner: Json = request.get("destination") or {}
    target = edit.book.sheet(corner.get("sheetId", 0))
    top, bottom, left, right = from_.box()
    to_top, to_left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    place = Area(target.id, to_top, to_top + bottom - top, to_left, to_left + right - left)
    protection.check(edit.book, place.clamped(target), edit.who)
    taken: Cells = {}
    for row, column in _places(from_):
        if (row, column) in source.cells:
            cell = source.cells[row, column]
            taken[row - top + to_top, column - left + to_left] = cell
            put(source.cells, (row, column), _with_parts(cell, {}, _parts(request)))
    for spot in _places(place.clamped(target)):
        old = target.cells.get(spot, {})
        put(target.cells, spot, _with_parts(old, taken.get(spot, {}), _parts(request)))


def paste_data(edit: Edit, request: Json) -> None:
    """Text with delimiters, as if it came from the clipboard."""
    corner: Json = request.get("coordinate") or {}
    if request.get("html"):
        raise invalid("Pasting HTML is not part of this server.")
    delimiter = request.get("delimiter", "\t")
    lines = list(csv.reader(StringIO(request.get("data", "")), delimiter=delimiter))
    _type_in(edit, corner, lines)


def _type_in(edit: Edit, corner: Json, lines: list[list[str]]) -> None:
    sheet = edit.book.sheet(corner.get("sheetId", 0))
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    width = max((len(line) for line in lines), default=0)
    sheet.set_count("ROWS", max(sheet.rows, top + len(lines)))
    sheet.set_count("COLUMNS", max(sheet.columns, left + width))
    protection.check(edit.book, Area(sheet.id, top, top + len(lines), left, left + width), edit.who)
    for down, line in enumerate(lines):
        for across, text in enumerate(line):
            spot = (top + down, left + across)
            put(sheet.cells, spot, _typed(edit, sheet.cells.get(spot), text))


def _typed(edit: Edit, cell: Cell | None, text: str) -> Cell:
    if text == "":
        return with_value(cell, {})
    value, number_format = as_entered(text, edit.book.locale)
    new = with_value(cell, value)
    if number_format is not None:
        user_format = {**(new.get("userEnteredFormat") or {}), "numberFormat": number_format}
        new = {**new, "userEnteredFormat": user_format}
    return new


def text_to_columns(edit: Edit, request: Json) -> None:
    sheet, area = edit.changeable(request.get("source"))
    delimiter = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}.get(
        request.get("delimiterType", ""), request.get("delimiter", ",")
    )
    for row, column in _places(area):
        text = entered(sheet.cells.get((row, column))).get("stringValue")
        if text is not None:
            corner = {"sheetId": sheet.id, "rowIndex": row, "columnIndex": column}
            _type_in(edit, corner, [[part.strip() for part in str(text).split(delimiter)]])


def insert_range(edit: Edit, request: Json) -> None:
    """Cells pushed down or to the right; the grid grows with them."""
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    _push(sheet, area, request.get("shiftDimension", "ROWS"), (bottom - top, right - left))


def _push(sheet: Sheet, area: Area, dimension: str, size: tuple[int, int]) -> None:
    top, bottom, left, right = area.box()
    down, across = (size[0], 0) if dimension == "ROWS" else (0, size[1])
    moved: Cells = {}
    for (row, column), cell in sheet.cells.items():
        beside = left <= column < right if down else top <= row < bottom
        after = row >= top if down else column >= left
        moved[(row + down, column + across) if beside and after else (row, column)] = cell
    sheet.cells = moved
    sheet.set_count("ROWS", max(sheet.rows, max((row for row, _ in moved), default=0) + 1))
    sheet.set_count("COLUMNS", max(sheet.columns, max((c for _, c in moved), default=0) + 1))


def delete_range(edit: Edit, request: Json) -> None:
    """Cells taken out; what is below or to the right moves up."""
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    rows = request.get("shiftDimension", "ROWS") == "ROWS"
    moved: Cells = {}
    for (row, column), cell in sheet.cells.items():
        if area.holds(row, column):
            continue
        beside = left <= column < right if rows else top <= row < bottom
        if beside and rows and row >= bottom:
            moved[row - (bottom - top), column] = cell
        elif beside and not rows and column >= right:
            moved[row, column - (right - left)] = cell
        else:
            moved[row, column] = cell
    sheet.cells = moved


def auto_fill(edit: Edit, request: Json) -> None:
    """A series of numbers continued, everything else repeated."""
    if "sourceAndDestination" not in request:
        raise invalid("Filling without a source is not part of this server.")
    wanted: Json = request["sourceAndDestination"]
    sheet, area = edit.area(wanted.get("source"))
    length, rows = wanted.get("fillLength", 0), wanted.get("dimension") == "ROWS"
    top, bottom, left, right = area.box()
    lines = range(left, right) if rows else range(top, bottom)
    start, end = (top, bottom) if rows else (left, right)
    for line in lines:
        places = [(at, line) if rows else (line, at) for at in range(start, end)]
        known = [sheet.cells.get(place, {}) for place in places]
        for step in range(abs(length)):
            at = end + step if length > 0 else start - 1 - step
            new = _continued(known, at - start)
            put(sheet.cells, (at, line) if rows else (line, at), new)


def _continued(known: list[Cell], index: int) -> Cell:
    numbers = [float(entered(cell).get("numberValue", "nan")) for cell in known]
    if len(known) > 1 and not any(map(isnan, numbers)):
        first, step = numbers[0], numbers[1] - numbers[0]
        return with_value(known[-1], {"numberValue": first + step * index})
    return known[index % len(known)]


HANDLERS: dict[str, Handler] = {
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
    "pasteData": paste_data,
    "textToColumns": text_to_columns,
    "insertRange": insert_range,
    "deleteRange": delete_range,
    "autoFill": auto_fill,
}
