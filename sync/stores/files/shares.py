"""Folders of others: which file system one lies on, and what of it is looked through."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "9p", "davfs"}
_SERVICE_FOLDERS = {
    "#recycle", "@recycle", "@eadir", "#snapshot", "@recently-snapshot", "~snapshot",
    "$recycle.bin", "recycler", "system volume information", "lost+found",
}  # fmt: skip
MOST_LEVELS = 50
"""Folders in folders; the system's own way of going through them ends at a thousand."""
_ESCAPED = re.compile(r"\\([0-7]{3})")


def is_service_folder(name: str) -> bool:
    """Whether a folder is hidden, or a bin or a place for copies that a share or a system keeps."""
    return name.startswith(".") or name.casefold() in _SERVICE_FOLDERS


def walk(
    folder: Path, fail: Callable[[OSError], None] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """As `os.walk`; not into what shares keep for themselves, and not deeper than people go.

    What is deeper, or cannot be opened, is told to `fail`.
    """
    for here, inside, names in os.walk(folder, onerror=fail):
        inside[:] = [name for name in inside if not is_service_folder(name)]
        if inside and len(Path(here).relative_to(folder).parts) >= MOST_LEVELS:
            if fail:
                fail(OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), here))
            inside.clear()
        yield here, inside, names


@lru_cache(maxsize=256)
def share_kind(folder: Path) -> str:
    """The kind of share that the folder lies on; empty for a disk, and where that is unknown.

    Asked of the system once in a process, which is one run.
    """
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    kinds = {}
    for fields in map(str.split, mounts.splitlines()):
        if len(fields) > 2:
            place = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[1])
            kinds[Path(place)] = fields[2]
    here = folder.resolve()
    kind = next((kinds[one] for one in (here, *here.parents) if one in kinds), "")
    return kind if kind in _NETWORK_FILE_SYSTEMS or kind.startswith("fuse.") else ""
