"""The sheets of the overview in their order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from rules.parameters import Parameters
from rules.personal_numbers import masked
from sheets_templates.description import Chart, Link, ReportCell, ReportSheet
from sync.account import Overview
from sync.overview.accepted import waivers_sheet
from sync.overview.activities import activities_sheet, effort_areas_sheet, lessons_sheet
from sync.overview.approvals import approvals_sheet, durations_sheet
from sync.overview.books import books_sheet
from sync.overview.deadlines import deadlines_near, deadlines_sheet
from sync.overview.funding import funding_sheet
from sync.overview.notices import notices_sheet
from sync.overview.plans import plans_sheet
from sync.overview.staff import staff_sheet
from sync.overview.timeline import timeline_sheet
from sync.overview.trends import trends_sheet

_LONGEST_HEADING = 120
_TURNS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]"
)


def overview_sheets(
    overview: Overview, parameters: Parameters, at: datetime, link: Callable[[Link], Link]
) -> tuple[ReportSheet, ...]:
    """The sheets of the overview, with every text free of CPR numbers.

    `link` makes of a link by a workbook's address what leads there from the overview.
    """
    today = at.date()
    activities = activities_sheet(overview)
    near = deadlines_near(overview, today)
    sheets = (
        plans_sheet(overview, parameters, near, at),
        funding_sheet(overview, parameters),
        approvals_sheet(overview, parameters, today),
        durations_sheet(overview, parameters, today),
        timeline_sheet(overview, parameters, today),
        effort_areas_sheet(overview, parameters),
        activities,
        lessons_sheet(overview),
        deadlines_sheet(near, today),
        staff_sheet(overview, today),
        notices_sheet(overview, today),
        waivers_sheet(overview),
        trends_sheet(overview, today),
        books_sheet(overview, activities, parameters, today),
    )
    return tuple(
        replace(
            sheet,
            headings=tuple(
                replace(one, text=_harmless(one.text)[:_LONGEST_HEADING]) for one in sheet.headings
            ),
            rows=[[_finished(cell, link) for cell in row] for row in sheet.rows],
            charts=tuple(_masked(chart) for chart in sheet.charts),
        )
        for sheet in sheets
    )


def _masked(chart: Chart) -> Chart:
    """The chart with CPR numbers hidden in the names along it."""
    return replace(
        chart,
        categories=tuple(_harmless(name) for name in chart.categories),
        series=tuple(replace(one, name=_harmless(one.name)) for one in chart.series),
    )


def _finished(cell: ReportCell, link: Callable[[Link], Link]) -> ReportCell:
    """The cell with CPR numbers hidden and its address made a link."""
    if isinstance(cell, str):
        return _harmless(cell)
    if not isinstance(cell, Link):
        return cell
    text = _harmless(cell.text)
    if not cell.address or _names_somebody(cell.address) or _names_somebody(cell.cell):
        return text
    leading = link(cell)
    return Link(text, leading.address, leading.cell)


@lru_cache(maxsize=65_536)
def _names_somebody(part: str) -> bool:
    """Whether an address, or a place in a file, holds a CPR number."""
    return masked(part) != part


@lru_cache(maxsize=65_536)
def _harmless(text: str) -> str:
    """The text without CPR numbers; control characters and marks that turn it become visible."""
    return masked(_TURNS.sub("\ufffd", text))
