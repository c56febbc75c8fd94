"""What other programs look at: the status as JSON and as a file, and log files."""

from __future__ import annotations

import json
import shlex
from datetime import date

import pytest

from sync.locks.lock import SERVICE, alone
from tests.sync.helpers import CPR, TODAY, Site, book, process

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5 hemmelige", "Milepæle!B3": "9"}
SECRET = "hemmelige"


def test_the_status_for_programs(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    gone = site.put("b.xlsx", book(plan={"Plan-id": "B-1", "Boligområde": "Nøjsomhed"}))
    site.sync(TODAY)
    gone.unlink()
    (site.sheets / "c.xlsx").symlink_to(site.sheets / "a.xlsx")
    site.sync(date(2026, 11, 24))
    with alone(site.settings().state, SERVICE):
        status = site.command("status", "--format", "json").json
    assert status["version"] == 1
    assert status["last_run"]["started_at"] == "2026-11-24T08:00:00+01:00"
    assert status["last_run"]["workbooks"] == 2
    assert status["last_success"] == "2026-11-24T08:00:00+01:00"
    assert [plan["plan_id"] for plan in status["open"]] == ["VAP-2025"]
    assert status["open"][0]["fejl"] == 2
    assert [one["path"] for one in status["missing"]] == ["b.xlsx"]
    assert "process" in status["service"]
    assert SECRET not in json.dumps(status)


def test_the_status_of_a_new_plan_has_no_empty_heading(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    lines = site.command("status").out.splitlines()
    assert lines[-1] == "1 regneark: 0 fejl, 0 advarsler og 0 info"


def test_the_status_before_the_first_run(site: Site) -> None:
    status = site.command("status", "--format", "json").json
    assert (status["last_run"], status["last_success"], status["open"]) == (None, None, [])


def test_each_run_lays_the_status_for_monitoring(site: Site) -> None:
    site.configure('[monitoring]\nstatus_file = "monitoring/status.json"')
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    file = site.root / "monitoring" / "status.json"
    status = json.loads(file.read_text())
    assert status["last_run"]["outcome"] == "done"
    assert status["last_run"]["problems"] == 0
    assert status == site.command("status", "--format", "json").json


def test_a_status_that_cannot_be_laid_is_told(site: Site) -> None:
    (site.root / "monitoring").write_text("")
    site.configure('[monitoring]\nstatus_file = "monitoring/status.json"')
    site.put("a.xlsx", book())
    assert [path for path, _ in site.sync().problems] == ["status.json"]
    assert site.overview.exists()


def keys(line: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(line))


def test_runs_are_logged_as_keys_and_values(site: Site) -> None:
    site.configure('[monitoring]\nlog_folder = "logs"')
    site.put(f"{CPR}.xlsx", book(cells=WRONG))
    site.put("b.xlsx", book(cells=WRONG, plan={"Plan-id": "B-1"}))
    (site.sheets / "~$b.xlsx").write_bytes(b"")
    answer = process("sync", "--config", site.config, "--remember", "--today", TODAY.isoformat())
    text = (site.root / "logs" / "run.log").read_text()
    assert SECRET not in text
    assert CPR not in text
    done, problem = map(keys, text.splitlines())
    assert (done["event"], done["level"], done["workbooks"]) == ("run done", "info", "2")
    assert done["problems"] == "1"
    assert (problem["level"], problem["path"]) == ("warning", "b.xlsx")
    assert "event=" not in answer.err, "people read the lines on standard error"


def test_log_files_are_kept_small(site: Site) -> None:
    site.configure('[monitoring]\nlog_folder = "logs"\nlog_megabytes = 1\nlog_files = 2')
    site.put("a.xlsx", book())
    logs = site.root / "logs"
    logs.mkdir()
    for number in range(4):
        (logs / "run.log").write_text("x" * 1_000_000)
        assert process("sync", "--config", site.config).code == 0, number
    assert sorted(file.name for file in logs.iterdir()) == ["run.log", "run.log.1", "run.log.2"]


@pytest.mark.parametrize("folder", ["config.toml", "config.toml/below"])
def test_logs_that_cannot_be_written_stop_nothing(site: Site, folder: str) -> None:
    site.configure(f'[monitoring]\nlog_folder = "{folder}"')
    site.put("a.xlsx", book())
    answer = process("sync", "--config", site.config)
    assert answer.code == 0
    assert "no log can be written" in answer.err


def test_a_status_file_that_is_another_file_is_left_and_told(site: Site) -> None:
    site.configure('[monitoring]\nstatus_file = "config.toml"')
    site.put("a.xlsx", book())
    before = site.config.read_bytes()
    answer = site.command("sync")
    assert answer.code == 3
    assert "Filen er ikke kontrollens tilstand" in answer.err
    assert site.config.read_bytes() == before
