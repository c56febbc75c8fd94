"""The tab Medarbejdere: who works where, over all plans."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from rules.model.plan import Employee
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    CellKind,
    Heading,
    Highlight,
    ReportCell,
    ReportSheet,
)
from sync.i18n.language import _
from sync.overview.cells import UNKNOWN, unknown
from sync.overview.model import Overview

_YES, _NO = N_("ja"), N_("nej")


def staff_sheet(overview: Overview, today: date) -> ReportSheet:
    """Every row of the workbooks' tab Medarbejdere, by name."""
    headings = (
        Heading("Navn", width=26),
        Heading("Rolle", width=26),
        Heading("Område", width=18),
        Heading("Plan-id", width=14),
        Heading("Timer pr. uge", CellKind.AMOUNT, 12),
        Heading("Ansat fra", CellKind.DATE, 13),
        Heading("Ansat til", CellKind.DATE, 13),
        Heading("Ansat i dag", width=14),
        Heading("Timer i alt i dag", CellKind.AMOUNT, 12),
        Heading("E-mail", width=40),
    )
    placed = [(p, b, e) for p, b in overview.plan_books for e in b.workbook.staff]
    placed.sort(key=lambda one: (name_key(one[2].name or ""), one[1].workbook.path, one[2].row))

    def is_employed(one: Employee) -> bool:
        unread = "employed_to" in one.unread
        return _employed(one.employed_from, one.employed_to, today, unread) == _(_YES)

    hours: dict[str, Decimal] = defaultdict(Decimal)
    for *_where, one in placed:
        if is_employed(one):
            hours[_person(one)] += one.weekly_hours or 0
    rows: list[list[ReportCell]] = [
        [
            book.link(one.name or _("(uden navn)"), "staff", one.row, "name"),
            one.role or "",
            book.area,
            plan.link,
            unknown() if one.weekly_hours is None else one.weekly_hours,
            unknown() if one.employed_from is None else one.employed_from,
            unknown() if "employed_to" in one.unread else one.employed_to,
            _employed(one.employed_from, one.employed_to, today, "employed_to" in one.unread),
            hours[_person(one)] if is_employed(one) else None,
            one.email or "",
        ]
        for plan, book, one in placed
    ]
    return ReportSheet(
        "Medarbejdere",
        "Medarbejdere i alle planer",
        "En person, der arbejder i flere områder, har en linje for hvert.",
        headings,
        rows,
        highlights=(
            Highlight(Mark.MUTED, _NO, 0, len(headings) - 1, by=7),
            Highlight(Mark.WATCH, UNKNOWN, 4, 7),
        ),
        sources=tuple(book.workbook.path for _, book, _ in placed),
    )


def employed_today(overview: Overview, today: date) -> list[str]:
    """What the day has to say in the tab: who is employed, in the workbooks' order."""
    return [
        _employed(one.employed_from, one.employed_to, today, "employed_to" in one.unread)
        for _plan, book in overview.plan_books
        for one in book.workbook.staff
    ]


def _person(one: Employee) -> str:
    """Who it is: by e-mail, and without one by name."""
    return (one.email or "").casefold() or name_key(one.name or "")


def _employed(start: date | None, end: date | None, today: date, end_is_unread: bool) -> str:
    if start is None or end_is_unread:
        return unknown()
    return _(_YES) if start <= today and (end is None or today <= end) else _(_NO)
