"""Putting a file into another's place so that what somebody saves meanwhile is not lost.

Renaming a file over another destroys whatever stands there at that moment. So, where the system
can, the two change places in one step, and what was taken out is looked at afterwards: if it is
not what the job had read, somebody saved in between, and it is put back.

While that goes on, the file that is not in its place has a name that says what belongs there
(`ExchangeMark`): after a run that was ended by force the next one knows whether it holds
somebody's work.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

TEMPORARY_PREFIX = "~$helhedsplan-"
TEMPORARY_SUFFIX = ".tmp"

_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""A file that is just being read or scanned by somebody is free again after so long."""

_MARK = re.compile(
    re.escape(TEMPORARY_PREFIX) + "([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{16})"
    + re.escape(TEMPORARY_SUFFIX)
)  # fmt: skip
_AT_CURRENT_FOLDER, _RENAME_EXCHANGE = -100, 2
_CANNOT_EXCHANGE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM}


@dataclass(frozen=True, slots=True)
class ExchangeMark:
    """Digests of a file's name, of what stood in its place, and of what shall stand there."""

    target: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """The name of a file on its way; short, however long the target's is."""
        return f"{TEMPORARY_PREFIX}{self.target}-{self.old}-{self.new}{TEMPORARY_SUFFIX}"

    @staticmethod
    def of(name: str) -> ExchangeMark | None:
        """The mark that a name bears."""
        found = _MARK.fullmatch(name)
        return ExchangeMark(*found.groups()) if found else None


def digest(data: bytes) -> str:
    """What tells contents and names apart in a mark."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def put_in_place(temporary: Path, path: Path, old: bytes, new: bytes) -> bool:
    """Put `temporary`, which holds `new`, into the place of `path`, if that holds `old`.

    False where somebody saved meanwhile: then their file stands there. `temporary` is gone
    afterwards. Where the system cannot exchange two files, `path` is replaced unseen.

    Raises:
        OSError: it could not be done; what stood there stands there, or is under its mark.
    """
    # From here on the temporary file may come to hold somebody's work, so its name tells first
    # what belongs where. A run that is killed at any of the next lines is made good from it.
    mark = ExchangeMark(digest(os.fsencode(path.name)), digest(old), digest(new))
    marked = temporary.with_name(mark.name)
    temporary.replace(marked)
    try:
        exchanged = patiently(lambda: exchange(marked, path))
        if not exchanged:
            patiently(lambda: marked.replace(path))
            return True
    except OSError:
        remove_if_possible(marked)
        raise
    is_done = _is_left_with(marked, old)
    if not is_done:
        put_back(marked, path, new)
    remove_if_possible(marked)
    return is_done


def put_back(marked: Path, path: Path, standing: bytes) -> None:
    """Undo an exchange: `path` held `standing`; what is now under `marked` may be removed.

    Whoever saved once more in between comes out instead of `standing`, and is put back in turn:
    what was saved last stands in the end.

    Raises:
        OSError: it could not be done.
    """
    # Each turn puts what is under the mark into its place and takes out what stood there. Where
    # that is what was put there last, nobody saved in between; else it is a later save still.
    while True:
        coming = marked.read_bytes()
        exchange(marked, path)
        if _is_left_with(marked, standing):
            return
        standing = coming


def exchange(one: Path, other: Path) -> bool:
    """Let two files change places in one step; False where the system cannot.

    Raises:
        OSError: one is not there, or may not be moved.
    """
    rename = _rename()
    if rename is None:
        return False
    number = rename(os.fsencode(one), os.fsencode(other))
    if number in _CANNOT_EXCHANGE:
        return False
    if number:
        raise OSError(number, os.strerror(number), str(other))
    return True


@lru_cache(maxsize=1)
def _rename() -> Callable[[bytes, bytes], int] | None:
    """The system's call that exchanges two files and gives an error number; None without one."""
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  only where something is written

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return None

    def call(one: bytes, other: bytes) -> int:
        here = _AT_CURRENT_FOLDER
        failed = library.renameat2(here, one, here, other, _RENAME_EXCHANGE)
        return ctypes.get_errno() if failed else 0

    return call


def _is_left_with(file: Path, content: bytes) -> bool:
    """Whether the file holds this content, and no program of this machine can still change it.

    The kernel gives a read lease on a file only where nobody has it open for writing; where it
    gives none, as on shares, only the content tells.
    """
    with file.open("rb") as opened:
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415  not on Windows

            # Whoever opens it in this moment would cause a signal that ends a process; not this.
            fcntl.fcntl(opened, fcntl.F_SETSIG, signal.SIGURG)
            try:
                fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            except OSError as error:
                if error.errno == errno.EAGAIN:
                    return False
        return opened.read() == content


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
