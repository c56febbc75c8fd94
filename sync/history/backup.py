"""A spare copy of the history's file beside it, for the day on which the history is damaged.

What was read of the workbooks is left out: that is most of the file, and the next run reads it
again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from sync.config.state_folder import StateError
from sync.history import migrations
from sync.history.database import Database, attached, back_up, copy_shape, made_file
from sync.history.tables import workbook

_READ_AGAIN = {workbook.name}


def spare_of(file: Path) -> Path:
    """Where the spare copy of a history lies."""
    return file.with_name(f"{file.stem}.spare.sqlite3")


def keep_spare(database: Database, file: Path) -> None:
    """Make the spare copy anew, wholly or not at all.

    Raises:
        OSError, sqlalchemy.exc.DBAPIError: it could not be made; the one before is still there.
    """
    spare = spare_of(file)
    temporary = spare.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with contextlib.closing(made_file(temporary)) as copy:
        tables = copy_shape(database, copy)
    with attached(database, temporary, "spare") as connection:
        for name in tables:
            if name not in _READ_AGAIN:
                connection.exec_driver_sql(f"INSERT INTO spare.{name} SELECT * FROM main.{name}")
    temporary.replace(spare)


def restored(file: Path, *, writes: bool) -> Database | None:
    """The history from its spare copy, in its place if `writes`; None where there is no good one.

    Raises:
        OSError, sqlalchemy.exc.OperationalError: it cannot be written or read.
    """
    spare = spare_of(file)
    if not spare.exists():
        return None
    try:
        database = migrations.opened(spare, writes=False)
    except (migrations.DamagedError, StateError):
        return None
    if not writes:
        return database
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with contextlib.closing(database), contextlib.closing(made_file(temporary)) as copy:
        back_up(database, copy)
    temporary.replace(file)
    return migrations.opened(file, writes=True)
