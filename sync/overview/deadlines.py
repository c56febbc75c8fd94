"""The tab Frister: what is overdue, and what falls within the next 90 days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.danish import number_key
from rules.vocabulary import Decision, MilestoneStatus, PlanStatus
from sheets_templates.description import Heading, Kind, Link, ReportSheet
from sync.account import Overview, PlanBook, PlanLine
from sync.overview.cells import UNKNOWN

AHEAD = timedelta(days=90)
_DONE = frozenset({MilestoneStatus.REACHED, MilestoneStatus.DROPPED})


@dataclass(frozen=True, slots=True)
class _Deadline:
    """One deadline; `on` is None where the day is missing or cannot be read."""

    on: date | None
    kind: str
    what: Link
    who: str
    plan: PlanLine
    area: str


def deadlines_sheet(overview: Overview, today: date) -> ReportSheet:
    """The deadlines by date; those without a readable date come last."""
    headings = (
        Heading("Dato", Kind.DATE, 18),
        Heading("Tilstand", width=24),
        Heading("Slags", width=14),
        Heading("Hvad", width=46),
        Heading("Ansvarlig", width=28),
        Heading("Plan-id", width=13),
        Heading("Område", width=20),
    )
    found = [one for plan in overview.plans for one in _of_plan(plan)]
    near = [one for one in found if one.on is None or one.on <= today + AHEAD]
    near.sort(key=lambda one: (one.on is None, one.on or today))
    return ReportSheet(
        "Frister",
        "Overskredne frister og de næste 90 dage",
        "Milepæle, godkendelser uden afgørelse og planer, der udløber.",
        headings,
        [
            [one.on or UNKNOWN, _state(one.on, today), one.kind, one.what, one.who, one.plan.link,
             one.area]
            for one in near
        ],
    )  # fmt: skip


def _state(on: date | None, today: date) -> str:
    if on is None:
        return "dato mangler"
    days = (on - today).days
    if days == 0:
        return "i dag"
    count = f"{abs(days)} {'dag' if abs(days) == 1 else 'dage'}"
    return f"om {count}" if days > 0 else f"overskredet {count}"


def _of_plan(plan: PlanLine) -> Iterator[_Deadline]:
    figures = plan.figures
    if figures.status != PlanStatus.FINISHED:
        areas, who = ", ".join(figures.areas), figures.contact or ""
        what = Link(f"{figures.name or 'Planen'} udløber", plan.books[0].address)
        yield _Deadline(figures.ends_on, "Udløb", what, who, plan, areas)
    for book in plan.books:
        yield from _milestones(plan, book)
        yield from _approvals(plan, book)


def _milestones(plan: PlanLine, book: PlanBook) -> Iterator[_Deadline]:
    responsible = {
        number_key(one.number): one.responsible
        for one in book.workbook.activities
        if one.number and one.responsible
    }
    for one in book.workbook.milestones:
        if one.status in _DONE:
            continue
        who = responsible.get(number_key(one.activity_number or "")) or plan.figures.contact or ""
        what = book.link(one.milestone or "(uden navn)", "milestones", one.row, "milestone")
        yield _Deadline(one.due_on, "Milepæl", what, who, plan, book.area)


def _approvals(plan: PlanLine, book: PlanBook) -> Iterator[_Deadline]:
    """Approvals that somebody waits for and that have a day."""
    for one in book.workbook.approvals:
        if one.decision == Decision.PENDING and (one.decided_on or "decided_on" in one.unread):
            name = one.step or "Godkendelse"
            what = book.link(name, "approvals", one.row, "step")
            yield _Deadline(one.decided_on, "Godkendelse", what, one.body or "", plan, book.area)
