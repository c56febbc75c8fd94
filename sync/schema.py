"""The form of the history's file: its tables, how it came to be, and opening one of any age.

The form is numbered, and the number stands in the file (`user_version`). A change of the tables is
a further step at the end of `STEPS`; a step that has been released is never changed. An older
file is copied before it is brought forward; a newer one is left alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Sequence
from pathlib import Path

from sync.language import _
from sync.state import StateError

FILE_NAME = "helhedsplan.sqlite3"

STEPS: Sequence[str] = (
    """
CREATE TABLE run (
    id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, outcome TEXT,
    workbooks INTEGER, fejl INTEGER, advarsel INTEGER, info INTEGER, problems BLOB);
CREATE TABLE finding (
    identity TEXT PRIMARY KEY, workbook TEXT NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, is_open INTEGER NOT NULL);
CREATE TABLE workbook (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL, read_at REAL NOT NULL,
    settings TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE sighting (
    path TEXT PRIMARY KEY, plan_id TEXT, area TEXT, checked_at TEXT NOT NULL,
    edited_at TEXT NOT NULL, missing_since TEXT);
CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL);
""",
    # What has been told to whom by mail, and when each recipient last got one.
    """
CREATE TABLE told (
    recipient TEXT NOT NULL, identity TEXT NOT NULL, told_on TEXT NOT NULL,
    is_open INTEGER NOT NULL, PRIMARY KEY (recipient, identity));
CREATE TABLE mailed (recipient TEXT PRIMARY KEY, sent_at TEXT NOT NULL);
""",
    # How many findings were open at the end of each week; the latest time that each finding stood
    # there; what the fund approved.
    """
CREATE TABLE week (
    monday TEXT NOT NULL, plan TEXT NOT NULL, area TEXT NOT NULL, fejl INTEGER NOT NULL,
    advarsel INTEGER NOT NULL, info INTEGER NOT NULL, PRIMARY KEY (monday, plan, area));
CREATE TABLE stint (
    identity TEXT PRIMARY KEY, workbook TEXT NOT NULL, opened_on TEXT NOT NULL, closed_on TEXT,
    has_returned INTEGER NOT NULL);
CREATE INDEX stint_of_workbook ON stint (workbook);
INSERT INTO stint SELECT identity, workbook, first_seen,
    CASE WHEN is_open THEN NULL ELSE last_seen END, 0 FROM finding;
CREATE TABLE approved (
    plan TEXT PRIMARY KEY, approved_on TEXT NOT NULL, figures BLOB NOT NULL);
""",
)


class DamagedError(Exception):
    """The file is no history."""


def opened(file: Path, *, writes: bool, steps: Sequence[str] = STEPS) -> sqlite3.Connection:
    """A history that is there, in the newest form; without `writes` the file is left as it is.

    Raises:
        DamagedError: it is not whole, or no history.
        StateError: a newer version of the program wrote it.
        sqlite3.OperationalError: it cannot be opened, or is in use.
    """
    mode = "rw" if writes else "ro"
    database = sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)
    try:
        form = _examined(database, file, steps)
        if form < len(steps):
            return _brought_forward(database, file, form, steps, writes=writes)
    except (DamagedError, StateError, sqlite3.OperationalError):
        database.close()
        raise
    except sqlite3.DatabaseError as error:
        database.close()
        raise DamagedError from error
    return database


def new(file: Path | None, steps: Sequence[str] = STEPS) -> sqlite3.Connection:
    """An empty history; without a file, in memory. The tables are made all or none."""
    database = made(file) if file else sqlite3.connect(":memory:")
    _step_up(database, 0, steps)
    return database


def made(file: Path) -> sqlite3.Connection:
    """A database without tables, in a file that only its owner may read."""
    file.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    return sqlite3.connect(file)


def backup_of(file: Path, form: int) -> Path:
    """Where the history of an older form is kept when it is brought forward."""
    return file.with_name(f"{file.stem}.form-{form}.sqlite3")


def _examined(database: sqlite3.Connection, file: Path, steps: Sequence[str]) -> int:
    """The form of the file, which is whole and has the tables of that form."""
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise DamagedError
    form = int(database.execute("PRAGMA user_version").fetchone()[0])
    if form > len(steps):
        told = _(
            "Filen {file} er skrevet af en nyere udgave af helhedsplan (form {form}; "
            "denne udgave kender {known}). Installér den nyere udgave igen, eller flyt filen væk."
        )
        raise StateError(told.format(file=file, form=form, known=len(steps)))
    if form < 1:
        raise DamagedError
    tables = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    with contextlib.closing(new(None, steps[:form])) as fresh:
        if database.execute(tables).fetchall() != fresh.execute(tables).fetchall():
            raise DamagedError
    return form


def _brought_forward(
    database: sqlite3.Connection, file: Path, form: int, steps: Sequence[str], *, writes: bool
) -> sqlite3.Connection:
    """The history in the newest form: in its file, or, where nothing may be written, in memory."""
    if not writes:
        memory = sqlite3.connect(":memory:")
        with contextlib.closing(database):
            database.backup(memory)
        _step_up(memory, form, steps)
        return memory
    _keep(database, backup_of(file, form))
    _step_up(database, form, steps)
    return database


def _keep(database: sqlite3.Connection, file: Path) -> None:
    """A whole copy beside the history, in place of an earlier one of the same form."""
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with contextlib.closing(made(temporary)) as copy:
        database.backup(copy)
    temporary.replace(file)


def _step_up(database: sqlite3.Connection, form: int, steps: Sequence[str]) -> None:
    """All further steps in one transaction."""
    script = "".join(steps[form:])
    try:
        database.executescript(f"BEGIN; {script} PRAGMA user_version = {len(steps)}; COMMIT;")
    except sqlite3.Error:
        database.rollback()
        raise
