"""What nobody foresaw ends a command with 3 and a sentence; where it happened is in a file."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sync.cli.common import with_exit_codes
from sync.run.logs import keep_faults
from tests.sync.helpers import Site, book

FULL = Path("/dev/full")


def fails_with(error: BaseException) -> tuple[int, str]:
    """The exit code and the words of a command in which this happens."""

    def command() -> None:
        raise error

    app = typer.Typer()
    app.command()(with_exit_codes(command))
    result = CliRunner().invoke(app, [])
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    "error", [KeyError("120365-4123"), MemoryError(), RecursionError(), OSError(5, "I/O error")]
)
def test_one_sentence_and_a_file_with_the_place(tmp_path: Path, error: Exception) -> None:
    keep_faults(tmp_path)
    code, said = fails_with(error)
    assert code == 3
    assert said.count("\n") == 1
    assert str(tmp_path / "faults.log") in said
    kept = (tmp_path / "faults.log").read_text()
    assert "test_faults.py" in kept
    assert "4123" not in said + kept


def test_without_a_folder_it_is_a_new_file_of_the_systems(tmp_path: Path) -> None:
    keep_faults(tmp_path / "none")
    _, said = fails_with(ValueError())
    file = Path(re.split(" is in ", said.strip())[1])
    assert "ValueError" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    file.unlink()


@pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")
@pytest.mark.parametrize("call", [["--help"], ["rules"], ["status"]])
def test_output_that_goes_nowhere_leaves_no_trace(site: Site, call: list[str]) -> None:
    at = ["--config", str(site.config)] if call == ["status"] else []
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sync", *call, *at],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=site.root,
        )  # fmt: skip
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_whose_streams_are_closed_does_its_work(site: Site, closed: str) -> None:
    file = site.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
    before = file.read_bytes()
    call = shlex.join([sys.executable, "-m", "sync", "sync", "--config", str(site.config)])
    assert subprocess.run(f"{call} {closed}", shell=True, check=False).returncode == 0
    assert file.read_bytes() != before
    assert site.command("sync").code == 0


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")
@pytest.mark.parametrize("to", ["2>/dev/full", ">/dev/full 2>/dev/full"])
def test_what_nobody_can_be_told_ends_with_its_exit_code(site: Site, to: str) -> None:
    site.put("a.xlsx", book())
    (site.sheets / "b.xlsx").symlink_to(site.sheets / "a.xlsx")
    call = shlex.join([sys.executable, "-m", "sync", "sync", "--config", str(site.config)])
    assert subprocess.run(f"{call} {to}", shell=True, check=False).returncode == 3


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    call = [sys.executable, "-m", "sync", "rules"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.close()
        assert run.stderr.read() == b""
