"""What the doctor says of Google: the key, the quota, and what the account may not write."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from rules.model.tables import CONTROL_HEADER
from rules.text.cell_names import column_letters
from rules.text.danish import name_key
from sync.config.job import GoogleSection
from sync.config.section import is_open_to_others
from sync.stores.base import Line
from sync.stores.google.snapshot import SheetSnapshot, SpreadsheetSnapshot

OLDEST_KEY = timedelta(days=365)
A_MINUTE = 60
"""Reads, and writes, that Google lets one account send; a project has five times as many."""
_WRITES_AT_FIRST_SIGHT = 2
_CONTROL = name_key(CONTROL_HEADER)


def key_lines(subject: str, settings: GoogleSection, email: str, now: datetime) -> Iterator[Line]:
    """Who asks, whether its key is kept well, and how old the key is at least.

    A key file holds no date; it was written when the key was made, or copied later.
    """
    yield Line(subject, f"spreadsheets are shared with {email}")
    file = settings.credentials
    if is_open_to_others(file):
        yield Line(subject, f"{file} can be read by others", f"Protect it: chmod 600 {file}")
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    days = max(0, (now - written).days)
    says = f"{file} was written {days} days ago, and its key is as old or older"
    if now - written > OLDEST_KEY:
        yield Line(
            subject,
            says,
            "Make a new key (docs/google.md, step 4), try it, then delete the old one there.",
        )
    else:
        yield Line(subject, f"{says}; Google lists its day: IAM & Admin, Service Accounts, Keys")


def quota_lines(subject: str, settings: GoogleSection, never_read: int) -> Iterator[Line]:
    """The requests a minute that are configured, and how long those never read will take."""
    reads, writes = settings.reads_per_minute, settings.writes_per_minute
    says = f"at most {reads} reads and {writes} writes a minute"
    if max(reads, writes) > A_MINUTE:
        says += f"; Google gives {A_MINUTE} of each unless the quota was raised"
    yield Line(subject, says)
    if not never_read:
        yield Line(subject, "every spreadsheet was read by a run before")
        return
    minutes = math.ceil(never_read * max(1 / reads, _WRITES_AT_FIRST_SIGHT / writes))
    deadline = settings.deadline_minutes
    says = f"{never_read} never read so far; a first run takes about {minutes} min"
    if minutes > deadline:
        runs = math.ceil(minutes / deadline)
        says += f", so {runs} runs of {deadline:g} min (google.deadline_minutes)"
    yield Line(subject, says)


def right_lines(
    subject: str, email: str, seen: Mapping[str, SpreadsheetSnapshot], read_only: Collection[str]
) -> Iterator[Line]:
    """A line for each spreadsheet, and each tab, in which the account may not write its own."""
    wrong = set(read_only)
    for path in sorted(read_only):
        yield Line(
            f"{subject}, {path}",
            "the account may only read it",
            f"Share it with {email} as Editor, or check with helhedsplan check alone.",
        )
    for path, snapshot in seen.items():
        for tab in snapshot.tabs:
            if place := _locked_place(tab):
                wrong.add(path)
                yield Line(
                    f"{subject}, {path}",
                    f"a protected range of the tab {tab.raw.name} bars the account from {place}",
                    f"In Google: Data, Protect sheets and ranges; let {email} edit that range.",
                )
    if len(seen) > len(wrong):
        yield Line(
            subject,
            f"in {len(seen) - len(wrong)} of {len(seen)} spreadsheets the account may write "
            "Kontrol and Advarsler",
        )


def other_lines(
    subject: str,
    email: str,
    full_look_hours: float,
    seen: Mapping[str, SpreadsheetSnapshot],
    written_elsewhere: Collection[str],
) -> Iterator[Line]:
    """What else writes with the account, and which spreadsheets change without anybody's typing."""
    for path in sorted(written_elsewhere):
        yield Line(
            f"{subject}, {path}",
            f"something else than this job has written into it as {email}",
            "Give a second job, or a script, an account of its own (docs/google.md).",
        )
    changing = sorted(path for path, snapshot in seen.items() if snapshot.changes_by_itself)
    if changing:
        yield Line(
            subject,
            f"formulas change by themselves (IMPORTRANGE, TODAY …) in {', '.join(changing)}; "
            f"Drive does not tell of that, so they are read every {full_look_hours:g} hours at "
            "least (google.full_look_hours)",
        )


def _locked_place(tab: SheetSnapshot) -> str:
    """Which of the job's places the account may not edit; empty where there is none."""
    if tab.is_page:
        return "the tab itself" if tab.is_locked(1, 1) else ""
    headed = {
        number
        for _, cells in tab.raw.rows
        for number, cell in enumerate(cells, 1)
        if isinstance(cell, str) and name_key(cell) == _CONTROL
    }
    for column in sorted(set(tab.marks.values()) or headed):
        if any(tab.is_locked(row, column) for row, _ in tab.raw.rows):
            return f"its column Kontrol ({column_letters(column)})"
    return ""
