"""Workbooks made to harm the job: it stays small, says what is wrong, and touches nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rules.checks.structure import UNREADABLE
from tests.sync.hostile_cases import DAMAGED, READ, READ_OR_DAMAGED, all_cases

MOST_MEGABYTES = 800
PATIENCE_SECONDS = 1_800
PARTS = 3
"""The cases are many, and a process of its own for each would be slow to start."""
OURS = ("state/", "sheets/a.xlsx", "sheets/a – advarsler.xlsx", "Overblik", "Frister",
        "Undtagelser.xlsx", "config.toml")  # fmt: skip

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="measures memory as Linux counts it"
)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_each_is_told_and_does_no_harm(tmp_path: Path, part: int) -> None:
    told = what_came_of(tmp_path, part)
    for title, _, outcome in all_cases()[part::PARTS]:
        the_finding_is_clear(told[title], outcome)
        memory_stays_bounded(told[title])
        nothing_is_written_outside_the_owned_places(told[title], outcome)


def what_came_of(root: Path, part: int) -> dict[str, dict[str, Any]]:
    """What came of each workbook, in one process with limits; all are there if it lived."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.hostile_run", str(root), str(part), str(PARTS)],
        capture_output=True, check=False, text=True, timeout=PATIENCE_SECONDS,
        cwd=Path(__file__).parents[4],
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    last = lines[-1]["title"] if lines else "the first"
    assert done.returncode == 0, f"the process died of {last}: {done.stderr[-800:]}"
    return {line["title"]: line for line in lines}


def the_finding_is_clear(told: dict[str, Any], outcome: str) -> None:
    codes = {code for code, _ in told["findings"]}
    if outcome == READ_OR_DAMAGED:
        outcome = DAMAGED if "STR-03" in codes else READ
    if outcome == READ:
        assert "CEL-02" in codes, told
        assert "STR-03" not in codes, told
        return
    wording = UNREADABLE if outcome == DAMAGED else UNREADABLE.variants[outcome]
    assert told["findings"] == [["STR-03", wording.message]], told


def memory_stays_bounded(told: dict[str, Any]) -> None:
    assert told["peak"] < MOST_MEGABYTES, told


def nothing_is_written_outside_the_owned_places(told: dict[str, Any], outcome: str) -> None:
    files = [name.removeprefix("site/") for name in told["files"]]
    if outcome == READ_OR_DAMAGED:
        outcome = READ if told["is_changed"] else DAMAGED
    strange = [name for name in files if not name.startswith(("warm/", *OURS))]
    assert strange == [], told
    if outcome != READ:
        assert not told["is_changed"], told
        assert "sheets/a – advarsler.xlsx" in files, told
    elif not told["is_changed"]:
        assert told["code"] == 3, told
        assert "Advarslerne står i »a – advarsler.xlsx«." in told["problems"], told
