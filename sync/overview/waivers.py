"""The tab Undtagelser: what the secretariat has accepted, and what became of it."""

from __future__ import annotations

from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import CellKind, Heading, Highlight, Link, ReportSheet
from sheets_templates.template.waiver_sheet import TAB
from sync.findings.waivers import WaiverStatus
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


def waivers_sheet(overview: Overview) -> ReportSheet:
    """The tab."""
    headings = (
        Heading("Tilstand", width=22),
        Heading("Plan-id", width=14),
        Heading("Kode", width=9),
        Heading("Fane", width=15),
        Heading("Sted", width=14),
        Heading("Begrundelse", width=46),
        Heading("Accepteret af", width=18),
        Heading("Til og med", CellKind.DATE, 12),
        Heading("Sådan gør du", width=46),
    )
    rows = [
        (
            Link(_(line.standing), overview.waivers_at, f"'{TAB}'!A{line.waiver.row}"),
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
    line = _("Det, som sekretariatet har accepteret i sit eget regneark Undtagelser.")
    if not rows:
        line = f"{line} {_('Der er intet endnu.')}"
    highlights = tuple(Highlight(mark, word, 0, 0) for word, mark in _MARKS.items())
    return ReportSheet("Undtagelser", "Undtagelser", line, headings, rows, highlights)
