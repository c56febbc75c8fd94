"""`values.append`: the table that a range points at, and the rows after it."""

from __future__ import annotations

from typing import Any

from tests.google_server.areas import Area, as_a1, on_grid
from tests.google_server.model import Sheet, Spreadsheet
from tests.google_server.moving import insertion, shift

Json = dict[str, Any]


def table_at(sheet: Sheet, area: Area) -> Area | None:
    """The block of filled cells that a range touches; the last one of the tab for a whole tab.

    A block grows as long as a filled cell is beside it, corners counted.
    """
    filled = {place for place, cell in sheet.cells.items() if "userEnteredValue" in cell}
    inside = [place for place in filled if area.holds(*place)]
    if not inside:
        return None
    row, column = max(inside)
    top, bottom, left, right = row, row + 1, column, column + 1
    while True:
        near = [(r, c) for r, c in filled if top - 1 <= r <= bottom and left - 1 <= c <= right]
        box = (
            min(top, *(r for r, _ in near)),
            max(bottom, *(r + 1 for r, _ in near)),
            min(left, *(c for _, c in near)),
            max(right, *(c + 1 for _, c in near)),
        )
        if box == (top, bottom, left, right):
            return Area(sheet.id, top, bottom, left, right)
        top, bottom, left, right = box


def room_after(
    book: Spreadsheet, area: Area, lines: list[list[object]], insert: bool
) -> tuple[Area, str | None]:
    """Where appended rows go, with room made for them, and the table's address, if there is one."""
    sheet, clamped = on_grid(book, area)
    table = table_at(sheet, clamped)
    top = (clamped.top or 0) if table is None else (table.bottom or 0)
    left = (clamped.left if table is None else table.left) or 0
    width = max((len(line) for line in lines), default=0)
    if insert and top < sheet.rows:
        shift(book, insertion(sheet.id, "ROWS", top, len(lines)))
    sheet.set_count("ROWS", max(sheet.rows, top + len(lines)))
    sheet.set_count("COLUMNS", max(sheet.columns, left + width))
    target = Area(sheet.id, top, top + max(1, len(lines)), left, left + max(1, width))
    return target, None if table is None else as_a1(table, sheet)
