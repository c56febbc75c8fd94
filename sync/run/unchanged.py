"""A run that finds everything as the run before it left it, on the same day, has nothing to do.

The same workbooks, waivers and settings give the same findings on the same day. So the account of
the run before holds, and only the times of the check are renewed. On the next day all plans are
judged again, from what was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version

from sync.history.history import History
from sync.history.notes import Tally, UnchangedSituation
from sync.stores.base import Contents, Store, StoreError

Listing = tuple[Store, Contents | StoreError]
"""A store, and what it lists or why it cannot."""


def list_all(stores: Sequence[Store]) -> list[Listing]:
    """What every store lists, or why it cannot."""
    listed: list[Listing] = []
    for store in stores:
        try:
            listed.append((store, store.contents()))
        except StoreError as error:
            listed.append((store, error))
    return listed


def paths_of(listed: Sequence[Listing]) -> list[str]:
    """The paths of all workbooks that were listed."""
    contents = [one for _, one in listed if not isinstance(one, StoreError)]
    return [workbook.path for one in contents for workbook in one.workbooks]


def situation_of(listed: Sequence[Listing], settings: object, today: date, told: object) -> str:
    """A digest of all that a run's account depends on; empty where a store is out of reach.

    `settings` are the digests of what is read and how it is worded; `told` is what else the run
    was told.
    """
    digest = hashlib.blake2b(repr((version("helhedsplan"), settings, today, told)).encode())
    for store, contents in listed:
        if isinstance(contents, StoreError):
            return ""
        workbooks = [(one.path, one.stamp, one.address) for one in contents.workbooks]
        skipped = [(one.path, one.reason) for one in contents.skipped]
        listing = (store.name, workbooks, skipped, tuple(contents.side_workbooks))
        digest.update(repr(listing).encode())
    return digest.hexdigest()


def known_tally(history: History, situation: str) -> Tally | None:
    """What the last run found, where the situation is the one that it left."""
    known = history.notes.unchanged
    return known.tally if known and known.situation == situation else None


def remember(history: History, situation: str, tally: Tally) -> None:
    """Remember in which situation a run had nothing to read, to write or to tell.

    An empty one says that the next run must look.
    """
    history.notes.unchanged = UnchangedSituation(situation, tally) if situation else None
