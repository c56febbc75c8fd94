"""Set-ups that are broken on purpose: the doctor names each cause, and what to do about it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest

from sync.history.history_file import backup_file
from sync.locks.lock import RUN, alone
from tests.sync.helpers import CPR, PATIENCE_SECONDS, SOURCES, TODAY, Answer, Site, book
from tests.sync.helpers import process as in_process

pytestmark = pytest.mark.slow

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
FAILS = {"Indsatser!I2": "'ca. 5"}


@pytest.fixture
def sound(site: Site) -> Site:
    """A site in which everything is right."""
    site.put("a.xlsx", book(cells=FAILS))
    site.sync()
    return site


def doctor(site: Site, *arguments: object) -> Answer:
    return site.command("doctor", *arguments)


def remedies(answer: Answer) -> list[tuple[str, str]]:
    """What is to be mended, and how: the two lines of each."""
    lines = answer.out.splitlines()
    return [
        (line, lines[number + 1].strip())
        for number, line in enumerate(lines)
        if line.startswith("MEND")
    ]


def test_a_sound_site_is_all_right(sound: Site) -> None:
    sound.command("sync")
    answer = doctor(sound)
    assert (answer.code, remedies(answer)) == (0, []), answer.out
    assert answer.out.count("ok  ") == len(answer.out.splitlines()) >= 10


def test_the_doctor_changes_nothing(sound: Site) -> None:
    def kept() -> dict[str, object]:
        return {name: about for name, about in sound.everything().items() if "lease" not in name}

    before = kept()
    doctor(sound)
    assert kept() == before


def test_before_the_first_run_there_is_nothing_to_mend(site: Site) -> None:
    site.put("a.xlsx", book())
    answer = doctor(site)
    assert answer.code == 0, answer.out
    assert "is made by the first run" in answer.out
    assert not site.state.exists()


# Each breaks one thing.


def no_configuration(site: Site) -> None:
    site.config.unlink()


def no_toml(site: Site) -> None:
    site.config.write_text("[state\n")


def misspelt_section(site: Site) -> None:
    site.configure("[shedule]\ntimes = ['07:00']")


def misspelt_key(site: Site) -> None:
    site.configure("[schedule]\nweekday = ['mandag']")


def misspelt_key_in_a_list(site: Site) -> None:
    site.configure("[[areas]]\nname = 'Vapnagaard'\norganisation = 'Boliggården'\nspelling = []")


def misspelt_key_of_a_source(site: Site) -> None:
    site.configure(sources="[[sources]]\nfolder = 'sheets'\npattern = ['*.xlsx']")


def wrong_weekday(site: Site) -> None:
    site.configure("[schedule]\nweekdays = ['monday']")


def wrong_zone(site: Site) -> None:
    site.configure("[schedule]\ntimezone = 'Europe/Copenhage'")


def unknown_step(site: Site) -> None:
    site.configure(top="final_step = 'Fonden'")


def no_source(site: Site) -> None:
    site.configure(sources="")


def absent_share(site: Site) -> None:
    site.sheets.rename(site.root / "moved")


def source_is_a_file(site: Site) -> None:
    shutil.rmtree(site.sheets)
    site.sheets.write_text("")


def empty_source(site: Site) -> None:
    (site.sheets / "a.xlsx").unlink()


def sources_within_each_other(site: Site) -> None:
    (site.sheets / "b").mkdir()
    site.configure(sources=f"{SOURCES}{SOURCES.replace('sheets', 'sheets/b')}")


def sources_by_two_names(site: Site) -> None:
    (site.root / "b").symlink_to(site.sheets)
    site.configure(sources=f"{SOURCES}{SOURCES.replace('sheets', 'b')}")


def no_workbook(site: Site) -> None:
    site.put(f"{CPR}.xlsx", b"no workbook")


def overview_is_open(site: Site) -> None:
    (site.root / "~$Overblik.xlsx").write_bytes(b"\x03Eva")


def waivers_are_no_workbook(site: Site) -> None:
    (site.root / "Undtagelser.xlsx").write_bytes(b"no workbook")


def state_is_a_file(site: Site) -> None:
    shutil.rmtree(site.state)
    site.state.write_text("")


def state_among_the_workbooks(site: Site) -> None:
    site.configure('[state]\nfolder = "sheets/state"')


def overview_is_a_folder(site: Site) -> None:
    (site.root / "Samlet.xlsx").mkdir()
    site.configure('[overview]\nfile = "Samlet.xlsx"\n[waivers]\nfile = "Undtagelser.xlsx"')


def overview_in_a_file(site: Site) -> None:
    (site.root / "a file").write_text("no folder")
    site.configure(
        '[overview]\nfile = "a file/Samlet.xlsx"\ncalendar = "Frister.ics"\n'
        '[waivers]\nfile = "Undtagelser.xlsx"'
    )


def overview_is_a_plan(site: Site) -> None:
    site.put("b.xlsx", book(plan={"Plan-id": "B"}))
    site.configure('[overview]\nfile = "sheets/a.xlsx"\n[waivers]\nfile = "Undtagelser.xlsx"')


def overview_is_no_xlsx(site: Site) -> None:
    site.configure('[overview]\nfile = "Overblik.xls"')


def calendar_is_anothers(site: Site) -> None:
    (site.root / "Frister.ics").write_text("BEGIN:VCALENDAR")


def calendar_is_a_pipe(site: Site) -> None:
    (site.root / "Frister.ics").unlink()
    os.mkfifo(site.root / "Frister.ics")


def status_is_the_configuration(site: Site) -> None:
    site.configure('[monitoring]\nstatus_file = "config.toml"')


def status_in_no_folder(site: Site) -> None:
    site.configure('[monitoring]\nstatus_file = "config.toml/status.json"')


def logs_in_a_file(site: Site) -> None:
    site.configure('[monitoring]\nlog_folder = "config.toml"')


def protected_workbook(site: Site) -> None:
    (site.sheets / "a.xlsx").chmod(0o444)


def unknown_area(site: Site) -> None:
    site.put("a.xlsx", book(plan={"Boligområde": "Nordre Park"}))


def open_state(site: Site) -> None:
    site.state.chmod(0o755)


def damaged_history(site: Site) -> None:
    site.database.write_bytes(b"garbage " * 900)
    backup_file(site.database).unlink()


def damaged_history_with_a_spare(site: Site) -> None:
    site.database.write_bytes(b"garbage " * 900)


def history_laid_aside(site: Site) -> None:
    site.database.with_suffix(".damaged").write_bytes(b"garbage")


def history_of_a_newer_version(site: Site) -> None:
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        database.execute("PRAGMA user_version = 99")


def missed_runs(site: Site) -> None:
    site.sync(date(2020, 1, 6))


def run_in_the_future(site: Site) -> None:
    site.sync(TODAY.replace(year=2126))


def never_comes(site: Site) -> None:
    site.configure("[schedule]\ntimes = ['23:00']\nquiet_hours = ['22:00', '05:00']")


BROKEN: list[tuple[Callable[[Site], object], str, str]] = [
    (no_configuration, "config.toml: there is no such file", "helhedsplan config shows"),
    (no_toml, "no TOML: line 1", "Mend it in the configuration"),
    (misspelt_section, "Did you mean schedule?", "Mend it in the configuration"),
    (misspelt_key, "Did you mean weekdays?", "Mend it in the configuration"),
    (misspelt_key_in_a_list, "Did you mean spellings?", "Mend it in the configuration"),
    (misspelt_key_of_a_source, "Did you mean patterns?", "Mend it in the configuration"),
    (wrong_weekday, "schedule.weekdays.0 = ", "Mend it in the configuration"),
    (wrong_zone, "the usual one is Europe/Copenhagen", "Mend it in the configuration"),
    (unknown_step, "Fonden", "Mend it in the configuration"),
    (no_source, "name at least one folder", "Mend it in the configuration"),
    (absent_share, "findes ikke eller kan ikke nås", "Or: is the share mounted"),
    (source_is_a_file, "findes ikke eller kan ikke nås", "Or: is the share mounted"),
    (empty_source, "there is no workbook in it", "Is it the right folder"),
    (sources_within_each_other, "lies in another source", "Mend it in the configuration"),
    (sources_by_two_names, "lies in another source", "Mend it in the configuration"),
    (no_workbook, "cannot be read as a workbook", "save it anew"),
    (overview_is_open, "is open: Eva", "Close it"),
    (waivers_are_no_workbook, "Undtagelserne kan ikke læses", "Until then no finding is accepted"),
    (state_is_a_file, "no files can be made in", "name another one in state.folder"),
    (state_among_the_workbooks, "lie in each other", "Mend it in the configuration"),
    (overview_is_a_folder, "Samlet.xlsx is a folder", "/Samlet.xlsx/Overblik.xlsx'"),
    (
        overview_in_a_file,
        "Samlet.xlsx: Overblikket kan ikke læses",
        "another file in overview.file",
    ),
    (overview_is_a_plan, "is a workbook that the job has not made", "/sheets/Overblik.xlsx'"),
    (overview_is_no_xlsx, "must be a file that ends in .xlsx", "Mend it in the configuration"),
    (calendar_is_anothers, "Frister.ics' is not the job's file", "file in overview.calendar"),
    (calendar_is_a_pipe, "Frister.ics' is not the job's file", "file in overview.calendar"),
    (status_is_the_configuration, "is not the job's file", "file in monitoring.status_file"),
    (status_in_no_folder, "is not the job's file", "file in monitoring.status_file"),
    (logs_in_a_file, "is not a folder", "Name a folder in monitoring.log_folder"),
    (protected_workbook, "a.xlsx is write-protected", "Take the protection away"),
    (unknown_area, "»Nordre Park« is none of the areas", "add [[areas]] with this name"),
    (open_state, "everybody on this machine can look into", "chmod 700"),
    (damaged_history, "is damaged", "Bring it back from a backup"),
    (damaged_history_with_a_spare, "is damaged", "the backup of the last run"),
    (history_laid_aside, "was damaged and moved aside", "Look for the cause"),
    (history_of_a_newer_version, "er skrevet af en nyere udgave", "Do as it says"),
    (missed_runs, "did not come to its end", "See that the service runs"),
    (run_in_the_future, "which is still to come", "Set the machine's clock"),
    (never_comes, "it never comes", "quiet_hours in [schedule]"),
]


@pytest.mark.parametrize(
    ("breaks", "cause", "remedy"), BROKEN, ids=[entry[0].__name__ for entry in BROKEN]
)
def test_the_cause_and_its_remedy_are_named(
    sound: Site, breaks: Callable[[Site], object], cause: str, remedy: str
) -> None:
    sound.command("sync")
    breaks(sound)
    answer = doctor(sound)
    assert answer.code == 3
    ((what, do),) = remedies(answer)
    assert cause in what
    assert remedy in do
    assert CPR not in answer.out


def test_a_misspelt_variable_is_named(sound: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    sound.command("sync")
    monkeypatch.setenv("HELHEDSPLAN_STAT__FOLDER", "/somewhere")
    monkeypatch.setenv("HELHEDSPLAN_STATE__KEEP_DAYS", "900")
    ((what, do),) = remedies(doctor(sound))
    assert "HELHEDSPLAN_STAT__FOLDER names no key" in what
    assert "Did you mean HELHEDSPLAN_STATE?" in do


def as_a_common_user(site: Site) -> Answer:
    """The doctor in a process that obeys the rights of files, also where the tests do not."""
    if AS_ROOT and shutil.which(WITHOUT_ROOTS_RIGHTS[0]) is None:
        pytest.skip("root may do everything, and there is no setpriv")
    done = subprocess.run(
        [*(WITHOUT_ROOTS_RIGHTS if AS_ROOT else []), sys.executable, "-m", "sync", "doctor", "-c",
         str(site.config)],
        capture_output=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    ("place", "mode", "cause", "remedy"),
    [
        ("sheets", 0o500, "no files can be made in", "the right to make and rename files there"),
        ("sheets", 0o000, "kan ikke åbnes", "Or: is the share mounted"),
        ("sheets/a.xlsx", 0o400, "is write-protected", "Take the protection away"),
        ("sheets/a.xlsx", 0o200, "læse filen", "Until then it is left out"),
        ("state", 0o500, "no files can be made in", "a folder that the job's user owns"),
        ("state/copies", 0o000, "no files can be made in", "a folder that the job's user owns"),
        (".", 0o500, "no files can be made in", "the right to write there"),
    ],
)
def test_missing_rights_are_named(
    sound: Site, place: str, mode: int, cause: str, remedy: str
) -> None:
    sound.command("sync")
    path = sound.root / place
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        answer = as_a_common_user(sound)
    finally:
        path.chmod(before)
    assert answer.code == 3, answer.err
    found = remedies(answer)
    assert any(cause in what and remedy in do for what, do in found), answer.out


def test_a_full_disk_is_named(sound: Site) -> None:
    sound.command("sync")
    command = (
        f"mount -t tmpfs -o size=4m none {sound.state} && "
        f"exec {sys.executable} -m sync doctor -c {sound.config}"
    )
    able = subprocess.run(
        ["unshare", "--mount", "true"], capture_output=True, check=False
    ).returncode if shutil.which("unshare") else 1  # fmt: skip
    if able:
        pytest.skip("needs a mount of its own")
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", command],
        capture_output=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert answer.code == 3, answer.err
    assert any("4 MB are left" in what and "Make room" in do for what, do in remedies(answer))


@pytest.mark.parametrize(
    ("shift", "cause"),
    [(-5 * 365 * 86_400, "before this program was made"), (3 * 86_400, "the file system of")],
)
def test_a_wrong_clock_is_named(sound: Site, shift: int, cause: str) -> None:
    script = (
        "import datetime\n"
        "class Shifted(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        f"        return super().now(tz) + datetime.timedelta(seconds={shift})\n"
        "datetime.datetime = Shifted\n"
        "from sync.cli.app import app\n"
        "app()\n"
    )
    answer = in_process("doctor", "--config", sound.config, script=script)
    assert answer.code == 3, answer.err
    assert any(cause in what and "lock" in do for what, do in remedies(answer)), answer.out


def test_a_run_that_is_going_on_is_no_fault(sound: Site) -> None:
    sound.command("sync")
    with alone(sound.settings().state, RUN):
        answer = doctor(sound)
    assert answer.code == 0
    assert "a run is going on: another run holds" in answer.out


def test_the_doctor_answers_programs(sound: Site) -> None:
    damaged_history(sound)
    answer = doctor(sound, "--format", "json")
    assert answer.code == 3
    assert answer.json["version"] == 1
    assert answer.json["summary"]["mend"] == 1
    (wrong,) = [line for line in answer.json["lines"] if not line["ok"]]
    assert wrong["subject"] == "history"
    assert "backup" in wrong["remedy"]
