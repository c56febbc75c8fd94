"""What a report or a brief holds, before it is known how it looks or what file it becomes.

A sheet is, from above: a title and a line below it, perhaps some large figures, then one table.
Charts and small tables stand below a short table, and to the right of a longer one. In which rows
and columns of a spreadsheet that is says `placing.py`.

Colours follow what stands in a cell (`Highlight`), so that they stay right when people sort, and
no colour says anything that a word or a symbol does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Generic, TypeVar

from rules.text.cell_names import column_letters
from rules.text.language import Language
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark

TITLE_ROW, MOMENT_ROW = 1, 2
FIRST_TAB = N_("Overblik")
"""The first tab of an overview: by it a workbook is known as one."""
HERE = "#"
"""The address of a link to a cell of the report itself."""
FIRST_COLUMN = 2
"""Column A is a narrow margin; only the title and the line below it stand there."""


class CellKind(Enum):
    """What a column holds, and so how it looks. A CHANGE is a count with its sign."""

    TEXT = auto()
    AMOUNT = auto()
    DATE = auto()
    PERCENT = auto()
    COUNT = auto()
    CHANGE = auto()
    CENTRED = auto()


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a file (a relative or absolute address) and perhaps a cell in it."""

    text: str
    address: str
    cell: str = ""


ReportCell = str | int | Decimal | date | Link | None
"""A cell: amounts are kroner as Decimal, shares are from 0 to 1. Text is never a formula."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a report sheet; `width` is what it should have, in characters."""

    text: str
    kind: CellKind = CellKind.TEXT
    width: float = 16.0

    def worded(self, language: Language) -> Heading:
        """The column with its heading in another language."""
        return replace(self, text=language.text(self.text, "heading"))


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReportColumn(Generic[T]):
    """A column with what stands in it: the value of each thing that has a row in the table."""

    heading: str
    value: Callable[[T], ReportCell]
    kind: CellKind = CellKind.TEXT
    width: float = 16.0


def table(
    columns: Sequence[ReportColumn[T]], things: Iterable[T]
) -> tuple[tuple[Heading, ...], list[list[ReportCell]]]:
    """The headings of the columns, and a row for each thing."""
    headings = tuple(Heading(one.heading, one.kind, one.width) for one in columns)
    return headings, [[column.value(thing) for column in columns] for thing in things]


@dataclass(frozen=True, slots=True)
class Figure:
    """A large figure above the table.

    Its label leads to the tab `leads_to`, and where none is named, to the table's own rows.
    """

    label: str
    value: str | int | Decimal | date
    kind: CellKind = CellKind.COUNT
    mark: Mark | None = None
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A mark for cells whose text begins with `word` (case aside; an empty word: empty cells).

    `first` and `last` are the indexes of the table's columns that are marked. Where `by` is None
    each cell goes by its own text, else all of them by the text in column `by` of their row. With
    `below`, numbers under that are marked. The first highlight that holds for a cell counts.
    """

    mark: Mark
    word: str
    first: int
    last: int
    by: int | None = None
    below: int | None = None

    def formula(self, row: int) -> str:
        """Whether it holds for the first of its cells in this row, as a conditional format asks."""
        cell = f"{column_letters(FIRST_COLUMN + self.first)}{row}"
        if self.by is not None:
            cell = f"${column_letters(FIRST_COLUMN + self.by)}{row}"
        if self.below is not None:
            return f"AND(ISNUMBER({cell}),{cell}<{self.below})"
        if not self.word:
            return f"LEN({cell})=0"
        word = self.word.upper().replace('"', '""')
        return f'UPPER(LEFT({cell},{len(self.word)}))="{word}"'


def word_highlights(
    marks: Mapping[str, Mark], first: int, last: int | None = None
) -> tuple[Highlight, ...]:
    """The marks of words in the columns from `first` to `last`, or in one column."""
    until = first if last is None else last
    return tuple(Highlight(mark, word, first, until) for word, mark in marks.items())


SEVERITY_MARKS = {"fejl": Mark.BAD, "advarsel": Mark.WATCH, "info": Mark.NOTE}
"""The marks of words of severity."""


class ChartKind(Enum):
    """Columns of parts upon each other: SHARES (from 0 to 1), AMOUNTS in kroner, COUNTS.

    The value is how the chart's numbers are written.
    """

    SHARES = "0%"
    AMOUNTS = "#,##0"
    COUNTS = "0"


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values, one for each category; a limit is drawn as a line across the columns."""

    name: str
    values: tuple[int | Decimal | None, ...]
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its own numbers; the first series lies at the bottom.

    Where it is not `is_stacked` the columns of a category stand beside each other. `highest` is
    where the axis of the values ends, None where they say that.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    highest: int | None = None
    is_stacked: bool = True

    @property
    def rows(self) -> Iterator[list[str | int | Decimal | None]]:
        """What it is drawn from: the names of the series, then a row for each category."""
        yield ["", *(series.name for series in self.series)]
        for index, category in enumerate(self.categories):
            yield [category, *(series.values[index] for series in self.series)]


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A short table beside a sheet's own. `shares` are how wide its columns are to each other.

    Without `headings` there are only rows. `empty` is shown in place of no rows.
    """

    title: str
    shares: tuple[int, ...]
    rows: Sequence[Sequence[ReportCell]]
    headings: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A sheet. `frozen_columns` of the table stay in view beside the header row; only the first
    `printed_columns` go on paper, all where it is 0.

    `filters` False: a table that only makes sense in its order. `sources` are paths of
    workbooks: one for each of their rows that the table shows or that its figures are made of.
    `danish_name` stands where `name` is in another language.
    """

    name: str
    title: str
    line: str
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[ReportCell]]
    highlights: tuple[Highlight, ...] = ()
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[SmallTable, ...] = ()
    frozen_columns: int = 1
    printed_columns: int = 0
    filters: bool = True
    sources: tuple[str, ...] = ()
    danish_name: str = ""

    @property
    def key(self) -> str:
        """By what a place knows the sheet, whatever its name is in the language that is spoken."""
        return self.danish_name or self.name

    def worded(self, language: Language) -> ReportSheet:
        """The sheet with its fixed words in this language; cells are worded where they are made."""
        say = language.text
        return replace(
            self,
            name=say(self.name),
            danish_name=self.name,
            title=say(self.title),
            line=say(self.line),
            headings=tuple(one.worded(language) for one in self.headings),
            highlights=tuple(replace(one, word=say(one.word)) for one in self.highlights),
            figures=tuple(
                replace(one, label=say(one.label), leads_to=say(one.leads_to))
                for one in self.figures
            ),
        )

    @property
    def outline(self) -> SheetOutline:
        """What is to be known of the sheet once it is written."""
        return SheetOutline(
            self.name, self.key, self.header_row, self.last_row, self.last_column,
            self.printed_column, self.filters,
        )  # fmt: skip

    @property
    def columns(self) -> list[tuple[ReportCell, ...]]:
        """The values of the table by columns: most that is done with them is quicker that way."""
        return [*zip(*self.rows, strict=True)] or [()] * len(self.headings)

    @property
    def label_row(self) -> int:
        """The row of the large figures' labels; the figures themselves stand below it."""
        return MOMENT_ROW + 1

    @property
    def header_row(self) -> int:
        """The table's header row; it and what is above it stay in view."""
        return MOMENT_ROW + (4 if self.figures else 1)

    @property
    def last_row(self) -> int:
        """The table's last row; at least one below the header row."""
        return self.header_row + max(1, len(self.rows))

    @property
    def last_column(self) -> int:
        """The table's last column."""
        return FIRST_COLUMN + len(self.headings) - 1

    @property
    def printed_column(self) -> int:
        """The last column that goes on paper; 0 where there is nothing to print."""
        if not (self.rows or self.charts or self.tables):
            return 0
        return FIRST_COLUMN + (self.printed_columns or len(self.headings)) - 1

    def rows_down_to(self, row: int) -> str:
        """The table's rows down to this one as a link's cell, `'Fane'!B4:K9`."""
        first, last = column_letters(FIRST_COLUMN), column_letters(self.last_column)
        return f"'{self.name}'!{first}{self.header_row + 1}:{last}{row}"


@dataclass(frozen=True, slots=True)
class SheetOutline:
    """A sheet without charts as it was written, in place of one that has not changed since.

    `key` is what it is known by in every language; `printed_column` is the last one that goes on
    paper, 0 where nothing does.
    """

    name: str
    key: str
    header_row: int
    last_row: int
    last_column: int
    printed_column: int
    filters: bool


def has_oere(values: Sequence[ReportCell]) -> bool:
    """Whether a column of amounts needs decimals: one of them is no whole krone."""
    return any(isinstance(value, Decimal) and value % 1 for value in values)


@dataclass(frozen=True, slots=True)
class BriefTable:
    """A table of texts. `widths` are shares of the page; the columns in `numbers` stand right.

    `marks` are for the words in a cell: which mark one that begins so has. `rest` says what is left
    out, `empty` is shown in place of no rows. Where it `is_sequence` its rows are steps.
    """

    title: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    marks: Sequence[tuple[str, Mark]] = ()
    rest: str = ""
    empty: str = ""
    is_sequence: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """Two pages for a steering group: the state and the money on the first, the rest on the second.

    `language` is that of the texts, for what is worded while they are drawn.
    """

    title: str
    lines: Sequence[str]
    figures: Sequence[Figure]
    money: str
    chart: Chart | None
    funding: BriefTable
    tables: Sequence[BriefTable]
    footer: str
    language: Language
