"""The tabs Advarsler and Undtagelser.

Advarsler says what is open, worst first; then what is accepted; then what nobody knows.
Undtagelser says what became of each line that the secretariat wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rules.model.finding import Severity
from rules.text.marking import N_
from rules.text.quoting import quoted
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    SEVERITY_MARKS,
    CellKind,
    Figure,
    Highlight,
    Link,
    ReportCell,
    ReportColumn,
    ReportSheet,
    SmallTable,
    table,
    word_highlights,
)
from sheets_templates.template.waiver_sheet import COMMENTS_TAB, TAB
from sync.findings.comment_lines import CommentStatus
from sync.findings.owned import ACCEPTED
from sync.findings.waiver_lines import WaiverLine, WaiverStatus
from sync.i18n.language import _, spoken
from sync.overview.cells import alarm, unknown
from sync.overview.model import BookState, NoticeLine, Overview, cell_reference

_MOST_LINES = 5_000
"""More nobody reads; each workbook has its own."""
_MOST_COMMENTS, _LONGEST_COMMENT = 200, 120
_NOT_JUDGED = N_("Ikke vurderet")


def notices_sheet(overview: Overview, today: date) -> ReportSheet:
    """The tab Advarsler."""
    columns: Sequence[ReportColumn[NoticeLine]] = (
        ReportColumn("Alvor", _severity, width=9),
        ReportColumn("Kode", lambda line: line.notice.code, width=8),
        ReportColumn("Plan-id", lambda line: line.plan_id or "", width=12),
        ReportColumn("Område", lambda line: line.area or "", width=15),
        ReportColumn("Fane", lambda line: line.notice.tab or "", width=13.5),
        ReportColumn("Celle", _cell, width=6.4),
        ReportColumn("Besked", lambda line: line.notice.message, width=58.4),
        ReportColumn("Sådan retter du", _advice, width=52.2),
        ReportColumn("Felt", lambda line: line.notice.column or "", width=14),
        ReportColumn("Først set", lambda line: line.first_seen, CellKind.DATE, 11),
        ReportColumn("Dage", lambda line: (today - line.first_seen).days, CellKind.COUNT, 6),
        ReportColumn("Regneark", lambda line: Link(line.notice.workbook, line.address), width=28),
    )
    worst_first = sorted(
        overview.notices,
        key=lambda line: (bool(line.waiver), line.notice.severity.rank, line.plan_id or ""),
    )
    headings, rows = table(columns, worst_first[:_MOST_LINES])
    not_judged = list(_not_judged(overview))
    if left_out := len(worst_first) - len(rows):
        more = {"Besked": _("Og {count} til.").format(count=left_out)}
        rows.append([more.get(one.text, "") for one in headings])
    counts = Counter(line.notice.severity for line in overview.open_notices)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    return ReportSheet(
        "Advarsler",
        "Alle åbne fejl, advarsler og oplysninger",
        "Klik på cellen for at åbne regnearket der. Nederst står det accepterede og det, der ikke "
        "kunne vurderes.",
        headings,
        [*rows, *([cells.get(one.text, "") for one in headings] for cells in not_judged)],
        highlights=(
            *word_highlights(SEVERITY_MARKS, 0),
            Highlight(Mark.WATCH, _NOT_JUDGED, 0, 0),
            Highlight(Mark.MUTED, ACCEPTED, 0, len(headings) - 1, by=0),
        ),
        figures=(
            Figure("Åbne fejl", errors, mark=alarm(errors)),
            Figure("Åbne advarsler", warnings, mark=alarm(warnings, Mark.WATCH)),
            Figure("Oplysninger", counts[Severity.INFO]),
            Figure("Accepteret", len(worst_first) - counts.total(), leads_to="Undtagelser"),
            Figure("Ikke vurderet", len(not_judged)),
        ),
        printed_columns=[one.text for one in headings].index("Felt"),
    )


def _severity(line: NoticeLine) -> str:
    return _(ACCEPTED if line.waiver else line.notice.severity).capitalize()


def _cell(line: NoticeLine) -> Link | str:
    notice = line.notice
    if not notice.cell:
        return ""
    place = cell_reference(notice.tab, notice.cell) if notice.tab else ""
    return Link(notice.cell, line.address, place)


def _advice(line: NoticeLine) -> str:
    return line.waiver.sentence if line.waiver else line.notice.fix


def _not_judged(overview: Overview) -> Iterator[Mapping[str, ReportCell]]:
    """Workbooks that could not be looked at, and plans of which something is not known.

    Cells by their headings.
    """

    def gap(
        plan_id: str | None, area: str | None, where: ReportCell, message: str
    ) -> Mapping[str, ReportCell]:
        cells = {"Alvor": _(_NOT_JUDGED), "Plan-id": plan_id or "", "Område": area or ""}
        return {**cells, "Regneark": where, "Besked": message}

    for book in overview.books:
        if book.state in {BookState.SKIPPED, BookState.MISSING}:
            message = f"{_(book.state)}. {book.reason}".strip()
            yield gap(book.plan_id, book.area, book.link, message)
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
            message = f"{spoken().listed(gaps).capitalize()} {unknown()}."
            where = Link(plan.books[0].path, plan.books[0].address)
            yield gap(figures.plan_id, ", ".join(figures.areas), where, message)


_MARKS: dict[str, Mark] = {
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
    """The tab Undtagelser."""

    def standing(line: WaiverLine) -> Link:
        return Link(_(line.standing), overview.waivers_at, f"'{TAB}'!A{line.waiver.row}")

    columns: Sequence[ReportColumn[WaiverLine]] = (
        ReportColumn("Tilstand", standing, width=22),
        ReportColumn("Plan-id", lambda line: line.waiver.plan_id, width=14),
        ReportColumn("Kode", lambda line: line.waiver.code, width=9),
        ReportColumn("Fane", lambda line: line.waiver.tab, width=15),
        ReportColumn("Sted", lambda line: line.waiver.spot, width=14),
        ReportColumn("Begrundelse", lambda line: line.waiver.reason, width=46),
        ReportColumn("Accepteret af", lambda line: line.waiver.by, width=18),
        ReportColumn("Til og med", lambda line: line.waiver.until, CellKind.DATE, 12),
        ReportColumn("Sådan gør du", lambda line: line.advice, width=46),
    )
    headings, rows = table(columns, overview.waivers)
    line = _("Det, som sekretariatet har accepteret i sit eget regneark Undtagelser.")
    if not rows:
        line = f"{line} {_('Der er intet endnu.')}"
    highlights = word_highlights(_MARKS, 0)
    comments = _comment_tables(overview)
    return ReportSheet(
        "Undtagelser", "Undtagelser", line, headings, rows, highlights, tables=tuple(comments)
    )


def _comment_tables(overview: Overview) -> Iterator[SmallTable]:
    """What became of each comment that the secretariat wrote; those that nobody can see first."""
    order = list(reversed(CommentStatus))
    lines = sorted(overview.comments, key=lambda line: order.index(line.standing))
    rows: list[Sequence[ReportCell]] = [
        [
            Link(_(standing), overview.waivers_at, f"'{COMMENTS_TAB}'!A{comment.row}"),
            quoted(comment.plan_id),
            comment.where,
            quoted(comment.text, _LONGEST_COMMENT),
            advice,
        ]
        for comment, standing, advice in lines[:_MOST_COMMENTS]
    ]
    if rows:
        yield SmallTable(_("Bemærkninger til planerne"), (15, 11, 18, 40, 42), rows)
