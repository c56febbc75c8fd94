"""Rows and columns: inserted, appended, deleted, moved, sized and grouped."""

from __future__ import annotations

from typing import Any

from tests.google_server import protection
from tests.google_server.areas import Area
from tests.google_server.errors import invalid
from tests.google_server.fields import merged, parsed
from tests.google_server.model import ROW, Sheet, entered, put
from tests.google_server.moving import deletion, insertion, move, shift
from tests.google_server.requests.edit import Edit
from tests.google_server.requests.tabs import check_size

Json = dict[str, Any]


def _span(edit: Edit, range_: Json) -> tuple[Sheet, str, int, int]:
    """A DimensionRange: tab, dimension, start and end.

    Raises:
        RefusalError: no dimension, or it lies beyond the grid.
    """
    sheet = edit.book.sheet(range_.get("sheetId", 0))
    dimension = range_.get("dimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified.")
    count = sheet.count(dimension)
    start, end = range_.get("startIndex", 0), range_.get("endIndex", count)
    if start < 0 or end < start:
        raise invalid(f"Invalid dimension range: {start} to {end}")
    return sheet, dimension, start, end


def _across(sheet: Sheet, dimension: str, start: int, end: int) -> Area:
    if dimension == ROW:
        return Area(sheet.id, start, end)
    return Area(sheet.id, None, None, start, end)


def insert(edit: Edit, request: Json) -> None:
    sheet, dimension, start, end = _span(edit, request.get("range") or {})
    before = bool(request.get("inheritFromBefore"))
    if start > sheet.count(dimension) or (start == sheet.count(dimension) and not before):
        raise invalid(_beyond(sheet, dimension, start))
    if before and start == 0:
        raise invalid("Cannot inherit from before index 0")
    model = start - 1 if before else start
    inherited = _formats(sheet, dimension, model)
    shift(edit.book, insertion(sheet.id, dimension, start, end - start))
    for index in range(start, end):
        for other, user_format in inherited.items():
            spot = (index, other) if dimension == ROW else (other, index)
            put(sheet.cells, spot, {"userEnteredFormat": user_format})
    check_size(edit.book, sheet)


def _beyond(sheet: Sheet, dimension: str, start: int) -> str:
    name = "row" if dimension == ROW else "column"
    return f"Cannot insert {name}s at {start}: there are {sheet.count(dimension)}"


def _formats(sheet: Sheet, dimension: str, index: int) -> dict[int, Json]:
    """The formats along a row or column that a new one takes over."""
    at = 0 if dimension == ROW else 1
    return {
        place[1 - at]: cell["userEnteredFormat"]
        for place, cell in sheet.cells.items()
        if place[at] == index and "userEnteredFormat" in cell
    }


def append(edit: Edit, request: Json) -> None:
    sheet = edit.book.sheet(request.get("sheetId", 0))
    dimension = request.get("dimension", "")
    if dimension not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified.")
    sheet.set_count(dimension, sheet.count(dimension) + request.get("length", 0))
    check_size(edit.book, sheet)


def delete(edit: Edit, request: Json) -> None:
    sheet, dimension, start, end = _span(edit, request.get("range") or {})
    count = sheet.count(dimension)
    if start >= count:
        plural = dimension.lower()
        raise invalid(
            f"Cannot delete {plural} that doesn't exist. Tried to delete {plural[:-1]} index "
            f"{start} but there are only {count} {plural}."
        )
    end = min(end, count)
    if end - start >= count:
        raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
    frozen = sheet.grid.get("frozenRowCount" if dimension == ROW else "frozenColumnCount", 0)
    if frozen and start <= frozen and end == count:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {dimension.lower()}.")
    protection.check(edit.book, _across(sheet, dimension, start, end), edit.who)
    shift(edit.book, deletion(sheet.id, dimension, start, end))


def move_dimension(edit: Edit, request: Json) -> None:
    sheet, dimension, start, end = _span(edit, request.get("source") or {})
    to = request.get("destinationIndex", 0)
    if start < to < end or to > sheet.count(dimension):
        raise invalid("Cannot move a dimension into itself or beyond the grid.")
    protection.check(edit.book, _across(sheet, dimension, start, end), edit.who)
    shift(edit.book, move(sheet.id, dimension, start, end, to))


def update_properties(edit: Edit, request: Json) -> None:
    sheet, dimension, start, end = _span(edit, request.get("range") or {})
    mask = parsed(request.get("fields") or "*")
    for index in range(start, min(end, sheet.count(dimension))):
        old = sheet.sizes[dimension].get(index, {})
        sheet.sizes[dimension][index] = merged(old, request.get("properties") or {}, mask)


def auto_resize(edit: Edit, request: Json) -> None:
    """As wide as the longest text: about seven pixels a letter."""
    sheet, dimension, start, end = _span(edit, request.get("dimensions") or {})
    if dimension == ROW:
        return
    for column in range(start, min(end, sheet.columns)):
        longest = max(
            (
                len(str(value))
                for (_, at), cell in sheet.cells.items()
                if at == column
                for value in entered(cell).values()
            ),
            default=0,
        )
        if longest:
            size = {**sheet.sizes[dimension].get(column, {}), "pixelSize": 7 * longest + 14}
            sheet.sizes[dimension][column] = size


HANDLERS = {
    "insertDimension": insert,
    "appendDimension": append,
    "deleteDimension": delete,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_properties,
    "autoResizeDimensions": auto_resize,
}
