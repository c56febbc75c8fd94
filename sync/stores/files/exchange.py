"""Putting a file into another's place so that what somebody saves meanwhile is not lost.

Renaming a file over another destroys whatever stands there at that moment. So, where the system
can, the two change places in one step, and what was taken out is looked at afterwards: if it is
not what the job had read, somebody saved in between, and it is put back.

Most shares cannot exchange two files. There the old file is taken out first, which is one step as
well, and looked at; then the new one is put where nothing stands, in a way that never replaces what
somebody saved meanwhile. For that moment there is no file of that name. Where a system has no such
way either, it is looked once more, and what is saved between that look and the renaming is lost.

While that goes on, the file that is not in its place has a name that says what belongs where
(`TemporaryName`): after a run that was ended by force the next one knows whether it holds
somebody's work.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, TypeVar

from sync.stores.files.untrusted import (
    NotRegularError,
    forget_cached,
    is_no_file,
    opened,
    token,
)

Result = TypeVar("Result")

TEMPORARY_PREFIX = "~$helhedsplan-"
TEMPORARY_SUFFIX = ".tmp"

_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""A file that is just being read or scanned by somebody is free again after so long."""
_LONGEST_WRITE_SECONDS = 3_600
"""A file that is older by its name was left by a process that lives no more."""
_LONGEST_NAME = 255
"""Bytes of a file's name, on the systems that allow the fewest."""

_NAME = re.compile(
    re.escape(TEMPORARY_PREFIX) + "(?:([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{16})-?)?"
    "(?:([0-9a-f]{8})-([0-9]+)-([0-9]+)-([0-9a-f]{16}))?(~.*)?" + re.escape(TEMPORARY_SUFFIX),
    re.DOTALL,
)  # fmt: skip
"""Names that version 0.1 gave tell nothing of their maker."""
_AT_CURRENT_FOLDER, _NOREPLACE, _EXCHANGE = -100, 1, 2
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EOPNOTSUPP}
"""How systems say that they know no such way of renaming or linking."""


def digest(data: bytes) -> str:
    """What tells contents and names apart in the name of a temporary file."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def this_machine() -> str:
    """What no two running systems have in common, and no two containers of one."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_bytes()
        return digest(boot + bytes(Path("/proc/self/ns/pid").readlink()))[:8]
    except OSError:
        import platform  # noqa: PLC0415  only where there is no /proc

        return digest(platform.node().encode())[:8]


@dataclass(frozen=True, slots=True)
class TemporaryName:
    """The name of a file on its way: who made it, and what belongs where.

    `target`, `old` and `new` are digests of a file's name, of what stood in its place, and of what
    shall stand there; they are empty while the file is still being written. `taken` is the name of
    a file that was taken out of its place, for which nothing may stand there yet.
    """

    machine: str
    process: int
    made_at: int
    token: str
    target: str = ""
    old: str = ""
    new: str = ""
    taken: str = ""

    @staticmethod
    def fresh() -> TemporaryName:
        """A name that nobody can foretell."""
        return TemporaryName(this_machine(), os.getpid(), int(time.time()), token())

    @staticmethod
    def of(name: str) -> TemporaryName | None:
        """What a file's name says; None for any other file."""
        if found := _NAME.fullmatch(name):
            target, old, new, machine, process, made_at, random, taken = found.groups("")
            times = int(process or 0), int(made_at or 0)
            return TemporaryName(machine, *times, random, target, old, new, taken[1:])
        return None

    def __str__(self) -> str:
        digests = f"{self.target}-{self.old}-{self.new}-" if self.target else ""
        maker = f"{self.machine}-{self.process}-{self.made_at}-{self.token}"
        taken = f"~{self.taken}" if self.taken else ""
        return f"{TEMPORARY_PREFIX}{digests}{maker}{taken}{TEMPORARY_SUFFIX}"

    @staticmethod
    def marked(path: Path, old: bytes, new: bytes, key: bytes) -> TemporaryName:
        """The name of a file on its way into the place of `path`; `key` signs it."""
        target = digest(os.fsencode(path.name))
        name = replace(TemporaryName.fresh(), target=target, old=digest(old), new=digest(new))
        return replace(name, token=name._signature(key))

    def is_signed(self, key: bytes) -> bool:
        """Whether it was given by somebody who knows the key, and names one file."""
        is_one = not self.taken or digest(os.fsencode(self.taken)) == self.target
        return is_one and hmac.compare_digest(self.token, self._signature(key))

    def _signature(self, key: bytes) -> str:
        parts = (self.machine, self.process, self.made_at, self.target, self.old, self.new)
        return hashlib.blake2b(repr(parts).encode(), digest_size=8, key=key).hexdigest()

    def is_in_use(self) -> bool:
        """Whether the process that made it may still be at it."""
        is_young = abs(time.time() - self.made_at) < _LONGEST_WRITE_SECONDS
        if not is_young or self.machine != this_machine() or sys.platform == "win32":
            return is_young
        if self.process == os.getpid():
            return False
        try:
            os.kill(self.process, 0)
        except (ProcessLookupError, OverflowError):  # no process has a number that large
            return False
        except OSError:  # somebody else's process
            return True
        return not _has_ended(self.process)


def _has_ended(process: int) -> bool:
    """Whether a process only waits for the system to take note of its end, where that is told."""
    try:
        status = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b")")[2].split()[:1] in ([b"Z"], [b"X"])


def put_in_place(temporary: Path, made: os.stat_result, path: Path, name: TemporaryName) -> bool:
    """Put `temporary`, the file `made`, in the place of `path`, if that holds what was read.

    `name` is the mark that it bears meanwhile. False where somebody saved in between: then their
    file stands there. `temporary` is gone afterwards.

    Raises:
        OSError: it could not be done; what stood there stands there, or is under its mark.
    """
    # From here on the temporary file may come to hold somebody's work, so its name tells first
    # what belongs where. A run that is killed at any of the next lines is made good from it.
    marked = temporary.with_name(str(name))
    temporary.rename(marked)
    if not os.path.samestat(marked.lstat(), made):
        raise OSError(errno.EEXIST, "another file has taken its place", str(marked))
    try:
        if not patiently(lambda: exchange(marked, path)):
            return _put_in_after_taking_out(marked, path, name)
    except OSError:
        remove_if_possible(marked)
        raise
    is_done = _is_left_with(marked, name.old) and not is_no_file(path)
    if not is_done:
        put_back(marked, path, name.new)
    remove_if_possible(marked)
    return is_done


def _put_in_after_taking_out(marked: Path, path: Path, name: TemporaryName) -> bool:
    """Put a file in place where the system cannot exchange two."""
    taken = path.with_name(str(replace(name, taken=path.name)))
    if len(os.fsencode(taken.name)) > _LONGEST_NAME:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(path))
    patiently(lambda: path.rename(taken))
    try:
        # What is not as it was read is somebody's save: it goes back, unless a later one is there.
        is_ours = _is_left_with(taken, name.old)
        is_put = patiently(lambda: put_where_nothing_is(marked if is_ours else taken, path))
        if is_ours and is_no_file(path):
            taken.replace(path)
            is_put = False
    except OSError:
        with contextlib.suppress(OSError):  # else the next run puts it back
            put_where_nothing_is(taken, path)
        raise
    remove_if_possible(marked)
    remove_if_possible(taken)
    return is_ours and is_put


def put_where_nothing_is(file: Path, path: Path) -> bool:
    """Give the file this name, if nothing has it; False where something does.

    Where the system has no way that surely replaces nothing, it is looked right before.

    Raises:
        OSError: it could not be done.
    """
    is_put = put_for_sure(file, path)
    if is_put is not None:
        return is_put
    if os.path.lexists(path):
        return False
    file.rename(path)
    return True


def put_for_sure(file: Path, path: Path) -> bool | None:
    """Give the file this name in a way that never replaces anything; None without such a way.

    Raises:
        OSError: it could not be done.
    """
    if sys.platform == "win32":  # renaming never replaces there
        with contextlib.suppress(FileExistsError):
            file.rename(path)
            return True
        return False
    number = _renamed(file, path, _NOREPLACE)
    if number in {0, errno.EEXIST}:
        return number == 0
    if number not in _CANNOT:
        raise OSError(number, os.strerror(number), str(path))
    try:
        os.link(file, path, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno in _CANNOT:
            return None
        raise
    file.unlink()
    return True


def put_back(marked: Path, path: Path, standing: str) -> None:
    """Undo an exchange: what `path` holds has the digest `standing`, and may be removed after it.

    Whoever saved once more in between comes out instead, and is put back in turn: what was saved
    last stands in the end. What is no file is nobody's save.

    Raises:
        OSError: it could not be done.
    """
    # Each turn puts what is under the mark into its place and takes out what stood there. Where
    # that is what was put there last, nobody saved in between; else it is a later save still.
    while True:
        coming = digest_of(marked)
        if not exchange(marked, path):
            raise OSError(errno.EIO, "what could be exchanged cannot be any more", str(path))
        if _is_left_with(marked, standing) or is_no_file(marked):
            return
        standing = coming


def exchange(one: Path, other: Path) -> bool:
    """Let two files change places in one step; False where the system cannot.

    Raises:
        OSError: one is not there, or may not be moved.
    """
    number = _renamed(one, other, _EXCHANGE)
    if number and number not in _CANNOT:
        raise OSError(number, os.strerror(number), str(other))
    return not number


def _renamed(one: Path, other: Path, flag: int) -> int:
    """Rename by the system's call that takes flags; an error number, 0 where it is done."""
    rename = _rename()
    if rename is None:
        return errno.ENOSYS
    return rename(os.fsencode(one), os.fsencode(other), flag)


@lru_cache(maxsize=1)
def _rename() -> Callable[[bytes, bytes, int], int] | None:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  only where something is written

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return None

    def call(one: bytes, other: bytes, flag: int) -> int:
        here = _AT_CURRENT_FOLDER
        failed = library.renameat2(here, one, here, other, flag)
        return ctypes.get_errno() if failed else 0

    return call


def digest_of(file: Path) -> str:
    """The digest of what stands under a name; empty where it is no regular file.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with opened(file) as raw:
            return _digest_of(raw)
    except NotRegularError:
        return ""


def _digest_of(raw: BinaryIO) -> str:
    forget_cached(raw)
    hashed = hashlib.blake2b(digest_size=8)
    while piece := raw.read(1_048_576):
        hashed.update(piece)
    return hashed.hexdigest()


def _is_left_with(file: Path, wanted: str) -> bool:
    """Whether the file's content has this digest, and no program here can still change it.

    The kernel gives a read lease on a file only where nobody has it open for writing; where it
    gives none, as on shares, only the content tells.
    """
    try:
        with opened(file) as raw:
            if sys.platform == "linux":
                import fcntl  # noqa: PLC0415  not on Windows

                # Whoever opens it now would cause a signal that ends a process; not this one.
                fcntl.fcntl(raw, fcntl.F_SETSIG, signal.SIGURG)
                try:
                    fcntl.fcntl(raw, fcntl.F_SETLEASE, fcntl.F_RDLCK)
                except OSError as error:
                    if error.errno == errno.EAGAIN:
                        return False
            return _digest_of(raw) == wanted
    except NotRegularError:
        return False


def patiently(step: Callable[[], Result]) -> Result:
    """Do a step, and do it again a little later while the file is busy.

    Raises:
        OSError: it failed, or the file stayed busy.
    """
    for pause in _PAUSES_SECONDS:
        try:
            return step()
        except OSError as error:
            if error.errno not in {errno.EBUSY, errno.EACCES, errno.ETXTBSY}:
                raise
            time.sleep(pause)
    return step()


def remove_if_possible(file: Path) -> None:
    """Remove what is not needed; what cannot be removed now is removed by the next run."""
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
