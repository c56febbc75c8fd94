"""How a spreadsheet looks once texts stand in its marked columns, and whether an answer says so.

Pure. What is foreseen is compared with the values that Google shows after it wrote them; formats,
notes and marks are not among those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from rules.model.cells import FALSE, TRUE, Cell, FormulaError, is_blank
from sync.stores.google.snapshot import Sight, Tab
from sync.stores.google.values import serial_of

Json = Mapping[str, Any]
_SECOND = 1 / 86_400


@dataclass(frozen=True, slots=True)
class ColumnTexts:
    """Texts for single rows (from 1) of a column that carries a mark; an empty one clears."""

    gid: int
    column: int
    mark: int
    texts: Mapping[int, str]


def with_texts(sight: Sight, written: Sequence[ColumnTexts]) -> Sight:
    """The spreadsheet as it looks when nothing but these texts has changed."""
    by_gid = {one.gid: one for one in written}
    return replace(
        sight,
        tabs=[_filled(tab, by_gid[tab.gid]) if tab.gid in by_gid else tab for tab in sight.tabs],
    )


def _filled(tab: Tab, written: ColumnTexts) -> Tab:
    rows = {row: list(cells) for row, cells in tab.raw.rows}
    for row, text in written.texts.items():
        cells = rows.setdefault(row, [])
        cells += [None] * (written.column - len(cells))
        cells[written.column - 1] = text
    filled = [(row, cells) for row, cells in sorted(rows.items()) if not all(map(is_blank, cells))]
    return replace(tab, raw=replace(tab.raw, rows=filled))


def agree(tabs: Sequence[Tab], shown: Sequence[Json]) -> bool:
    """Whether each tab is what a `ValueRange` of the whole of it shows."""
    return len(tabs) == len(shown) and all(map(_agrees, tabs, shown))


def _agrees(tab: Tab, shown: Json) -> bool:
    title = str(shown.get("range", "")).rpartition("!")[0].strip("'").replace("''", "'")
    if title.casefold() != tab.raw.name.casefold():
        return False
    foreseen = dict(tab.raw.rows)
    standing = dict(enumerate(shown.get("values", ()), 1))
    return all(
        _row_agrees(foreseen.get(row, ()), standing.get(row, ()))
        for row in foreseen.keys() | standing.keys()
    )


def _row_agrees(cells: Sequence[Cell], values: Sequence[object]) -> bool:
    width = max(len(cells), len(values))
    padded = [*cells, *[None] * (width - len(cells))]
    shown = [*values, *[""] * (width - len(values))]
    return all(map(_is, padded, shown))


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
