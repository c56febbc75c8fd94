"""The plan workbook: an empty one for a new plan, or one filled with rows for demo and tests.

The tabs, columns, choices and hints are those of rules/tables.py and the parameters; here they
only become cells, drop-downs and formats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from rules.parameters import Parameters
from rules.tables import FIRST_YEAR, LAST_YEAR, PLAN, TABLES, Table
from sheets_templates.draft import Draft, Entry
from sheets_templates.funding import NumberedRow, fill_funding
from sheets_templates.lists import Lists
from sheets_templates.sheet_page import FIRST_ROW
from sheets_templates.tabs import (
    add_form,
    add_table,
    add_warnings,
    column_numbers,
    looks_by_number,
)

Row = Mapping[str, Entry]
"""A row's entries by header; a year's header is its digits."""


@dataclass(frozen=True)
class MasterData:
    """What the form Plan is filled with; None leaves a field empty. Texts stand as they are."""

    plan_id: str | None
    name: str | None
    area: str | None
    organisation: str | None
    other_organisations: str | None
    programme: str | None
    starts_on: date | str | None
    ends_on: date | str | None
    status: str | None
    contact: str | None
    email: str | None


def plan_workbook(
    parameters: Parameters, master: MasterData, years: Sequence[int] | None = None
) -> bytes:
    """A new plan workbook (.xlsx) without rows.

    Args:
        parameters: the lists of areas, organisations, programmes and steps.
        master: what the form Plan holds.
        years: the funding's years; those of the plan's period if None.

    Raises:
        ValueError: no years are given, and the plan's dates do not tell them.
    """
    return plan_workbook_with(parameters, master, {}, years)


def plan_workbook_with(
    parameters: Parameters,
    master: MasterData,
    rows: Mapping[str, Sequence[Row]],
    years: Sequence[int] | None = None,
) -> bytes:
    """A plan workbook with rows, by tab name.

    In Finansiering, I alt and the total row are formulas; an entry for I alt replaces its row's
    formula, and a row whose Kilde is `I alt` replaces those of the total row that it names.

    Raises:
        ValueError: no years are known, or a tab or a header is not one of the workbook's.
    """
    unknown = set(rows) - {table.tab for table in TABLES if not table.is_form}
    if unknown:
        raise ValueError(f"no table of the plan workbook: {', '.join(sorted(unknown))}")
    chosen = sorted(set(years)) if years is not None else plan_years(master)
    if not chosen:
        raise ValueError("a plan workbook needs at least one year")
    draft, lists = Draft(), Lists(parameters)
    field_rows = add_form(draft, asdict(master), lists)
    for table in TABLES:
        if not table.is_form:
            sheet = add_table(draft, table, lists, chosen)
            given = _numbered(table, chosen, rows.get(table.tab, ()))
            if table.has_years:
                fill_funding(draft, sheet, chosen, given)
            else:
                _write_rows(draft, sheet, table, given)
    lists.write(draft, f"{PLAN.tab}!$B${field_rows['programme']}", master.programme)
    add_warnings(draft)
    return draft.finished(" – ".join(filter(None, (master.plan_id, master.name))) or PLAN.tab)


def plan_years(master: MasterData) -> list[int]:
    """The years of the plan's period.

    Raises:
        ValueError: the plan's dates do not tell them.
    """
    match master.starts_on, master.ends_on:
        case date() as starts, date() as ends:
            years = list(range(starts.year, ends.year + 1))
        case _:
            raise ValueError("the years must be given where the plan's two dates are not")
    if not years or years[0] < FIRST_YEAR or years[-1] > LAST_YEAR:
        raise ValueError(f"the plan's dates, {starts} to {ends}, are no period of a plan")
    return years


def _numbered(table: Table, years: Sequence[int], rows: Sequence[Row]) -> list[NumberedRow]:
    """The rows with column numbers in place of headers."""
    numbers = column_numbers(table, years)
    for header in {header for row in rows for header in row} - set(numbers):
        raise ValueError(f"no column of {table.tab}: {header}")
    return [{numbers[header]: entry for header, entry in row.items()} for row in rows]


def _write_rows(draft: Draft, sheet: Worksheet, table: Table, rows: Sequence[NumberedRow]) -> None:
    looks = looks_by_number(table, ())
    for row, entries in enumerate(rows, FIRST_ROW):
        for number, entry in entries.items():
            draft.put(sheet, row, number, entry, looks[number])
