"""What a run that was ended by force left in a folder; what somebody saved is put back first."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sync.stores.files.exchange import (
    TEMPORARY_PREFIX,
    TEMPORARY_SUFFIX,
    TemporaryName,
    digest,
    digest_of,
    exchange,
    put_back,
    put_where_nothing_is,
)
from sync.stores.files.owner_files import opened_by
from sync.stores.files.replace import NO_KEY
from sync.stores.files.shares import walk
from sync.stores.files.untrusted import MOST_BYTES


def remove_leftovers(folder: Path, *, subfolders: bool, key: bytes = NO_KEY) -> None:
    """Remove files that a killed run left on their way; what somebody saved is put back first.

    It is put back only where the key shows that the job left it: anybody can lay a file of such a
    name. Those of a run that may still be at it are left. What cannot be done now is done by the
    next run.
    """
    for leftover in _leftovers(folder, subfolders=subfolders):
        with contextlib.suppress(OSError):
            name = TemporaryName.of(leftover.name)
            if name is None or (not name.is_in_use() and _is_settled(leftover, name, key)):
                leftover.unlink(missing_ok=True)


def _leftovers(folder: Path, *, subfolders: bool) -> Iterator[Path]:
    """Unlike `glob`, `walk` passes over a folder that cannot be read."""
    for here, inside, names in walk(folder):
        if not subfolders:
            inside.clear()
        for name in names:
            if name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX):
                yield Path(here, name)


def _is_settled(leftover: Path, name: TemporaryName, key: bytes) -> bool:
    """Whether nothing is lost when it is removed; somebody's own file is put back first.

    It is somebody's when it is neither what the job had read nor what it had written. It
    belongs into its place while what the job wrote, or something older, stands there.
    """
    is_ours = bool(key) and name.is_signed(key)
    if is_ours and name.taken and put_where_nothing_is(leftover, leftover.with_name(name.taken)):
        return True
    if leftover.lstat().st_size > MOST_BYTES:  # the job reads no such file, and leaves none
        return False
    found = digest_of(leftover) if name.target else ""
    if found in {"", name.old, name.new}:
        return True
    target = _target(leftover.parent, name)
    if not is_ours or target is None or opened_by(target):
        return False
    # The latest save stays: a file in place that is newer, and not the job's, is one.
    standing = digest_of(target)
    is_older = target.stat().st_mtime_ns < leftover.stat().st_mtime_ns
    if standing not in {"", name.new} and not is_older:  # what is no file is nobody's
        return True
    if not exchange(leftover, target):
        return False
    if digest_of(leftover) != standing:
        put_back(leftover, target, found)
    return True


def _target(folder: Path, name: TemporaryName) -> Path | None:
    """The file whose name the leftover's tells; None where it is gone."""
    for file in folder.iterdir():
        if digest(os.fsencode(file.name)) == name.target:
            return file
    return None
