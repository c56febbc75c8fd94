"""The lease of workers that share a database: a row that its holder keeps touching.

It is numbered as the file of `file_lease.py` is; both times of its age are the server's. A worker
that is cut off from the server cannot show that it lives, and takes itself for replaced before
others may.
"""

from __future__ import annotations

import contextlib
import logging

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    Update,
    exc,
    extract,
    func,
    inspect,
    select,
    update,
)

from sync.config.state import StateError, StateSection
from sync.history.database import LEASES, put
from sync.history.postgres import SCHEMA, database_of, lock_schema
from sync.locks.lease import Holder, Lease, LeaseHeldError, seconds_passed, unpacked

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
    """The lease called `name` of the configured database.

    Whoever makes one holds the lock of the state folder, so that one which was left behind by a
    process with the same folder, on the same machine, is taken over at once.
    """

    def __init__(self, state: StateSection, name: str, holder: Holder) -> None:
        super().__init__(name, holder, state.takeover_seconds)
        self._database = database_of(state, keeps_connection=False)
        folder = state.folder.stat()
        # What only the processes of one machine that use one state folder have in common.
        self._place = f"{holder.machine} {folder.st_dev} {folder.st_ino}"
        self._number = 0
        self._is_taken = False

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since the server was out of reach."""
        return self._is_taken or super().is_lost()

    def _take(self) -> None:
        with self._database.changing() as connection:
            # Nobody else looks or takes until this transaction ends: no race for a number.
            lock_schema(connection)
            if not inspect(connection).has_table(LEASES, schema=SCHEMA):
                _lease.create(connection)
            age = extract("epoch", _NOW - _lease.c.beaten_at)
            columns = (_lease.c.number, _lease.c.holder, _lease.c.place, age)
            found = connection.execute(select(*columns).where(_lease.c.name == self._name)).first()
            number, packed, place, silent_for = found or (0, "", self._place, 0)
            other = unpacked(packed)
            if found and not (other and other.is_free):
                # So can one whose time lies ahead: the server's clock was set back since.
                if place != self._place and abs(silent_for) <= self._patience:
                    raise LeaseHeldError(other)
                self._note_takeover(other)
            self._number = number + 1
            self._beaten_at = seconds_passed()  # the server's time is a later one, never an earlier
            beaten_at = connection.scalar(select(_NOW))
            row = {
                "name": self._name, "number": self._number, "place": self._place,
                "holder": self._holder.packed().decode(), "beaten_at": beaten_at,
            }  # fmt: skip
            put(connection, _lease, [row])

    def _touch(self) -> bool:
        try:
            with self._database.changing() as connection:
                touched = connection.execute(self._update().values(beaten_at=_NOW))
        except exc.DBAPIError as error:
            LOG.warning("the lock could not be kept fresh: %s", type(error).__name__)
            return False
        self._is_taken = touched.rowcount == 0
        return True

    def _release(self) -> None:
        free = self._holder.freed().decode()
        with contextlib.suppress(exc.DBAPIError), self._database.changing() as connection:
            connection.execute(self._update().values(holder=free))

    def _update(self) -> Update:
        """An update of the row, unless somebody else has it by now."""
        is_ours = (_lease.c.name == self._name) & (_lease.c.number == self._number)
        return update(_lease).where(is_ours)


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
