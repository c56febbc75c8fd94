"""Trying a folder for real: a file is made, renamed, read back and removed."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from sync.stores.files.exchange import TEMPORARY_PREFIX, TEMPORARY_SUFFIX

_CONTENT = b"helhedsplan doctor"


def nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.parents) if one.exists()), folder)


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
