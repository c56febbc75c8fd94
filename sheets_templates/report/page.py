"""What a page holds: a report to be read in any browser, with a card for each plan.

It is made of what the other kinds of files are made of: sheets, charts, and the brief of a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.text.language import Language
from sheets_templates.report.description import (
    Brief,
    BriefTable,
    Chart,
    Figure,
    Highlight,
    Link,
    ReportCell,
    ReportSheet,
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day of a time line, with the sign that it has there."""

    on: date
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A plan from its first to its last day, and what falls on which day."""

    title: str
    starts_on: date
    ends_on: date
    today: date
    events: Sequence[Event]
    signs: Mapping[str, str]
    """What each sign means."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of cards; `heading` is that of the tables' columns which it goes by, if any."""

    key: str
    label: str
    choices: Sequence[str]
    heading: str = ""


Facets = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Card:
    """All that is to be said of one plan.

    `row` is its line among all plans, which has the headings of the page's `plans`; `links` lead
    to its workbooks.
    """

    row: Sequence[ReportCell]
    links: Sequence[Link]
    brief: Brief
    steps: BriefTable
    share: Chart | None
    time: TimeLine | None
    sheets: Sequence[ReportSheet]


@dataclass(frozen=True, slots=True)
class Page:
    """A page. The first rows of `plans` with facets are those of the cards, in their order.

    The list at the top has the columns `first` of it; a card shows those that are not `said` in
    another place. In columns with the heading `plan_heading` stands what leads to a plan's card.
    `facets` are, for each row of `plans`, the choices of each filter in which it is shown.
    `grouped` are the keys of sheets whose rows belong together where they begin alike.
    """

    title: str
    checked: str
    language: Language
    figures: Sequence[Figure]
    plans: ReportSheet
    plan_heading: str
    first: Collection[str]
    said: Collection[str]
    cards: Sequence[Card]
    cards_line: str
    charts: Sequence[Chart]
    sheets: Sequence[ReportSheet]
    filters: Sequence[Filter]
    facets: Sequence[Facets]
    grouped: Collection[str] = ()


def with_columns(sheet: ReportSheet, headings: Collection[str]) -> ReportSheet:
    """The sheet with these columns alone; a highlight goes with the columns that it marks.

    A highlight that goes by a column which is left out is lost.
    """
    kept = [number for number, one in enumerate(sheet.headings) if one.text in headings]

    def moved(one: Highlight) -> Highlight:
        first = sum(number < one.first for number in kept)
        last = sum(number <= one.last for number in kept) - 1
        by = None if one.by is None else kept.index(one.by)
        return replace(one, first=first, last=last, by=by)

    return replace(
        sheet,
        headings=tuple(sheet.headings[number] for number in kept),
        rows=[[row[number] for number in kept] for row in sheet.rows],
        highlights=tuple(
            moved(one) for one in sheet.highlights if one.by is None or one.by in kept
        ),
    )
