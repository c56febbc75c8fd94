"""The charts of the overview as charts of Google's own, beside the table of their tab. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rules.text.cell_names import CellRange
from sheets_templates.drawing import appearance
from sheets_templates.report.description import Chart, ReportSheet, Series
from sheets_templates.report.placing import PlacedCell, Places, last_row_of, numbers_rows
from sync.stores.google import request_builders as build
from sync.stores.google.requests import Json

_HEIGHT, _ROWS = 460, 23
"""Of a chart in pixels, and how many rows it covers."""
_INK = {"textFormat": {"foregroundColorStyle": build.colour(appearance.Colour.GREY)}}


def small_cells(sheet: ReportSheet) -> list[PlacedCell]:
    """The cells of the small tables beside the charts, or below them."""
    return list(Places(sheet).cells(_ROWS * len(sheet.charts)))


def extent(sheet: ReportSheet) -> tuple[int, int]:
    """The last row and column that the charts, their numbers and the small tables need."""
    places = Places(sheet)
    last_row = last_row_of(small_cells(sheet))
    last_column = places.columns[1] if sheet.charts or sheet.tables else 0
    for row, chart in zip(numbers_rows(sheet), sheet.charts, strict=True):
        last_row = max(last_row, row + len(chart.categories))
        last_column = max(last_column, places.numbers_column + len(chart.series))
    if sheet.charts:
        last_row = max(last_row, places.first_row + _ROWS * len(sheet.charts))
    return last_row, last_column


def chart_requests(spreadsheet_id: str, gid: int, sheet: ReportSheet) -> Iterator[Json]:
    """What writes the numbers of each chart, and draws it."""
    places = Places(sheet)
    column = places.numbers_column
    first, last = places.chart_columns()
    width = sum(map(build.pixels, places.widths(first, last)))
    for number, (row, chart) in enumerate(zip(numbers_rows(sheet), sheet.charts, strict=True)):
        start = {"sheetId": gid, "rowIndex": row - 1, "columnIndex": column - 1}
        fields = "userEnteredValue,userEnteredFormat"
        yield {"updateCells": {"start": start, "rows": list(_numbers(chart)), "fields": fields}}
        top = places.first_row - 1 + number * _ROWS
        anchor = {"sheetId": gid, "rowIndex": top, "columnIndex": first - 1}
        position = {"anchorCell": anchor, "widthPixels": width, "heightPixels": _HEIGHT}
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

    basic: Json = {
        "chartType": "COMBO",
        "legendPosition": "BOTTOM_LEGEND",
        "stackedType": "STACKED" if chart.is_stacked else "NOT_STACKED",
        "headerCount": 1,
        "domains": [{"domain": data(0)}],
        "series": [
            {
                "series": data(1 + number),
                "targetAxis": "LEFT_AXIS",
                "colorStyle": build.colour(_colour_of(series, number)),
                "type": "LINE" if series.is_limit else "COLUMN",
            }
            for number, series in enumerate(chart.series)
        ],
    }
    if chart.highest is not None:
        window = {
            "viewWindowMin": 0, "viewWindowMax": chart.highest, "viewWindowMode": "EXPLICIT",
        }  # fmt: skip
        basic["axis"] = [{"position": "LEFT_AXIS", "viewWindowOptions": window}]
    return {"title": chart.title, "fontName": appearance.FONT_NAME, "basicChart": basic}


def _colour_of(series: Series, number: int) -> str:
    if series.is_limit:
        return appearance.LIMIT_COLOUR
    return appearance.STACK_COLOURS[number % len(appearance.STACK_COLOURS)]
