"""Rows and columns inserted, deleted and moved, and everything that is attached moving along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.google_server.formulas import rewritten
from tests.google_server.model import COLUMN, ROW, Cell, Sheet, Spreadsheet, entered

Json = dict[str, Any]
Span = tuple[int, int]
ENDS = {ROW: ("startRowIndex", "endRowIndex"), COLUMN: ("startColumnIndex", "endColumnIndex")}
INDEX = {ROW: "rowIndex", COLUMN: "columnIndex"}
FROZEN = {ROW: "frozenRowCount", COLUMN: "frozenColumnCount"}
FAR = 2**31


@dataclass(frozen=True, slots=True)
class Shift:
    """Where each row (or column) of a tab goes: `index` for one, `span` for several together.

    Both answer None for what is deleted. `growth` is what the tab gains in rows or columns.
    """

    sheet_id: int
    dimension: str
    growth: int
    index: Callable[[int], int | None]
    span: Callable[[int, int], Span | None]


def insertion(sheet_id: int, dimension: str, at: int, count: int) -> Shift:
    def index(old: int) -> int:
        return old + count if old >= at else old

    def span(start: int, end: int) -> Span:
        return index(start), end + count if end > at else end

    return Shift(sheet_id, dimension, count, index, span)


def deletion(sheet_id: int, dimension: str, start: int, end: int) -> Shift:
    def edge(old: int) -> int:
        return old - (min(old, end) - start) if old > start else old

    def index(old: int) -> int | None:
        return None if start <= old < end else edge(old)

    def span(first: int, last: int) -> Span | None:
        moved = edge(first), edge(last)
        return moved if moved[0] < moved[1] else None

    return Shift(sheet_id, dimension, start - end, index, span)


def move(sheet_id: int, dimension: str, start: int, end: int, to: int) -> Shift:
    """Rows [start, end) go to before row `to`, as it was counted before the move."""
    count = end - start
    target = to - count if to > start else to
    cut = deletion(sheet_id, dimension, start, end)
    paste = insertion(sheet_id, dimension, target, count)

    def index(old: int) -> int | None:
        if start <= old < end:
            return old - start + target
        left = cut.index(old)
        return None if left is None else paste.index(left)

    def span(first: int, last: int) -> Span | None:
        if start <= first and last <= end:
            return first - start + target, last - start + target
        if first <= start and end <= last and first <= to <= last:
            return first, last  # it only changes places inside
        left = cut.span(first, last)
        return None if left is None else paste.span(*left)

    return Shift(sheet_id, dimension, 0, index, span)


def shift(book: Spreadsheet, change: Shift) -> None:
    """Carry out a change of rows or columns everywhere in the spreadsheet."""
    sheet = book.sheet(change.sheet_id)
    _shift_formulas(book, sheet, change)
    by_rows = change.dimension == ROW
    sheet.cells = {
        (new, column) if by_rows else (row, new): cell
        for (row, column), cell in sheet.cells.items()
        if (new := change.index(row if by_rows else column)) is not None
    }
    sheet.sizes[change.dimension] = {
        new: size
        for old, size in sheet.sizes[change.dimension].items()
        if (new := change.index(old)) is not None
    }
    _shift_attached(book, sheet, change)
    sheet.set_count(change.dimension, sheet.count(change.dimension) + change.growth)


def _shift_attached(book: Spreadsheet, sheet: Sheet, change: Shift) -> None:
    frozen = sheet.grid.get(FROZEN[change.dimension])
    if frozen:
        span = change.span(0, frozen)
        sheet.grid[FROZEN[change.dimension]] = span[1] if span else 0
    for one in book.sheets:
        for name, value in list(one.attached.items()):
            moved = moved_json(value, change)
            if moved is None:
                del one.attached[name]
            else:
                one.attached[name] = moved
        one.metadata = moved_json(one.metadata, change) or []
    book.named_ranges = moved_json(book.named_ranges, change) or []


def moved_json(value: Any, change: Shift) -> Any:
    """JSON with its ranges moved; None where what it is about has gone altogether."""
    if isinstance(value, list):
        return _moved_list(value, change)
    if not isinstance(value, dict):
        return value
    if value.get("sheetId", 0) == change.sheet_id or "sheetId" not in value:
        own = _moved_own(value, change)
        if own is None:
            return None
        value = own
    result = {}
    for name, inner in value.items():
        moved = moved_json(inner, change)
        if moved is None and inner is not None:
            if name in ("range", "dimensionRange", "location", "ranges"):
                return None
            continue
        result[name] = moved
    return result


def _moved_list(value: list[Any], change: Shift) -> list[Any] | None:
    moved = [new for item in value if (new := moved_json(item, change)) is not None]
    return moved if moved or not value else None


def _moved_own(value: Json, change: Shift) -> Json | None:
    """A GridRange, a DimensionRange or a GridCoordinate of the changed tab, moved."""
    names = ENDS[change.dimension]
    if value.get("dimension") == change.dimension and "startIndex" in value:
        names = ("startIndex", "endIndex")
    if names[0] in value or names[1] in value:
        span = change.span(value.get(names[0], 0), value.get(names[1], FAR))
        if span is None:
            return None
        ends = {name: end for name, end in zip(names, span, strict=True) if name in value}
        return {**value, **ends}
    name = INDEX[change.dimension]
    if name in value and "sheetId" in value:
        new = change.index(value[name])
        return {**value, name: value[name] if new is None else new}
    return value


def _shift_formulas(book: Spreadsheet, changed: Sheet, change: Shift) -> None:
    """References in formulas follow the cells that they mean."""
    for sheet in book.sheets:
        for place, cell in sheet.cells.items():
            formula = entered(cell).get("formulaValue")
            if formula is not None:
                sheet.cells[place] = _with_formula(cell, sheet, changed, change, formula)


def _with_formula(cell: Cell, sheet: Sheet, changed: Sheet, change: Shift, formula: str) -> Cell:
    rows = change.dimension == ROW
    new = rewritten(formula, sheet.title, changed.title, rows, change.span)
    return cell if new == formula else {**cell, "userEnteredValue": {"formulaValue": new}}
