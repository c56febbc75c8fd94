"""What stands in the overview of the secretariat. Pure; how it becomes a file is the template's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from rules import danish
from rules.figures import PlanFigures, StepFigures
from rules.finding import Severity
from rules.parameters import Parameters
from rules.personal_numbers import masked
from rules.procedure import State
from rules.vocabulary import FundingType
from sheets_templates.description import Heading, Kind, Link, ReportCell, ReportSheet
from sync.account import BookLine, BookState, NoticeLine, Overview
from sync.kontrol import ACCEPTED

UNKNOWN = "kan ikke vurderes"


def checked_line(at: datetime) -> str:
    """The line below the overview's title; it alone changes when nothing else has."""
    return f"Kontrolleret {danish.moment(at)}"


def overview_sheets(
    overview: Overview, parameters: Parameters, at: datetime, link: Callable[[str], str]
) -> tuple[ReportSheet, ...]:
    """The sheets of the overview, with every text free of CPR numbers.

    `link` makes of a workbook's address what leads there from the overview.
    """
    sheets = (
        _plans_sheet(overview, at),
        _funding_sheet(overview),
        _approvals_sheet(overview, parameters),
        _notices_sheet(overview),
        _waivers_sheet(overview),
        _books_sheet(overview),
    )
    return tuple(
        replace(sheet, rows=[[_finished(cell, link) for cell in row] for row in sheet.rows])
        for sheet in sheets
    )


def _finished(cell: ReportCell, link: Callable[[str], str]) -> ReportCell:
    """The cell with CPR numbers hidden and its address made a link."""
    if isinstance(cell, str):
        return masked(cell)
    if isinstance(cell, Link):
        leads_to = f"{cell.address}#{cell.cell}"
        if not cell.address or masked(leads_to) != leads_to:
            return masked(cell.text)
        return Link(cell.text, link(cell.address), cell.cell)
    return cell


def _plans_sheet(overview: Overview, at: datetime) -> ReportSheet:
    headings = (
        Heading("Plan-id", width=11),
        Heading("Plan", width=24),
        Heading("Område", width=15),
        Heading("Start", Kind.DATE, 11.5),
        Heading("Slut", Kind.DATE, 11.5),
        Heading("Status", width=15),
        Heading("I alt (kr.)", Kind.AMOUNT, 14.5),
        Heading("Landsbygge-\nfonden (kr.)", Kind.AMOUNT, 14.5),
        Heading("Lokalt (kr.)", Kind.AMOUNT, 13.5),
        Heading("Lokal andel", Kind.PERCENT, 8),
        Heading("Mangler, hvis totalen ligger fast (kr.)", Kind.AMOUNT, 14.5),
        Heading("Mangler, hvis tilskuddet ligger fast (kr.)", Kind.AMOUNT, 14.5),
        Heading("Næste godkendelse", width=19),
        Heading("Fejl", Kind.COUNT, 6),
        Heading("Advarsler", Kind.COUNT, 11),
        Heading("Sidst kontrolleret", width=13),
    )
    counts = _counts_by_book(overview.open_notices)
    books = {line.path: line for line in overview.books}
    rows = [_plan_row(plan, counts, books) for plan in overview.plans]
    line = f"{checked_line(at)}"
    title = f"Overblik: {overview.summary()}"
    return ReportSheet("Overblik", title, line, headings, rows)


def _names(plan: PlanFigures) -> list[ReportCell]:
    """The two cells with which every line about a plan begins."""
    return [plan.plan_id or "(uden Plan-id)", plan.name or ""]


def _plan_row(
    plan: PlanFigures,
    counts: Mapping[str, Counter[Severity]],
    books: Mapping[str, BookLine],
) -> list[ReportCell]:
    total: Counter[Severity] = Counter()
    for path in plan.workbooks:
        total.update(counts.get(path, Counter()))
    return [
        *_names(plan),
        ", ".join(plan.areas),
        plan.starts_on,
        plan.ends_on,
        plan.status or UNKNOWN,
        kroner(plan.total_oere),
        kroner(plan.grant_oere),
        kroner(plan.local_oere),
        share(plan.local_share),
        kroner(plan.missing_moved_oere),
        kroner(plan.missing_added_oere),
        _next_step(plan),
        total[Severity.ERROR],
        total[Severity.WARNING],
        _last_checked(plan, books),
    ]


def _last_checked(plan: PlanFigures, books: Mapping[str, BookLine]) -> str:
    """When the plan was checked: »ved denne kontrol«, or the oldest day among its workbooks."""
    old = [
        line.checked_at
        for path in plan.workbooks
        if (line := books.get(path)) and line.state is BookState.SKIPPED and line.checked_at
    ]
    return danish.day(min(old)) if old else "ved denne kontrol"


def _next_step(plan: PlanFigures) -> str:
    if not plan.steps:
        return UNKNOWN
    return plan.next_step or "alle er givet"


def _counts_by_book(lines: Iterable[NoticeLine]) -> dict[str, Counter[Severity]]:
    counts: dict[str, Counter[Severity]] = {}
    for line in lines:
        counts.setdefault(line.notice.workbook, Counter())[line.notice.severity] += 1
    return counts


def _funding_sheet(overview: Overview) -> ReportSheet:
    years = sorted({year for plan in overview.plans for _, year in plan.funding_oere})
    headings = (
        Heading("Plan-id", width=13),
        Heading("Plan", width=38),
        Heading("Type", width=20),
        *(Heading(str(year), Kind.AMOUNT, 15) for year in years),
        Heading("I alt (kr.)", Kind.AMOUNT, 17),
        Heading("Andel", Kind.PERCENT, 10),
    )
    rows: list[list[ReportCell]] = []
    bold = set()
    for plan in overview.plans:
        name = _names(plan)
        for type_ in [*FundingType, None]:
            amounts = [plan.funding_oere.get((type_, year)) for year in years]
            if any(amount is not None for amount in amounts):
                total = sum(amount or 0 for amount in amounts)
                cells = [kroner(amount) if amount is not None else None for amount in amounts]
                part = _part(total, plan.total_oere)
                rows.append([*name, str(type_ or "(uden type)"), *cells, kroner(total), part])
        bold.add(len(rows))
        rows.append([*name, "I alt", *_year_totals(plan, years), kroner(plan.total_oere), None])
    return ReportSheet(
        "Finansiering",
        "Finansiering pr. plan, type og år",
        "Beløb i kroner. Rækker med sum i regnearkene er ikke talt med.",
        headings,
        rows,
        frozenset(bold),
    )


def _year_totals(plan: PlanFigures, years: Sequence[int]) -> list[ReportCell]:
    if plan.total_oere is None:
        return [UNKNOWN] * len(years)
    sums = Counter[int]()
    for (_, year), amount in plan.funding_oere.items():
        sums[year] += amount
    return [kroner(sums[year]) if year in sums else None for year in years]


def _part(amount: int, total: int | None) -> ReportCell:
    return share(Fraction(amount, total)) if total else None


def _approvals_sheet(overview: Overview, parameters: Parameters) -> ReportSheet:
    headings = (
        Heading("Plan-id", width=13),
        Heading("Plan", width=38),
        *(Heading(step.name, Kind.DATE, 20) for step in parameters.steps),
        Heading("Næste godkendelse", width=19),
    )
    rows = []
    for plan in overview.plans:
        steps = {step.name: step for step in plan.steps}
        cells = [_step_cell(steps.get(step.name)) for step in parameters.steps]
        rows.append([*_names(plan), *cells, _next_step(plan)])
    return ReportSheet(
        "Godkendelser",
        "Godkendelser pr. plan og trin",
        "Datoen er den seneste godkendelse i trinnet.",
        headings,
        rows,
    )


_STATE_WORDS = {
    State.APPROVED: "godkendt uden dato",
    State.REJECTED: "afvist",
    State.PENDING: "afventer",
    State.NOT_RELEVANT: "ikke relevant",
    State.UNKNOWN: UNKNOWN,
}


def _step_cell(step: StepFigures | None) -> ReportCell:
    if step is None:
        return UNKNOWN
    if step.state is State.APPROVED and step.decided_on:
        return step.decided_on
    if step.state is State.ABSENT:
        return "mangler" if step.mandatory else "ikke registreret"
    return _STATE_WORDS[step.state]


def _notices_sheet(overview: Overview) -> ReportSheet:
    headings = (
        Heading("Alvor", width=10),
        Heading("Kode", width=9),
        Heading("Plan-id", width=13),
        Heading("Område", width=16),
        Heading("Regneark", width=30),
        Heading("Fane", width=14),
        Heading("Celle", width=8),
        Heading("Felt", width=16),
        Heading("Besked", width=60),
        Heading("Sådan retter du", width=50),
        Heading("Først set", Kind.DATE, 12),
    )
    worst_first = sorted(
        overview.notices,
        key=lambda line: (bool(line.waiver), line.notice.severity.rank, line.plan_id or ""),
    )
    rows = [_notice_row(line) for line in worst_first]
    return ReportSheet(
        "Advarsler",
        "Alle åbne fejl, advarsler og oplysninger",
        "Klik på cellen for at åbne regnearket der.",
        headings,
        rows,
        severity_column=0,
    )


def _notice_row(line: NoticeLine) -> list[ReportCell]:
    notice = line.notice
    tab = (notice.tab or "").replace("'", "''")
    target = f"'{tab}'!{notice.cell or 'A1'}" if notice.tab else ""
    return [
        (ACCEPTED if line.waiver else notice.severity).capitalize(),
        notice.code,
        line.plan_id or "",
        line.area or "",
        Link(notice.workbook, line.address),
        notice.tab or "",
        Link(notice.cell, line.address, target) if notice.cell else "",
        notice.column or "",
        notice.message,
        line.waiver.sentence if line.waiver else notice.fix,
        line.first_seen,
    ]


def _waivers_sheet(overview: Overview) -> ReportSheet:
    headings = (
        Heading("Tilstand", width=22),
        Heading("Plan-id", width=11),
        Heading("Kode", width=9),
        Heading("Fane", width=15),
        Heading("Sted", width=14),
        Heading("Begrundelse", width=46),
        Heading("Accepteret af", width=18),
        Heading("Til og med", Kind.DATE, 11.5),
        Heading("Sådan gør du", width=46),
    )
    rows = [
        (
            line.standing.value,
            line.waiver.plan_id,
            line.waiver.code,
            line.waiver.tab,
            line.waiver.spot,
            line.waiver.reason,
            line.waiver.by,
            line.waiver.until,
            line.advice,
        )
        for line in overview.waivers
    ]
    line = "Det, som sekretariatet har accepteret i sit eget regneark Undtagelser."
    return ReportSheet("Undtagelser", "Undtagelser", line, headings, rows)


def _books_sheet(overview: Overview) -> ReportSheet:
    headings = (
        Heading("Regneark", width=40),
        Heading("Plan-id", width=13),
        Heading("Område", width=17),
        Heading("Tilstand", width=22),
        Heading("Forklaring", width=55),
        Heading("Sidst ændret", Kind.DATE, 14),
        Heading("Sidst kontrolleret", width=20),
        Heading("Fejl", Kind.COUNT, 7),
        Heading("Advarsler", Kind.COUNT, 11),
        Heading("Info", Kind.COUNT, 7),
    )
    rows = [_book_row(line) for line in overview.books]
    return ReportSheet(
        "Regneark",
        "Alle regneark i kontrollen",
        "Også dem, der ikke kunne læses, blev sprunget over eller er forsvundet.",
        headings,
        rows,
    )


def _book_row(line: BookLine) -> list[ReportCell]:
    in_this_run = line.state not in {BookState.SKIPPED, BookState.MISSING}
    checked = danish.day(line.checked_at) if line.checked_at else "aldrig"
    counts: list[ReportCell] = [None] * 3
    if line.counts is not None:
        counts = [line.counts.get(severity, 0) for severity in Severity]
    return [
        Link(line.path, line.address) if line.address else line.path,
        line.plan_id or "",
        line.area or "",
        str(line.state),
        line.reason,
        line.changed_at.date() if line.changed_at else None,
        "ved denne kontrol" if in_this_run else checked,
        *counts,
    ]


def kroner(oere: int | None) -> ReportCell:
    """An amount in øre as exact kroner; where it is not known, in words."""
    return UNKNOWN if oere is None else Decimal(oere).scaleb(-2)


def share(part: Fraction | None) -> ReportCell:
    """A share cut (never rounded up) at a tenth of a percent, so that no miss looks like a pass."""
    if part is None:
        return UNKNOWN
    return Decimal((part * 1000).__floor__()).scaleb(-3)
