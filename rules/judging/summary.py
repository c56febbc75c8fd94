"""The figures of a plan that was judged, made from its case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.judging.confirmed import standing_of
from rules.judging.figures import PlanFigures, YearSpending
from rules.judging.money import Money, is_short, missing_added, missing_moved, sum_oere
from rules.judging.procedure import Procedure, effective_date
from rules.judging.rounds import GivenApproval, RoundFigures, StepFigures
from rules.judging.rule import Case
from rules.model.choices import Decision, FundingType


def figures_of(case: Case) -> PlanFigures:
    """The plan's figures on the case's day."""
    plan, money, procedure = case.plan, case.money, case.procedure
    forms = [workbook.form for workbook in plan.workbooks]
    judged = money if money and money.is_judgeable else None
    moved = added = None
    confirmed = (standing_of(w, case.confirmations[w.path], case.today) for w in plan.workbooks)
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
        rounds=tuple(_round_figures(one, case.today) for one in case.rounds),
        next_step=procedure.next_step() if procedure else None,
        minimum_local_share=case.minimum_local_share,
        spending=tuple(_spending(case, judged)),
        reports=case.reports,
        confirmed=tuple(filter(None, confirmed)),
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


def _round_figures(procedure: Procedure, today: date) -> RoundFigures:
    return RoundFigures(
        procedure.number,
        tuple(
            StepFigures(name, status.state, status.decided_on, status.step.mandatory)
            for name, status in procedure.steps.items()
        ),
        tuple(
            GivenApproval(procedure.number, row.step or "", row.body or "", decided_on)
            for _, row in procedure.rows
            if row.decision == Decision.APPROVED and (decided_on := effective_date(row, today))
        ),
        frozenset((workbook.path, row.row) for workbook, row in procedure.rows),
    )
