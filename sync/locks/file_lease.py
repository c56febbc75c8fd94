"""A lock for machines that share a folder: a numbered file that its holder keeps touching.

The lock of the operating system does not reach across every share; creating a file that must not
exist does. Whoever creates the next number holds the lease, and the highest number is the valid
one. Its holder touches the file again and again, so a holder that died shows by the file's age.
Both times of that age come from the file system, since two machines' clocks may differ. The
numbers only grow, and the last file stays behind, marked as free: what a slow machine saw long ago
is of no use to it, as that number is taken.

An empty file is nobody's yet: whoever made it has still to write into it, and looks for a higher
number after that.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import logging
import os
import re
import secrets
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

LOG = logging.getLogger("helhedsplan")
BEATS_PER_TAKEOVER = 8


class Holder(msgspec.Struct, frozen=True):
    """Who holds a lease. `machine` is shared by all processes of one running system."""

    host: str
    pid: int
    user: str
    since: str
    machine: str
    token: str
    is_free: bool = False

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"


class Held(Exception):  # noqa: N818  named by what is the case
    """Somebody else holds the lease; `holder` is None where its file cannot be read just now."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(str(holder) if holder else "a process that cannot be told")
        self.holder = holder


def this_process(now: datetime) -> Holder:
    """This process, as others shall see it."""
    return Holder(
        host=socket.gethostname(),
        pid=os.getpid(),
        user=_user(),
        since=now.isoformat(sep=" ", timespec="seconds"),
        machine=_machine(),
        token=secrets.token_hex(8),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user id without a name, as containers have
        return "an unnamed user"


def _machine() -> str:
    """What no two running systems have in common."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"{uuid.getnode():x}"


class Lease(Protocol):
    """A lease that is held."""

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since this machine was out of touch."""

    def beat(self) -> None:
        """Show that the holder is alive."""

    def release(self) -> None:
        """Mark it as free, unless somebody else has it by now."""


def may_be_taken(beaten_at: float, patience: float) -> bool:
    """Whether the last sign of life is so long ago that others may soon take over."""
    return time.monotonic() - beaten_at > patience * (1 - 1 / BEATS_PER_TAKEOVER)


@contextlib.contextmanager
def kept_fresh(lease: Lease, name: str, patience: float) -> Iterator[None]:
    """Beat now and then, and release it in the end."""
    ended = threading.Event()
    pause = patience / BEATS_PER_TAKEOVER

    def beat() -> None:
        while not ended.wait(pause):
            lease.beat()

    keeper = threading.Thread(target=beat, name=f"{name} lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
        lease.release()


class FileLease:
    """A lease whose file this process owns: see `held`."""

    def __init__(self, folder: Path, name: str, number: int, holder: Holder, patience: float):
        self._folder, self._name, self._number = folder, name, number
        self._holder, self._patience = holder, patience
        self._next = _file(folder, name, number + 1)
        self.file = _file(folder, name, number)
        self._beaten_at = time.monotonic()

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since this machine was out of touch."""
        try:
            if self._next.exists() or not self.file.exists():
                return True
        except OSError:
            pass  # the folder is out of reach just now; the time decides
        return may_be_taken(self._beaten_at, self._patience)

    def beat(self) -> None:
        """Show that the holder is alive."""
        try:
            if not self.is_lost():
                with self.file.open("r+b") as file:
                    file.write(msgspec.json.encode(self._holder))
                self._beaten_at = time.monotonic()
        except OSError as error:
            LOG.warning("the lock could not be kept fresh: %s", error.strerror)

    def release(self) -> None:
        """Mark it as free, unless somebody else has it by now."""
        with contextlib.suppress(OSError):
            if not self.is_lost():
                free = msgspec.structs.replace(self._holder, is_free=True)
                with _temporary(self._folder, self._name, self._holder) as temporary:
                    temporary.write_bytes(msgspec.json.encode(free))
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
        Held: somebody else holds it.
        OSError: the folder cannot be used.
    """
    lease = _taken(folder, name, holder, patience, none_here=none_here)
    with kept_fresh(lease, name, patience):
        yield lease


def holder_of(folder: Path, name: str) -> Holder | None:
    """Who holds the lease, as far as its file tells."""
    try:
        number = _highest(folder, name)
    except OSError:
        return None
    holder = _read(_file(folder, name, number)) if number else None
    return holder if holder and not holder.is_free else None


def _taken(
    folder: Path, name: str, holder: Holder, patience: float, *, none_here: bool
) -> FileLease:
    if none_here:
        _remove_leftovers(folder, name, holder)
    number = _highest(folder, name)
    before = _file(folder, name, number) if number else None
    was_empty = before is not None and _is_empty(before)
    if before and not was_empty:
        other = _read(before)
        left_here = none_here and other is not None and other.machine == holder.machine
        if not left_here:
            _refuse_unless_free(folder, name, number, holder, patience)
        elif other and not other.is_free:
            LOG.warning("the lock of %s is taken over", other)
    number += 1
    file = _file(folder, name, number)
    _make(file, holder)
    highest = _highest(folder, name)
    if highest > number:
        file.unlink(missing_ok=True)
        raise Held(_read(_file(folder, name, highest)))
    if before and was_empty and before.exists() and not _is_empty(before):
        file.unlink(missing_ok=True)
        raise Held(_read(before))
    for old in _numbers(folder, name):
        if old < number:
            with contextlib.suppress(PermissionError):  # Windows: another one reads it just now
                _file(folder, name, old).unlink(missing_ok=True)
    return FileLease(folder, name, number, holder, patience)


def _make(file: Path, holder: Holder) -> None:
    """Make the lease's file, which must not be there."""
    try:
        with file.open("xb") as out:
            out.write(msgspec.json.encode(holder))
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise Held(_read(file)) from None
    except OSError:  # no room
        file.unlink(missing_ok=True)
        raise


def _refuse_unless_free(
    folder: Path, name: str, number: int, holder: Holder, patience: float
) -> None:
    """Raise Held unless the lease of this number is free, or its holder shows no life."""
    other = _read(_file(folder, name, number))
    if other and other.is_free:
        return
    if not _is_stale(folder, name, number, holder, patience):
        raise Held(other)
    LOG.warning("the lock of %s is taken over", other or "a process that cannot be told")


def _is_stale(folder: Path, name: str, number: int, holder: Holder, patience: float) -> bool:
    """Whether the file has not been touched for so long, by the file system's own time."""
    with _temporary(folder, name, holder) as probe:
        probe.write_bytes(b"now")
        now = probe.stat().st_mtime
    try:
        touched = _file(folder, name, number).stat().st_mtime
    except FileNotFoundError:  # somebody else has just taken it over
        return False
    # A time far ahead is as telling: that clock was set back, and nobody has touched it since.
    return abs(now - touched) > patience


@contextlib.contextmanager
def _temporary(folder: Path, name: str, holder: Holder) -> Iterator[Path]:
    """A file that is gone afterwards; its name tells whose it is."""
    file = folder / f"{name}.{_mark_of(holder)}-{holder.token}.tmp"
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _remove_leftovers(folder: Path, name: str, holder: Holder) -> None:
    """Remove what a process of this machine left behind when it was ended by force."""
    for leftover in folder.glob(f"{name}.{_mark_of(holder)}-*.tmp"):
        leftover.unlink(missing_ok=True)


def _mark_of(holder: Holder) -> str:
    return hashlib.blake2b(holder.machine.encode(), digest_size=6).hexdigest()


def _is_empty(file: Path) -> bool:
    try:
        return file.stat().st_size == 0
    except FileNotFoundError:  # whoever had it has just been replaced
        return False


def _file(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}.lease-{number:06}"


def _highest(folder: Path, name: str) -> int:
    return max(_numbers(folder, name), default=0)


def _numbers(folder: Path, name: str) -> list[int]:
    pattern = re.compile(rf"{re.escape(name)}\.lease-(\d{{6,}})")
    return [int(found[1]) for file in folder.iterdir() if (found := pattern.fullmatch(file.name))]


def _read(file: Path) -> Holder | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
