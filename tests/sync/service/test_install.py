"""Having the system start the service: what is shown and written, and that systemd takes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sync.config.job import ScheduleSection
from sync.service.install import cron_lines, task_xml, unit_plan
from sync.service.timetable import Timetable
from tests.sync.helpers import Answer, Site, book, helhedsplan

TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="stands in for programs of Unix")


def stand_in(folder: Path, name: str, script: str) -> Path:
    """A program of the system, as far as it matters here: it notes how it was called."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f'#!/bin/sh\necho {name} "$@" >> {folder}/calls\n{script}\n')
    program.chmod(0o755)
    return folder / "calls"


@pytest.fixture
def home(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and a system whose programs only note that they were called."""
    site.put("a.xlsx", book())
    programs = tmp_path / "programs"
    stand_in(programs, "systemctl", "exit 0")
    stand_in(programs, "crontab", f'[ "$1" = -l ] && cat {programs}/tab; '
             f'[ "$1" = - ] && cat > {programs}/tab; exit 0')  # fmt: skip
    (programs / "tab").write_text("5 4 * * * something else\n")
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def install(site: Site, kind: str, *arguments: str) -> Answer:
    return site.command("install-service", "--kind", kind, *arguments)


@POSIX_ONLY
def test_without_yes_it_is_only_shown(site: Site, home: Path) -> None:
    for kind in ("systemd-user", "systemd-system", "windows", "cron"):
        answer = install(site, kind)
        assert answer.code == 0
        assert answer.out.rstrip().endswith("Nothing has been done. With --yes it is.")
    assert not (home / "config").exists()
    assert (home / "programs" / "tab").read_text() == "5 4 * * * something else\n"
    calls = (home / "programs" / "calls").read_text()
    assert set(calls.splitlines()) == {"crontab -l"}


@POSIX_ONLY
def test_a_users_unit_comes_and_goes(site: Site, home: Path) -> None:
    answer = install(site, "systemd-user", "--yes")
    unit = home / "config" / "systemd" / "user" / "helhedsplan.service"
    assert answer.code == 0
    assert "loginctl enable-linger" in answer.out
    text = unit.read_text()
    assert f"ExecStart={sys.executable} -m sync run --config {site.config.absolute()}" in text
    assert all(f"    {line}".rstrip() in answer.out for line in text.splitlines())
    assert helhedsplan("uninstall-service", "--kind", "systemd-user", "--yes").code == 0
    assert not unit.exists()
    assert (home / "programs" / "calls").read_text().splitlines() == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now helhedsplan.service",
        "systemctl --user disable --now helhedsplan.service",
        "systemctl --user daemon-reload",
    ]


def test_the_systems_unit_names_what_it_may_write(site: Site) -> None:
    site.configure('[monitoring]\nlog_folder = "logs"')
    text = "\n".join(unit_plan(site.settings(), ["program"], "job", "kontrol").shown())
    assert "User=kontrol" in text
    assert "ProtectSystem=strict" in text
    writable = text.partition("ReadWritePaths=")[2].partition("\n")[0].split()
    expected = [site.state, site.root, site.sheets, site.root / "logs"]
    assert writable == [str(folder) for folder in expected]


def test_every_file_that_is_written_has_a_writable_folder(site: Site, tmp_path: Path) -> None:
    places = [tmp_path / f"ka$len der {number}" for number in range(5)]
    site.configure(
        f'[overview]\nfile = "{places[0]}/O.xlsx"\ncalendar = "{places[1]}/F.ics"\n'
        f'page = "{places[2]}/O.html"\n[waivers]\nfile = "{places[3]}/U.xlsx"\n'
        f'[monitoring]\nstatus_file = "{places[4]}/s.json"\n'
    )
    text = "\n".join(unit_plan(site.settings(), ["program"], "job", "kontrol").shown())
    writable = text.partition("ReadWritePaths=")[2].partition("\n")[0]
    assert all(f'"{place}"' in writable for place in places)


@pytest.mark.parametrize("kind", ["systemd-system", "windows"])
def test_a_line_break_makes_no_further_line(site: Site, kind: str) -> None:
    answer = install(site, kind, "--user", "kontrol\nExecStartPre=/bin/evil")
    assert (answer.code, answer.out) == (3, "")
    assert "no name or path may hold a line break" in answer.err


def test_odd_paths_stay_one_word(site: Site) -> None:
    command = ["/opt/hel heds%plan/python", 'a"b', "$HOME", "it's", "c\\d"]
    text = "\n".join(unit_plan(site.settings(), command, "job").shown())
    assert 'ExecStart="/opt/hel heds%%plan/python" "a\\"b" "$$HOME" "it\'s" "c\\\\d"' in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="asks systemd")
@pytest.mark.parametrize("kind", ["user", "system"])
def test_systemd_finds_no_fault(site: Site, tmp_path: Path, kind: str) -> None:
    command = [sys.executable, "-m", "sync", "run", "--config", str(site.config)]
    settings = site.settings()
    if kind == "user":
        plan = unit_plan(settings, command, "helhedsplan")
    else:
        plan = unit_plan(settings, command, "helhedsplan", "daemon")
    unit = tmp_path / "helhedsplan.service"
    (first, *_) = plan.steps
    assert first.content
    unit.write_text(first.content)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"--{kind}", str(unit)],
        capture_output=True, text=True, check=False, env={**os.environ, "XDG_RUNTIME_DIR": "/tmp"},
    )  # fmt: skip
    faults = [line for line in done.stderr.splitlines() if "helhedsplan" in line]
    assert faults == []


def test_the_windows_task(site: Site) -> None:
    command = [
        r"C:\Program Files\Python\python.exe",
        "-m",
        "sync",
        "run",
        "--config",
        r"C:\A & B\c.toml",
    ]
    xml = task_xml(command, "helhedsplan", r"KOMMUNE\svc-kontrol")
    task = ET.fromstring(xml.partition("\n")[2])

    def at(path: str) -> str | None:
        return task.findtext(path, namespaces=TASK)

    assert at("t:Actions/t:Exec/t:Command") == command[0]
    assert at("t:Actions/t:Exec/t:Arguments") == r'-m sync run --config "C:\A & B\c.toml"'
    assert at("t:Principals/t:Principal/t:UserId") == r"KOMMUNE\svc-kontrol"
    assert at("t:Principals/t:Principal/t:RunLevel") == "LeastPrivilege"
    assert at("t:Settings/t:MultipleInstancesPolicy") == "IgnoreNew"
    assert at("t:Settings/t:ExecutionTimeLimit") == "PT0S", "it shall run for ever"
    assert at("t:Triggers/t:BootTrigger/t:Enabled") == "true"


def test_the_windows_task_is_read_as_utf_16(site: Site, tmp_path: Path) -> None:
    answer = install(site, "windows", "--user", r"KOMMUNE\svc", "--name", "kontrol")
    assert "schtasks /Create /TN kontrol /XML" in answer.out
    assert "/RP '*'" in answer.out, "Windows asks for the password; it stands on no command line"


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        ({}, ["0 6 * * 0,1,2,3,4,5,6"]),
        ({"times": ["06:00", "12:30"], "weekdays": ["mandag", "fredag"]},
         ["0 6 * * 1,5", "30 12 * * 1,5"]),
        ({"every_minutes": 240}, ["0 0,4,8,12,16,20 * * 0,1,2,3,4,5,6"]),
        ({"every_minutes": 30, "quiet_hours": ["10:00", "08:00"]},
         ["0,30 8,9 * * 0,1,2,3,4,5,6"]),
    ],
)  # fmt: skip
def test_the_lines_for_cron(keys: dict[str, object], lines: list[str]) -> None:
    timetable = Timetable(ScheduleSection.model_validate(keys))
    made = list(cron_lines(timetable, ["helhedsplan", "sync"], "job"))
    assert made == [f"{line} helhedsplan sync # job" for line in lines]


@POSIX_ONLY
def test_lines_of_cron_come_once_and_go(site: Site, home: Path) -> None:
    table = home / "programs" / "tab"
    for _ in range(2):
        assert install(site, "cron", "--yes").code == 0
    lines = table.read_text().splitlines()
    assert lines[0] == "5 4 * * * something else"
    assert len(lines) == 2
    assert lines[1].endswith(f"sync --config {site.config} # helhedsplan")
    assert helhedsplan("uninstall-service", "--kind", "cron", "--yes").code == 0
    assert table.read_text() == "5 4 * * * something else\n"


@POSIX_ONLY
def test_a_step_that_fails_is_told(site: Site, home: Path) -> None:
    stand_in(home / "programs", "systemctl", "exit 7")
    answer = install(site, "systemd-user", "--yes")
    assert answer.code == 3
    assert "systemctl --user daemon-reload ended with exit code 7" in answer.err


@pytest.mark.parametrize("name", ["../evil", "a b", "", "-x", "a;b"])
def test_a_name_is_a_name(site: Site, name: str) -> None:
    assert install(site, "systemd-user", f"--name={name}").code == 2
