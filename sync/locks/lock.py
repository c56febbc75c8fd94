"""One run, and one service, at a time for a state: also between machines that share it.

Between the processes of a machine the operating system's lock decides, which goes when a process
dies. Between machines the lease does: see `file_lease.py`, and where the history lies in a
database, `database_lease.py` besides.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sync.config.state import StateSection
from sync.config.state_folder import made, unusable
from sync.locks import file_lease
from sync.locks.file_lease import Held, Holder, Lease, held, this_process

RUN, SERVICE = "run", "service"
_FILES = {RUN: "helhedsplan.lock", SERVICE: "service.lock"}


class AlreadyRunning(Exception):  # noqa: N818  named by what is the case
    """Another process is at it with the same state; the message says which."""


class Lock:
    """What is held: one lease, or two."""

    def __init__(self, leases: Sequence[Lease]) -> None:
        self._leases = leases

    def is_lost(self) -> bool:
        """Whether somebody may have taken one of them over."""
        return any(one.is_lost() for one in self._leases)


@contextlib.contextmanager
def alone(state: StateSection, what: str = RUN) -> Iterator[Lock]:
    """Hold the lock of a state, as a run or as the service.

    Raises:
        AlreadyRunning: somebody else holds it.
        StateError: the folder or the database cannot be used.
    """
    folder, patience = state.folder, state.takeover_seconds
    file = folder / _FILES[what]
    with contextlib.ExitStack() as stack:
        me = this_process(datetime.now().astimezone())
        try:
            made(folder)
            lock = FileLock(file)
            lock.acquire(timeout=0)
            stack.callback(_let_go, lock)
            leases: list[Lease] = [
                stack.enter_context(held(folder, what, me, patience, none_here=True))
            ]
        except Timeout as error:
            raise _already(what, file, file_lease.holder_of(folder, what)) from error
        except Held as error:
            raise _already(what, file, error.holder) from error
        except OSError as error:
            raise unusable(folder) from error
        if state.address:
            leases.append(stack.enter_context(_in_database(state, what, me)))
        yield Lock(leases)


def holder_of(state: StateSection, what: str) -> Holder | None:
    """Who holds the lock, as far as can be told."""
    if holder := file_lease.holder_of(state.folder, what):
        return holder
    if state.address is None:
        return None
    from sync.locks.database_lease import holder_in_database  # noqa: PLC0415  only where there is a database

    return holder_in_database(state, what)


@contextlib.contextmanager
def _in_database(state: StateSection, what: str, me: Holder) -> Iterator[Lease]:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  slow to load, and seldom needed

    from sync.history.database import is_environmental  # noqa: PLC0415
    from sync.history.postgres import unreachable  # noqa: PLC0415
    from sync.locks.database_lease import held_in_database  # noqa: PLC0415

    with contextlib.ExitStack() as stack:
        try:
            row = stack.enter_context(held_in_database(state, what, me))
        except Held as error:
            raise _already(what, f"the lock in {state.address}", error.holder) from error
        except DBAPIError as error:
            if is_environmental(error):
                raise unreachable(state) from error
            raise
        yield row


def _let_go(lock: FileLock) -> None:
    with contextlib.suppress(OSError):  # where the folder has gone, so has the lock
        lock.release()


def _already(what: str, place: Path | str, holder: Holder | None) -> AlreadyRunning:
    return AlreadyRunning(f"another {what} holds {place}: {holder or 'who, cannot be told'}")
