"""What all our sheets share: title lines, the header row that stays in view, the printed page."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates.draft import Draft
from sheets_templates.styles import FONT_NAME, MUTED, PLAIN, TITLE, Look

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1
LAST_FORMATTED_ROW = 500
"""How far down the validations and the conditional formats reach."""

_A4 = 9


def head(draft: Draft, sheet: Worksheet, title: str, line: str, look: Look = TITLE) -> None:
    """Write the two lines above the header row, and set the three rows' heights."""
    for row in (1, 2):
        PLAIN.apply(sheet.row_dimensions[row])
    draft.put(sheet, 1, 1, title, look)
    draft.put(sheet, 2, 1, line or None, MUTED)
    for row, height in ((1, 27), (2, 20), (HEADER_ROW, 30)):
        sheet.row_dimensions[row].height = height


def shape_column(sheet: Worksheet, number: int, width: float, look: Look) -> None:
    """Set a column's width, and the look of its empty cells without writing any."""
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = width
    look.apply(dimension)


def freeze(sheet: Worksheet, columns: int = 0) -> None:
    """Keep the header row, and so many columns, in view; our own lines replace the grid."""
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = f"{get_column_letter(columns + 1)}{FIRST_ROW}"


def set_up_print(sheet: Worksheet, header_row: int = HEADER_ROW) -> None:
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
    sheet.HeaderFooter.oddFooter = _print_line("Udskrevet &D", "Side &P af &N")


def _print_line(left: str, right: str) -> HeaderFooterItem:
    item = HeaderFooterItem()
    for part, text in ((item.left, left), (item.right, right)):
        part.text, part.size, part.font = text, 8, f"{FONT_NAME},Regular"
    return item
