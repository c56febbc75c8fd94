"""The tab Overblik: large figures, and a line for each plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from rules.model.finding import Severity
from rules.model.parameters import Parameters
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    FIRST_TAB,
    CellKind,
    Highlight,
    ReportColumn,
    ReportSheet,
    table,
    word_highlights,
)
from sync.i18n.language import _, spoken
from sync.overview.cells import (
    LIGHTS,
    change_heading,
    checked_line,
    kroner,
    share,
    unknown,
)
from sync.overview.model import Overview
from sync.overview.news import news_table
from sync.overview.plan_rows import (
    PlanRow,
    deadlines_tables,
    large_figures,
    light,
    missing_cells,
    missing_locally,
    money_chart,
    months_left,
    next_with_owner,
    plan_rows,
)


def plans_sheet(overview: Overview, parameters: Parameters, at: datetime) -> ReportSheet:
    """The tab; the worst plans first, and of equal ones that which ends first."""
    today = at.date()
    lines = plan_rows(overview, today)
    headings, rows = table(_columns(overview, today), lines)
    missing = [missing_cells(plan, today) for plan in overview.missing]
    notice = parameters.expiry_notice_months.value
    months = next(n for n, one in enumerate(headings) if one.text == _MONTHS)
    chart = money_chart(lines, parameters)
    return ReportSheet(
        FIRST_TAB,
        _title(overview, lines, today),
        checked_line(at),
        headings,
        [*([cells.get(one.text, "") for one in headings] for cells in missing), *rows],
        highlights=(
            *word_highlights(LIGHTS, 0, len(headings) - 1),
            Highlight(Mark.BAD, "", months, months, below=_VERY_SOON),
            Highlight(Mark.WATCH, "", months, months, below=notice),
        ),
        figures=large_figures(overview, parameters, today),
        charts=(chart,) if chart else (),
        tables=(
            *deadlines_tables(overview, today, _MOST_LINES),
            news_table(overview, today, _MOST_LINES),
        ),
        frozen_columns=2,
    )


def _title(overview: Overview, rows: Iterable[PlanRow], today: date) -> str:
    """How much there is; and when the plan that nobody could check for longest was checked."""
    title = _("Overblik: {summary}").format(summary=overview.summary())
    checked = [book.checked_at.date() for row in rows for book in row.books if book.checked_at]
    oldest = min(checked, default=today)
    if oldest >= today:
        return title
    older = _("{title}; den ældste kontrol af et regneark er fra {day}")
    return older.format(title=title, day=spoken().day(oldest))


def _change(row: PlanRow) -> int | None:
    """How many more fejl and advarsler there are than in the week before."""
    if row.before is None:
        return None
    return sum(row.now[one] - row.before[one] for one in (Severity.ERROR, Severity.WARNING))


_MONTHS = "Måneder til udløb"
_VERY_SOON = 6
"""Months before its end from which a plan is marked as urgent."""
_MOST_LINES = 5


def _columns(overview: Overview, today: date) -> Sequence[ReportColumn[PlanRow]]:
    since = change_heading(overview.trend.week_before(today))
    return (
        ReportColumn("Tilstand", light, width=12),
        ReportColumn("Plan-id", lambda row: row.plan.link, width=12),
        ReportColumn("Plan", lambda row: row.plan.name, width=34),
        ReportColumn("Område", lambda row: ", ".join(row.figures.areas), width=16),
        ReportColumn("Status", lambda row: row.figures.status or unknown(), width=12),
        ReportColumn("Slut", lambda row: row.figures.ends_on or unknown(), CellKind.DATE, 11),
        ReportColumn("Måneder til udløb", months_left, CellKind.COUNT, 9),
        ReportColumn("I alt (kr.)", lambda r: kroner(r.figures.total_oere), CellKind.AMOUNT, 11),
        ReportColumn("Lokalt (kr.)", lambda r: kroner(r.figures.local_oere), CellKind.AMOUNT, 11),
        ReportColumn("Lokal andel", lambda r: share(r.figures.local_share), CellKind.PERCENT, 8),
        ReportColumn(
            "Mangler, hvis totalen ligger fast (kr.)", missing_locally, CellKind.AMOUNT, 11
        ),
        ReportColumn("Næste godkendelse", next_with_owner, width=20),
        ReportColumn("Fejl", lambda row: row.now[Severity.ERROR], CellKind.COUNT, 6),
        ReportColumn("Advarsler", lambda row: row.now[Severity.WARNING], CellKind.COUNT, 11),
        ReportColumn(since, _change, CellKind.CHANGE, 10),
    )
