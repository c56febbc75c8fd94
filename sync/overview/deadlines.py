"""The deadlines of all plans, and the tab Frister: what is overdue, and what comes next.

A further kind of deadline is one more function in KINDS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.checks.plan import later
from rules.model.choices import Decision, MilestoneStatus, PlanStatus
from rules.model.parameters import Parameters
from rules.model.plan import row_identity
from rules.text.danish import number_key, spaced
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
from sync.overview.approvals import usual_days, waiting
from sync.overview.cells import AHEAD, alarm, days_text, unknown
from sync.overview.model import Deadline, Overview, PlanLine

_SOON = timedelta(days=30)
_MARKS = {N_("overskredet"): Mark.BAD, "i dag": Mark.WATCH, "dato mangler": Mark.WATCH}
DONE = frozenset({MilestoneStatus.REACHED, MilestoneStatus.DROPPED})


def deadlines_sheet(overview: Overview, today: date) -> ReportSheet:
    """The tab, of the deadlines that are near."""
    near = overview.deadlines
    columns: Sequence[ReportColumn[Deadline]] = (
        ReportColumn("Dato", lambda one: one.on or unknown(), CellKind.DATE, 14),
        ReportColumn("Tilstand", lambda one: _state(one.on, today), width=24),
        ReportColumn("Slags", lambda one: one.kind, width=13),
        ReportColumn("Hvad", lambda one: one.what, width=50),
        ReportColumn("Ansvarlig", lambda one: one.who, width=26),
        ReportColumn("Plan-id", lambda one: one.plan.link, width=14),
        ReportColumn("Område", lambda one: one.area, width=20),
    )
    late = sum(1 for one in near if one.on and one.on < today)
    return ReportSheet(
        "Frister",
        "Overskredne frister, de næste 90 dage og planer, der udløber",
        "Milepæle, indberetninger, godkendelser, der venter længere end sædvanligt, planer, der "
        "udløber, og hvornår næste ansøgning bør begynde. De ligger også som kalenderfil.",
        *table(columns, near),
        highlights=word_highlights(_MARKS, 1),
        figures=(
            Figure("Overskredne frister", late, mark=alarm(late)),
            Figure("De næste 30 dage", _within(near, today, _SOON)),
            Figure("De næste 90 dage", _within(near, today, AHEAD)),
        ),
        sources=tuple(one.path for one in near if one.path),
    )


def _within(near: Sequence[Deadline], today: date, ahead: timedelta) -> int:
    return sum(1 for one in near if one.on and today <= one.on <= today + ahead)


def _state(on: date | None, today: date) -> str:
    if on is None:
        return _("dato mangler")
    if on == today:
        return _("i dag")
    text = _("om {days}") if on > today else _("overskredet med {days}")
    return text.format(days=days_text(abs((on - today).days)))


@dataclass(frozen=True, slots=True)
class _Situation:
    """What the deadlines of a plan depend on besides the plan.

    `usual` are days by step; `covered` is until when each area has a plan, and which.
    """

    today: date
    notice_months: int
    usual: Mapping[str, int]
    covered: Mapping[str, Sequence[tuple[date, str]]]

    @property
    def until(self) -> date:
        return self.today + AHEAD

    def is_near(self, on: date | None) -> bool:
        return on is None or on <= self.until


def deadlines_near(
    plans: Sequence[PlanLine], parameters: Parameters, today: date
) -> list[Deadline]:
    """What is overdue or near, by date; what has no readable date comes last."""
    covered: dict[str, list[tuple[date, str]]] = {}
    for plan in plans:
        for area in plan.figures.areas:
            covered.setdefault(area, []).append((plan.figures.ends_on or date.max, plan.key))
    usual = usual_days(plans, parameters, today)
    situation = _Situation(today, parameters.expiry_notice_months.value, usual, covered)
    near = [one for plan in plans for kind in KINDS for one in kind(plan, situation)]
    return sorted(near, key=lambda one: (one.on is None, one.on or today, one.key))


def _of_plan(plan: PlanLine, on: date | None, kind: str, text: str, key: str) -> Deadline:
    """A deadline that comes of the plan's end, which its contact has."""
    figures = plan.figures
    what = Link(text, plan.books[0].address)
    areas, who = ", ".join(figures.areas), figures.contact or ""
    return Deadline(on, kind, what, who, plan, areas, f"{plan.key}|{key}", is_expiry=True)


def _expiry(plan: PlanLine, at: _Situation) -> Iterator[Deadline]:
    """The plan's end, from as many months before as the next application takes."""
    ends_on = plan.figures.ends_on
    if plan.figures.status == PlanStatus.FINISHED:
        return
    if ends_on is None or ends_on <= later(at.today, at.notice_months):
        text = _("{plan} udløber").format(plan=plan.name or _("Planen"))
        yield _of_plan(plan, ends_on, _("Udløb"), text, "Udløb")


def application_begins_on(ends_on: date, notice_months: int) -> date | None:
    """When the next application should begin; None before all calendars."""
    is_too_early = ends_on.year <= 1 + notice_months // 12
    return None if is_too_early else later(ends_on, -notice_months)


def _application(plan: PlanLine, at: _Situation) -> Iterator[Deadline]:
    """When the next application should begin, unless another plan covers the areas afterwards."""
    figures = plan.figures
    ends_on = figures.ends_on
    if figures.status == PlanStatus.FINISHED or ends_on is None or ends_on < at.today:
        return
    is_covered = figures.areas and all(
        any(end > ends_on and key != plan.key for end, key in at.covered[area])
        for area in figures.areas
    )
    begins_on = application_begins_on(ends_on, at.notice_months)
    if begins_on and at.is_near(begins_on) and not is_covered:
        text = _("Begynd næste ansøgning: udløber {day}").format(day=f"{ends_on:%d-%m-%Y}")
        yield _of_plan(plan, begins_on, _("Ansøgning"), text, "Ansøgning")


def _milestones(plan: PlanLine, at: _Situation) -> Iterator[Deadline]:
    for book in plan.books:
        responsible = {
            number_key(one.number): one.responsible
            for one in book.workbook.activities
            if one.number and one.responsible
        }
        contact = plan.figures.contact or ""
        for one in book.workbook.milestones:
            if one.status in DONE or not at.is_near(one.due_on):
                continue
            who = responsible.get(number_key(one.activity_number or "")) or contact
            name = one.milestone or _("(uden navn)")
            what = book.link(name, "milestones", one.row, "milestone")
            key = f"{plan.key}|{book.area}|Milepæl|{row_identity(one)}"
            yield Deadline(one.due_on, _("Milepæl"), what, who, plan, book.area, key, book.path)


def _approvals(plan: PlanLine, at: _Situation) -> Iterator[Deadline]:
    """Approvals that have a day, and those that wait for longer than usual in their step."""
    late = {
        id(one)
        for step, days in at.usual.items()
        for one in waiting(plan, step, at.today)
        if one.sent_on and (at.today - one.sent_on).days > days
    }
    for book in plan.books:
        for one in book.workbook.approvals:
            if one.decision != Decision.PENDING:
                continue
            text, on = one.step or _("Godkendelse"), one.decided_on
            is_late = id(one) in late and on is None and "decided_on" not in one.unread
            if is_late and one.sent_on and one.step:
                on = one.sent_on + timedelta(days=at.usual[one.step])
                text = _("{step}: venter {days}, ellers {usual}").format(
                    step=one.step,
                    days=days_text((at.today - one.sent_on).days),
                    usual=days_text(at.usual[one.step]),
                )
            if (on or "decided_on" in one.unread) and at.is_near(on):
                what = book.link(text, "approvals", one.row, "step")
                who = spaced(one.body or "") or plan.figures.contact or ""
                key = f"{plan.key}|{book.area}|Godkendelse|{row_identity(one)}"
                yield Deadline(
                    on, _("Godkendelse"), what, who, plan, book.area, key, is_reckoned=is_late
                )


def _reports(plan: PlanLine, at: _Situation) -> Iterator[Deadline]:
    """What the programme demands and is not sent."""
    books = {book.path: book for book in plan.books}
    for one in plan.figures.reports:
        if one.sent_on is not None or not at.is_near(one.due_on):
            continue
        text = _("{report} for {year}").format(report=one.duty.name, year=one.year)
        if one.is_only_practice:
            text = _("{report} (lokal praksis)").format(report=text)
        what = Link(text, plan.books[0].address)
        if one.place and (book := books.get(one.place.workbook)):
            what = book.link_to(text, one.place.tab, one.place.cell)
        key = f"{plan.key}|Indberetning|{one.duty.name}|{one.year}"
        areas, who = ", ".join(plan.figures.areas), plan.figures.contact or ""
        yield Deadline(one.due_on, _("Indberetning"), what, who, plan, areas, key, is_report=True)


KINDS: Sequence[Callable[[PlanLine, _Situation], Iterator[Deadline]]] = (
    _expiry,
    _application,
    _milestones,
    _approvals,
    _reports,
)
