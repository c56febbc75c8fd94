"""What other programs look at: the status as JSON and as a file, and log files."""

from __future__ import annotations

import json
import shlex
from datetime import date

import pytest

from sync.locks.lock import SERVICE, alone
from tests.sync.helpers import CPR, TODAY, House, book, process

WRONG = {"Indsatser!I2": "'ca. 5 hemmelige", "Milepæle!B3": "9"}
SECRET = "hemmelige"


def test_the_status_for_programs(house: House) -> None:
    house.put("a.xlsx", book(cells=WRONG))
    gone = house.put("b.xlsx", book(plan={"Plan-id": "B-1", "Boligområde": "Nøjsomhed"}))
    house.sync(TODAY)
    gone.unlink()
    (house.sheets / "c.xlsx").symlink_to(house.sheets / "a.xlsx")
    house.sync(date(2026, 11, 24))
    with alone(house.settings().state, SERVICE):
        status = house.command("status", "--format", "json").json
    assert status["version"] == 1
    assert status["last_run"]["started_at"] == "2026-11-24T08:00:00+01:00"
    assert status["last_run"]["workbooks"] == 3
    assert status["last_success"] == "2026-11-24T08:00:00+01:00"
    assert [plan["plan_id"] for plan in status["open"]] == ["VAP-2025"]
    assert status["open"][0]["fejl"] == 2
    assert [one["path"] for one in status["missing"]] == ["b.xlsx"]
    assert "process" in status["service"]
    assert SECRET not in json.dumps(status)


def test_the_status_before_the_first_run(house: House) -> None:
    status = house.command("status", "--format", "json").json
    assert (status["last_run"], status["last_success"], status["open"]) == (None, None, [])


def test_each_run_lays_the_status_for_monitoring(house: House) -> None:
    house.configure('[monitoring]\nstatus_file = "monitoring/status.json"')
    house.put("a.xlsx", book(cells=WRONG))
    house.sync()
    file = house.root / "monitoring" / "status.json"
    status = json.loads(file.read_text())
    assert status["last_run"]["outcome"] == "done"
    assert status["last_run"]["problems"] == 0
    assert status == house.command("status", "--format", "json").json


def test_a_status_that_cannot_be_laid_is_told(house: House) -> None:
    (house.root / "monitoring").write_text("")
    house.configure('[monitoring]\nstatus_file = "monitoring/status.json"')
    house.put("a.xlsx", book())
    assert [path for path, _ in house.sync().problems] == ["status.json"]
    assert house.overview.exists()


def keys(line: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(line))


def test_runs_are_logged_as_keys_and_values(house: House) -> None:
    house.configure('[monitoring]\nlog_folder = "logs"')
    house.put(f"{CPR}.xlsx", book(cells=WRONG))
    house.put("b.xlsx", book(cells=WRONG, plan={"Plan-id": "B-1"}))
    (house.sheets / "~$b.xlsx").write_bytes(b"")
    said = process("sync", "--config", house.config, "--today", TODAY.isoformat())
    text = (house.root / "logs" / "run.log").read_text()
    assert SECRET not in text
    assert CPR not in text
    done, problem = map(keys, text.splitlines())
    assert (done["event"], done["level"], done["workbooks"]) == ("run done", "info", "2")
    assert done["problems"] == "1"
    assert (problem["level"], problem["path"]) == ("warning", "b.xlsx")
    assert "event=" not in said.err, "people read the lines on standard error"


def test_log_files_are_kept_small(house: House) -> None:
    house.configure('[monitoring]\nlog_folder = "logs"\nlog_megabytes = 1\nlog_files = 2')
    house.put("a.xlsx", book())
    logs = house.root / "logs"
    logs.mkdir()
    for number in range(4):
        (logs / "run.log").write_text("x" * 1_000_000)
        assert process("sync", "--config", house.config).code == 0, number
    assert sorted(file.name for file in logs.iterdir()) == ["run.log", "run.log.1", "run.log.2"]


@pytest.mark.parametrize("folder", ["config.toml", "config.toml/below"])
def test_logs_that_cannot_be_written_stop_nothing(house: House, folder: str) -> None:
    house.configure(f'[monitoring]\nlog_folder = "{folder}"')
    house.put("a.xlsx", book())
    said = process("sync", "--config", house.config)
    assert said.code == 0
    assert "no log can be written" in said.err
