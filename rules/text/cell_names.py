"""The names of cells and columns, such as »B7« and »AA«; rows and columns count from 1."""

from __future__ import annotations

from functools import lru_cache


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
