"""One run at a time, also between processes: a lock file in the state folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from sync.state import unusable

FILE_NAME = "helhedsplan.lock"


class AlreadyRunning(Exception):  # noqa: N818  named by what is the case
    """Another process is running the job with the same state folder."""


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a state folder.

    Raises:
        AlreadyRunning: somebody else holds it.
        StateError: the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / FILE_NAME)
        lock.acquire(timeout=0)
    except OSError as error:
        if isinstance(error, Timeout):
            raise AlreadyRunning(f"another run holds {folder / FILE_NAME}") from error
        raise unusable(folder) from error
    try:
        yield
    finally:
        lock.release()
