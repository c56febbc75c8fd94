"""How our workbooks look: one palette, one set of looks, for the plan workbook and the overview.

A `Look` is applied to a cell, or to a whole column, which then needs no formatted blank rows.
Combine looks with `dataclasses.replace(AMOUNT, font=BOLD)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.styleable import StyleableObject

FONT_NAME = "Arial"
FONT_SIZE = 10


Edge = Literal["hair", "thin", "medium"]


class Colour(StrEnum):
    """The palette: dark blue for structure, three gentle signals, one grey."""

    INK = "1F3864"
    PALE = "DCE4F0"
    PAPER = "F3F6FA"
    LINE = "B4C1D6"
    WHITE = "FFFFFF"
    GREY = "5F6B7A"
    GREEN = "4B6B57"
    LINK = "0563C1"
    ERROR = "922B21"
    ERROR_PALE = "F9DCD8"
    WARNING = "7A5200"
    WARNING_PALE = "FFEFC4"
    INFO = "1F4E79"
    INFO_PALE = "DCEBF8"
    GOOD_PALE = "E3EFE6"
    PLAN = "44619C"


class TabColour(StrEnum):
    """The colours of the sheet tabs: what staff fill in, what the job writes, what is hidden."""

    STAFF = "8EA9DB"
    JOB = "E0B84C"
    HIDDEN = "A6A6A6"


TEXT_FORMAT = "@"
DATE_FORMAT = "dd-mm-yyyy"
AMOUNT_FORMAT = "#,##0.00"
TOTAL_FORMAT = '#,##0.00;-#,##0.00;"–"'
NUMBER_FORMAT = "General"
PERCENT_FORMAT = "0.0%"
WHOLE_AMOUNT_FORMAT = "#,##0"
CHANGE_FORMAT = "+0;-0;0"

STACK_COLOURS = ("1F3864", "5B84C4", "A9C4E8", "D9D9D9", "E0B84C", "8C8C8C")
"""Parts upon each other, from below: they differ in lightness, so that print tells them apart."""
LINE_COLOURS = ("0072B2", "D55E00", "009E73", "CC79A7", "56B4E9", "E69F00", "000000")
"""Lines that colour-blind people tell apart; each has a marker of its own besides."""
LIMIT_COLOUR = "922B21"


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
_TOP_INDENT = Alignment(vertical="top", horizontal="left", indent=1, wrap_text=True)
_TOP_LEFT = Alignment(vertical="top", horizontal="left", indent=1)
_HEADING = Alignment(vertical="center", horizontal="left", indent=1, wrap_text=True)


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell or a column looks like; the default typeface where no font is given."""

    font: Font | None = None
    fill: PatternFill | None = None
    alignment: Alignment = _TOP
    border: Border | None = None
    number_format: str = "General"

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


PLAIN = Look()
TITLE = Look(font(Colour.INK, bold=True, size=16), alignment=Alignment(vertical="center"))
LONG_TITLE = Look(
    font(Colour.INK, bold=True, size=12), alignment=Alignment(vertical="center", wrap_text=True)
)
MUTED = Look(font(Colour.GREY, italic=True), alignment=Alignment(vertical="center"))
HEADER = Look(
    font(Colour.WHITE, bold=True),
    fill(Colour.INK),
    _HEADING,
    Border(right=Side(style="thin", color=Colour.GREY)),
)
HEADER_LIGHT = Look(
    font(Colour.INK, bold=True), fill(Colour.PALE), _HEADING, line(right="thin", bottom="thin")
)
HEADING_RIGHT = Alignment(vertical="center", horizontal="right", wrap_text=True)
"""Over a column of amounts or numbers."""
TEXT = Look(alignment=_TOP_WRAP, number_format=TEXT_FORMAT)
"""Text on a bare page; the job reuses it if it has to make its tab anew."""
TABLE_TEXT = Look(alignment=_TOP_INDENT, border=GRID, number_format=TEXT_FORMAT)
DATE = Look(alignment=_TOP_LEFT, number_format=DATE_FORMAT)
AMOUNT = Look(alignment=_TOP_RIGHT, number_format=AMOUNT_FORMAT)
NUMBER = Look(alignment=_TOP_RIGHT, number_format=NUMBER_FORMAT)
PERCENT = Look(alignment=_TOP_RIGHT, number_format=PERCENT_FORMAT)
_SUM_EDGE = line(top="medium", bottom="medium")
TOTAL = Look(BOLD, fill(Colour.PALE), _TOP_INDENT, _SUM_EDGE, TEXT_FORMAT)
TOTAL_AMOUNT = Look(BOLD, fill(Colour.PALE), _TOP_RIGHT, _SUM_EDGE, TOTAL_FORMAT)
FIGURE_LABEL = Look(font(Colour.GREY, size=9), fill(Colour.PAPER), Alignment(
    horizontal="left", vertical="center", indent=1, wrap_text=True))  # fmt: skip
FIGURE_LINK = Look(
    Font(name=FONT_NAME, size=9, color=Colour.LINK, underline="single"), fill(Colour.PAPER),
    FIGURE_LABEL.alignment,
)  # fmt: skip
FIGURE = Look(
    font(Colour.INK, bold=True, size=18), fill(Colour.PAPER),
    Alignment(horizontal="left", vertical="center", indent=1),
)  # fmt: skip
CENTRED = Look(alignment=Alignment(horizontal="center", vertical="top"), border=GRID)
CHART_NUMBER = Look(font(Colour.GREY, size=8), number_format=NUMBER_FORMAT)
LINK = Look(Font(name=FONT_NAME, size=FONT_SIZE, color=Colour.LINK, underline="single"),
            alignment=_TOP_INDENT, border=GRID, number_format=TEXT_FORMAT)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signal:
    """A severity's looks. Bold and italic tell them apart in print and for colour-blind people."""

    word: str
    text: Font
    background: PatternFill
    edge: Side

    def rule(self, formula: str) -> Rule:
        """A conditional format that shows the signal where the formula holds, and ends there."""
        border = Border(left=self.edge, right=self.edge, top=self.edge, bottom=self.edge)
        return _rule(formula, DifferentialStyle(self.text, fill=self.background, border=border))


def _signal(word: str, ink: str, pale: str, *, bold: bool = False, italic: bool = False) -> Signal:
    text = Font(bold=bold, italic=italic, color=ink)
    return Signal(word, text, fill(pale), Side(style="thin", color=ink))


FEJL = _signal("FEJL", Colour.ERROR, Colour.ERROR_PALE, bold=True)
ADVARSEL = _signal("ADVARSEL", Colour.WARNING, Colour.WARNING_PALE, italic=True)
INFO = _signal("INFO", Colour.INFO, Colour.INFO_PALE)
SIGNALS = (FEJL, ADVARSEL, INFO)
"""The severities, worst first."""


def marking(
    ink: str | None, pale: str | None, *, bold: bool = False, italic: bool = False
) -> DifferentialStyle:
    """What a conditional format changes in a cell."""
    text = Font(bold=bold or None, italic=italic or None, color=ink)
    return DifferentialStyle(text, fill=fill(pale) if pale else None)


def quiet_rule(formula: str) -> Rule:
    """A conditional format for what needs no attention: `OK` in a quiet green."""
    return _rule(formula, DifferentialStyle(Font(color=Colour.GREEN)))


def _rule(formula: str, style: DifferentialStyle) -> Rule:
    return Rule("expression", dxf=style, stopIfTrue=True, formula=[formula])
