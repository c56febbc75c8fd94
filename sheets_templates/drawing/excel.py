"""A design drawn as an Excel file, with openpyxl.

The sheet stays small: empty cells have their column's look, and no cell is written for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openpyxl.styles import Protection
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
from sheets_templates.drawing.palette import TabColour
from sheets_templates.drawing.sheet_page import freeze, set_up_print
from sheets_templates.drawing.styles import PLAIN, Look, highlight_rule, look_of
from sheets_templates.drawing.workbook_file import Draft

LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
_TAB_COLOURS = {
    StyleRole.STAFF: TabColour.STAFF,
    StyleRole.GUIDE: TabColour.GUIDE,
    StyleRole.JOB: TabColour.JOB,
    StyleRole.HIDDEN: TabColour.HIDDEN,
}
_DAY_ZERO = date(1899, 12, 30)
_FREE = Protection(locked=False)
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
    sheet = draft.add(tab.name, _TAB_COLOURS[tab.role])
    looks = _Looks(tab)
    if tab.locked or tab.role in {StyleRole.GUIDE, StyleRole.HIDDEN}:
        _guard(sheet)
    _shape(sheet, tab, looks, language)
    for (row, number), cell in sorted(tab.cells.items()):
        draft.put(sheet, row, number, cell.entry, looks.of(cell.style, row, number))
    for validation in tab.validations:
        sheet.add_data_validation(_data_validation(validation, language))
    for highlight in tab.highlights:
        rule = highlight_rule(highlight.signal, highlight.formula)
        sheet.conditional_formatting.add(highlight.area.name, rule)
    if tab.numbers_as_text:
        draft.allow_numbers_as_text(sheet, tab.numbers_as_text.name)
    if tab.role is StyleRole.HIDDEN:
        sheet.sheet_state = "hidden"


def _shape(sheet: Worksheet, tab: TabDesign, looks: _Looks, language: Language) -> None:
    """Rows, columns, what stays in view, and the printed page."""
    for row in range(1, tab.header_row):
        looks.of(Style.PLAIN).apply(sheet.row_dimensions[row])
    for row, height in tab.heights.items():
        sheet.row_dimensions[row].height = height
    for number, column in enumerate(tab.columns, 1):
        dimension = sheet.column_dimensions[column_letters(number)]
        dimension.width = column.width
        looks.of(column.style).apply(dimension)
    if tab.locked:
        _free_the_rest(sheet, len(tab.columns) + 1)
    if tab.is_filtered:
        row, last = tab.header_row, column_letters(len(tab.columns))
        sheet.auto_filter.ref = f"A{row}:{last}{row}"
    freeze(sheet, tab.header_row, tab.frozen_columns)
    set_up_print(sheet, tab.header_row, language)
    if tab.printed_columns:
        last = column_letters(tab.printed_columns)
        sheet.print_area = f"A1:{last}{LAST_ROW}"  # whole columns: as many rows as hold something


class _Looks:
    """The looks of a tab's cells: where some are locked, all others are free."""

    def __init__(self, tab: TabDesign) -> None:
        self._locked = tab.locked
        self._known: dict[tuple[Style, bool], Look] = {}

    def of(self, style: Style, row: int = 0, column: int = 0) -> Look:
        is_free = bool(self._locked) and not any(
            _covers(area, row, column) for area in self._locked
        )
        key = style, is_free
        if key not in self._known:
            look = PLAIN if style is Style.PLAIN else look_of(style)
            self._known[key] = replace(look, protection=_FREE) if is_free else look
        return self._known[key]


def _covers(area: CellRange, row: int, column: int) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def _guard(sheet: Worksheet) -> None:
    """Protect the sheet without a password, and permit everything that can be permitted."""
    for permission in _ALLOWED:
        setattr(sheet.protection, permission, False)
    sheet.protection.sheet = True


def _free_the_rest(sheet: Worksheet, first: int) -> None:
    """The columns right of ours are the staff's own."""
    dimension = sheet.column_dimensions[column_letters(first)]
    dimension.min, dimension.max = first, LAST_COLUMN
    replace(PLAIN, protection=_FREE).apply(dimension)


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
            found.formula1, found.formula2 = str(_serial(first)), str(_serial(last))
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


def _serial(day: date) -> int:
    return (day - _DAY_ZERO).days
