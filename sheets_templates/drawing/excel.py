"""A design drawn as an Excel file, with openpyxl.

The sheet stays small: empty cells have their column's style, and no cell is written for it.
"""

from __future__ import annotations

from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import column_letters
from rules.text.language import Language
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import (
    ERROR_TITLE,
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    CellRange,
    Check,
    StyleRole,
    TabDesign,
    Validation,
    WordRange,
    WorkbookDesign,
)
from sheets_templates.drawing.sheet_body import Body, cell_xml
from sheets_templates.drawing.styles import (
    apply,
    conditional_rule,
    freeze,
    set_up_print,
    style_number,
)
from sheets_templates.drawing.workbook_file import Draft

LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
_DAY_ZERO = date(1899, 12, 30)
_ALLOWED = (
    "formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows",
    "insertHyperlinks", "deleteColumns", "deleteRows", "sort", "autoFilter", "pivotTables",
    "objects", "scenarios", "selectLockedCells", "selectUnlockedCells",
)  # fmt: skip
"""Everything that a protected sheet can still permit; for each, 0 means that it is permitted."""


def drawn(design: WorkbookDesign) -> bytes:
    """The workbook as an .xlsx file; the same design gives the same bytes."""
    draft = Draft()
    for tab in design.tabs:
        _draw(draft, tab, design.language)
    draft.book.active = next(
        index for index, tab in enumerate(design.tabs) if tab.name == design.opens_at
    )
    return draft.finished(design.title)


def _draw(draft: Draft, tab: TabDesign, language: Language) -> None:
    sheet, body = draft.add(tab.name, tab.role)
    if tab.locked or tab.role in {StyleRole.GUIDE, StyleRole.HIDDEN}:
        for permission in _ALLOWED:
            setattr(sheet.protection, permission, False)
        sheet.protection.sheet = True
    _shape(sheet, tab, language)
    _add_rows(sheet, body, tab)
    for validation in tab.validations:
        sheet.add_data_validation(_data_validation(validation, language))
    for highlight in tab.highlights:
        rule = conditional_rule(highlight.signal.value, highlight.formula)
        sheet.conditional_formatting.add(highlight.area.name, rule)
    if tab.role is StyleRole.HIDDEN:
        sheet.sheet_state = "hidden"


def _add_rows(sheet: Worksheet, body: Body, tab: TabDesign) -> None:
    """The cells, and the heights of rows; what stands above the headers is plain by itself."""
    has_locked = bool(tab.locked)
    plain = style_number(sheet, Style.PLAIN.value, unlocked=has_locked)
    rows: dict[int, list[str]] = {row: [] for row in {*tab.heights, *range(1, tab.header_row)}}
    for (row, number), cell in sorted(tab.cells.items()):
        is_free = has_locked and not any(area.holds(row, number) for area in tab.locked)
        style = style_number(sheet, cell.style.value, unlocked=is_free)
        place = f"{column_letters(number)}{row}"
        rows.setdefault(row, []).append(cell_xml(place, style, cell.entry))
    for row, cells in rows.items():
        body.add_row(row, tab.heights.get(row), cells, plain if row < tab.header_row else None)
    last = max(number for _, number in tab.cells)
    body.area = f"A1:{column_letters(last)}{max(rows)}"
    body.text_area = tab.numbers_as_text.name if tab.numbers_as_text else ""


def _shape(sheet: Worksheet, tab: TabDesign, language: Language) -> None:
    """Columns, what stays in view, and the printed page."""
    for number, column in enumerate(tab.columns, 1):
        dimension = sheet.column_dimensions[column_letters(number)]
        dimension.width = column.width
        apply(column.style.value, dimension, unlocked=bool(tab.locked))
    if tab.locked:  # the columns right of ours are the staff's own
        first = len(tab.columns) + 1
        dimension = sheet.column_dimensions[column_letters(first)]
        dimension.min, dimension.max = first, LAST_COLUMN
        apply(Style.PLAIN.value, dimension, unlocked=True)
    if tab.is_filtered:
        row, last = tab.header_row, column_letters(len(tab.columns))
        sheet.auto_filter.ref = f"A{row}:{last}{row}"
    freeze(sheet, tab.header_row, tab.frozen_columns)
    set_up_print(sheet, tab.header_row, language)
    if tab.printed_columns:
        last = column_letters(tab.printed_columns)
        sheet.print_area = f"A1:{last}{LAST_ROW}"  # whole columns: as many rows as hold something


def _data_validation(validation: Validation, language: Language) -> DataValidation:
    found = DataValidation(allow_blank=True)
    found.showInputMessage = bool(validation.hint)
    found.promptTitle = validation.title[:LONGEST_TITLE] if validation.hint else None
    found.prompt = validation.hint[:LONGEST_MESSAGE] or None
    if validation.check is not Check.NOTHING:
        found.showErrorMessage, found.errorStyle = True, "warning"
        found.errorTitle, found.error = language.text(ERROR_TITLE), validation.error
    match validation.check, validation.first, validation.last:
        case Check.LIST, _, _:
            found.type, found.formula1 = "list", _list_formula(validation.source)
        case Check.DATE, date() as first, date() as last:
            found.type, found.operator = "date", "between"
            found.formula1, found.formula2 = (str((day - _DAY_ZERO).days) for day in (first, last))
        case ((Check.AMOUNT | Check.NUMBER), first, _):
            found.type, found.operator, found.formula1 = "decimal", "greaterThanOrEqual", str(first)
    found.add(validation.area.name)
    return found


def _list_formula(source: tuple[str, ...] | WordRange | None) -> str:
    if not isinstance(source, WordRange):
        return f'"{",".join(source or ())}"'
    if source.count_place is None:
        return f"{source.tab}!{source.area.fixed_name}"
    top = CellRange(source.area.top, source.area.left, source.area.top, source.area.left).fixed_name
    return f"OFFSET({source.tab}!{top},0,0,{source.count_place},1)"
