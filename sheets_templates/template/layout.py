"""Where things stand in a plan workbook: header rows, columns, and what formulas call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.model.tables import (
    ACCOUNTS,
    CONTROL_HEADER,
    FIRST_ROW,
    PLAN,
    REPORTS,
    Column,
    Kind,
    Table,
)
from rules.text.cell_names import CellRange, column_letters
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import ConditionalFormat, DesignedCell, Entry

Cells = dict[tuple[int, int], DesignedCell]
"""Cells by row and column."""
NumberedRow = Mapping[int, Entry]
"""A row's entries by column number."""

LEGEND = N_("Kolonner med mørkeblå overskrift skal udfyldes.")
LAST_FORMATTED_ROW = 500
"""How far down the validations and the highlights reach."""
CONTROL_WIDTH = 56.0
FIELD_COLUMN, VALUE_COLUMN, FORM_CONTROL_COLUMN = 1, 2, 3

STYLES = {
    Kind.TEXT: Style.TEXT, Kind.EMAIL: Style.TEXT, Kind.CHOICE: Style.TEXT,
    Kind.DATE: Style.DATE, Kind.AMOUNT: Style.AMOUNT, Kind.NUMBER: Style.NUMBER,
    Kind.YEAR: Style.YEAR, Kind.ROUND: Style.YEAR,
}  # fmt: skip
"""How the cells of each kind of column look."""
_WIDTHS = {
    "number": 7, "activity_number": 12, "status": 16, "form": 16, "commitment": 12,
    "participants": 20, "minutes": 30, "effort_area": 37, "activity": 27, "target_group": 17,
    "responsible": 17, "lessons": 32, "source": 32, "type": 19, "remark": 30, "step": 19,
    "body": 34, "decision": 15, "decided_on": 17, "case_number": 12, "name": 24, "role": 26,
    "weekly_hours": 14, "email": 34, "milestone": 38, "result": 32, "party": 23, "year": 9,
    "report": 20, "programme_due": 19, "round_number": 9,
}  # fmt: skip
_WIDTH_BY_KIND = {Kind.DATE: 13.0, Kind.AMOUNT: 15.0}


BUDGET, LEFT, PROGRAMME_DUE = "Budget", "Tilbage", "Programmets frist"
OWN_COLUMNS: Mapping[str, tuple[tuple[str, Column], ...]] = {
    ACCOUNTS.key: (
        ("spent_oere", Column("", BUDGET, Kind.AMOUNT)),
        ("remark", Column("", LEFT, Kind.AMOUNT)),
    ),
    REPORTS.key: (("due_on", Column("programme_due", PROGRAMME_DUE, Kind.DATE)),),
}
"""The template's own columns of a tab, each with the key of the column that it stands before."""


@dataclass(frozen=True, slots=True)
class TabHead:
    """What stands above a table's headers, and what is coloured or locked because of it.

    `lines` say what the tab is for, in the column `lines_at`.
    """

    lines: tuple[str, ...]
    lines_at: int = 1
    cells: Mapping[tuple[int, int], DesignedCell] | None = None
    highlights: tuple[ConditionalFormat, ...] = ()
    locked: tuple[CellRange, ...] = ()
    amounts: tuple[CellRange, ...] = ()


def width_of(column: Column) -> float:
    """How wide the column is, in characters."""
    return float(_WIDTHS.get(column.key) or _WIDTH_BY_KIND.get(column.kind, 18.0))


def column_numbers(table: Table, years: Sequence[int]) -> dict[str, int]:
    """Where each header stands, the template's own too, Kontrol last; a year is its digits."""
    headers = [column.header for column in table.columns]
    for key, own in OWN_COLUMNS.get(table.key, ()):
        headers.insert(headers.index(table.column(key).header), own.header)
    if table.has_years:
        at = headers.index(table.column("total_oere").header)
        headers[at:at] = [str(year) for year in years]
    return {header: number for number, header in enumerate([*headers, CONTROL_HEADER], 1)}


def number_of(table: Table, key: str, years: Sequence[int] = ()) -> int:
    """The column's number, by its key."""
    return column_numbers(table, years)[table.column(key).header]


def down(number: int) -> CellRange:
    """A column's cells from the first row on."""
    return CellRange(FIRST_ROW, number, LAST_FORMATTED_ROW, number)


def fixed(table: Table, number: int) -> str:
    """A column's cells as formulas of any tab name them: `Indsatser!$A$4:$A$500`."""
    return f"{table.tab}!{down(number).fixed_name}"


def field_row(key: str) -> int:
    """The row of a field in the form Plan."""
    return FIRST_ROW + [column.key for column in PLAN.columns].index(key)


def field_place(key: str) -> str:
    """The cell of a field's value as formulas of any tab name it: `Plan!$B$9`."""
    return f"{PLAN.tab}!${column_letters(VALUE_COLUMN)}${field_row(key)}"


def in_quotes(text: str) -> str:
    """A text as formulas write it."""
    return '"' + text.replace('"', '""') + '"'
