"""One run, and one service, at a time for a state: also between machines that share it.

Between the processes of a machine the operating system's lock decides, which goes when a process
dies. Between machines the lease does: see `file_lease.py`, and where the history lies in a
database, `database_lease.py` besides.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import DBAPIError

from sync.config.state import StateSection, made, unusable
from sync.history.database import is_environmental
from sync.history.postgres import unreachable
from sync.locks.database_lease import RowLease, holder_in_database
from sync.locks.file_lease import FileLease, holder_in_folder
from sync.locks.lease import Holder, Lease, LeaseHeldError, this_process

RUN, SERVICE = "run", "service"
_FILES = {RUN: "helhedsplan.lock", SERVICE: "service.lock"}


class AlreadyRunning(Exception):  # noqa: N818  named by what is the case
    """Another process is at it with the same state; the message says which."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What is held: one lease, or two."""

    leases: Sequence[Lease]

    def is_lost(self) -> bool:
        """Whether somebody may have taken one of them over."""
        return any(one.is_lost() for one in self.leases)


@contextlib.contextmanager
def alone(state: StateSection, what: str = RUN, *, begins: bool = True) -> Iterator[Lock]:
    """Hold the lock of a state, as a run or as the service; where it `begins`, in a new folder too.

    Raises:
        AlreadyRunning: somebody else holds it.
        StateError: the folder or the database cannot be used.
    """
    folder, file = state.folder, state.folder / _FILES[what]
    me = this_process(datetime.now().astimezone())
    leases: list[Lease] = []
    with contextlib.ExitStack() as stack:
        try:
            if begins:
                made(folder)
            elif not folder.is_dir():  # what lies there is away, and no reason to begin anew
                raise unusable(folder)
            lock = FileLock(file)
            lock.acquire(timeout=0)
            stack.callback(_release, lock)
            in_folder = FileLease(folder, what, me, state.takeover_seconds)
            leases.append(stack.enter_context(in_folder.held()))
        except Timeout as error:
            raise _already(what, file, holder_in_folder(folder, what)) from error
        except LeaseHeldError as error:
            raise _already(what, file, error.holder) from error
        except OSError as error:
            raise unusable(folder) from error
        if state.address:
            try:
                leases.append(stack.enter_context(RowLease(state, what, me).held()))
            except LeaseHeldError as error:
                raise _already(what, f"the lock in {state.address}", error.holder) from error
            except DBAPIError as error:
                if is_environmental(error):
                    raise unreachable(state, error) from error
                raise
        yield Lock(leases)


def holder_of(state: StateSection, what: str) -> Holder | None:
    """Who holds the lock, as far as is known."""
    holder = holder_in_folder(state.folder, what)
    return holder_in_database(state, what) if holder is None and state.address else holder


def _release(lock: FileLock) -> None:
    with contextlib.suppress(OSError):  # where the folder has gone, so has the lock
        lock.release()


def _already(what: str, place: Path | str, holder: Holder | None) -> AlreadyRunning:
    return AlreadyRunning(f"another {what} holds {place}: {holder or 'who, cannot be told'}")
