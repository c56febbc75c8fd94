"""How a spreadsheet looks once texts stand in its marked columns, and whether an answer says so.

Pure. The expected cells are compared with the values that Google shows after it wrote them;
formats, notes and marks are not among those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import zip_longest
from typing import Any

from rules.model.cells import FALSE, TRUE, Cell, FormulaError, is_blank
from sync.stores.google.snapshot import SheetSnapshot, SpreadsheetSnapshot, serial_of

Json = Mapping[str, Any]
_SECOND = 1 / 86_400


@dataclass(frozen=True, slots=True)
class ColumnTexts:
    """Texts for single rows (from 1) of a column that carries a mark; an empty one clears."""

    gid: int
    column: int
    mark: int
    texts: Mapping[int, str]


def with_texts(
    snapshot: SpreadsheetSnapshot, written: Sequence[ColumnTexts]
) -> SpreadsheetSnapshot:
    """The spreadsheet as it looks when nothing but these texts has changed."""
    by_gid = {one.gid: one for one in written}
    return replace(
        snapshot,
        tabs=[_filled(tab, by_gid[tab.gid]) if tab.gid in by_gid else tab for tab in snapshot.tabs],
    )


def _filled(tab: SheetSnapshot, written: ColumnTexts) -> SheetSnapshot:
    rows = {row: list(cells) for row, cells in tab.raw.rows}
    for row, text in written.texts.items():
        cells = rows.setdefault(row, [])
        cells += [None] * (written.column - len(cells))
        cells[written.column - 1] = text
    filled = [(row, cells) for row, cells in sorted(rows.items()) if not all(map(is_blank, cells))]
    return replace(tab, raw=replace(tab.raw, rows=filled))


def agree(tabs: Sequence[SheetSnapshot], shown: Sequence[Json]) -> bool:
    """Whether each tab is what a `ValueRange` of the whole of it shows."""
    return len(tabs) == len(shown) and all(map(_agrees, tabs, shown))


def _agrees(tab: SheetSnapshot, shown: Json) -> bool:
    title = str(shown.get("range", "")).rpartition("!")[0].strip("'").replace("''", "'")
    if title.casefold() != tab.raw.name.casefold():
        return False
    expected = dict(tab.raw.rows)
    values = dict(enumerate(shown.get("values", ()), 1))
    return all(
        _is(cell, "" if value is None else value)
        for row in expected.keys() | values.keys()
        for cell, value in zip_longest(expected.get(row, ()), values.get(row, ()))
    )


def _is(cell: Cell, value: object) -> bool:
    """Whether a cell has this value; days and times are serial numbers there."""
    if isinstance(value, bool):
        value = TRUE if value else FALSE
    match cell:
        case None:
            return value == ""
        case FormulaError():
            return value == cell.text
        case date() | time() | timedelta():
            return isinstance(value, int | float) and abs(serial_of(cell) - value) < _SECOND
        case _:
            return value == cell
