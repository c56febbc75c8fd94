"""The tab Advarsler: what is open, worst first; then what is accepted; then what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.model.finding import Severity
from rules.text.marking import N_
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    CellKind,
    Figure,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportSheet,
    severities,
)
from sync.findings.owned import ACCEPTED
from sync.i18n.language import _, spoken
from sync.overview.cells import unknown
from sync.overview.model import BookState, NoticeLine, Overview

_NOT_JUDGED = N_("Ikke vurderet")
_HEADINGS = (
    Heading("Alvor", width=13.5),
    Heading("Kode", width=8.5),
    Heading("Plan-id", width=14),
    Heading("Område", width=14),
    Heading("Regneark", width=20),
    Heading("Fane", width=13.5),
    Heading("Celle", width=7.5),
    Heading("Felt", width=14),
    Heading("Besked", width=50),
    Heading("Sådan retter du", width=40),
    Heading("Først set", CellKind.DATE, 11.5),
    Heading("Dage", CellKind.COUNT, 7),
)


def notices_sheet(overview: Overview, today: date) -> ReportSheet:
    """The tab."""
    worst_first = sorted(
        overview.notices,
        key=lambda line: (bool(line.waiver), line.notice.severity.rank, line.plan_id or ""),
    )
    rows = [_notice_row(line, today) for line in worst_first]
    not_judged = list(_not_judged(overview))
    counts = [
        sum(line.notice.severity is severity for line in overview.open_notices)
        for severity in Severity
    ]
    accepted = len(overview.notices) - sum(counts)
    return ReportSheet(
        "Advarsler",
        "Alle åbne fejl, advarsler og oplysninger",
        "Klik på cellen for at åbne regnearket der. Nederst står det accepterede og det, der ikke "
        "kunne vurderes.",
        _HEADINGS,
        [*rows, *not_judged],
        highlights=(
            *severities(0),
            Highlight(Mark.WATCH, _NOT_JUDGED, 0, 0),
            Highlight(Mark.MUTED, ACCEPTED, 0, len(_HEADINGS) - 1, by=0),
        ),
        figures=(
            Figure("Åbne fejl", counts[0], mark=Mark.BAD if counts[0] else Mark.GOOD),
            Figure("Åbne advarsler", counts[1], mark=Mark.WATCH if counts[1] else Mark.GOOD),
            Figure("Oplysninger", counts[2]),
            Figure("Accepteret", accepted, leads_to="Undtagelser"),
            Figure("Ikke vurderet", len(not_judged)),
        ),
    )


def _notice_row(line: NoticeLine, today: date) -> list[ReportCell]:
    notice = line.notice
    tab = (notice.tab or "").replace("'", "''")
    target = f"'{tab}'!{notice.cell or 'A1'}" if notice.tab else ""
    return [
        _(ACCEPTED if line.waiver else notice.severity).capitalize(),
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
        (today - line.first_seen).days,
    ]


def _not_judged(overview: Overview) -> Iterator[list[ReportCell]]:
    """Workbooks that could not be looked at, and plans of which something is not known."""
    for book in overview.books:
        if book.state in {BookState.SKIPPED, BookState.MISSING}:
            where = Link(book.path, book.address) if book.address else book.path
            yield _gap(book.plan_id, book.area, where, f"{_(book.state)}. {book.reason}".strip())
    for plan in overview.plans:
        figures = plan.figures
        gaps = []
        if figures.local_share is None:
            gaps.append(_("den lokale medfinansiering"))
        if not figures.steps:
            gaps.append(_("godkendelserne"))
        if figures.starts_on is None or figures.ends_on is None:
            gaps.append(_("planens periode"))
        if gaps:
            first = plan.books[0]
            message = f"{spoken().listed(gaps).capitalize()} {unknown()}."
            where = Link(first.workbook.path, first.address)
            yield _gap(figures.plan_id, ", ".join(figures.areas), where, message)


def _gap(
    plan_id: str | None, area: str | None, where: Link | str, message: str
) -> list[ReportCell]:
    blank = [""] * 3
    return [_(_NOT_JUDGED), "", plan_id or "", area or "", where, *blank, message, "", None, None]
