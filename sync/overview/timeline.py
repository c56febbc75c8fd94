"""The tab Tidslinje: plans, their approvals and their activities by quarter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from rules.judging.approval_log import LoggedApproval
from rules.model.choices import ActivityStatus, PlanStatus
from rules.model.parameters import Parameters
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Heading,
    Highlight,
    ReportCell,
    ReportSheet,
)
from sync.i18n.language import _, plural
from sync.overview.approvals import amount_then, approved_by, is_gone
from sync.overview.cells import months_before
from sync.overview.model import Overview, PlacedRow, PlanLine

_THE_PLAN = N_("Planen")
PLAN, EFFORT, EVENT, GONE, EARLIER, APPLY = "■", "▬", "●", "○", "◄", "▲"
MOST_ACTIVITIES = 200
"""With more activities than this in all, each effort area has one line, with their number."""
_BACK, _AHEAD = 6, 14
_DIGITS = "123456789"
_LABELS = 3


def _quarter_of(day: date) -> int:
    """The quarter in which the day lies, counted from the year 0."""
    return day.year * 4 + (day.month - 1) // 3


def _heading(quarter: int, now: int) -> Heading:
    """`4. kv.` and the year, on two lines; above them a mark at the quarter of the day."""
    text = _("{number}. kv.").format(number=quarter % 4 + 1)
    today = f"{_('I DAG')}\n" if quarter == now else ""
    return Heading(f"{today}{text}\n{quarter // 4}", CellKind.CENTRED, 5)


def _quarters(start: date | None, end: date | None) -> range:
    """The quarters from one day to the other; none where one is not known."""
    return range(_quarter_of(start), _quarter_of(end) + 1) if start and end else range(0)


def _filled(span: range, start: date | None, end: date | None, sign: str) -> list[ReportCell]:
    return [sign if quarter in _quarters(start, end) else None for quarter in span]


def _dots(span: range, days: Sequence[date]) -> list[ReportCell]:
    """A dot in the quarters in which the days lie, with their number where there are more."""
    counts = Counter(map(_quarter_of, days))
    signs = {0: None, 1: EVENT}
    return [signs.get(counts[q], f"{EVENT}{counts[q]}") for q in span]


def timeline_sheet(overview: Overview, parameters: Parameters, today: date) -> ReportSheet:
    """The tab."""
    span = _span(overview, today)
    months = parameters.expiry_notice_months.value
    many = sum(len(book.workbook.activities) for _plan, book in overview.plan_books)
    rows: list[list[ReportCell]] = []
    for plan in overview.plans:
        rows.append([plan.link, plan.name, _(_THE_PLAN), *_plan_cells(plan, span, months)])
        rows += _approvals(plan, span, together=many > MOST_ACTIVITIES)
        rows += _counted(plan, span) if many > MOST_ACTIVITIES else _activities(plan, span)
    now = _quarter_of(today)
    labels = (
        Heading("Plan-id", width=14), Heading("Plan og område", width=30), Heading("Hvad", width=46)
    )  # fmt: skip
    headings = (*labels, *(_heading(quarter, now) for quarter in span))
    last = len(headings) - 1
    return ReportSheet(
        "Tidslinje",
        "Planer, godkendelser og indsatser pr. kvartal",
        _legend(months),
        headings,
        rows,
        highlights=tuple(_highlights(last, span, now)),
        frozen_columns=_LABELS,
        filters=False,
    )


def _legend(months: int) -> str:
    text = _(
        "{plan} planen, {event} godkendelse med planens budget, da den først blev set, {earlier} "
        "godkendelser før de viste kvartaler. {effort} indsats (tal: så mange indsatser), {apply} "
        "næste ansøgning bør begynde ({months} før udløb). Dags dato er i den gule kolonne."
    )
    count = plural("{count} måned", "{count} måneder", months)
    signs = {"plan": PLAN, "event": EVENT, "earlier": EARLIER, "effort": EFFORT, "apply": APPLY}
    return text.format(**signs, months=count)


def timeline_today(overview: Overview, today: date) -> object:
    """What the day has to say in the tab: the quarter, and what each plan's steps have come to."""
    return _quarter_of(today), [(one.figures.rounds, one.approvals) for one in overview.plans]


def _highlights(last: int, span: range, now: int) -> Iterator[Highlight]:
    yield Highlight(Mark.TOTAL, _THE_PLAN, 0, _LABELS - 1, by=2)
    if now in span:  # before the bars, so that today is seen through them
        column = _LABELS + span.index(now)
        for sign in ("", PLAN, EFFORT, *_DIGITS):
            yield Highlight(Mark.WATCH, sign, column, column)
    yield Highlight(Mark.PLAN, PLAN, _LABELS, last)
    yield Highlight(Mark.BAD, APPLY, _LABELS, last)
    for sign in (EVENT, EARLIER):
        yield Highlight(Mark.EVENT, sign, _LABELS, last)
    yield Highlight(Mark.SPAN, EFFORT, _LABELS, last)
    for digit in _DIGITS:
        yield Highlight(Mark.SPAN, digit, _LABELS, last)


def _span(overview: Overview, today: date) -> range:
    """From the first approval or start to the last end, as far as can be printed."""
    days = [today]
    for plan in overview.figures:
        days += [day for day in (plan.starts_on, plan.ends_on) if day]
        days += [step.decided_on for one in plan.rounds for step in one.steps if step.decided_on]
    now = _quarter_of(today)
    first = max(_quarter_of(min(days)), now - _BACK)
    last = min(_quarter_of(max(days)), now + _AHEAD)
    return range(min(first, now), max(last, now) + 1)


def _plan_cells(plan: PlanLine, span: range, months: int) -> list[ReportCell]:
    figures = plan.figures
    cells = _filled(span, figures.starts_on, figures.ends_on, PLAN)
    if figures.ends_on and figures.status != PlanStatus.FINISHED:
        apply_in = _quarter_of(months_before(figures.ends_on, months))
        if apply_in in span:
            cells[span.index(apply_in)] = APPLY
    return cells


def _approvals(plan: PlanLine, span: range, *, together: bool) -> Iterator[list[ReportCell]]:
    """Every approval that was ever seen, with what the plan cost then.

    Those of before the shown quarters are one line for each round.
    """
    if together:
        days = [one.given.decided_on for one in plan.approvals if not one.gone_on]
        dots = _dots(span, days)
        if any(_quarter_of(day) < span.start for day in days):
            dots[0] = f"{EARLIER} {dots[0] or ''}".strip()
        yield [plan.link, "", _("Godkendelser"), *dots]
        return
    earlier: dict[tuple[int, bool], list[LoggedApproval]] = defaultdict(list)
    shown: list[list[ReportCell]] = []
    for one in plan.approvals:
        day = one.given.decided_on
        if _quarter_of(day) < span.start:
            earlier[one.given.round_number, one.gone_on is not None].append(one)
        else:
            dots = _filled(span, day, day, GONE if one.gone_on else EVENT)
            shown.append([plan.link, "", _approval(one), *dots])
    for given in earlier.values():
        what = _approval(given[-1])
        if len(given) > 1:
            text = _("{count} godkendelser fra {first}, senest {last}")
            first = given[0].given.decided_on.year
            what = text.format(count=len(given), first=first, last=what)
        yield [plan.link, "", what, EARLIER, *[None] * len(span[1:])]
    yield from shown


def _approval(one: LoggedApproval) -> str:
    """When and by whom a plan was approved, and what it cost then."""
    text = f"{one.given.decided_on:%d-%m-%Y} {approved_by(one)}: {amount_then(one)}"
    return f"{text} ({is_gone()})" if one.gone_on else text


def _activities(plan: PlanLine, span: range) -> Iterator[list[ReportCell]]:
    """A line for each activity that has a period."""
    for book in plan.books:
        for one in book.workbook.activities:
            if one.status != ActivityStatus.DROPPED:
                what = PlacedRow(plan, book, one).link(one.activity, "activities", "activity")
                cells = _filled(span, one.starts_on, one.ends_on, EFFORT)
                yield [plan.link, book.area, what, *cells]


def _counted(plan: PlanLine, span: range) -> Iterator[list[ReportCell]]:
    """A line for each effort area, with the number of activities in each quarter."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for book in plan.books:
        for one in book.workbook.activities:
            if one.status != ActivityStatus.DROPPED and one.starts_on and one.ends_on:
                name = one.effort_area or _("(intet indsatsområde)")
                counts[name].update(_quarters(one.starts_on, one.ends_on))
    for name in sorted(counts):
        cells = [counts[name][quarter] or None for quarter in span]
        yield [plan.link, ", ".join(plan.figures.areas), name, *cells]
