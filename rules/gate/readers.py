"""Reads a cell by the kind of its column: a value, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rules.model.cells import (
    AmountCell,
    Cell,
    Embedded,
    FormulaError,
    NoColumn,
    NoResult,
    Read,
    ReadState,
    cell_text,
    is_blank,
    is_dash,
)
from rules.model.tables import FIRST_YEAR, LAST_YEAR, Kind
from rules.text import amounts, danish, dates

_EMPTY, _READ, _UNREADABLE = int(ReadState.EMPTY), int(ReadState.READ), int(ReadState.UNREADABLE)
_AS_TEXT, _ERROR = int(ReadState.TYPED_AS_TEXT), int(ReadState.FORMULA_ERROR)
_REMEMBERED = 50_000
_ROUND = re.compile(r"(?:runde)?(\d{1,2})|(\d{1,2})runde", re.ASCII)
_MOST_ROUNDS = 99
_YEAR = re.compile(r"(?:år)?(\d{4})", re.ASCII)


class Reader(dict[Cell, Read]):
    """Reads the cells of one kind of column; what was read before is remembered.

    In a run the same dates, choices and amounts come back thousands of times. A lone dash is
    nothing, but in a text it is what was written.
    """

    def __init__(self, understand: Callable[[Cell], Read]) -> None:
        super().__init__()
        self._understand = understand
        self._keeps_dash = understand in {text, row_number}

    def __missing__(self, cell: Cell) -> Read:
        if len(self) >= _REMEMBERED:
            self.clear()
        if type(cell) is str:  # nearly all that is new
            is_empty = is_blank(cell) or (is_dash(cell) and not self._keeps_dash)
            read: Read = (None, _EMPTY) if is_empty else self._understand(cell)
        elif cell is None:
            read = (None, _EMPTY)
        elif isinstance(cell, NoResult):
            read = (None, int(ReadState.NO_RESULT))
        elif isinstance(cell, FormulaError):
            read = (None, _ERROR)
        elif isinstance(cell, NoColumn):
            read = (None, int(ReadState.NO_COLUMN))
        else:
            read = self._understand(cell)
        self[cell] = read
        return read


def choice(meant: Callable[[str], str]) -> Callable[[Cell], Read]:
    """How a choice is read: each accepted spelling becomes the name that it means."""

    def read(cell: Cell) -> Read:
        return (
            (None, _UNREADABLE) if isinstance(cell, Embedded) else (meant(cell_text(cell)), _READ)
        )

    return read


def text(cell: Cell) -> Read:
    """Text as it stands; numbers and dates as a person sees them."""
    return (None if isinstance(cell, Embedded) else cell_text(cell)), _READ


def address(cell: Cell) -> Read:
    """An e-mail address, or what stands in its place."""
    return text(cell)


def row_number(cell: Cell) -> Read:
    """A row's own number as text; a date is none: »1.1« that Excel has turned into a day."""
    return (None, _UNREADABLE) if isinstance(cell, date | time | timedelta) else text(cell)


def amount(cell: Cell) -> Read:
    """An amount in whole øre."""
    value, kroner = (cell.cell, cell.kroner) if isinstance(cell, AmountCell) else (cell, 1)
    if is_blank(value) or is_dash(value):
        return None, _EMPTY
    if isinstance(value, int | float):
        oere = amounts.amount_from_number(float(value), kroner) if abs(value) < 1e16 else None
        return oere, _UNREADABLE if oere is None else _READ
    if isinstance(value, str):
        oere = amounts.parse_amount(value, kroner)
        return oere, _UNREADABLE if oere is None else _AS_TEXT
    return None, _UNREADABLE


def day(cell: Cell) -> Read:
    """A date; a bare number is none."""
    if isinstance(cell, datetime):
        return cell.date(), _READ
    if isinstance(cell, date):
        return cell, _READ
    if isinstance(cell, str):
        typed = dates.parse_date(cell)
        return typed, _UNREADABLE if typed is None else _READ
    return None, _UNREADABLE


def number(cell: Cell) -> Read:
    """A number with at most six decimals."""
    read: Decimal | None = None
    if isinstance(cell, int | float):
        read = Decimal(repr(cell)) if abs(cell) < 10**9 else None
    elif isinstance(cell, str):
        read = amounts.parse_number(cell)
    if read is None:
        return None, _UNREADABLE
    return round(read, 6).normalize(), _READ


def year(cell: Cell) -> Read:
    """A year, as a number or a text (`2026`, `År 2026`); a date is none."""
    found = 0
    if isinstance(cell, int | float) and float(cell).is_integer():
        found = int(cell)
    elif isinstance(cell, str) and (typed := _YEAR.fullmatch(danish.header_key(cell))):
        found = int(typed[1])
    return (found, _READ) if FIRST_YEAR <= found <= LAST_YEAR else (None, _UNREADABLE)


def round_number(cell: Cell) -> Read:
    """A round of approval, counted from 1, as a number or a text (`2`, `Runde 2`, `2.`)."""
    found = 0
    if isinstance(cell, int | float) and float(cell).is_integer():
        found = int(cell)
    elif isinstance(cell, str) and (typed := _ROUND.fullmatch(danish.header_key(cell))):
        found = int(typed[1] or typed[2])
    return (found, _READ) if 0 < found <= _MOST_ROUNDS else (None, _UNREADABLE)


UNDERSTAND: dict[Kind, Callable[[Cell], Read]] = {
    Kind.TEXT: text,
    Kind.EMAIL: address,
    Kind.AMOUNT: amount,
    Kind.DATE: day,
    Kind.NUMBER: number,
    Kind.YEAR: year,
    Kind.ROUND: round_number,
}
"""How each kind of column is understood; a choice needs its list as well, see `choice`."""
