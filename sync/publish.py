"""Putting the overview where the secretariat opens it: anew only where something has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from rules.parameters import Parameters
from sheets_templates.description import Link, ReportSheet
from sync.account import Overview
from sync.history import History
from sync.overview.plans import FIRST_TAB, checked_line
from sync.overview.sheets import overview_sheets
from sync.stores.places import OverviewPlace
from sync.stores.store import SetAside, Store

_CONTENT, _MARK, _ADDRESS = "overview content", "overview stamp", "overview file"
_COPIES = "overview copies"


def publish(
    overview: Overview,
    parameters: Parameters,
    place: OverviewPlace,
    *,
    stores: Sequence[Store],
    history: History,
    at: datetime,
) -> list[str]:
    """Write the overview, wholly or not at all; `stores` know how their cells are reached.

    The names of copies that were laid while it was in use, and are out of date now.

    Raises:
        StoreError: it is in use, may not be written, or is somebody else's workbook.
    """

    def leading(link: Link) -> Link:
        for store in stores:
            link = store.leading(link)
        return place.link(link)

    sheets = overview_sheets(overview, parameters, at, leading)
    content = _digest(sheets)
    is_known = history.fact(_ADDRESS) == place.address
    mark = None
    is_the_same = is_known and content == history.fact(_CONTENT)
    if is_the_same and place.is_as_left(history.fact(_MARK) or ""):
        mark = place.retime(sheets[0].name, checked_line(at))
    if mark is None:
        mark = _replaced(place, sheets, history, is_known=is_known, today=at.date())
    history.set_fact(_CONTENT, content)
    history.set_fact(_MARK, mark)
    history.set_fact(_ADDRESS, place.address)
    copies = _copies(history)
    history.set_fact(_COPIES, "")
    return copies


def retimed(place: OverviewPlace, history: History, at: datetime) -> bool:
    """Renew the time of the check in the overview as it was left; whether that could be done.

    Raises:
        StoreError: it is in use, or may not be written.
    """
    is_known = history.fact(_ADDRESS) == place.address and not history.fact(_COPIES)
    if not is_known or not place.is_as_left(history.fact(_MARK) or ""):
        return False
    mark = place.retime(FIRST_TAB, checked_line(at))
    if mark is not None:
        history.set_fact(_MARK, mark)
    return mark is not None


def _replaced(
    place: OverviewPlace,
    sheets: Sequence[ReportSheet],
    history: History,
    *,
    is_known: bool,
    today: date,
) -> str:
    """Write the overview anew; a copy that is laid instead is remembered for the next run."""
    try:
        return place.replace(sheets, is_known=is_known, today=today)
    except SetAside as error:
        copies = dict.fromkeys([*_copies(history), error.copy])
        history.set_fact(_COPIES, "\n".join(copies))
        raise


def _copies(history: History) -> list[str]:
    return list(filter(None, (history.fact(_COPIES) or "").split("\n")))


def _digest(sheets: Sequence[ReportSheet]) -> str:
    """A digest of everything but the line with the time."""
    digest = hashlib.blake2b(digest_size=16)
    for number, sheet in enumerate(sheets):
        digest.update(repr(sheet if number else replace(sheet, line="")).encode())
    return digest.hexdigest()
