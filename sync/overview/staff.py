"""The tab Medarbejdere: who works where, over all plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from rules.model.plan import Employee
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Highlight,
    ReportColumn,
    ReportSheet,
    table,
)
from sync.i18n.language import _
from sync.overview.cells import UNKNOWN, unknown, value_of
from sync.overview.model import Overview, PlacedRow

_YES, _NO = N_("ja"), N_("nej")


def staff_sheet(overview: Overview, today: date) -> ReportSheet:
    """Every row of the workbooks' tab Medarbejdere, by name."""
    placed = [PlacedRow(p, b, e) for p, b in overview.plan_books for e in b.workbook.staff]
    placed.sort(key=lambda one: (name_key(one.row.name or ""), one.book.path, one.row.row))
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for one in placed:
        if _employed(one.row, today) == _(_YES):
            hours[_person(one.row)] += one.row.weekly_hours or 0

    def hours_today(one: PlacedRow[Employee]) -> Decimal | None:
        return hours[_person(one.row)] if _employed(one.row, today) == _(_YES) else None

    columns: Sequence[ReportColumn[PlacedRow[Employee]]] = (
        ReportColumn("Navn", lambda p: p.link(p.row.name, "staff", "name"), width=26),
        ReportColumn("Rolle", lambda p: p.row.role or "", width=26),
        ReportColumn("Område", lambda p: p.book.area, width=18),
        ReportColumn("Plan-id", lambda p: p.plan.link, width=14),
        ReportColumn("Timer pr. uge", _hours, CellKind.AMOUNT, 12),
        ReportColumn("Ansat fra", lambda p: p.row.employed_from or unknown(), CellKind.DATE, 13),
        ReportColumn("Ansat til", lambda p: value_of(p.row, "employed_to"), CellKind.DATE, 13),
        ReportColumn("Ansat i dag", lambda p: _employed(p.row, today), width=14),
        ReportColumn("Timer i alt i dag", hours_today, CellKind.AMOUNT, 12),
        ReportColumn("E-mail", lambda p: p.row.email or "", width=40),
    )
    headings, rows = table(columns, placed)
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
        sources=tuple(one.book.path for one in placed),
    )


def _hours(one: PlacedRow[Employee]) -> Decimal | str:
    return unknown() if one.row.weekly_hours is None else one.row.weekly_hours


def employed_today(overview: Overview, today: date) -> list[str]:
    """What the day has to say in the tab: who is employed, in the workbooks' order."""
    return [_employed(e, today) for _plan, book in overview.plan_books for e in book.workbook.staff]


def _person(one: Employee) -> str:
    """Who it is: by e-mail, and without one by name."""
    return (one.email or "").casefold() or name_key(one.name or "")


def _employed(one: Employee, today: date) -> str:
    start, end = one.employed_from, one.employed_to
    if start is None or "employed_to" in one.unread:
        return unknown()
    return _(_YES) if start <= today and (end is None or today <= end) else _(_NO)
