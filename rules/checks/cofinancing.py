"""FIN: the money, and the local co-financing of at least 25 % of the plan's total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from rules.judging.money import (
    funding_sums,
    is_short,
    is_sum,
    missing_added,
    missing_moved,
    sum_oere,
    unrounded_sum,
)
from rules.judging.rule import TECHNICAL, Case, ExampleCell, Rule, Wording
from rules.model.choices import ActivityStatus, Commitment, FundingForm, PlanStatus
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameter_types import HOUSE_RULE
from rules.model.plan import Funding, Plan, Workbook
from rules.text.marking import N_


def local_share_too_low(case: Case) -> Iterator[Finding]:
    """FIN-01: the plan's local co-financing is under its share of the total, to the øre."""
    share = case.minimum_local_share
    money = case.money
    if money is None or not money.is_judgeable or money.total_oere <= 0:
        return
    local, total = money.local_oere, money.total_oere
    if is_short(local, total, share):
        facts: dict[str, Fact] = {
            "local": local,
            "total": total,
            "share": share,
            "moved": missing_moved(local, total, share),
            "added": missing_added(local, total, share),
        }
        yield Finding("FIN-01", _money_place(case.plan), facts)


def year_share_low(case: Case) -> Iterator[Finding]:
    """FIN-02: one year's local share is too low, though the plan's as a whole is not."""
    share = case.minimum_local_share
    money = case.money
    if money is None or not money.is_judgeable:
        return
    if is_short(money.local_oere, money.total_oere, share):
        return
    for year in sorted({year for _, year in money.sums}):
        local = sum_oere(money.sums, case.parameters.local_types, year)
        total = sum_oere(money.sums, year=year)
        if is_short(local, total, share):
            layouts = [(w, w.layouts["funding"]) for w in case.plan.workbooks if w.has("funding")]
            workbook, layout = next((w, one) for w, one in layouts if year in one.years)
            place = workbook.place("funding", layout.row_of_header(layout.years[year]), year)
            facts: dict[str, Fact] = {"year": year, "local": local, "total": total, "share": share}
            yield Finding("FIN-02", place, facts, str(year))


def grant_under_half(case: Case) -> Iterator[Finding]:
    """FIN-03: Landsbyggefonden gives less than half of the total."""
    share = case.parameters.low_grant_share.value
    money = case.money
    if money and money.is_judgeable and is_short(money.grant_oere, money.total_oere, share):
        grant, total = money.grant_oere, money.total_oere
        facts: dict[str, Fact] = {"grant": grant, "total": total, "share": share}
        yield Finding("FIN-03", _money_place(case.plan), facts)


def _money_place(plan: Plan) -> Place:
    """The total row's Kilde in the plan's first workbook with funding, else the tab."""
    workbook = _first_with_money(plan)
    total_row = _total_row(workbook)
    if total_row is None or not workbook.has("funding", "source"):
        return workbook.place("funding")
    return workbook.place("funding", total_row.row, "source")


def _first_with_money(plan: Plan) -> Workbook:
    return plan.first_with("funding") or plan.first


def _total_row(workbook: Workbook) -> Funding | None:
    return next((funding for funding in workbook.funding if funding.is_total), None)


def row_sum_wrong(case: Case) -> Iterator[Finding]:
    """FIN-04: a row's I alt is not the sum of its years; a total row may leave years empty.

    Silent on a total row where an I alt above or below it cannot be read: it adds up these too.
    """
    for workbook, row in case.plan.rows(Funding):
        stated, years = row.total_oere, workbook.layouts["funding"].years
        if stated is None or row.unread_years or not years:
            continue
        if workbook.layouts["funding"].hides_amounts:
            continue
        if row.is_total and (
            years.keys() - row.years.keys()
            or any("total_oere" in other.unread for other in workbook.funding)
        ):
            continue
        years_of_row = [(row, str(year), oere) for year, oere in row.years.items()]
        if not is_sum(stated, years_of_row):
            total = unrounded_sum(years_of_row)
            yield workbook.finding("FIN-04", row, "total_oere", stated=stated, sum=total)


def column_sum_wrong(case: Case) -> Iterator[Finding]:
    """FIN-05: the total row's amount of a year, or its I alt, is not the sum of the column.

    Silent for a column in which an amount cannot be read.
    """
    for workbook in case.plan.workbooks:
        total_row = _total_row(workbook)
        if total_row is None or workbook.layouts["funding"].hides_amounts:
            continue
        rows = [funding for funding in workbook.funding if not funding.is_total]
        for year in workbook.layouts["funding"].years:
            stated = total_row.years.get(year)
            column = [(row, str(year), row.years.get(year, 0)) for row in rows]
            if stated is None or any(year in funding.unread_years for funding in rows):
                continue
            if not is_sum(stated, column):
                place = workbook.place("funding", total_row.row, year)
                facts: dict[str, Fact] = {"stated": stated, "sum": unrounded_sum(column)}
                yield Finding("FIN-05", place, facts, str(year))
        totals = [(f, "total_oere", f.total_oere) for f in rows if f.total_oere is not None]
        stated = total_row.total_oere
        if stated is not None and rows and len(totals) == len(rows) and not is_sum(stated, totals):
            place = workbook.place("funding", total_row.row, "total_oere")
            facts = {"stated": stated, "sum": unrounded_sum(totals)}
            yield Finding("FIN-05", place, facts, "total")


def amount_outside_period(case: Case) -> Iterator[Finding]:
    """FIN-06: there is an amount in a year in which the plan does not run."""
    for workbook, row in case.plan.funding_rows():
        first, last = workbook.form.period or (date.min, date.max)
        for year, amount in row.years.items():
            if amount and not first.year <= year <= last.year:
                facts: dict[str, Fact] = {"amount": amount, "year": year}
                facts |= {"starts_on": first, "ends_on": last}
                yield workbook.finding("FIN-06", row, year, **facts)


def in_kind_without_basis(case: Case) -> Iterator[Finding]:
    """FIN-07: local co-financing in hours or premises has no remark on how it was valued."""
    for workbook, row in case.plan.funding_rows():
        if row.type not in case.parameters.local_types or not workbook.has("funding", "remark"):
            continue
        if row.form in (None, FundingForm.CASH) or row.remark or row.unread & {"form", "remark"}:
            continue
        yield workbook.finding("FIN-07", row, "remark", form=row.form or "")


def commitment_missing(case: Case) -> Iterator[Finding]:
    """FIN-08: the plan's status is past approval, and a source has not promised its money.

    Silent for a row without any.
    """
    if not case.plan.is_beyond(PlanStatus.FOR_APPROVAL):
        return
    status = case.plan.status or ""
    for workbook, row in case.plan.funding_rows():
        if row.commitment and row.commitment != Commitment.YES and any(row.years.values()):
            variant = "no" if row.commitment == Commitment.NO else ""
            facts = {"commitment": row.commitment, "status": status}
            found = workbook.finding("FIN-08", row, "commitment", **facts)
            yield replace(found, variant=variant)


def budgets_differ_from_funding(case: Case) -> Iterator[Finding]:
    """FIN-09: a workbook's budgets and its funding differ by a krone or more.

    Silent where anything on either side cannot be read, and where the plan has no funding.
    """
    if _lacks_funding(case):
        return
    for workbook in case.plan.workbooks:
        rows = [funding for funding in workbook.funding if not funding.is_total]
        if not rows or not workbook.activities or not workbook.layouts["funding"].years:
            continue
        if not workbook.has("funding", "source") or workbook.layouts["funding"].hides_amounts:
            continue
        if any(f.unread_years or "source" in f.unread for f in rows):
            continue
        kept = [one for one in workbook.activities if one.status != ActivityStatus.DROPPED]
        if any(one.budget_oere is None or one.status is None for one in kept):
            continue
        budgets = sum(one.budget_oere or 0 for one in kept)
        funded = sum_oere(funding_sums(rows))
        if abs(budgets - funded) >= OERE:
            facts: dict[str, Fact] = {"budgets": budgets, "funded": funded}
            facts["difference"] = abs(budgets - funded)
            place = _money_place(Plan((workbook,)))
            if budgets > funded:
                yield Finding("FIN-09", place, facts)
            else:
                yield Finding("FIN-09", place, facts, variant="less", severity=Severity.INFO)


def no_funding(case: Case) -> Iterator[Finding]:
    """FIN-10: the plan has no money at all; silent while it is being written."""
    if _lacks_funding(case):
        variant = "zero" if any(case.plan.funding_rows()) else ""
        yield Finding("FIN-10", _first_with_money(case.plan).place("funding"), variant=variant)


def _lacks_funding(case: Case) -> bool:
    money = case.money
    if money is None or not money.is_readable or case.plan.status == PlanStatus.DRAFT:
        return False
    return not any(any(funding.years.values()) for _, funding in case.plan.funding_rows())


def cannot_be_judged(case: Case) -> Iterator[Finding]:
    """FIN-11: a workbook has amounts or types that cannot be read; the cells have CEL findings."""
    for workbook in case.money.unreadable if case.money else ():
        yield Finding("FIN-11", workbook.place("funding"))


OERE = 100
"""A krone in øre."""
COFINANCING = N_("lbf.dk, organisation og økonomiske rammer; almenboligloven § 91 a")

RULES = (
    Rule(
        code="FIN-01",
        title="For lidt lokal medfinansiering",
        severity=Severity.ERROR,
        message="Den lokale medfinansiering er {local:kr} af {total:kr}, altså under kravet om "
        "mindst {share:pct} Der mangler {moved:kr}, hvis totalen ligger fast, eller {added:kr} "
        "ekstra, hvis Landsbyggefondens tilskud ligger fast.",
        fix="Flyt {moved:kr} fra Landsbyggefondens tilskud til lokale kilder, eller find "
        "{added:kr} ekstra, og læg dem til et budget.",
        why="Mindst 25 pct. af planens samlede budget skal komme fra kommune, boligorganisation "
        "eller boligafdeling. Kravet gælder totalen og ikke tilskuddet.",
        source=COFINANCING,
        wrong=(
            ExampleCell("Finansiering", 1, "2025", "1750000"),
            ExampleCell("Finansiering", 1, "I alt", "6250000"),
            ExampleCell("Finansiering", 2, "2025", "250000"),
            ExampleCell("Finansiering", 2, "I alt", "1750000"),
        ),
        right=(
            ExampleCell("Finansiering", 1, "2025", "1500000"),
            ExampleCell("Finansiering", 2, "2025", "500000"),
        ),
        check=local_share_too_low,
    ),
    Rule(
        code="FIN-02",
        title="Et enkelt år med lav lokal medfinansiering",
        severity=Severity.INFO,
        message="I {year} er den lokale medfinansiering {local:kr} af {total:kr}, altså under "
        "{share:pct} Planen som helhed opfylder kravet.",
        fix="Du behøver ikke gøre noget, hvis fordelingen mellem årene er rigtig.",
        why="Kravet gælder planens samlede budget. Et lavt år kan være en tastefejl.",
        source=HOUSE_RULE,
        wrong=(
            ExampleCell("Finansiering", 1, "2025", "1600000"),
            ExampleCell("Finansiering", 2, "2025", "400000"),
            ExampleCell("Finansiering", 1, "2026", "1400000"),
            ExampleCell("Finansiering", 2, "2026", "600000"),
        ),
        right=(
            ExampleCell("Finansiering", 1, "2025", "1500000"),
            ExampleCell("Finansiering", 2, "2025", "500000"),
        ),
        check=year_share_low,
    ),
    Rule(
        code="FIN-03",
        title="Landsbyggefonden giver under halvdelen",
        severity=Severity.INFO,
        message="Landsbyggefonden giver {grant:kr} af {total:kr}, altså mindre end {share:pct}",
        fix="Se efter, om en kilde har fået en forkert »Type«.",
        why="Landsbyggefonden betaler normalt det meste af en plan.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Finansiering", 1, "Type", "Fond"),),
        right=(ExampleCell("Finansiering", 1, "Type", "Landsbyggefonden"),),
        check=grant_under_half,
    ),
    Rule(
        code="FIN-04",
        title="Rækkens sum passer ikke",
        severity=Severity.ERROR,
        message="Her står {stated:kr}, men årene giver tilsammen {sum:kr}",
        fix="Ret et beløb i rækken, eller ret »I alt« til {sum:kr}",
        why="Ellers ved man ikke, hvilket tal der gælder.",
        source=TECHNICAL,
        wrong=(
            ExampleCell("Finansiering", 1, "I alt", "5999999"),
            ExampleCell("Finansiering", 2, "I alt", "2000001"),
        ),
        right=(ExampleCell("Finansiering", 2, "I alt", "2000000"),),
        check=row_sum_wrong,
    ),
    Rule(
        code="FIN-05",
        title="Kolonnens sum passer ikke",
        severity=Severity.ERROR,
        message="Her står {stated:kr}, men rækkerne giver tilsammen {sum:kr}",
        fix="Ret et beløb i kolonnen, eller ret summen til {sum:kr}",
        why="Ellers ved man ikke, hvilket tal der gælder.",
        source=TECHNICAL,
        wrong=(
            ExampleCell("Finansiering", 3, "2025", "2000001"),
            ExampleCell("Finansiering", 3, "2026", "1999999"),
        ),
        right=(ExampleCell("Finansiering", 3, "2025", "2000000"),),
        check=column_sum_wrong,
    ),
    Rule(
        code="FIN-06",
        title="Beløb uden for planens periode",
        severity=Severity.WARNING,
        message="Der står {amount:kr} i {year}, men planen løber fra den {starts_on:dato} til "
        "den {ends_on:dato}.",
        fix="Flyt beløbet til et år i planens periode, eller ret perioden i fanen »Plan«.",
        why="Planens penge kan kun bruges i planens periode.",
        source="omraadeinfo.dk: planen er tidsbegrænset",
        wrong=(
            ExampleCell("Plan", 1, "Startdato", "01-01-2026"),
            ExampleCell("Plan", 1, "Slutdato", "31-12-2029"),
        ),
        right=(ExampleCell("Plan", 1, "Startdato", "01-01-2025"),),
        check=amount_outside_period,
    ),
    Rule(
        code="FIN-07",
        title="Timer eller lokaler uden forklaring",
        severity=Severity.WARNING,
        message="»Art« er »{form}«, men der står ikke, hvordan værdien er gjort op.",
        fix="Skriv i »Bemærkning«, hvordan værdien er gjort op, for eksempel antal timer og sats.",
        why="Timer og lokaler kan tælle med, men der er ingen fast regel for deres værdi.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Finansiering", 2, "Art", "Timer"),),
        right=(
            ExampleCell("Finansiering", 2, "Art", "Timer"),
            ExampleCell("Finansiering", 2, "Bemærkning", "1.500 timer a 400 kr. om året"),
        ),
        check=in_kind_without_basis,
    ),
    Rule(
        code="FIN-08",
        title="Tilsagn mangler",
        severity=Severity.WARNING,
        message="»Tilsagn« er »{commitment}«, selv om planen er »{status}«.",
        fix="Skriv »Ja«, når tilsagnet er givet. Ret ellers »Planstatus« i fanen »Plan«.",
        variants={
            "no": Wording(
                "»Tilsagn« er »{commitment}«, selv om planen er »{status}«. Pengene kommer ikke.",
                "Find en anden kilde til pengene, og sæt denne kildes beløb til 0.",
            )
        },
        why="Pengene skal være lovet, før planen bliver godkendt.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Finansiering", 2, "Tilsagn", "Afventer"),),
        right=(ExampleCell("Finansiering", 2, "Tilsagn", "Ja"),),
        check=commitment_missing,
    ),
    Rule(
        code="FIN-09",
        title="Budget og finansiering passer ikke sammen",
        severity=Severity.WARNING,
        message="Indsatsernes budgetter er tilsammen {budgets:kr}, men finansieringen er "
        "{funded:kr} Forskellen er {difference:kr}",
        fix="Ret et budget i »Indsatser« eller et beløb i »Finansiering«.",
        variants={
            "less": Wording(
                "Finansieringen er {funded:kr}, men indsatsernes budgetter er tilsammen "
                "{budgets:kr} Forskellen er {difference:kr}",
                "Du behøver ikke gøre noget, hvis resten går til andet end indsatser, for eksempel "
                "projektledelse.",
            )
        },
        why="De penge, der skal bruges, bør svare til de penge, der kommer ind.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Indsatser", 1, "Budget", "1600001"),),
        right=(ExampleCell("Indsatser", 1, "Budget", "1600000"),),
        check=budgets_differ_from_funding,
    ),
    Rule(
        code="FIN-10",
        title="Ingen finansiering",
        severity=Severity.ERROR,
        message="Planen har ingen finansiering. Skriv en række for hver kilde.",
        fix="Skriv hver kilde med beløb for hvert år i fanen »Finansiering«.",
        variants={
            "zero": Wording(
                "Alle beløb i planens finansiering er 0 kr. eller tomme.",
                "Skriv beløb for hvert år ud for kilderne i fanen »Finansiering«.",
            )
        },
        why="Uden finansiering kan medfinansieringen ikke vurderes.",
        source=TECHNICAL,
        wrong="Fanen »Finansiering« har kun overskrifter.",
        right="Fanen »Finansiering« har en række for hver kilde.",
        check=no_funding,
    ),
    Rule(
        code="FIN-11",
        title="Medfinansieringen kan ikke vurderes",
        severity=Severity.WARNING,
        message="Medfinansieringen kan ikke vurderes, før alle beløb og typer i fanen er udfyldt "
        "og kan læses.",
        fix="Udfyld eller ret først de celler i fanen, som er tomme eller ikke kan læses.",
        why="Kontrollen gætter aldrig på penge. Et beløb, der ikke kan læses, er ikke 0.",
        source=TECHNICAL,
        wrong=(ExampleCell("Finansiering", 1, "2025", "afventer svar"),),
        right=(ExampleCell("Finansiering", 1, "2025", "1500000"),),
        check=cannot_be_judged,
    ),
)
