"""A spreadsheet as an .xlsx file: values, formulas, looks, sizes, conditional formats, charts.

What Drive hands out, as far as it can be seen: links, notes, drop-downs and filters are left out.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as XlsxCell
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.legend import Legend
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.google_server.areas import Area, of_grid_range
from tests.google_server.locales import locale_of
from tests.google_server.model import COLUMN, ROW, Cell, Sheet, Spreadsheet, effective
from tests.google_server.showing import ERRORS

Json = dict[str, Any]
PIXELS_A_CHARACTER, PADDING = 7.0, 5
POINTS_A_PIXEL = 0.75
_OUTSIDE_TEXTS = re.compile(r'("(?:[^"]|"")*")')
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


def as_xlsx(book: Spreadsheet) -> bytes:
    """All tabs, hidden ones too."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    tabs = {sheet.id: workbook.create_sheet(sheet.title[:31]) for sheet in book.sheets}
    for sheet in book.sheets:
        _fill(tabs[sheet.id], sheet, book.locale)
        _draw_charts(tabs, sheet)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _fill(tab: Worksheet, sheet: Sheet, locale: str) -> None:
    grid = sheet.grid
    tab.sheet_view.showGridLines = not grid.get("hideGridlines")
    frozen = get_column_letter(grid.get("frozenColumnCount", 0) + 1)
    tab.freeze_panes = f"{frozen}{grid.get('frozenRowCount', 0) + 1}"
    tab.sheet_state = "hidden" if sheet.properties.get("hidden") else "visible"
    if ink := _ink(sheet.properties.get("tabColorStyle")):
        tab.sheet_properties.tabColor = ink
    for place, cell in sheet.cells.items():
        written = tab.cell(place[0] + 1, place[1] + 1)
        assert isinstance(written, XlsxCell)  # nothing is merged yet
        _write(written, cell, locale)
    for merge in sheet.attached.get("merges", ()):
        tab.merge_cells(_address(of_grid_range(merge), sheet))
    _size(tab, sheet)
    _add_rules(tab, sheet, locale)


def _size(tab: Worksheet, sheet: Sheet) -> None:
    for index, size in sheet.sizes[COLUMN].items():
        if pixels := size.get("pixelSize"):
            width = (pixels - PADDING) / PIXELS_A_CHARACTER
            tab.column_dimensions[get_column_letter(index + 1)].width = width
    for index, size in sheet.sizes[ROW].items():
        if pixels := size.get("pixelSize"):
            tab.row_dimensions[index + 1].height = pixels * POINTS_A_PIXEL


def _add_rules(tab: Worksheet, sheet: Sheet, locale: str) -> None:
    for priority, rule in enumerate(sheet.attached.get("conditionalFormats", ()), 1):
        for range_ in rule["ranges"]:
            if drawn := _rule(rule.get("booleanRule") or {}, locale, priority):
                tab.conditional_formatting.add(_address(of_grid_range(range_), sheet), drawn)


def _address(area: Area, sheet: Sheet) -> str:
    top, bottom, left, right = area.clamped(sheet).box()
    return f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right)}{bottom}"


def _write(written: XlsxCell, cell: Cell, locale: str) -> None:
    value = cell.get("userEnteredValue") or {}
    shown = ERRORS.get(effective(cell).get("errorValue", {}).get("type", ""))
    content = shown or next(iter(value.values()), None)
    if "formulaValue" in value and not shown:
        content = _formula(value["formulaValue"], locale)
    written.value = content
    if "stringValue" in value:
        written.data_type = "s"
    look = cell.get("userEnteredFormat") or {}
    if pattern := look.get("numberFormat", {}).get("pattern"):
        written.number_format = pattern
    if not look:
        return
    written.font = _font(look.get("textFormat") or {})
    if background := _ink(look.get("backgroundColorStyle")):
        written.fill = PatternFill("solid", start_color=background)
    wraps = look.get("wrapStrategy") == "WRAP"
    vertical = {"MIDDLE": "center", "TOP": "top"}.get(look.get("verticalAlignment", ""), "bottom")
    horizontal = look.get("horizontalAlignment", "").lower() or None
    side = "right" if horizontal == "right" else "left"
    indent = 1 if look.get("padding", {}).get(side, 0) > PADDING else 0
    written.alignment = Alignment(
        horizontal or ("left" if indent else None), vertical, wrap_text=wraps, indent=indent
    )
    written.border = _border(look.get("borders") or {})


def _formula(text: str, locale: str) -> str:
    """A formula with commas between its arguments, as files have it."""
    if locale_of(locale).decimal != ",":
        return text
    parts = _OUTSIDE_TEXTS.split(text)
    return "".join(
        part if number % 2 else _DECIMAL_COMMA.sub(".", part).replace(";", ",")
        for number, part in enumerate(parts)
    )


def _font(text: Json) -> Font:
    return Font(
        name=text.get("fontFamily", "Arial"),
        size=text.get("fontSize", 10),
        bold=text.get("bold"),
        italic=text.get("italic"),
        underline="single" if text.get("underline") else None,
        color=_ink(text.get("foregroundColorStyle")),
    )


def _ink(colour: Json | None) -> str | None:
    """A colour like `1F3864`; what is left out of it is 0."""
    if not colour or "rgbColor" not in colour:
        return None
    parts = (colour["rgbColor"].get(name, 0) for name in ("red", "green", "blue"))
    return "".join(f"{round(part * 255):02X}" for part in parts)


def _border(borders: Json) -> Border:
    sides = {
        name: Side(style="thin", color=_ink(one.get("colorStyle")))
        for name, one in borders.items()
        if one.get("style", "NONE") != "NONE"
    }
    return Border(sides.get("left"), sides.get("right"), sides.get("top"), sides.get("bottom"))


def _rule(boolean: Json, locale: str, priority: int) -> Rule | None:
    """A conditional format by a formula; the other kinds are left out."""
    condition, look = boolean.get("condition") or {}, boolean.get("format") or {}
    if condition.get("type") != "CUSTOM_FORMULA":
        return None
    formula = _formula(condition["values"][0]["userEnteredValue"], locale).removeprefix("=")
    text = look.get("textFormat") or {}
    font = Font(
        bold=text.get("bold") or None,
        italic=text.get("italic") or None,
        color=_ink(text.get("foregroundColorStyle")),
    )
    background = _ink(look.get("backgroundColorStyle"))
    fill = PatternFill("solid", start_color=background, end_color=background)
    style = DifferentialStyle(font, fill=fill if background else None)
    return Rule("expression", dxf=style, stopIfTrue=True, formula=[formula], priority=priority)


def _draw_charts(tabs: dict[int, Worksheet], sheet: Sheet) -> None:
    for one in sheet.attached.get("charts", ()):
        basic = (one.get("spec") or {}).get("basicChart")
        anchor = (one.get("position") or {}).get("overlayPosition")
        if not (basic and anchor):
            continue
        chart = _chart(tabs, basic)
        chart.title = one["spec"].get("title")
        chart.width = anchor.get("widthPixels", 600) / 37.8
        chart.height = anchor.get("heightPixels", 371) / 37.8
        cell = anchor.get("anchorCell") or {}
        place = f"{get_column_letter(cell.get('columnIndex', 0) + 1)}{cell.get('rowIndex', 0) + 1}"
        tabs[sheet.id].add_chart(chart, place)


def _chart(tabs: dict[int, Worksheet], basic: Json) -> ChartBase:
    """Columns, upon each other or side by side, with its lines across; or lines alone."""
    lines = LineChart()
    columns = BarChart()
    if basic.get("stackedType") == "STACKED":
        columns.grouping, columns.overlap = "stacked", 100
    domain = _reference(tabs, basic["domains"][0]["domain"], skip=1)
    for one in basic.get("series", ()):
        kind = one.get("type") or basic.get("chartType")
        series = Series(_reference(tabs, one["series"]), title_from_data=True)
        is_line = kind == "LINE"
        ink = _ink(one.get("colorStyle"))
        if ink and is_line:
            series.graphicalProperties.line.solidFill = ink
        elif ink:
            series.graphicalProperties.solidFill = ink
        (lines if is_line else columns).series.append(series)
    used = [chart for chart in (columns, lines) if chart.series]
    for chart in used:
        chart.set_categories(domain)
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.legend = Legend()
        chart.legend.position = "b"
    whole = used[0]
    if len(used) > 1:
        whole += used[1]
    return whole


def _reference(tabs: dict[int, Worksheet], data: Json, skip: int = 0) -> Reference:
    area = of_grid_range(data["sourceRange"]["sources"][0])
    top, bottom, left, right = area.box()
    return Reference(tabs[area.sheet_id], left + 1, top + 1 + skip, right, bottom)
