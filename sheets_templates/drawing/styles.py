"""How our workbooks look: one palette, one set of looks, for the plan workbook and the overview.

A `Look` is applied to a cell, or to a whole column, which then needs no formatted blank rows.
Combine looks with `dataclasses.replace(AMOUNT, font=BOLD)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.styleable import StyleableObject

from sheets_templates.drawing.appearance import APPEARANCES, Appearance, Lines, Style
from sheets_templates.drawing.design import Signal
from sheets_templates.drawing.marks import SIGNAL_LOOKS, MarkLook
from sheets_templates.drawing.palette import (
    AMOUNT_FORMAT,
    DATE_FORMAT,
    FONT_NAME,
    FONT_SIZE,
    NUMBER_FORMAT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    Colour,
)

Edge = Literal["hair", "thin", "medium"]


def font(
    colour: str | None = None, *, bold: bool = False, italic: bool = False, size: int = FONT_SIZE
) -> Font:
    """The one typeface, in a colour of the palette (black without one)."""
    return Font(name=FONT_NAME, size=size, bold=bold, italic=italic, color=colour)


def fill(colour: str) -> PatternFill:
    """A plain background; its two colours are equal, as conditional formats read the second."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def line(
    *,
    left: Edge | None = None,
    right: Edge | None = None,
    top: Edge | None = None,
    bottom: Edge | None = None,
) -> Border:
    """Lines in the palette's line colour on the sides that are named."""
    first, second, third, fourth = (
        Side(style=edge, color=Colour.LINE) for edge in (left, right, top, bottom)
    )
    return Border(left=first, right=second, top=third, bottom=fourth)


BOLD = font(bold=True)
GRID = line(left="thin", right="thin", top="thin", bottom="thin")
_TOP = Alignment(vertical="top")
_TOP_RIGHT = Alignment(vertical="top", horizontal="right", indent=1)
_TOP_WRAP = Alignment(vertical="top", wrap_text=True)
_TOP_LEFT = Alignment(vertical="top", horizontal="left", indent=1)


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell or a column looks like; the default typeface where no font is given."""

    font: Font | None = None
    fill: PatternFill | None = None
    alignment: Alignment = _TOP
    border: Border | None = None
    number_format: str = "General"
    protection: Protection | None = None

    def apply(self, target: StyleableObject) -> None:
        """Give the cell, or the column's empty cells, this look."""
        target.alignment = self.alignment
        target.number_format = self.number_format
        if self.font is not None:
            target.font = self.font
        if self.fill is not None:
            target.fill = self.fill
        if self.border is not None:
            target.border = self.border
        if self.protection is not None:
            target.protection = self.protection


_LINES = {
    Lines.GRID: GRID,
    Lines.HEADING: line(right="thin", bottom="thin"),
    Lines.SUM: line(top="medium", bottom="medium"),
}


@cache
def look_of(style: Style) -> Look:
    """How a kind of cell looks in Excel."""
    return _look(APPEARANCES[style])


def _look(appearance: Appearance) -> Look:
    return Look(
        Font(
            name=FONT_NAME,
            size=appearance.size,
            bold=appearance.bold,
            italic=appearance.italic,
            underline="single" if appearance.underline else None,
            color=appearance.ink,
        ),
        fill(appearance.background) if appearance.background else None,
        Alignment(
            vertical="center" if appearance.is_centred else "top",
            horizontal=appearance.horizontal,
            indent=appearance.indent,
            wrap_text=appearance.wraps or None,
        ),
        _LINES.get(appearance.lines),
        appearance.number_format,
    )


PLAIN = Look()
TITLE, MUTED = look_of(Style.TITLE), look_of(Style.NOTE)
LONG_TITLE = Look(
    font(Colour.INK, bold=True, size=12), alignment=Alignment(vertical="center", wrap_text=True)
)
HEADER, HEADER_LIGHT = look_of(Style.HEADER_REQUIRED), look_of(Style.HEADER_OPTIONAL)
TEXT = Look(alignment=_TOP_WRAP, number_format=TEXT_FORMAT)
"""Text on a bare page; the job reuses it if it has to make its tab anew."""
TABLE_TEXT, LINK = look_of(Style.TEXT), look_of(Style.LINK)
DATE = Look(alignment=_TOP_LEFT, number_format=DATE_FORMAT)
AMOUNT = Look(alignment=_TOP_RIGHT, number_format=AMOUNT_FORMAT)
NUMBER = Look(alignment=_TOP_RIGHT, number_format=NUMBER_FORMAT)
PERCENT = Look(alignment=_TOP_RIGHT, number_format=PERCENT_FORMAT)
FIGURE_LABEL = Look(
    Font(name=FONT_NAME, size=9, color=Colour.LINK, underline="single"), fill(Colour.PAPER),
    Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True),
)  # fmt: skip
FIGURE = Look(
    font(Colour.INK, bold=True, size=18), fill(Colour.PAPER),
    Alignment(horizontal="left", vertical="center", indent=1),
)  # fmt: skip
CENTRED = Look(alignment=Alignment(horizontal="center", vertical="top"), border=GRID)
CHART_NUMBER = Look(font(Colour.GREY, size=8), number_format=NUMBER_FORMAT)


def marking(look: MarkLook) -> DifferentialStyle:
    """What a conditional format changes in a cell."""
    text = Font(bold=look.bold or None, italic=look.italic or None, color=look.ink)
    edge = Side(style="thin", color=look.ink)
    return DifferentialStyle(
        text,
        fill=fill(look.background) if look.background else None,
        border=Border(left=edge, right=edge, top=edge, bottom=edge) if look.is_edged else None,
    )


_SIGNAL_STYLES = {signal: marking(look) for signal, look in SIGNAL_LOOKS.items()}


def highlight_rule(signal: Signal, formula: str) -> Rule:
    """A conditional format that shows the signal where the formula holds, and ends there."""
    return Rule("expression", dxf=_SIGNAL_STYLES[signal], stopIfTrue=True, formula=[formula])
