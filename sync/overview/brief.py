"""What stands in the brief of one plan. Pure; of persons only the plan's staff are named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from rules.catalogue.catalogue import RULE_BY_CODE
from rules.judging.figures import PlanFigures
from rules.judging.money import sum_oere
from rules.judging.rounds import State
from rules.model.choices import ActivityStatus, FundingType, PlanStatus
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.model.plan import Activity
from rules.text.danish import name_key, spaced
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import Brief, BriefTable, Chart, ChartKind, Figure, Series
from sync.i18n.language import _, plural, spoken
from sync.overview.accounts import in_total, left, used_of_grant
from sync.overview.approvals import amount_then, approved_by, holds_up, is_gone, step_text
from sync.overview.cells import alarm, days_text, in_round, unknown
from sync.overview.deadlines import DONE, application_begins_on
from sync.overview.model import NoticeLine, Overview, PlanLine

_MOST_MILESTONES, _MOST_FINDINGS, _MOST_ACTIVITIES, _MOST_APPROVALS = 8, 10, 6, 6
_LONGEST_COMMENT = 200
_SHOWN_WHOLE = frozenset(
    [
        "FIN-01", "FIN-02", "FIN-03", "FIN-04", "FIN-05", "FIN-06", "FIN-09", "PLA-02", "PLA-04",
        "GOD-01", "GOD-02", "GOD-03", "GOD-08",
    ]
)  # fmt: skip
"""Rules whose messages hold amounts, days and steps only; of the others the title is shown."""


def brief_of(plan: PlanLine, overview: Overview, parameters: Parameters, at: datetime) -> Brief:
    """The brief of one of the overview's plans."""
    figures, today = plan.figures, at.date()
    years = sorted({year for _type, year in figures.funding_oere})
    notices = [one for one in overview.open_notices if one.notice.workbook in figures.workbooks]
    footer = _("Lavet af kontrollen {moment}. Tallene er fra planens regneark.")
    return Brief(
        title=_said(plan.name or plan.key),
        lines=[_said(line) for line in _head(plan, parameters, today)],
        figures=_figures(figures, notices),
        money=_money(figures),
        chart=_chart(figures, parameters, years),
        funding=_funding(figures, years),
        tables=(
            _efforts(plan),
            *([_spending(figures)] if figures.spending else ()),
            _approvals(plan, today),
            *([_approved_amounts(plan)] if plan.approvals else ()),
            _milestones(plan, today),
            _findings(notices),
            *_comments(plan, overview),
        ),
        footer=footer.format(moment=spoken().moment(at)),
        language=spoken(),
    )


def _said(text: str) -> str:
    """What staff typed as it is read at a meeting: without blanks too many, and CPR numbers."""
    return masked(spaced(text))


def _head(plan: PlanLine, parameters: Parameters, today: date) -> Iterator[str]:
    figures = plan.figures
    yield f"{plan.key} · {spoken().listed(figures.areas) or _('uden boligområde')}"
    start, end = figures.starts_on, figures.ends_on
    if start and end:
        when = _("udløbet")
        if today < start:
            when = _("begynder om {days}").format(days=days_text((start - today).days))
        elif today <= end:
            when = _("{days} tilbage").format(days=days_text((end - today).days))
        days = {"start": spoken().day(start), "end": spoken().day(end)}
        period = _("{start} til {end} ({when})").format(when=when, **days)
        yield f"{figures.status or _('Status kendes ikke')} · {period}"
        begin = application_begins_on(end, parameters.expiry_notice_months.value)
        if begin and today <= end and figures.status != PlanStatus.FINISHED:
            text = _("Næste ansøgning bør begynde {day}")
            if begin <= today:
                text = _("Næste ansøgning burde være begyndt {day}")
            yield text.format(day=spoken().day(begin))
    contact = figures.contact or _("ikke skrevet ind")
    organisations = spoken().listed(figures.organisations) or _("ikke skrevet ind")
    line = _("Kontaktperson: {contact} · Boligorganisation: {organisations}")
    yield line.format(contact=contact, organisations=organisations)
    for one in figures.confirmed:
        day = spoken().day(one.on) if one.on else _("uden dato")
        area = next((book.area for book in plan.books if book.path == one.workbook), "")
        said = _("Bekræftet {day}: {standing}").format(day=day, standing=_(one.standing))
        yield f"{said} ({area})" if area and len(plan.books) > 1 else said


def _figures(figures: PlanFigures, notices: Sequence[NoticeLine]) -> tuple[Figure, ...]:
    counts = Counter(line.notice.severity for line in notices)
    errors, share = counts[Severity.ERROR], Figure(_("Lokal andel"), unknown())
    if figures.local_share is not None:
        mark = alarm(figures.missing_moved_oere or 0)
        share = replace(share, value=spoken().percent(figures.local_share), mark=mark)
    return (
        Figure(_("Samlet budget"), _kroner(figures.total_oere)),
        Figure(FundingType.FOUNDATION_LBF, _kroner(figures.grant_oere)),
        share,
        *(replace(one, value=_percent(one.value)) for one in used_of_grant([figures])),
        Figure(_("Åbne fejl"), str(errors), mark=alarm(errors)),
        Figure(_("Åbne advarsler"), str(counts[Severity.WARNING])),
    )


def _percent(value: object) -> str:
    return spoken().percent(Fraction(value)) if isinstance(value, Decimal) else unknown()


def _spending(figures: PlanFigures) -> BriefTable:
    """What was spent in each year, beside what Finansiering gives."""
    years = [(str(one.year), one) for one in figures.spending]
    if len(years) > 1:
        years.append((_("I alt"), in_total(figures.spending)))
    rows = [
        [name, *(_plain(amount) for amount in (one.budget_oere, one.spent_oere, left(one)))]
        for name, one in years
    ]
    return BriefTable(
        _("Regnskab"),
        [_("Kroner"), _("Budget"), _("Brugt"), _("Tilbage")],
        [0.25, 0.25, 0.25, 0.25],
        rows,
        numbers=frozenset({1, 2, 3}),
        marks=[(_("I alt"), Mark.TOTAL)],
        empty=_("Der er ingen."),
    )


def _plain(oere: int | None) -> str:
    return unknown() if oere is None else spoken().plain_kroner(oere)


def _kroner(oere: int | None) -> str:
    return unknown() if oere is None else spoken().kroner(oere)


def _money(figures: PlanFigures) -> str:
    limit = spoken().percent(figures.minimum_local_share)
    if figures.local_oere is None or figures.total_oere is None:
        return _("Den lokale medfinansiering kan ikke vurderes, fordi beløb eller typer mangler.")
    local, total = spoken().kroner(figures.local_oere), spoken().kroner(figures.total_oere)
    said = _("Den lokale medfinansiering er {local} af i alt {total} Kravet er mindst {limit}")
    said = said.format(local=local, total=total, limit=limit)
    if not figures.missing_moved_oere:
        return f"{said} {_('Det er opfyldt.')}"
    moved = spoken().kroner(figures.missing_moved_oere)
    added = spoken().kroner(figures.missing_added_oere or 0)
    short = _(
        "Der mangler {moved}, hvis totalen ligger fast, eller {added} ekstra, "
        "hvis Landsbyggefondens tilskud ligger fast."
    )
    return f"{said} {short.format(moved=moved, added=added)}"


def _chart(figures: PlanFigures, parameters: Parameters, years: Sequence[int]) -> Chart | None:
    """The money of each year by type, the local types first; of none that pays nothing."""
    series = []
    for type_ in sorted(FundingType, key=lambda one: one not in parameters.local_types):
        amounts = [sum_oere(figures.funding_oere, {type_}, year) for year in years]
        if any(amounts):
            series.append(Series(type_, tuple(Decimal(one).scaleb(-2) for one in amounts)))
    if not series:
        return None
    return Chart(ChartKind.AMOUNTS, _("Penge pr. år"), tuple(map(str, years)), tuple(series))


def _funding(figures: PlanFigures, years: Sequence[int]) -> BriefTable:
    rows = []
    for type_ in [*FundingType, None]:
        amounts = [sum_oere(figures.funding_oere, {type_}, year) for year in years]
        if any(amounts):
            rows.append((str(type_ or _("(uden type)")), amounts))
    if rows:
        rows.append((_("I alt"), [sum_oere(figures.funding_oere, year=year) for year in years]))
    share = 0.76 / (len(years) + 1)
    return BriefTable(
        "",
        [_("Kroner"), *map(str, years), _("I alt")],
        [0.24, *[share] * (len(years) + 1)],
        [[name, *map(spoken().plain_kroner, [*amounts, sum(amounts)])] for name, amounts in rows],
        numbers=frozenset(range(1, len(years) + 2)),
        marks=[(_("I alt"), Mark.TOTAL)],
        empty=_("Beløbene kan ikke læses, eller der er ingen."),
    )


def _efforts(plan: PlanLine) -> BriefTable:
    """What the plan does: its activities by effort area, with their budget."""
    groups: dict[str, list[Activity]] = defaultdict(list)
    for book in plan.books:
        for one in book.workbook.activities:
            if one.status != ActivityStatus.DROPPED:
                groups[one.effort_area or _("(intet indsatsområde)")].append(one)
    rows = []
    for name, activities in sorted(groups.items()):
        known = dict.fromkeys(spaced(one.activity or _("(uden navn)")) for one in activities)
        names = list(known)
        shown = ", ".join(names[:_MOST_ACTIVITIES])
        if len(names) > _MOST_ACTIVITIES:
            more = _("og {count} til").format(count=len(names) - _MOST_ACTIVITIES)
            shown = f"{shown} {more}"
        is_known = not any("budget_oere" in one.unread for one in activities)
        total = sum(one.budget_oere or 0 for one in activities)
        budget = spoken().plain_kroner(total) if is_known else unknown()
        rows.append([name, _said(shown), budget])
    return BriefTable(
        _("Det gør planen"),
        [_("Indsatsområde"), _("Aktiviteter"), _("Budget (kr.)")],
        [0.3, 0.52, 0.18],
        rows,
        numbers=frozenset({2}),
        empty=_("Der er ingen aktiviteter."),
    )


def _approvals(plan: PlanLine, today: date) -> BriefTable:
    rows = []
    rounds = plan.figures.rounds
    for one in rounds:
        for step in one.steps:
            if one.number > 1 and step.state is State.ABSENT:
                continue
            when = spoken().day(step.decided_on) if step.decided_on else ""
            state = _("godkendt") if step.state is State.APPROVED and when else step_text(step)
            is_next = one is rounds[-1] and step.name == plan.figures.next_step
            waits = holds_up(plan, today) if is_next else ""
            name = in_round(step.name, one.number)
            rows.append([name, state, when, "\n".join(map(_said, waits.splitlines()))])
    return BriefTable(
        _("Godkendelser"),
        [_("Trin"), _("Tilstand"), _("Dato"), _("Det venter på")],
        [0.2, 0.19, 0.19, 0.42],
        rows,
        marks=[(_("afvist"), Mark.BAD), (_("afventer"), Mark.WATCH), (_("mangler"), Mark.WATCH),
               (_("godkendt"), Mark.GOOD), (unknown(), Mark.WATCH)],
        empty=_("Godkendelserne kan ikke læses."),
        is_sequence=True,
    )  # fmt: skip


def _approved_amounts(plan: PlanLine) -> BriefTable:
    """What the plan cost when it was approved: where that changed, and at each round's end."""
    rows, before = [], None
    last = {one.given.round_number: one for one in plan.approvals}
    for one in plan.approvals:
        if one.total_oere != before or one is last[one.given.round_number] or one.gone_on:
            day, gone = spoken().day(one.given.decided_on), is_gone() if one.gone_on else ""
            rows.append([day, _said(approved_by(one)), amount_then(one), gone])
        before = one.total_oere
    return BriefTable(
        _("Godkendt over tid"),
        [_("Dato"), _("Hvem"), _("Planens budget"), ""],
        [0.2, 0.34, 0.2, 0.26],
        rows[-_MOST_APPROVALS:],
        numbers=frozenset({2}),
        marks=[(is_gone(), Mark.WATCH)],
        rest=_(
            "Budgettet er fra den dag, kontrollen først så godkendelsen. Tidslinje har dem alle."
        ),
    )


def _milestones(plan: PlanLine, today: date) -> BriefTable:
    """The milestones that are to be reached, the earliest first; only staff are named."""
    names = [one.name for book in plan.books for one in book.workbook.staff]
    names += [book.workbook.form.contact for book in plan.books]
    staff = {name_key(name) for name in names if name}
    found = []
    for book in plan.books:
        people = {one.number: one.responsible for one in book.workbook.activities if one.number}
        for one in book.workbook.milestones:
            if one.due_on and one.status not in DONE:
                who = people.get(one.activity_number or "") or plan.figures.contact or ""
                found.append((one.due_on, one.milestone or _("(uden navn)"), who, book.area))
    found.sort(key=lambda one: one[:2])
    rows = [
        [
            spoken().day(due_on),
            _("overskredet") if due_on < today else "",
            _said(f"{spaced(what)} ({area})" if area else what),
            _said(who) if name_key(who) in staff else "",
        ]
        for due_on, what, who, area in found[:_MOST_MILESTONES]
    ]
    more = len(found) - len(rows)
    rest = plural(
        "Og {count} milepæl mere i overblikket.", "Og {count} milepæle mere i overblikket.", more
    )
    return BriefTable(
        _("Milepæle, der skal nås"),
        [_("Frist"), "", _("Hvad"), _("Ansvarlig")],
        [0.2, 0.15, 0.43, 0.22],
        rows,
        marks=[(_("overskredet"), Mark.BAD)],
        rest=rest if more else "",
        empty=_("Der er ingen."),
    )


def _comments(plan: PlanLine, overview: Overview) -> Iterator[BriefTable]:
    """What the secretariat has written to the plan and is not settled; none where nothing is."""
    placed = [one for path in plan.figures.workbooks for one in overview.placed.get(path, ())]
    comments = dict.fromkeys(one.comment for one in placed)
    rows = [[_said(one.where), _said(quoted(one.text, _LONGEST_COMMENT))] for one in comments]
    if rows:
        yield BriefTable(
            _("Åbne bemærkninger fra sekretariatet"), [_("Sted"), _("Hvad")], [0.26, 0.74],
            rows[:_MOST_FINDINGS], empty=_("Der er ingen."),
        )  # fmt: skip


def _findings(notices: Sequence[NoticeLine]) -> BriefTable:
    """The open fejl and advarsler in plain words; equal ones together."""
    found: Counter[tuple[int, str, str, str]] = Counter()
    for notice in (line.notice for line in notices):
        severity, whole = notice.severity, notice.code in _SHOWN_WHOLE
        if severity is not Severity.INFO:
            text = notice.message if whole else _(RULE_BY_CODE[notice.code].title)
            found[severity.rank, _(severity).capitalize(), text, notice.tab or ""] += 1
    rows = []
    for (_rank, word, text, tab), count in sorted(found.items()):
        places = "" if count == 1 else f" ({_('{count} steder').format(count=count)})"
        rows.append([word, _said(text + places), _said(tab)])
    shown = rows[:_MOST_FINDINGS]
    more = len(rows) - len(shown)
    rest = plural(
        "Og {count} linje mere i overblikket.", "Og {count} linjer mere i overblikket.", more
    )
    return BriefTable(
        _("Åbne fejl og advarsler"),
        [_("Alvor"), _("Hvad"), _("Fane")],
        [0.14, 0.66, 0.2],
        shown,
        marks=[
            (_(Severity.ERROR).capitalize(), Mark.BAD),
            (_(Severity.WARNING).capitalize(), Mark.WATCH),
        ],
        rest=rest if more else "",
        empty=_("Der er ingen."),
    )
