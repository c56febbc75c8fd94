"""How cells and pages look in Excel files: appearances and marks in openpyxl's words."""

from __future__ import annotations

from functools import cache

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.styleable import StyleableObject
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import column_letters
from rules.text.language import Language
from sheets_templates.drawing.appearance import Appearance, Lines
from sheets_templates.drawing.marks import MarkStyle
from sheets_templates.drawing.palette import FONT_NAME, Colour

_A4 = 9
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
    """A4 across, as wide as the page, the header row on every page."""
    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", _A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{header_row}:{header_row}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.6, 0.3, 0.3
    sheet.HeaderFooter.oddHeader = _print_line("&F", "&A")
    sheet.HeaderFooter.oddFooter = _print_line(
        language.text("Udskrevet &D"), language.text("Side &P af &N")
    )


def _print_line(left: str, right: str) -> HeaderFooterItem:
    item = HeaderFooterItem()
    for part, text in ((item.left, left), (item.right, right)):
        part.text, part.size, part.font = text, 8, f"{FONT_NAME},Regular"
    return item
