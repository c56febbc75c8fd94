"""The state: its folder or database, the history, the locks, and how the last runs went."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, exc, func, select, text

from sync.config.settings import Settings
from sync.config.state import PASSWORD_VARIABLE, StateError, StateSection
from sync.doctor.file_probe import nearest_existing, readable_by_others, unwritable
from sync.history import migrations, postgres
from sync.history.history import History
from sync.history.history_file import FILE_NAME
from sync.i18n.language import _, spoken
from sync.locks.lock import RUN, AlreadyRunning, alone, holder_of
from sync.service.timetable import Timetable
from sync.stores.base import Line
from sync.stores.configured import kept_copies
from sync.stores.files.shares import share_kind

LEAST_FREE_BYTES = 200_000_000


def state_lines(settings: Settings, now: datetime) -> Iterator[Line]:
    """Everything about the state folder; where it cannot be used, only that."""
    remedy = "Make it a folder that the job's user owns, or name another one in state.folder."
    for place in (settings.state.folder, kept_copies(settings).folder):
        if wrong := unwritable(nearest_existing(place), "state folder", remedy):
            yield wrong
            return
    folder = nearest_existing(settings.state.folder)
    yield from _free_space(folder)
    yield from _open_to_others(settings.state.folder)
    if settings.state.address:
        lines = list(database_lines(settings.state))
        yield from lines
        if any(line.remedy for line in lines):
            return
    if not settings.state.folder.exists():
        yield Line("state folder", f"{settings.state.folder} is made by the first run")
        return
    yield _file_system_line(folder)
    yield _lock(settings.state)
    yield from _history(settings, now)


def _free_space(folder: Path) -> Iterator[Line]:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Line(
            "free space",
            f"{free // 1_000_000} MB are left on the disk of {folder}",
            f"Make room: at least {LEAST_FREE_BYTES // 1_000_000} MB. Before each change a copy "
            "of the workbook is kept there; copies.number and copies.days say how many.",
        )
    else:
        yield Line("free space", f"{free // 1_000_000} MB on the disk of {folder}")


def _open_to_others(folder: Path) -> Iterator[Line]:
    """Whether others on this machine can read what stands in the state."""
    if os.name != "posix" or not folder.exists():
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o007:
        yield Line(
            "state folder",
            f"everybody on this machine can look into {folder} (mode {mode:04o})",
            f"It holds names and plans: chmod 700 {folder}",
        )


def _file_system_line(folder: Path) -> Line:
    if kind := share_kind(folder):
        return Line(
            "state folder",
            f"{folder} lies on a share ({kind}); the lock holds, but a power cut there may cost "
            "the history",
            "Name a folder on the machine's own disk in state.folder, unless several machines "
            "share it on purpose.",
        )
    return Line("state folder", f"files can be made, renamed and removed in {folder}")


def _lock(state: StateSection) -> Line:
    try:
        with alone(state):
            return Line("lock", "it can be taken, and released again")
    except AlreadyRunning as error:
        holder = holder_of(state, RUN)
        if holder is None:
            return Line("lock", "a run is just ending")
        return Line("lock", f"a run is going on: {error}")
    except StateError as error:
        return Line("lock", str(error), f"Look at the rights of the files in {state.folder}.")


def _history(settings: Settings, now: datetime) -> Iterator[Line]:
    folder = settings.state.folder
    damaged = (folder / FILE_NAME).with_suffix(".damaged")
    if damaged.exists():
        yield Line(
            "history",
            f"an earlier history was damaged and moved aside as {damaged}",
            "Look for the cause (a failing disk, a share, a power cut), then delete that file.",
        )
    try:
        with History(settings.state, writes=False) as history:
            if history.opening.was_lost:
                yield Line("history", f"{history.where} is damaged or gone", _way_back(history))
                return
            yield Line("history", f"whole, and of form {len(migrations.STEPS)}")
            yield _last_run(history, settings, now)
    except StateError as error:
        yield Line("history", str(error), "Do as it says; the history is not touched until then.")


def _way_back(history: History) -> str:
    if history.opening.was_restored:
        return "Run helhedsplan sync: the backup of the last run takes its place."
    header = spoken().quote(_("Først set"))
    return (
        f"Bring it back from a backup, or let the next run begin a new one: then {header} begins "
        "anew, and nothing else is lost."
    )


def _last_run(history: History, settings: Settings, now: datetime) -> Line:
    complete = history.runs.last_complete()
    if complete is None:
        return Line("last run", "there has been none that came to its end")
    last = complete.started_at
    timetable = Timetable(settings.schedule)
    longest = timedelta(minutes=settings.schedule.longest_minutes)
    due = timetable.due(now.astimezone(UTC) - longest, last)
    if last > now + timedelta(minutes=5):
        return Line(
            "last run",
            f"it is dated {last:%Y-%m-%d %H:%M}, which is still to come",
            "Set the machine's clock, and run helhedsplan sync once.",
        )
    if due is not None:
        return Line(
            "last run",
            f"{last:%Y-%m-%d %H:%M}; the run of {due:%Y-%m-%d %H:%M} did not come to its end",
            "See that the service runs (helhedsplan install-service), and what its log says.",
        )
    return Line("last run", f"{last:%Y-%m-%d %H:%M} came to its end")


def database_lines(state: StateSection) -> Iterator[Line]:
    """What the database needs, tried with the server itself; nothing is changed there."""
    yield from readable_by_others(state.password_file, "database")
    try:
        database = postgres.database_of(state)
    except StateError as error:
        yield Line("database", str(error), "Install what is missing, or mend state.password_file.")
        return
    with contextlib.closing(database):
        try:
            with database.changing() as connection:
                yield Line("database", f"{state.address} is reached: {_described(connection)}")
                yield from _rights(connection)
        except exc.DBAPIError as error:
            reason = str(error.orig).strip().splitlines()
            yield Line(
                "database",
                f"{state.address} cannot be used: {reason[0] if reason else 'no reason is given'}",
                "Look at state.database, and at the password: state.password_file, "
                f"{PASSWORD_VARIABLE} or ~/.pgpass. Does the server let this machine in?",
            )


def _described(connection: Connection) -> str:
    version = connection.scalar(text("SHOW server_version"))
    encrypted = connection.scalar(
        text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    )
    return f"PostgreSQL {version}, {f'encrypted ({encrypted})' if encrypted else 'not encrypted'}"


def _rights(connection: Connection) -> Iterator[Line]:
    schema = postgres.SCHEMA
    there = connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": schema})
    what = f"SCHEMA {schema}" if there else "DATABASE …"
    may = (
        func.has_schema_privilege(schema, "CREATE")
        if there
        else func.has_database_privilege(func.current_database(), "CREATE")
    )
    if not connection.scalar(select(may)):
        yield Line(
            "database",
            f"its user may make no tables in the schema {schema}",
            f"As the database's owner: GRANT CREATE ON {what} TO the job's user; or let that user "
            "own the database.",
        )
    if connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": postgres.DAMAGED_SCHEMA}):
        yield Line(
            "database",
            "tables that were not the job's were moved aside to the schema "
            f"{postgres.DAMAGED_SCHEMA}",
            f"Find out who changed them, then DROP SCHEMA {postgres.DAMAGED_SCHEMA} CASCADE.",
        )
