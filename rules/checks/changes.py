"""APR: what has changed since the fund approved the plan; silent where nothing is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from rules.judging.approved import ApprovedRow, ApprovedWorkbook, row_keys, workbook_key
from rules.judging.rule import Case, Rule, Wording
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameter_types import HOUSE_RULE
from rules.model.plan import Funding, Workbook
from rules.text.marking import N_


def changed_after_approval(case: Case) -> Iterator[Finding]:
    """APR-01: an amount or a date is another than on the day of the final approval.

    A later approval ends it.
    """
    remembered = case.approved
    if remembered is None or (case.approval_day or date.min) > remembered.approved_on:
        return
    step = case.parameters.step(case.parameters.final_step).in_text
    common: dict[str, Fact] = {"step": step, "approved_on": remembered.approved_on}
    for workbook in case.plan.workbooks:
        if approved := remembered.books.get(workbook_key(workbook)):
            for finding in (*_dates(workbook, approved), *_amounts(workbook, approved)):
                yield replace(finding, facts={**finding.facts, **common})


def _dates(workbook: Workbook, approved: ApprovedWorkbook) -> Iterator[Finding]:
    form = workbook.form
    for key, old, new in (
        ("starts_on", approved.starts_on, form.starts_on),
        ("ends_on", approved.ends_on, form.ends_on),
    ):
        if old and new and old != new:
            yield workbook.field_finding("APR-01", key, "date", old=old, new=new)


def _amounts(workbook: Workbook, approved: ApprovedWorkbook) -> Iterator[Finding]:
    """What differs in the rows; a source that is gone, or new, is one finding."""
    if not workbook.has("funding", "source"):
        return
    now = row_keys(workbook.funding)
    gone = {row.identity: row for row in approved.rows}
    before = _recognised(now, gone)
    for identity, funding in now:
        old = before.get(identity)
        if old is None and (amount := funding.sum_oere):
            place = workbook.place("funding", funding.row, "source")
            facts: dict[str, Fact] = {"source": funding.source or "", "new": amount}
            yield Finding("APR-01", place, facts, identity, "new")
        for year in _changed_years(funding, old) if old else ():
            has_column = year in workbook.layouts["funding"].years
            place = workbook.place("funding", funding.row, year if has_column else "source")
            facts = {"year": year, "old": old.years.get(year, 0) if old else 0}
            facts["new"] = funding.years.get(year, 0)
            yield Finding("APR-01", place, facts, f"{identity}|{year}")
    for row in gone.values():
        if amount := sum(row.years.values()):
            facts = {"source": row.source, "old": amount}
            yield Finding("APR-01", workbook.place("funding"), facts, row.identity, "row")


def _recognised(
    now: Sequence[tuple[str, Funding]], gone: dict[str, ApprovedRow]
) -> dict[str, ApprovedRow]:
    """What each row was, by its identity; takes those rows out of `gone`.

    A row with another name is the same one if its amounts are, or all but one of them.
    """
    found = {identity: gone.pop(identity) for identity, _ in now if identity in gone}
    for changes in (0, 1):
        for identity, funding in now:
            if identity in found:
                continue
            old = next((row for row in gone.values() if _alike(funding, row, changes)), None)
            if old:
                found[identity] = gone.pop(old.identity)
    return found


def _alike(funding: Funding, old: ApprovedRow, changes: int) -> bool:
    years = _changed_years(funding, old)
    has_same = any(old.years.get(y) == oere for y, oere in funding.years.items() if oere)
    return len(years) == changes and (has_same or not changes)


def _changed_years(funding: Funding, old: ApprovedRow) -> list[int]:
    years = sorted({*funding.years, *old.years} - funding.unread_years)
    return [year for year in years if funding.years.get(year, 0) != old.years.get(year, 0)]


_FIX = N_(
    "Ret tilbage til det godkendte, eller skriv den nye godkendelse ind. Sekretariatet kan også "
    "acceptere ændringen."
)
RULES = (
    Rule(
        code="APR-01",
        title="Ændret efter godkendelsen",
        severity=Severity.WARNING,
        message="Beløbet for {year} var {old:kr}, da {step:trin} godkendte planen den "
        "{approved_on:dato}. Nu er det {new:kr}",
        fix=_FIX,
        why="Tilskuddet er givet til planen, som den blev godkendt. Større ændringer skal aftales "
        "med Landsbyggefonden.",
        source=HOUSE_RULE,
        wrong="Kommunens beløb for 2026 var 700.000 kr., da Landsbyggefonden godkendte planen. "
        "Senere står der 600.000 kr.",
        right="Beløbet er det samme som ved godkendelsen, eller der er kommet en ny godkendelse.",
        variants={
            "date": Wording(
                "Datoen var den {old:dato}, da {step:trin} godkendte planen den "
                "{approved_on:dato}. Nu er den {new:dato}.",
                _FIX,
            ),
            "new": Wording(
                "Kilden »{source}« giver {new:kr}, men stod her ikke, da {step:trin} godkendte "
                "planen den {approved_on:dato}.",
                _FIX,
            ),
            "row": Wording(
                "Kilden »{source}« stod til at give {old:kr}, da {step:trin} godkendte planen "
                "den {approved_on:dato}. Rækken står her ikke længere.",
                _FIX,
            ),
        },
        since=date(2026, 11, 25),
        check=changed_after_approval,
    ),
)
