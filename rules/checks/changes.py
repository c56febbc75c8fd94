"""APR: what has changed since the fund approved the plan; silent where nothing is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.judging.approved import (
    ApprovedPlan,
    ApprovedRow,
    ApprovedWorkbook,
    row_keys,
    workbook_key,
)
from rules.judging.rule import Case, Rule, Wording, approval_day
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameters import HOUSE_RULE
from rules.model.plan import Funding, Workbook
from rules.text.marking import N_


def changed_after_approval(case: Case) -> Iterator[Finding]:
    """APR-01: each amount and each date that differs; a later approval ends it."""
    remembered = case.approved
    if remembered is None:
        return
    day = approval_day(case)
    if day and day > remembered.approved_on:
        return
    for workbook in case.plan.workbooks:
        if book := remembered.books.get(workbook_key(workbook)):
            yield from _dates(case, workbook, book, remembered)
            yield from _amounts(case, workbook, book, remembered)


def _dates(
    case: Case, workbook: Workbook, book: ApprovedWorkbook, remembered: ApprovedPlan
) -> Iterator[Finding]:
    pairs = (
        ("starts_on", book.starts_on, workbook.form.starts_on),
        ("ends_on", book.ends_on, workbook.form.ends_on),
    )
    for key, old, new in pairs:
        if old and new and old != new:
            facts = _facts(case, remembered, {"old": old, "new": new})
            yield Finding("APR-01", workbook.field_place(key), facts, key, "date")


def _amounts(
    case: Case, workbook: Workbook, book: ApprovedWorkbook, remembered: ApprovedPlan
) -> Iterator[Finding]:
    if not workbook.has("funding", "source"):
        return
    now = dict(row_keys(workbook.funding))
    gone = [row for row in book.rows if row.identity not in now]
    for identity, funding, old in _paired(now, book, gone):
        for year in sorted({*funding.years, *(old.years if old else ())}):
            before, after = old.years.get(year, 0) if old else 0, funding.years.get(year, 0)
            if before == after or year in funding.unread_years:
                continue
            facts = _facts(case, remembered, {"year": year, "old": before, "new": after})
            place = _year_place(workbook, funding, year)
            yield Finding("APR-01", place, facts, f"{identity}|{year}")
    for row in gone:
        if row.sum_oere:
            facts = _facts(case, remembered, {"source": row.source, "old": row.sum_oere})
            yield Finding("APR-01", workbook.place("funding"), facts, row.identity, "row")


def _paired(
    now: dict[str, Funding], book: ApprovedWorkbook, gone: list[ApprovedRow]
) -> Iterator[tuple[str, Funding, ApprovedRow | None]]:
    """Each row with what it was; a row with another name and the same amounts is the same row.

    Takes the rows that were only renamed out of `gone`.
    """
    before = {row.identity: row for row in book.rows}
    for identity, funding in now.items():
        old = before.get(identity)
        if old is None:
            old = next((row for row in gone if row.years == funding.years), None)
            if old:
                gone.remove(old)
        yield identity, funding, old


def _year_place(workbook: Workbook, funding: Funding, year: int) -> Place:
    """The amount's cell; where its column is gone, the row's first cell."""
    if year in workbook.layouts["funding"].years:
        return workbook.year_place(funding.row, year)
    return workbook.place("funding", funding.row, "source")


def _facts(
    case: Case, remembered: ApprovedPlan, facts: dict[str, str | int | date]
) -> dict[str, Fact]:
    (step,) = case.parameters.in_text((case.parameters.final_step,))
    return {**facts, "step": step, "approved_on": remembered.approved_on}


_FIX = N_(
    "Ret tilbage til det godkendte, eller skriv den nye godkendelse ind. Sekretariatet kan også "
    "acceptere ændringen."
)
RULES = (
    Rule(
        code="APR-01",
        title="Ændret efter godkendelsen",
        severity=Severity.WARNING,
        message="Beløbet for {year} var {old:kr}, da {step:trin} godkendte planen "
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
                "Datoen var {old:dato}, da {step:trin} godkendte planen {approved_on:dato}. "
                "Nu er den {new:dato}.",
                _FIX,
            ),
            "row": Wording(
                "Kilden »{source}« gav {old:kr}, da {step:trin} godkendte planen "
                "{approved_on:dato}. Rækken står her ikke længere.",
                _FIX,
            ),
        },
        since=date(2026, 11, 25),
        check=changed_after_approval,
    ),
)
