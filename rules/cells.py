"""Raw cells, and what is read from them: a value, or the reason why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from rules import danish
from rules.tables import Kind


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell that shows an error: `#REF!`, `#DIV/0!`, …"""

    text: str


Cell = str | float | int | bool | dt.date | dt.time | dt.timedelta | FormulaError | None
"""What a store gives for a cell: text, a number, a date, an error; None or `""` where empty."""
RawRow = tuple[int, Sequence[Cell]]
"""A row's number as the spreadsheet counts, and its cells from A; empty rows are left out."""


@dataclass(frozen=True, slots=True)
class RawTab:
    """A tab as read: its rows that hold something, and its comments by address (`F7`)."""

    name: str
    rows: Sequence[RawRow]
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """A workbook as read. `path` is relative to the source, with `/`; tabs in their order."""

    path: str
    tabs: Sequence[RawTab]


class Reading(IntEnum):
    """How it went to read a cell; stored in the frames beside the values."""

    EMPTY = 0
    READ = 1
    TYPED_AS_TEXT = 2
    UNREADABLE = 3
    FORMULA_ERROR = 4
    NO_COLUMN = 5


Value = str | int | Decimal | date | None
Readings = tuple[list[Value], list[int]]

_EMPTY, _READ, _UNREADABLE = int(Reading.EMPTY), int(Reading.READ), int(Reading.UNREADABLE)
_AS_TEXT, _ERROR = int(Reading.TYPED_AS_TEXT), int(Reading.FORMULA_ERROR)

_parse_amount = lru_cache(maxsize=65_536)(danish.parse_amount)
_parse_date = lru_cache(maxsize=65_536)(danish.parse_date)


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing, or only blanks."""
    return cell is None or cell == "" or (type(cell) is str and cell.isspace())


def cell_text(cell: Cell) -> str:
    """A cell as a person sees it, for names and for quoting; empty for an empty cell."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "SAND" if cell else "FALSK"
        case int() | float():
            return danish.number_text(float(cell))
        case date():
            return f"{cell.day:02}-{cell.month:02}-{cell.year}"
        case FormulaError():
            return cell.text
        case _:
            return str(cell)


def read_texts(cells: Iterable[Cell]) -> Readings:
    """Text as it stands; numbers and dates as a person sees them."""
    values: list[Value] = []
    readings: list[int] = []
    for cell in cells:
        if type(cell) is str:
            text = cell.strip()
            values.append(text or None)
            readings.append(_READ if text else _EMPTY)
        elif cell is None:
            values.append(None)
            readings.append(_EMPTY)
        elif type(cell) is FormulaError:
            values.append(None)
            readings.append(_ERROR)
        else:
            values.append(cell_text(cell))
            readings.append(_READ)
    return values, readings


def read_choices(cells: Iterable[Cell], meant: Callable[[str], str]) -> Readings:
    """Texts with each accepted spelling replaced by the name that it means."""
    values, readings = read_texts(cells)
    return [meant(value) if isinstance(value, str) else None for value in values], readings


def read_amounts(cells: Iterable[Cell]) -> Readings:
    """Amounts in whole øre."""
    return _read(cells, _amount)


def read_dates(cells: Iterable[Cell]) -> Readings:
    """Dates; a bare number is none."""
    return _read(cells, _date)


def read_numbers(cells: Iterable[Cell]) -> Readings:
    """Numbers with at most six decimals."""
    return _read(cells, _number)


def _read(cells: Iterable[Cell], one: Callable[[Cell], tuple[Value, int]]) -> Readings:
    values: list[Value] = []
    readings: list[int] = []
    for cell in cells:
        if cell is None or cell == "":
            value, reading = None, _EMPTY
        elif type(cell) is FormulaError:
            value, reading = None, _ERROR
        elif type(cell) is str and cell.isspace():
            value, reading = None, _EMPTY
        else:
            value, reading = one(cell)
        values.append(value)
        readings.append(reading)
    return values, readings


def _amount(cell: Cell) -> tuple[Value, int]:
    if type(cell) is float or type(cell) is int:
        oere = danish.amount_from_number(float(cell))
        return oere, _UNREADABLE if oere is None else _READ
    if type(cell) is str:
        oere = _parse_amount(cell)
        return oere, _UNREADABLE if oere is None else _AS_TEXT
    return None, _UNREADABLE


def _date(cell: Cell) -> tuple[Value, int]:
    if isinstance(cell, dt.datetime):
        return cell.date(), _READ
    if isinstance(cell, date):
        return cell, _READ
    if type(cell) is str:
        day = _parse_date(cell)
        return day, _UNREADABLE if day is None else _READ
    return None, _UNREADABLE


def _number(cell: Cell) -> tuple[Value, int]:
    number: Decimal | None = None
    if type(cell) is float or type(cell) is int:
        number = Decimal(repr(cell)) if abs(cell) < 10**9 else None
    elif type(cell) is str:
        number = danish.parse_number(cell)
    if number is None:
        return None, _UNREADABLE
    return round(number, 6).normalize(), _READ


READERS: dict[Kind, Callable[[Iterable[Cell]], Readings]] = {
    Kind.TEXT: read_texts,
    Kind.EMAIL: read_texts,
    Kind.AMOUNT: read_amounts,
    Kind.DATE: read_dates,
    Kind.NUMBER: read_numbers,
}
"""How each kind of column is read; choices need the list as well, see `read_choices`."""
