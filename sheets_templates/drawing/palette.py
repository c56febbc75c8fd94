"""The colours, the typeface and the number formats of everything that is made: plain words."""

from __future__ import annotations

from enum import StrEnum

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
LINE_COLOURS = ("0072B2", "D55E00", "009E73", "CC79A7", "56B4E9", "E69F00", "000000")
"""Lines that colour-blind people tell apart; each has a marker of its own besides."""
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
