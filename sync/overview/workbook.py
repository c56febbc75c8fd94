"""The tabs of the overview in their order.

The large tabs are made only where what they show has changed: each says by what it is known.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache

from rules.model.parameters import Parameters
from rules.text.personal_numbers import masked
from sheets_templates.report.description import (
    HERE,
    CellKind,
    Chart,
    Heading,
    Link,
    ReportCell,
    ReportSheet,
    StandingSheet,
    has_oere,
)
from sheets_templates.report.wording import worded
from sync.i18n.language import spoken
from sync.overview.activities import (
    activities_sheet,
    by_effort_area,
    effort_areas_sheet,
    lessons_sheet,
)
from sync.overview.approvals import approvals_sheet, durations_sheet
from sync.overview.books import books_sheet
from sync.overview.deadlines import deadlines_near, deadlines_sheet
from sync.overview.funding import funding_sheet
from sync.overview.model import Overview, PlanBook
from sync.overview.notices import notices_sheet
from sync.overview.plans import plans_sheet
from sync.overview.staff import employed_today, staff_sheet
from sync.overview.timeline import timeline_sheet, timeline_today
from sync.overview.trends import trends_sheet
from sync.overview.waivers import waivers_sheet

_LONGEST_HEADING = 120
_BESIDE_AMOUNTS = 2.5
"""How much wider than its digits and marks the cell of an amount is."""
_TURNS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]"
)
Leading = Callable[[Link], Link]
"""Makes of a link by a workbook's address what leads there from the overview."""
_Make = Callable[[], ReportSheet]


@dataclass(frozen=True, slots=True)
class KnownTab:
    """A tab that stands in the overview: what it was made from, and how much it shows.

    `key` is its name in no language; `inputs` is a digest, empty where nobody can tell; `shown` are
    rows by their workbook's path.
    """

    key: str
    inputs: str
    standing: StandingSheet
    shown: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the overview that stands: for whom it was made, and its tabs by key."""

    told: str
    tabs: Mapping[str, KnownTab] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OverviewTab:
    """A tab of the overview; its sheet is there if what it shows has changed."""

    known: KnownTab
    sheet: ReportSheet | None = None

    @property
    def content(self) -> ReportSheet | StandingSheet:
        """What is to be written."""
        return self.sheet or self.known.standing


def overview_tabs(
    overview: Overview, parameters: Parameters, at: datetime, leading: Leading, known: Known
) -> tuple[OverviewTab, ...]:
    """The tabs, with every text free of CPR numbers; `known.told` is all else they depend on."""
    today = at.date()
    contents = _contents(overview, leading, known.told)
    near = deadlines_near(overview, today)

    def tab(key: str, make: _Make, day: object = None) -> OverviewTab:
        inputs = hashlib.blake2b(f"{contents}{day!r}".encode()).hexdigest() if contents else ""
        one = known.tabs.get(key)
        return (
            OverviewTab(one) if inputs and one and one.inputs == inputs else made(key, make, inputs)
        )

    def made(key: str, make: _Make, inputs: str = "") -> OverviewTab:
        sheet = worded(make(), spoken())
        shown = Counter(sheet.sources)
        return OverviewTab(
            KnownTab(key, inputs, sheet.standing, shown), _finished_sheet(sheet, leading)
        )

    placed = cache(lambda: by_effort_area(overview))
    tabs = (
        made("plans", lambda: plans_sheet(overview, parameters, near, at)),
        made("funding", lambda: funding_sheet(overview, parameters)),
        made("approvals", lambda: approvals_sheet(overview, parameters, today)),
        made("durations", lambda: durations_sheet(overview, parameters, today)),
        tab("timeline", lambda: timeline_sheet(overview, parameters, today),
            timeline_today(overview, today)),
        tab("effort areas", lambda: effort_areas_sheet(overview, placed(), parameters)),
        tab("activities", lambda: activities_sheet(placed())),
        tab("lessons", lambda: lessons_sheet(placed())),
        made("deadlines", lambda: deadlines_sheet(near, today)),
        tab("staff", lambda: staff_sheet(overview, today), employed_today(overview, today)),
        made("notices", lambda: notices_sheet(overview, today)),
        made("waivers", lambda: waivers_sheet(overview)),
        made("trends", lambda: trends_sheet(overview, today)),
    )  # fmt: skip
    shown = {one.known.key: one.known.shown for one in tabs}
    return (*tabs, made("books", lambda: books_sheet(overview, shown, parameters, today)))


def _contents(overview: Overview, leading: Leading, told: str) -> str:
    """A digest of all workbooks' values and of where their cells are reached.

    Empty where the values of one of them are not known by a digest.
    """
    digest = hashlib.blake2b(told.encode(), digest_size=16)
    for _plan, book in overview.plan_books:
        if not book.digest:
            return ""
        digest.update(f"{book.workbook.path}\x1f{book.digest}\x1f".encode())
        for link in _ways_into(book):
            way = leading(link)
            digest.update(f"{way.address}\x1f{way.cell}\x1e".encode())
    return digest.hexdigest()


def _ways_into(book: PlanBook) -> Iterable[Link]:
    if not book.address:
        return ()
    return [
        Link("", book.address, f"'{layout.name}'!A1") for layout in book.workbook.layouts.values()
    ]


def _finished_sheet(sheet: ReportSheet, leading: Leading) -> ReportSheet:
    """The sheet with CPR numbers hidden and its addresses made links.

    A link to HERE without a cell leads to the rows above it.
    """
    texts = _Harmless()
    layout = sheet.layout

    def finished(cell: ReportCell, number: int) -> ReportCell:
        if not isinstance(cell, Link):
            return cell
        if cell.address == HERE:
            return Link(texts[cell.text], HERE, cell.cell or layout.rows_down_to(number - 1))
        return _finished_link(cell, leading)

    return replace(
        sheet,
        headings=tuple(_finished_heading(one, n, sheet) for n, one in enumerate(sheet.headings)),
        rows=[
            [texts[cell] if type(cell) is str else finished(cell, number) for cell in row]
            for number, row in enumerate(sheet.rows, layout.header_row + 1)
        ],
        charts=tuple(_masked(chart) for chart in sheet.charts),
    )


def _finished_heading(heading: Heading, number: int, sheet: ReportSheet) -> Heading:
    """The heading without CPR numbers; a column of amounts is as wide as the longest of them."""
    width = heading.width
    if heading.kind is CellKind.AMOUNT:
        column = [row[number] for row in sheet.rows]
        decimals = 2 if has_oere(column) else 0
        amounts = [f"{one:,.{decimals}f}" for one in column if isinstance(one, Decimal)]
        width = max(width, max(map(len, amounts), default=0) + _BESIDE_AMOUNTS)
    return replace(heading, text=_harmless(heading.text)[:_LONGEST_HEADING], width=width)


class _Harmless(dict[str, str]):
    """Texts without CPR numbers, by what they were; a lookup costs less than a call."""

    def __missing__(self, text: str) -> str:
        harmless = self[text] = _harmless(text)
        return harmless


def _masked(chart: Chart) -> Chart:
    """The chart with CPR numbers hidden in the names along it."""
    return replace(
        chart,
        categories=tuple(_harmless(name) for name in chart.categories),
        series=tuple(replace(one, name=_harmless(one.name)) for one in chart.series),
    )


def _finished_link(link: Link, leading: Leading) -> ReportCell:
    """The link with CPR numbers hidden; without an address, or with one in it, plain text."""
    text = _harmless(link.text)
    if not link.address or _names_somebody(link.address) or _names_somebody(link.cell):
        return text
    way = leading(link)
    return Link(text, way.address, way.cell)


@lru_cache(maxsize=65_536)
def _names_somebody(part: str) -> bool:
    """Whether an address, or a place in a file, holds a CPR number."""
    return masked(part) != part


@lru_cache(maxsize=65_536)
def _harmless(text: str) -> str:
    """The text without CPR numbers; control characters and marks that turn it become visible."""
    return masked(_TURNS.sub("\ufffd", text))
