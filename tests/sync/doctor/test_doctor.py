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

from sync.history.backup import spare_of
from sync.locks.lock import RUN, alone
from tests.sync.helpers import CPR, PATIENCE_SECONDS, SOURCES, TODAY, House, Said, book
from tests.sync.helpers import process as in_process

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
FAILS = {"Indsatser!I2": "'ca. 5"}


@pytest.fixture
def sound(house: House) -> House:
    """A house in which everything is right."""
    house.put("a.xlsx", book(cells=FAILS))
    house.sync()
    return house


def doctor(house: House, *arguments: object) -> Said:
    return house.command("doctor", *arguments)


def remedies(said: Said) -> list[tuple[str, str]]:
    """What is to be mended, and how: the two lines of each."""
    lines = said.out.splitlines()
    return [
        (line, lines[number + 1].strip())
        for number, line in enumerate(lines)
        if line.startswith("MEND")
    ]


def test_a_sound_house_is_all_right(sound: House) -> None:
    sound.command("sync")
    said = doctor(sound)
    assert (said.code, remedies(said)) == (0, []), said.out
    assert said.out.count("ok  ") == len(said.out.splitlines()) >= 10


def test_the_doctor_changes_nothing(sound: House) -> None:
    def kept() -> dict[str, object]:
        return {name: about for name, about in sound.everything().items() if "lease" not in name}

    before = kept()
    doctor(sound)
    assert kept() == before


def test_before_the_first_run_there_is_nothing_to_mend(house: House) -> None:
    house.put("a.xlsx", book())
    said = doctor(house)
    assert said.code == 0, said.out
    assert "is made by the first run" in said.out
    assert not house.state.exists()


# Each breaks one thing.


def no_configuration(house: House) -> None:
    house.config.unlink()


def no_toml(house: House) -> None:
    house.config.write_text("[state\n")


def misspelt_section(house: House) -> None:
    house.configure("[shedule]\ntimes = ['07:00']")


def misspelt_key(house: House) -> None:
    house.configure("[schedule]\nweekday = ['mandag']")


def misspelt_key_in_a_list(house: House) -> None:
    house.configure("[[areas]]\nname = 'Vapnagaard'\norganisation = 'Boliggården'\nspelling = []")


def misspelt_key_of_a_source(house: House) -> None:
    house.configure(sources="[[sources]]\nfolder = 'sheets'\npattern = ['*.xlsx']")


def wrong_weekday(house: House) -> None:
    house.configure("[schedule]\nweekdays = ['monday']")


def wrong_zone(house: House) -> None:
    house.configure("[schedule]\ntimezone = 'Europe/Copenhage'")


def unknown_step(house: House) -> None:
    house.configure(top="final_step = 'Fonden'")


def no_source(house: House) -> None:
    house.configure(sources="")


def absent_share(house: House) -> None:
    house.sheets.rename(house.root / "moved")


def source_is_a_file(house: House) -> None:
    shutil.rmtree(house.sheets)
    house.sheets.write_text("")


def empty_source(house: House) -> None:
    (house.sheets / "a.xlsx").unlink()


def sources_within_each_other(house: House) -> None:
    (house.sheets / "b").mkdir()
    house.configure(sources=f"{SOURCES}{SOURCES.replace('sheets', 'sheets/b')}")


def no_workbook(house: House) -> None:
    house.put(f"{CPR}.xlsx", b"no workbook")


def overview_is_open(house: House) -> None:
    (house.root / "~$Overblik.xlsx").write_bytes(b"\x03Eva")


def waivers_are_no_workbook(house: House) -> None:
    (house.root / "Undtagelser.xlsx").write_bytes(b"no workbook")


def state_is_a_file(house: House) -> None:
    shutil.rmtree(house.state)
    house.state.write_text("")


def open_state(house: House) -> None:
    house.state.chmod(0o755)


def damaged_history(house: House) -> None:
    house.database.write_bytes(b"garbage " * 900)
    spare_of(house.database).unlink()


def damaged_history_with_a_spare(house: House) -> None:
    house.database.write_bytes(b"garbage " * 900)


def history_laid_aside(house: House) -> None:
    house.database.with_suffix(".damaged").write_bytes(b"garbage")


def history_of_a_newer_version(house: House) -> None:
    with contextlib.closing(sqlite3.connect(house.database)) as database:
        database.execute("PRAGMA user_version = 99")


def missed_runs(house: House) -> None:
    house.sync(date(2020, 1, 6))


def run_in_the_future(house: House) -> None:
    house.sync(TODAY.replace(year=2126))


def never_comes(house: House) -> None:
    house.configure("[schedule]\ntimes = ['23:00']\nquiet_hours = ['22:00', '05:00']")


BROKEN: list[tuple[Callable[[House], object], str, str]] = [
    (no_configuration, "config.toml: there is no such file", "config.example.toml"),
    (no_toml, "not a TOML file", "Mend it in the configuration"),
    (misspelt_section, "Did you mean schedule?", "Mend it in the configuration"),
    (misspelt_key, "Did you mean weekdays?", "Mend it in the configuration"),
    (misspelt_key_in_a_list, "Did you mean spellings?", "Mend it in the configuration"),
    (misspelt_key_of_a_source, "Did you mean patterns?", "Mend it in the configuration"),
    (wrong_weekday, "schedule.weekdays.0: ", "Mend it in the configuration"),
    (wrong_zone, "the usual one is Europe/Copenhagen", "Mend it in the configuration"),
    (unknown_step, "Fonden", "Mend it in the configuration"),
    (no_source, "name at least one folder", "Mend it in the configuration"),
    (absent_share, "findes ikke eller kan ikke nås", "Is the share mounted"),
    (source_is_a_file, "findes ikke eller kan ikke nås", "Is the share mounted"),
    (empty_source, "there is no workbook in it", "Is it the right folder"),
    (sources_within_each_other, "lies in another source", "Mend it in the configuration"),
    (no_workbook, "cannot be read as a workbook", "save it anew"),
    (overview_is_open, "is open: Eva", "Close it"),
    (waivers_are_no_workbook, "Undtagelserne kan ikke læses", "Until then no finding is accepted"),
    (state_is_a_file, "no files can be made in", "name another one in state.folder"),
    (open_state, "everybody on this machine can look into", "chmod 700"),
    (damaged_history, "is damaged", "Bring it back from a backup"),
    (damaged_history_with_a_spare, "is damaged", "the spare copy of the last run"),
    (history_laid_aside, "was damaged and laid aside", "Look for the cause"),
    (history_of_a_newer_version, "er skrevet af en nyere udgave", "Do as it says"),
    (missed_runs, "did not come to its end", "See that the service runs"),
    (run_in_the_future, "which is still to come", "Set the machine's clock"),
    (never_comes, "it never comes", "quiet_hours in [schedule]"),
]


@pytest.mark.parametrize(
    ("breaks", "cause", "remedy"), BROKEN, ids=[entry[0].__name__ for entry in BROKEN]
)
def test_the_cause_and_its_remedy_are_named(
    sound: House, breaks: Callable[[House], object], cause: str, remedy: str
) -> None:
    sound.command("sync")
    breaks(sound)
    said = doctor(sound)
    assert said.code == 3
    ((what, do),) = remedies(said)
    assert cause in what
    assert remedy in do
    assert CPR not in said.out


def test_a_misspelt_variable_is_named(sound: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sound.command("sync")
    monkeypatch.setenv("HELHEDSPLAN_STAT__FOLDER", "/somewhere")
    monkeypatch.setenv("HELHEDSPLAN_STATE__KEEP_DAYS", "900")
    ((what, do),) = remedies(doctor(sound))
    assert "HELHEDSPLAN_STAT__FOLDER names no key" in what
    assert "Did you mean HELHEDSPLAN_STATE?" in do


def as_a_common_user(house: House) -> Said:
    """The doctor in a process that obeys the rights of files, also where the tests do not."""
    if AS_ROOT and shutil.which(WITHOUT_ROOTS_RIGHTS[0]) is None:
        pytest.skip("root may do everything, and there is no setpriv")
    done = subprocess.run(
        [*(WITHOUT_ROOTS_RIGHTS if AS_ROOT else []), sys.executable, "-m", "sync", "doctor", "-c",
         str(house.config)],
        capture_output=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    ("place", "mode", "cause", "remedy"),
    [
        ("sheets", 0o500, "no files can be made in", "the right to make and rename files there"),
        ("sheets", 0o000, "kan ikke åbnes", "Is the share mounted"),
        ("sheets/a.xlsx", 0o400, "is write-protected", "Take the protection away"),
        ("sheets/a.xlsx", 0o200, "læse filen", "Until then it is left out"),
        ("state", 0o500, "no files can be made in", "a folder that the job's user owns"),
        (".", 0o500, "no files can be made in", "the right to write there"),
    ],
)
def test_missing_rights_are_named(
    sound: House, place: str, mode: int, cause: str, remedy: str
) -> None:
    sound.command("sync")
    path = sound.root / place
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        said = as_a_common_user(sound)
    finally:
        path.chmod(before)
    assert said.code == 3, said.err
    found = remedies(said)
    assert any(cause in what and remedy in do for what, do in found), said.out


def test_a_full_disk_is_named(sound: House) -> None:
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
    said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert said.code == 3, said.err
    assert any("4 MB are left" in what and "Make room" in do for what, do in remedies(said))


@pytest.mark.parametrize(
    ("shift", "cause"),
    [(-5 * 365 * 86_400, "before this program was made"), (3 * 86_400, "the file system of")],
)
def test_a_wrong_clock_is_named(sound: House, shift: int, cause: str) -> None:
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
    said = in_process("doctor", "--config", sound.config, script=script)
    assert said.code == 3, said.err
    assert any(cause in what and "lock" in do for what, do in remedies(said)), said.out


def test_a_run_that_is_going_on_is_no_fault(sound: House) -> None:
    sound.command("sync")
    with alone(sound.settings().state, RUN):
        said = doctor(sound)
    assert said.code == 0
    assert "a run is going on: another run holds" in said.out


def test_the_doctor_answers_programs(sound: House) -> None:
    damaged_history(sound)
    said = doctor(sound, "--format", "json")
    assert said.code == 3
    assert said.json["version"] == 1
    assert said.json["summary"]["mend"] == 1
    (wrong,) = [line for line in said.json["lines"] if not line["ok"]]
    assert wrong["subject"] == "history"
    assert "backup" in wrong["remedy"]
