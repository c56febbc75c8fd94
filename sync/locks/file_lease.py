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
from dataclasses import dataclass
from pathlib import Path

from sync.locks.lease import Holder, Lease, LeaseHeldError, named, unpacked

LOG = logging.getLogger("helhedsplan")


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of the lease called `name`, as `holder` sees them."""

    folder: Path
    name: str
    holder: Holder

    def file(self, number: int) -> Path:
        """The file of this number."""
        return self.folder / f"{self.name}.lease-{number:06}"

    def numbers(self) -> list[int]:
        """The numbers of the files that are there."""
        pattern = re.compile(rf"{re.escape(self.name)}\.lease-(\d{{6,}})")
        names = (file.name for file in self.folder.iterdir())
        return [int(found[1]) for name in names if (found := pattern.fullmatch(name))]

    @contextlib.contextmanager
    def temporary(self) -> Iterator[Path]:
        """A file that is gone afterwards; its name says whose it is."""
        file = self.folder / f"{self.name}.{self._mark()}-{self.holder.token}.tmp"
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def remove_leftovers(self) -> None:
        """Remove what a process of this machine left behind when it was ended by force."""
        for leftover in self.folder.glob(f"{self.name}.{self._mark()}-*.tmp"):
            leftover.unlink(missing_ok=True)

    def _mark(self) -> str:
        return hashlib.blake2b(self.holder.machine.encode(), digest_size=6).hexdigest()

    def is_stale(self, file: Path, patience: float) -> bool:
        """Whether the file has not been touched for so long, by the file system's own time."""
        with self.temporary() as probe:
            probe.write_bytes(b"now")
            now = probe.stat().st_mtime
        try:
            touched = file.stat().st_mtime
        except FileNotFoundError:  # somebody else has just taken it over
            return False
        # A time far ahead shows the same: that clock was set back, and nobody touched it since.
        return abs(now - touched) > patience


class FileLease(Lease):
    """A lease whose file this process owns: see `held`."""

    def __init__(self, files: _Files, number: int, patience: float) -> None:
        super().__init__(files.holder, patience, time.monotonic())
        self._files = files
        self.file, self._next = files.file(number), files.file(number + 1)

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since the folder was out of reach."""
        try:
            if self._next.exists() or not self.file.exists():
                return True
        except OSError:
            pass  # the folder is out of reach just now; the time decides
        return super().is_lost()

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
                with self._files.temporary() as temporary:
                    temporary.write_bytes(self._holder.freed())
                    temporary.replace(self.file)


@contextlib.contextmanager
def held(
    folder: Path, name: str, holder: Holder, patience: float, *, none_here: bool
) -> Iterator[FileLease]:
    """Hold the lease called `name` of a folder.

    One that its holder has not touched for `patience` seconds is taken over. `none_here` says that
    no other process of this machine can hold it: then one that was left behind here is taken over
    at once.

    Raises:
        LeaseHeldError: somebody else holds it.
        OSError: the folder cannot be used.
    """
    lease = _taken(_Files(folder, name, holder), patience, none_here=none_here)
    with lease.kept_fresh(name):
        yield lease


def holder_of(folder: Path, name: str) -> Holder | None:
    """Who holds the lease, as far as its file shows."""
    files = sorted(folder.glob(f"{name}.lease-*"), key=lambda file: (len(file.name), file.name))
    holder = _read(files[-1]) if files else None
    return holder if holder and not holder.is_free else None


def _taken(files: _Files, patience: float, *, none_here: bool) -> FileLease:
    if none_here:
        files.remove_leftovers()
    highest = max(files.numbers(), default=0)
    before = files.file(highest) if highest else None
    # An empty file is nobody's yet, so it is passed over: whoever made it has still to write into
    # it, or was ended before it could.
    was_empty = before is not None and _is_empty(before)
    if before and not was_empty:
        _refuse_unless_free(files, before, patience, none_here=none_here)
    number = highest + 1
    file = files.file(number)
    # Of two that come here with the same number, one makes the file and the other is refused.
    _make(file, files.holder)
    # Whoever was passed over while it wrote finds a higher number here, and steps back; whoever
    # passed it over finds it written by now, and steps back as well. Both may, but never neither.
    highest = max(files.numbers())
    if highest > number:
        file.unlink(missing_ok=True)
        raise LeaseHeldError(_read(files.file(highest)))
    if before and was_empty and before.exists() and not _is_empty(before):
        file.unlink(missing_ok=True)
        raise LeaseHeldError(_read(before))
    for old in files.numbers():
        if old < number:
            with contextlib.suppress(PermissionError):  # Windows: another one reads it just now
                files.file(old).unlink(missing_ok=True)
    return FileLease(files, number, patience)


def _refuse_unless_free(files: _Files, before: Path, patience: float, *, none_here: bool) -> None:
    """Raise LeaseHeldError unless the lease is free, or its holder shows no life."""
    other = _read(before)
    if other and other.is_free:
        return
    was_left_here = none_here and other is not None and other.machine == files.holder.machine
    if not was_left_here and not files.is_stale(before, patience):
        raise LeaseHeldError(other)
    LOG.warning("the lock of %s is taken over", named(other))


def _make(file: Path, holder: Holder) -> None:
    """Make the lease's file, which must not be there."""
    try:
        with file.open("xb") as out:
            out.write(holder.packed())
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise LeaseHeldError(_read(file)) from None
    except OSError:  # no room
        file.unlink(missing_ok=True)
        raise


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
