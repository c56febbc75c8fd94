"""The tab Regneark: every workbook of the run, and those that were there before."""

from __future__ import annotations

from rules import danish
from rules.finding import Severity
from sheets_templates.description import Heading, Kind, Link, ReportCell, ReportSheet
from sync.account import BookLine, BookState, Overview


def books_sheet(overview: Overview) -> ReportSheet:
    """The tab."""
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
