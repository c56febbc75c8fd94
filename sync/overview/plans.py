"""The tab Overblik: large figures, and a line for each plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rules.judging.figures import PlanFigures
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.model.vocabulary import PlanStatus
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import CellKind, Figure, Heading, ReportCell, ReportSheet
from sync.i18n.language import _, spoken
from sync.overview.approvals import owner
from sync.overview.cells import (
    ACT,
    FINE,
    FOLLOW,
    heading,
    kroner,
    lights,
    months_between,
    next_step,
    share,
    unknown,
)
from sync.overview.deadlines import Deadline
from sync.overview.model import BookLine, BookState, Overview, PlanLine
from sync.overview.timestamp_line import FIRST_TAB, checked_line

_NOT_CHECKED = frozenset({BookState.UNREADABLE, BookState.SKIPPED, BookState.MISSING})
_HEADINGS = (
    Heading("Tilstand", width=11.5),
    Heading("Plan-id", width=14),
    Heading("Plan", width=24),
    Heading("Område", width=15),
    Heading("Status", width=13),
    Heading("Slut", CellKind.DATE, 11.5),
    heading("Måneder til udløb", CellKind.COUNT, 9),
    Heading("I alt (kr.)", CellKind.AMOUNT, 11),
    Heading("Lokalt (kr.)", CellKind.AMOUNT, 11),
    Heading("Lokal andel", CellKind.PERCENT, 9.5),
    Heading("Mangler, hvis totalen ligger fast (kr.)", CellKind.AMOUNT, 12),
    heading("Næste godkendelse", CellKind.TEXT, 18.5),
    Heading("Hos hvem", width=18.5),
    Heading("Fejl", CellKind.COUNT, 6.5),
    heading("Fejl, ændring på en uge", CellKind.CHANGE, 9.5),
    heading("Advarsler", CellKind.COUNT, 9),
    heading("Advarsler, ændring på en uge", CellKind.CHANGE, 9.5),
    Heading("Sidst ændret", CellKind.DATE, 11.5),
    Heading("Sidst kontrolleret", CellKind.DATE, 13),
)


@dataclass(frozen=True, slots=True)
class _Counts:
    """A plan's open findings now and a week ago; None where nobody knows of a week ago."""

    now: Counter[Severity]
    before: Counter[Severity] | None

    def change(self, severity: Severity) -> ReportCell:
        """How many more there are than a week ago."""
        return None if self.before is None else self.now[severity] - self.before[severity]


def plans_sheet(
    overview: Overview, parameters: Parameters, near: Sequence[Deadline], at: datetime
) -> ReportSheet:
    """The tab; `near` are the deadlines that are near, by date."""
    counts = _counts(overview, at.date())
    books = {line.path: line for line in overview.books}
    return ReportSheet(
        FIRST_TAB,
        _("Overblik: {summary}").format(summary=overview.summary()),
        checked_line(at),
        _HEADINGS,
        [_plan_row(plan, counts[plan.key], books, at.date()) for plan in overview.plans],
        highlights=lights(0, len(_HEADINGS) - 1),
        figures=_figures(overview, parameters, near, at.date()),
        frozen_columns=2,
    )


def _figures(
    overview: Overview, parameters: Parameters, near: Sequence[Deadline], today: date
) -> tuple[Figure, ...]:
    plans = overview.figures
    missing = sum(1 for plan in plans if plan.total_oere is None or plan.local_oere is None)
    without = _(" (uden {count}, der ikke kan vurderes)").format(count=missing) if missing else ""
    known = [p for p in plans if p.total_oere is not None and p.local_oere is not None]
    short = sum(1 for plan in plans if plan.missing_moved_oere)
    limit = spoken().percent(parameters.minimum_local_share.value).replace(",0", "")
    errors = sum(line.notice.severity is Severity.ERROR for line in overview.open_notices)
    unchecked = sum(line.state in _NOT_CHECKED for line in overview.books)
    coming = (one.on for one in near if one.on and one.on >= today)
    next_one = next(coming, None) or _("ingen i 90 dage")
    return (
        Figure("Planer", len(plans)),
        Figure(
            _("Samlet budget i kr.") + without,
            _sum(p.total_oere for p in known),
            CellKind.AMOUNT,
            leads_to="Finansiering",
        ),
        Figure(
            _("Heraf lokalt i kr.") + without,
            _sum(p.local_oere for p in known),
            CellKind.AMOUNT,
            leads_to="Finansiering",
        ),
        Figure(
            _("Planer under {share}").format(share=limit),
            short,
            mark=_alarm(short),
            leads_to="Finansiering",
        ),
        Figure("Åbne fejl", errors, mark=_alarm(errors), leads_to="Advarsler"),
        Figure("Regneark uden kontrol", unchecked, mark=_alarm(unchecked), leads_to="Regneark"),
        Figure("Næste frist", next_one, CellKind.DATE, leads_to="Frister"),
    )


def _sum(amounts: Iterable[int | None]) -> Decimal:
    """Amounts in øre, all of them known, as kroner."""
    return Decimal(sum(amount or 0 for amount in amounts)).scaleb(-2)


def _alarm(count: int) -> Mark:
    return Mark.BAD if count else Mark.GOOD


def _counts(overview: Overview, today: date) -> dict[str, _Counts]:
    now: dict[str, Counter[Severity]] = {}
    for (plan, _area), counts in overview.counts_by_place().items():
        now[plan] = now.get(plan, Counter()) + counts
    before: dict[str, Counter[Severity]] = {}
    for (plan, _area), counts in (overview.trend.last_week(today) or {}).items():
        before[plan] = before.get(plan, Counter()) + counts
    return {plan: _Counts(counts, before.get(plan)) for plan, counts in now.items()}


def _plan_row(
    plan: PlanLine, counts: _Counts, books: Mapping[str, BookLine], today: date
) -> list[ReportCell]:
    figures = plan.figures
    own = [books[path] for path in figures.workbooks if path in books]
    edited = [line.changed_at.date() for line in own if line.changed_at]
    return [
        _light(plan, counts.now, own),
        plan.link,
        figures.name or "",
        ", ".join(figures.areas),
        figures.status or unknown(),
        unknown() if figures.ends_on is None else figures.ends_on,
        _months_left(figures, today),
        kroner(figures.total_oere),
        kroner(figures.local_oere),
        share(figures.local_share),
        kroner(figures.missing_moved_oere),
        next_step(figures),
        owner(plan, today),
        counts.now[Severity.ERROR],
        counts.change(Severity.ERROR),
        counts.now[Severity.WARNING],
        counts.change(Severity.WARNING),
        max(edited, default=None),
        _last_checked(own),
    ]


def _light(plan: PlanLine, counts: Counter[Severity], books: list[BookLine]) -> str:
    """Red while a fejl is open; yellow while a warning is, or something is not known for sure."""
    figures = plan.figures
    if counts[Severity.ERROR]:
        return f"{ACT} {_('Ret fejl')}"
    unsure = figures.local_share is None or any(b.state is BookState.SKIPPED for b in books)
    if counts[Severity.WARNING] or unsure:
        return f"{FOLLOW} {_('Følg op')}"
    return f"{FINE} {_('I orden')}"


def _months_left(figures: PlanFigures, today: date) -> ReportCell:
    if figures.status == PlanStatus.FINISHED:
        return _("afsluttet")
    if figures.ends_on is None:
        return unknown()
    return _("udløbet") if figures.ends_on < today else months_between(today, figures.ends_on)


def _last_checked(books: list[BookLine]) -> ReportCell:
    """The day on which the last one of the plan's workbooks was checked, the oldest of them."""
    return min((b.checked_at.date() for b in books if b.checked_at), default=_("aldrig"))
