"""What is known of a plan as a whole: the figures for the overview and for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from rules.judging.money import FundingSums, is_short, missing_added, missing_moved
from rules.judging.procedure import State
from rules.judging.rule import Case


class StepFigures(NamedTuple):
    """One approval step of a plan, with the day of its latest decision."""

    name: str
    state: State
    decided_on: date | None
    mandatory: bool


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One plan, its workbooks counted together. Amounts are øre; None where they cannot be judged.

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
    steps: tuple[StepFigures, ...]
    next_step: str | None


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
        steps=tuple(
            StepFigures(name, status.state, status.decided_on, status.step.mandatory)
            for name, status in (procedure.steps.items() if procedure else ())
        ),
        next_step=procedure.next_step() if procedure else None,
    )
