"""The tab Frister: what is overdue, and what falls within the next 90 days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.model.plan import row_identity
from rules.model.tables import Decision, MilestoneStatus, PlanStatus
from rules.text.danish import number_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Figure,
    Link,
    ReportColumn,
    ReportSheet,
    table,
    word_highlights,
)
from sync.i18n.language import _
from sync.overview.cells import alarm, days_text, unknown
from sync.overview.model import Overview, PlanBook, PlanLine

AHEAD = timedelta(days=90)
_SOON = timedelta(days=30)
_MARKS = {N_("overskredet"): Mark.BAD, "i dag": Mark.WATCH, "dato mangler": Mark.WATCH}
DONE = frozenset({MilestoneStatus.REACHED, MilestoneStatus.DROPPED})


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline; `on` is None where the day is missing or cannot be read.

    `key` is its own, and stays the same as long as it is the same deadline.
    `path` is the workbook's of a milestone, empty for all else.
    """

    on: date | None
    kind: str
    what: Link
    who: str
    plan: PlanLine
    area: str
    key: str
    path: str = ""


def deadlines_sheet(near: Sequence[Deadline], today: date) -> ReportSheet:
    """The tab, of the deadlines that are near."""
    columns: Sequence[ReportColumn[Deadline]] = (
        ReportColumn("Dato", lambda one: one.on or unknown(), CellKind.DATE, 14),
        ReportColumn("Tilstand", lambda one: _state(one.on, today), width=28),
        ReportColumn("Slags", lambda one: one.kind, width=14),
        ReportColumn("Hvad", lambda one: one.what, width=46),
        ReportColumn("Ansvarlig", lambda one: one.who, width=28),
        ReportColumn("Plan-id", lambda one: one.plan.link, width=14),
        ReportColumn("Område", lambda one: one.area, width=20),
    )
    late = sum(1 for one in near if one.on and one.on < today)
    soon = sum(1 for one in near if one.on and today <= one.on <= today + _SOON)
    return ReportSheet(
        "Frister",
        "Overskredne frister og de næste 90 dage",
        "Milepæle, godkendelser uden afgørelse og planer, der udløber. De ligger også som "
        "kalenderfil.",
        *table(columns, near),
        highlights=word_highlights(_MARKS, 1),
        figures=(
            Figure("Overskredne frister", late, mark=alarm(late)),
            Figure("De næste 30 dage", soon),
            Figure("De næste 90 dage", sum(1 for one in near if one.on) - late),
        ),
        sources=tuple(one.path for one in near if one.path),
    )


def deadlines_near(overview: Overview, today: date) -> list[Deadline]:
    """What is overdue or falls within AHEAD, by date; what has no readable date comes last."""
    until = today + AHEAD
    near = [one for plan in overview.plans for one in _of_plan(plan, until)]
    return sorted(near, key=lambda one: (one.on is None, one.on or today, one.key))


def _state(on: date | None, today: date) -> str:
    if on is None:
        return _("dato mangler")
    if on == today:
        return _("i dag")
    text = _("om {days}") if on > today else _("overskredet med {days}")
    return text.format(days=days_text(abs((on - today).days)))


def _of_plan(plan: PlanLine, until: date) -> Iterator[Deadline]:
    figures = plan.figures
    if figures.status != PlanStatus.FINISHED and _is_near(figures.ends_on, until):
        areas, who = ", ".join(figures.areas), figures.contact or ""
        text = _("{plan} udløber").format(plan=figures.name or _("Planen"))
        what = Link(text, plan.books[0].address)
        yield Deadline(figures.ends_on, _("Udløb"), what, who, plan, areas, f"{plan.key}|Udløb")
    for book in plan.books:
        yield from _milestones(plan, book, until)
        yield from _approvals(plan, book, until)


def _is_near(on: date | None, until: date) -> bool:
    return on is None or on <= until


def _milestones(plan: PlanLine, book: PlanBook, until: date) -> Iterator[Deadline]:
    responsible = {
        number_key(one.number): one.responsible
        for one in book.workbook.activities
        if one.number and one.responsible
    }
    for one in book.workbook.milestones:
        if one.status in DONE or not _is_near(one.due_on, until):
            continue
        who = responsible.get(number_key(one.activity_number or "")) or plan.figures.contact or ""
        what = book.link(one.milestone or _("(uden navn)"), "milestones", one.row, "milestone")
        key = f"{plan.key}|{book.area}|Milepæl|{row_identity(one)}"
        yield Deadline(one.due_on, _("Milepæl"), what, who, plan, book.area, key, book.path)


def _approvals(plan: PlanLine, book: PlanBook, until: date) -> Iterator[Deadline]:
    """Approvals that somebody waits for and that have a day."""
    for one in book.workbook.approvals:
        if one.decision != Decision.PENDING or not _is_near(one.decided_on, until):
            continue
        if one.decided_on or "decided_on" in one.unread:
            what = book.link(one.step or _("Godkendelse"), "approvals", one.row, "step")
            who = one.body or plan.figures.contact or ""
            key = f"{plan.key}|{book.area}|Godkendelse|{row_identity(one)}"
            yield Deadline(one.decided_on, _("Godkendelse"), what, who, plan, book.area, key)
