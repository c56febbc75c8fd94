"""Cells, columns and blocks of cells by their names; rows and columns count from 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})\Z")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})\Z")


@lru_cache(maxsize=2_048)
def column_letters(column: int) -> str:
    """The name of a column: »A« for 1, »AA« for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=2_048)
def column_number(letters: str) -> int:
    """The number of a column: 1 for »A«; 0 for what is no column's name."""
    if not (letters.isascii() and letters.isalpha()):
        return 0
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_name(row: int, column: int) -> str:
    """The name of a cell: »B7« for row 7, column 2."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class CellRange:
    """A block of cells; all four borders belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """The area as »A4:C500«, or as »A4« where it is one cell."""
        first, last = cell_name(self.top, self.left), cell_name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    @property
    def fixed_name(self) -> str:
        """The area as formulas name it when it must not move along: »$A$4:$C$500«."""
        first = f"${column_letters(self.left)}${self.top}"
        last = f"${column_letters(self.right)}${self.bottom}"
        return first if first == last else f"{first}:{last}"

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is one of the block's."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def enclosing(areas: Sequence[CellRange]) -> CellRange:
    """Return the smallest area that holds all of these; there must be one at least."""
    return CellRange(
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


def parse_area(name: str) -> CellRange | None:
    """Return the area that »A1:B2«, »A1«, »A:B« or »1:2« names, or None if it names none."""
    if found := _COLUMNS.match(name):
        left, right = sorted((column_number(found[1]), column_number(found[2])))
        return CellRange(1, left, LAST_ROW, right)
    if found := _ROWS.match(name):
        top, bottom = sorted((int(found[1]), int(found[2])))
        return CellRange(top, 1, bottom, LAST_COLUMN)
    first, _, last = name.partition(":")
    one, other = parse_cell(first), parse_cell(last or first)
    if one is None or other is None:
        return None
    return enclosing([CellRange(*one, *one), CellRange(*other, *other)])
