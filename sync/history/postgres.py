"""The history in PostgreSQL: reached, opened in the newest form, and what was in a file brought in.

All tables stand in a schema of our own, so that another program's are never touched. Each call
takes a connection that was looked at first, so one that was cut off in between costs nothing.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    NullPool,
    create_engine,
    event,
    exc,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.schema import CreateSchema, DropSchema

from rules.text.quoting import shown_name
from sync.config.state import StateError, StateSection
from sync.history import migrations
from sync.history.database import LEASES, Database, HistoryOpening, OpenHistory, copied
from sync.history.history_file import FILE_NAME, in_memory, new, restored
from sync.history.history_file import opened as file_opened
from sync.history.values import refuse_wrong_values
from sync.i18n.language import _, spoken

SCHEMA = "helhedsplan"
DAMAGED_SCHEMA = f"{SCHEMA}_damaged"
_ONE_AT_A_TIME = 0x6865_6C68
"""By which sessions know that they mean the same: only one at a time makes or changes tables."""
_TIMEOUTS: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "helhedsplan",
    "prepare_threshold": None,  # a pooler between us and the server may know no prepared statement
}


_LOCKED, _TOO_SLOW = "55P03", "57014"
_WAITS = (
    "SELECT set_config('lock_timeout', '10s', true), set_config('statement_timeout', '2min', true)"
)
"""Of a transaction: a lock that somebody keeps, or a server that does not answer, ends the run."""
_WHO_LOCKS = """
    SELECT a.usename, a.application_name, a.pid, coalesce(a.xact_start, a.state_change)
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    LEFT JOIN pg_class AS c ON c.oid = l.relation
    WHERE l.granted AND a.pid <> pg_backend_pid() AND a.datname = current_database()
    AND (c.relnamespace = to_regnamespace(:schema) OR l.locktype = 'advisory' AND l.objid = :number)
    ORDER BY 4 LIMIT 1"""


def unreachable(state: StateSection, error: exc.DBAPIError) -> StateError:
    """The error for a database that cannot be reached, or not be used: in words."""
    reason = _("{database} kan ikke bruges til kontrollens hukommelse.")
    code = getattr(error.orig, "sqlstate", None)
    if code == _TOO_SLOW:
        reason = _("{database} svarer ikke inden for to minutter.")
    elif code == _LOCKED and (who := _who_locks(state)):
        user, program, pid, since = who
        reason = _("{database} er låst af brugeren {user} (programmet {program}, proces {pid}).")
        if since:
            reason = _(
                "{database} er låst af brugeren {user} (programmet {program}, proces {pid}) siden "
                "{moment}."
            )
        return StateError(
            reason.format(
                database=_named(state), user=shown_name(user or "-"),
                program=shown_name(program or "-"), pid=pid,
                moment=since and spoken().moment(since.astimezone()),
            )
        )  # fmt: skip
    elif code == _LOCKED:
        reason = _("{database} er låst af et andet program.")
    return StateError(reason.format(database=_named(state)))


def _who_locks(state: StateSection) -> tuple[str | None, str | None, int, datetime | None] | None:
    """The user, program and process that has held a lock of ours the longest, and since when.

    PostgreSQL shows a user since when only of its own processes, unless it may see all.
    """
    named = {"schema": SCHEMA, "number": _ONE_AT_A_TIME}
    with (
        contextlib.suppress(StateError, exc.DBAPIError),
        contextlib.closing(database_of(state, keeps_connection=False)) as database,
        database.changing() as connection,
    ):
        if found := connection.execute(text(_WHO_LOCKS), named).first():
            return tuple(found)
    return None


def _named(state: StateSection) -> str:
    if (address := state.address) is None:
        raise ValueError("no database is configured")
    if address.is_here:
        return _("Databasen {name} på denne maskine").format(name=address.name)
    return _("Databasen {name} på {host}").format(name=address.name, host=address.host)


def database_of(state: StateSection, *, keeps_connection: bool = True) -> Database:
    """The configured database; it is reached when something is asked of it.

    Raises:
        StateError: the driver is not installed, or the password cannot be read.
    """
    if state.address is None:
        raise ValueError("no database is configured")
    arguments: dict[str, Any] = {**_TIMEOUTS, **state.address.keywords()}
    kept: dict[str, Any] = {"pool_size": 1, "pool_pre_ping": True}
    pool = kept if keeps_connection else {"poolclass": NullPool}
    try:
        if (password := state.password()) is not None:
            arguments["password"] = password
        engine = create_engine("postgresql+psycopg://", connect_args=arguments, **pool)
    except ModuleNotFoundError as error:
        needed = _("En database kræver mere af programmet: {command}.")
        raise StateError(needed.format(command="pip install 'helhedsplan[postgres]'")) from error
    except OSError as error:
        unread = _("Adgangskoden i {file} kan ikke læses.").format(file=state.password_file)
        raise StateError(unread) from error
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(_WAITS))
    return Database(engine.execution_options(schema_translate_map={None: SCHEMA}))


def opened(state: StateSection, *, writes: bool) -> OpenHistory:
    """The history, in the newest form; without `writes` the database is left as it is.

    Tables that are not the history's are moved into another schema, as a damaged file is renamed.

    Raises:
        StateError: a newer version of the program wrote it, or it cannot be had.
        sqlalchemy.exc.DBAPIError: the server is away or refuses; see `is_environmental`.
    """
    database = database_of(state)
    if not writes:
        database = Database(database.engine.execution_options(postgresql_readonly=True))
    try:
        there = (_for_writing if writes else _for_reading)(database, state)
    except (StateError, exc.DBAPIError):
        database.close()
        raise
    if there.database is not database:
        database.close()
    return there


def _for_reading(database: Database, state: StateSection) -> OpenHistory:
    with database.changing() as connection:
        form = _form(connection, state)
        if not form:
            return OpenHistory(new(None), opening=HistoryOpening(was_lost=form is None))
        if form < len(migrations.STEPS):
            return OpenHistory(in_memory(connection, form))
    return OpenHistory(database)


def _for_writing(database: Database, state: StateSection) -> OpenHistory:
    file = state.folder / FILE_NAME
    with database.changing() as connection:
        lock_schema(connection)
        form = _form(connection, state)
        if form is None:
            _move_to_damaged_schema(connection)
        if (form or 0) < len(migrations.STEPS):
            migrations.step_up(connection, form or 0)
        was_brought = form == 0 and _imported(file, connection)
    if was_brought:
        file.replace(file.with_name(f"{file.stem}.moved.sqlite3"))
    opening = HistoryOpening(was_lost=form is None, was_brought=was_brought)
    return OpenHistory(database, opening=opening)


def _form(connection: Connection, state: StateSection) -> int | None:
    """The form of the history that is there; 0 without any table, None where it is damaged."""
    if not _tables(connection):
        return 0
    try:
        form = migrations.known_form(connection, _named(state), SCHEMA)
        refuse_wrong_values(connection, migrations.tables_of(form))
    except migrations.DamagedError:
        return None
    return form


def lock_schema(connection: Connection) -> None:
    """Make our schema if need be, while nobody else does; until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if not inspect(connection).has_schema(SCHEMA):
        connection.execute(CreateSchema(SCHEMA))


def _tables(connection: Connection) -> list[str]:
    names = inspect(connection).get_table_names(schema=SCHEMA)
    return [name for name in names if name != LEASES]


def _move_to_damaged_schema(connection: Connection) -> None:
    """Move the tables into a schema of their own, in place of those of an earlier time."""
    connection.execute(DropSchema(DAMAGED_SCHEMA, cascade=True, if_exists=True))
    connection.execute(CreateSchema(DAMAGED_SCHEMA))
    quoted = connection.dialect.identifier_preparer.quote
    for table in _tables(connection):
        place = f"{quoted(SCHEMA)}.{quoted(table)}"
        connection.exec_driver_sql(f"ALTER TABLE {place} SET SCHEMA {quoted(DAMAGED_SCHEMA)}")


def _imported(file: Path, connection: Connection) -> bool:
    """Whether there was a history in the state folder, which is in the database now.

    Where it is damaged, its backup is taken.
    """
    if not file.exists():
        return False
    old: Database | None
    try:
        old = file_opened(file, writes=False)
    except (migrations.DamagedError, exc.OperationalError):
        old = restored(file, writes=False)
    if old is None:
        return False
    with contextlib.closing(old), old.changing() as source:
        copied(source, connection, migrations.tables_of(len(migrations.STEPS)))
    return True
