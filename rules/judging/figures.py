"""What is known of a plan as a whole: the figures for the overview and for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from rules.judging.money import FundingSums, Money, is_short, missing_added, missing_moved, sum_oere
from rules.judging.procedure import Procedure, State
from rules.judging.reports import DueReport
from rules.judging.rule import Case
from rules.model.tables import FundingType


class StepFigures(NamedTuple):
    """One approval step of a plan, with the day of its latest decision."""

    name: str
    state: State
    decided_on: date | None
    mandatory: bool


class YearSpending(NamedTuple):
    """A year of a plan that keeps accounts: what it was to spend, and what it spent.

    Amounts are øre, None where they are not known: nobody has written them (yet), or they
    `is_unread`. `of_grant_oere` is what was spent of the fund's money.
    """

    year: int
    budget_oere: int | None
    spent_oere: int | None
    local_oere: int | None
    of_grant_oere: int | None
    is_unread: bool


class RoundFigures(NamedTuple):
    """One round of a plan's approval: its steps, and its rows by workbook and row number."""

    number: int
    steps: tuple[StepFigures, ...]
    rows: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One plan, its workbooks counted together. Amounts are øre; None where they cannot be judged.

    `spending` has the years that are over or have accounts; none where the plan keeps none.
    `missing_moved_oere` and `missing_added_oere` are 0 where the co-financing is sufficient.
    `funding_oere` holds the readable amounts by type (None: no readable type) and year.
    """

    plan_id: str | None
    name: str | None
    areas: tuple[str, ...]
    organisations: tuple[str, ...]
    workbooks: tuple[str, ...]
    status: str | None
    starts_on: date | None
    ends_on: date | None
    contact: str | None
    total_oere: int | None
    local_oere: int | None
    grant_oere: int | None
    local_share: Fraction | None
    missing_moved_oere: int | None
    missing_added_oere: int | None
    funding_oere: FundingSums
    rounds: tuple[RoundFigures, ...]
    next_step: str | None
    minimum_local_share: Fraction
    spending: tuple[YearSpending, ...]
    reports: tuple[DueReport, ...]

    @property
    def used_of_grant_oere(self) -> int | None:
        """What was spent of the fund's money so far; None where accounts cannot be read."""
        if any(one.is_unread for one in self.spending):
            return None
        return sum(one.of_grant_oere or 0 for one in self.spending)

    @property
    def steps(self) -> tuple[StepFigures, ...]:
        """The steps of the last round; none where they cannot be read."""
        return self.rounds[-1].steps if self.rounds else ()


def figures_of(case: Case) -> PlanFigures:
    """The plan's figures on the case's day."""
    plan, money, procedure = case.plan, case.money, case.procedure
    forms = [workbook.form for workbook in plan.workbooks]
    judged = money if money and money.is_judgeable else None
    moved = added = None
    if judged:
        sums = judged.local_oere, judged.total_oere, case.minimum_local_share
        short = is_short(*sums)
        moved, added = (missing_moved(*sums), missing_added(*sums)) if short else (0, 0)
    return PlanFigures(
        plan_id=plan.first.form.plan_id,
        name=next((form.name for form in forms if form.name), None),
        areas=tuple(dict.fromkeys(form.area for form in forms if form.area)),
        organisations=tuple(dict.fromkeys(f.organisation for f in forms if f.organisation)),
        workbooks=tuple(workbook.path for workbook in plan.workbooks),
        status=plan.status,
        starts_on=next((form.starts_on for form in forms if form.starts_on), None),
        ends_on=next((form.ends_on for form in forms if form.ends_on), None),
        contact=next((form.contact for form in forms if form.contact), None),
        total_oere=money.total_oere if money and money.is_readable else None,
        local_oere=judged.local_oere if judged else None,
        grant_oere=judged.grant_oere if judged else None,
        local_share=money.local_share if money else None,
        missing_moved_oere=moved,
        missing_added_oere=added,
        funding_oere=money.sums if money and money.is_readable else {},
        rounds=tuple(map(_round_figures, case.rounds)),
        next_step=procedure.next_step() if procedure else None,
        minimum_local_share=case.minimum_local_share,
        spending=tuple(_spending(case, judged)),
        reports=case.reports,
    )


def _spending(case: Case, judged: Money | None) -> Iterator[YearSpending]:
    spending, period = case.spending, case.plan.period
    if spending is None or period is None:
        return
    local, fund = case.parameters.local_types, {FundingType.FOUNDATION_LBF}
    for year in range(period[0].year, period[1].year + 1):
        is_told = spending.is_told(year) and spending.is_known(year)
        if spending.is_told(year) or year in case.finished_years:
            yield YearSpending(
                year,
                sum_oere(judged.sums, year=year) if judged else None,
                sum_oere(spending.sums, year=year) if is_told else None,
                sum_oere(spending.sums, local, year) if is_told else None,
                sum_oere(spending.sums, fund, year) if is_told else None,
                is_unread=not spending.is_known(year),
            )


def _round_figures(procedure: Procedure) -> RoundFigures:
    return RoundFigures(
        procedure.number,
        tuple(
            StepFigures(name, status.state, status.decided_on, status.step.mandatory)
            for name, status in procedure.steps.items()
        ),
        frozenset((workbook.path, row.row) for workbook, row in procedure.rows),
    )
