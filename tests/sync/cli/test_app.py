"""What holds for all commands: their help is quick, errors have one exit code each."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from sync.cli.common import with_exit_codes
from sync.config.section import ConfigurationError
from sync.config.state import StateError
from sync.locks.lock import AlreadyRunning
from sync.service.install import InstallError
from sync.stores.base import NeedsPerson, TryAgain
from tests.sync.helpers import Site, book, helhedsplan, process

ROOT = Path(__file__).parents[3]
SLOW = {"pandera", "polars", "openpyxl", "sqlalchemy", "sync.config.settings"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["config"], ["check", "--help"]])
def test_help_imports_nothing_slow(arguments: list[str]) -> None:
    script = (
        "import sys; from sync.cli.app import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit: sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert SLOW & set(done.stderr.split()) == set()


def test_the_version_is_the_packages() -> None:
    assert helhedsplan("--version").out == f"helhedsplan {version('helhedsplan')}\n"


def test_config_prints_the_example() -> None:
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    assert helhedsplan("config").out == example, "make reference"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("sources: none"), 2),
        (NeedsPerson("it is protected"), 3),
        (TryAgain("it is open"), 3),
        (StateError("no folder"), 3),
        (AlreadyRunning("another run"), 3),
        (InstallError("systemctl is missing"), 3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_error_has_an_exit_code(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as ended:
        with_exit_codes(command)()
    assert ended.value.exit_code == code
    assert capsys.readouterr().err == f"{error}\n"


def test_completion_is_there_for_a_shell() -> None:
    shown = helhedsplan("check", env={"_HELHEDSPLAN_COMPLETE": "source_bash"})
    assert "_HELHEDSPLAN_COMPLETE=complete_bash" in shown.out


def test_colours_are_for_terminals_alone(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
    plain = site.command("check").out
    assert "FEJL CEL-02" in plain
    assert "\x1b" not in plain


@pytest.mark.parametrize("name", ["x" * 300 + ".xlsx", "", ".", "b\udce6.xlsx", "pipe.xlsx"])
@pytest.mark.parametrize("command", ["check", "fix", "restore", "new", "adopt"])
def test_a_name_that_no_workbook_has_is_told(site: Site, command: str, name: str) -> None:
    os.mkfifo(site.root / "pipe.xlsx")
    more = {"restore": ["--list"], "new": ["--area", "Vapnagaard", "--plan", "VAP-2026"]}
    call = [command, name, "--config", site.config, *more.get(command, [])]
    answer = process(*call, cwd=site.root)
    assert answer.code in {0, 2, 3}
    assert "nobody foresaw" not in answer.err


def test_a_run_without_any_workbook_leaves_the_overview(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    before = site.overview.read_bytes()
    (site.sheets / "a.xlsx").unlink()
    answer = site.command("sync")
    assert answer.code == 3
    assert answer.err.startswith("Der er ingen regneark i de mapper")
    assert site.overview.read_bytes() == before
