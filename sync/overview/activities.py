"""The tabs Indsatsområder, Indsatser and Erfaringer: what the areas do, and what they learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from rules.model.choices import ActivityStatus, ChoiceList
from rules.model.parameters import Parameters
from rules.model.plan import Activity
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    HERE,
    CellKind,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportColumn,
    ReportSheet,
    table,
)
from sync.i18n.language import _, plural
from sync.overview.cells import UNKNOWN, kroner, some, unknown, value_of
from sync.overview.model import Overview, PlacedRow

_NO_LESSONS = N_("(ingen skrevet)")
_NONE, _ALL = N_("ingen"), N_("I alt")
PlacedActivity = PlacedRow[Activity]


def by_effort_area(overview: Overview) -> list[PlacedActivity]:
    """Every activity, those of one effort area and one name together."""
    placed = [PlacedRow(p, b, a) for p, b in overview.plan_books for a in b.workbook.activities]
    return sorted(
        placed,
        key=lambda one: (
            one.row.effort_area is None,
            one.row.effort_area or "",
            name_key(one.row.activity or ""),
            one.book.path,
        ),
    )


def effort_areas_sheet(
    overview: Overview, placed: Iterable[PlacedActivity], parameters: Parameters
) -> ReportSheet:
    """Areas by effort areas: how many activities, and how much money; dropped ones left out.

    First come the effort areas that the areas' programmes offer, in their order.
    """
    offered: dict[str, set[str]] = defaultdict(set)
    for _plan, book in overview.plan_books:
        programme = book.workbook.form.programme or parameters.default_programme
        words = parameters.words(ChoiceList.EFFORT_AREAS, programme)
        offered[book.area].update(words)
    groups: dict[tuple[str, str], list[Activity]] = defaultdict(list)
    for one in placed:
        if one.row.status != ActivityStatus.DROPPED:
            groups[one.book.area, _effort_area(one)].append(one.row)
    used = {name for words in offered.values() for name in words}
    listed = [one.name for programme in parameters.programmes for one in programme.effort_areas]
    names = list(dict.fromkeys([n for n in listed if n in used] + [n for _, n in groups]))
    areas = sorted({area for area, _ in groups} | set(offered))
    headings = [Heading("Område", width=18), Heading("Hvad", width=8)]
    headings += [Heading(name, CellKind.AMOUNT, 13) for name in names]
    rows: list[list[ReportCell]] = []
    for area in areas:
        link = overview.area_link(area)
        counts: list[ReportCell] = []
        money: list[ReportCell] = []
        for name in names:
            own = groups.get((area, name))
            nothing = _(_NONE) if name in offered[area] else None
            counts.append(len(own) if own else nothing)
            money.append(_budget(own) if own else None)
        rows += [[link, _("Antal"), *counts], [link, _("Kr."), *money]]
    own_of = [[one for area in areas for one in groups.get((area, name), ())] for name in names]
    total = Link(_(_ALL), HERE)
    rows += [[total, _("Antal"), *map(len, own_of)], [total, _("Kr."), *map(_budget, own_of)]]
    last = len(headings) - 1
    return ReportSheet(
        "Indsatsområder",
        "Indsatsområder og områder",
        "Antal indsatser og deres budget uden de udgåede. Grå felter hører ikke til områdets "
        "program.",
        tuple(headings),
        rows,
        highlights=(
            Highlight(Mark.TOTAL, _ALL, 0, last, by=0),
            Highlight(Mark.WATCH, _NONE, 2, last),
            Highlight(Mark.BLANK, "", 2, last),
        ),
        frozen_columns=2,
    )


def _budget(activities: Sequence[Activity]) -> ReportCell:
    """The sum of their budgets; in words as soon as one of them cannot be read."""
    if any("budget_oere" in one.unread for one in activities):
        return unknown()
    return kroner(sum(one.budget_oere or 0 for one in activities))


def activities_sheet(placed: Sequence[PlacedActivity]) -> ReportSheet:
    """The activities, by effort area."""
    headings, rows = table(_ACTIVITY_COLUMNS, placed)
    title = plural(
        "{count} indsats efter indsatsområde", "{count} indsatser efter indsatsområde", len(rows)
    )
    return ReportSheet(
        "Indsatser",
        title,
        "Klik på en aktivitet for at åbne regnearket der.",
        headings,
        rows,
        highlights=(
            Highlight(Mark.MUTED, ActivityStatus.DROPPED, 0, len(headings) - 1, by=8),
            Highlight(Mark.WATCH, UNKNOWN, 6, len(headings) - 1),
        ),
        frozen_columns=2,
        sources=tuple(one.book.path for one in placed),
    )


def _effort_area(one: PlacedActivity) -> str:
    return one.row.effort_area or _("(intet indsatsområde)")


def _link(one: PlacedActivity) -> Link:
    return one.link(one.row.activity, "activities", "activity")


_ACTIVITY_COLUMNS: Sequence[ReportColumn[PlacedActivity]] = (
    ReportColumn("Indsatsområde", _effort_area, width=28),
    ReportColumn("Aktivitet", _link, width=26),
    ReportColumn("Område", lambda one: one.book.area, width=15),
    ReportColumn("Plan-id", lambda one: one.plan.link, width=14),
    ReportColumn("Målgruppe", lambda one: one.row.target_group or "", width=18),
    ReportColumn("Ansvarlig", lambda one: one.row.responsible or "", width=17),
    ReportColumn("Start", lambda one: value_of(one.row, "starts_on"), CellKind.DATE, 11.5),
    ReportColumn("Slut", lambda one: value_of(one.row, "ends_on"), CellKind.DATE, 11.5),
    ReportColumn("Status", lambda one: value_of(one.row, "status") or "", width=11),
    ReportColumn("Budget (kr.)", lambda one: kroner(one.row.budget_oere), CellKind.AMOUNT, 12.5),
)


def lessons_sheet(
    placed: Sequence[PlacedActivity], listed: Sequence[PlacedActivity]
) -> ReportSheet:
    """What was learned, and the activities of the same name in several areas beside each other.

    Those `listed` have a row; `placed` are all.
    """
    same_name = _areas(placed, lambda one: name_key(one.activity or ""))
    same_aim = _areas(placed, _aim)

    def others(one: PlacedActivity) -> set[str]:
        return same_name[name_key(one.row.activity or "")] - {one.book.area, ""}

    def others_with_its_aim(one: PlacedActivity) -> str:
        return some(same_aim[_aim(one.row)] - others(one) - {one.book.area, ""})

    def contact(one: PlacedActivity) -> str:
        form = one.book.workbook.form
        name = form.contact or one.plan.figures.contact or ""
        return "\n".join(filter(None, (name, form.email)))

    columns: Sequence[ReportColumn[PlacedActivity]] = (
        ReportColumn("Indsatsområde", _effort_area, width=26),
        ReportColumn("Aktivitet", _link, width=20),
        ReportColumn("Område", lambda one: one.book.area, width=14),
        ReportColumn("Erfaringer", lambda one: one.row.lessons or _(_NO_LESSONS), width=44),
        ReportColumn("Målgruppe", lambda one: one.row.target_group or "", width=16),
        ReportColumn("Kontaktperson", contact, width=30),
        ReportColumn("Findes også i", lambda one: some(others(one)), width=26),
        ReportColumn("Samme målgruppe i", others_with_its_aim, width=20),
    )
    return ReportSheet(
        "Erfaringer",
        "Erfaringer på tværs af områderne",
        "Aktiviteter med samme navn i flere områder står sammen, også uden erfaringer.",
        *table(columns, [one for one in listed if one.row.lessons or others(one)]),
        highlights=(Highlight(Mark.MUTED, _NO_LESSONS, 3, 3),),
        frozen_columns=2,
    )


def _aim(activity: Activity) -> str:
    """What activities with the same aim have in common: effort area and target group."""
    if not activity.effort_area or not activity.target_group:
        return ""
    return f"{activity.effort_area}|{name_key(activity.target_group)}"


def _areas(placed: Iterable[PlacedActivity], key: Callable[[Activity], str]) -> dict[str, set[str]]:
    """The areas in which there is an activity of each key; none for the empty key."""
    areas: dict[str, set[str]] = defaultdict(set)
    for one in placed:
        if found := key(one.row):
            areas[found].add(one.book.area)
    return areas
