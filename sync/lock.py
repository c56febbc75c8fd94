"""One run, and one service, at a time for a state folder: also between machines that share it.

Between the processes of a machine the operating system's lock decides, which goes when a process
dies. Between machines the lease does: see `sync/lease.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sync.lease import Held, Holder, Lease, held, holder_of, this_process
from sync.state import made, unusable

RUN, SERVICE = "run", "service"
_FILES = {RUN: "helhedsplan.lock", SERVICE: "service.lock"}
TAKEOVER_SECONDS = 600.0


class AlreadyRunning(Exception):  # noqa: N818  named by what is the case
    """Another process is at it with the same state folder; the message says which."""


@contextlib.contextmanager
def alone(
    folder: Path, what: str = RUN, takeover_seconds: float = TAKEOVER_SECONDS
) -> Iterator[Lease]:
    """Hold the lock of a state folder, as a run or as the service.

    Raises:
        AlreadyRunning: somebody else holds it.
        StateError: the folder cannot be used.
    """
    file = folder / _FILES[what]
    with contextlib.ExitStack() as stack:
        try:
            made(folder)
            lock = FileLock(file)
            lock.acquire(timeout=0)
            stack.callback(_let_go, lock)
            me = this_process(datetime.now().astimezone())
            lease = stack.enter_context(held(folder, what, me, takeover_seconds, none_here=True))
        except Timeout as error:
            raise _already(what, file, holder_of(folder, what)) from error
        except Held as error:
            raise _already(what, file, error.holder) from error
        except OSError as error:
            raise unusable(folder) from error
        yield lease


def _let_go(lock: FileLock) -> None:
    with contextlib.suppress(OSError):  # where the folder has gone, so has the lock
        lock.release()


def _already(what: str, file: Path, holder: Holder | None) -> AlreadyRunning:
    return AlreadyRunning(f"another {what} holds {file}: {holder or 'who, cannot be told'}")
