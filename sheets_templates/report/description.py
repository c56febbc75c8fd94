"""What a report or a brief holds, before it is known how it looks or what file it becomes.

A sheet is, from above: a title and a line below it, perhaps some large figures, then one table.
Charts stand to the right of the table, the numbers that they are drawn from to the right of them.
`ReportSheet` says in which rows and columns: every kind of file puts things there.

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
from sheets_templates.drawing.appearance import Mark

TITLE_ROW, MOMENT_ROW = 1, 2
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
    """A column of a report sheet; `width` in characters."""

    text: str
    kind: CellKind = CellKind.TEXT
    width: float = 16.0

    def worded(self, language: Language) -> Heading:
        """The column, wide enough for the longest word of its heading in another language."""
        text = language.text(self.text, "heading")
        if text == self.text:
            return self
        return replace(self, text=text, width=max(self.width, least_width(text)))


def least_width(text: str) -> float:
    """The width at which no word of a heading is broken."""
    return max(map(len, text.split())) * 1.12 + 1.5


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
    each cell goes by its own text, else all of them by the text in column `by` of their row. The
    first highlight that holds for a cell counts.
    """

    mark: Mark
    word: str
    first: int
    last: int
    by: int | None = None

    def formula(self, row: int) -> str:
        """Whether it holds for the first of its cells in this row, as a conditional format asks."""
        cell = f"{column_letters(FIRST_COLUMN + self.first)}{row}"
        if self.by is not None:
            cell = f"${column_letters(FIRST_COLUMN + self.by)}{row}"
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
    """SHARES: columns of parts upon each other, up to 1; AMOUNTS: the same in kroner; LINES.

    The value is how the chart's numbers are written.
    """

    SHARES = "0%"
    AMOUNTS = "#,##0"
    LINES = "0"


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values, one for each category; a limit is drawn as a line across the columns."""

    name: str
    values: tuple[int | Decimal | None, ...]
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its own numbers; the first series lies at the bottom."""

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def rows(self) -> Iterator[list[str | int | Decimal | None]]:
        """What it is drawn from: the names of the series, then a row for each category."""
        yield ["", *(series.name for series in self.series)]
        for index, category in enumerate(self.categories):
            yield [category, *(series.values[index] for series in self.series)]


CHART_ROWS = 26
"""How many rows a chart is high, where the rows are as high as LINE_POINTS says."""
CHART_COLUMNS = 14
CHART_COLUMN_WIDTH = 9.0
_NEEDS = {CellKind.AMOUNT: 1.8, CellKind.DATE: 1.5}
"""How much more room than a count a large figure needs."""


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A sheet. `frozen_columns` of the table stay in view beside the header row.

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
    frozen_columns: int = 1
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
            self.name, self.key, self.header_row, self.last_row, self.last_column, self.filters
        )

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

    def rows_down_to(self, row: int) -> str:
        """The table's rows down to this one as a link's cell, `'Fane'!B4:K9`."""
        first, last = column_letters(FIRST_COLUMN), column_letters(self.last_column)
        return f"'{self.name}'!{first}{self.header_row + 1}:{last}{row}"

    @property
    def chart_column(self) -> int:
        """The first of the CHART_COLUMNS columns of the charts, which stand below each other."""
        return self.last_column + 2

    def chart_row(self, number: int) -> int:
        """The first of the CHART_ROWS rows of the chart with this number, from 0."""
        return self.header_row + 1 + number * (CHART_ROWS + 1)

    @property
    def numbers_column(self) -> int:
        """Where the charts' numbers begin: categories in this column, a series in each after it.

        Each chart's numbers begin in its own first row, with the names of the series.
        """
        return self.chart_column + CHART_COLUMNS + 1

    def figure_columns(self) -> list[tuple[int, int]]:
        """The first and last column of each large figure: all of the table, by what each needs."""
        needs = [_NEEDS.get(figure.kind, 1.0) for figure in self.figures]
        edges = [0.0]
        for heading in self.headings:
            edges.append(edges[-1] + heading.width)
        spans = []
        first = 0
        for number in range(len(needs)):
            wanted = edges[-1] * sum(needs[: number + 1]) / sum(needs)
            lowest, highest = first + 1, len(self.headings) - (len(needs) - number - 1)
            last = min(range(lowest, highest + 1), key=lambda edge: abs(edges[edge] - wanted))
            spans.append((FIRST_COLUMN + first, FIRST_COLUMN + last - 1))
            first = last
        return spans


@dataclass(frozen=True, slots=True)
class SheetOutline:
    """A sheet without charts as it was written, in place of one that has not changed since.

    `key` is what it is known by in every language.
    """

    name: str
    key: str
    header_row: int
    last_row: int
    last_column: int
    filters: bool


def has_oere(values: Sequence[ReportCell]) -> bool:
    """Whether a column of amounts needs decimals: one of them is no whole krone."""
    return any(isinstance(value, Decimal) and value % 1 for value in values)


@dataclass(frozen=True, slots=True)
class BriefTable:
    """A table of texts. `widths` are shares of the page; the columns in `numbers` stand right.

    `marks` are for the words in a cell: which mark one that begins so has. `rest` says what is left
    out, `empty` is shown in place of no rows.
    """

    title: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    marks: Sequence[tuple[str, Mark]] = ()
    rest: str = ""
    empty: str = ""


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
