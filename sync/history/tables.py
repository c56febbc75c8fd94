"""The tables of the history, as SQLAlchemy says them to SQLite and to PostgreSQL alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
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
