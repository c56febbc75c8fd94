"""The first stages of a run: what is unchanged is recalled from the history, the rest is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rules.judging.rule import Context
from sync.check.fault import Fault, guarded
from sync.check.inventory import Inventory
from sync.check.reading import ReadOutcome, read_all
from sync.history.history import History
from sync.history.readings import Content, StoredReading, settings_key
from sync.run.options import RunOptions
from sync.run.workbook import RunWorkbook
from sync.stores.base import ListedWorkbook, Store, StoreError, Unreadable, Version

DOUBT_SECONDS = 2.0
"""A file changed this shortly before it was read may have changed again within its time stamp."""


@dataclass(frozen=True, slots=True)
class ReadWorkbooks:
    """The workbooks of a run by path and in its order; how many of them were `read`.

    `is_settled` says that all others were sure to be unchanged by their time stamps.
    """

    workbooks: dict[str, RunWorkbook]
    read: int
    is_settled: bool


def read_workbooks(
    inventory: Inventory,
    history: History,
    context: Context,
    options: RunOptions,
    stop_if_asked: Callable[[], None],
) -> ReadWorkbooks:
    """Recall what is unchanged and read the rest. What could not be reached is as it was seen last.

    Raises:
        Stopped: somebody asked for it.
    """
    settings = settings_key(options.parameters)
    known = history.readings.under(settings)
    found: dict[str, RunWorkbook] = {}
    doubted: list[tuple[str, Version, float, Content]] = []
    for path, (listed, store) in inventory.workbooks.items():
        before = None if options.full else known.get(path)
        content = _unchanged_content(listed, store, before, doubted) if before else None
        if before and content:
            reading = _recalled(path, content, before.version)
            found[path] = RunWorkbook(listed, store, reading, is_recalled=True)
    to_read = [
        (store, path) for path, (_, store) in inventory.workbooks.items() if path not in found
    ]
    fresh = []
    read_at = time.time()
    for outcome in read_all(to_read, context, options.processes, options.progress, to_write=True):
        path, reading = outcome.path, outcome
        listed, store = inventory.workbooks[path]
        if reading.version and not reading.failure:
            content = Content(reading.checked, reading.unreadable)
            fresh.append((path, reading.version, read_at, content))
        elif reading.failure and path in known and (content := known[path].content()):
            reading = _recalled(path, content, failure=reading.failure)
        found[path] = RunWorkbook(listed, store, reading)
        stop_if_asked()
    if options.writes:
        history.readings.keep(settings, [*fresh, *doubted])
    for store, _ in inventory.unreachable:
        found |= _seen_last(store, known)
    return ReadWorkbooks(dict(sorted(found.items())), len(to_read), not doubted)


def _unchanged_content(
    listed: ListedWorkbook,
    store: Store,
    before: StoredReading,
    doubted: list[tuple[str, Version, float, Content]],
) -> Content | None:
    """What was read of the workbook before, where it has not changed since.

    Size and time tell. Where the time is too close to the reading, the content does, and the
    doubt ends: that is to be remembered.
    """
    if listed.stamp != before.version.stamp:
        return None
    content = before.content()
    changed_at = listed.changed_at.timestamp()
    if content is None or listed.is_certain or changed_at < before.read_at - DOUBT_SECONDS:
        return content
    looked_at = time.time()
    try:
        digest = guarded("read", store.digest, listed.path)
    except (StoreError, Unreadable):
        return None
    if digest != before.version.digest:  # after a fault too: whoever reads it then reports it
        return None
    doubted.append((listed.path, before.version, looked_at, content))
    return content


def _seen_last(store: Store, known: Mapping[str, StoredReading]) -> dict[str, RunWorkbook]:
    """The workbooks of a store that cannot be reached, as they were seen last."""
    prefix = f"{store.name}/" if store.name else ""
    seen = {}
    for path, before in known.items():
        if path.startswith(prefix):
            listed = ListedWorkbook(path, "", datetime.fromtimestamp(before.read_at, UTC), "")
            reading = _recalled(path, before.content() or Content())
            seen[path] = RunWorkbook(listed, store, reading, is_recalled=True, is_reached=False)
    return seen


def _recalled(
    path: str, content: Content, version: Version | None = None, failure: str | Fault = ""
) -> ReadOutcome:
    return ReadOutcome(
        path, version, content.checked, unreadable=content.unreadable, failure=failure
    )
