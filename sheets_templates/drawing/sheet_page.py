"""What all our Excel sheets share: the header row that stays in view, and the printed page."""

from __future__ import annotations

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import column_letters
from rules.text.language import Language
from sheets_templates.drawing.palette import FONT_NAME

_A4 = 9


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
