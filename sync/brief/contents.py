"""What stands in the brief of one plan. Pure; of persons only the plan's staff are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from rules.catalogue import RULE_BY_CODE
from rules.danish import name_key
from rules.figures import PlanFigures
from rules.finding import Severity
from rules.parameters import Parameters
from rules.personal_numbers import masked
from rules.procedure import State
from rules.vocabulary import FundingType, MilestoneStatus
from sheets_templates.brief import Brief, BriefFigure, BriefTable
from sheets_templates.description import Chart, ChartKind, Mark, Series
from sync.account import NoticeLine, Overview, PlanLine
from sync.language import spoken
from sync.overview.approvals import STATE_WORDS, holds_up
from sync.overview.cells import UNKNOWN, days_text

_MOST_MILESTONES, _MOST_FINDINGS = 8, 10
_TOLD_WHOLE = frozenset(
    ["FIN-01", "FIN-02", "FIN-03", "PLA-02", "PLA-04", "GOD-01", "GOD-02", "GOD-03", "GOD-08"]
)
"""Rules whose messages hold amounts, days and steps only; of the others the title is told."""
_DONE = frozenset({MilestoneStatus.REACHED, MilestoneStatus.DROPPED})


def brief_of(plan: PlanLine, overview: Overview, parameters: Parameters, at: datetime) -> Brief:
    """The brief of one of the overview's plans."""
    figures, today = plan.figures, at.date()
    own = set(figures.workbooks)
    notices = [line for line in overview.open_notices if line.notice.workbook in own]
    return Brief(
        title=masked(plan.name or plan.key),
        lines=[masked(line) for line in _head(plan, today)],
        figures=_figures(figures, notices),
        money=_money(figures, parameters),
        chart=_chart(figures, parameters),
        funding=_funding(figures),
        tables=(
            _approvals(plan, today),
            _milestones(plan, today),
            _findings(notices),
        ),
        footer=f"Lavet af kontrollen {spoken().moment(at)}. Tallene er fra planens regneark.",
    )


def _head(plan: PlanLine, today: date) -> Iterator[str]:
    figures = plan.figures
    yield f"{plan.key} · {spoken().listed(figures.areas) or 'uden boligområde'}"
    start, end = figures.starts_on, figures.ends_on
    if start and end:
        left = (end - today).days
        when = f"{days_text(left)} tilbage" if left >= 0 else "udløbet"
        period = f"{spoken().day(start)} til {spoken().day(end)} ({when})"
        yield f"{figures.status or 'Status kendes ikke'} · {period}"
    contact = figures.contact or "ikke skrevet ind"
    organisations = spoken().listed(figures.organisations) or "ikke skrevet ind"
    yield f"Kontaktperson: {contact} · Boligorganisation: {organisations}"


def _figures(figures: PlanFigures, notices: Sequence[NoticeLine]) -> tuple[BriefFigure, ...]:
    counts = Counter(line.notice.severity for line in notices)
    short = bool(figures.missing_moved_oere)
    share = figures.local_share
    errors = counts[Severity.ERROR]
    return (
        BriefFigure("Samlet budget", _kroner(figures.total_oere)),
        BriefFigure("Landsbyggefonden", _kroner(figures.grant_oere)),
        BriefFigure(
            "Lokal andel",
            UNKNOWN if share is None else spoken().percent(share),
            Mark.BAD if short else None if share is None else Mark.GOOD,
        ),
        BriefFigure("Åbne fejl", str(errors), Mark.BAD if errors else Mark.GOOD),
        BriefFigure("Åbne advarsler", str(counts[Severity.WARNING])),
    )


def _kroner(oere: int | None) -> str:
    return UNKNOWN if oere is None else spoken().kroner(oere)


def _amount(oere: int) -> str:
    """An amount in a table of kroner."""
    return spoken().kroner(oere).removesuffix(" kr.")


def _money(figures: PlanFigures, parameters: Parameters) -> str:
    limit = spoken().percent(parameters.minimum_local_share.value)
    if figures.local_oere is None or figures.total_oere is None:
        return "Den lokale medfinansiering kan ikke vurderes, fordi beløb eller typer mangler."
    local, total = spoken().kroner(figures.local_oere), spoken().kroner(figures.total_oere)
    said = f"Lokal medfinansiering er {local} af i alt {total} Kravet er mindst {limit}"
    if not figures.missing_moved_oere:
        return f"{said} Det er opfyldt."
    moved = spoken().kroner(figures.missing_moved_oere)
    added = spoken().kroner(figures.missing_added_oere or 0)
    return (
        f"{said} Der mangler {moved}, hvis totalen ligger fast, eller {added} ekstra, hvis fondens "
        "tilskud ligger fast."
    )


def _types(figures: PlanFigures, parameters: Parameters) -> list[FundingType]:
    """The types that pay something, the local ones first."""
    paying = {type_ for (type_, _), oere in figures.funding_oere.items() if oere}
    ordered = sorted(FundingType, key=lambda one: one not in parameters.local_types)
    return [one for one in ordered if one in paying]


def _years(figures: PlanFigures) -> list[int]:
    return sorted({year for _, year in figures.funding_oere})


def _chart(figures: PlanFigures, parameters: Parameters) -> Chart | None:
    """The money of each year by type."""
    years, types = _years(figures), _types(figures, parameters)
    if not years or not types:
        return None
    money = figures.funding_oere
    series = tuple(
        Series(one, tuple(Decimal(money.get((one, year), 0)).scaleb(-2) for year in years))
        for one in types
    )
    return Chart(ChartKind.AMOUNTS, "Penge pr. år", tuple(map(str, years)), series)


def _funding(figures: PlanFigures) -> BriefTable:
    years = _years(figures)
    rows = []
    for type_ in [*FundingType, None]:
        amounts = [figures.funding_oere.get((type_, year), 0) for year in years]
        if any(amounts):
            name = str(type_ or "(uden type)")
            rows.append([name, *map(_amount, amounts), _amount(sum(amounts))])
    if rows:
        sums = [
            sum(oere for (_, of), oere in figures.funding_oere.items() if of == year)
            for year in years
        ]
        rows.append(["I alt", *map(_amount, sums), _amount(sum(sums))])
    share = 0.76 / (len(years) + 1)
    return BriefTable(
        "",
        ["Kroner", *map(str, years), "I alt"],
        [0.24, *[share] * (len(years) + 1)],
        rows,
        numbers=frozenset(range(1, len(years) + 2)),
        marks=[("I alt", Mark.TOTAL)],
        empty="Beløbene kan ikke læses, eller der er ingen.",
    )


def _approvals(plan: PlanLine, today: date) -> BriefTable:
    rows = []
    for step in plan.figures.steps:
        state = STATE_WORDS.get(step.state) or ("mangler" if step.mandatory else "ikke registreret")
        when = spoken().day(step.decided_on) if step.decided_on else ""
        if step.state is State.APPROVED and when:
            state = "godkendt"
        is_next = step.name == plan.figures.next_step
        rows.append([step.name, state, when, masked(holds_up(plan, today)) if is_next else ""])
    return BriefTable(
        "Godkendelser",
        ["Trin", "Tilstand", "Dato", "Det venter på"],
        [0.2, 0.19, 0.19, 0.42],
        rows,
        marks=[("afvist", Mark.BAD), ("afventer", Mark.WATCH), ("mangler", Mark.WATCH),
               ("godkendt", Mark.GOOD), (UNKNOWN, Mark.WATCH)],
        empty="Godkendelserne kan ikke læses.",
    )  # fmt: skip


def _milestones(plan: PlanLine, today: date) -> BriefTable:
    """The milestones that are to be reached, the earliest first."""
    staff = _staff(plan)
    found = []
    for book in plan.books:
        people = {one.number: one.responsible for one in book.workbook.activities if one.number}
        for one in book.workbook.milestones:
            if one.due_on and one.status not in _DONE:
                who = people.get(one.activity_number or "") or plan.figures.contact or ""
                found.append((one.due_on, one.milestone or "(uden navn)", who, book.area))
    found.sort(key=lambda one: one[:2])
    rows = [
        [
            spoken().day(due_on),
            "overskredet" if due_on < today else "",
            masked(f"{what} ({area})" if area else what),
            who if name_key(who) in staff else "",
        ]
        for due_on, what, who, area in found[:_MOST_MILESTONES]
    ]
    return BriefTable(
        "Milepæle, der skal nås",
        ["Frist", "", "Hvad", "Ansvarlig"],
        [0.2, 0.15, 0.43, 0.22],
        rows,
        marks=[("overskredet", Mark.BAD)],
        rest=_rest(len(found) - len(rows), "milepæl", "milepæle"),
        empty="Der er ingen.",
    )


def _staff(plan: PlanLine) -> frozenset[str]:
    """The names of those who work in the plan, and of its contacts."""
    names = {one.name for book in plan.books for one in book.workbook.staff}
    names |= {book.workbook.form.contact for book in plan.books}
    return frozenset(name_key(name) for name in names if name)


def _findings(notices: Sequence[NoticeLine]) -> BriefTable:
    """The open fejl and advarsler in plain words; equal ones together."""
    told: Counter[tuple[int, str, str, str]] = Counter()
    for line in notices:
        notice = line.notice
        if notice.severity is Severity.INFO:
            continue
        whole = notice.code in _TOLD_WHOLE
        text = notice.message if whole else RULE_BY_CODE[notice.code].title
        severity = notice.severity
        told[severity.rank, severity.capitalize(), text, notice.tab or ""] += 1
    rows = [
        [severity, masked(text if count == 1 else f"{text} ({count} steder)"), masked(tab)]
        for (_, severity, text, tab), count in sorted(told.items())
    ]
    shown = rows[:_MOST_FINDINGS]
    return BriefTable(
        "Åbne fejl og advarsler",
        ["Alvor", "Hvad", "Fane"],
        [0.14, 0.66, 0.2],
        shown,
        marks=[("Fejl", Mark.BAD), ("Advarsel", Mark.WATCH)],
        rest=_rest(len(rows) - len(shown), "linje", "linjer"),
        empty="Der er ingen.",
    )


def _rest(count: int, one: str, many: str) -> str:
    return f"Og {count} {one if count == 1 else many} mere i overblikket." if count else ""
