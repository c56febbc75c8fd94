"""Excel workbooks turned into spreadsheets, as Drive does on request."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.styles import Color
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from tests.google_server.entering import serial
from tests.google_server.model import COLUMN, COLUMNS, ROW, ROWS, Sheet, Spreadsheet, new_sheet, put
from tests.google_server.showing import DATES, ERRORS

Json = dict[str, Any]
ERROR_KINDS = {text: kind for kind, text in ERRORS.items()}
QUOTED = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")


def load(book: Spreadsheet, content: bytes) -> None:
    """Replace a spreadsheet's tabs by a workbook's: values, formats, merges, drop-downs."""
    formulas = load_workbook(BytesIO(content))
    results = load_workbook(BytesIO(content), data_only=True)
    book.sheets = []
    for index, tab in enumerate(formulas.worksheets):
        rows, columns = max(ROWS, tab.max_row), max(COLUMNS, tab.max_column)
        sheet_id = 0 if index == 0 else book.new_number()
        sheet = new_sheet(sheet_id, tab.title, index, rows, columns)
        book.sheets.append(sheet)
        _fill(sheet, tab, results[tab.title])


def _fill(sheet: Sheet, tab: Worksheet, results: Worksheet) -> None:
    for line in tab.iter_rows():
        for cell in line:
            if isinstance(cell, ExcelCell):
                result = results.cell(cell.row, cell.column).value
                put(sheet.cells, (cell.row - 1, cell.column - 1), _cell(cell, result))
    _validate(sheet, tab)
    sheet.list_of("merges").extend(
        {
            "sheetId": sheet.id,
            "startRowIndex": merged.min_row - 1,
            "endRowIndex": merged.max_row,
            "startColumnIndex": merged.min_col - 1,
            "endColumnIndex": merged.max_col,
        }
        for merged in tab.merged_cells.ranges
    )
    _hide(sheet, tab)
    if tab.freeze_panes:
        row, column = coordinate_to_tuple(tab.freeze_panes)
        sheet.grid.update(frozenRowCount=row - 1, frozenColumnCount=column - 1)


def _hide(sheet: Sheet, tab: Worksheet) -> None:
    if tab.sheet_state != "visible":
        sheet.properties["hidden"] = True
    hidden = {"hiddenByUser": True}
    for number, row in tab.row_dimensions.items():
        if row.hidden:
            sheet.sizes[ROW][number - 1] = hidden
    for column in tab.column_dimensions.values():
        if column.hidden and column.min and column.max:
            sheet.sizes[COLUMN] |= {n - 1: hidden for n in range(column.min, column.max + 1)}


def _cell(cell: ExcelCell, result: object) -> Json:
    new: Json = {}
    number_format = format_of(cell.number_format)
    content = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
    if cell.data_type == "f" and isinstance(content, str):
        new["userEnteredValue"] = {"formulaValue": content}
        new["result"] = value_of(result, cell.number_format) or {"stringValue": ""}
    elif content is not None:
        new["userEnteredValue"] = value_of(content, cell.number_format)
    if number_format is None and isinstance(result, date | time):
        number_format = {"type": "DATE", "pattern": "dd-mm-yyyy"}
    looks = looks_of(cell)
    if number_format is not None:
        looks["numberFormat"] = number_format
    if looks:
        new["userEnteredFormat"] = looks
    if cell.comment is not None:
        new["note"] = cell.comment.text
    return new


def looks_of(cell: ExcelCell) -> Json:
    """Bold, wrapped, and the colours that are given as such."""
    looks: Json = {}
    text: Json = {}
    if not cell.has_style:
        return looks
    if cell.font.bold:
        text["bold"] = True
    if (ink := _color(cell.font.color)) is not None:
        text["foregroundColor"] = ink
    if cell.fill.fill_type == "solid" and (ground := _color(cell.fill.fgColor)) is not None:
        looks["backgroundColor"] = ground
    if cell.alignment.wrap_text:
        looks["wrapStrategy"] = "WRAP"
    return looks | {"textFormat": text} if text else looks


def _color(color: Color | None) -> Json | None:
    """Parts from 0 to 1, nothing for 0; None for a colour of the theme."""
    if color is None or color.type != "rgb" or not isinstance(color.rgb, str):
        return None
    parts = {name: int(color.rgb[at : at + 2], 16) / 255 for name, at in RGB}
    return {name: round(part, 8) for name, part in parts.items() if part}


RGB = (("red", 2), ("green", 4), ("blue", 6))


def value_of(value: object, number_format: str) -> Json:
    """An Excel value as the API's; dates become serial numbers."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, datetime):
        midnight = datetime.combine(value.date(), time())
        part = (value - midnight).total_seconds() / 86400
        return {"numberValue": serial(value.date()) + part}
    if isinstance(value, date):
        return {"numberValue": serial(value)}
    if isinstance(value, time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return {"numberValue": seconds / 86400}
    if isinstance(value, timedelta):
        return {"numberValue": value.total_seconds() / 86400}
    if value is None:
        return {}
    text = str(value)
    if text in ERROR_KINDS and number_format != "@":
        return {"errorValue": {"type": ERROR_KINDS[text]}}
    return {"stringValue": text}


def format_of(pattern: str) -> Json | None:
    """The kind of a number format, by the letters in its pattern."""
    bare = QUOTED.sub("", pattern).lower()
    if bare in ("general", ""):
        return None
    if bare == "@":
        return {"type": "TEXT"}
    has_day, has_hour = bool(re.search("[yd]", bare)), bool(re.search("[hs]", bare))
    if has_day or has_hour or re.fullmatch(r"m+", bare):
        kind = DATES[2] if has_day and has_hour else DATES[1] if has_hour else DATES[0]
        return {"type": kind, "pattern": pattern}
    return {"type": "PERCENT" if "%" in bare else "NUMBER", "pattern": pattern}


def _validate(sheet: Sheet, tab: Worksheet) -> None:
    """Drop-downs: lists of words, or of a range."""
    for rule in tab.data_validations.dataValidation:
        if rule.type != "list" or not rule.formula1:
            continue
        source = str(rule.formula1)
        if source.startswith('"'):
            kind, values = "ONE_OF_LIST", source.strip('"').split(",")
        else:
            kind, values = "ONE_OF_RANGE", [f"={source.removeprefix('=')}"]
        condition = {"type": kind, "values": [{"userEnteredValue": one} for one in values]}
        strict = rule.errorStyle in (None, "stop")
        new = {"condition": condition, "showCustomUi": True, "strict": strict}
        for area in rule.sqref.ranges:
            for row in range(area.min_row - 1, min(area.max_row, sheet.rows)):
                for column in range(area.min_col - 1, area.max_col):
                    place = (row, column)
                    put(sheet.cells, place, {**sheet.cells.get(place, {}), "dataValidation": new})
