"""Every single file operation of a run fails in every way it can, and a run is killed at each."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tests.chaos.scenes import Scene
from tests.chaos.warm import NO_FAULT, Ended, Fault, Mode, Warm

_NO_ROOM = (errno.ENOSPC, errno.EIO)
_NOT_ALLOWED = (errno.EACCES, errno.EBUSY, errno.EIO)
ERRORS = {
    "open, to make": (errno.ENOSPC, errno.EACCES),
    "mkdir": (errno.ENOSPC, errno.EACCES),
    "write": _NO_ROOM,
    "ftruncate64": _NO_ROOM,
    "fsync": _NO_ROOM,
    "fdatasync": _NO_ROOM,
    "close": _NO_ROOM,
    "rename": (*_NOT_ALLOWED, errno.ENOSPC),
    "renameat2": (*_NOT_ALLOWED, errno.EINVAL, errno.ENOSYS),
    "link": (*_NOT_ALLOWED, errno.EPERM),
    "unlink": _NOT_ALLOWED,
    "rmdir": _NOT_ALLOWED,
    "fchmod": (errno.EPERM, errno.EIO),
    "fchown": (errno.EPERM, errno.EIO),
    "fgetxattr": (errno.ENODATA, errno.EIO),
    "fsetxattr": (errno.ENOTSUP, errno.EIO),
    "lock": (errno.ENOLCK,),
    "flock": (errno.ENOLCK, errno.ENOSYS),
    "read": (errno.EIO,),
    "readdir": (errno.EIO,),
    "fstat64": (errno.EIO,),
}
"""What each operation can fail with; Windows refuses to rename an open file with EACCES."""
_OTHER = (errno.EACCES, errno.ENOENT, errno.EIO)
_NEEDS_ROOM = {"open, to make", "mkdir", "write", "ftruncate64", "fsync", "rename"}
DEFINED_CODES = {0, 2, 3}
SAID_AFTERWARDS = ("The history was damaged and has been moved aside", "the lock of ")
"""What the next run may say: that a history is lost, and that a killed run left its lock."""


@dataclass
class Tally:
    """How many operations a scene has, what was done to them, and every harm that was found."""

    scene: str = ""
    operations: int = 0
    faults: int = 0
    kills: int = 0
    harm: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """A fault, and what it is in words."""

    fault: Fault
    words: str


def trials(operations: Sequence[tuple[str, str]], folder: Path) -> Iterator[Trial]:
    """Every fault of every operation."""
    for at, (name, path) in enumerate(operations, 1):
        faults = [(error, Mode.FAIL_ONCE) for error in ERRORS.get(name, _OTHER)]
        faults.append((errno.ESTALE, Mode.FAIL_FROM))
        if name in _NEEDS_ROOM:
            faults.append((errno.ENOSPC, Mode.FAIL_SPACE_FROM))
        faults.append((0, Mode.KILL))
        for error, mode in faults:
            what = f"{mode.name} {errno.errorcode.get(error, '')}"
            yield Trial(Fault(str(folder), at, error, mode), f"{what} at {at} {name} {path}")


def one_each(chosen: Iterable[Trial]) -> Iterator[Trial]:
    """One of the trials of each operation, another one at each further operation."""
    for at, group in groupby(chosen, key=lambda trial: trial.fault.at):
        ways = list(group)
        yield ways[at % len(ways)]


def operations_of(warmed: Warm, scene: Scene) -> list[tuple[str, str]]:
    """The file operations of an undisturbed run, each with its path where it has one."""
    log = scene.site.root.with_suffix(".log")
    log.unlink(missing_ok=True)
    scene.reset()
    ended = warmed.run(scene.command, Fault(str(scene.site.root), log=str(log)))
    if harm := [*_after_next_run(ended, scene)]:
        raise RuntimeError(f"an undisturbed run: {harm}")
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    return [(name, path) for _, name, path in lines]


def tried(warmed: Warm, scene: Scene, chosen: Iterable[Trial]) -> Tally:
    """Run the scene once with each of these faults, and once more after it."""
    tally = Tally()
    for trial in chosen:
        scene.reset()
        ended = warmed.run(scene.command, trial.fault)
        killed = trial.fault.mode is Mode.KILL
        tally.kills += killed
        tally.faults += not killed
        harm = [*scene.halves()] if killed else [*_after_fault(ended, scene)]
        then = warmed.run(scene.then.command, NO_FAULT)
        harm += [f"next run: {one}" for one in _after_next_run(then, scene.then)]
        tally.harm += [f"{scene.name}: {trial.words}: {one}" for one in harm]
    return tally


def _after_fault(ended: Ended, scene: Scene) -> Iterator[str]:
    """What is wrong after a run in which something failed."""
    if ended.code not in DEFINED_CODES:
        yield f"ended with {ended.code}"
    if "Traceback" in ended.err:
        ours = [line.strip() for line in ended.err.splitlines() if "/sync/" in line]
        last = ended.err.strip().splitlines()[-1]
        yield f"a traceback: {last} {ours[-1:]}"
    elif ended.code and not (ended.out + ended.err).strip():
        yield "failed without a word"
    yield from scene.halves() if ended.code else scene.undone()


def _after_next_run(ended: Ended, scene: Scene) -> Iterator[str]:
    """What is wrong after a run that nothing disturbed."""
    if ended.code:
        yield f"ended with {ended.code}: {ended.err[-200:]}"
    for line in ended.err.splitlines():
        if not line.startswith(SAID_AFTERWARDS):
            yield f"said {line}"
    yield from scene.undone()
    yield from scene.leftovers()
