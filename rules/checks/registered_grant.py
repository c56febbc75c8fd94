"""FIN-12: what the secretariat has registered of a plan's grant, beside what the plan says."""

from __future__ import annotations

from collections.abc import Iterator

from rules.judging.rule import DECEMBER, Case, Rule, Wording
from rules.model.choices import FundingType, PlanStatus
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameter_types import HOUSE_RULE
from rules.model.plan import Plan
from rules.text.danish import id_key
from rules.text.marking import N_


def differs_from_registered(case: Case) -> Iterator[Finding]:
    """FIN-12: the fund's total, or the period, is not what is registered for the plan.

    Silent about an amount that cannot be judged, or where the plan has no funding (FIN-10).
    """
    plan, money = case.plan, case.money
    expected = case.parameters.expected_by_id.get(id_key(plan.first.form.plan_id or ""))
    if expected is None or plan.first_with("funding") is None:
        return
    facts: dict[str, Fact] = {}
    wrong = []
    if expected.grant_oere is not None and money and money.is_judgeable:
        has_money = money.total_oere > 0 or plan.status == PlanStatus.DRAFT
        if has_money and money.grant_oere != expected.grant_oere:
            facts |= {"stated": money.grant_oere, "grant": expected.grant_oere}
            wrong.append("grant")
    if plan.period:
        first, last = plan.period
        from_, to = expected.starts_on or first, expected.ends_on or last
        if (first, last) != (from_, to):
            facts |= {"starts_on": first, "ends_on": last, "from": from_, "to": to}
            wrong.append("period")
    if wrong:
        variant = wrong[0] if wrong == ["period"] else "both" if len(wrong) > 1 else ""
        yield Finding("FIN-12", _place(plan), facts, "grant", variant)


def _place(plan: Plan) -> Place:
    """The fund's I alt in the first workbook that has one, else the tab."""
    for workbook, row in plan.funding_rows():
        if row.type == FundingType.FOUNDATION_LBF and workbook.has("funding", "total_oere"):
            return workbook.place("funding", row.row, "total_oere")
    return (plan.first_with("funding") or plan.first).place("funding")


_FIX = N_("Ret det i planen, eller bed sekretariatet rette det, der er registreret.")

RULES = (
    Rule(
        code="FIN-12",
        title="Ikke det tilsagn, som er registreret",
        severity=Severity.WARNING,
        message="Landsbyggefonden giver {stated:kr} i planen, men det registrerede tilsagn er "
        "{grant:kr}",
        fix=_FIX,
        variants={
            "period": Wording(
                "Planen løber fra den {starts_on:dato} til den {ends_on:dato}. Det registrerede "
                "tilsagn gælder fra den {from:dato} til den {to:dato}.",
                _FIX,
            ),
            "both": Wording(
                "Landsbyggefonden giver {stated:kr}, og planen løber fra den {starts_on:dato} til "
                "den {ends_on:dato}. Det registrerede tilsagn er {grant:kr} fra den {from:dato} "
                "til den {to:dato}.",
                _FIX,
            ),
        },
        why="Planen skal bygge på det, som Landsbyggefonden faktisk har givet tilsagn om.",
        source=HOUSE_RULE,
        since=DECEMBER,
        wrong="Tilsagnet er 6.500.000 kr., men fondens »I alt« i »Finansiering« er 6.000.000 kr.",
        right="Fondens »I alt« i »Finansiering« er tilsagnet på 6.000.000 kr.",
        check=differs_from_registered,
    ),
)
