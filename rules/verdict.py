"""The verdict on a plan: its figures, and what is wrong with it, in words."""

from __future__ import annotations

from dataclasses import dataclass

from rules.approved import ApprovedPlan, approved_plan
from rules.catalogue import Notice, check_plan, notice_of
from rules.figures import PlanFigures, figures_of
from rules.plan import Plan
from rules.rule import Case, Context


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks of a plan by itself came to on the context's day.

    `approved` is what stands there, where the fund has approved it.
    """

    figures: PlanFigures
    notices: tuple[Notice, ...]
    approved: ApprovedPlan | None


def verdict_on(plan: Plan, context: Context) -> Verdict:
    """Judge a plan by itself."""
    case = Case(plan, context)
    language = context.parameters.language
    notices = tuple([notice_of(finding, language) for finding in check_plan(case)])
    return Verdict(figures_of(case), notices, approved_plan(case))
