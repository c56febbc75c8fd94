"""The verdict on a plan: its figures, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from rules.catalogue.catalogue import check_plan
from rules.judging.approved import (
    ApprovedPlan,
    ApprovedRow,
    ApprovedWorkbook,
    row_keys,
    workbook_key,
)
from rules.judging.figures import PlanFigures, figures_of
from rules.judging.rule import Case, Context
from rules.model.finding import Finding
from rules.model.plan import Plan, Workbook


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks of a plan by itself came to on the context's day.

    `approved` is its amounts and period, where the fund has approved it.
    """

    figures: PlanFigures
    findings: tuple[Finding, ...]
    approved: ApprovedPlan | None


def verdict_on(plan: Plan, context: Context) -> Verdict:
    """Judge a plan by itself."""
    case = Case(plan, context)
    return Verdict(figures_of(case), tuple(check_plan(case)), approved_plan(case))


def approved_plan(case: Case) -> ApprovedPlan | None:
    """The plan's present amounts and period; None while it is not approved, or not readable."""
    day = case.approval_day
    if day is None or case.money is None or not case.money.is_readable:
        return None
    return ApprovedPlan(
        day,
        {workbook_key(workbook): _approved_workbook(workbook) for workbook in case.plan.workbooks},
    )


def _approved_workbook(workbook: Workbook) -> ApprovedWorkbook:
    rows = tuple(
        ApprovedRow(identity, row.source or "", dict(row.years))
        for identity, row in row_keys(workbook.funding)
    )
    return ApprovedWorkbook(workbook.form.starts_on, workbook.form.ends_on, rows)
