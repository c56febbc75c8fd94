"""A workbook as data: what stands where, what may be typed, what is coloured, what is printed.

Nothing here knows a kind of spreadsheet. A design is made from rules/model/tables.py by
`plan_design.py`, and drawn: as an Excel file by `drawing.py`, or by a store that keeps
spreadsheets of another kind. Rows and columns count from 1. Formulas are written with English
function names and commas, and use nothing that Excel, LibreOffice and Google Sheets read
differently; none needs to be entered as an array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum, auto

from rules.model.cells import FormulaError
from rules.text.cell_names import CellRange
from rules.text.language import DANISH, Language
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Signal, Style

Result = str | int | float | Decimal | FormulaError

LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""Excel's limits for the two lines of a hint."""
MARK = "helhedsplan"
"""The document property by which the job knows files of its own making."""
ERROR_TITLE = N_("Tjek cellen")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (with its `=`) and the result that is stored with it."""

    text: str
    result: Result


Entry = str | int | float | Decimal | date | Formula | None
"""What can be written into a cell. A plain text is never a formula, whatever it begins with."""


class Check(Enum):
    """What a validation looks at."""

    LIST = auto()
    DATE = auto()
    AMOUNT = auto()
    NUMBER = auto()
    NOTHING = auto()
    """It only shows its hint."""


@dataclass(frozen=True, slots=True)
class WordRange:
    """Words that stand in cells of a tab, one below the other.

    `count_place` is the cell (`Lister!$B$4`) that holds how many of them count, from the first
    on; the others are blank. None where all do.
    """

    tab: str
    area: CellRange
    count_place: str | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """What the cells offer and say. It warns and never blocks: the job's check has the last word.

    `source` are the words of a LIST, or where they stand. `first` and `last` are the limits of a
    DATE (both days belong to it), and `first` is the least AMOUNT or NUMBER.
    """

    area: CellRange
    check: Check
    title: str
    hint: str
    error: str = ""
    source: tuple[str, ...] | WordRange | None = None
    first: date | int | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ConditionalFormat:
    """Cells that are coloured while the formula (without `=`, as for the first cell) holds.

    Of several highlights of one cell the first that holds is shown.
    """

    area: CellRange
    formula: str
    signal: Signal


@dataclass(frozen=True, slots=True)
class DesignedCell:
    """What stands in a cell, and its kind."""

    entry: Entry
    style: Style


@dataclass(frozen=True, slots=True)
class DesignedColumn:
    """A column's width in characters, and the kind of its empty cells below the header."""

    width: float
    style: Style


class Program(Enum):
    """What a workbook is made for: what a guide says of saving and locking differs."""

    EXCEL = auto()
    GOOGLE = auto()


class StyleRole(StrEnum):
    """Whom a tab is for, and its colour: staff fill it in or read it, the job writes it, nobody."""

    STAFF = "8EA9DB"
    GUIDE = "7FA98A"
    JOB = "E0B84C"
    HIDDEN = "A6A6A6"


@dataclass(frozen=True, slots=True)
class TabDesign:
    """One tab. `cells` are by row and column, headers included.

    `locked` are the cells that hold formulas which nobody needs to change: they are protected
    without a password, and everything else in the tab stays free. A GUIDE or HIDDEN tab is
    protected as a whole. `heights` (in points) are for rows that do not fit their text by
    themselves. `numbers_as_text` is where a number typed into a text column is nothing to mark.
    `amounts` are shown without øre where they are whole, in spreadsheets that can do so.
    `is_filtered` puts a filter over the headers. Only the first `printed_columns` go on paper, all
    where it is 0; on at most so many `printed_pages`, where it is not 0.
    """

    name: str
    role: StyleRole
    columns: tuple[DesignedColumn, ...]
    cells: Mapping[tuple[int, int], DesignedCell]
    header_row: int
    frozen_columns: int = 0
    heights: Mapping[int, float] = field(default_factory=dict)
    validations: tuple[Validation, ...] = ()
    highlights: tuple[ConditionalFormat, ...] = ()
    locked: tuple[CellRange, ...] = ()
    numbers_as_text: CellRange | None = None
    is_filtered: bool = False
    amounts: tuple[CellRange, ...] = ()
    printed_columns: int = 0
    printed_pages: int = 0


@dataclass(frozen=True, slots=True)
class WorkbookDesign:
    """A whole workbook. Printed: A4 across, as wide as the page, header rows on every page.

    `opens_at` is the name of the tab that is shown first, `language` that of the printed page's
    edges and of what a validation is headed by.
    """

    title: str
    tabs: tuple[TabDesign, ...]
    opens_at: str
    language: Language = DANISH
