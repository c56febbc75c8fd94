"""The lock of workers that share a database: a row that its holder keeps touching.

As with the file of `file_lease.py`, the highest number is the valid one and the age of the last
touch tells whether the holder is alive; here both times are the server's. A worker that is cut off
from the server cannot show that it lives, and takes itself for replaced before others may.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator

import msgspec
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    exc,
    extract,
    func,
    inspect,
    select,
    update,
)

from sync.config.state import StateSection
from sync.config.state_folder import StateError
from sync.history.database import Database, put
from sync.history.postgres import SCHEMA, database_of, hold_others_off
from sync.history.tables import LEASES
from sync.locks.file_lease import Held, Holder, kept_fresh, may_be_taken

LOG = logging.getLogger("helhedsplan")

_lease = Table(
    LEASES,
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("beaten_at", DateTime(timezone=True), nullable=False),
)
_NOW = func.clock_timestamp()


class RowLease:
    """A lease whose row this process owns: see `held_in_database`."""

    def __init__(
        self,
        database: Database,
        row: tuple[str, int],
        holder: Holder,
        patience: float,
        beaten_at: float,
    ) -> None:
        self._database, self._holder, self._patience = database, holder, patience
        self._mine = (_lease.c.name == row[0]) & (_lease.c.number == row[1])
        self._beaten_at = beaten_at
        self._is_taken = False

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since the server was out of reach."""
        return self._is_taken or may_be_taken(self._beaten_at, self._patience)

    def beat(self) -> None:
        """Show that the holder is alive."""
        if self.is_lost():
            return
        asked_at = time.monotonic()
        try:
            with self._database.changing() as connection:
                touched = connection.execute(
                    update(_lease).where(self._mine).values(beaten_at=_NOW)
                )
        except exc.DBAPIError as error:
            LOG.warning("the lock could not be kept fresh: %s", type(error).__name__)
            return
        self._beaten_at = asked_at
        self._is_taken = touched.rowcount == 0

    def release(self) -> None:
        """Mark it as free, unless somebody else has it by now."""
        free = msgspec.structs.replace(self._holder, is_free=True)
        with contextlib.suppress(exc.DBAPIError), self._database.changing() as connection:
            connection.execute(update(_lease).where(self._mine).values(holder=_packed(free)))


@contextlib.contextmanager
def held_in_database(state: StateSection, name: str, holder: Holder) -> Iterator[RowLease]:
    """Hold the lease called `name` of the configured database.

    Whoever calls this holds the lock of the state folder, so that one which was left behind by a
    process with the same folder, on the same machine, is taken over at once.

    Raises:
        Held: somebody else holds it.
        sqlalchemy.exc.DBAPIError: the database cannot be reached or used.
    """
    database = database_of(state, keeps_connection=False)
    lease = _taken(database, state, name, holder)
    with kept_fresh(lease, name, state.takeover_seconds):
        yield lease


def holder_in_database(state: StateSection, name: str) -> Holder | None:
    """Who holds the lease, as far as the database tells."""
    try:
        database = database_of(state, keeps_connection=False)
        with database.changing() as connection:
            if not inspect(connection).has_table(LEASES, schema=SCHEMA):
                return None
            found = connection.scalar(select(_lease.c.holder).where(_lease.c.name == name))
    except (StateError, exc.DBAPIError):
        return None
    holder = _unpacked(found) if found else None
    return holder if holder and not holder.is_free else None


def _taken(database: Database, state: StateSection, name: str, holder: Holder) -> RowLease:
    patience, place = state.takeover_seconds, _place(state, holder)
    with database.changing() as connection:
        hold_others_off(connection)
        if not inspect(connection).has_table(LEASES, schema=SCHEMA):
            _lease.create(connection)
        age = extract("epoch", _NOW - _lease.c.beaten_at)
        known = connection.execute(
            select(_lease.c.number, _lease.c.holder, _lease.c.place, age).where(
                _lease.c.name == name
            )
        ).one_or_none()
        number = known[0] + 1 if known else 1
        if known:
            other = _unpacked(known[1])
            is_free = other is not None and other.is_free
            # A time far ahead is as telling: the server's clock was set back since.
            if not is_free and known[2] != place and abs(known[3]) <= patience:
                raise Held(other)
            if not is_free:
                LOG.warning(
                    "the lock of %s is taken over", other or "a process that cannot be told"
                )
        row = {"name": name, "number": number, "holder": _packed(holder), "place": place}
        at = time.monotonic()  # the server's time is a later one, and never an earlier
        put(connection, _lease, [{**row, "beaten_at": connection.scalar(select(_NOW))}])
    return RowLease(database, (name, number), holder, patience, at)


def _place(state: StateSection, holder: Holder) -> str:
    """What only the processes of one machine that use one state folder have in common."""
    folder = state.folder.stat()
    return f"{holder.machine} {folder.st_dev} {folder.st_ino}"


def _packed(holder: Holder) -> str:
    return msgspec.json.encode(holder).decode()


def _unpacked(text: str) -> Holder | None:
    try:
        return msgspec.json.decode(text, type=Holder)
    except msgspec.DecodeError:
        return None
