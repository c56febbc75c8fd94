"""Putting the overview where the secretariat opens it: anew only where something has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version

import msgspec

from rules.model.parameters import Parameters
from sheets_templates.report.description import Link
from sync.history.history import History
from sync.history.readings import settings_key
from sync.i18n.language import spoken
from sync.overview.model import Overview
from sync.overview.published import forget_tabs
from sync.overview.timestamp_line import FIRST_TAB, checked_line
from sync.overview.workbook import Known, KnownTab, OverviewTab, overview_tabs
from sync.stores.base import SavedAsCopy, Store
from sync.stores.secretariat import OverviewPlace


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
            link = store.opening_link(link)
        return place.link(link)

    told = f"{version('helhedsplan')} {spoken().code} {settings_key(parameters)} {place.address}"
    is_known = history.notes.overview_address == place.address
    is_as_left = is_known and place.is_unchanged(history.notes.overview_mark)
    known = Known(told, _known_tabs(history) if is_as_left else {})
    tabs = overview_tabs(overview, parameters, at, leading, known)
    content = _digest(tabs)
    mark = None
    if is_as_left and content == history.notes.overview_content:
        mark = place.write_line(FIRST_TAB, checked_line(at))
    if mark is None:
        # Until it is written nobody knows what stands there: a run may be cut off in between.
        forget_tabs(history)
        mark = _replaced(place, tabs, history, is_known=is_known, today=at.date())
    if mark is None:
        tabs = overview_tabs(overview, parameters, at, leading, Known(told))
        mark = _replaced(place, tabs, history, is_known=is_known, today=at.date())
    history.notes.overview_content = content
    history.notes.overview_tabs = msgspec.json.encode([tab.known for tab in tabs]).decode()
    history.notes.overview_address = place.address
    history.notes.overview_mark = mark or ""
    copies = history.notes.overview_copies
    history.notes.overview_copies = []
    return copies


def _replaced(
    place: OverviewPlace,
    tabs: Sequence[OverviewTab],
    history: History,
    *,
    is_known: bool,
    today: date,
) -> str | None:
    """Write what is new of the overview; None where what shall stand in it does not.

    A copy that is laid instead is remembered for the next run.
    """
    try:
        return place.replace([tab.content for tab in tabs], is_known=is_known, today=today)
    except SavedAsCopy as error:
        history.notes.overview_copies = [
            *dict.fromkeys([*history.notes.overview_copies, error.copy])
        ]
        raise


def _known_tabs(history: History) -> dict[str, KnownTab]:
    """The tabs as they were written last, by key; none where another version told of them."""
    try:
        known = msgspec.json.decode(history.notes.overview_tabs or "[]", type=list[KnownTab])
    except msgspec.DecodeError:
        return {}
    return {tab.key: tab for tab in known}


def _digest(tabs: Sequence[OverviewTab]) -> str:
    """A digest of everything but the line with the time.

    Of a tab that is known by what it was made from, that is enough.
    """
    digest = hashlib.blake2b(digest_size=16)
    for number, tab in enumerate(tabs):
        sheet = tab.sheet and (tab.sheet if number else replace(tab.sheet, line=""))
        digest.update((tab.known.inputs or repr(sheet)).encode())
    return digest.hexdigest()
