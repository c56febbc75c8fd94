"""REG: what was really spent, beside what Finansiering gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rules.judging.money import Money, PlacedSpending, Spent, is_short
from rules.judging.rule import DECEMBER, Case, ExampleCell, Rule, Wording
from rules.model.choices import FundingType
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameter_types import HOUSE_RULE
from rules.model.plan import Spending
from rules.text.marking import N_

_KRONE = 100


def spending_off_budget(case: Case) -> Iterator[Finding]:
    """REG-01: in a finished year a type's spending is far from its budget, by share and amount."""
    for one in _compared(case):
        if one.is_far_off:
            facts: dict[str, Fact] = {"year": one.year, "type": one.type, "spent": one.spent}
            facts["difference"] = abs(one.budget - one.spent)
            variant = "more" if one.spent > one.budget else ""
            identity = f"{one.year}|{one.type}"
            yield Finding("REG-01", _spent(case, one), facts, identity, variant)


def grant_left_over(case: Case) -> Iterator[Finding]:
    """REG-02: less of the fund's money was spent than it gives for that year."""
    for one in _compared(case):
        if one.type == FundingType.FOUNDATION_LBF and one.spent < one.budget and not one.is_far_off:
            facts: dict[str, Fact] = {"year": one.year, "difference": one.budget - one.spent}
            yield Finding("REG-02", _spent(case, one), facts, str(one.year))


class _Compared(NamedTuple):
    """A type's budget and spending in a year, in øre."""

    year: int
    type: FundingType
    budget: int
    spent: int
    is_far_off: bool


def _compared(case: Case) -> Iterator[_Compared]:
    """For each finished year with accounts and each type its budget and its spending, in øre.

    Silent where the plan's money, or that year's spending, cannot be read.
    """
    judged = _judged(case)
    if judged is None:
        return
    money, spending = judged
    for year in case.finished_years:
        if spending.is_told(year) and spending.is_known(year):
            for one in FundingType:
                budget, spent = (s.get((one, year), 0) for s in (money.sums, spending.sums))
                yield _Compared(year, one, budget, spent, _is_far_off(case, budget, spent))


def _judged(case: Case) -> tuple[Money, Spent] | None:
    if case.spending is None or case.money is None or not case.money.is_judgeable:
        return None
    return case.money, case.spending


def _is_far_off(case: Case, budget: int, spent: int) -> bool:
    limits, difference = case.parameters, abs(budget - spent)
    is_large = difference > limits.spending_deviation_kroner.value * _KRONE
    return is_large and difference > budget * limits.spending_deviation_share.value


def local_share_spent_too_low(case: Case) -> Iterator[Finding]:
    """REG-03: too little of what was spent so far is local, though the budget is in order."""
    judged = _judged(case)
    if judged is None:
        return
    money, spending = judged
    years, share, local_types = (
        case.finished_years,
        case.minimum_local_share,
        case.parameters.local_types,
    )
    if not all(map(spending.is_known, years)) or is_short(
        money.local_oere, money.total_oere, share
    ):
        return
    local, total = spending.in_years(years, local_types), spending.in_years(years)
    if is_short(local, total, share):
        facts: dict[str, Fact] = {"local": local, "total": total, "share": share}
        facts["year"] = years[-1]
        yield Finding("REG-03", _place(case, spending.rows_of(local_types, years)[-1:]), facts)


def _spent(case: Case, one: _Compared) -> Place:
    rows = case.spending.rows_of({one.type}, {one.year}) if case.spending else []
    return _place(case, rows)


def _place(case: Case, rows: Sequence[PlacedSpending]) -> Place:
    """The Forbrug of the first of these rows, else the tab."""
    if not rows:
        return _tab(case)
    workbook, row = rows[0]
    return workbook.place("accounts", row.row, "spent_oere")


def _tab(case: Case) -> Place:
    return (case.plan.first_with("accounts") or case.plan.first).place("accounts")


def year_outside_period(case: Case) -> Iterator[Finding]:
    """REG-04: spending in a year in which the plan does not run."""
    for workbook, row in case.plan.rows(Spending):
        first, last = workbook.form.period or (date.min, date.max)
        if row.year and not first.year <= row.year <= last.year:
            facts: dict[str, Fact] = {"year": row.year, "starts_on": first, "ends_on": last}
            yield workbook.finding("REG-04", row, "year", **facts)


def accounts_missing(case: Case) -> Iterator[Finding]:
    """REG-05: a finished year has no spending though the accounts are due, or overdue."""
    spending = case.spending
    if spending is None or None in spending.unread:
        return
    for year in case.finished_years:
        due_on = case.accounts_due_on(year)
        if due_on and due_on <= case.today and not spending.is_told(year):
            yield Finding("REG-05", _tab(case), {"year": year, "due_on": due_on}, str(year))


ANALOGY = N_("Lokal praksis i Helsingør, efter sbst.dk's regler for tilskud")
_AGREE = N_(
    "Ret forbruget eller budgettet, hvis et af dem er forkert. Aftal ellers forskellen med "
    "sekretariatet."
)
ADJUSTMENT_ACCOUNT = N_("lbf.dk, Reguleringskonti")

RULES = (
    Rule(
        code="REG-01",
        title="Forbruget er langt fra budgettet",
        severity=Severity.WARNING,
        message="I {year} er der brugt {spent:kr} af typen {type}, og det er {difference:kr} "
        "mindre end budgettet.",
        fix=_AGREE,
        variants={
            "more": Wording(
                "I {year} er der brugt {spent:kr} af typen {type}, og det er {difference:kr} mere "
                "end budgettet.",
                _AGREE,
            )
        },
        why="Penge, som ikke bliver brugt, skal der aftales noget om, før de går tabt.",
        source=ANALOGY,
        since=DECEMBER,
        wrong=(ExampleCell("Regnskab", 1, "Forbrug", "1349999"),),
        right=(ExampleCell("Regnskab", 1, "Forbrug", "1500000"),),
        check=spending_off_budget,
    ),
    Rule(
        code="REG-02",
        title="Fondens penge er ikke brugt",
        severity=Severity.INFO,
        message="I {year} er der brugt {difference:kr} mindre af Landsbyggefondens penge, end der "
        "står i »Finansiering«.",
        fix="Aftal med kommunen og Landsbyggefonden, hvad pengene skal bruges til.",
        why="Penge, der er tilovers, står på reguleringskontoen og må kun bruges efter aftale.",
        source=ADJUSTMENT_ACCOUNT,
        since=DECEMBER,
        wrong=(ExampleCell("Regnskab", 1, "Forbrug", "1450000"),),
        right=(ExampleCell("Regnskab", 1, "Forbrug", "1500000"),),
        check=grant_left_over,
    ),
    Rule(
        code="REG-03",
        title="For lidt af forbruget er lokalt",
        severity=Severity.INFO,
        message="Til og med {year} er {local:kr} af de brugte {total:kr} lokale penge, altså under "
        "{share:pct}",
        fix="Brug mere af de lokale penge de næste år. Ret forbruget, hvis det er forkert.",
        why="Den lokale andel skal også holde, når planens regnskab bliver gjort op.",
        source=HOUSE_RULE,
        since=DECEMBER,
        wrong=(ExampleCell("Regnskab", 2, "Forbrug", "480000"),),
        right=(ExampleCell("Regnskab", 2, "Forbrug", "500000"),),
        check=local_share_spent_too_low,
    ),
    Rule(
        code="REG-04",
        title="Forbrug uden for planens periode",
        severity=Severity.WARNING,
        message="{year} ligger uden for planens periode fra den {starts_on:dato} til den "
        "{ends_on:dato}.",
        fix="Ret året, eller ret planens periode i fanen »Plan«.",
        why="Planens penge kan kun bruges i planens periode.",
        source="omraadeinfo.dk: planen er tidsbegrænset",
        since=DECEMBER,
        wrong=(ExampleCell("Regnskab", 3, "År", "2024"),),
        right=(ExampleCell("Regnskab", 3, "År", "2026"),),
        check=year_outside_period,
    ),
    Rule(
        code="REG-05",
        title="Årets forbrug mangler",
        severity=Severity.WARNING,
        message="Der står intet forbrug for {year}. Regnskabets frist er den {due_on:dato}.",
        fix="Skriv forbruget for hver type i »Regnskab«.",
        why="Landsbyggefonden skal have regnskabet hvert år og holder ellers udbetalinger tilbage.",
        source="lbf.dk, Indberetningskrav til indsatser inden for 2011-14-midlerne",
        since=DECEMBER,
        wrong="Fanen »Regnskab« har ingen rækker for 2025, og i dag er 30. juni 2026.",
        right="Fanen »Regnskab« har en række for hver type i 2025.",
        check=accounts_missing,
    ),
)
