"""Folders and files tried for real: a file is made, renamed, read back and removed."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from sync.stores.base import Line
from sync.stores.files.exchange import TemporaryName, exchange, put_for_sure

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


def places_of(files: Mapping[str, Path], folders: Mapping[str, Path]) -> Iterator[Line]:
    """A line for each place, by its key, into which a run cannot write; nothing is made there."""
    for key, path in (*files.items(), *folders.items()):
        try:
            is_wrong = path.is_dir() if key in files else path.exists() and not path.is_dir()
            is_file = not path.exists() or path.is_file()
        except ValueError:  # a name that no file system has
            is_wrong, is_file = True, False
        if is_wrong or (key in files and not is_file):
            wanted = "a file" if key in files else "a folder"
            says = f"what lies at {str(path)!r} is not {wanted}"
            yield Line(key, says, f"Name {wanted} in {key}, or remove what lies there.")
            continue
        folder = nearest_existing(path if key in folders else path.parent)
        yield unwritable(folder, key, f"Name a place in {key} where the job may write.") or Line(
            key, f"files can be made in {folder}"
        )


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
    first, second = (folder / str(TemporaryName.fresh()) for _ in range(2))
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


def way_of_replacing(folder: Path) -> str:
    """How a workbook in the folder is replaced, in words; tried with two files.

    Raises:
        OSError: files cannot be made or renamed there.
    """
    one, other = (folder / str(TemporaryName.fresh()) for _ in range(2))
    try:
        for file in (one, other):
            file.write_bytes(_CONTENT)
        if exchange(one, other):
            return "the new and the old file change places in one step"
        other.unlink()
        if put_for_sure(one, other):
            return "the old file is taken out first, and a save meanwhile is never replaced"
        return (
            "the old file is taken out first; a save within the few milliseconds before the new "
            "one stands there is lost (docs/safety.md)"
        )
    finally:
        for file in (one, other):
            with contextlib.suppress(FileNotFoundError):
                file.unlink()
