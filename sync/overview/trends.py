"""The tab Udvikling: open findings by area and week, what is new, and which rules fail most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rules.catalogue.catalogue import RULE_BY_CODE
from rules.model.finding import Severity
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    HERE,
    CellKind,
    Chart,
    ChartKind,
    Figure,
    Link,
    ReportColumn,
    ReportSheet,
    Series,
    SmallTable,
    table,
)
from sync.history.findings import AreaTrend, Place
from sync.i18n.language import _, plural
from sync.overview.cells import change_heading
from sync.overview.model import Overview

FEWEST_WEEKS = 3
"""Of fewer weeks a chart says nothing."""
_MOST_RULES = 8


_SEVERITIES = {
    Severity.ERROR: N_("Fejl"),
    Severity.WARNING: N_("Advarsler"),
    Severity.INFO: N_("Oplysninger"),
}


def trends_sheet(overview: Overview, today: date) -> ReportSheet:
    """The tab; a row for each area, by name."""
    trends = defaultdict(AreaTrend, overview.trend.areas)
    now = _by_area(overview.counts_by_place())
    last_week = overview.trend.last_week(today)
    before = None if last_week is None else _by_area(last_week)

    def change(area: str) -> int | None:
        return None if before is None else now[area] - before[area]

    since = change_heading(overview.trend.week_before(today))
    columns: Sequence[ReportColumn[str]] = (
        ReportColumn("Område", overview.area_link, width=40),
        ReportColumn("Åbne nu", lambda area: now[area], CellKind.COUNT, 19),
        ReportColumn(since, change, CellKind.CHANGE, 19),
        ReportColumn("Nye på en uge", lambda area: trends[area].new, CellKind.COUNT, 19),
        ReportColumn("Løst på en uge", lambda area: trends[area].solved, CellKind.COUNT, 19),
        ReportColumn("Kommet igen på en uge", lambda a: trends[a].returned, CellKind.COUNT, 19),
        ReportColumn("Har stået, antal dage", lambda a: trends[a].days_open, CellKind.COUNT, 19),
        ReportColumn(
            "Løst efter, antal dage", lambda a: trends[a].days_to_solve, CellKind.COUNT, 19
        ),
    )
    chart = weeks_chart(overview)
    line = _(
        "Dage er det midterste tal: halvdelen er lavere, halvdelen højere. Løst er det, der ikke "
        "længere står i regnearket."
    )
    if chart is None:
        line = f"{line} {_('Diagrammet kommer, når der er tre ugers kontrol at vise.')}"
    known = overview.trend.areas.values()
    return ReportSheet(
        "Udvikling",
        "Sådan udvikler fejl og advarsler sig",
        line,
        *table(columns, sorted(now)),
        figures=(
            Figure("Åbne nu", now.total(), leads_to="Advarsler"),
            Figure("Nye på en uge", sum(one.new for one in known)),
            Figure("Løst på en uge", sum(one.solved for one in known), mark=Mark.GOOD),
            Figure("Kommet igen på en uge", sum(one.returned for one in known)),
        ),
        charts=(chart,) if chart else (),
        tables=(rules_table(overview),),
    )


def _by_area(places: Mapping[Place, Counter[Severity]]) -> Counter[str]:
    """How many fejl, warnings and infos are open in each area, over all plans."""
    counts: Counter[str] = Counter()
    for (_plan, area), severities in places.items():
        counts[area] += severities.total()
    return counts


def weeks_chart(overview: Overview) -> Chart | None:
    """How many findings of each severity were open in each week.

    Of a week without a run the numbers are those of the week before; it stands in brackets.
    """
    weeks = overview.trend.weeks
    first, last = min(weeks, default=date.min), max(weeks, default=date.min)
    mondays = [first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 1)]
    if len(mondays) < FEWEST_WEEKS:
        return None
    categories = []
    counts: list[Counter[Severity]] = []
    for monday in mondays:
        number = _("Uge {number}").format(number=monday.isocalendar().week)
        categories.append(number if monday in weeks else f"({number})")
        is_known = monday in weeks
        counts.append(sum(weeks[monday].values(), Counter()) if is_known else counts[-1])
    series = [
        Series(_(name), tuple(count[severity] for count in counts))
        for severity, name in _SEVERITIES.items()
    ]
    title = _("Åbne fejl, advarsler og oplysninger pr. uge")
    if len(weeks) < len(mondays):
        title = f"{title} {_('(uger i parentes er uden kontrol)')}"
    return Chart(ChartKind.COUNTS, title, tuple(categories), tuple(series))


def rules_table(overview: Overview) -> SmallTable:
    """Which rules fail most, in all plans and over the weeks shown: what to teach next."""
    open_now: Counter[str] = Counter()
    plans: dict[str, set[str]] = defaultdict(set)
    for line in overview.open_notices:
        if line.notice.severity is not Severity.INFO:
            open_now[line.notice.code] += 1
            plans[line.notice.code].add(line.plan_id or line.notice.workbook)
    seen = overview.trend.seen
    codes = sorted(
        {*open_now, *seen} & RULE_BY_CODE.keys(),
        key=lambda code: (-len(plans[code]), -open_now[code], -seen.get(code, 0), code),
    )
    rows: list[Sequence[str | Link]] = []
    for code in codes[:_MOST_RULES]:
        said = _("{plans}, {now} åbne, {seen} set på et halvt år").format(
            plans=plural("{count} plan", "{count} planer", len(plans[code])),
            now=open_now[code],
            seen=max(seen.get(code, 0), open_now[code]),
        )
        there = Link(code, HERE, f"'{_('Advarsler')}'!A1")
        rows.append([there, _(RULE_BY_CODE[code].title), said])
    title = _("Det fejler oftest: værd at tage op med medarbejderne")
    return SmallTable(title, (9, 34, 30), rows, empty=_("Der er ingen."))
