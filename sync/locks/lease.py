"""What a lease in a folder and one in a database have in common.

A lease has a number, and the highest number is the valid one. Its holder shows again and again that
it is alive; once it has not done so for `patience` seconds, another one may take the next number.
"""

from __future__ import annotations

import contextlib
import getpass
import logging
import os
import secrets
import socket
import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Self

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

    def packed(self) -> bytes:
        """As it is kept."""
        return msgspec.json.encode(self)

    def freed(self) -> bytes:
        """What is kept once the lease is free."""
        return msgspec.structs.replace(self, is_free=True).packed()


class LeaseHeldError(Exception):
    """Somebody else holds the lease; `holder` is None where it cannot be read just now."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(_named(holder))
        self.holder = holder


def _named(holder: Holder | None) -> str:
    return str(holder or "a process that cannot be told")


def unpacked(packed: bytes | str) -> Holder | None:
    """The holder that was kept; None where the text is not whole."""
    try:
        return msgspec.json.decode(packed, type=Holder)
    except msgspec.DecodeError:
        return None


def this_process(now: datetime) -> Holder:
    """This process, as others see it."""
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


def seconds_passed() -> float:
    """A clock that nobody sets, and that goes on while the machine sleeps, where it has one."""
    sleepless = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if sleepless is None else time.clock_gettime(sleepless)


class Lease(ABC):
    """A lease that this process can hold."""

    def __init__(self, name: str, holder: Holder, patience: float) -> None:
        self._name, self._holder, self._patience = name, holder, patience
        self._beaten_at = 0.0

    def is_lost(self) -> bool:
        """Whether somebody has taken it over, or may have, since its place was out of reach."""
        # The holder gives up one beat before others may take over: it never works beside them.
        limit = self._patience * (1 - 1 / BEATS_PER_TAKEOVER)
        return seconds_passed() - self._beaten_at > limit

    def beat(self) -> None:
        """Show that the holder is alive."""
        if not self.is_lost():
            # Taken before the place is touched: what it notes down is a later time than this one.
            now = seconds_passed()
            if self._touch():
                self._beaten_at = now

    def _note_takeover(self, other: Holder | None) -> None:
        LOG.warning("the lock of %s is taken over", _named(other))

    @abstractmethod
    def _take(self) -> None:
        """Take it, or raise LeaseHeldError."""

    @abstractmethod
    def _touch(self) -> bool:
        """Let the lease's place show the time of now; whether that could be done."""

    @abstractmethod
    def _release(self) -> None:
        """Mark it as free, unless somebody else has it by now."""

    @contextlib.contextmanager
    def held(self) -> Iterator[Self]:
        """Take it, beat now and then, and release it in the end.

        Raises:
            LeaseHeldError: somebody else holds it.
            OSError, sqlalchemy.exc.DBAPIError: the folder or the database cannot be used.
        """
        self._take()
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(self._patience / BEATS_PER_TAKEOVER):
                self.beat()

        keeper = threading.Thread(target=beat, name=f"{self._name} lease", daemon=True)
        keeper.start()
        try:
            yield self
        finally:
            ended.set()
            keeper.join()
            self._release()
