"""Doing something as another user of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be somebody else"
)
NOBODY = 65_534


def said_by(user: int, step: Callable[[], str], groups: Sequence[int] = ()) -> str:
    """What the step says in a process of this user, or what kind of exception ended it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing"
        try:
            os.setgroups(list(groups))
            os.setgid(user)
            os.setuid(user)
            said = step()
        except BaseException as error:  # noqa: BLE001  the parent is told
            said = type(error).__name__
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


RUN = """
import os, sys
from pathlib import Path
from tests.sync.helpers import Site, book, overview_of
warm, site = Site(Path(sys.argv[1])), Site(Path(sys.argv[2]))
warm.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
warm.sync()  # imports what is not readable to somebody else
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
report = site.sync()
for problem in report.problems:
    print("problem:", *problem)
for line in overview_of(report).books:
    print("book:", line.path, line.state)
"""


def run_by_nobody(root: Path) -> str:
    """What a run comes to in a process of its own, whose user owns nothing."""
    with tempfile.TemporaryDirectory() as warm:
        done = subprocess.run(
            [sys.executable, "-c", RUN, f"{warm}/warm", str(root)],
            capture_output=True, check=False, text=True, timeout=60,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def let_through(folder: Path) -> None:
    """Let everybody pass through the folders above, as pytest's own are closed to others."""
    for one in folder.parents:
        if one != Path("/"):
            one.chmod(one.stat().st_mode | 0o011)


def give(folder: Path, user: int) -> None:
    """Give a folder and all that is in it to somebody."""
    for one in (folder, *folder.rglob("*")):
        os.chown(one, user, user)
