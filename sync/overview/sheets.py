"""The sheets of the overview in their order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rules.parameters import Parameters
from rules.personal_numbers import masked
from sheets_templates.description import Link, ReportCell, ReportSheet
from sync.account import Overview
from sync.overview.accepted import waivers_sheet
from sync.overview.activities import activities_sheet, lessons_sheet
from sync.overview.approvals import approvals_sheet
from sync.overview.books import books_sheet
from sync.overview.deadlines import deadlines_sheet
from sync.overview.funding import funding_sheet
from sync.overview.notices import notices_sheet
from sync.overview.plans import plans_sheet
from sync.overview.staff import staff_sheet

_TURNS = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


def overview_sheets(
    overview: Overview, parameters: Parameters, at: datetime, link: Callable[[Link], Link]
) -> tuple[ReportSheet, ...]:
    """The sheets of the overview, with every text free of CPR numbers.

    `link` makes of a link by a workbook's address what leads there from the overview.
    """
    sheets = (
        plans_sheet(overview, at),
        funding_sheet(overview),
        approvals_sheet(overview, parameters),
        activities_sheet(overview),
        lessons_sheet(overview),
        deadlines_sheet(overview, at.date()),
        staff_sheet(overview, at.date()),
        notices_sheet(overview),
        waivers_sheet(overview),
        books_sheet(overview),
    )
    return tuple(
        replace(sheet, rows=[[_finished(cell, link) for cell in row] for row in sheet.rows])
        for sheet in sheets
    )


def _finished(cell: ReportCell, link: Callable[[Link], Link]) -> ReportCell:
    """The cell with CPR numbers hidden and its address made a link."""
    if isinstance(cell, str):
        return _harmless(cell)
    if isinstance(cell, Link):
        leads_to = f"{cell.address}#{cell.cell}"
        if not cell.address or masked(leads_to) != leads_to:
            return _harmless(cell.text)
        return replace(link(cell), text=_harmless(cell.text))
    return cell


def _harmless(text: str) -> str:
    """The text without CPR numbers; marks that turn its direction become visible."""
    return masked(_TURNS.sub("\ufffd", text))
