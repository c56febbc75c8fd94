"""The tab Udvikling: open findings by area and week, and what has happened since last week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rules.model.finding import Severity
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Chart,
    ChartKind,
    Figure,
    ReportColumn,
    ReportSheet,
    Series,
    table,
)
from sync.history.findings import AreaTrend, Place
from sync.i18n.language import _
from sync.overview.cells import with_chart
from sync.overview.model import Overview, area_name

MOST_LINES = 7
"""As many lines people can tell apart in a chart."""


def trends_sheet(overview: Overview, today: date) -> ReportSheet:
    """The tab; a row for each area, by name."""
    trends = defaultdict(AreaTrend, overview.trend.areas)
    now = _by_area(overview.counts_by_place())
    last_week = overview.trend.last_week(today)
    before = None if last_week is None else _by_area(last_week)

    def change(area: str) -> int | None:
        return None if before is None else now[area] - before[area]

    columns: Sequence[ReportColumn[str]] = (
        ReportColumn("Område", overview.area_link, width=22),
        ReportColumn("Åbne nu", lambda area: now[area], CellKind.COUNT, 11),
        ReportColumn("Ændring på en uge", change, CellKind.CHANGE, 14),
        ReportColumn("Nye på en uge", lambda area: trends[area].new, CellKind.COUNT, 12),
        ReportColumn("Løst på en uge", lambda area: trends[area].solved, CellKind.COUNT, 12),
        ReportColumn("Kommet igen på en uge", lambda a: trends[a].returned, CellKind.COUNT, 14),
        ReportColumn("Har stået, antal dage", lambda a: trends[a].days_open, CellKind.COUNT, 13),
        ReportColumn(
            "Løst efter, antal dage", lambda a: trends[a].days_to_solve, CellKind.COUNT, 13
        ),
    )
    chart = _chart(overview, now)
    line = _(
        "Dage er det midterste tal: halvdelen er lavere, halvdelen højere. Løst er det, der ikke "
        "længere står i regnearket."
    )
    known = overview.trend.areas.values()
    return ReportSheet(
        "Udvikling",
        "Sådan udvikler fejl og advarsler sig",
        with_chart(line, chart),
        *table(columns, sorted(now)),
        figures=(
            Figure("Åbne nu", now.total(), leads_to="Advarsler"),
            Figure("Nye på en uge", sum(one.new for one in known)),
            Figure("Løst på en uge", sum(one.solved for one in known), mark=Mark.GOOD),
            Figure("Kommet igen på en uge", sum(one.returned for one in known)),
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
    series = []
    for area in sorted(ranked[:MOST_LINES]):
        values = tuple(weeks[day][area] if day in weeks else None for day in mondays)
        series.append(Series(area_name(area), values))
    title = _("Åbne fejl, advarsler og oplysninger pr. område og uge")
    if len(ranked) > MOST_LINES:
        title = f"{title} {_('(de {count} områder med flest)').format(count=MOST_LINES)}"
    categories = tuple(_("Uge {number}").format(number=day.isocalendar().week) for day in mondays)
    return Chart(ChartKind.LINES, title, categories, tuple(series))
