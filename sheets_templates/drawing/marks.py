"""Why a cell is coloured, and how it then looks, in words that every kind of spreadsheet knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from sheets_templates.drawing.palette import Colour


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
    FINE = MarkStyle(Colour.GREEN)
    MET = MarkStyle(Colour.GREEN, Colour.GOOD_PALE, bold=True)
    OVERDUE = MarkStyle(Colour.ERROR, bold=True)
    NEXT_STEP = Mark.NOTE.value
