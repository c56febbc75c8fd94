"""The tabs Regnskab and Indberetning: the plan's years filled in, the budget beside the spending.

The columns Budget, Tilbage and »Programmets frist« are the template's own: the job reads none of
them. A budget looks its year up in the headers of Finansiering, wherever that has moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from rules.model.choices import FundingType
from rules.model.parameter_types import Programme
from rules.model.parameters import Parameters
from rules.model.tables import ACCOUNTS, FIRST_ROW, FUNDING, HEADER_ROW, REPORTS
from rules.text.cell_names import CellRange, column_letters
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import DesignedCell, Entry, Formula
from sheets_templates.template.layout import (
    BUDGET,
    LAST_FORMATTED_ROW,
    LEFT,
    LEGEND,
    PROGRAMME_DUE,
    STYLES,
    Cells,
    NumberedRow,
    TabHead,
    column_numbers,
    down,
    fixed,
    number_of,
)
from sheets_templates.template.lists import LISTS_TAB

SPARE_ROWS = 12
"""Rows with formulas below those that are filled in."""
LABELS = (
    N_("Budget i alt"), N_("Brugt i alt"), N_("Tilbage i alt"), N_("Lokal andel af forbruget"),
)  # fmt: skip
_LABEL_ROW, _VALUE_ROW = 1, 2
_YEAR, _TYPE, _SPENT = (number_of(ACCOUNTS, key) for key in ("year", "type", "spent_oere"))
_BUDGET, _LEFT = (column_numbers(ACCOUNTS, ())[header] for header in (BUDGET, LEFT))

_REPORT_YEAR, _REPORT = number_of(REPORTS, "year"), number_of(REPORTS, "report")
_PROGRAMME_DUE = column_numbers(REPORTS, ())[PROGRAMME_DUE]

Budgets = Mapping[tuple[str, int], Decimal]
"""What Finansiering gives by type (its key) and year, in kroner, as the formulas see it."""


def budgets_of(years: Sequence[int], funding: Iterable[NumberedRow]) -> Budgets:
    """The budgets of these rows of Finansiering."""
    numbers = column_numbers(FUNDING, years)
    sums: dict[tuple[str, int], Decimal] = {}
    for row in funding:
        key = name_key(str(row.get(numbers["Type"]) or ""))
        for year in years:
            amount = _number(row.get(numbers[str(year)])) or Decimal(0)
            sums[key, year] = sums.get((key, year), Decimal(0)) + amount
    return sums


def accounts_rows(parameters: Parameters, years: Sequence[int]) -> list[NumberedRow]:
    """A row for each year and each type that most plans have: the fund's and the local ones."""
    types = (FundingType.FOUNDATION_LBF, *parameters.local_types)
    return [{_YEAR: year, _TYPE: one} for year in years for one in types]


def accounts_cells(years: Sequence[int], rows: Sequence[NumberedRow], budgets: Budgets) -> Cells:
    """The rows, each with its budget and what is left of it, and spare ones below."""
    styles = {number_of(ACCOUNTS, one.key): STYLES[one.kind] for one in ACCOUNTS.columns}
    cells: Cells = {}
    for at, row in enumerate([*rows, *[{}] * SPARE_ROWS], FIRST_ROW):
        for number, entry in ({**_formulas(at, row, years, budgets), **row}).items():
            cells[at, number] = DesignedCell(entry, styles.get(number, Style.AMOUNT))
    return cells


def _formulas(
    at: int, row: NumberedRow, years: Sequence[int], budgets: Budgets
) -> dict[int, Formula]:
    """The row's budget, and what is left of it; both blank where they are not known."""
    year, kind, budget, spent = (
        f"${column_letters(n)}{at}" for n in (_YEAR, _TYPE, _BUDGET, _SPENT)
    )
    width = max(column_numbers(FUNDING, years).values())
    headers = CellRange(HEADER_ROW, 1, HEADER_ROW, width).fixed_name
    amounts = CellRange(FIRST_ROW, 1, LAST_FORMATTED_ROW, width).fixed_name
    found = f"MATCH({year},{FUNDING.tab}!{headers},0)"
    types = fixed(FUNDING, number_of(FUNDING, "type", years))
    planned = f"SUMIFS(INDEX({FUNDING.tab}!{amounts},0,{found}),{types},{kind})"
    typed, amount = row.get(_YEAR), _number(row.get(_SPENT))
    known = None
    if isinstance(typed, int | float) and row.get(_TYPE):
        known = budgets.get((name_key(str(row[_TYPE])), int(typed)), Decimal(0))
    return {
        _BUDGET: Formula(
            f'=IF(AND(ISNUMBER({year}),LEN({kind})>0),IFERROR({planned},0),"")',
            "" if known is None else known,
        ),
        _LEFT: Formula(
            f'=IF(AND(ISNUMBER({budget}),ISNUMBER({spent})),{budget}-{spent},"")',
            "" if known is None or amount is None else known - amount,
        ),
    }


def accounts_head(parameters: Parameters, rows: Sequence[NumberedRow], budgets: Budgets) -> TabHead:
    """Above the columns their sums: the budgets, what is spent, what is left, the local share."""
    said = parameters.language.text
    planned, spent, kinds = (down(number).fixed_name for number in (_BUDGET, _SPENT, _TYPE))
    local_types = f"{LISTS_TAB}!$G$2:$G${len(parameters.local_types) + 1}"
    local = f"SUMPRODUCT(SUMIFS({spent},{kinds},{local_types}))"
    local_keys = set(map(name_key, parameters.local_types))
    amounts = [(name_key(str(row.get(_TYPE))), _number(row.get(_SPENT))) for row in rows]
    used = sum((amount for _, amount in amounts if amount), Decimal(0))
    used_locally = sum((a for key, a in amounts if a and key in local_keys), Decimal(0))
    of_rows = {(name_key(str(row.get(_TYPE))), row.get(_YEAR)) for row in rows}
    budget = sum((amount for key, amount in budgets.items() if key in of_rows), Decimal(0))
    share = Decimal(int(1000 * used_locally / used)) / 1000 if used > 0 else ""
    facts = (
        Formula(f"=SUM({planned})", budget),
        Formula(f"=SUM({spent})", used),
        Formula(f"=SUM({planned})-SUM({spent})", budget - used),
        Formula(f'=IF(SUM({spent})<=0,"",INT(1000*{local}/SUM({spent}))/1000)', share),
    )
    cells = {(_LABEL_ROW, 1): DesignedCell(ACCOUNTS.tab, Style.TITLE)}
    styles = (*[Style.FACT_AMOUNT] * (len(facts) - 1), Style.FACT_SHARE)
    for number, (label, fact, style) in enumerate(zip(LABELS, facts, styles, strict=True), _BUDGET):
        cells[_LABEL_ROW, number] = DesignedCell(said(label), Style.FACT_LABEL)
        cells[_VALUE_ROW, number] = DesignedCell(fact, style)
    last = _BUDGET + len(facts) - 1
    area = CellRange(_LABEL_ROW, _BUDGET, _VALUE_ROW, last)
    return TabHead((said(ACCOUNTS.purpose), said(LEGEND)), last + 1, cells, locked=(area,))


def reports_rows(programme: Programme, years: Sequence[int]) -> list[NumberedRow]:
    """A row for each year and report of the programme.

    Without a day of its own a report plans the year ahead, so that there is none for the first one.
    """
    return [
        {_REPORT_YEAR: year, _REPORT: duty.name}
        for year in years
        for duty in programme.reports
        if duty.due or year > min(years)
    ]


def with_deadlines(programme: Programme, rows: Sequence[NumberedRow]) -> list[NumberedRow]:
    """The rows of Indberetning, each with the programme's own day, where it has one."""
    duties = {name_key(duty.name): duty for duty in programme.reports}
    dated: list[NumberedRow] = []
    for row in rows:
        duty, year = duties.get(name_key(str(row.get(_REPORT)))), row.get(_REPORT_YEAR)
        due_on = duty.due_on(year) if duty and isinstance(year, int) else None
        dated.append({_PROGRAMME_DUE: due_on, **row})
    return dated


def _number(entry: Entry) -> Decimal | None:
    return Decimal(str(entry)) if isinstance(entry, int | float | Decimal) else None
