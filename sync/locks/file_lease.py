"""The lease of machines that share a folder: a file of one name that its holder keeps touching.

The lock of the operating system does not reach across every share; creating a file that must not
exist does, since the server decides it whatever a machine remembers of the folder. Whoever creates
the file holds the lease. A file that shows no life is renamed away first. Both times of its age
come from the file system, since two machines' clocks may differ.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from pathlib import Path

from sync.locks.lease import Holder, Lease, LeaseHeldError, seconds_passed, unpacked
from sync.stores.files.exchange import patiently, put_for_sure, put_where_nothing_is
from sync.stores.files.untrusted import content_of, made, opened, token

LOG = logging.getLogger("helhedsplan")
_MODE = 0o664
_MOST_BYTES = 10_000


class FileLease(Lease):
    """The lease called `name` of a folder.

    Whoever makes one holds the lock that keeps out other processes of this machine, so that one
    which was left behind here is taken over at once.
    """

    def __init__(self, folder: Path, name: str, holder: Holder, patience: float) -> None:
        super().__init__(name, holder, patience)
        self.file, self._folder = _file(folder, name), folder
        machine = hashlib.blake2b(holder.machine.encode(), digest_size=6).hexdigest()
        self._temporary_prefix = f"{name}.{machine}-"
        self._packed = holder.packed()

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since the folder was out of reach."""
        try:
            if _content(self.file) != self._packed:
                return True
        except FileNotFoundError:
            return True
        except OSError:
            pass  # the folder is out of reach just now; the time decides
        return super().is_lost()

    def _take(self) -> None:
        self._beaten_at = seconds_passed()
        for leftover in self._folder.glob(f"{self._temporary_prefix}*.tmp"):  # of a killed process
            leftover.unlink(missing_ok=True)
        if not self._make():
            self._put_away()
            if not self._make():
                raise LeaseHeldError(holder_in_folder(self._folder, self._name))
        if self.is_lost():  # it took so long to write that somebody has put it away
            raise LeaseHeldError(holder_in_folder(self._folder, self._name))
        for old in self._folder.glob(f"{self._name}.lease-0*"):  # version 0.1 numbered them
            old.unlink(missing_ok=True)

    def _make(self) -> bool:
        """Create the file; False where it is there."""
        written = self._temporary()
        try:
            _write(written, self._packed)
            is_made = put_for_sure(written, self.file)
            if is_made is None:  # then it is empty for a moment, and whoever looks waits
                _write(self.file, self._packed)
        except FileExistsError:
            return False
        finally:
            written.unlink(missing_ok=True)
        return is_made is not False

    def _put_away(self) -> None:
        """Rename the file of a holder that shows no life.

        Raises:
            LeaseHeldError: its holder lives, or somebody else was faster.
        """
        try:
            content = _content(self.file)
            other = unpacked(content)
            was_left_here = other is not None and other.machine == self._holder.machine
            if not was_left_here and not self._is_stale():
                raise LeaseHeldError(other)
            # The name tells whose file it is. So of several that found the same one stale, one can
            # rename it, and those that come late cannot rename the file of the new holder.
            away = self._away(hashlib.blake2b(content, digest_size=8).hexdigest())
            if not put_where_nothing_is(self.file, away):
                raise LeaseHeldError(holder_in_folder(self._folder, self._name))
            if _content(away) != content:  # whoever slept in between may do so all the same
                put_where_nothing_is(away, self.file)
                raise LeaseHeldError(holder_in_folder(self._folder, self._name))
        except FileNotFoundError:  # it has just been released
            return
        self._note_takeover(other)

    def _is_stale(self) -> bool:
        """Whether the file was not touched for too long, by the file system's own time."""
        probe = self._temporary()
        try:
            _write(probe, b"now")
            with opened(probe) as raw:
                now = os.fstat(raw.fileno()).st_mtime
        finally:
            with contextlib.suppress(OSError):  # a share may be at it; then it is a leftover
                probe.unlink()
        with opened(self.file) as raw:
            touched = os.fstat(raw.fileno()).st_mtime
        # A time far ahead shows the same: that clock was set back, and nobody touched it since.
        return abs(now - touched) > self._patience

    def _touch(self) -> bool:
        try:
            # The file that was looked at is the one that is written, wherever it is by then.
            with self.file.open("r+b", buffering=0) as raw:
                if content_of(raw, _MOST_BYTES) == self._packed:
                    raw.seek(0)
                    raw.write(self._packed)
        except OSError as error:
            LOG.warning("the lock could not be kept fresh: %s", error.strerror)
            return False
        return True

    def _release(self) -> None:
        with contextlib.suppress(OSError):
            if not self.is_lost():
                for away in self._folder.glob(self._away("*").name):
                    away.unlink(missing_ok=True)
                patiently(self.file.unlink)  # another machine may just be looking

    def _away(self, whose: str) -> Path:
        return self._folder / f"{self.file.name}-of-{whose}"

    def _temporary(self) -> Path:
        return self._folder / f"{self._temporary_prefix}{token()}.tmp"


def holder_in_folder(folder: Path, name: str) -> Holder | None:
    """Who holds the lease, as far as its file shows."""
    try:
        return unpacked(_content(_file(folder, name)))
    except OSError:
        return None


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.lease"


def _write(file: Path, content: bytes) -> None:
    with made(file, _MODE) as raw:
        raw.write(content)
        os.fsync(raw.fileno())


def _content(file: Path) -> bytes:
    with opened(file) as raw:
        return content_of(raw, _MOST_BYTES)
