"""Workbooks with a layout of their own: other names of tabs, tables that share a tab, units.

What an area's workbook calls things stands in the configuration; here it is honoured. Tables that
share a tab stand below each other, each with its own headers, or beside each other under one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.model.cells import RawRow, RawTab, is_blank
from rules.model.parameters import Unit
from rules.text.danish import name_key


def units_of(path: str, units: Sequence[Unit]) -> dict[tuple[str, str], int]:
    """For a workbook what 1 means in each column that has a unit, by tab and header."""
    return {(unit.tab, unit.column): unit.kroner for unit in units if unit.is_for(path)}


def tabs_by_name(
    tabs: Sequence[RawTab], aliases: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, tuple[int, RawTab]]:
    """For each of our tabs the workbook's own: by its name, or else by the first alias there."""
    present: dict[str, tuple[int, RawTab]] = {}
    for position, tab in enumerate(tabs):
        present.setdefault(name_key(tab.name), (position, tab))
    found = {}
    for name in names:
        spellings = (name, *aliases.get(name, ()))
        keys = [key for spelling in spellings if (key := name_key(spelling)) in present]
        if keys:
            found[name] = present[keys[0]]
    return found


def stretches(rows: Sequence[RawRow], header_rows: Sequence[int]) -> dict[int, tuple[RawRow, ...]]:
    """The rows of each table of a shared tab: from its header row to the next table's title.

    Lines with one filled cell right above the next headers are that table's title, and nobody's.
    """
    parts = {}
    starts = sorted(set(header_rows))
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        part = [row for row in rows if row[0] >= start and (end is None or row[0] < end)]
        while end is not None and part and part[-1][0] > start and _is_title(part[-1]):
            part.pop()
        parts[start] = tuple(part)
    return parts


def _is_title(row: RawRow) -> bool:
    return sum(not is_blank(cell) for cell in row[1]) <= 1
