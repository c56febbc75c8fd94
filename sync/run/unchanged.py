"""A run that finds everything as the run before it left it, on the same day, has nothing to do.

The same workbooks, waivers and settings give the same findings on the same day, and so the same
mails. What the run before came to holds, and only the times of the check are renewed. On the next
day all plans are judged again, from what was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import version

from rules.catalogue.catalogue import texts_key
from sync.check.inventory import Inventory
from sync.config import Settings
from sync.findings.waivers import Waiver
from sync.history.history import History
from sync.history.notes import Tally, UnchangedSituation
from sync.history.readings import settings_key
from sync.run.options import RunOptions
from sync.run.report import RunReport


def situation_of(
    inventory: Inventory,
    waivers: Sequence[Waiver] | None,
    settings: Settings,
    options: RunOptions,
) -> str:
    """A digest of all that a run's result depends on; empty where a store is out of reach."""
    if inventory.unreachable:
        return ""
    parameters = options.parameters
    depends_on = (
        version("helhedsplan"), settings_key(parameters), texts_key(parameters.language),
        options.today, waivers, sorted(options.never_waived), options.expected_plans,
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


def known_tally(history: History, situation: str) -> Tally | None:
    """What the last run found, where the situation is the one that it left."""
    known = history.notes.unchanged
    return known.tally if known and known.situation == situation else None


def remember_situation(history: History, situation: str, report: RunReport) -> None:
    """Remember the situation where the run had nothing to read, to write or to send in it.

    Else the next run must look. So it must where something could not be done.
    """
    beside = [path for one in report.side_workbooks for path in (*one.written, *one.removed)]
    done = (report.read, report.written, report.problems, beside)
    is_unchanged = situation and report.is_settled and not any(done)
    history.notes.unchanged = UnchangedSituation(situation, report.tally) if is_unchanged else None
