"""The database of the history: its driver, the way to it, the password, and our rights in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, exc, func, select, text

from sync.config.state import PASSWORD_VARIABLE, StateSection
from sync.config.state_folder import StateError
from sync.doctor.file_probe import readable_by_others
from sync.history import postgres
from sync.stores.base import Line


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
