"""What the history knows is not done again: for a whole run, or for single workbooks.

The same workbooks, waivers, comments and settings give the same findings on the same day, and so
the same mails. What the run before came to holds, and only the times of the check are renewed. On
the next day all plans are judged again, from what was read.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version

from rules.catalogue.catalogue import RULES, texts_key
from rules.judging.rule import Context
from sync.check.cluster import cluster_at
from sync.check.fault import guarded
from sync.check.reading import Inventory, ReadOutcome, read_all
from sync.findings.comment_lines import Comment
from sync.findings.waiver_lines import Waiver
from sync.history.history import History
from sync.history.readings import Content, Reading, StoredReading, settings_key
from sync.run.options import RunOptions
from sync.run.report import RunWorkbook
from sync.stores.base import ListedWorkbook, Store, StoreError, Unreadable

DOUBT_SECONDS = 2.0
"""A file changed this shortly before it was read may have changed again within its time stamp."""


def situation_of(
    inventory: Inventory,
    written: tuple[Sequence[Waiver] | None, Sequence[Comment] | None],
    options: RunOptions,
) -> str:
    """A digest of all that a run's result depends on; empty where a store is out of reach."""
    if inventory.unreachable:
        return ""
    parameters, settings = options.parameters, options.settings
    depends_on = (
        version("helhedsplan"), settings_key(parameters, RULES), texts_key(parameters.language),
        options.today, written, sorted(settings.waivers.never), parameters.expected_plans,
        settings.mail,
    )  # fmt: skip
    digest = hashlib.blake2b(repr(depends_on).encode())
    for store, contents in inventory.contents:
        workbooks = [(one.path, one.stamp, one.address) for one in contents.workbooks]
        skipped = [(one.path, one.reason) for one in contents.skipped]
        digest.update(
            repr((store.name, workbooks, skipped, tuple(contents.side_workbooks))).encode()
        )
    return digest.hexdigest()


def read_workbooks(
    inventory: Inventory, history: History, context: Context, options: RunOptions
) -> tuple[dict[str, RunWorkbook], int, bool]:
    """Recall what is unchanged and read the rest. What could not be reached is as it was seen last.

    Returns the workbooks by path and in its order, how many of them were read, and whether the
    time stamps of all others left no doubt.

    Raises:
        Stopped: somebody asked for it.
        TryAgain: the cluster that reads cannot be reached.
    """
    settings = settings_key(options.parameters, RULES)
    known = history.readings.under(settings)
    # Some file systems show no trace of a change that a program hides by setting times back: the
    # first run of a week compares the content of every file. The day is part of the situation.
    looks_into = history.notes.looked_into != _week(options.today)
    found: dict[str, RunWorkbook] = {}
    doubted: list[Reading] = []
    for path, (listed, store) in inventory.workbooks.items():
        before = None if options.full else known.get(path)
        content = (
            _unchanged_content(listed, store, before, doubted, looks_into=looks_into)
            if before
            else None
        )
        if before and content:
            reading = ReadOutcome(
                path, before.version, content.checked, unreadable=content.unreadable
            )
            found[path] = RunWorkbook(listed, store, reading, is_recalled=True)
    to_read = [
        (store, path) for path, (_, store) in inventory.workbooks.items() if path not in found
    ]
    fresh = []
    read_at = time.time()
    section = options.settings.reading
    own = history.notes.own_places if to_read else {}
    for outcome in read_all(
        to_read, context, section.processes, options.progress, own,
        cluster=cluster_at(*section.cluster_files), to_write=True,
    ):  # fmt: skip
        path, reading = outcome.path, outcome
        listed, store = inventory.workbooks[path]
        if reading.version and not reading.failure:
            content = Content(reading.checked, reading.unreadable)
            fresh.append((path, reading.version, read_at, content))
        elif reading.failure and path in known and (content := known[path].content()):
            reading = replace(reading, checked=content.checked, unreadable=content.unreadable)
        found[path] = RunWorkbook(listed, store, reading)
        options.stop_if_asked()
    if options.writes:
        with history.together():
            history.notes.looked_into = _week(options.today)
            history.readings.keep(settings, [*fresh, *doubted])
    out_of_reach = [
        (store, f"{store.name}/" if store.name else "") for store, _ in inventory.unreachable
    ]
    out_of_reach += [
        (store, f"{one.path}/") for store, listed in inventory.contents for one in listed.skipped
    ]
    for store, beginning in out_of_reach:
        for path, before in known.items():
            if path.startswith(beginning):
                found[path] = _seen_last(path, before, store)
    return dict(sorted(found.items())), len(to_read), not doubted


def _week(day: date) -> str:
    return "{}-{:02}".format(*day.isocalendar())


def _unchanged_content(
    listed: ListedWorkbook,
    store: Store,
    before: StoredReading,
    doubted: list[Reading],
    *,
    looks_into: bool,
) -> Content | None:
    """What was read of the workbook before, where it has not changed since.

    Size and time tell. Where the time is too close to the reading, or `looks_into` is set, the
    content does, and the doubt ends: that is to be remembered.
    """
    if listed.stamp != before.version.stamp:
        return None
    content = before.content()
    changed_at = listed.changed_at.timestamp()
    is_old = changed_at < before.read_at - DOUBT_SECONDS and not looks_into
    if content is None or listed.is_certain or is_old:
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


def _seen_last(path: str, before: StoredReading, store: Store) -> RunWorkbook:
    """A workbook of a store that cannot be reached."""
    content = before.content() or Content()
    listed = ListedWorkbook(path, "", datetime.fromtimestamp(before.read_at, UTC), "")
    reading = ReadOutcome(path, checked=content.checked, unreadable=content.unreadable)
    return RunWorkbook(listed, store, reading, is_recalled=True, is_reached=False)
