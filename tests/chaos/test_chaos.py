"""A few of each kind: whenever it happens, no workbook is half, and the next run finishes."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.faults import one_each, operations_of, trials, tried
from tests.chaos.kills import WRONG, kill_runs, staff_values
from tests.chaos.people import edited, serial_of, work_together
from tests.chaos.scenes import first_run
from tests.chaos.warm import Fault, Warm, warm, why_not
from tests.sync.helpers import book

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
needs_faults = pytest.mark.skipif(bool(why_not()), reason=why_not() or "faults can be made")


@pytest.fixture(scope="module")
def warmed() -> Iterator[Warm]:
    with warm() as one:
        yield one


@pytest.mark.slow
def test_a_killed_run_harms_nothing(tmp_path: Path) -> None:
    assert kill_runs(tmp_path / "site", 5, seed=7).harm == []


def test_a_changed_cell_would_be_seen() -> None:
    assert staff_values(book(cells=WRONG)) != staff_values(book(cells=WRONG | {"Milepæle!C2": "x"}))
    assert staff_values(book(cells=WRONG)) != staff_values(book(cells=WRONG | {"Plan!B3": "x"}))


@pytest.mark.slow
@needs_faults
def test_whatever_fails_while_a_workbook_is_written_harms_nothing(
    tmp_path: Path, warmed: Warm
) -> None:
    scene = first_run(tmp_path, warmed)
    operations = operations_of(warmed, scene)
    ours = [at for at, (_, path) in enumerate(operations, 1) if "/sheets/~$helhedsplan" in path]
    every = list(one_each(trials(operations, scene.site.root)))
    some = every[min(ours) - 1 : max(ours) : 3]
    tally = tried(warmed, scene, some)
    assert tally.harm == []
    assert tally.faults + tally.kills == len(some) > 8


@pytest.mark.slow
@needs_faults
@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("renameat2", errno.EACCES, 0),
        ("renameat2", errno.EINVAL, 0),
        ("renameat2", errno.EIO, 3),
        ("access", errno.EACCES, 3),
        ("fchown", errno.EPERM, 0),
        ("flistxattr", errno.EIO, 0),
    ],
)
def test_what_a_single_failure_comes_to(
    tmp_path: Path, warmed: Warm, name: str, error: int, code: int
) -> None:
    """Busy for a moment is tried again; without exchange it is renamed; the rest is told."""
    scene = first_run(tmp_path, warmed)
    operations = operations_of(warmed, scene)
    at = next(
        n
        for n, (what, path) in enumerate(operations, 1)
        if what == name and (not path or "sheets" in path)
    )
    scene.reset()
    ended = warmed.run(scene.command, Fault(str(scene.site.root), at, error))
    assert ended.code == code, ended.err
    assert ended.err.startswith("a.xlsx: ") if code else not ended.err
    assert not list(scene.halves() if code else scene.undone())


@pytest.mark.slow
@needs_faults
def test_no_edit_is_lost_while_runs_write(tmp_path: Path, warmed: Warm) -> None:
    tally = work_together(warmed, tmp_path / "site", 80, seed=3)
    assert tally.lost == []
    assert (tally.edits, tally.runs > 0) == (80, True)


def test_a_lost_edit_would_be_seen() -> None:
    typed = edited(book(cells=WRONG | {"Indsatser!I2": "'ca. 000000"}), 17)
    assert serial_of(typed) == 17
