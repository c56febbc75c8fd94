"""The tabs Indsatsområder, Indsatser and Erfaringer: what the areas do, and what they learned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rules.model.parameters import Parameters
from rules.model.plan import Activity
from rules.model.tables import ChoiceList
from rules.model.vocabulary import ActivityStatus
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    HERE,
    CellKind,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportSheet,
)
from sync.i18n.language import _, plural
from sync.overview.cells import UNKNOWN, heading, kroner, some, unknown
from sync.overview.model import Overview, PlanBook, PlanLine

_NO_EFFORT_AREA = N_("(intet indsatsområde)")
_NO_AREA = N_("(intet område)")
_NO_NAME = N_("(uden navn)")
_NO_LESSONS = N_("(ingen skrevet)")
_NONE, _ALL = N_("ingen"), N_("I alt")
Placed = tuple[PlanLine, PlanBook, Activity]
"""An activity with its plan and its workbook."""


def by_effort_area(overview: Overview) -> list[Placed]:
    """Every activity, those of one effort area and one name together."""
    placed = [(p, b, a) for p, b in overview.plan_books for a in b.workbook.activities]
    return sorted(
        placed,
        key=lambda one: (
            one[2].effort_area is None,
            one[2].effort_area or "",
            name_key(one[2].activity or ""),
            one[1].workbook.path,
        ),
    )


def effort_areas_sheet(
    overview: Overview, placed: Iterable[Placed], parameters: Parameters
) -> ReportSheet:
    """Areas by effort areas: how many activities, and how much money; dropped ones left out."""
    by_area = _programmes_by_area(overview, parameters)
    counts: Counter[tuple[str, str]] = Counter()
    budgets: dict[tuple[str, str], int | None] = {}
    for _plan, book, one in placed:
        if one.status == ActivityStatus.DROPPED:
            continue
        key = book.area or _(_NO_AREA), one.effort_area or _(_NO_EFFORT_AREA)
        counts[key] += 1
        budgets[key] = _added(budgets.get(key, 0), one)
    names = _effort_areas(by_area, parameters)
    names += [name for name in dict.fromkeys(name for _, name in counts) if name not in names]
    areas = sorted({area for area, _ in counts} | set(by_area))
    headings = [Heading("Område", width=18)]
    for name in names:
        headings.append(heading(_("{name} (antal)").format(name=name), CellKind.COUNT, 11))
        headings.append(heading(_("{name} (kr.)").format(name=name), CellKind.AMOUNT, 12))
    rows: list[list[ReportCell]] = []
    for area in areas:
        row: list[ReportCell] = [overview.area_link("" if area == _(_NO_AREA) else area, area)]
        for name in names:
            if count := counts[area, name]:
                row += [count, kroner(budgets[area, name])]
            else:
                row += [_(_NONE) if name in by_area.get(area, ()) else None, None]
        rows.append(row)
    rows.append([Link(_(_ALL), HERE), *_sums(counts, budgets, areas, names)])
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
            Highlight(Mark.WATCH, _NONE, 1, last),
            Highlight(Mark.BLANK, "", 1, last),
        ),
    )


def _programmes_by_area(overview: Overview, parameters: Parameters) -> dict[str, frozenset[str]]:
    """The effort areas that each area's plans may use."""
    found: dict[str, set[str]] = defaultdict(set)
    for _plan, book in overview.plan_books:
        programme = book.workbook.form.programme or parameters.default_programme
        found[book.area or _(_NO_AREA)].update(parameters.words(ChoiceList.EFFORT_AREAS, programme))
    return {area: frozenset(names) for area, names in found.items()}


def _effort_areas(by_area: Mapping[str, Iterable[str]], parameters: Parameters) -> list[str]:
    """The effort areas of all programmes in use, in the order of the programmes."""
    used = {name for names in by_area.values() for name in names}
    listed = [one.name for programme in parameters.programmes for one in programme.effort_areas]
    return [name for name in dict.fromkeys(listed) if name in used]


def _added(sum_oere: int | None, one: Activity) -> int | None:
    """The sum with the activity's budget; None as soon as one cannot be read."""
    if sum_oere is None or "budget_oere" in one.unread:
        return None
    return sum_oere + (one.budget_oere or 0)


def _sums(
    counts: Mapping[tuple[str, str], int],
    budgets: Mapping[tuple[str, str], int | None],
    areas: Iterable[str],
    names: Iterable[str],
) -> Iterator[ReportCell]:
    for name in names:
        yield sum(counts.get((area, name), 0) for area in areas)
        own = [budgets[area, name] for area in areas if (area, name) in budgets]
        yield unknown() if None in own else kroner(sum(one or 0 for one in own))


def activities_sheet(placed: Sequence[Placed]) -> ReportSheet:
    """Every activity of every workbook, by effort area."""
    headings = (
        Heading("Indsatsområde", width=28),
        Heading("Aktivitet", width=26),
        Heading("Område", width=15),
        Heading("Plan-id", width=14),
        Heading("Målgruppe", width=18),
        Heading("Ansvarlig", width=17),
        Heading("Start", CellKind.DATE, 11.5),
        Heading("Slut", CellKind.DATE, 11.5),
        Heading("Status", width=11),
        Heading("Budget (kr.)", CellKind.AMOUNT, 12.5),
    )
    rows: list[list[ReportCell]] = []
    for plan, book, activity in placed:
        unread = activity.unread
        rows.append(
            [
                activity.effort_area or _(_NO_EFFORT_AREA),
                book.link(activity.activity or _(_NO_NAME), "activities", activity.row, "activity"),
                book.area,
                plan.link,
                activity.target_group or "",
                activity.responsible or "",
                unknown() if "starts_on" in unread else activity.starts_on,
                unknown() if "ends_on" in unread else activity.ends_on,
                unknown() if "status" in unread else activity.status or "",
                kroner(activity.budget_oere),
            ]
        )
    return ReportSheet(
        "Indsatser",
        plural(
            "{count} indsats efter indsatsområde",
            "{count} indsatser efter indsatsområde",
            len(rows),
        ),
        "Klik på en aktivitet for at åbne regnearket der.",
        headings,
        rows,
        highlights=(
            Highlight(Mark.MUTED, ActivityStatus.DROPPED, 0, len(headings) - 1, by=8),
            Highlight(Mark.WATCH, UNKNOWN, 6, len(headings) - 1),
        ),
        frozen_columns=2,
        sources=tuple(book.workbook.path for _plan, book, _one in placed),
    )


def lessons_sheet(placed: Sequence[Placed]) -> ReportSheet:
    """What was learned, and the activities of the same name in several areas beside each other."""
    headings = (
        Heading("Indsatsområde", width=26),
        Heading("Aktivitet", width=20),
        Heading("Område", width=14),
        Heading("Erfaringer", width=44),
        Heading("Målgruppe", width=16),
        Heading("Kontaktperson", width=16),
        Heading("E-mail", width=38),
        Heading("Findes også i", width=26),
        Heading("Samme målgruppe i", width=20),
    )
    same_name = _areas_by(placed, lambda one: name_key(one.activity or ""))
    same_aim = _areas_by(placed, _aim)
    rows: list[list[ReportCell]] = []
    for plan, book, activity in placed:
        others = same_name[name_key(activity.activity or "")] - {book.area, ""}
        alike = same_aim[_aim(activity)] - others - {book.area, ""}
        if not activity.lessons and not others:
            continue
        form = book.workbook.form
        title = activity.activity or _(_NO_NAME)
        rows.append(
            [
                activity.effort_area or _(_NO_EFFORT_AREA),
                book.link(title, "activities", activity.row, "activity"),
                book.area,
                activity.lessons or _(_NO_LESSONS),
                activity.target_group or "",
                form.contact or plan.figures.contact or "",
                form.email or "",
                some(others),
                some(alike),
            ]
        )
    return ReportSheet(
        "Erfaringer",
        "Erfaringer på tværs af områderne",
        "Aktiviteter med samme navn i flere områder står sammen, også uden erfaringer.",
        headings,
        rows,
        highlights=(Highlight(Mark.MUTED, _NO_LESSONS, 3, 3),),
        frozen_columns=2,
    )


def _aim(activity: Activity) -> str:
    """What activities with the same aim have in common: effort area and target group."""
    if not activity.effort_area or not activity.target_group:
        return ""
    return f"{activity.effort_area}|{name_key(activity.target_group)}"


def _areas_by(placed: Iterable[Placed], key: Callable[[Activity], str]) -> dict[str, set[str]]:
    """The areas in which there is an activity of each key; none for the empty key."""
    areas: dict[str, set[str]] = defaultdict(set)
    for _plan, book, activity in placed:
        if one := key(activity):
            areas[one].add(book.area)
    return areas
