"""Raw cells, and what is read from them: a value, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum

from rules.text.cell_names import CellRange
from rules.text.danish import folded, spaced, visible


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell that shows an error: `#REF!`, `#DIV/0!`, …"""

    text: str


@dataclass(frozen=True, slots=True)
class NoResult:
    """A formula whose result the workbook does not hold."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture or a linked type that stands in the cell: no text, and no error either."""


DANISH_ERRORS = {
    "#N/A": "#I/T",
    "#REF!": "#REFERENCE!",
    "#NAME?": "#NAVN?",
    "#DIV/0!": "#DIVISION/0!",
    "#VALUE!": "#VÆRDI!",
    "#NULL!": "#NUL!",
}
"""What Danish Excel shows for the errors that it calls otherwise."""
TRUE, FALSE = "SAND", "FALSK"
"""The words that stores give for a cell that is true or false."""


@dataclass(frozen=True, slots=True)
class NoColumn:
    """In the place of a cell whose column the tab does not have."""


@dataclass(frozen=True, slots=True)
class AmountCell:
    """An amount cell of a column whose unit is not the krone: 1 in it means `kroner`."""

    cell: str | float | int
    kroner: int


NO_COLUMN, NO_RESULT, EMBEDDED = NoColumn(), NoResult(), Embedded()
Cell = (
    str | float | int | date | time | timedelta
    | FormulaError | NoColumn | NoResult | Embedded | AmountCell | None
)  # fmt: skip
"""What a store gives for a cell: text, a number, a date, an error; None or `""` where empty."""
OWN_TAB = ""
"""In the place of a tab's name: the tab Advarsler itself."""
RawRow = tuple[int, Sequence[Cell]]
"""A row's number as the spreadsheet counts, and its cells from A; empty rows are left out."""


@dataclass(frozen=True, slots=True)
class RawTab:
    """A tab as read: its rows that hold something, and its comments by address (`F7`).

    `merged` are its merged cells, `totals_rows` the rows that the workbook itself declares as a
    table's totals. `shown` are numbers of nine or ten digits as their formats show them, by
    address; `beside` are texts that stand beside the cells and may hold a CPR number: in headers,
    shapes, lists, links.
    """

    name: str
    rows: Sequence[RawRow]
    comments: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[str] = ()
    merged: Sequence[CellRange] = ()
    totals_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """A workbook as read. `path` is relative to the source, with `/`; tabs in their order.

    `beside` are texts of no tab that may hold a CPR number: names, properties, formats. `own` is
    what is known to be the job's: the header of a tab's column Kontrol by the tab's name, and the
    name of the tab Advarsler by `OWN_TAB`. `charts` are the names of the tabs that have no cells.
    """

    path: str
    tabs: Sequence[RawTab]
    beside: Sequence[str] = ()
    own: Mapping[str, str] = field(default_factory=dict)
    charts: Sequence[str] = ()


class ReadState(IntEnum):
    """What came of reading a cell; in the frames beside the values."""

    EMPTY = 0
    READ = 1
    TYPED_AS_TEXT = 2
    UNREADABLE = 3
    FORMULA_ERROR = 4
    NO_COLUMN = 5
    NO_RESULT = 6


_LONGEST_DASH = 20
Value = str | int | Decimal | date | None
Read = tuple[Value, int]
"""A value and its `ReadState`."""


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing that can be seen."""
    if type(cell) is not str:
        return cell is None
    if not cell or "0" <= cell[0] <= "z":  # nearly every text, without a look at all of it
        return not cell
    return not spaced(cell)


def is_dash(cell: Cell) -> bool:
    """Whether a cell holds a lone dash, as people write where there is no amount."""
    if type(cell) is not str or len(cell) >= _LONGEST_DASH:
        return False
    return (cell.strip() if cell.isascii() else folded(cell)) == "-"


def serial_number(cell: Cell) -> Decimal | None:
    """The number that a cell with the format of a date or a time holds; None for any other."""
    match cell:
        case datetime():
            days = Decimal(cell.toordinal() - _DAY_ZERO)
            seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
        case date():
            days, seconds = Decimal(cell.toordinal() - _DAY_ZERO), 0
        case time():
            days, seconds = Decimal(0), cell.hour * 3600 + cell.minute * 60 + cell.second
        case timedelta():
            days, seconds = Decimal(cell.days), cell.seconds
        case _:
            return None
    if isinstance(cell, date) and days <= _LEAP_DAY_OF_1900:
        days -= 1
    return round(days + Decimal(seconds) / 86_400, 6).normalize() + 0


_DAY_ZERO = date(1899, 12, 30).toordinal()
_LEAP_DAY_OF_1900 = 60
"""Excel counts a 29 February 1900, which there was not: before it days are one less."""


def cell_text(cell: Cell) -> str:
    """A cell as a person sees it, for names and for quoting; empty for an empty cell."""
    match cell:
        case None:
            return ""
        case str():
            return visible(cell).strip()
        case int():
            return str(cell)
        case float():
            return _number_text(cell)
        case timedelta():
            minutes, seconds = divmod(int(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case date():
            return f"{cell.day:02}-{cell.month:02}-{cell.year}"
        case FormulaError():
            return DANISH_ERRORS.get(cell.text, cell.text)
        case NoResult() | Embedded():
            return ""
        case _:
            return str(cell)


def _number_text(number: float) -> str:
    """A number cell as a person sees it: `3` and not `3.0`, `1,5` and not `1.5`."""
    if number.is_integer() and abs(number) < 1e16:
        return str(int(number))
    return repr(round(number, 6)).replace(".", ",")
