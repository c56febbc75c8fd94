"""Cells and areas by their A1 names; rows and columns count from 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rules.text.cell_names import cell_name, column_number

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})\Z")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})\Z")


class CellArea(NamedTuple):
    """A block of cells; all four borders belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        """Tell whether the cell lies in the area."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def name(self) -> str:
        """The area as »A1:B2«, or as »A1« where it is one cell."""
        first = cell_name(self.top, self.left)
        last = cell_name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


def enclosing(areas: Sequence[CellArea]) -> CellArea:
    """Return the smallest area that holds all of these; there must be one at least."""
    return CellArea(
        min(area.top for area in areas),
        min(area.left for area in areas),
        max(area.bottom for area in areas),
        max(area.right for area in areas),
    )


def parse_cell(name: str) -> tuple[int, int] | None:
    """Return row and column of »B7«, or None if it names no cell of a sheet."""
    found = _CELL.match(name)
    if found is None:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row, column) if 1 <= row <= LAST_ROW and column <= LAST_COLUMN else None


def parse_area(name: str) -> CellArea | None:
    """Return the area that »A1:B2«, »A1«, »A:B« or »1:2« names, or None if it names none."""
    if found := _COLUMNS.match(name):
        left, right = sorted((column_number(found[1]), column_number(found[2])))
        return CellArea(1, left, LAST_ROW, right)
    if found := _ROWS.match(name):
        top, bottom = sorted((int(found[1]), int(found[2])))
        return CellArea(top, 1, bottom, LAST_COLUMN)
    first, _, last = name.partition(":")
    one, other = parse_cell(first), parse_cell(last or first)
    if one is None or other is None:
        return None
    return enclosing([CellArea(*one, *one), CellArea(*other, *other)])
