"""The palette, how each kind of cell looks, and why a cell is coloured.

In words that every kind of spreadsheet understands; nothing here knows a library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import Literal

FONT_NAME = "Arial"
FONT_SIZE = 10

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
LIMIT_COLOUR = "922B21"


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


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """The colours of a marked cell, and how its text stands; no background where it is None.

    An edge in the colour of the ink is drawn where the spreadsheet can; Google cannot.
    """

    ink: Colour
    background: Colour | None = None
    bold: bool = False
    italic: bool = False
    is_edged: bool = False


class Mark(Enum):
    """Why a cell of a report stands out; the value is how it looks.

    Bold and italic tell the marks apart in print and for colour-blind people, besides the words.
    """

    BAD = MarkStyle(Colour.ERROR, Colour.ERROR_PALE, bold=True)
    WATCH = MarkStyle(Colour.WARNING, Colour.WARNING_PALE, italic=True)
    NOTE = MarkStyle(Colour.INFO, Colour.INFO_PALE)
    GOOD = MarkStyle(Colour.GREEN, Colour.GOOD_PALE)
    MUTED = MarkStyle(Colour.GREY, Colour.PAPER, italic=True)
    TOTAL = MarkStyle(Colour.INK, Colour.PALE, bold=True)
    BLANK = MarkStyle(Colour.GREY, Colour.PAPER)
    PLAN = MarkStyle(Colour.WHITE, Colour.PLAN, bold=True)
    SPAN = MarkStyle(Colour.INK, Colour.LINE)
    EVENT = MarkStyle(Colour.WARNING, Colour.WARNING_PALE, bold=True)


class Signal(Enum):
    """Why a cell of a plan workbook is coloured; the value is how it looks. FINE is quiet."""

    ERROR = replace(Mark.BAD.value, is_edged=True)
    WARNING = replace(Mark.WATCH.value, is_edged=True)
    INFO = replace(Mark.NOTE.value, is_edged=True)
    MIXED = MarkStyle(Colour.INK, Colour.ERROR_PALE, is_edged=True)
    """Errors with what matters less below them: that is not to look like an error."""
    FINE = MarkStyle(Colour.GREEN)
    MET = MarkStyle(Colour.GREEN, Colour.GOOD_PALE, bold=True)
    OVERDUE = MarkStyle(Colour.ERROR, bold=True)
    NEXT_STEP = Mark.NOTE.value


class Lines(Enum):
    """The lines around a cell."""

    NONE = auto()
    GRID = auto()
    HEADING = auto()
    SUM = auto()


@dataclass(frozen=True, slots=True)
class Appearance:
    """A cell's look: `size` in points, `indent` in steps, no `background` where the page shows."""

    ink: Colour | None = None
    background: Colour | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = FONT_SIZE
    horizontal: Literal["left", "right", "center"] | None = None
    is_centred: bool = False
    indent: int = 0
    wraps: bool = False
    lines: Lines = Lines.NONE
    number_format: str = NUMBER_FORMAT


class Style(Enum):
    """The kinds of cells of a workbook that is made; the value is how the kind looks."""

    PLAIN = Appearance()
    TITLE = Appearance(Colour.INK, bold=True, size=16, is_centred=True)
    SUBTITLE = replace(TITLE, size=12)
    NOTE = Appearance(Colour.GREY, italic=True, horizontal="left", is_centred=True)
    NOTE_BESIDE = replace(NOTE, indent=1)
    HEADER_REQUIRED = Appearance(
        Colour.WHITE, Colour.INK, bold=True, horizontal="left", is_centred=True, indent=1,
        wraps=True, lines=Lines.HEADING,
    )  # fmt: skip
    HEADER_REQUIRED_RIGHT = replace(HEADER_REQUIRED, horizontal="right")
    HEADER_OPTIONAL = replace(HEADER_REQUIRED, ink=Colour.INK, background=Colour.PALE)
    HEADER_OPTIONAL_RIGHT = replace(HEADER_OPTIONAL, horizontal="right")
    TEXT = Appearance(
        horizontal="left", indent=1, wraps=True, lines=Lines.GRID, number_format=TEXT_FORMAT
    )
    LABEL_REQUIRED = replace(TEXT, ink=Colour.INK, background=Colour.PAPER, bold=True)
    LABEL_OPTIONAL = replace(LABEL_REQUIRED, bold=False)
    DATE = replace(TEXT, wraps=False, number_format=DATE_FORMAT)
    AMOUNT = Appearance(horizontal="right", indent=1, lines=Lines.GRID, number_format=AMOUNT_FORMAT)
    NUMBER = replace(AMOUNT, number_format=NUMBER_FORMAT)
    YEAR = replace(TEXT, wraps=False, number_format="0")
    LINK = replace(TEXT, ink=Colour.LINK, underline=True)
    TOTAL = replace(TEXT, background=Colour.PALE, bold=True, lines=Lines.SUM)
    TOTAL_AMOUNT = replace(TOTAL, horizontal="right", wraps=False, number_format=TOTAL_FORMAT)
    FACT = Appearance(
        Colour.INK, Colour.PAPER, bold=True, horizontal="left", is_centred=True, indent=1,
        wraps=True, lines=Lines.GRID,
    )  # fmt: skip
    FACT_LABEL = replace(FACT, bold=False)
    FACT_AMOUNT = replace(FACT, horizontal="right", wraps=False, number_format=TOTAL_FORMAT)
    FACT_SHARE = replace(FACT_AMOUNT, number_format=PERCENT_FORMAT)
    STATE = Appearance(Colour.ERROR, bold=True, horizontal="right", is_centred=True, indent=1)
    SECTION = Appearance(
        Colour.INK, Colour.PALE, bold=True, size=12, horizontal="left", is_centred=True, indent=1,
        number_format=TEXT_FORMAT,
    )  # fmt: skip
    BOLD_TEXT = replace(TEXT, ink=Colour.INK, bold=True)
    HIDDEN = Appearance(wraps=True)
    HIDDEN_HEADER = Appearance(Colour.INK, Colour.PALE, bold=True)
