"""The lease of machines that share a folder: a numbered file that its holder keeps touching.

The lock of the operating system does not reach across every share; creating a file that must not
exist does. Whoever creates the next number holds the lease. Both times of a file's age come from
the file system, since two machines' clocks may differ. The numbers only grow, and the last file
stays behind, marked as free: what a slow machine saw long ago is of no use to it, as that number is
taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from sync.locks.lease import Holder, Lease, LeaseHeldError, unpacked

LOG = logging.getLogger("helhedsplan")


class FileLease(Lease):
    """The lease called `name` of a folder.

    Whoever makes one holds the lock that keeps out other processes of this machine, so that one
    which was left behind here is taken over at once.
    """

    def __init__(self, folder: Path, name: str, holder: Holder, patience: float) -> None:
        super().__init__(name, holder, patience)
        self._folder, self._number = folder, 0
        machine = hashlib.blake2b(holder.machine.encode(), digest_size=6).hexdigest()
        self._temporary_prefix = f"{name}.{machine}-"

    @property
    def file(self) -> Path:
        """The file of this lease."""
        return self._file(self._number)

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since the folder was out of reach."""
        try:
            if self._file(self._number + 1).exists() or not self.file.exists():
                return True
        except OSError:
            pass  # the folder is out of reach just now; the time decides
        return super().is_lost()

    def _take(self) -> None:
        self._remove_leftovers()
        highest = max(self._numbers(), default=0)
        before = self._file(highest) if highest else None
        # An empty file is nobody's yet, so it is passed over: whoever made it has still to write
        # into it, or was ended before it could.
        was_empty = before is not None and _is_empty(before)
        if before and not was_empty:
            self._refuse_unless_free(before)
        self._number = highest + 1
        # Of two that come here with the same number, one makes the file and the other is refused.
        self._make()
        # Whoever was passed over while it wrote finds a higher number here, and steps back; whoever
        # passed it over finds it written by now, and steps back as well. Both may, but never
        # neither.
        highest = max(self._numbers())
        winner = self._file(highest) if highest > self._number else None
        if before and was_empty and before.exists() and not _is_empty(before):
            winner = winner or before
        if winner:
            self.file.unlink(missing_ok=True)
            raise LeaseHeldError(_read(winner))
        for old in self._numbers():
            if old < self._number:
                with contextlib.suppress(PermissionError):  # Windows: another one reads it just now
                    self._file(old).unlink(missing_ok=True)

    def _refuse_unless_free(self, before: Path) -> None:
        """Raise LeaseHeldError unless the lease is free, or its holder shows no life."""
        other = _read(before)
        if other and other.is_free:
            return
        was_left_here = other is not None and other.machine == self._holder.machine
        if not was_left_here and not self._is_stale(before):
            raise LeaseHeldError(other)
        self._note_takeover(other)

    def _is_stale(self, file: Path) -> bool:
        """Whether the file was not touched for too long, by the file system's own time."""
        with self._temporary() as probe:
            probe.write_bytes(b"now")
            now = probe.stat().st_mtime
        try:
            touched = file.stat().st_mtime
        except FileNotFoundError:  # somebody else has just taken it over
            return False
        # A time far ahead shows the same: that clock was set back, and nobody touched it since.
        return abs(now - touched) > self._patience

    def _make(self) -> None:
        self._beaten_at = time.monotonic()
        try:
            with self.file.open("xb") as out:
                out.write(self._holder.packed())
                out.flush()
                os.fsync(out.fileno())
        except FileExistsError:
            raise LeaseHeldError(_read(self.file)) from None
        except OSError:  # no room
            self.file.unlink(missing_ok=True)
            raise

    def _touch(self) -> bool:
        try:
            with self.file.open("r+b") as file:
                file.write(self._holder.packed())
        except OSError as error:
            LOG.warning("the lock could not be kept fresh: %s", error.strerror)
            return False
        return True

    def _release(self) -> None:
        with contextlib.suppress(OSError):
            if not self.is_lost():
                with self._temporary() as temporary:
                    temporary.write_bytes(self._holder.freed())
                    temporary.replace(self.file)

    def _file(self, number: int) -> Path:
        return self._folder / f"{self._name}.lease-{number:06}"

    def _numbers(self) -> list[int]:
        """The numbers of the files that are there."""
        pattern = re.compile(rf"{re.escape(self._name)}\.lease-(\d{{6,}})")
        names = (file.name for file in self._folder.iterdir())
        return [int(found[1]) for name in names if (found := pattern.fullmatch(name))]

    @contextlib.contextmanager
    def _temporary(self) -> Iterator[Path]:
        """A file that is gone afterwards; its name says whose it is."""
        file = self._folder / f"{self._temporary_prefix}{self._holder.token}.tmp"
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def _remove_leftovers(self) -> None:
        """Remove what a process of this machine left behind when it was ended by force."""
        for leftover in self._folder.glob(f"{self._temporary_prefix}*.tmp"):
            leftover.unlink(missing_ok=True)


def holder_in_folder(folder: Path, name: str) -> Holder | None:
    """Who holds the lease, as far as its file shows."""
    files = sorted(folder.glob(f"{name}.lease-*"), key=lambda file: (len(file.name), file.name))
    holder = _read(files[-1]) if files else None
    return holder if holder and not holder.is_free else None


def _is_empty(file: Path) -> bool:
    try:
        return file.stat().st_size == 0
    except FileNotFoundError:  # whoever had it has just been replaced
        return False


def _read(file: Path) -> Holder | None:
    try:
        return unpacked(file.read_bytes())
    except OSError:
        return None
