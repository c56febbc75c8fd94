"""How the cells of a report look in an Excel file, as numbers of styles.

The styles have the same numbers in every report, whatever stands in it, so that a sheet of an
earlier report can stand in a later one as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates.drawing.appearance import (
    AMOUNT_FORMAT,
    CHANGE_FORMAT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    WHOLE_AMOUNT_FORMAT,
    Appearance,
    Colour,
    Lines,
    Mark,
    Style,
)
from sheets_templates.drawing.design import StyleRole
from sheets_templates.drawing.excel import differential_style, style_number
from sheets_templates.drawing.workbook_file import Draft
from sheets_templates.report.description import CellKind, ReportCell, has_oere
from sheets_templates.report.placing import Kind

_TEXT = replace(Style.TEXT.value, indent=0)
_NUMBER = Appearance(horizontal="right", lines=Lines.GRID)
_APPEARANCES: dict[CellKind, Appearance] = {
    CellKind.TEXT: _TEXT,
    CellKind.AMOUNT: replace(_NUMBER, number_format=AMOUNT_FORMAT),
    CellKind.DATE: replace(Style.DATE.value, indent=0),
    CellKind.PERCENT: replace(_NUMBER, number_format=PERCENT_FORMAT),
    CellKind.COUNT: replace(_NUMBER, number_format="0"),
    CellKind.CHANGE: replace(_NUMBER, number_format=CHANGE_FORMAT),
    CellKind.CENTRED: replace(_NUMBER, horizontal="center"),
}
"""How the cells of each kind of column look."""
_PAD = "_-"
"""Room as wide as a dash to the right of numbers: LibreOffice forgets some of the indents."""
_LABEL = Appearance(
    Colour.LINK, Colour.PAPER, underline=True, horizontal="left", is_centred=True,
    indent=1, wraps=True,
)  # fmt: skip
_FIGURE = Appearance(
    Colour.INK, Colour.PAPER, bold=True, size=18, horizontal="left", is_centred=True, indent=1
)
_SMALL: dict[str, Appearance] = {
    Kind.TITLE: replace(Style.SECTION.value, size=11, indent=0),
    Kind.HEADING: replace(_TEXT, ink=Colour.INK, background=Colour.PAPER, bold=True),
    Kind.TEXT: _TEXT,
}
"""How the cells of small tables look."""


class ColumnStyles:
    """The styles of a column's cells, by what stands in them."""

    def __init__(self, worksheet: Worksheet, kind: CellKind, *, needs_oere: bool) -> None:
        look = _APPEARANCES[kind]
        value = replace(look, number_format=_format(kind, needs_oere=needs_oere))
        text = replace(look, number_format=TEXT_FORMAT, wraps=True)
        link = replace(Style.LINK.value, horizontal=look.horizontal, indent=look.indent)
        self.value, self.text, self.link = (style_number(worksheet, x) for x in (value, text, link))


class ReportStyles:
    """All styles of a report, entered into the worksheet's workbook in one order."""

    def __init__(self, worksheet: Worksheet) -> None:
        title = Style.TITLE.value
        self.title = style_number(worksheet, title)
        self.long_title = style_number(worksheet, replace(title, size=12, wraps=True))
        self.line = style_number(worksheet, Style.NOTE.value)
        self.long_line = style_number(worksheet, replace(Style.NOTE.value, wraps=True))
        self.chart_number = style_number(worksheet, Appearance(Colour.GREY, size=8))
        self.small = {kind: style_number(worksheet, look) for kind, look in _SMALL.items()}
        self.small_day = style_number(worksheet, _APPEARANCES[CellKind.DATE])
        self.small_link = style_number(worksheet, replace(Style.LINK.value, indent=0))
        self.label = style_number(worksheet, _LABEL)
        self.headers = {kind: style_number(worksheet, _header(kind)) for kind in CellKind}
        codes = list(product(CellKind, (False, True)))
        self._columns = {
            (kind, needs_oere): ColumnStyles(worksheet, kind, needs_oere=needs_oere)
            for kind, needs_oere in codes
        }
        self._figures = {}
        for (kind, needs_oere), mark in product(codes, (None, Mark.BAD, Mark.WATCH, Mark.GOOD)):
            ink, code = mark.value.ink if mark else Colour.INK, _format(kind, needs_oere=needs_oere)
            number = style_number(worksheet, replace(_FIGURE, ink=ink, number_format=code))
            self._figures[kind, needs_oere, mark] = number

    def column(self, kind: CellKind, values: Sequence[ReportCell]) -> ColumnStyles:
        """The styles of a column with these values."""
        return self._columns[kind, kind is CellKind.AMOUNT and has_oere(values)]

    def figure(self, kind: CellKind, value: ReportCell, mark: Mark | None) -> int:
        """The style of a large figure."""
        return self._figures[kind, kind is CellKind.AMOUNT and has_oere([value]), mark]


def enter_marks(worksheet: Worksheet) -> None:
    """Enter the marks into the worksheet's workbook, in one order."""
    book: Any = worksheet.parent  # openpyxl's stubs do not know what a rule is entered into
    for mark in Mark:
        book._differential_styles.add(differential_style(mark.value))


@cache
def report_styles() -> tuple[ReportStyles, bytes]:
    """The styles of any report, and the part in which they stand: made once in a process."""
    draft = Draft()
    worksheet, _ = draft.add("", StyleRole.JOB)
    styles = ReportStyles(worksheet)
    enter_marks(worksheet)
    return styles, draft.styles


def _header(kind: CellKind) -> Appearance:
    """A header stands where its column's values stand: to the right over numbers.

    It is text also for who edits it: a few headers are what somebody typed.
    """
    header = replace(Style.HEADER_REQUIRED.value, number_format=TEXT_FORMAT, indent=0)
    if kind is CellKind.CENTRED:
        return replace(header, horizontal="center")
    if kind in {CellKind.TEXT, CellKind.DATE}:
        return header
    return replace(header, horizontal="right")


def _format(kind: CellKind, *, needs_oere: bool) -> str:
    """The number format of a kind; amounts have decimals where one of them needs them."""
    appearance = _APPEARANCES[kind]
    code = appearance.number_format
    if kind is CellKind.AMOUNT and not needs_oere:
        code = WHOLE_AMOUNT_FORMAT
    if appearance.horizontal != "right":
        return code
    return ";".join(f"{section}{_PAD}" for section in code.split(";"))
