"""The lease of workers that share a database: a row that its holder keeps touching.

It is numbered as the file of `file_lease.py` is; both times of its age are the server's. A worker
that is cut off from the server cannot show that it lives, and takes itself for replaced before
others may.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator

from sqlalchemy import (
    Column,
    ColumnElement,
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

from sync.config.state import StateError, StateSection
from sync.history.database import Database, put
from sync.history.postgres import SCHEMA, database_of, lock_schema
from sync.history.tables import LEASES
from sync.locks.lease import Holder, Lease, LeaseHeldError, named, unpacked

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


class RowLease(Lease):
    """A lease whose row this process owns: see `held_in_database`."""

    def __init__(
        self,
        database: Database,
        row: ColumnElement[bool],
        holder: Holder,
        patience: float,
        at: float,
    ) -> None:
        super().__init__(holder, patience, beaten_at=at)
        self._database, self._row = database, row
        self._is_taken = False

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since the server was out of reach."""
        return self._is_taken or super().is_lost()

    def _touch(self) -> bool:
        try:
            with self._database.changing() as connection:
                touched = connection.execute(update(_lease).where(self._row).values(beaten_at=_NOW))
        except exc.DBAPIError as error:
            LOG.warning("the lock could not be kept fresh: %s", type(error).__name__)
            return False
        self._is_taken = touched.rowcount == 0
        return True

    def _release(self) -> None:
        free = self._holder.freed().decode()
        with contextlib.suppress(exc.DBAPIError), self._database.changing() as connection:
            connection.execute(update(_lease).where(self._row).values(holder=free))


@contextlib.contextmanager
def held_in_database(state: StateSection, name: str, holder: Holder) -> Iterator[RowLease]:
    """Hold the lease called `name` of the configured database.

    Whoever calls this holds the lock of the state folder, so that one which was left behind by a
    process with the same folder, on the same machine, is taken over at once.

    Raises:
        LeaseHeldError: somebody else holds it.
        sqlalchemy.exc.DBAPIError: the database cannot be reached or used.
    """
    lease = _taken(database_of(state, keeps_connection=False), state, name, holder)
    with lease.kept_fresh(name):
        yield lease


def holder_in_database(state: StateSection, name: str) -> Holder | None:
    """Who holds the lease, as far as the database shows."""
    try:
        database = database_of(state, keeps_connection=False)
        with database.changing() as connection:
            if not inspect(connection).has_table(LEASES, schema=SCHEMA):
                return None
            found = connection.scalar(select(_lease.c.holder).where(_lease.c.name == name))
    except (StateError, exc.DBAPIError):
        return None
    holder = unpacked(found) if found else None
    return holder if holder and not holder.is_free else None


def _taken(database: Database, state: StateSection, name: str, holder: Holder) -> RowLease:
    patience, place = state.takeover_seconds, _place(state, holder)
    with database.changing() as connection:
        # Nobody else looks or takes until this transaction ends, so there is no race for a number.
        lock_schema(connection)
        if not inspect(connection).has_table(LEASES, schema=SCHEMA):
            _lease.create(connection)
        age = extract("epoch", _NOW - _lease.c.beaten_at)
        columns = (_lease.c.number, _lease.c.holder, _lease.c.place, age)
        known = connection.execute(select(*columns).where(_lease.c.name == name)).one_or_none()
        number = known[0] + 1 if known else 1
        other = unpacked(known[1]) if known else None
        if known and not (other and other.is_free):
            # So can one whose time lies ahead: the server's clock was set back since.
            if known[2] != place and abs(known[3]) <= patience:
                raise LeaseHeldError(other)
            LOG.warning("the lock of %s is taken over", named(other))
        at = time.monotonic()  # the server's time is a later one, and never an earlier
        row = {
            "name": name, "number": number, "holder": holder.packed().decode(), "place": place,
            "beaten_at": connection.scalar(select(_NOW)),
        }  # fmt: skip
        put(connection, _lease, [row])
    mine = (_lease.c.name == name) & (_lease.c.number == number)
    return RowLease(database, mine, holder, patience, at)


def _place(state: StateSection, holder: Holder) -> str:
    """What only the processes of one machine that use one state folder have in common."""
    folder = state.folder.stat()
    return f"{holder.machine} {folder.st_dev} {folder.st_ino}"
