"""The tab Overblik: large figures, and a line for each plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.judging.figures import PlanFigures
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.model.tables import PlanStatus
from sheets_templates.report.description import (
    CellKind,
    Figure,
    ReportCell,
    ReportColumn,
    ReportSheet,
    table,
    word_highlights,
)
from sync.history.findings import Place
from sync.i18n.language import _, spoken
from sync.overview.approvals import owner
from sync.overview.cells import (
    ACT,
    FINE,
    FIRST_TAB,
    FOLLOW,
    LIGHTS,
    alarm,
    checked_line,
    kroner,
    months_between,
    next_step,
    share,
    unknown,
)
from sync.overview.deadlines import Deadline
from sync.overview.model import BookLine, BookState, Overview, PlanLine

_NOT_CHECKED = frozenset({BookState.UNREADABLE, BookState.SKIPPED, BookState.MISSING})


@dataclass(frozen=True, slots=True)
class _PlanRow:
    """A plan on the day, its workbooks, and its open findings now and (if known) a week ago."""

    plan: PlanLine
    today: date
    books: list[BookLine]
    now: Counter[Severity]
    before: Counter[Severity] | None

    @property
    def figures(self) -> PlanFigures:
        return self.plan.figures


def plans_sheet(
    overview: Overview, parameters: Parameters, near: Sequence[Deadline], at: datetime
) -> ReportSheet:
    """The tab; `near` are the deadlines that are near, by date."""
    headings, rows = table(_COLUMNS, _plan_rows(overview, at.date()))
    return ReportSheet(
        FIRST_TAB,
        _("Overblik: {summary}").format(summary=overview.summary()),
        checked_line(at),
        headings,
        rows,
        highlights=word_highlights(LIGHTS, 0, len(headings) - 1),
        figures=_figures(overview, parameters, near, at.date()),
        frozen_columns=2,
    )


def _plan_rows(overview: Overview, today: date) -> list[_PlanRow]:
    books = {line.path: line for line in overview.books}
    now = _by_plan(overview.counts_by_place())
    before = _by_plan(overview.trend.last_week(today) or {})
    return [
        _PlanRow(
            plan,
            today,
            [books[path] for path in plan.figures.workbooks if path in books],
            now[plan.key],
            before.get(plan.key),
        )
        for plan in overview.plans
    ]


def _by_plan(places: Mapping[Place, Counter[Severity]]) -> dict[str, Counter[Severity]]:
    counts: dict[str, Counter[Severity]] = {}
    for (plan, _area), severities in places.items():
        counts[plan] = counts.get(plan, Counter()) + severities
    return counts


def _figures(
    overview: Overview, parameters: Parameters, near: Sequence[Deadline], today: date
) -> tuple[Figure, ...]:
    plans = overview.figures
    known = [p for p in plans if p.total_oere is not None and p.local_oere is not None]
    missing = len(plans) - len(known)
    without = _(" (uden {count}, der ikke kan vurderes)").format(count=missing) if missing else ""
    short = sum(1 for plan in plans if plan.missing_moved_oere)
    limit = spoken().percent(parameters.minimum_local_share.value).replace(",0", "")
    errors = sum(line.notice.severity is Severity.ERROR for line in overview.open_notices)
    unchecked = sum(line.state in _NOT_CHECKED for line in overview.books)
    under = _("Planer under {share}").format(share=limit)
    coming = (one.on for one in near if one.on and one.on >= today)
    first = next(coming, None) or _("ingen i 90 dage")

    def amount(label: str, amounts: Iterable[int | None]) -> Figure:
        value = kroner(sum(one or 0 for one in amounts))
        return Figure(label + without, value, CellKind.AMOUNT, leads_to="Finansiering")

    return (
        Figure("Planer", len(plans)),
        amount(_("Samlet budget i kr."), (p.total_oere for p in known)),
        amount(_("Heraf lokalt i kr."), (p.local_oere for p in known)),
        Figure(under, short, mark=alarm(short), leads_to="Finansiering"),
        Figure("Åbne fejl", errors, mark=alarm(errors), leads_to="Advarsler"),
        Figure("Regneark uden kontrol", unchecked, mark=alarm(unchecked), leads_to="Regneark"),
        Figure("Næste frist", first, CellKind.DATE, leads_to="Frister"),
    )


def _light(row: _PlanRow) -> str:
    """Red while a fejl is open; yellow while a warning is, or something is not known for sure."""
    if row.now[Severity.ERROR]:
        return f"{ACT} {_('Ret fejl')}"
    is_skipped = any(book.state is BookState.SKIPPED for book in row.books)
    if row.now[Severity.WARNING] or row.figures.local_share is None or is_skipped:
        return f"{FOLLOW} {_('Følg op')}"
    return f"{FINE} {_('I orden')}"


def _change(severity: Severity) -> Callable[[_PlanRow], int | None]:
    """How many more there are than a week ago."""
    return lambda row: None if row.before is None else row.now[severity] - row.before[severity]


def _months_left(row: _PlanRow) -> ReportCell:
    if row.figures.status == PlanStatus.FINISHED:
        return _("afsluttet")
    if (ends_on := row.figures.ends_on) is None:
        return unknown()
    return _("udløbet") if ends_on < row.today else months_between(row.today, ends_on)


def _missing(row: _PlanRow) -> ReportCell:
    return kroner(row.figures.missing_moved_oere)


def _last_changed(row: _PlanRow) -> ReportCell:
    return max((book.changed_at.date() for book in row.books if book.changed_at), default=None)


def _last_checked(row: _PlanRow) -> ReportCell:
    """The day on which the last one of the plan's workbooks was checked, the oldest of them."""
    days = (book.checked_at.date() for book in row.books if book.checked_at)
    return min(days, default=_("aldrig"))


_COLUMNS: Sequence[ReportColumn[_PlanRow]] = (
    ReportColumn("Tilstand", _light, width=11.5),
    ReportColumn("Plan-id", lambda row: row.plan.link, width=14),
    ReportColumn("Plan", lambda row: row.plan.name, width=24),
    ReportColumn("Område", lambda row: ", ".join(row.figures.areas), width=15),
    ReportColumn("Status", lambda row: row.figures.status or unknown(), width=13),
    ReportColumn("Slut", lambda row: row.figures.ends_on or unknown(), CellKind.DATE, 11.5),
    ReportColumn("Måneder til udløb", _months_left, CellKind.COUNT, 9.34),
    ReportColumn("I alt (kr.)", lambda row: kroner(row.figures.total_oere), CellKind.AMOUNT, 11),
    ReportColumn("Lokalt (kr.)", lambda row: kroner(row.figures.local_oere), CellKind.AMOUNT, 11),
    ReportColumn("Lokal andel", lambda row: share(row.figures.local_share), CellKind.PERCENT, 9.5),
    ReportColumn("Mangler, hvis totalen ligger fast (kr.)", _missing, CellKind.AMOUNT, 12),
    ReportColumn("Næste godkendelse", lambda row: next_step(row.figures), width=18.5),
    ReportColumn("Hos hvem", lambda row: owner(row.plan, row.today), width=18.5),
    ReportColumn("Fejl", lambda row: row.now[Severity.ERROR], CellKind.COUNT, 6.5),
    ReportColumn("Fejl, ændring på en uge", _change(Severity.ERROR), CellKind.CHANGE, 9.5),
    ReportColumn("Advarsler", lambda row: row.now[Severity.WARNING], CellKind.COUNT, 11.58),
    ReportColumn("Advarsler, ændring på en uge", _change(Severity.WARNING), CellKind.CHANGE, 12.7),
    ReportColumn("Sidst ændret", _last_changed, CellKind.DATE, 11.5),
    ReportColumn("Sidst kontrolleret", _last_checked, CellKind.DATE, 13),
)
