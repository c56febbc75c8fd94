"""Raw cells, and what is read from them: a value, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import IntEnum

from rules.text.quoting import number_text


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell that shows an error: `#REF!`, `#DIV/0!`, …"""

    text: str


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


NO_COLUMN = NoColumn()
Cell = str | float | int | date | time | timedelta | FormulaError | NoColumn | AmountCell | None
"""What a store gives for a cell: text, a number, a date, an error; None or `""` where empty."""
OWN_TAB = ""
"""In the place of a tab's name: the tab Advarsler itself."""
RawRow = tuple[int, Sequence[Cell]]
"""A row's number as the spreadsheet counts, and its cells from A; empty rows are left out."""


@dataclass(frozen=True, slots=True)
class RawTab:
    """A tab as read: its rows that hold something, and its comments by address (`F7`).

    `shown` are numbers of nine or ten digits as their formats show them, by address; `beside` are
    texts that stand beside the cells and may hold a CPR number: in headers, shapes, lists, links.
    """

    name: str
    rows: Sequence[RawRow]
    comments: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """A workbook as read. `path` is relative to the source, with `/`; tabs in their order.

    `beside` are texts of no tab that may hold a CPR number: names, properties, formats. `own` is
    what is known to be the job's: the header of a tab's column Kontrol by the tab's name, and the
    name of the tab Advarsler by `OWN_TAB`.
    """

    path: str
    tabs: Sequence[RawTab]
    beside: Sequence[str] = ()
    own: Mapping[str, str] = field(default_factory=dict)


class ReadState(IntEnum):
    """What came of reading a cell; in the frames beside the values."""

    EMPTY = 0
    READ = 1
    TYPED_AS_TEXT = 2
    UNREADABLE = 3
    FORMULA_ERROR = 4
    NO_COLUMN = 5


Value = str | int | Decimal | date | None
Read = tuple[Value, int]
"""A value and its `ReadState`."""


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
        case int():
            return str(cell)
        case float():
            return number_text(cell)
        case timedelta():
            minutes, seconds = divmod(int(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case date():
            return f"{cell.day:02}-{cell.month:02}-{cell.year}"
        case FormulaError():
            return cell.text
        case _:
            return str(cell)
