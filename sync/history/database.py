"""One connection to the history's database, whichever it is: reading, and changing all or nothing.

What goes wrong there is SQLAlchemy's `DBAPIError`; `is_environmental` tells whether the disk, the
server or the way to it is to blame, and not the program.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, StaticPool, Table, create_engine, exc, select
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

    @contextlib.contextmanager
    def changing(self) -> Iterator[Connection]:
        """Change something, wholly or not at all."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()


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


def copied(source: Connection, target: Connection, tables: Iterable[Table]) -> None:
    """Bring all rows of these tables into the target's, which are empty."""
    for table in tables:
        names = table.c.keys()
        if rows := [dict(zip(names, row, strict=True)) for row in source.execute(select(table))]:
            target.execute(table.insert(), rows)


def file_database(file: Path, *, writes: bool) -> Database:
    """The database in a file that is there."""
    address = f"{file.absolute().as_uri()}?mode={'rw' if writes else 'ro'}"
    return _sqlite(lambda: sqlite3.connect(address, uri=True))


def made_file(file: Path) -> Database:
    """A database without tables, in a file that only its owner may read."""
    file.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    return file_database(file, writes=True)


def memory_database() -> Database:
    """A database without tables that goes with the process."""
    return _sqlite(lambda: sqlite3.connect(":memory:"))


def _sqlite(connect: Callable[[], sqlite3.Connection]) -> Database:
    return Database(create_engine("sqlite://", creator=connect, poolclass=StaticPool))


def copy_file(source: Database, file: Path) -> None:
    """Copy a SQLite database into a file, wholly or not at all, in place of what is there."""
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with (
        contextlib.closing(made_file(temporary)) as copy,
        source.engine.connect() as one,
        copy.engine.connect() as other,
    ):
        _driver(one).backup(_driver(other))
    temporary.replace(file)


@contextlib.contextmanager
def attached(database: Database, file: Path, name: str) -> Iterator[Connection]:
    """Change something in a SQLite database and a further file, wholly or not at all."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"ATTACH ? AS {name}", (str(file),))
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"DETACH {name}")


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{driver} is no SQLite connection")
    return driver
