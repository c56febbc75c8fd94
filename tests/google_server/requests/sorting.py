"""Rows put in order: contents move, what is attached to rows stays."""

from __future__ import annotations

from typing import Any

from tests.google_server.areas import Area, of_grid_range
from tests.google_server.errors import invalid
from tests.google_server.model import Cell, Sheet, effective, put
from tests.google_server.requests.edit import Edit

Json = dict[str, Any]
Row = dict[int, Cell]


def sort_key(cell: Cell | None) -> tuple[int, float, str]:
    """Numbers before texts before yes and no; a sheet's order."""
    value = effective(cell)
    if "numberValue" in value:
        return 0, float(value["numberValue"]), ""
    if "stringValue" in value:
        return 1, 0, str(value["stringValue"]).casefold()
    return 2, float(value.get("boolValue", 0)), ""


def sort_range(edit: Edit, request: Json) -> None:
    sheet, area = edit.changeable(request.get("range"))
    specs = request.get("sortSpecs") or []
    if not specs:
        raise invalid("Must specify at least one sort spec.")
    _, _, left, right = area.box()
    for spec in specs:
        if not left <= spec.get("dimensionIndex", 0) < right:
            raise invalid(f"Invalid sort spec: column {spec.get('dimensionIndex', 0)} is outside")
    merges = sheet.list_of("merges")
    if any(of_grid_range(one).meets(area) and _is_tall(one) for one in merges):
        raise invalid("You can't sort a range containing vertical merges.")
    lay(sheet, area, sorted_rows(rows_of(sheet, area), specs))


def _is_tall(merge: Json) -> bool:
    return int(merge["endRowIndex"]) - int(merge["startRowIndex"]) > 1


def rows_of(sheet: Sheet, area: Area) -> list[Row]:
    top, bottom, left, right = area.box()
    rows: list[Row] = [{} for _ in range(top, bottom)]
    for (row, column), cell in sheet.cells.items():
        if top <= row < bottom and left <= column < right:
            rows[row - top][column] = cell
    return rows


def sorted_rows(rows: list[Row], specs: list[Json]) -> list[Row]:
    """Stable; the first spec counts most; empty cells come last, whichever the order."""
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        filled = [row for row in rows if effective(row.get(column))]
        empty = [row for row in rows if not effective(row.get(column))]
        down = spec.get("sortOrder") == "DESCENDING"
        rows = [*sorted(filled, key=lambda row: sort_key(row.get(column)), reverse=down), *empty]
    return rows


def lay(sheet: Sheet, area: Area, rows: list[Row]) -> None:
    """Put rows of cells into an area, over what stands there."""
    top, bottom, left, right = area.box()
    for row in range(top, bottom):
        for column in range(left, right):
            new = rows[row - top].get(column, {}) if row - top < len(rows) else {}
            if new or (row, column) in sheet.cells:
                put(sheet.cells, (row, column), new)


def randomize(edit: Edit, request: Json) -> None:
    sheet, area = edit.changeable(request.get("range"))
    rows = rows_of(sheet, area)
    edit.book.ids.shuffle(rows)
    lay(sheet, area, rows)


HANDLERS = {"sortRange": sort_range, "randomizeRange": randomize}
