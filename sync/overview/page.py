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

from rules.judging.procedure import State
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.model.tables import PlanStatus
from rules.text.personal_numbers import masked
from sheets_templates.report.description import Link, ReportCell, ReportSheet
from sheets_templates.report.html import page_html
from sheets_templates.report.page import Card, Event, Filter, Page, TimeLine, with_columns
from sync.history.history import History
from sync.i18n.language import _, spoken
from sync.overview.approvals import owner
from sync.overview.brief import brief_of
from sync.overview.cells import checked_line, months_before
from sync.overview.deadlines import DONE, deadlines_sheet
from sync.overview.funding import funding_sheet
from sync.overview.model import Overview, PlanLine
from sync.overview.notices import notices_sheet
from sync.overview.plan_rows import plan_rows
from sync.overview.published import digest_of, page_file
from sync.overview.timeline import APPLY, EVENT
from sync.overview.workbook import Resolve, finished_sheet, overview_tabs
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


def publish_page(
    overview: Overview,
    parameters: Parameters,
    file: Path,
    *,
    stores: Sequence[Store],
    folders: Sequence[Path],
    history: History,
    at: datetime,
) -> None:
    """Write the page; `folders` are those whose files it may lead to.

    Raises:
        StoreError: it may not be written, or is somebody else's file.
    """
    resolve = _resolver(file, stores, folders)
    new = page_html(page_of(overview, parameters, at, resolve))
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


def page_of(overview: Overview, parameters: Parameters, at: datetime, resolve: Resolve) -> Page:
    """What stands on the page, with every text free of CPR numbers."""
    tabs = overview_tabs(overview, parameters, at, resolve, made_for="", written={})
    sheets = {tab.written.key: tab.sheet for tab in tabs if tab.sheet}
    plans, ordered = sheets["plans"], plan_rows(overview, at.date())
    alone = {plan.key: narrow for plan, narrow in _each_alone(overview)}
    rows = plans.rows[len(overview.missing) :]
    cards = [
        _card(one.plan, row, alone[one.plan.key], parameters, at=at, resolve=resolve)
        for one, row in zip(ordered, rows, strict=True)
    ]
    below = sorted(sheets.keys() - _ON_CARDS, key=[*_FIRST_BELOW, *sheets].index)
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
        charts=[*dict.fromkeys(one for sheet in sheets.values() for one in sheet.charts)],
        sheets=[sheets[key] for key in below],
        filters=_filters(cards),
        grouped={"Erfaringer"},
    )


def _heading(danish: str) -> str:
    return spoken().text(danish, "heading")


def _headings(danish: Collection[str]) -> frozenset[str]:
    return frozenset(map(_heading, danish))


def _each_alone(overview: Overview) -> Iterator[tuple[PlanLine, Overview]]:
    """Each plan with an overview of its open findings in which there is no other plan."""
    notices = defaultdict(list)
    for line in overview.open_notices:
        notices[line.notice.workbook].append(line)
    deadlines = defaultdict(list)
    for one in overview.deadlines:
        deadlines[one.plan.key].append(one)
    books = {line.path: line for line in overview.books}
    for plan in overview.plans:
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
    figures, today = plan.figures, at.date()
    brief = brief_of(plan, alone, parameters, at)
    money = funding_sheet(alone, parameters)
    kept = {one.text for one in money.headings} - _NOT_MONEY
    findings = notices_sheet(alone, today)
    severities = [_(s).capitalize() for s in Severity]
    state = str(row[0])

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
            part(_("Åbne fejl og advarsler"), findings, _FINDING),
        ],
        facets={
            "plan": [_plain(row[1])],
            "state": [state],
            "area": figures.areas,
            "owner": [one for one in owner(plan, today).split(", ") if one],
            "severity": [s for s in severities if any(line[0] == s for line in findings.rows)],
        },
    )


def _plain(cell: ReportCell) -> str:
    return cell.text if isinstance(cell, Link) else str(cell or "")


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


def _filters(cards: Sequence[Card]) -> list[Filter]:
    """The filters that have something to choose between."""
    filters = [
        ("area", _heading("Område"), _heading("Område")),
        ("state", _heading("Tilstand"), ""),
        ("owner", _("Hvem har næste skridt?"), ""),
        ("severity", _heading("Alvor"), _heading("Alvor")),
    ]
    choices = {
        key: list(dict.fromkeys(value for card in cards for value in card.facets[key]))
        for key, _label, _column in filters
    }
    for key in ("area", "owner"):
        choices[key].sort()
    return [
        Filter(key, label, choices[key], column)
        for key, label, column in filters
        if len(choices[key]) > 1
    ]
