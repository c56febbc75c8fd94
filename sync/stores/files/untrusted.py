"""Opening and making files in folders that others may write in.

Whoever may write there can lay a link, a pipe or a file of any size under any name, at any moment.
So a file is opened without following a link and without waiting for anybody; only a regular one is
read, and only up to a limit. A new file gets a name that nobody can foretell and that must not be
there yet. Windows knows no such way to open; there the file is looked at right before.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

_CAREFULLY = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)  # fmt: skip
MOST_BYTES = 100_000_000
_NOT_REGULAR = {errno.ELOOP, errno.EMLINK, errno.ENXIO}
"""How systems refuse to follow a link, and to open a socket or a device that is not there."""
_LATEST_SECONDS = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""Every time zone has a date for it."""
_DAY_SECONDS = 86_400


class NotRegularError(OSError):
    """A link, a pipe, a folder or something else stands where a file should."""


class TooLargeError(OSError):
    """The file holds more than may be read."""


def is_no_file(path: Path) -> bool:
    """Whether somebody has laid a link, a pipe or the like there."""
    return os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode)


def stamp_of(status: os.stat_result) -> str:
    """What changes whenever the file may have changed.

    The time of its last change of any kind (`st_ctime`) counts: programs that copy can set the
    other one back. Windows keeps no such time, and shows when the file was made.
    """
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"


def moment(seconds: float) -> datetime:
    """The moment that a file system tells, or the nearest one that has a date since 1970."""
    return datetime.fromtimestamp(min(max(seconds, 0), _LATEST_SECONDS), UTC)


def changed_at(status: os.stat_result) -> datetime:
    """When the file was changed last.

    Anybody can set that time, and a share may tell any. Where it lies before 1970 or after
    tomorrow, the time of the last change of any kind is taken, if that can be.
    """
    tomorrow = time.time() + _DAY_SECONDS
    times = status.st_mtime, status.st_ctime
    return moment(next((one for one in times if 0 < one < tomorrow), status.st_mtime))


@contextmanager
def opened(file: Path, below: Path | None = None) -> Iterator[BinaryIO]:
    """A regular file, open for reading; no link is followed to it, nor in its path `below`.

    Raises:
        NotRegularError: something else stands there.
        OSError: it cannot be opened.
    """
    with _folder_of(file, below) as (folder, name):
        if not hasattr(os, "O_NOFOLLOW") and not stat.S_ISREG(os.lstat(name).st_mode):
            raise NotRegularError(errno.EINVAL, "not a regular file", str(file))
        try:
            descriptor = os.open(name, os.O_RDONLY | _CAREFULLY, dir_fd=folder)
        except OSError as error:
            if error.errno in _NOT_REGULAR:
                raise NotRegularError(*error.args, str(file)) from error
            raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularError(errno.EINVAL, "not a regular file", str(file))
    with os.fdopen(descriptor, "rb", buffering=0) as raw:
        yield raw


@contextmanager
def _folder_of(file: Path, below: Path | None) -> Iterator[tuple[int | None, Path | str]]:
    """The file's folder and the file's name in it, for the functions of `os`.

    From `below` on the folders are gone through one by one, and none of them may be a link.
    """
    if below is None or os.open not in os.supports_dir_fd:
        yield None, file
        return
    *folders, name = file.relative_to(below).parts
    here = os.open(below, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _CAREFULLY, dir_fd=here)
            os.close(here)
            here = inside
        yield here, name
    finally:
        os.close(here)


def read(file: Path, most_bytes: int = MOST_BYTES, below: Path | None = None) -> tuple[bytes, str]:
    """A file's content and stamp, of one and the same version.

    Raises:
        NotRegularError: it is a link, or no file.
        TooLargeError: it holds more than `most_bytes`.
        OSError: it cannot be read.
    """
    with opened(file, below) as raw:
        status = os.fstat(raw.fileno())
        content = content_of(raw, most_bytes)
        return content, stamp_of(status)


def content_of(raw: BinaryIO, most_bytes: int) -> bytes:
    """What an open file holds from its beginning.

    Raises:
        TooLargeError: it is more than `most_bytes`.
        OSError: it cannot be read.
    """
    size = os.fstat(raw.fileno()).st_size
    if size > most_bytes:
        raise TooLargeError(errno.EFBIG, os.strerror(errno.EFBIG))
    pieces, left = [], most_bytes + 1
    raw.seek(0)
    while left and (piece := raw.read(min(left, max(size + 1, 65_536)))):
        pieces.append(piece)
        left -= len(piece)
    if not left:  # it grows while it is read
        raise TooLargeError(errno.EFBIG, os.strerror(errno.EFBIG))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def forget_cached(raw: BinaryIO) -> None:
    """Let what is read next come from the server, where the file lies on a share."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):  # nothing is held back there
            os.posix_fadvise(raw.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def made(file: Path, mode: int) -> Iterator[BinaryIO]:
    """A new file of this mode, open for writing; the system may take permissions from the mode.

    Raises:
        FileExistsError: something stands there.
        OSError: it cannot be made.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _CAREFULLY
    descriptor = os.open(file, flags, mode)
    with os.fdopen(descriptor, "r+b", buffering=0) as raw:
        yield raw


def token() -> str:
    """A part of a name that nobody can foretell."""
    return secrets.token_hex(8)
