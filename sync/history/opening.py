"""Opening the history where the configuration says that it is: in a file, or in a database."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exc

from sync.config.state import StateSection
from sync.config.state_folder import StateError, made, unusable
from sync.history import migrations
from sync.history.backup import restored
from sync.history.database import Database, is_worlds


@dataclass(frozen=True, slots=True)
class Opened:
    """A history that is open, what it is called, and its file where it lies in one.

    `was_lost` says that it was damaged or gone, `was_restored` that its spare copy took its place,
    `was_brought` that it was in a file until now.
    """

    database: Database
    where: str
    file: Path | None = None
    was_lost: bool = False
    was_restored: bool = False
    was_brought: bool = False


def opened_history(state: StateSection, *, writes: bool) -> Opened:
    """The history, or a new one; without `writes` only what is there is looked at.

    Raises:
        StateError: the place cannot be used, somebody else is writing there, or a newer version of
            the program wrote it.
    """
    try:
        if writes:
            made(state.folder)
        if state.address is None:
            return _in_file(state.folder / migrations.FILE_NAME, writes=writes)
        from sync.history import postgres  # noqa: PLC0415  only where there is a database

        there = postgres.opened(state, writes=writes)
        return Opened(
            there.database, str(state.address), was_lost=there.was_lost,
            was_brought=there.was_brought,
        )  # fmt: skip
    except (OSError, sqlite3.Error) as error:
        raise unusable(state.folder) from error
    except exc.DBAPIError as error:
        if is_worlds(error):
            raise unusable_place(state) from error
        raise


def unusable_place(state: StateSection) -> StateError:
    """The error for a place that cannot be used for the history."""
    if state.address is None:
        return unusable(state.folder)
    from sync.history.postgres import unreachable  # noqa: PLC0415  only where there is a database

    return unreachable(state)


def _in_file(file: Path, *, writes: bool) -> Opened:
    """The file's history; where it is damaged, its spare copy or a new one.

    The damaged file is laid aside.
    """
    was_lost = False
    try:
        if file.exists():
            return Opened(migrations.opened(file, writes=writes), str(file), file)
    except migrations.DamagedError:
        was_lost = True
        if writes:
            file.replace(file.with_suffix(".damaged"))
    if database := restored(file, writes=writes):
        return Opened(database, str(file), file, was_lost=True, was_restored=True)
    return Opened(migrations.new(file if writes else None), str(file), file, was_lost)
