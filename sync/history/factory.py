"""Opens the history where the configuration says that it is: in a file, or in a database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import exc

from sync.config.state import StateError, StateSection, made, unusable
from sync.history import migrations, postgres
from sync.history.backup import restored
from sync.history.database import OpenHistory, is_environmental


def open_history(state: StateSection, *, writes: bool) -> OpenHistory:
    """The history, or a new one; without `writes` only what is there is looked at.

    Raises:
        StateError: the place cannot be used, somebody else is writing there, or a newer version of
            the program wrote it.
    """
    try:
        if writes:
            made(state.folder)
        if state.address:
            return postgres.opened(state, writes=writes)
        return _in_file(state.folder / migrations.FILE_NAME, writes=writes)
    except (OSError, sqlite3.Error) as error:
        raise unusable(state.folder) from error
    except exc.DBAPIError as error:
        if is_environmental(error):
            raise unusable_place(state) from error
        raise


def unusable_place(state: StateSection) -> StateError:
    """The error for a place that cannot be used for the history."""
    return postgres.unreachable(state) if state.address else unusable(state.folder)


def _in_file(file: Path, *, writes: bool) -> OpenHistory:
    """The file's history; where it is damaged, its backup or a new one.

    The damaged file is set aside.
    """
    was_lost = False
    try:
        if file.exists():
            return OpenHistory(migrations.opened(file, writes=writes), file)
    except migrations.DamagedError:
        was_lost = True
        if writes:
            file.replace(file.with_suffix(".damaged"))
    if database := restored(file, writes=writes):
        return OpenHistory(database, file, was_lost=True, was_restored=True)
    return OpenHistory(migrations.new(file if writes else None), file, was_lost)
