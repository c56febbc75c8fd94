"""A few killed runs: whenever it happens, no workbook is half and the next run finishes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos.kills import WRONG, kill_runs, staff_values
from tests.sync.helpers import book

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")


def test_a_killed_run_harms_nothing(tmp_path: Path) -> None:
    assert kill_runs(tmp_path / "house", 5, seed=7).harm == []


def test_a_changed_cell_would_be_seen() -> None:
    assert staff_values(book(cells=WRONG)) != staff_values(book(cells=WRONG | {"Milepæle!C2": "x"}))
    assert staff_values(book(cells=WRONG)) != staff_values(book(cells=WRONG | {"Plan!B3": "x"}))
