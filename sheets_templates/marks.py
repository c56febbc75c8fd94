"""How the marks of a report look, in words that every kind of spreadsheet understands."""

from __future__ import annotations

from dataclasses import dataclass

from sheets_templates.description import Mark
from sheets_templates.palette import Colour


@dataclass(frozen=True, slots=True)
class MarkLook:
    """The colours of a marked cell, and how its text stands."""

    ink: Colour
    background: Colour
    bold: bool = False
    italic: bool = False


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
FIGURE_INK: dict[Mark, Colour] = {
    Mark.BAD: Colour.ERROR,
    Mark.WATCH: Colour.WARNING,
    Mark.GOOD: Colour.GREEN,
}
"""The ink of a large figure that stands out."""
