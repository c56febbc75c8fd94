"""The conditional formats of a report that follow from its highlights."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle

from rules.text.cell_names import column_letters
from sheets_templates.drawing.marks import MARK_LOOKS, Mark
from sheets_templates.drawing.styles import marking
from sheets_templates.report.description import FIRST_COLUMN, Highlight, ReportSheet

MARKS: dict[Mark, DifferentialStyle] = {mark: marking(look) for mark, look in MARK_LOOKS.items()}


def rules(sheet: ReportSheet) -> Iterator[tuple[str, Rule]]:
    """Each highlight as a conditional format, with the area in which it holds.

    A table whose columns come from the plans may have none of them.
    """
    first_row = sheet.layout.header_row + 1
    for highlight in sheet.highlights:
        if highlight.last < highlight.first:
            continue
        left = column_letters(FIRST_COLUMN + highlight.first)
        right = column_letters(FIRST_COLUMN + highlight.last)
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
        cell = f"${column_letters(FIRST_COLUMN + highlight.by)}{row}"
    if not highlight.word:
        return f"LEN({cell})=0"
    word = highlight.word.upper().replace('"', '""')
    return f'UPPER(LEFT({cell},{len(highlight.word)}))="{word}"'
