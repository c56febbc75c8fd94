"""The history's tables, and one connection to its database: reading, changing all or nothing.

SQLAlchemy says the tables to SQLite and to PostgreSQL alike. What goes wrong there is its
`DBAPIError`; `is_environmental` tells whether the disk, the server or the way to it is to blame,
and not the program.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Engine,
    Executable,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    Update,
    bindparam,
    exc,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect


class Words(TypeDecorator[str]):
    """Text, in the order of its characters whatever the server's language is."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """PostgreSQL compares as SQLite does by the collation C."""
        return Text(collation="C" if dialect.name == "postgresql" else None)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """PostgreSQL keeps no NUL in a text."""
        del dialect
        return None if value is None else str(value).replace("\0", "\N{REPLACEMENT CHARACTER}")


class Moment(TypeDecorator[datetime]):
    """A moment in ISO form with its offset, which a database's own type would not keep."""

    impl = Words
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """As text."""
        del dialect
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """As a moment."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


METADATA = MetaData()
LEASES = "lease"
"""A table in PostgreSQL that is no part of the history's form: the lock is had before."""

run = Table(
    "run",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("outcome", Words),
    Column("workbooks", Integer),
    Column("fejl", Integer),
    Column("advarsel", Integer),
    Column("info", Integer),
    Column("problems", LargeBinary),
)
finding = Table(
    "finding",
    METADATA,
    Column("identity", Words, primary_key=True),
    Column("workbook", Words, nullable=False),
    Column("code", Words, nullable=False),
    Column("severity", Words, nullable=False),
    Column("first_seen", Date, nullable=False),
    Column("last_seen", Date, nullable=False),
    Column("is_open", Boolean, nullable=False),
)
workbook = Table(
    "workbook",
    METADATA,
    Column("path", Words, primary_key=True),
    Column("stamp", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("read_at", Double, nullable=False),
    Column("settings", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
last_seen = Table(
    "sighting",
    METADATA,
    Column("path", Words, primary_key=True),
    Column("plan_id", Words),
    Column("area", Words),
    Column("checked_at", Moment, nullable=False),
    Column("edited_at", Moment, nullable=False),
    Column("missing_since", Date),
)
note = Table(
    "fact",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
sent = Table(
    "told",
    METADATA,
    Column("recipient", Words, primary_key=True),
    Column("identity", Words, primary_key=True),
    Column("told_on", Date, nullable=False),
    Column("is_open", Boolean, nullable=False),
)
mailed = Table(
    "mailed",
    METADATA,
    Column("recipient", Words, primary_key=True),
    Column("sent_at", Date, nullable=False),
)
week = Table(
    "week",
    METADATA,
    Column("monday", Date, primary_key=True),
    Column("plan", Words, primary_key=True),
    Column("area", Words, primary_key=True),
    Column("fejl", Integer, nullable=False),
    Column("advarsel", Integer, nullable=False),
    Column("info", Integer, nullable=False),
)
interval = Table(
    "stint",
    METADATA,
    Column("identity", Words, primary_key=True),
    Column("workbook", Words, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("has_returned", Boolean, nullable=False),
)
Index("stint_of_workbook", interval.c.workbook)
approved = Table(
    "approved",
    METADATA,
    Column("plan", Words, primary_key=True),
    Column("approved_on", Date, nullable=False),
    Column("figures", LargeBinary, nullable=False),
)
confirmed = Table(
    "confirmed",
    METADATA,
    Column("plan", Words, primary_key=True),
    Column("books", LargeBinary, nullable=False),
)
approval_log = Table(
    "approval_log",
    METADATA,
    Column("plan", Words, primary_key=True),
    Column("entries", LargeBinary, nullable=False),
)


_ENVIRONMENTAL = {exc.OperationalError, exc.InternalError, exc.DatabaseError}
_NO_PERMISSION = "42501"


def is_environmental(error: BaseException | None) -> bool:
    """Whether the disk is full, the server is away, a permission is missing, or the like."""
    if type(error) in _ENVIRONMENTAL:
        return True
    cause = error.orig if isinstance(error, exc.DBAPIError) else None
    return getattr(cause, "sqlstate", None) == _NO_PERMISSION


class Database:
    """A database that is open. Every call is a transaction of its own, but inside `together`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._shared: Connection | None = None

    def rows(self, statement: Executable) -> Sequence[Any]:
        """What a query finds."""
        if self._shared:
            return self._shared.execute(statement).all()
        with self.engine.connect() as connection:
            return connection.execute(statement).all()

    def changing(self) -> contextlib.AbstractContextManager[Connection]:
        """Change something, wholly or not at all."""
        return contextlib.nullcontext(self._shared) if self._shared else self.engine.begin()

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """All changes inside are one: each commit makes the disk write, which takes its time."""
        with self.engine.begin() as connection:
            self._shared = connection
            try:
                yield
            finally:
                self._shared = None

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
class HistoryOpening:
    """How the history was found when it was opened.

    `was_lost` says that it was damaged or gone, `was_restored` that its backup took its place,
    `was_brought` that it has come into the database from the file that it was in until now.
    """

    was_lost: bool = False
    was_restored: bool = False
    was_brought: bool = False


@dataclass(frozen=True, slots=True)
class OpenHistory:
    """A history that is open, and its file where it lies in one."""

    database: Database
    file: Path | None = None
    opening: HistoryOpening = HistoryOpening()


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
