"""The history's file over the years: older forms come along, newer ones are left alone."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.exc import OperationalError

from sync.config.state import StateError
from sync.history import database, history_file, migrations
from sync.history.history_file import backup_file
from tests.sync.conftest import Asked
from tests.sync.helpers import CPR, DAY, TODAY, Site, book, mended, overview_of
from tests.sync.old_history import put_back, script_of

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
YEAR = timedelta(days=365)


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


@pytest.fixture
def aged(site: Site) -> Site:
    """A site whose history, a year old, has the form of the first release."""
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY - YEAR)
    put_back(site.database, 1)
    return site


def test_an_older_file_is_copied_and_comes_along(aged: Site) -> None:
    before = rows(aged.database, "SELECT * FROM finding ORDER BY identity")
    report = aged.sync()
    assert not report.history.was_lost
    seen = {line.first_seen for line in overview_of(report).notices}
    assert seen == {TODAY - YEAR}
    assert rows(aged.database, "PRAGMA user_version") == [(len(migrations.STEPS),)]
    kept = history_file.older_form_file(aged.database, 1)
    assert rows(kept, "PRAGMA user_version") == [(1,)]
    assert rows(kept, "SELECT * FROM finding ORDER BY identity") == before
    assert not list(aged.state.glob("*.tmp"))


def test_looking_at_an_older_file_leaves_it_as_it_is(aged: Site) -> None:
    before = aged.everything()
    assert "VAP-2025: 2 fejl" in aged.command("status").out
    assert aged.command("sync", "--dry-run", "--today", DAY).code == 0
    assert aged.command("history export").json["findings"]
    assert aged.everything() == before


def test_a_newer_file_is_left_alone_and_told(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        database.execute("PRAGMA user_version = 99")
    before = (site.database.read_bytes(), site.bytes_of_workbooks())
    for command in ("sync", "status"):
        answer = site.command(command)
        assert answer.code == 3
        assert "er skrevet af en nyere udgave af helhedsplan (form 99" in answer.err
    assert (site.database.read_bytes(), site.bytes_of_workbooks()) == before


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / history_file.FILE_NAME
    history_file.new(file).close()
    extra = Table("extra", MetaData(), Column("a", Integer))
    broken = (*migrations.STEPS, migrations.MigrationStep((extra, database.run)))
    longer = (*migrations.STEPS, migrations.MigrationStep((extra,)))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", broken)
        with pytest.raises(OperationalError):
            history_file.opened(file, writes=True)
    history_file.opened(file, writes=True).close()
    assert not rows(file, "SELECT 1 FROM sqlite_master WHERE name = 'extra'")
    monkeypatch.setattr(migrations, "STEPS", longer)
    history_file.opened(file, writes=True).close()
    assert rows(file, "SELECT 1 FROM sqlite_master WHERE name = 'extra'")


def test_without_room_for_the_copy_the_file_stays(aged: Site) -> None:
    before = aged.database.read_bytes()
    (aged.state / "helhedsplan.form-1.tmp").mkdir()
    with pytest.raises(StateError):
        aged.sync()
    assert aged.database.read_bytes() == before


@pytest.mark.parametrize("form", [1, 2, 3])
def test_the_steps_make_what_the_releases_made(tmp_path: Path, form: int) -> None:
    released = tmp_path / "released.sqlite3"
    with contextlib.closing(sqlite3.connect(released)) as database:
        database.executescript(script_of(form))
    made = tmp_path / "made.sqlite3"
    history_file.new(made, form).close()
    shape = """SELECT t.name, c.name, c.pk, c.type IN ('INTEGER', 'BOOLEAN') FROM sqlite_master AS t
        JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid"""
    assert rows(made, shape) == rows(released, shape)
    with contextlib.closing(history_file.opened(released, writes=True)):
        assert rows(released, "PRAGMA user_version") == [(len(migrations.STEPS),)]


def lose(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def scramble(file: Path) -> None:
    file.write_bytes(b"garbage " * 900)


@pytest.mark.parametrize("harm", [lose, cut, scramble])
def test_a_damaged_history_comes_back_from_its_spare_copy(
    site: Site, harm: Callable[[Path], None]
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY - YEAR)
    before = rows(site.database, "SELECT * FROM finding ORDER BY identity")
    harm(site.database)
    assert "VAP-2025: 2 fejl" in site.command("status").out
    answer = site.command("sync", "--remember", "--today", DAY)
    assert answer.code == 0
    assert "its backup takes its place" in answer.err
    after = rows(site.database, "SELECT * FROM finding ORDER BY identity")
    assert [row[:5] for row in after] == [row[:5] for row in before]
    assert site.command("sync", "--remember", "--today", DAY).err == ""


def test_where_the_spare_copy_is_damaged_too_a_new_history_begins(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY - YEAR)
    for file in (site.database, backup_file(site.database)):
        scramble(file)
    report = site.sync()
    assert (report.history.was_lost, report.history.was_restored) == (True, False)
    assert {line.first_seen for line in overview_of(report).notices} == {TODAY}


def test_the_spare_copy_holds_no_rows_of_workbooks(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Indsatser!B2": "'Et navn, som kun står her"}))
    site.sync()
    spare = backup_file(site.database)
    assert rows(spare, "SELECT * FROM workbook") == []
    assert rows(spare, "SELECT outcome FROM run") == [("done",)]
    assert spare.stat().st_mode & 0o077 == 0


def test_a_spare_copy_that_cannot_be_made_is_told(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    spare = backup_file(site.database)
    spare.with_suffix(".tmp").mkdir(parents=True)
    told = f"Filen {spare.name} kunne ikke gemmes lige nu."
    assert site.sync().problems == [(spare.name, told)]
    assert not spare.exists()


def test_a_spare_copy_of_an_older_form_comes_along(aged: Site) -> None:
    aged.database.replace(backup_file(aged.database))
    report = aged.sync()
    assert report.history.was_restored
    assert {line.first_seen for line in overview_of(report).notices} == {TODAY - YEAR}


def test_what_is_old_is_forgotten_and_what_is_open_is_not(site: Site, asked: Asked) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    gone = site.put("b.xlsx", book(plan={"Plan-id": "B-1", "Boligområde": "Nøjsomhed"}))
    long_ago = TODAY - 3 * YEAR
    site.sync(long_ago)
    mended(site, "a.xlsx", "Milepæle", "B3", 2)
    gone.unlink()
    site.sync(long_ago + timedelta(days=1))
    assert len(asked("SELECT * FROM workbook")) == 2
    site.sync(long_ago + timedelta(days=40))
    assert asked("SELECT path FROM workbook") == [("a.xlsx",)]
    assert len(asked("SELECT * FROM sighting")) == 2
    site.sync()
    assert asked("SELECT code FROM finding WHERE workbook = 'a.xlsx'") == [("CEL-02",)]
    assert asked("SELECT path FROM sighting") == [("a.xlsx",)]
    assert asked("SELECT SUBSTR(started_at, 1, 10) FROM run") == [(DAY,)]


@pytest.mark.usefixtures("asked")
def test_the_history_is_exported_as_json(site: Site) -> None:
    site.put(f"{CPR}.xlsx", book(cells=WRONG))
    site.sync()
    answer = site.command("history export")
    assert answer.code == 0
    assert CPR not in answer.out
    (run,) = answer.json["runs"]
    assert (run["outcome"], run["fejl"]) == ("done", 2)
    assert [finding["code"] for finding in answer.json["findings"]] == ["CEL-02", "MIL-02"]
    assert {finding["is_open"] for finding in answer.json["findings"]} == {True}
    assert [one["plan_id"] for one in answer.json["workbooks"]] == ["VAP-2025"]
    file = site.root / "out" / "history.json"
    assert site.command("history export", "--to", file).code == 0
    assert json.loads(file.read_text()) == answer.json


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
def test_no_export_commands_a_terminal(site: Site) -> None:
    name = "a\x9b31m\x1b[2J\u202egpj\u2066\x85\x7f.xlsx"
    site.put(name, book(cells=WRONG))
    site.sync()
    for command in ("history export", "status --format json", "doctor --format json"):
        answer = site.command(command)
        assert all(line.isprintable() for line in answer.out.split("\n")), command
    assert [one["path"] for one in site.command("history export").json["workbooks"]] == [name]


@pytest.mark.usefixtures("asked")
def test_the_history_is_exported_as_csv_without_formulas(site: Site) -> None:
    site.put("=1+2.xlsx", book(cells=WRONG))
    site.sync(date(2026, 11, 23))
    folder = site.root / "out"
    assert site.command("history export", "--format", "csv", "--to", folder).code == 0
    lines = (folder / "findings.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[0] == "workbook;code;severity;first_seen;last_seen;is_open;identity"
    assert lines[1].startswith("'=1+2.xlsx;CEL-02;fejl;2026-11-23;2026-11-23;1;")
    assert sorted(file.name for file in folder.iterdir()) == [
        "findings.csv", "runs.csv", "workbooks.csv",
    ]  # fmt: skip


def test_csv_needs_a_folder(site: Site) -> None:
    answer = site.command("history export", "--format", "csv")
    assert (answer.code, answer.out) == (2, "")
    assert "--to" in answer.err
