"""The charts of the overview as charts of Google's own, beside the table of their tab. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rules.text.cell_names import CellRange
from sheets_templates.drawing import appearance
from sheets_templates.report.description import (
    CHART_ROWS,
    Chart,
    ChartKind,
    ReportSheet,
    Series,
)
from sync.stores.google import request_builders as build
from sync.stores.google.requests import Json

_WIDTH, _HEIGHT = 900, 460
_INK = {"textFormat": {"foregroundColorStyle": build.colour(appearance.Colour.GREY)}}


def extent(sheet: ReportSheet) -> tuple[int, int]:
    """The last row and column that the charts and their numbers need; 0 without charts."""
    rows = (
        sheet.chart_row(number) + max(CHART_ROWS, len(chart.categories))
        for number, chart in enumerate(sheet.charts)
    )
    columns = (sheet.numbers_column + len(chart.series) for chart in sheet.charts)
    return max(rows, default=0), max(columns, default=0)


def chart_requests(spreadsheet_id: str, gid: int, sheet: ReportSheet) -> Iterator[Json]:
    """What writes the numbers of each chart, and draws it."""
    column = sheet.numbers_column
    for number, chart in enumerate(sheet.charts):
        row = sheet.chart_row(number)
        start = {"sheetId": gid, "rowIndex": row - 1, "columnIndex": column - 1}
        fields = "userEnteredValue,userEnteredFormat"
        yield {"updateCells": {"start": start, "rows": list(_numbers(chart)), "fields": fields}}
        anchor = {**start, "columnIndex": sheet.chart_column - 1}
        position = {"anchorCell": anchor, "widthPixels": _WIDTH, "heightPixels": _HEIGHT}
        drawn = {
            "chartId": build.own_id(spreadsheet_id, gid, f"chart/{number}"),
            "spec": _spec(chart, gid, row, column),
            "position": {"overlayPosition": position},
        }
        yield {"addChart": {"chart": drawn}}


def _numbers(chart: Chart) -> Iterator[Json]:
    style = _INK
    for entries in chart.rows:
        yield {"values": [build.cell_of(one, style) for one in entries]}
        style = {**_INK, "numberFormat": build.number_format(chart.kind.value)}


def _spec(chart: Chart, gid: int, row: int, column: int) -> Json:
    """Parts lie upon each other as columns, limits go across them as lines.

    The chart's numbers begin at the row and the column, from 1.
    """

    def data(offset: int) -> Json:
        place = column + offset
        cells = CellRange(row, place, row + len(chart.categories), place)
        return {"sourceRange": {"sources": [build.grid_range(gid, cells)]}}

    is_lines = chart.kind is ChartKind.LINES
    basic: Json = {
        "chartType": "LINE" if is_lines else "COMBO",
        "legendPosition": "BOTTOM_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": data(0)}],
        "series": [
            {
                "series": data(1 + number),
                "targetAxis": "LEFT_AXIS",
                "colorStyle": build.colour(_colour_of(series, number, is_lines=is_lines)),
                **({} if is_lines else {"type": "LINE" if series.is_limit else "COLUMN"}),
            }
            for number, series in enumerate(chart.series)
        ],
    }
    if not is_lines:
        basic["stackedType"] = "STACKED"
    if chart.kind is ChartKind.SHARES:
        window = {"viewWindowMin": 0, "viewWindowMax": 1, "viewWindowMode": "EXPLICIT"}
        basic["axis"] = [{"position": "LEFT_AXIS", "viewWindowOptions": window}]
    return {"title": chart.title, "fontName": appearance.FONT_NAME, "basicChart": basic}


def _colour_of(series: Series, number: int, *, is_lines: bool) -> str:
    if series.is_limit:
        return appearance.LIMIT_COLOUR
    palette = appearance.LINE_COLOURS if is_lines else appearance.STACK_COLOURS
    return palette[number % len(palette)]
