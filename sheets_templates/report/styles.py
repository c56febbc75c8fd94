"""The styles of a report's cells: the same numbers in every report, whatever stands in it.

So a sheet of an earlier report can stand in a later one as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates.drawing import styles
from sheets_templates.drawing.marks import FIGURE_INK, Mark
from sheets_templates.drawing.palette import CHANGE_FORMAT, TEXT_FORMAT, WHOLE_AMOUNT_FORMAT
from sheets_templates.drawing.styles import GRID, Look
from sheets_templates.report.description import CellKind, ReportCell, has_oere
from sheets_templates.report.marks import MARKS

_TEXT_HEADER = replace(styles.HEADER, number_format=TEXT_FORMAT)
_RIGHT_HEADING = Alignment(horizontal="right", vertical="center", indent=1, wrap_text=True)
_CENTRED_HEADING = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="top")
LOOKS: dict[CellKind, Look] = {
    CellKind.TEXT: styles.TABLE_TEXT,
    CellKind.AMOUNT: replace(styles.AMOUNT, border=GRID, alignment=_RIGHT),
    CellKind.DATE: replace(styles.DATE, border=GRID),
    CellKind.PERCENT: replace(styles.PERCENT, border=GRID, alignment=_RIGHT),
    CellKind.COUNT: replace(styles.NUMBER, border=GRID, alignment=_RIGHT, number_format="0"),
    CellKind.CHANGE: replace(
        styles.NUMBER, border=GRID, alignment=_RIGHT, number_format=CHANGE_FORMAT
    ),
    CellKind.CENTRED: styles.CENTRED,
}
"""How the cells of each kind of column look."""
_PAD = "_-"
"""Room as wide as a dash to the right of numbers: LibreOffice forgets some of the indents."""


class Brush:
    """The styles of a column's cells, by what stands in them."""

    def __init__(self, worksheet: Worksheet, look: Look) -> None:
        self.value = _number(worksheet, look)
        wrapped = _wrapped(look).alignment
        pad = _PAD if look.alignment == _RIGHT else ""
        text = replace(look, number_format=f"{TEXT_FORMAT}{pad}", alignment=wrapped)
        self.text = _number(worksheet, text)
        self.link = _number(worksheet, replace(styles.LINK, alignment=wrapped))


class Brushes:
    """All styles of a report, entered into the worksheet's workbook in one order."""

    def __init__(self, worksheet: Worksheet) -> None:
        self.title = _number(worksheet, styles.TITLE)
        self.long_title = _number(worksheet, styles.LONG_TITLE)
        self.line = _number(worksheet, styles.MUTED)
        self.long_line = _number(worksheet, _wrapped(styles.MUTED))
        self.chart_number = _number(worksheet, styles.CHART_NUMBER)
        self._headers = {kind: _number(worksheet, _header_look(kind)) for kind in CellKind}
        self.label = _number(worksheet, styles.FIGURE_LABEL)
        codes = [(kind, needs_oere) for kind in CellKind for needs_oere in (False, True)]
        self._columns = {
            (kind, needs_oere): Brush(
                worksheet, replace(LOOKS[kind], number_format=_format(kind, needs_oere=needs_oere))
            )
            for kind, needs_oere in codes
        }
        self._figures = {
            (kind, needs_oere, mark): _number(worksheet, _figure_look(kind, needs_oere, mark))
            for kind, needs_oere in codes
            for mark in (None, *FIGURE_INK)
        }
        book: Any = worksheet.parent  # openpyxl's stubs do not know what a rule is entered into
        for style in MARKS.values():
            book._differential_styles.add(style)

    def column(self, kind: CellKind, values: Sequence[ReportCell]) -> Brush:
        """The styles of a column with these values."""
        return self._columns[kind, kind is CellKind.AMOUNT and has_oere(values)]

    def header(self, kind: CellKind) -> int:
        """The style of a column's header."""
        return self._headers[kind]

    def figure(self, kind: CellKind, value: ReportCell, mark: Mark | None) -> int:
        """The style of a large figure."""
        return self._figures[kind, kind is CellKind.AMOUNT and has_oere([value]), mark]


def _wrapped(look: Look) -> Look:
    alignment = copy(look.alignment)
    alignment.wrap_text = True
    return replace(look, alignment=alignment)


def _number(worksheet: Worksheet, look: Look) -> int:
    """The number by which cells of this look refer to it."""
    cell = Cell(worksheet, 1, 1)
    look.apply(cell)
    return cell.style_id


def _header_look(kind: CellKind) -> Look:
    """A header stands where its column's values stand: to the right over numbers.

    It is text also for who edits it: a few headers are what somebody typed.
    """
    if kind in {CellKind.TEXT, CellKind.DATE}:
        return _TEXT_HEADER
    alignment = _CENTRED_HEADING if kind is CellKind.CENTRED else _RIGHT_HEADING
    return replace(_TEXT_HEADER, alignment=alignment)


def _figure_look(kind: CellKind, needs_oere: bool, mark: Mark | None) -> Look:
    look = replace(styles.FIGURE, number_format=_format(kind, needs_oere=needs_oere))
    if mark is None:
        return look
    return replace(look, font=styles.font(FIGURE_INK[mark], bold=True, size=18))


def _format(kind: CellKind, *, needs_oere: bool) -> str:
    """The number format of a kind; amounts have decimals where one of them needs them."""
    look = LOOKS[kind]
    code = look.number_format
    if kind is CellKind.AMOUNT and not needs_oere:
        code = WHOLE_AMOUNT_FORMAT
    if look.alignment != _RIGHT:
        return code
    return ";".join(f"{section}{_PAD}" for section in code.split(";"))
