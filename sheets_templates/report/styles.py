"""The styles of a report's cells: the same numbers in every report, whatever stands in it.

So a sheet of an earlier report can stand in a later one as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates.drawing.appearance import Appearance, Lines, Style
from sheets_templates.drawing.marks import Mark
from sheets_templates.drawing.palette import (
    AMOUNT_FORMAT,
    CHANGE_FORMAT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    WHOLE_AMOUNT_FORMAT,
    Colour,
)
from sheets_templates.drawing.styles import differential_style, style_number
from sheets_templates.report.description import CellKind, ReportCell, has_oere

_NUMBER = Appearance(horizontal="right", lines=Lines.GRID)
_APPEARANCES: dict[CellKind, Appearance] = {
    CellKind.TEXT: Style.TEXT.value,
    CellKind.AMOUNT: replace(_NUMBER, number_format=AMOUNT_FORMAT),
    CellKind.DATE: Style.DATE.value,
    CellKind.PERCENT: replace(_NUMBER, number_format=PERCENT_FORMAT),
    CellKind.COUNT: replace(_NUMBER, number_format="0"),
    CellKind.CHANGE: replace(_NUMBER, number_format=CHANGE_FORMAT),
    CellKind.CENTRED: replace(_NUMBER, horizontal="center"),
}
"""How the cells of each kind of column look."""
_PAD = "_-"
"""Room as wide as a dash to the right of numbers: LibreOffice forgets some of the indents."""
_TITLE = Style.TITLE.value
_LABEL = Appearance(
    Colour.LINK, Colour.PAPER, underline=True, size=9, horizontal="left", is_centred=True,
    indent=1, wraps=True,
)  # fmt: skip
_FIGURE = Appearance(
    Colour.INK, Colour.PAPER, bold=True, size=18, horizontal="left", is_centred=True, indent=1
)
_FIGURE_MARKS = (None, Mark.BAD, Mark.WATCH, Mark.GOOD)


class ColumnStyles:
    """The styles of a column's cells, by what stands in them."""

    def __init__(self, worksheet: Worksheet, kind: CellKind, *, needs_oere: bool) -> None:
        appearance = _APPEARANCES[kind]
        pad = _PAD if appearance.horizontal == "right" else ""
        value = replace(appearance, number_format=_format(kind, needs_oere=needs_oere))
        text = replace(appearance, number_format=f"{TEXT_FORMAT}{pad}", wraps=True)
        link = replace(Style.LINK.value, horizontal=appearance.horizontal, indent=appearance.indent)
        self.value, self.text, self.link = (
            style_number(worksheet, appearance) for appearance in (value, text, link)
        )


class ReportStyles:
    """All styles of a report, entered into the worksheet's workbook in one order."""

    def __init__(self, worksheet: Worksheet) -> None:
        self.title = style_number(worksheet, _TITLE)
        self.long_title = style_number(worksheet, replace(_TITLE, size=12, wraps=True))
        self.line = style_number(worksheet, Style.NOTE.value)
        self.long_line = style_number(worksheet, replace(Style.NOTE.value, wraps=True))
        self.chart_number = style_number(worksheet, Appearance(Colour.GREY, size=8))
        self.label = style_number(worksheet, _LABEL)
        self.headers = {kind: style_number(worksheet, _header(kind)) for kind in CellKind}
        codes = [(kind, needs_oere) for kind in CellKind for needs_oere in (False, True)]
        self._columns = {
            (kind, needs_oere): ColumnStyles(worksheet, kind, needs_oere=needs_oere)
            for kind, needs_oere in codes
        }
        self._figures = {
            (kind, needs_oere, mark): style_number(
                worksheet,
                replace(
                    _FIGURE,
                    ink=mark.value.ink if mark else Colour.INK,
                    number_format=_format(kind, needs_oere=needs_oere),
                ),
            )
            for kind, needs_oere in codes
            for mark in _FIGURE_MARKS
        }
        book: Any = worksheet.parent  # openpyxl's stubs do not know what a rule is entered into
        for mark in Mark:
            book._differential_styles.add(differential_style(mark.value))

    def column(self, kind: CellKind, values: Sequence[ReportCell]) -> ColumnStyles:
        """The styles of a column with these values."""
        return self._columns[kind, kind is CellKind.AMOUNT and has_oere(values)]

    def figure(self, kind: CellKind, value: ReportCell, mark: Mark | None) -> int:
        """The style of a large figure."""
        return self._figures[kind, kind is CellKind.AMOUNT and has_oere([value]), mark]


def _header(kind: CellKind) -> Appearance:
    """A header stands where its column's values stand: to the right over numbers.

    It is text also for who edits it: a few headers are what somebody typed.
    """
    header = replace(Style.HEADER_REQUIRED.value, number_format=TEXT_FORMAT)
    if kind is CellKind.CENTRED:
        return replace(header, horizontal="center", indent=0)
    return header if kind in {CellKind.TEXT, CellKind.DATE} else replace(header, horizontal="right")


def _format(kind: CellKind, *, needs_oere: bool) -> str:
    """The number format of a kind; amounts have decimals where one of them needs them."""
    appearance = _APPEARANCES[kind]
    code = appearance.number_format
    if kind is CellKind.AMOUNT and not needs_oere:
        code = WHOLE_AMOUNT_FORMAT
    if appearance.horizontal != "right":
        return code
    return ";".join(f"{section}{_PAD}" for section in code.split(";"))
