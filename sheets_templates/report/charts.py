"""The charts of a report, as charts of the spreadsheet program's own: people can copy them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.layout import Layout as ChartLayout
from openpyxl.chart.layout import ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as DrawnSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import column_letters
from rules.text.letter_widths import POINTS_IN_A_WIDTH
from sheets_templates.drawing.appearance import (
    FONT_NAME,
    LIMIT_COLOUR,
    STACK_COLOURS,
    Colour,
)
from sheets_templates.report.description import Chart, ChartKind, ReportSheet
from sheets_templates.report.placing import Places, numbers_rows

_HEIGHT, _HEIGHT_BELOW = 354.0, 250.0
"""In points: of a chart to the right of a table, and of one below it."""
_CM = 2.54 / 72
_GAP = 8
_THIN, _THICK = 9_525, 28_575


def chart_points(places: Places) -> float:
    """How high a chart of the sheet is, in points, with some room below it."""
    return (_HEIGHT_BELOW if places.is_below else _HEIGHT) + _GAP


def chart_numbers(sheet: ReportSheet) -> Iterator[tuple[int, list[str | int | Decimal | None]]]:
    """What the charts are drawn from, row by row: the series' names, then a row a category."""
    for row, chart in zip(numbers_rows(sheet), sheet.charts, strict=True):
        yield from enumerate(chart.rows, row)


def add_charts(worksheet: Worksheet, sheet: ReportSheet, rows: Sequence[int]) -> None:
    """Draw the sheet's charts; `rows` are the first row of each."""
    places = Places(sheet)
    first, last = places.chart_columns()
    width = sum(places.widths(first, last)) * POINTS_IN_A_WIDTH - _GAP
    for row, numbers_row, chart in zip(rows, numbers_rows(sheet), sheet.charts, strict=True):
        drawn: Any = _drawn(worksheet, chart, places.numbers_column, numbers_row)
        drawn.width, drawn.height = width * _CM, (chart_points(places) - _GAP) * _CM
        worksheet.add_chart(drawn, f"{column_letters(first)}{row}")


def _drawn(worksheet: Worksheet, chart: Chart, column: int, row: int) -> BarChart:
    first, last = row + 1, row + len(chart.categories)
    categories = _area(worksheet, column, first, last)
    columns = BarChart(gapWidth=60, overlap=100 if chart.is_stacked else 0)
    columns.type, columns.grouping = "col", "stacked" if chart.is_stacked else "clustered"
    limits = LineChart()
    for number, series in enumerate(chart.series):
        at = column + 1 + number
        drawn = DrawnSeries(
            tx=SeriesLabel(strRef=StrRef(_area(worksheet, at, row, row))),
            val=NumDataSource(numRef=NumRef(f=_area(worksheet, at, first, last))),
            cat=AxDataSource(strRef=StrRef(f=categories)),
            smooth=False,
        )
        _colour(drawn, number, is_limit=series.is_limit)
        (limits if series.is_limit else columns).series.append(drawn)
    _dress(columns, chart)
    if limits.series:
        columns += limits
    return columns


def _area(worksheet: Worksheet, column: int, first: int, last: int) -> str:
    return str(Reference(worksheet, min_col=column, min_row=first, max_row=last))


def _colour(drawn: DrawnSeries, number: int, *, is_limit: bool) -> None:
    shape = GraphicalProperties()
    if is_limit:
        shape.line = LineProperties(solidFill=LIMIT_COLOUR, w=_THICK, prstDash="dash")
        drawn.marker = Marker(symbol="none")
    else:
        shape.solidFill = STACK_COLOURS[number % len(STACK_COLOURS)]
        shape.line = LineProperties(solidFill=Colour.WHITE, w=_THIN)
    drawn.graphicalProperties = shape


def _dress(drawn: BarChart, chart: Chart) -> None:
    title = [
        Paragraph(
            pPr=ParagraphProperties(defRPr=_letters(1200, bold=True)),
            r=[RegularTextRun(rPr=_letters(1200, bold=True), t=chart.title)],
        )
    ]
    rich = RichText(bodyPr=RichTextProperties(), p=title)
    drawn.title = Title(tx=Text(rich=rich), overlay=False)
    drawn.legend = Legend(legendPos="b", txPr=_text(1000))
    drawn.layout = ChartLayout(ManualLayout(x=0.02, y=0.1, w=0.96, h=0.76, layoutTarget="outer",
                                            xMode="edge", yMode="edge"))  # fmt: skip
    values, categories = drawn.y_axis, drawn.x_axis
    values.delete = categories.delete = False
    values.number_format = chart.kind.value
    values.numFmt.sourceLinked = False
    grid = GraphicalProperties(ln=LineProperties(solidFill=Colour.PALE))
    values.majorGridlines = ChartLines(spPr=grid)
    values.txPr, categories.txPr = _text(1000), _text(1000)
    values.scaling.min = 0
    if chart.highest is not None:
        values.scaling.max = chart.highest
    if chart.kind is ChartKind.SHARES:
        values.majorUnit = 0.25


def _text(size: int) -> RichText:
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_letters(size)), endParaRPr=_letters(size))
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    """Letters in the one typeface; `size` in hundredths of a point."""
    return CharacterProperties(latin=Font(FONT_NAME), sz=size, b=bold, solidFill=Colour.INK)
