"""How values become cells, in all tabs alike."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rules.figures import PlanFigures
from sheets_templates.description import ReportCell

UNKNOWN = "kan ikke vurderes"


def kroner(oere: int | None) -> ReportCell:
    """An amount in øre as exact kroner; where it is not known, in words."""
    return UNKNOWN if oere is None else Decimal(oere).scaleb(-2)


def share(part: Fraction | None) -> ReportCell:
    """A share cut (never rounded up) at a tenth of a percent, so that no miss looks like a pass."""
    if part is None:
        return UNKNOWN
    return Decimal((part * 1000).__floor__()).scaleb(-3)


def names(plan: PlanFigures) -> list[ReportCell]:
    """The two cells with which every line about a plan begins."""
    return [plan.plan_id or "(uden Plan-id)", plan.name or ""]


def next_step(plan: PlanFigures) -> str:
    """The plan's next approval, in words where there is none."""
    if not plan.steps:
        return UNKNOWN
    return plan.next_step or "alle er givet"
