"""The tab Advarsler: every open finding, worst first."""

from __future__ import annotations

from sheets_templates.description import (
    Heading,
    Highlight,
    Kind,
    Link,
    Mark,
    ReportCell,
    ReportSheet,
    severities,
)
from sync.account import NoticeLine, Overview
from sync.kontrol import ACCEPTED


def notices_sheet(overview: Overview) -> ReportSheet:
    """The tab."""
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
        highlights=(
            *severities(0),
            Highlight(Mark.MUTED, "Accepteret", 0, len(headings) - 1, by=0),
        ),
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
