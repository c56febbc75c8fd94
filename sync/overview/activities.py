"""The tabs Indsatser and Erfaringer: what the areas do, and what they have learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rules.danish import name_key
from rules.plan import Activity
from sheets_templates.description import Heading, Kind, ReportCell, ReportSheet
from sync.account import Overview, PlanBook, PlanLine
from sync.overview.cells import UNKNOWN, kroner

_NO_EFFORT_AREA = "(intet indsatsområde)"
_NO_NAME = "(uden navn)"
_Placed = tuple[PlanLine, PlanBook, Activity]


def activities_sheet(overview: Overview) -> ReportSheet:
    """Every activity of every workbook, by effort area."""
    headings = (
        Heading("Indsatsområde", width=28),
        Heading("Aktivitet", width=30),
        Heading("Område", width=16),
        Heading("Plan-id", width=13),
        Heading("Målgruppe", width=22),
        Heading("Ansvarlig", width=20),
        Heading("Start", Kind.DATE, 12),
        Heading("Slut", Kind.DATE, 12),
        Heading("Status", width=12),
        Heading("Budget (kr.)", Kind.AMOUNT, 15),
    )
    rows: list[list[ReportCell]] = []
    for plan, book, activity in _by_effort_area(overview):
        unread = activity.unread
        rows.append(
            [
                activity.effort_area or _NO_EFFORT_AREA,
                book.link(activity.activity or _NO_NAME, "activities", activity.row, "activity"),
                book.area,
                plan.link,
                activity.target_group or "",
                activity.responsible or "",
                UNKNOWN if "starts_on" in unread else activity.starts_on,
                UNKNOWN if "ends_on" in unread else activity.ends_on,
                UNKNOWN if "status" in unread else activity.status or "",
                kroner(activity.budget_oere),
            ]
        )
    return ReportSheet(
        "Indsatser",
        f"{len(rows)} indsatser efter indsatsområde",
        "Klik på en aktivitet for at åbne regnearket der.",
        headings,
        rows,
    )


def lessons_sheet(overview: Overview) -> ReportSheet:
    """What was learned, and the activities of the same name in several areas beside each other."""
    headings = (
        Heading("Indsatsområde", width=28),
        Heading("Aktivitet", width=28),
        Heading("Område", width=16),
        Heading("Erfaringer", width=60),
        Heading("Målgruppe", width=22),
        Heading("Kontaktperson", width=22),
        Heading("E-mail", width=40),
        Heading("Findes også i", width=28),
    )
    placed = list(_by_effort_area(overview))
    areas: dict[str, set[str]] = defaultdict(set)
    for _, book, activity in placed:
        areas[name_key(activity.activity or "")].add(book.area)
    rows: list[list[ReportCell]] = []
    for plan, book, activity in placed:
        name = name_key(activity.activity or "")
        others = sorted(areas[name] - {book.area, ""}) if name else []
        if not activity.lessons and not others:
            continue
        form = book.workbook.form
        title = activity.activity or _NO_NAME
        rows.append(
            [
                activity.effort_area or _NO_EFFORT_AREA,
                book.link(title, "activities", activity.row, "activity"),
                book.area,
                activity.lessons or "(ingen skrevet)",
                activity.target_group or "",
                form.contact or plan.figures.contact or "",
                form.email or "",
                ", ".join(others),
            ]
        )
    return ReportSheet(
        "Erfaringer",
        "Erfaringer på tværs af områderne",
        "Aktiviteter med samme navn i flere områder står her, også uden erfaringer.",
        headings,
        rows,
    )


def _by_effort_area(overview: Overview) -> Iterator[_Placed]:
    """Every activity, those of one effort area and one name together."""
    placed = [(p, b, a) for p, b in overview.plan_books for a in b.workbook.activities]
    yield from sorted(
        placed,
        key=lambda one: (
            one[2].effort_area is None,
            one[2].effort_area or "",
            name_key(one[2].activity or ""),
            one[1].workbook.path,
        ),
    )
