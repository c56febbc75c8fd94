"""Putting the overview where the secretariat opens it: anew only where something has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version

import msgspec

from rules.catalogue.catalogue import RULES
from sheets_templates.report.description import FIRST_TAB, Link
from sync.history.history import History
from sync.history.readings import settings_key
from sync.i18n.language import spoken
from sync.overview.cells import checked_line
from sync.overview.published import forget_tabs
from sync.overview.workbook import OverviewSheets, OverviewTab, WrittenTab, overview_tabs
from sync.stores.base import OverviewPlace, SavedAsCopy, Store


def publish(
    sheets: OverviewSheets, place: OverviewPlace, *, stores: Sequence[Store], history: History
) -> list[str]:
    """Write the overview, wholly or not at all; `stores` know how their cells are reached.

    Returns the names of copies that were made while it was in use, and are out of date now.

    Raises:
        StoreError: it is in use, may not be written, or is somebody else's workbook.
    """

    def resolve(link: Link) -> Link:
        for store in stores:
            link = store.opening_link(link)
        return place.link(link)

    notes, settings = history.notes, settings_key(sheets.parameters, RULES)
    made_for = f"{version('helhedsplan')} {spoken().code} {settings} {place.address}"
    is_known = notes.overview_address == place.address
    is_unchanged = is_known and place.is_unchanged(notes.overview_mark)

    def replaced(tabs: Sequence[OverviewTab]) -> str | None:
        """Write what is new; None where a tab that has not changed is not there."""
        try:
            contents = [tab.sheet or tab.written.outline for tab in tabs]
            return place.replace(contents, is_known=is_known, today=sheets.at.date())
        except SavedAsCopy as error:
            copies = dict.fromkeys([*notes.overview_copies, error.copy])
            notes.overview_copies = list(copies)
            raise

    tabs_beside = partial(overview_tabs, sheets, resolve, made_for=made_for)
    tabs = tabs_beside(written=_written_tabs(history) if is_unchanged else {})
    content = _digest(tabs)
    mark = None
    if is_unchanged and content == notes.overview_content:
        mark = place.write_line(FIRST_TAB, checked_line(sheets.at))
    if mark is None:
        # Until it is written nobody knows what it holds: a run may be cut off in between.
        forget_tabs(history)
        mark = replaced(tabs)
    if mark is None:
        tabs = tabs_beside(written={})
        mark = replaced(tabs)
    with history.together():
        notes.overview_content = content
        notes.overview_tabs = msgspec.json.encode([tab.written for tab in tabs]).decode()
        notes.overview_address = place.address
        notes.overview_mark = mark or ""
        copies, notes.overview_copies = notes.overview_copies, []
    return copies


def _written_tabs(history: History) -> dict[str, WrittenTab]:
    """The tabs as they were written last, by key; none where another version wrote of them."""
    try:
        known = msgspec.json.decode(history.notes.overview_tabs or "[]", type=list[WrittenTab])
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
        digest.update((tab.written.inputs or repr(sheet)).encode())
    return digest.hexdigest()
