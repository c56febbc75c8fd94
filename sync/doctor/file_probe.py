"""Folders and files tried for real: a file is made, renamed, read back and removed."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from sync.stores.base import Line
from sync.stores.files.exchange import TEMPORARY_PREFIX, TEMPORARY_SUFFIX

_CONTENT = b"helhedsplan doctor"


def nearest_existing(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.parents) if one.exists()), folder)


def unwritable(folder: Path, subject: str, remedy: str) -> Line | None:
    """The line that says why no files can be made in a folder; None where they can."""
    try:
        written_at(folder)
    except OSError as error:
        says = f"no files can be made in {folder}: {error.strerror or error}"
        return Line(subject, says, remedy)
    return None


def readable_by_others(file: Path | None, subject: str) -> Iterator[Line]:
    """A line where others on this machine can read a file that holds a password."""
    if file and os.name == "posix" and file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Line(subject, f"others can read the password in {file}", f"chmod 600 {file}")


def written_at(folder: Path) -> float:
    """When the folder's file system says that a file, written just now, was written (seconds).

    The file is gone afterwards, and has a name that nothing takes for a workbook.

    Raises:
        OSError: files cannot be made, renamed, read or removed there.
    """
    name = f"{TEMPORARY_PREFIX}doctor-{secrets.token_hex(4)}"
    first, second = folder / f"{name}-1{TEMPORARY_SUFFIX}", folder / f"{name}-2{TEMPORARY_SUFFIX}"
    try:
        with first.open("xb") as out:
            out.write(_CONTENT)
            out.flush()
            os.fsync(out.fileno())
        first.replace(second)
        if second.read_bytes() != _CONTENT:
            raise OSError(f"what was written in {folder} cannot be read back")
        return second.stat().st_mtime
    finally:
        for file in (first, second):
            with contextlib.suppress(FileNotFoundError):
                file.unlink()
