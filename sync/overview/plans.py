"""The tab Overblik: a line for each plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from rules import danish
from rules.figures import PlanFigures
from rules.finding import Severity
from sheets_templates.description import Heading, Kind, ReportCell, ReportSheet
from sync.account import BookLine, BookState, NoticeLine, Overview
from sync.overview.cells import UNKNOWN, kroner, names, next_step, share


def checked_line(at: datetime) -> str:
    """The line below the overview's title; it alone changes when nothing else has."""
    return f"Kontrolleret {danish.moment(at)}"


def plans_sheet(overview: Overview, at: datetime) -> ReportSheet:
    """The tab."""
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
    rows = [_plan_row(plan, counts, books) for plan in overview.figures]
    line = checked_line(at)
    title = f"Overblik: {overview.summary()}"
    return ReportSheet("Overblik", title, line, headings, rows)


def _plan_row(
    plan: PlanFigures,
    counts: Mapping[str, Counter[Severity]],
    books: Mapping[str, BookLine],
) -> list[ReportCell]:
    total: Counter[Severity] = Counter()
    for path in plan.workbooks:
        total.update(counts.get(path, Counter()))
    return [
        *names(plan),
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
        next_step(plan),
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


def _counts_by_book(lines: Iterable[NoticeLine]) -> dict[str, Counter[Severity]]:
    counts: dict[str, Counter[Severity]] = {}
    for line in lines:
        counts.setdefault(line.notice.workbook, Counter())[line.notice.severity] += 1
    return counts
