"""Sums that nobody has named: rows of nothing but amounts that add up entries above or below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from rules.model.cells import Cell, RawRow

_TOLERANCE = 0.01
"""What rounding may cost for each row that is added up."""


def without_sums(
    entries: list[RawRow], may_be_sums: Collection[int], columns: Sequence[int]
) -> list[RawRow]:
    """The entries but for those that may be sums and are: in every one of these columns.

    What is added up stands between two of them, or is all that stands above or below: two rows or
    more.
    """
    edges = [-1, *(at for at, (row, _) in enumerate(entries) if row in may_be_sums), len(entries)]
    parts = [entries[first + 1 : last] for first, last in pairwise(edges)]
    sums = set()
    for number, at in enumerate(edges[1:-1]):
        above = [entry for part in parts[: number + 1] for entry in part]
        below = [entry for part in parts[number + 1 :] for entry in part]
        row, cells = entries[at]
        added = (parts[number], parts[number + 1], above, below)
        if any(_add_up(part, cells, columns) for part in added):
            sums.add(row)
    return [entry for entry in entries if entry[0] not in sums]


def _add_up(part: Sequence[RawRow], cells: Sequence[Cell], columns: Iterable[int]) -> bool:
    if len(part) < 2:
        return False
    return all(
        abs(_number(cells[at - 1]) - sum(_number(entry[at - 1]) for _, entry in part))
        <= _TOLERANCE * len(part)
        for at in columns
        if cells[at - 1] is not None
    )


def _number(cell: Cell) -> float:
    """What a sum in the workbook counts: numbers, and no texts."""
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else 0
