"""The tab Til mødet: what a meeting about all plans is about, on two to four pages of paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rules.judging.confirmed import Standing
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.text.quoting import quoted
from sheets_templates.report.description import (
    CellKind,
    Link,
    ReportCell,
    ReportColumn,
    ReportSheet,
    SmallTable,
    table,
    word_highlights,
)
from sync.findings.comment_lines import CommentStatus
from sync.i18n.language import _, plural
from sync.overview.cells import FINE, LIGHTS
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
from sync.overview.trends import rules_table, weeks_chart

_MOST_PLANS, _MOST_LINES, _MOST_CONFIRMED = 12, 8, 40
_LONGEST_COMMENT = 120


def meeting_sheet(overview: Overview, parameters: Parameters, today: date) -> ReportSheet:
    """The tab: the plans that need the meeting most and why, then deadlines, news and rules."""
    rows = plan_rows(overview, today)
    needing = [row for row in rows if not light(row).startswith(FINE)]

    late = [one for one in overview.deadlines if one.is_reckoned]

    def waits(row: PlanRow) -> str:
        return "\n".join(one.what.text for one in late if one.plan.key == row.plan.key)

    columns: Sequence[ReportColumn[PlanRow]] = (
        ReportColumn("Tilstand", light, width=12),
        ReportColumn("Plan-id", lambda row: row.plan.link, width=13),
        ReportColumn("Plan", lambda row: row.plan.name, width=34),
        ReportColumn("Fejl", lambda row: row.now[Severity.ERROR], CellKind.COUNT, 7),
        ReportColumn("Advarsler", lambda row: row.now[Severity.WARNING], CellKind.COUNT, 11),
        ReportColumn("Mangler lokalt (kr.)", missing_locally, CellKind.AMOUNT, 13),
        ReportColumn("Måneder til udløb", months_left, CellKind.COUNT, 10),
        ReportColumn("Næste godkendelse", next_with_owner, width=24),
        ReportColumn("Venter længere end sædvanligt", waits, width=26),
        ReportColumn("Kontaktperson", lambda row: row.figures.contact or "", width=20),
    )
    headings, lines = table(columns, needing[:_MOST_PLANS])
    gone = [missing_cells(plan, today) for plan in overview.missing]
    lines = [*([cells.get(one.text, "") for one in headings] for cells in gone), *lines]
    count = len(gone) + len(needing)
    title = plural("{count} plan kræver noget", "{count} planer kræver noget", count)
    if count > _MOST_PLANS:
        more = _("de {count}, der haster mest, står her").format(count=_MOST_PLANS)
        title = f"{title}; {more}"
    charts = money_chart(rows, parameters), weeks_chart(overview)
    return ReportSheet(
        "Til mødet",
        _("Til mødet: {summary}").format(summary=title),
        "De planer, der kræver noget, fristerne, det nye og det, der fejler oftest.",
        headings,
        lines[:_MOST_PLANS],
        highlights=word_highlights(LIGHTS, 0),
        figures=tuple(
            one
            for one in large_figures(overview, parameters, today)
            if one.kind is not CellKind.AMOUNT
        ),
        charts=tuple(filter(None, charts)),
        tables=(
            *confirmed_tables(overview),
            *comment_tables(overview),
            *deadlines_tables(overview, today, _MOST_LINES),
            news_table(overview, today, _MOST_LINES),
            rules_table(overview),
        ),
        frozen_columns=2,
    )


def confirmed_tables(overview: Overview) -> Iterator[SmallTable]:
    """Who confirmed which workbook and when, what no longer holds first; none where nobody did."""
    given = [(plan, one) for plan in overview.plans for one in plan.figures.confirmed]
    given.sort(key=lambda each: each[1].standing is Standing.HOLDS)
    rows: list[Sequence[ReportCell]] = [
        [Link(plan.key, book.address), book.area, quoted(one.by), one.on, _(one.standing)]
        for plan, one in given
        for book in plan.books
        if book.path == one.workbook
    ]
    if rows:
        holds = sum(one.standing is Standing.HOLDS for _plan, one in given)
        books = sum(len(plan.books) for plan in overview.plans)
        title = _("Bekræftet af den ansvarlige: {holds} af {count} regneark")
        title = title.format(holds=holds, count=books)
        yield SmallTable(title, (10, 12, 16, 10, 18), _first(rows, _MOST_CONFIRMED))


def comment_tables(overview: Overview) -> Iterator[SmallTable]:
    """What the secretariat has written to the plans and is not settled; none where nothing is."""
    rows: list[Sequence[ReportCell]] = [
        [
            quoted(comment.plan_id),
            comment.where,
            quoted(comment.text, _LONGEST_COMMENT),
            comment.on if standing is CommentStatus.SHOWN else _(standing),
        ]
        for comment, standing, _advice in overview.open_comments
    ]
    if rows:
        title = _("Åbne bemærkninger fra sekretariatet ({count})").format(count=len(rows))
        yield SmallTable(title, (11, 16, 36, 13), _first(rows, _MOST_LINES))


def _first(rows: Sequence[Sequence[ReportCell]], most: int) -> Sequence[Sequence[ReportCell]]:
    """The first rows, and how many more there are."""
    if len(rows) <= most:
        return rows
    more = _("Og {count} til.").format(count=len(rows) - most)
    return [*rows[:most], [more, *([""] * (len(rows[0]) - 1))]]
