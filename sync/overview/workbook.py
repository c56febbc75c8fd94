"""The tabs of the overview in their order.

The large tabs are made only where what they show has changed: each says by what it is known.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache

from rules.model.parameters import Parameters
from rules.text.personal_numbers import masked
from sheets_templates.report.description import (
    HERE,
    Chart,
    Link,
    ReportCell,
    ReportSheet,
    SheetOutline,
)
from sync.i18n.language import _, spoken
from sync.overview.accounts import accounts_sheet, keeps_accounts
from sync.overview.activities import (
    activities_sheet,
    by_effort_area,
    effort_areas_sheet,
    lessons_sheet,
)
from sync.overview.approvals import approvals_sheet, durations_sheet
from sync.overview.books import books_sheet
from sync.overview.deadlines import deadlines_sheet
from sync.overview.first_tab import plans_sheet
from sync.overview.funding import funding_sheet
from sync.overview.meeting import meeting_sheet
from sync.overview.model import Overview, PlanLine
from sync.overview.notices import notices_sheet, waivers_sheet
from sync.overview.plan_rows import plan_rows
from sync.overview.staff import employed_today, staff_sheet
from sync.overview.timeline import timeline_sheet, timeline_today
from sync.overview.trends import trends_sheet

MOST_PLANS, MOST_ROWS = 5_000, 200_000
"""Of more plans only the most urgent ones' activities are listed: that many plans have as many.

A sheet of Excel holds five times that, slowly. Figures and charts are of all plans and all rows.
"""
_OF_THE_URGENT = ("activities", "lessons")
_LONGEST_HEADING = 120
_TURNS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]"
)
Resolve = Callable[[Link], Link]
"""Makes of a link by a workbook's address one that leads there from the overview."""


@dataclass(frozen=True, slots=True)
class WrittenTab:
    """A tab as it was written last: what it was made from, and how much it shows.

    `key` is its name in no language; `inputs` is a digest, empty where they are not known; `shown`
    are rows by their workbook's path.
    """

    key: str
    inputs: str
    outline: SheetOutline
    shown: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OverviewTab:
    """A tab of the overview; its sheet is there if what it shows has changed."""

    written: WrittenTab
    sheet: ReportSheet | None = None


class OverviewSheets:
    """The tabs of an overview by key, each made when it is first asked for.

    Their links are addresses, and CPR numbers stand in them: `finished_sheet` makes what is shown.
    """

    def __init__(self, overview: Overview, parameters: Parameters, at: datetime) -> None:
        self.overview, self.parameters, self.at = overview, parameters, at
        today = at.date()
        placed = cache(lambda: by_effort_area(overview))
        self.most_urgent: frozenset[str] | None = None
        if len(overview.plans) > MOST_PLANS:
            rows = plan_rows(overview, today)[:MOST_PLANS]
            self.most_urgent = frozenset(row.plan.key for row in rows)
        listed = cache(lambda: [one for one in placed() if self._lists(one.plan)])
        self._makers: dict[str, Callable[[], ReportSheet]] = {
            "plans": lambda: plans_sheet(overview, parameters, at),
            "meeting": lambda: meeting_sheet(overview, parameters, today),
            "funding": lambda: funding_sheet(overview, parameters),
            "accounts": lambda: accounts_sheet(overview),
            "approvals": lambda: approvals_sheet(overview, parameters, today),
            "durations": lambda: durations_sheet(overview, parameters, today),
            "timeline": lambda: timeline_sheet(overview, parameters, today),
            "effort areas": lambda: effort_areas_sheet(overview, placed(), parameters),
            "activities": lambda: activities_sheet(listed()),
            "lessons": lambda: lessons_sheet(placed(), listed()),
            "deadlines": lambda: deadlines_sheet(overview, today),
            "staff": lambda: staff_sheet(overview, today),
            "notices": lambda: notices_sheet(overview, today),
            "waivers": lambda: waivers_sheet(overview),
            "trends": lambda: trends_sheet(overview, today),
            "books": lambda: books_sheet(
                overview, self._rows_shown(), self._lists, parameters, today
            ),
        }
        if not keeps_accounts(overview):
            del self._makers["accounts"]
        self._made: dict[str, ReportSheet] = {}
        self._unchanged: dict[str, WrittenTab] = {}

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order of the tabs."""
        return iter(self._makers)

    def __getitem__(self, key: str) -> ReportSheet:
        """The tab."""
        if key not in self._made:
            sheet = self._makers[key]().worded(spoken())
            if self.most_urgent and key in _OF_THE_URGENT:
                text = _("Her står kun de {count} planer, der haster mest.")
                line = f"{sheet.line} {text.format(count=_number(len(self.most_urgent)))}"
                sheet = replace(sheet, line=line)
            self._made[key] = sheet
        return self._made[key]

    def keep(self, tab: WrittenTab) -> None:
        """Take the tab as it was written for what it would be; it need not be made."""
        self._unchanged[tab.key] = tab

    def _lists(self, plan: PlanLine) -> bool:
        """Whether the plan's activities are listed."""
        return self.most_urgent is None or plan.key in self.most_urgent

    def _rows_shown(self) -> dict[str, Mapping[str, int]]:
        kept = self._unchanged
        return {
            key: kept[key].shown if key in kept else Counter(self[key].sources)
            for key in self
            if key != "books"
        }


def first_rows(sheet: ReportSheet, most: int, of_the_rest: str) -> ReportSheet:
    """The sheet with so many rows at most; its line says so, and what is to be said of the rest."""
    if len(sheet.rows) <= most:
        return sheet
    text = _("Her står de første {shown} af {all} rækker.")
    text = text.format(shown=_number(most), all=_number(len(sheet.rows)))
    line = " ".join(filter(None, [sheet.line, text, of_the_rest]))
    return replace(sheet, line=line, rows=sheet.rows[:most])


def _number(count: int) -> str:
    return spoken().number(Decimal(count))


def overview_tabs(
    sheets: OverviewSheets, resolve: Resolve, *, made_for: str, written: Mapping[str, WrittenTab]
) -> tuple[OverviewTab, ...]:
    """The tabs, with every text free of CPR numbers.

    Of those that were `written` last, by key, the ones that have not changed come without a sheet.
    `made_for` is all that they depend on besides the overview.
    """
    overview, today = sheets.overview, sheets.at.date()
    contents = _contents(overview, resolve, made_for)
    listed = sheets.most_urgent and sorted(sheets.most_urgent)
    days: dict[str, object] = {
        "timeline": timeline_today(overview, today),
        "effort areas": None,
        "activities": listed,
        "lessons": listed,
        "staff": employed_today(overview, today),
    }

    def tab(key: str) -> OverviewTab:
        inputs = ""
        if contents and key in days:
            inputs = hashlib.blake2b(f"{contents}{days[key]!r}".encode()).hexdigest()
        last = written.get(key)
        if last and inputs and last.inputs == inputs:
            sheets.keep(last)
            return OverviewTab(last)
        sheet = first_rows(sheets[key], MOST_ROWS, _("Alle tæller med i tallene."))
        now = WrittenTab(key, inputs, sheet.outline, Counter(sheet.sources))
        return OverviewTab(now, finished_sheet(sheet, resolve))

    return tuple(map(tab, sheets))


def _contents(overview: Overview, resolve: Resolve, made_for: str) -> str:
    """A digest of all workbooks' values and of where their cells are reached.

    Empty where the values of one of them are not known by a digest.
    """
    digest = hashlib.blake2b(made_for.encode(), digest_size=16)
    for _plan, book in overview.plan_books:
        if not book.digest:
            return ""
        digest.update(f"{book.path}\x1f{book.digest}\x1f".encode())
        for layout in book.workbook.layouts.values() if book.address else ():
            link = resolve(Link("", book.address, f"'{layout.name}'!A1"))
            digest.update(f"{link.address}\x1f{link.cell}\x1e".encode())
    return digest.hexdigest()


def finished_sheet(sheet: ReportSheet, resolve: Resolve) -> ReportSheet:
    """The sheet with CPR numbers hidden and its addresses made links.

    A link to HERE without a cell leads to the rows above it. One without an address, or with a CPR
    number in it, becomes plain text.
    """

    def finished(cell: ReportCell, number: int) -> ReportCell:
        if not isinstance(cell, Link):
            return _harmless(cell) if isinstance(cell, str) else cell
        text = _harmless(cell.text)
        if cell.address == HERE:
            return Link(text, HERE, cell.cell or sheet.rows_down_to(number - 1))
        if not cell.address or _names_somebody(cell.address) or _names_somebody(cell.cell):
            return text
        link = resolve(cell)
        return Link(text, link.address, link.cell)

    def finished_column(values: Sequence[ReportCell]) -> list[ReportCell]:
        if Link in set(map(type, values)):
            return [finished(cell, row) for row, cell in enumerate(values, sheet.header_row + 1)]
        return [_harmless(cell) if isinstance(cell, str) else cell for cell in values]

    return replace(
        sheet,
        headings=tuple(
            replace(one, text=_harmless(one.text)[:_LONGEST_HEADING]) for one in sheet.headings
        ),
        rows=[*zip(*map(finished_column, sheet.columns), strict=True)],
        charts=tuple(map(finished_chart, sheet.charts)),
        tables=tuple(
            replace(one, rows=[[finished(cell, 0) for cell in row] for row in one.rows])
            for one in sheet.tables
        ),
    )


def finished_chart(chart: Chart) -> Chart:
    """The chart with CPR numbers hidden."""
    return replace(
        chart,
        categories=tuple(map(_harmless, chart.categories)),
        series=tuple(replace(one, name=_harmless(one.name)) for one in chart.series),
    )


@lru_cache(maxsize=65_536)
def _names_somebody(part: str) -> bool:
    """Whether an address, or a place in a file, holds a CPR number."""
    return masked(part) != part


@lru_cache(maxsize=65_536)
def _harmless(text: str) -> str:
    """The text without CPR numbers; control characters and marks that turn it become visible."""
    return masked(_TURNS.sub("\ufffd", text))
