"""Folders and files tried for real: a file is made, renamed, read back and removed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sync.config.section import is_open_to_others
from sync.stores.base import Line
from sync.stores.files.exchange import TemporaryName, exchange, put_for_sure
from sync.stores.files.untrusted import moment, read

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


def file_line(key: str, path: Path, mark: bytes) -> Line:
    """Whether a run can write a file of its own there, which is known by the mark in it."""
    try:
        is_own = mark in read(path)[0]
    except FileNotFoundError:
        is_own = True
    except (OSError, ValueError):  # no file, or a name that no file system has
        is_own = False
    if not is_own:
        says = f"what lies at {str(path)!r} is not the job's file"
        return Line(key, says, f"Name another file in {key}, or remove what lies there.")
    return _place_line(key, path.parent)


def folder_line(key: str, path: Path) -> Line:
    """Whether a run can write files into a folder; nothing is made there."""
    if path.exists() and not path.is_dir():
        says = f"what lies at {str(path)!r} is not a folder"
        return Line(key, says, f"Name a folder in {key}, or remove what lies there.")
    return _place_line(key, path)


def _place_line(key: str, folder: Path) -> Line:
    folder = nearest_existing(folder)
    return unwritable(folder, key, f"Name a place in {key} where the job may write.") or Line(
        key, f"files can be made in {folder}"
    )


def readable_by_others(file: Path | None, subject: str) -> Iterator[Line]:
    """A line where others on this machine can read a file that holds a password."""
    if file and file.exists() and is_open_to_others(file):
        yield Line(subject, f"others can read the password in {file}", f"chmod 600 {file}")


def written_at(folder: Path) -> datetime:
    """When the folder's file system says that a file, written just now, was written.

    Raises:
        OSError: files cannot be made, renamed, read or removed there.
    """
    with _trial_files(folder) as (first, second):
        first.replace(second)
        if second.read_bytes() != _CONTENT:
            raise OSError(f"what was written in {folder} cannot be read back")
        return moment(second.stat().st_mtime)


def way_of_replacing(folder: Path) -> str:
    """How a workbook in the folder is replaced, in words; tried with two files.

    Raises:
        OSError: files cannot be made or renamed there.
    """
    with _trial_files(folder) as (one, other):
        if exchange(one, other):
            return "the new and the old file change places in one step"
        other.unlink()
        if put_for_sure(one, other):
            return "the old file is taken out first, and a save meanwhile is never replaced"
        return (
            "the old file is taken out first; a save within the few milliseconds before the new "
            "one stands there is lost (docs/safety.md)"
        )


@contextlib.contextmanager
def _trial_files(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Two files, down on the disk, under names that nothing takes for workbooks; gone at the end.

    Raises:
        OSError: files cannot be made or removed there.
    """
    one, other = (folder / str(TemporaryName.fresh()) for _ in range(2))
    try:
        for file in (one, other):
            with file.open("xb") as out:
                out.write(_CONTENT)
                out.flush()
                os.fsync(out.fileno())
        yield one, other
    finally:
        for file in (one, other):
            with contextlib.suppress(FileNotFoundError):
                file.unlink()
