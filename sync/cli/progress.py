"""What a person sees while something runs: progress on a terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

PATIENCE_SECONDS = 1.0
"""Work that is done sooner shows no progress."""


class ProgressLine:
    """A progress line on standard error; only on a terminal, and only after a second."""

    def __init__(self) -> None:
        self._total = 0
        self._done = 0
        self._began = time.monotonic()
        self._shown = False

    def start(self, total: int) -> None:
        """Say how many workbooks there are."""
        self._total = total
        self._began = time.monotonic()

    def advance(self, count: int) -> None:
        """Say that so many more are done."""
        self._done += count
        if sys.stderr.isatty() and time.monotonic() - self._began > PATIENCE_SECONDS:
            self._shown = True
            total = f" of {self._total}" if self._total else ""
            sys.stderr.write(f"\r{self._done}{total} workbooks read")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away again."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextlib.contextmanager
def progress() -> Iterator[ProgressLine]:
    """A progress line that is gone at the end, however the end comes."""
    line = ProgressLine()
    try:
        yield line
    finally:
        line.clear()
