"""How the marks of a report look, and the conditional formats that follow from its highlights."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter

from sheets_templates.description import FIRST_COLUMN, Highlight, Mark, ReportSheet
from sheets_templates.palette import Colour
from sheets_templates.styles import marking

MARKS: dict[Mark, DifferentialStyle] = {
    Mark.BAD: marking(Colour.ERROR, Colour.ERROR_PALE, bold=True),
    Mark.WATCH: marking(Colour.WARNING, Colour.WARNING_PALE, italic=True),
    Mark.NOTE: marking(Colour.INFO, Colour.INFO_PALE),
    Mark.GOOD: marking(Colour.GREEN, Colour.GOOD_PALE),
    Mark.MUTED: marking(Colour.GREY, Colour.PAPER, italic=True),
    Mark.TOTAL: marking(Colour.INK, Colour.PALE, bold=True),
    Mark.GROUP: marking(Colour.INK, Colour.PALE, bold=True),
    Mark.BLANK: marking(Colour.GREY, Colour.PAPER),
    Mark.PLAN: marking(Colour.WHITE, Colour.PLAN, bold=True),
    Mark.SPAN: marking(Colour.INK, Colour.LINE),
    Mark.EVENT: marking(Colour.WARNING, Colour.WARNING_PALE, bold=True),
}
"""Bold and italic tell them apart in print and for colour-blind people, besides the words."""
FIGURE_INK: dict[Mark, str] = {
    Mark.BAD: Colour.ERROR,
    Mark.WATCH: Colour.WARNING,
    Mark.GOOD: Colour.GREEN,
}
"""The ink of a large figure that stands out."""


def rules(sheet: ReportSheet) -> Iterator[tuple[str, Rule]]:
    """Each highlight as a conditional format, with the area in which it holds.

    A table whose columns come from the plans may have none of them.
    """
    first_row = sheet.layout.header_row + 1
    for highlight in sheet.highlights:
        if highlight.last < highlight.first:
            continue
        left = get_column_letter(FIRST_COLUMN + highlight.first)
        right = get_column_letter(FIRST_COLUMN + highlight.last)
        yield (
            f"{left}{first_row}:{right}{sheet.layout.last_row}",
            Rule(
                "expression",
                dxf=MARKS[highlight.mark],
                stopIfTrue=True,
                formula=[_formula(highlight, left, first_row)],
            ),
        )


def _formula(highlight: Highlight, left: str, row: int) -> str:
    """Whether the deciding cell's text begins with the word."""
    cell = f"{left}{row}"
    if highlight.by is not None:
        cell = f"${get_column_letter(FIRST_COLUMN + highlight.by)}{row}"
    if not highlight.word:
        return f"LEN({cell})=0"
    word = highlight.word.upper().replace('"', '""')
    return f'UPPER(LEFT({cell},{len(highlight.word)}))="{word}"'
