"""The backup of the history's file, beside it, for the day on which the history is damaged.

What was read of the workbooks is left out: that is most of the file, and the next run reads it
again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from sync.config.state import StateError
from sync.history import migrations
from sync.history.database import Database, attached, copy_file
from sync.history.tables import METADATA, workbook


def backup_file(file: Path) -> Path:
    """Where the backup of a history is."""
    return file.with_name(f"{file.stem}.spare.sqlite3")


def make_backup(database: Database, file: Path) -> None:
    """Make the backup anew, wholly or not at all.

    Raises:
        OSError, sqlalchemy.exc.DBAPIError: it could not be made; the one before is still there.
    """
    backup = backup_file(file)
    temporary = backup.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    migrations.new(temporary).close()
    with attached(database, temporary, "backup") as connection:
        for table in METADATA.sorted_tables:
            if table is not workbook:
                connection.exec_driver_sql(
                    f"INSERT INTO backup.{table.name} SELECT * FROM main.{table.name}"
                )
    temporary.replace(backup)


def restored(file: Path, *, writes: bool) -> Database | None:
    """The history from its backup, in its place if `writes`; None where there is no good one.

    Raises:
        OSError, sqlalchemy.exc.OperationalError: it cannot be written or read.
    """
    backup = backup_file(file)
    if not backup.exists():
        return None
    try:
        database = migrations.opened(backup, writes=False)
    except (migrations.DamagedError, StateError):
        return None
    if not writes:
        return database
    with contextlib.closing(database):
        copy_file(database, file)
    return migrations.opened(file, writes=True)
