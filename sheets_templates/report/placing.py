"""In which rows and columns of a spreadsheet the parts of a report sheet stand, and how wide.

The same for every kind of spreadsheet. Charts and small tables stand below a table of a few rows,
so that all of it is one page of paper; of a longer table they stand to the right, on pages of
their own. The numbers that charts are drawn from are right of everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from rules.text.letter_widths import points_of
from sheets_templates.report.description import (
    FIRST_COLUMN,
    Figure,
    ReportCell,
    ReportSheet,
)

MARGIN_WIDTH = 2.0
"""Of column A."""
PAGE_WIDTH = 143.0
"""As wide as a page is across that is printed at its own size."""
_SIDE_COLUMNS, _COLUMNS_FOR_BOTH, SIDE_COLUMN_WIDTH = 14, 19, 9.0
"""So many columns has what stands to the right of a table; more where that is charts and tables."""
MOST_ROWS_ABOVE = 12
"""Below a table of more rows there is no room on its page."""
_FIGURE_SIZE, _FIGURE_PADDING = 18, 20.0


def shared_out(
    shares: Sequence[float], widths: Sequence[float], first: int
) -> list[tuple[int, int]]:
    """The first and last column of each of some things side by side: the neediest gets most.

    `widths` are those of the columns from `first` on.
    """
    edges = [0.0, *accumulate(widths)]
    # How much each of the first things gets of its need at least, where they end at a column.
    best: list[dict[int, tuple[float, tuple[int, ...]]]] = [{0: (math.inf, ())}]
    for number, share in enumerate(shares, 1):
        ends: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in range(number, len(widths) - (len(shares) - number) + 1):
            ends[end] = max(
                (min(least, (edges[end] - edges[start]) / share), (*before, start))
                for start, (least, before) in best[-1].items()
                if start < end
            )
        best.append(ends)
    starts = (*best[-1][len(widths)][1], len(widths)) if shares else ()
    return [(first + one, first + two - 1) for one, two in pairwise(starts)]


def figure_columns(sheet: ReportSheet) -> list[tuple[int, int]]:
    """The first and last column of each large figure."""
    needs = [_needs(figure) for figure in sheet.figures]
    widths = [one.width for one in sheet.headings[: sheet.printed_columns or None]]
    return shared_out(needs, widths, FIRST_COLUMN)


def _needs(figure: Figure) -> float:
    """The points that a figure and its label need."""
    value = figure.value
    shown = f"{value:,}" if isinstance(value, int | Decimal) else str(value)
    return max(points_of(shown, _FIGURE_SIZE, bold=True), points_of(figure.label)) + _FIGURE_PADDING


class Kind:
    """What a cell of a small table is."""

    TITLE, HEADING, TEXT = "title", "heading", "text"


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of a small table, over the columns from `first` to `last`; `width` of them all."""

    row: int
    first: int
    last: int
    width: float
    kind: str
    value: ReportCell


@dataclass(frozen=True, slots=True)
class Places:
    """Where the charts and small tables of a sheet stand. Rows and columns count from 1."""

    sheet: ReportSheet

    @property
    def is_below(self) -> bool:
        """Whether they stand below the table; else to the right of it."""
        return len(self.sheet.rows) <= MOST_ROWS_ABOVE

    @property
    def first_row(self) -> int:
        """The first row of what stands below the table, or to the right of it."""
        return self.sheet.last_row + 2 if self.is_below else self.sheet.header_row + 1

    @property
    def columns(self) -> tuple[int, int]:
        """The first and the last column of what stands there."""
        if self.is_below:
            return FIRST_COLUMN, self.sheet.printed_column
        first = self.sheet.last_column + 2
        return first, first + self._side_columns - 1

    @property
    def _side_columns(self) -> int:
        both = self.sheet.charts and self.sheet.tables
        return _COLUMNS_FOR_BOTH if both else _SIDE_COLUMNS

    @property
    def numbers_column(self) -> int:
        """Where the charts' numbers begin: categories in this column, a series in each after it."""
        return self.sheet.last_column + self._side_columns + 4

    def widths(self, first: int, last: int) -> list[float]:
        """The widths of these columns."""
        headings = self.sheet.headings
        return [
            headings[n - FIRST_COLUMN].width if n <= self.sheet.last_column else SIDE_COLUMN_WIDTH
            for n in range(first, last + 1)
        ]

    @property
    def _halves(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The columns of the charts and those of the small tables; all, where one is alone."""
        first, last = self.columns
        if not (self.sheet.charts and self.sheet.tables):
            return (first, last), (first, last)
        left, right = shared_out((1, 1), self.widths(first, last), first)
        most = max(len(table.shares) for table in self.sheet.tables)
        has_room = most <= right[1] - right[0] + 1
        return (left, right) if has_room else ((first, last), (first, last))

    @property
    def is_side_by_side(self) -> bool:
        """Whether the small tables stand to the right of the charts; else below them."""
        charts, tables = self._halves
        return charts != tables

    def chart_columns(self) -> tuple[int, int]:
        """The first and last column of the charts."""
        return self._halves[0]

    def cells(self, chart_rows: int) -> Iterator[PlacedCell]:
        """The cells of the small tables, from above; `chart_rows` are taken by charts of theirs."""
        first, last = self._halves[1]
        row = self.first_row + (0 if self.is_side_by_side else chart_rows)
        widths = self.widths(first, last)
        for table in self.sheet.tables:
            yield PlacedCell(row, first, last, sum(widths), Kind.TITLE, table.title)
            row += 1
            spans = shared_out(table.shares, widths, first)
            lines: list[tuple[str, Sequence[ReportCell]]] = []
            if table.headings and table.rows:
                lines.append((Kind.HEADING, table.headings))
            lines += [(Kind.TEXT, cells) for cells in table.rows]
            for kind, cells in lines:
                for (left, right), value in zip(spans, cells, strict=True):
                    width = sum(widths[left - first : right - first + 1])
                    yield PlacedCell(row, left, right, width, kind, value)
                row += 1
            if not table.rows:
                yield PlacedCell(row, first, last, sum(widths), Kind.TEXT, table.empty)
                row += 1
            row += 1


def numbers_rows(sheet: ReportSheet) -> Iterator[int]:
    """The first row of each chart's numbers: the names of the series stand there."""
    row = Places(sheet).first_row
    for chart in sheet.charts:
        yield row
        row += len(chart.categories) + 2


def last_row_of(cells: Iterable[PlacedCell]) -> int:
    """The last row of some cells; 0 of none."""
    return max((cell.row for cell in cells), default=0)
