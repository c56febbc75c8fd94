"""The design of a plan workbook: an empty one for a new plan, or one filled with rows.

The tabs, columns, choices and hints are those of rules/model/tables.py and the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date

from rules.model.choices import Party
from rules.model.parameters import Parameters
from rules.model.plan import PlanForm
from rules.model.shipped import HELP
from rules.model.tables import (
    ACCOUNTS,
    ACTIVITIES,
    APPROVALS,
    FIRST_ROW,
    FIRST_YEAR,
    FUNDING,
    LAST_YEAR,
    PLAN,
    PREPARATION,
    REPORTS,
    TABLES,
    Table,
)
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import DesignedCell, Entry, Program, WorkbookDesign
from sheets_templates.drawing.excel import drawn
from sheets_templates.template.follow_up import (
    accounts_cells,
    accounts_head,
    accounts_rows,
    budgets_of,
    reports_rows,
    with_deadlines,
)
from sheets_templates.template.funding import funding_cells, funding_head, live, money_formulas
from sheets_templates.template.guide import guide_tab
from sheets_templates.template.layout import (
    OWN_COLUMNS,
    STYLES,
    Cells,
    NumberedRow,
    column_numbers,
)
from sheets_templates.template.lists import Lists
from sheets_templates.template.next_step import approvals_head, procedure_of_rows, step_columns
from sheets_templates.template.plan_tabs import form_tab, table_tab, warnings_tab

Row = Mapping[str, Entry]
"""A row's entries by header; a year's header is its digits."""


def plan_design(
    parameters: Parameters,
    master: PlanForm,
    rows: Mapping[str, Sequence[Row]] | None = None,
    years: Sequence[int] | None = None,
    contact: str = HELP,
    *,
    program: Program = Program.EXCEL,
) -> WorkbookDesign:
    """A plan workbook with rows, by tab name.

    In Finansiering, I alt and the total row are formulas; an entry for I alt replaces its row's
    formula, and a row whose Kilde is `I alt` replaces those of the total row that it names.

    Args:
        parameters: the lists of areas, organisations, programmes and steps.
        master: what the form Plan is filled with; None leaves a field empty.
        rows: the rows of each tab; without them what every plan has to fill in, else none.
        years: the funding's years; those of the plan's period if None.
        contact: whom to ask for help, as the guide says.
        program: the spreadsheet program that the guide explains.

    Raises:
        ValueError: no years are known, or a tab or a header is not one of the workbook's.
    """
    rows = {**_first_rows(parameters), **(rows or {})}
    unknown = set(rows) - {table.tab for table in TABLES if table is not PLAN}
    if unknown:
        raise ValueError(f"no table of the plan workbook: {', '.join(sorted(unknown))}")
    chosen = sorted(set(years)) if years is not None else plan_years(master)
    if not chosen:
        raise ValueError("a plan workbook needs at least one year")
    given = {t.key: _numbered(t, chosen, rows.get(t.tab, ())) for t in TABLES if t is not PLAN}
    programme = parameters.programme(_known_programme(parameters, master))
    share = programme.minimum_local_share or parameters.minimum_local_share
    parameters = replace(parameters, minimum_local_share=share)
    lists = Lists(parameters)
    money = live(parameters, chosen, given[FUNDING.key])
    procedure = procedure_of_rows(parameters, given[APPROVALS.key])
    tabs = [form_tab(asdict(master), lists)]
    budgets = budgets_of(chosen, given[FUNDING.key])
    given[ACCOUNTS.key] = given[ACCOUNTS.key] or accounts_rows(parameters, chosen)
    reports = given[REPORTS.key] or reports_rows(programme, chosen)
    given[REPORTS.key] = with_deadlines(programme, reports)
    for table in TABLES:
        if table is FUNDING:
            cells, total_row = funding_cells(chosen, given[table.key], program)
            above = funding_head(parameters, money, total_row)
            tabs.append(table_tab(table, lists, chosen, cells, above))
        elif table is ACCOUNTS:
            cells = accounts_cells(chosen, given[table.key], budgets)
            above = accounts_head(parameters, given[table.key], budgets)
            tabs.append(table_tab(table, lists, (), cells, above))
        elif table is not PLAN:
            head = approvals_head(parameters, procedure) if table is APPROVALS else None
            tabs.append(table_tab(table, lists, (), _row_cells(table, given[table.key]), head))
    worked_out = money_formulas(parameters, chosen, money), step_columns(parameters, procedure)
    hidden = lists.tab(master.programme, len(given[ACTIVITIES.key]), *worked_out)
    title = " – ".join(filter(None, (master.plan_id, master.name))) or PLAN.tab
    said = parameters.language
    tabs += [guide_tab(contact, said, program), hidden, warnings_tab(said)]
    return WorkbookDesign(title, tuple(tabs), opens_at=PLAN.tab, language=said)


def _first_rows(parameters: Parameters) -> Mapping[str, Sequence[Row]]:
    """What every plan goes through: the parties to talk with, and the approval steps."""
    party, step = (table.columns[0].header for table in (PREPARATION, APPROVALS))
    return {
        PREPARATION.tab: [{party: str(one)} for one in Party],
        APPROVALS.tab: [{step: one.name} for one in parameters.steps],
    }


def plan_workbook(
    parameters: Parameters,
    master: PlanForm,
    rows: Mapping[str, Sequence[Row]] | None = None,
    years: Sequence[int] | None = None,
    contact: str = HELP,
) -> bytes:
    """The workbook as an .xlsx file; arguments and errors are those of `plan_design`."""
    return drawn(plan_design(parameters, master, rows, years, contact))


def plan_years(master: PlanForm) -> list[int]:
    """The years of the plan's period.

    Raises:
        ValueError: they do not follow from the plan's dates.
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
    numbers = column_numbers(table, years)
    for header in {header for row in rows for header in row} - set(numbers):
        raise ValueError(f"no column of {table.tab}: {header}")
    return [{numbers[header]: entry for header, entry in row.items()} for row in rows]


def _known_programme(parameters: Parameters, master: PlanForm) -> str | None:
    known = {programme.name for programme in parameters.programmes}
    return master.programme if master.programme in known else None


def _row_cells(table: Table, rows: Sequence[NumberedRow]) -> Cells:
    numbers = column_numbers(table, ())
    columns = [*table.columns, *(own for _, own in OWN_COLUMNS.get(table.key, ()))]
    styles = {numbers[column.header]: STYLES[column.kind] for column in columns}
    return {
        (row, number): DesignedCell(entry, styles.get(number, Style.TEXT))
        for row, entries in enumerate(rows, FIRST_ROW)
        for number, entry in entries.items()
    }
