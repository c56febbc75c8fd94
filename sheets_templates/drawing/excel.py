"""A design drawn as an Excel file, with openpyxl, and how cells and pages look in every file.

The sheet stays small: empty cells have their column's style, and no cell is written for it.
"""

from __future__ import annotations

from datetime import date
from functools import cache, partial

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.styles.styleable import StyleableObject
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import column_letters
from rules.text.language import Language
from sheets_templates.drawing.appearance import (
    FONT_NAME,
    FONT_SIZE,
    WHOLE_AMOUNT_FORMAT,
    Appearance,
    Colour,
    Lines,
    MarkStyle,
    Style,
)
from sheets_templates.drawing.design import (
    ERROR_TITLE,
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    Check,
    StyleRole,
    TabDesign,
    Validation,
    WordRange,
    WorkbookDesign,
)
from sheets_templates.drawing.workbook_file import Body, Draft, cell_xml, number_text

_A4 = 9
_WHOLE = DifferentialStyle(numFmt=NumberFormat(numFmtId=3, formatCode=WHOLE_AMOUNT_FORMAT))
"""Under Excel's own number for that format."""
_THIN, _MEDIUM = (Side(style=edge, color=Colour.LINE) for edge in ("thin", "medium"))
_BORDERS = {
    Lines.NONE: Border(),
    Lines.GRID: Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN),
    Lines.HEADING: Border(right=_THIN, bottom=_THIN),
    Lines.SUM: Border(top=_MEDIUM, bottom=_MEDIUM),
}


def apply(appearance: Appearance, target: StyleableObject, *, unlocked: bool = False) -> None:
    """Let a cell look so, or the empty cells of a whole row or column."""
    target.font, target.fill, target.alignment = _parts(appearance)
    target.border = _BORDERS[appearance.lines]
    target.number_format = appearance.number_format
    if unlocked:
        target.protection = Protection(locked=False)


def style_number(sheet: Worksheet, appearance: Appearance, *, unlocked: bool = False) -> int:
    """The number by which cells that look so refer to their style."""
    cell = Cell(sheet, 1, 1)
    apply(appearance, cell, unlocked=unlocked)
    return cell.style_id


@cache
def _parts(appearance: Appearance) -> tuple[Font, PatternFill, Alignment]:
    font = Font(
        name=FONT_NAME,
        size=appearance.size,
        bold=appearance.bold,
        italic=appearance.italic,
        underline="single" if appearance.underline else None,
        color=appearance.ink,
    )
    alignment = Alignment(
        vertical="center" if appearance.is_centred else "top",
        horizontal=appearance.horizontal,
        indent=appearance.indent,
        wrap_text=appearance.wraps or None,
    )
    return font, _fill(appearance.background), alignment


def _fill(colour: Colour | None) -> PatternFill:
    """A plain background; its two colours are equal, as conditional formats read the second."""
    return PatternFill("solid", start_color=colour, end_color=colour) if colour else PatternFill()


@cache
def differential_style(style: MarkStyle) -> DifferentialStyle:
    """What a conditional format changes in a cell."""
    text = Font(bold=style.bold or None, italic=style.italic or None, color=style.ink)
    edge = Side(style="thin", color=style.ink)
    return DifferentialStyle(
        text,
        fill=_fill(style.background) if style.background else None,
        border=Border(left=edge, right=edge, top=edge, bottom=edge) if style.is_edged else None,
    )


def conditional_rule(style: MarkStyle, formula: str) -> Rule:
    """A conditional format that shows the style where the formula holds, and ends there."""
    return Rule("expression", dxf=differential_style(style), stopIfTrue=True, formula=[formula])


def freeze(sheet: Worksheet, header_row: int, columns: int) -> None:
    """Keep the header row, and so many columns, in view; our own lines replace the grid."""
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = f"{column_letters(columns + 1)}{header_row + 1}"


def set_up_print(sheet: Worksheet, header_row: int, language: Language) -> None:
    """A4 across, as wide as the page, the header row (0: none) on every page."""
    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", _A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.6, 0.3, 0.3
    sheet.HeaderFooter.oddHeader = _print_line("&F", "&A")
    printed, page = language.text("Udskrevet &D"), language.text("Side &P af &N")
    sheet.HeaderFooter.oddFooter = _print_line(printed, page)


def _print_line(left: str, right: str) -> HeaderFooterItem:
    item = HeaderFooterItem()
    for part, text in ((item.left, left), (item.right, right)):
        part.text, part.size, part.font = text, FONT_SIZE, f"{FONT_NAME},Regular"
    return item


LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
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
    draft.book.active = [tab.name for tab in design.tabs].index(design.opens_at)
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
    for area in tab.amounts:
        first = f"{column_letters(area.left)}{area.top}"
        whole = f"AND(ISNUMBER({first}),{first}<>0,{first}=INT({first}))"
        rule = Rule("expression", dxf=_WHOLE, stopIfTrue=False, formula=[whole])
        sheet.conditional_formatting.add(area.name, rule)
    for highlight in tab.highlights:
        rule = conditional_rule(highlight.signal.value, highlight.formula)
        sheet.conditional_formatting.add(highlight.area.name, rule)
    if tab.role is StyleRole.HIDDEN:
        sheet.sheet_state = "hidden"


def _add_rows(sheet: Worksheet, body: Body, tab: TabDesign) -> None:
    """The cells, and the heights of rows; what stands above the headers is plain by itself."""
    has_locked = bool(tab.locked)
    number_of = cache(partial(style_number, sheet))
    plain = number_of(Style.PLAIN.value, unlocked=has_locked)
    rows: dict[int, list[str]] = {row: [] for row in {*tab.heights, *range(1, tab.header_row)}}
    for (row, number), cell in sorted(tab.cells.items()):
        is_free = has_locked and not any(area.holds(row, number) for area in tab.locked)
        style = number_of(cell.style.value, unlocked=is_free)
        place = f"{column_letters(number)}{row}"
        rows.setdefault(row, []).append(cell_xml(place, style, cell.entry))
    for row, cells in rows.items():
        body.add_row(row, tab.heights.get(row), cells, plain if row < tab.header_row else None)
    last = max(number for _, number in tab.cells)
    body.area = f"A1:{column_letters(last)}{max(rows)}"
    body.text_area = tab.numbers_as_text.name if tab.numbers_as_text else ""


def _shape(sheet: Worksheet, tab: TabDesign, language: Language) -> None:
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
    sheet.page_setup.fitToHeight = tab.printed_pages
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
            found.formula1, found.formula2 = map(number_text, (first, last))
        case ((Check.AMOUNT | Check.NUMBER), first, _):
            found.type, found.operator, found.formula1 = "decimal", "greaterThanOrEqual", str(first)
    found.add(validation.area.name)
    return found


def _list_formula(source: tuple[str, ...] | WordRange | None) -> str:
    if not isinstance(source, WordRange):
        return f'"{",".join(source or ())}"'
    if source.count_place is None:
        return f"{source.tab}!{source.area.fixed_name}"
    top = source.area.fixed_name.partition(":")[0]
    return f"OFFSET({source.tab}!{top},0,0,{source.count_place},1)"
