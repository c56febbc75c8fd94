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
CASES = [(title, outcome) for title, _, outcome in all_cases()]
OURS = ("state/", "sheets/a.xlsx", "sheets/a – advarsler.xlsx", "Overblik", "Frister",
        "Undtagelser.xlsx", "config.toml")  # fmt: skip

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="measures memory as Linux counts it"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of each workbook, in one process with limits; all are there if it lived."""
    root = tmp_path_factory.mktemp("hostile")
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.hostile_run", str(root)],
        capture_output=True, check=False, text=True, timeout=PATIENCE_SECONDS,
        cwd=Path(__file__).parents[4],
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    last = lines[-1]["title"] if lines else "the first"
    assert done.returncode == 0, f"the process died of {last}: {done.stderr[-800:]}"
    return {line["title"]: line for line in lines}


@pytest.mark.slow
@pytest.mark.parametrize(("title", "outcome"), CASES, ids=[title for title, _ in CASES])
def test_the_finding_is_clear(told: dict[str, dict[str, Any]], title: str, outcome: str) -> None:
    codes = {code for code, _ in told[title]["findings"]}
    if outcome == READ_OR_DAMAGED:
        outcome = DAMAGED if "STR-03" in codes else READ
    if outcome == READ:
        assert "CEL-02" in codes
        assert "STR-03" not in codes
        return
    wording = UNREADABLE if outcome == DAMAGED else UNREADABLE.variants[outcome]
    assert told[title]["findings"] == [["STR-03", wording.message]]


@pytest.mark.parametrize(("title", "outcome"), CASES, ids=[title for title, _ in CASES])
def test_memory_stays_bounded(told: dict[str, dict[str, Any]], title: str, outcome: str) -> None:
    del outcome
    assert told[title]["peak"] < MOST_MEGABYTES


@pytest.mark.parametrize(("title", "outcome"), CASES, ids=[title for title, _ in CASES])
def test_nothing_is_written_outside_the_owned_places(
    told: dict[str, dict[str, Any]], title: str, outcome: str
) -> None:
    files = [name.removeprefix("site/") for name in told[title]["files"]]
    if outcome == READ_OR_DAMAGED:
        outcome = READ if told[title]["is_changed"] else DAMAGED
    strange = [name for name in files if not name.startswith(("warm/", *OURS))]
    assert strange == []
    if outcome != READ:
        assert not told[title]["is_changed"]
        assert "sheets/a – advarsler.xlsx" in files
    elif not told[title]["is_changed"]:
        assert told[title]["code"] == 3
        assert "Advarslerne står i »a – advarsler.xlsx«." in told[title]["problems"]
