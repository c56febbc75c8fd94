"""The tab Undtagelser: what the secretariat has accepted, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    CellKind,
    Highlight,
    Link,
    ReportColumn,
    ReportSheet,
    table,
)
from sheets_templates.template.waiver_sheet import TAB
from sync.findings.waivers import WaiverLine, WaiverStatus
from sync.i18n.language import _
from sync.overview.model import Overview

_MARKS = {
    WaiverStatus.HOLDS: Mark.GOOD,
    WaiverStatus.NOT_NEEDED: Mark.MUTED,
    WaiverStatus.EXPIRED: Mark.WATCH,
    WaiverStatus.CHANGED: Mark.WATCH,
    WaiverStatus.MATCHES_NONE: Mark.BAD,
    WaiverStatus.AMBIGUOUS: Mark.BAD,
    WaiverStatus.INCOMPLETE: Mark.BAD,
    WaiverStatus.NOT_ALLOWED: Mark.BAD,
}


def _columns(address: str) -> Sequence[ReportColumn[WaiverLine]]:
    return (
        ReportColumn(
            "Tilstand",
            lambda line: Link(_(line.standing), address, f"'{TAB}'!A{line.waiver.row}"),
            width=22,
        ),
        ReportColumn("Plan-id", lambda line: line.waiver.plan_id, width=14),
        ReportColumn("Kode", lambda line: line.waiver.code, width=9),
        ReportColumn("Fane", lambda line: line.waiver.tab, width=15),
        ReportColumn("Sted", lambda line: line.waiver.spot, width=14),
        ReportColumn("Begrundelse", lambda line: line.waiver.reason, width=46),
        ReportColumn("Accepteret af", lambda line: line.waiver.by, width=18),
        ReportColumn("Til og med", lambda line: line.waiver.until, CellKind.DATE, 12),
        ReportColumn("Sådan gør du", lambda line: line.advice, width=46),
    )


def waivers_sheet(overview: Overview) -> ReportSheet:
    """The tab."""
    headings, rows = table(_columns(overview.waivers_at), overview.waivers)
    line = _("Det, som sekretariatet har accepteret i sit eget regneark Undtagelser.")
    if not rows:
        line = f"{line} {_('Der er intet endnu.')}"
    highlights = tuple(Highlight(mark, word, 0, 0) for word, mark in _MARKS.items())
    return ReportSheet("Undtagelser", "Undtagelser", line, headings, rows, highlights)
