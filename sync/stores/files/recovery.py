"""Files on their way that a run which was ended by force left behind."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sync.stores.files.exchange import (
    TEMPORARY_PREFIX,
    TEMPORARY_SUFFIX,
    ExchangeMark,
    digest,
    exchange,
    put_back,
)
from sync.stores.files.replace import opened_by


def remove_leftovers(folder: Path, *, subfolders: bool) -> None:
    """Remove such files; one that holds what somebody saved is put back into its place first.

    What cannot be done now is done by the next run.
    """
    for leftover in _leftovers(folder, subfolders=subfolders):
        with contextlib.suppress(OSError):
            mark = ExchangeMark.of(leftover.name)
            if mark is None or _is_settled(leftover, mark):
                leftover.unlink()


def _leftovers(folder: Path, *, subfolders: bool) -> Iterator[Path]:
    """Unlike `glob`, `walk` passes over a folder that cannot be read."""
    for here, inside, names in os.walk(folder):
        if not subfolders:
            inside.clear()
        for name in names:
            if name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX):
                yield Path(here, name)


def _is_settled(leftover: Path, mark: ExchangeMark) -> bool:
    """Whether nothing is lost when it is removed; somebody's own file is put back first.

    It is somebody's when it is neither what the job had read nor what it had written. It
    belongs into its place while what the job wrote, or something older, stands there.
    """
    content = leftover.read_bytes()
    if digest(content) in {mark.old, mark.new}:
        return True
    target = _target(leftover.parent, mark)
    if target is None or opened_by(target):
        return False
    standing = target.read_bytes()
    # The latest save stays: a file in place that is newer, and not the job's, is one.
    is_older = target.stat().st_mtime_ns < leftover.stat().st_mtime_ns
    if digest(standing) != mark.new and not is_older:
        return True
    if not exchange(leftover, target):
        return False
    if leftover.read_bytes() != standing:
        put_back(leftover, target, content)
    return True


def _target(folder: Path, mark: ExchangeMark) -> Path | None:
    """The file whose name the mark tells; None where it is gone."""
    for file in folder.iterdir():
        if digest(os.fsencode(file.name)) == mark.target:
            return file
    return None
