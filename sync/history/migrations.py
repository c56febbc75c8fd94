"""The form of the history: its tables, and how they came to be.

The form has a number, which the database keeps: in a file as `user_version`, in
PostgreSQL as a note. A change of the tables is a further step at the end of `STEPS`; a step that
has been released is never changed: one that changes a table names the `Table` of its own day, and
leaves the earlier steps theirs. A history of a newer form is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Executable, Table, case, false, null, select, text

from sync.config.state import StateError
from sync.history import database
from sync.i18n.language import _

_FORM = "form"
_NO_FORM = 255
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
    MigrationStep(
        (database.run, database.finding, database.workbook, database.last_seen, database.note)
    ),
    # What was sent to whom by mail, and when each recipient last got one.
    MigrationStep((database.sent, database.mailed)),
    # How many findings were open at the end of each week; the latest time that each finding stood
    # there; what the fund approved.
    MigrationStep(
        (database.week, database.interval, database.approved),
        (
            database.interval.insert().from_select(
                ["identity", "workbook", "opened_on", "closed_on", "has_returned"],
                select(
                    database.finding.c.identity,
                    database.finding.c.workbook,
                    database.finding.c.first_seen,
                    case((database.finding.c.is_open, null()), else_=database.finding.c.last_seen),
                    false(),
                ),
            ),
        ),
    ),
    # What somebody confirmed, as digests.
    MigrationStep((database.confirmed,)),
    # Every approval that was ever seen, with the plan's budget.
    MigrationStep((database.approval_log,)),
)


class DamagedError(Exception):
    """What is there is no history."""


def known_form(connection: Connection, where: str, schema: str | None = None) -> int:
    """The form of a history that has the tables of that form.

    Raises:
        DamagedError: there is no form, the tables are others, or a value is none of theirs.
        StateError: a newer version of the program wrote it.
    """
    there = _columns(connection, schema)
    form = _form(connection) if database.note.name in there else 0
    if form > _NO_FORM:  # so many there will never be: it is the number that is damaged
        raise DamagedError
    if form > len(STEPS):
        reason = _(
            "{where} er skrevet af en nyere udgave af helhedsplan (form {form}; "
            "denne udgave kender {known}). Installér den nyere udgave igen."
        )
        raise StateError(reason.format(where=where, form=form, known=len(STEPS)))
    if form < 1 or there != {table.name: table.c.keys() for table in tables_of(form)}:
        raise DamagedError
    return form


def _columns(connection: Connection, schema: str | None) -> Mapping[str, Sequence[str]]:
    """The names of all columns, by table, but for the lock's table."""
    if connection.dialect.name == "sqlite":  # SQLAlchemy's inspection is slow, and in every run
        found = connection.exec_driver_sql(_COLUMNS_IN_A_FILE).all()
    else:
        found = connection.execute(text(_COLUMNS_ON_A_SERVER), {"schema": schema}).all()
    there: dict[str, list[str]] = {}
    for table, column in found:
        if table != database.LEASES:
            there.setdefault(table, []).append(column)
    return there


def tables_of(form: int) -> list[Table]:
    """The tables of this form."""
    return [table for step in STEPS[:form] for table in step.tables]


def step_up(connection: Connection, form: int, newest: int | None = None) -> None:
    """All steps after this form, up to the newest, in the transaction that goes on."""
    if connection.dialect.name == "sqlite":  # the driver begins none before a CREATE
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    for step in STEPS[form:newest]:
        for table in step.tables:
            table.create(connection)
        for statement in step.then:
            connection.execute(statement)
    reached = len(STEPS[:newest])
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {reached:d}")
    else:
        database.put(connection, database.note, [{"key": _FORM, "value": str(reached)}])


def _form(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    noted = connection.scalar(select(database.note.c.value).where(database.note.c.key == _FORM))
    return int(noted) if noted and noted.isdecimal() else 0
