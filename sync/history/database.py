"""One connection to the history's database, whichever it is: reading, and changing all or nothing.

What goes wrong there is SQLAlchemy's `DBAPIError`; `is_environmental` tells whether the disk, the
server or the way to it is to blame, and not the program.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Executable,
    Table,
    Update,
    bindparam,
    exc,
    select,
)
from sqlalchemy.dialects import sqlite

_ENVIRONMENTAL = {exc.OperationalError, exc.InternalError, exc.DatabaseError}
_NO_PERMISSION = "42501"


def is_environmental(error: BaseException | None) -> bool:
    """Whether the disk is full, the server is away, a permission is missing, or the like."""
    if type(error) in _ENVIRONMENTAL:
        return True
    cause = error.orig if isinstance(error, exc.DBAPIError) else None
    return getattr(cause, "sqlstate", None) == _NO_PERMISSION


class Database:
    """A database that is open. Every call is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def rows(self, statement: Executable) -> Sequence[Any]:
        """What a query finds."""
        with self.engine.connect() as connection:
            return connection.execute(statement).all()

    def changing(self) -> contextlib.AbstractContextManager[Connection]:
        """Change something, wholly or not at all."""
        return self.engine.begin()

    def put(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows; one whose key is there already takes that row's place."""
        with self.changing() as connection:
            put(connection, table, rows)

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()


class Repository:
    """What is remembered of one thing."""

    def __init__(self, database: Database) -> None:
        self.database = database


@dataclass(frozen=True, slots=True)
class OpenHistory:
    """A history that is open, and its file where it lies in one.

    `was_lost` says that it was damaged or gone, `was_restored` that its backup took its place,
    `was_brought` that it was in a file until now.
    """

    database: Database
    file: Path | None = None
    was_lost: bool = False
    was_restored: bool = False
    was_brought: bool = False


def upsert(connection: Connection, table: Table) -> Any:
    """An INSERT that may say what becomes of a row that is there, in the database's own words."""
    if connection.dialect.name == sqlite.dialect.name:
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  slow to load, and seldom needed

    return postgresql.insert(table)


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; one whose key is there already takes that row's place."""
    if not rows:
        return
    new = upsert(connection, table)
    others = {
        column.name: new.excluded[column.name] for column in table.c if not column.primary_key
    }
    keys = list(table.primary_key)
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_=others), rows)


def update_each(
    connection: Connection, statement: Update, column: Column[str], keys: Iterable[str]
) -> None:
    """Update every row whose `column` holds one of the keys."""
    if rows := [{"one_of": key} for key in keys]:
        connection.execute(statement.where(column == bindparam("one_of")), rows)


def copied(source: Connection, target: Connection, tables: Iterable[Table]) -> None:
    """Bring all rows of these tables into the target's, which are empty."""
    for table in tables:
        names = table.c.keys()
        if rows := [dict(zip(names, row, strict=True)) for row in source.execute(select(table))]:
            target.execute(table.insert(), rows)
