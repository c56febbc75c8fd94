"""How marks and signals look, in words that every kind of spreadsheet understands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from sheets_templates.drawing.design import Signal
from sheets_templates.drawing.palette import Colour


class Mark(Enum):
    """Why a cell stands out; each kind of file has a look for each of them."""

    BAD = auto()
    WATCH = auto()
    NOTE = auto()
    GOOD = auto()
    MUTED = auto()
    TOTAL = auto()
    GROUP = auto()
    BLANK = auto()
    PLAN = auto()
    SPAN = auto()
    EVENT = auto()


@dataclass(frozen=True, slots=True)
class MarkLook:
    """The colours of a marked cell, and how its text stands; no background where it is None.

    An edge in the colour of the ink is drawn where the spreadsheet can; Google cannot.
    """

    ink: Colour
    background: Colour | None = None
    bold: bool = False
    italic: bool = False
    is_edged: bool = False


MARK_LOOKS: dict[Mark, MarkLook] = {
    Mark.BAD: MarkLook(Colour.ERROR, Colour.ERROR_PALE, bold=True),
    Mark.WATCH: MarkLook(Colour.WARNING, Colour.WARNING_PALE, italic=True),
    Mark.NOTE: MarkLook(Colour.INFO, Colour.INFO_PALE),
    Mark.GOOD: MarkLook(Colour.GREEN, Colour.GOOD_PALE),
    Mark.MUTED: MarkLook(Colour.GREY, Colour.PAPER, italic=True),
    Mark.TOTAL: MarkLook(Colour.INK, Colour.PALE, bold=True),
    Mark.GROUP: MarkLook(Colour.INK, Colour.PALE, bold=True),
    Mark.BLANK: MarkLook(Colour.GREY, Colour.PAPER),
    Mark.PLAN: MarkLook(Colour.WHITE, Colour.PLAN, bold=True),
    Mark.SPAN: MarkLook(Colour.INK, Colour.LINE),
    Mark.EVENT: MarkLook(Colour.WARNING, Colour.WARNING_PALE, bold=True),
}
"""Bold and italic tell them apart in print and for colour-blind people, besides the words."""
SIGNAL_LOOKS: dict[Signal, MarkLook] = {
    Signal.ERROR: replace(MARK_LOOKS[Mark.BAD], is_edged=True),
    Signal.WARNING: replace(MARK_LOOKS[Mark.WATCH], is_edged=True),
    Signal.INFO: replace(MARK_LOOKS[Mark.NOTE], is_edged=True),
    Signal.FINE: MarkLook(Colour.GREEN),
    Signal.MET: MarkLook(Colour.GREEN, Colour.GOOD_PALE, bold=True),
    Signal.OVERDUE: MarkLook(Colour.ERROR, bold=True),
    Signal.NEXT_STEP: MarkLook(Colour.INFO, Colour.INFO_PALE),
}
"""The signals of a plan workbook, whose cells take them on by conditional formats."""
FIGURE_INK: dict[Mark, Colour] = {
    Mark.BAD: Colour.ERROR,
    Mark.WATCH: Colour.WARNING,
    Mark.GOOD: Colour.GREEN,
}
"""The ink of a large figure that stands out."""
