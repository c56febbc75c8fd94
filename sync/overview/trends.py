"""The tab Udvikling: open findings by area and week, and what has happened since last week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from rules.model.finding import Severity
from rules.text.marking import N_
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    CellKind,
    Chart,
    ChartKind,
    Figure,
    Heading,
    ReportCell,
    ReportSheet,
    Series,
)
from sync.history.trend import AreaTrend, Place
from sync.i18n.language import _
from sync.overview.cells import with_chart
from sync.overview.model import Overview

NO_AREA = N_("(intet område)")
MOST_LINES = 7
"""As many lines people can tell apart in a chart."""
_HEADINGS = (
    Heading("Område", width=22),
    Heading("Åbne nu", CellKind.COUNT, 11),
    Heading("Ændring på en uge", CellKind.CHANGE, 14),
    Heading("Nye på en uge", CellKind.COUNT, 12),
    Heading("Løst på en uge", CellKind.COUNT, 12),
    Heading("Kommet igen på en uge", CellKind.COUNT, 14),
    Heading("Har stået, antal dage", CellKind.COUNT, 13),
    Heading("Løst efter, antal dage", CellKind.COUNT, 13),
)


_LINE = N_(
    "Dage er det midterste tal: halvdelen er lavere, halvdelen højere. Løst er det, der ikke "
    "længere står i regnearket."
)


def trends_sheet(overview: Overview, today: date) -> ReportSheet:
    """The tab."""
    trends = overview.trend.areas
    now = _by_area(overview.counts_by_place())
    last_week = overview.trend.last_week(today)
    before = None if last_week is None else _by_area(last_week)
    rows: list[list[ReportCell]] = []
    for area in sorted(now):
        trend = trends.get(area, AreaTrend())
        change = None if before is None else now[area] - before[area]
        where = overview.area_link(area, area or _(NO_AREA))
        shown = [trend.new, trend.solved, trend.returned, trend.days_open, trend.days_to_solve]
        rows.append([where, now[area], change, *shown])
    chart = _chart(overview, Counter(now))
    return ReportSheet(
        "Udvikling",
        "Sådan udvikler fejl og advarsler sig",
        with_chart(_(_LINE), chart),
        _HEADINGS,
        rows,
        figures=(
            Figure("Åbne nu", sum(now.values()), leads_to="Advarsler"),
            Figure("Nye på en uge", sum(one.new for one in trends.values())),
            Figure("Løst på en uge", sum(one.solved for one in trends.values()), mark=Mark.GOOD),
            Figure("Kommet igen på en uge", sum(one.returned for one in trends.values())),
        ),
        charts=(chart,) if chart else (),
    )


def _by_area(places: Mapping[Place, Counter[Severity]]) -> Counter[str]:
    """How many fejl, warnings and infos are open in each area, over all plans."""
    counts: Counter[str] = Counter()
    for (_plan, area), severities in places.items():
        counts[area] += severities.total()
    return counts


def _chart(overview: Overview, now: Counter[str]) -> Chart | None:
    """A line for each of the areas with most open findings.

    A week without a run is a gap in the lines.
    """
    weeks = {monday: _by_area(places) for monday, places in overview.trend.weeks.items()}
    if not weeks:
        return None
    first, last = min(weeks), max(weeks)
    mondays = [first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 1)]
    ranked = [area for area, _count in now.most_common()]
    series = [
        Series(area or _(NO_AREA), tuple(_at(weeks.get(day), area) for day in mondays))
        for area in sorted(ranked[:MOST_LINES])
    ]
    title = _("Åbne fejl, advarsler og oplysninger pr. område og uge")
    if len(ranked) > MOST_LINES:
        title = f"{title} {_('(de {count} områder med flest)').format(count=MOST_LINES)}"
    categories = tuple(_("Uge {number}").format(number=day.isocalendar().week) for day in mondays)
    return Chart(ChartKind.LINES, title, categories, tuple(series))


def _at(week: Counter[str] | None, area: str) -> int | None:
    return None if week is None else week[area]
