"""The plans on a day, their state and their figures, as Overblik and Til mødet show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rules.judging.figures import PlanFigures
from rules.model.choices import PlanStatus
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.text.danish import name_key
from sheets_templates.report.description import (
    CellKind,
    Chart,
    ChartKind,
    Figure,
    ReportCell,
    Series,
    SmallTable,
)
from sync.history.findings import Place
from sync.i18n.language import _, spoken
from sync.overview.accounts import used_of_grant
from sync.overview.approvals import owner
from sync.overview.cells import (
    ACT,
    FINE,
    FOLLOW,
    MOST_COLUMNS,
    alarm,
    kroner,
    months_between,
    next_step,
    of_plans,
    share,
    unknown,
)
from sync.overview.model import BookLine, BookState, Deadline, MissingPlan, Overview, PlanLine

_NOT_CHECKED = frozenset({BookState.UNREADABLE, BookState.SKIPPED, BookState.MISSING})


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan on the day, its workbooks, and its open findings now and (if known) a week ago.

    Of one that `is_part`, another workbook is missing.
    """

    plan: PlanLine
    today: date
    books: list[BookLine]
    now: Counter[Severity]
    before: Counter[Severity] | None
    is_part: bool

    @property
    def figures(self) -> PlanFigures:
        """The plan's figures."""
        return self.plan.figures


def _urgency(row: PlanRow) -> tuple[int, date]:
    order = (ACT, FOLLOW, FINE).index(light(row)[0])
    return order, row.figures.ends_on or date.min


def money_chart(rows: Sequence[PlanRow], parameters: Parameters) -> Chart | None:
    """The local part of each plan's money with the limit, the smallest first."""
    known = [row.figures for row in rows if row.figures.local_share is not None]
    known.sort(key=lambda plan: (plan.local_share or 0, plan.plan_id or ""))
    shown = known[:MOST_COLUMNS]
    if not shown:
        return None
    limit = parameters.minimum_local_share.value
    parts = [Decimal(str(share(plan.local_share))) for plan in shown]
    is_short = [(plan.local_share or 0) < plan.minimum_local_share for plan in shown]

    def series(name: str, *, short: bool) -> Series:
        values = (p if s is short else None for p, s in zip(parts, is_short, strict=True))
        return Series(name, (None, *values, None))

    name = _("Krav til lokal andel: {share}").format(share=spoken().percent(limit))
    value = Decimal(limit.numerator) / limit.denominator
    line = Series(name, (value,) * (len(shown) + 2), is_limit=True)
    return Chart(
        ChartKind.SHARES,
        _("Lokal medfinansiering: andel af hver plans samlede budget"),
        ("", *(plan.plan_id or _("(uden Plan-id)") for plan in shown), ""),
        (
            series(_("Opfylder kravet"), short=False),
            series(_("Under kravet"), short=True),
            line,
        ),
    )


def deadlines_tables(overview: Overview, today: date, most: int) -> tuple[SmallTable, SmallTable]:
    """The deadlines that are overdue, and those that come next, with who has them."""
    known = [one for one in overview.deadlines if one.on]
    late = [one for one in known if one.on and one.on < today]
    coming = known[len(late) :]
    title = _("Overskredne frister ({count})").format(count=len(late))
    return (
        _deadlines_table(title, late, most, _("Der er ingen.")),
        _deadlines_table(_("De næste frister"), coming, most, _("Der er ingen de næste 90 dage.")),
    )


def _deadlines_table(title: str, some: Sequence[Deadline], most: int, empty: str) -> SmallTable:
    rows: list[Sequence[ReportCell]] = [
        [one.on, replace(one.what, text=one.plan.key), one.what.text, one.who]
        for one in some[:most]
    ]
    return SmallTable(title, (12, 15, 29, 18), rows, empty=empty)


def plan_rows(overview: Overview, today: date) -> list[PlanRow]:
    """The plans on the day, the worst first, and of equal ones that which ends first."""
    books = {line.path: line for line in overview.books}
    gone = {name_key(plan.plan_id) for plan in overview.missing if plan.plan_id}
    now = _by_plan(overview.counts_by_place())
    before = _by_plan(overview.trend.last_week(today) or {})
    rows = [
        PlanRow(
            plan,
            today,
            [books[path] for path in plan.figures.workbooks if path in books],
            now[plan.key],
            before.get(plan.key),
            name_key(plan.figures.plan_id or "") in gone,
        )
        for plan in overview.plans
    ]
    return sorted(rows, key=_urgency)


def _by_plan(places: Mapping[Place, Counter[Severity]]) -> dict[str, Counter[Severity]]:
    counts: dict[str, Counter[Severity]] = {}
    for (plan, _area), severities in places.items():
        counts[plan] = counts.get(plan, Counter()) + severities
    return counts


def large_figures(overview: Overview, parameters: Parameters, today: date) -> tuple[Figure, ...]:
    """The large figures of all plans."""
    plans = overview.figures
    known = [p for p in plans if p.total_oere is not None and p.local_oere is not None]
    gone = len(overview.missing)
    outside = _(" ({count} mangler)").format(count=gone) if gone else ""
    short = sum(1 for plan in plans if plan.missing_moved_oere)
    limit = spoken().percent(parameters.minimum_local_share.value).replace(",0", "")
    errors = sum(line.notice.severity is Severity.ERROR for line in overview.open_notices)
    unchecked = sum(line.state in _NOT_CHECKED for line in overview.books)
    under = _("Planer under {share}").format(share=limit)
    coming = (one.on for one in overview.deadlines if one.on and one.on >= today)
    first = next(coming, None) or _("ingen i 90 dage")

    def amount(label: str, amounts: Iterable[int | None]) -> Figure:
        value = kroner(sum(one or 0 for one in amounts))
        label = of_plans(label, len(known), len(plans) + gone)
        return Figure(label, value, CellKind.AMOUNT, leads_to="Finansiering")

    return (
        Figure(_("Planer") + outside, len(plans), mark=alarm(gone) if gone else None),
        amount(_("Budget i kr."), (p.total_oere for p in known)),
        amount(_("Heraf lokalt i kr."), (p.local_oere for p in known)),
        Figure(under, short, mark=alarm(short), leads_to="Finansiering"),
        *used_of_grant(plans),
        Figure("Åbne fejl", errors, mark=alarm(errors), leads_to="Advarsler"),
        Figure("Ikke kontrolleret", unchecked, mark=alarm(unchecked), leads_to="Regneark"),
        Figure("Næste frist", first, CellKind.DATE, leads_to="Frister"),
    )


def missing_cells(plan: MissingPlan, today: date) -> Mapping[str, ReportCell]:
    """A line for a plan that is not counted, by headings; what it came to last in brackets."""
    months: ReportCell = unknown()
    if plan.ends_on:
        months = _("udløbet") if plan.ends_on < today else months_between(today, plan.ends_on)
    return {
        "Tilstand": f"{ACT} {_('Mangler')}",
        "Plan-id": plan.label,
        "Plan": plan.name,
        "Område": ", ".join(plan.areas),
        "Slut": plan.ends_on or unknown(),
        "Måneder til udløb": months,
        "I alt (kr.)": _not_counted(plan.total_oere),
        "Lokalt (kr.)": _not_counted(plan.local_oere),
        "Næste godkendelse": plan.reason,
    }


def _not_counted(oere: int | None) -> str:
    """An amount that belongs to no sum, as text: who adds up the column leaves it out."""
    return unknown() if oere is None else f"({spoken().plain_kroner(oere)})"


def light(row: PlanRow) -> str:
    """Red while a fejl is open; yellow while a warning is, or something is not known for sure."""
    if row.now[Severity.ERROR]:
        return f"{ACT} {_('Ret fejl')}"
    is_skipped = any(book.state is BookState.SKIPPED for book in row.books)
    if row.now[Severity.WARNING] or row.figures.local_share is None or is_skipped or row.is_part:
        return f"{FOLLOW} {_('Følg op')}"
    return f"{FINE} {_('I orden')}"


def months_left(row: PlanRow) -> ReportCell:
    """Whole months until the plan ends, or words in their place."""
    if row.figures.status == PlanStatus.FINISHED:
        return _("afsluttet")
    if (ends_on := row.figures.ends_on) is None:
        return unknown()
    return _("udløbet") if ends_on < row.today else months_between(row.today, ends_on)


def missing_locally(row: PlanRow) -> ReportCell:
    """The local co-financing that is missing, if the total stays."""
    return kroner(row.figures.missing_moved_oere)


def next_with_owner(row: PlanRow) -> str:
    """The next approval, and below it who has it in hand."""
    step, who = next_step(row.figures), owner(row.plan, row.today)
    return _("{step}\nhos {who}").format(step=step, who=who) if who not in {"", step} else step
