"""The form of the history: its tables, how they came to be, and opening a file of any age.

The form has a number, which the database keeps: in a file as `user_version`, in
PostgreSQL as a note. A change of the tables is a further step at the end of `STEPS`; a step that
has been released is never changed: one that changes a table names the `Table` of its own day, and
leaves the earlier steps theirs. An older file is copied before it is upgraded; a newer one
is left alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Executable, Table, case, exc, false, null, select, text

from sync.config.state import StateError
from sync.history.database import (
    Database,
    copied,
    copy_file,
    file_database,
    made_file,
    memory_database,
    put,
)
from sync.history.tables import (
    LEASES,
    approved,
    finding,
    interval,
    last_seen,
    mailed,
    note,
    run,
    sent,
    week,
    workbook,
)
from sync.i18n.language import _

FILE_NAME = "helhedsplan.sqlite3"
_FORM = "form"
_COLUMNS_IN_A_FILE = """
    SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table' ORDER BY t.name, c.cid"""
_COLUMNS_ON_A_SERVER = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = :schema ORDER BY table_name, ordinal_position"""


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """What a new form brings: tables, and what is done once they are there."""

    tables: Sequence[Table] = ()
    then: Sequence[Executable] = ()


STEPS: Sequence[MigrationStep] = (
    MigrationStep((run, finding, workbook, last_seen, note)),
    # What was sent to whom by mail, and when each recipient last got one.
    MigrationStep((sent, mailed)),
    # How many findings were open at the end of each week; the latest time that each finding stood
    # there; what the fund approved.
    MigrationStep(
        (week, interval, approved),
        (
            interval.insert().from_select(
                ["identity", "workbook", "opened_on", "closed_on", "has_returned"],
                select(
                    finding.c.identity,
                    finding.c.workbook,
                    finding.c.first_seen,
                    case((finding.c.is_open, null()), else_=finding.c.last_seen),
                    false(),
                ),
            ),
        ),
    ),
)


class DamagedError(Exception):
    """What is there is no history."""


def opened(file: Path, *, writes: bool, steps: Sequence[MigrationStep] = STEPS) -> Database:
    """A history that is there, in the newest form; without `writes` the file is left as it is.

    Raises:
        DamagedError: it is not whole, or no history.
        StateError: a newer version of the program wrote it.
        sqlalchemy.exc.OperationalError: it cannot be opened, or is in use.
    """
    database = file_database(file, writes=writes)
    try:
        with database.changing() as connection:
            _refuse_damaged(connection)
            form = known_form(connection, _("Filen {file}").format(file=file), steps)
        if form < len(steps):
            return _upgraded(database, file, form, steps, writes=writes)
    except (DamagedError, StateError, exc.OperationalError):
        database.close()
        raise
    except exc.DatabaseError as error:
        database.close()
        raise DamagedError from error
    return database


def _refuse_damaged(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise DamagedError


def new(file: Path | None, steps: Sequence[MigrationStep] = STEPS) -> Database:
    """An empty history; without a file, in memory. The tables are made all or none."""
    database = made_file(file) if file else memory_database()
    with database.changing() as connection:
        step_up(connection, 0, steps)
    return database


def older_form_file(file: Path, form: int) -> Path:
    """Where the history of an older form is kept when it is brought forward."""
    return file.with_name(f"{file.stem}.form-{form}.sqlite3")


def known_form(
    connection: Connection,
    where: str,
    steps: Sequence[MigrationStep] = STEPS,
    schema: str | None = None,
) -> int:
    """The form of a history that has the tables of that form.

    Raises:
        DamagedError: there is no form, or the tables are others.
        StateError: a newer version of the program wrote it.
    """
    there = columns_of(connection, schema)
    form = _form(connection) if note.name in there else 0
    if form > len(steps):
        reason = _(
            "{where} er skrevet af en nyere udgave af helhedsplan (form {form}; "
            "denne udgave kender {known}). Installér den nyere udgave igen."
        )
        raise StateError(reason.format(where=where, form=form, known=len(steps)))
    if form < 1:
        raise DamagedError
    if there != {table.name: table.c.keys() for table in tables_of(steps[:form])}:
        raise DamagedError
    return form


def columns_of(connection: Connection, schema: str | None = None) -> Mapping[str, Sequence[str]]:
    """The names of all columns, by table, but for the lock's table."""
    if connection.dialect.name == "sqlite":  # SQLAlchemy's inspection is slow, and in every run
        found = connection.exec_driver_sql(_COLUMNS_IN_A_FILE).all()
    else:
        found = connection.execute(text(_COLUMNS_ON_A_SERVER), {"schema": schema}).all()
    there: dict[str, list[str]] = {}
    for table, column in found:
        if table != LEASES:
            there.setdefault(table, []).append(column)
    return there


def tables_of(steps: Sequence[MigrationStep]) -> list[Table]:
    """The tables that these steps make."""
    return [table for step in steps for table in step.tables]


def step_up(connection: Connection, form: int, steps: Sequence[MigrationStep] = STEPS) -> None:
    """All further steps, in the transaction that goes on."""
    if connection.dialect.name == "sqlite":  # the driver begins none before a CREATE
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    for step in steps[form:]:
        for table in step.tables:
            table.create(connection)
        for statement in step.then:
            connection.execute(statement)
    _note_form(connection, len(steps))


def _form(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    noted = connection.scalar(select(note.c.value).where(note.c.key == _FORM))
    return int(noted) if noted and noted.isdecimal() else 0


def _note_form(connection: Connection, form: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {form:d}")
    else:
        put(connection, note, [{"key": _FORM, "value": str(form)}])


def _upgraded(
    database: Database, file: Path, form: int, steps: Sequence[MigrationStep], *, writes: bool
) -> Database:
    """The history in the newest form: in its file, or, where nothing may be written, in memory."""
    if not writes:
        with contextlib.closing(database), database.changing() as connection:
            return in_memory(connection, form, steps)
    copy_file(database, older_form_file(file, form))
    with database.changing() as connection:
        step_up(connection, form, steps)
    return database


def in_memory(
    connection: Connection, form: int, steps: Sequence[MigrationStep] = STEPS
) -> Database:
    """A history of an older form, brought forward in memory and left alone where it is."""
    memory = new(None, steps[:form])
    with memory.changing() as there:
        copied(connection, there, tables_of(steps[:form]))
    with memory.changing() as there:
        step_up(there, form, steps)
    return memory
