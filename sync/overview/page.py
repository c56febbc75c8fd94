"""The overview as a page: what needs attention first, a card for each plan, and some of its tabs.

All of it is made of the overview's own tabs and of the briefs. The tabs of a single plan are those
of an overview in which there is no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from rules.judging.rounds import State
from rules.model.choices import PlanStatus
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.text.personal_numbers import masked
from sheets_templates.report.description import Link, ReportCell, ReportSheet
from sheets_templates.report.html import page_html
from sheets_templates.report.page import Card, Event, Facets, Filter, Page, TimeLine, with_columns
from sync.history.history import History
from sync.i18n.language import _, spoken
from sync.overview.approvals import owner
from sync.overview.brief import brief_of
from sync.overview.cells import checked_line, months_before
from sync.overview.deadlines import DONE, deadlines_sheet
from sync.overview.funding import funding_sheet
from sync.overview.model import Overview, PlanLine
from sync.overview.notices import notices_sheet
from sync.overview.owned_file import page_file
from sync.overview.plan_rows import PlanRow, plan_rows
from sync.overview.published import digest_of
from sync.overview.timeline import APPLY, EVENT
from sync.overview.workbook import (
    OverviewSheets,
    Resolve,
    finished_chart,
    finished_sheet,
    first_rows,
)
from sync.stores.base import Store
from sync.stores.excel.overview import ExcelOverview
from sync.stores.files.local_file import LocalFile

_ON_CARDS = frozenset(
    ["plans", "funding", "approvals", "durations", "timeline", "effort areas", "activities",
     "staff", "notices", "waivers", "trends"]
)  # fmt: skip
"""Tabs that do not stand on the page: the cards show them plan by plan, or only the workbook does.

Every other tab stands below the cards; of all tabs the page has the charts, each once.
"""
_FIRST_BELOW = ("deadlines",)
_FIRST = frozenset(
    ["Tilstand", "Plan-id", "Plan", "Område", "Måneder til udløb", "Lokal andel",
     "Mangler, hvis totalen ligger fast (kr.)", "Næste godkendelse", "Fejl",
     "Advarsler"]
)  # fmt: skip
_ON_THE_CARD = frozenset(
    ["Tilstand", "Plan-id", "Plan", "Område", "Status", "Slut", "I alt (kr.)", "Lokal andel",
     "Fejl", "Advarsler"]
)  # fmt: skip
_DEADLINE = frozenset(["Dato", "Tilstand", "Slags", "Hvad", "Ansvarlig", "Område"])
_FINDING = frozenset(["Alvor", "Fane", "Celle", "Besked", "Sådan retter du"])
_NOT_MONEY = frozenset(
    ["Plan-id", "Plan", "Mangler, hvis totalen ligger fast (kr.)",
     "Mangler, hvis tilskuddet ligger fast (kr.)"]
)  # fmt: skip
MILESTONE = "◆"
MOST_CARDS = 100
"""Of more plans those that are the most urgent have cards: the page must open on a telephone."""
_MOST_ROWS = 1_000


def publish_page(
    sheets: OverviewSheets,
    file: Path,
    *,
    stores: Sequence[Store],
    folders: Sequence[Path],
    history: History,
) -> None:
    """Write the page; `folders` are those whose files it may lead to.

    Raises:
        StoreError: it may not be written, or is somebody else's file.
    """
    resolve = _resolver(file, stores, folders)
    new = page_html(page_of(sheets, resolve))
    notes = history.notes
    notes.page_content = page_file(file).put(digest_of(new), notes.page_content, lambda: new)


def _resolver(file: Path, stores: Sequence[Store], folders: Sequence[Path]) -> Resolve:
    """Makes links lead from the page's own folder; of those that lead elsewhere plain text."""
    place = ExcelOverview(LocalFile(file))
    starts = tuple(f"{folder.as_posix()}/" for folder in folders)

    def resolve(link: Link) -> Link:
        for store in stores:
            link = store.opening_link(link)
        if link.address.startswith(("https://", "http://")):
            return Link(link.text, link.address)
        is_inside = link.address.startswith(starts)
        return Link(link.text, place.link(link).address if is_inside else "")

    return resolve


def page_of(sheets: OverviewSheets, resolve: Resolve) -> Page:
    """What stands on the page, with every text free of CPR numbers."""
    overview, at = sheets.overview, sheets.at
    plans, ordered = finished_sheet(sheets["plans"], resolve), plan_rows(overview, at.date())
    rows = plans.rows[len(overview.missing) :]
    first = [one.plan for one in ordered[:MOST_CARDS]]
    cards = [
        _card(plan, row, alone, sheets.parameters, at=at, resolve=resolve)
        for (plan, alone), row in zip(_each_alone(overview, first), rows, strict=False)
    ]
    facets = [_facets(one, row) for one, row in zip(ordered, rows, strict=True)]
    below = [key for key in sheets if key not in _ON_CARDS]
    below.sort(key=[*_FIRST_BELOW, *below].index)
    charts = dict.fromkeys(finished_chart(one) for key in sheets for one in sheets[key].charts)
    return Page(
        title=plans.title,
        checked=checked_line(at),
        language=spoken(),
        figures=plans.figures,
        plans=plans,
        plan_heading=_heading("Plan-id"),
        first=_headings(_FIRST),
        said=_headings(_ON_THE_CARD),
        cards=cards,
        cards_line=_most_urgent() if len(cards) < len(ordered) else "",
        charts=[*charts],
        sheets=[finished_sheet(_shortened(sheets[key]), resolve) for key in below],
        filters=_filters(facets),
        facets=[*[{}] * len(overview.missing), *facets],
        grouped={"Erfaringer"},
    )


def _heading(danish: str) -> str:
    return spoken().text(danish, "heading")


def _headings(danish: Collection[str]) -> frozenset[str]:
    return frozenset(map(_heading, danish))


def _most_urgent() -> str:
    text = _(
        "De {count} planer, der haster mest, har et kort. De øvrige står i listen ovenfor, hvor "
        "deres Plan-id fører til regnearket."
    )
    return text.format(count=MOST_CARDS)


def _shortened(sheet: ReportSheet) -> ReportSheet:
    """The sheet with the columns that go on paper, and as many rows as somebody scrolls through."""
    if sheet.printed_columns:
        printed = sheet.headings[: sheet.printed_columns]
        sheet = with_columns(sheet, {one.text for one in printed})
    return first_rows(sheet, _MOST_ROWS, _("Resten står i overblikkets regneark."))


def _each_alone(
    overview: Overview, plans: Sequence[PlanLine]
) -> Iterator[tuple[PlanLine, Overview]]:
    """Each of the plans with an overview of its open findings in which there is no other plan."""
    notices = defaultdict(list)
    for line in overview.open_notices:
        notices[line.notice.workbook].append(line)
    deadlines = defaultdict(list)
    for one in overview.deadlines:
        deadlines[one.plan.key].append(one)
    books = {line.path: line for line in overview.books}
    for plan in plans:
        paths = plan.figures.workbooks
        yield (
            plan,
            replace(
                overview,
                plans=[plan],
                notices=[line for path in paths for line in notices[path]],
                books=[books[path] for path in paths if path in books],
                deadlines=deadlines[plan.key],
                missing=(),
            ),
        )


def _card(
    plan: PlanLine,
    row: Sequence[ReportCell],
    alone: Overview,
    parameters: Parameters,
    *,
    at: datetime,
    resolve: Resolve,
) -> Card:
    """A plan's card; `row` is its line in the tab Overblik."""
    today = at.date()
    brief = brief_of(plan, alone, parameters, at)
    money = funding_sheet(alone, parameters)
    kept = {one.text for one in money.headings} - _NOT_MONEY

    def part(title: str, sheet: ReportSheet, headings: Collection[str]) -> ReportSheet:
        chosen = with_columns(replace(sheet, title=title, line="", figures=()), headings)
        return finished_sheet(chosen.worded(spoken()), resolve)

    return Card(
        row=row,
        links=[resolve(Link(book.path, book.address)) for book in plan.books],
        brief=brief,
        steps=next(table for table in brief.tables if table.is_sequence),
        share=next(iter(money.charts), None),
        time=_time_line(plan, parameters, today),
        sheets=[
            part(_("Beløb pr. type og år"), money, kept),
            part(_("Frister"), deadlines_sheet(alone, today), _DEADLINE),
            part(_("Åbne fejl og advarsler"), notices_sheet(alone, today), _FINDING),
        ],
    )


def _facets(plan: PlanRow, row: Sequence[ReportCell]) -> Facets:
    """What the filters ask of a plan; `row` is its line in the tab Overblik."""
    return {
        "state": [str(row[0])],
        "area": plan.figures.areas,
        "owner": [one for one in owner(plan.plan, plan.today).split(", ") if one],
        "severity": [_(severity).capitalize() for severity in Severity if plan.now[severity]],
    }


def _time_line(plan: PlanLine, parameters: Parameters, today: date) -> TimeLine | None:
    """None where nobody knows when the plan begins or ends."""
    figures = plan.figures
    if not figures.starts_on or not figures.ends_on or figures.ends_on < figures.starts_on:
        return None
    events = [
        Event(step.decided_on, EVENT, masked(step.name))
        for step in figures.steps
        if step.state is State.APPROVED and step.decided_on
    ]
    events += [
        Event(one.due_on, MILESTONE, masked(one.milestone or _("(uden navn)")))
        for book in plan.books
        for one in book.workbook.milestones
        if one.due_on and one.status not in DONE
    ]
    apply = _("næste ansøgning bør begynde")
    if figures.status != PlanStatus.FINISHED:
        months = parameters.expiry_notice_months.value
        events.append(Event(months_before(figures.ends_on, months), APPLY, apply.capitalize()))
    return TimeLine(
        _("Planens tidslinje"),
        figures.starts_on,
        figures.ends_on,
        today,
        sorted(events, key=lambda one: one.on),
        {EVENT: _("godkendelse"), MILESTONE: _("milepæl"), APPLY: apply},
    )


def _filters(facets: Sequence[Facets]) -> list[Filter]:
    """The filters that have something to choose between."""
    filters = [
        ("area", _heading("Område"), _heading("Område")),
        ("state", _heading("Tilstand"), ""),
        ("owner", _("Hvem har næste skridt?"), ""),
        ("severity", _heading("Alvor"), _heading("Alvor")),
    ]
    choices = {
        key: list(dict.fromkeys(value for one in facets for value in one[key]))
        for key, _label, _column in filters
    }
    for key in ("area", "owner"):
        choices[key].sort()
    return [
        Filter(key, label, choices[key], column)
        for key, label, column in filters
        if len(choices[key]) > 1
    ]
