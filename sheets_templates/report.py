"""A report workbook from a description of its sheets: what the overview is made with.

Text is always written as text: what begins with `=` never becomes a formula here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates import styles
from sheets_templates.description import (
    MOMENT_ROW,
    TITLE_ROW,
    Heading,
    Kind,
    Link,
    ReportCell,
    ReportSheet,
)
from sheets_templates.draft import Draft
from sheets_templates.sheet_page import HEADER_ROW, set_up_print
from sheets_templates.styles import BOLD, GRID, Look, TabColour

FIRST_COLUMN = 2
"""Column A is a narrow margin; only the title and the line below it stand there."""
_MARGIN_WIDTH = 2.0
_LONGEST = 32_000
_RIGHT_HEADING = Alignment(horizontal="right", vertical="center", indent=1, wrap_text=True)
LOOKS: dict[Kind, Look] = {
    Kind.TEXT: styles.TABLE_TEXT,
    Kind.AMOUNT: replace(styles.AMOUNT, border=GRID),
    Kind.DATE: replace(styles.DATE, border=GRID),
    Kind.PERCENT: replace(styles.PERCENT, border=GRID),
    Kind.COUNT: replace(styles.NUMBER, border=GRID, number_format="0"),
}
"""How the cells of each kind of column look."""
_LINE_POINTS = 13.0
_LONGEST_TITLE = 90
_TITLE_LINE_POINTS = 16.0
_BOLD_WIDENS = 1.35
"""How much wider a title's letters are than the width of a column counts."""


def report_workbook(sheets: Sequence[ReportSheet], mark: str = "") -> bytes:
    """The sheets as an .xlsx file: frozen headers, filters, A4 landscape, one page wide.

    `mark` is kept among the document's properties, where nobody sees it.
    """
    draft = Draft()
    if mark:
        draft.mark(mark)
    for sheet in sheets:
        _fill(draft.add(sheet.name, TabColour.JOB), sheet)
    return draft.finished(sheets[0].name)


def _fill(worksheet: Worksheet, sheet: ReportSheet) -> None:
    _set_title(worksheet, sheet)
    _text(worksheet, MOMENT_ROW, 1, sheet.line, styles.MUTED)
    for number, heading in enumerate(sheet.headings, FIRST_COLUMN):
        _text(worksheet, HEADER_ROW, number, heading.text, _header_look(heading.kind))
        worksheet.column_dimensions[get_column_letter(number)].width = heading.width
    worksheet.column_dimensions["A"].width = _MARGIN_WIDTH
    worksheet.row_dimensions[HEADER_ROW].height = 44
    looks = [_Brush(LOOKS[heading.kind]) for heading in sheet.headings]
    bold_looks = [_Brush(replace(brush.look, font=BOLD)) for brush in looks]
    for index, row in enumerate(sheet.rows):
        row_looks = bold_looks if index in sheet.bold_rows else looks
        worksheet.row_dimensions[HEADER_ROW + 1 + index].height = _height(row, sheet.headings)
        for offset, value in enumerate(row):
            cell = worksheet.cell(HEADER_ROW + 1 + index, FIRST_COLUMN + offset)
            _set(cell, value, row_looks[offset])
    _set_up_page(worksheet, sheet)


def _set_title(worksheet: Worksheet, sheet: ReportSheet) -> None:
    """Write the title; one that is longer than a line runs over several, in smaller type."""
    if len(sheet.title) <= _LONGEST_TITLE:
        _text(worksheet, TITLE_ROW, 1, sheet.title, styles.TITLE)
        worksheet.row_dimensions[TITLE_ROW].height = 24
        return
    _text(worksheet, TITLE_ROW, 1, sheet.title, styles.LONG_TITLE)
    width = sum(heading.width for heading in sheet.headings)
    lines = math.ceil(len(sheet.title) * _BOLD_WIDENS / width)
    worksheet.row_dimensions[TITLE_ROW].height = lines * _TITLE_LINE_POINTS + 6
    last_column = FIRST_COLUMN + len(sheet.headings) - 1
    worksheet.merge_cells(None, TITLE_ROW, 1, TITLE_ROW, last_column)


def _header_look(kind: Kind) -> Look:
    """A header stands where its column's values stand: to the right over numbers."""
    if kind in {Kind.TEXT, Kind.DATE}:
        return styles.HEADER
    return replace(styles.HEADER, alignment=_RIGHT_HEADING)


def _height(row: Sequence[ReportCell], headings: Sequence[Heading]) -> float:
    """What the row needs to show its texts, in points; LibreOffice does not fit rows by itself."""
    lines = 1
    for value, heading in zip(row, headings, strict=True):
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str):
            of_text = (max(1, math.ceil(len(one) / heading.width)) for one in text.split("\n"))
            lines = max(lines, sum(of_text))
    return lines * _LINE_POINTS + 2


class _Brush:
    """The look of a column's cells, worked out once: a sheet may have many thousands of them."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._as_text = replace(look, number_format=styles.TEXT_FORMAT)
        self._styles: dict[str, StyleArray] = {}

    def paint(self, cell: Any, value: ReportCell) -> None:
        """Give the cell, whose value must be set already, the look of its kind in this column.

        openpyxl's stubs do not know the `_style` that its cells share: hence Any.
        """
        kind = type(value).__name__ if isinstance(value, str | Link) else ""
        style = self._styles.get(kind)
        if style is None:
            looks = {"str": self._as_text, "Link": styles.LINK}
            looks.get(kind, self.look).apply(cell)
            self._styles[kind] = cell._style
        else:
            cell._style = style


def _set(cell: Cell | MergedCell, value: ReportCell, brush: _Brush) -> None:
    if isinstance(value, Link):
        _set_text(cell, value.text)
        cell.hyperlink = Hyperlink(
            ref=cell.coordinate, target=value.address or None, location=value.cell or None
        )
    elif isinstance(value, str):
        if value:
            _set_text(cell, value)
    elif value is not None:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    brush.paint(cell, value)


def _set_text(cell: Cell | MergedCell, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:_LONGEST]
    cell.data_type = "s"


def _text(worksheet: Worksheet, row: int, column: int, text: str, look: Look) -> None:
    cell: Any = worksheet.cell(row, column)
    _set_text(cell, text)
    look.apply(cell)


def _set_up_page(worksheet: Worksheet, sheet: ReportSheet) -> None:
    last_column = get_column_letter(FIRST_COLUMN + len(sheet.headings) - 1)
    last_row = HEADER_ROW + max(1, len(sheet.rows))
    first = f"{get_column_letter(FIRST_COLUMN)}{HEADER_ROW}"
    worksheet.auto_filter.ref = f"{first}:{last_column}{last_row}"
    worksheet.freeze_panes = f"{get_column_letter(FIRST_COLUMN + 1)}{HEADER_ROW + 1}"
    worksheet.sheet_view.showGridLines = False
    set_up_print(worksheet)
    worksheet.print_area = f"A1:{last_column}{last_row}"
    if sheet.severity_column is not None:
        letter = get_column_letter(FIRST_COLUMN + sheet.severity_column)
        area = f"{letter}{HEADER_ROW + 1}:{letter}{last_row}"
        for signal in styles.SIGNALS:
            formula = f'UPPER(${letter}{HEADER_ROW + 1})="{signal.word}"'
            worksheet.conditional_formatting.add(area, signal.rule(formula))
