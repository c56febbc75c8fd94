"""A spare copy of the history beside it, for the day on which the history is damaged.

What was read of the workbooks is left out: that is most of the file, and the next run reads it
again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sync import schema
from sync.state import StateError

_READ_AGAIN = frozenset({"workbook"})


def spare_of(file: Path) -> Path:
    """Where the spare copy of a history lies."""
    return file.with_name(f"{file.stem}.spare.sqlite3")


def keep_spare(database: sqlite3.Connection, file: Path) -> None:
    """Make the spare copy anew, wholly or not at all.

    Raises:
        OSError, sqlite3.Error: it could not be made; the one before is still there.
    """
    spare = spare_of(file)
    temporary = spare.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    schema.new(temporary).close()
    tables = [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in _READ_AGAIN
    ]
    database.execute("ATTACH ? AS spare", (str(temporary),))
    try:
        with database:
            for name in tables:
                database.execute(f"INSERT INTO spare.{name} SELECT * FROM main.{name}")
    finally:
        database.execute("DETACH spare")
    temporary.replace(spare)


def restored(file: Path, *, writes: bool) -> sqlite3.Connection | None:
    """The history from its spare copy, in its place if `writes`; None where there is no good one.

    Raises:
        OSError, sqlite3.OperationalError: it cannot be written or read.
    """
    spare = spare_of(file)
    if not spare.exists():
        return None
    try:
        database = schema.opened(spare, writes=False)
    except (schema.DamagedError, StateError):
        return None
    if not writes:
        return database
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with contextlib.closing(database), contextlib.closing(schema.made(temporary)) as copy:
        database.backup(copy)
    temporary.replace(file)
    return schema.opened(file, writes=True)
