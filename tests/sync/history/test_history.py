"""What is remembered between runs, and that losing it costs the memory only."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sync.history.history import History
from tests.sync.conftest import Asked
from tests.sync.helpers import CPR, TODAY, Site, book, mended, overview_of, process, table

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
SECRET = "Fortroligt om familien"
NEXT_DAY, DAY_AFTER = date(2026, 11, 24), date(2026, 11, 25)
NOEJSOMHED = {"Plan-id": "NOEJ-2025", "Boligområde": "Nøjsomhed"}


def test_first_and_last_sight_of_a_finding(site: Site, asked: Asked) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    site.sync(NEXT_DAY)
    mended(site, "a.xlsx", "Milepæle", "B3", 2)
    site.sync(DAY_AFTER)
    rows = asked(
        "SELECT code, first_seen, last_seen, is_open FROM finding ORDER BY code"
    )  # fmt: skip
    assert rows == [
        ("CEL-02", "2026-11-23", "2026-11-25", 1),
        ("MIL-02", "2026-11-23", "2026-11-24", 0),
    ]


def test_a_finding_that_comes_back_begins_anew(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    mended(site, "a.xlsx", "Milepæle", "B3", 2)
    site.sync(NEXT_DAY)
    mended(site, "a.xlsx", "Milepæle", "B3", 8)
    result = site.sync(DAY_AFTER)
    seen = {line.notice.code: line.first_seen for line in overview_of(result).notices}
    assert seen == {"CEL-02": TODAY, "MIL-02": DAY_AFTER}


def test_the_overview_and_the_workbook_tell_the_same_first_day(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    site.sync(NEXT_DAY)
    lines = table(site.overview.read_bytes(), "Advarsler")
    assert {line["Først set"].date() for line in lines} == {TODAY}
    assert {row[7] for row in site.page("a.xlsx")[3:]} == {"23-11-2026"}


def test_each_run_is_recorded(site: Site, asked: Asked) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    (site.sheets / "~$a.xlsx").write_bytes(b"")
    mended(site, "a.xlsx", "Milepæle", "B3", 2)
    site.sync(hour=9)
    rows = asked("SELECT started_at, outcome, workbooks, fejl, advarsel, info FROM run")
    assert rows == [
        ("2026-11-23T08:00:00+01:00", "done", 1, 2, 0, 0),
        ("2026-11-23T09:00:00+01:00", "problems", 1, 1, 0, 0),
    ]
    with History(site.settings().state) as history:
        run = history.runs.last()
    assert run is not None
    assert [path for path, _ in run.problems] == ["a.xlsx"]


def garbage(content: bytes) -> bytes:
    return b"garbage " * 900


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def short(content: bytes) -> bytes:
    return content[:50]


def scrambled(content: bytes) -> bytes:
    return content[:4096] + bytes(255 - byte for byte in content[4096:8192]) + content[8192:]


@pytest.mark.parametrize("damage", [garbage, cut, short, scrambled])
def test_a_damaged_file_costs_the_history_only(
    site: Site, damage: Callable[[bytes], bytes]
) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    before = site.bytes_of_workbooks()
    site.database.write_bytes(damage(site.database.read_bytes()))
    answer = site.command("sync", "--remember", "--today", TODAY.isoformat())
    assert answer.code == 0
    assert "history was damaged" in answer.err
    assert site.bytes_of_workbooks() == before
    assert (site.state / "helhedsplan.damaged").exists()
    assert "damaged" not in site.command("sync").err
    assert "VAP-2025: 2 fejl" in site.command("status").out


def test_a_file_without_a_version_is_laid_aside(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    site.asked("PRAGMA user_version = 0")
    assert site.sync().history.was_lost
    assert not site.sync().history.was_lost


def test_an_emptied_file_is_told(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    site.database.write_bytes(b"")
    assert site.sync().history.was_lost


def test_half_made_tables_are_no_end(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.state.mkdir()
    site.asked("CREATE TABLE run (id INTEGER PRIMARY KEY)")
    assert site.command("sync").code == 0


def test_missing_tables_are_no_end(site: Site, asked: Asked) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    asked("DROP TABLE finding")
    assert site.command("sync").code == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"\x81\xa7checked\xc0", b"\xc1"],
    ids=["none", "bytes", "nothing", "odd"],
)
def test_a_damaged_reading_is_read_anew(site: Site, asked: Asked, content: bytes) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    site.age()
    site.sync()
    asked("UPDATE workbook SET content = ?", content)
    result = site.sync()
    assert (result.read, result.counts.total()) == (1, 2)


@pytest.mark.parametrize("lay", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_no_history(site: Site, lay: Callable[[Path], None]) -> None:
    site.put("a.xlsx", book())
    site.state.mkdir(mode=0o700)
    lay(site.database)
    for command in ("sync", "status", "doctor"):
        answer = process(command, "--config", site.config)
        assert answer.code == 3
        assert f"{site.database} er ikke en almindelig fil." in answer.out + answer.err


def test_a_state_folder_that_is_a_file_is_told(site: Site) -> None:
    site.put("a.xlsx", book())
    site.state.write_text("no folder")
    answer = site.command("sync")
    assert answer.code in {2, 3}


def test_a_state_file_that_is_in_use_is_told(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    with contextlib.closing(sqlite3.connect(site.database, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        assert site.command("sync").code == 3


def test_status_before_the_first_run(site: Site) -> None:
    answer = site.command("status")
    assert (answer.code, answer.out) == (0, "Kontrollen har ikke kørt endnu.\n")


@pytest.mark.usefixtures("asked")
def test_status_tells_the_last_run_and_what_is_open(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", book(plan=NOEJSOMHED, cells={"Indsatser!I2": "'1.600.000"}))
    gone = site.put("c.xlsx", book(plan={"Plan-id": "C-1", "Boligområde": "Tibberupparken",
                                          "Boligorganisation": "Nordkysten"}))  # fmt: skip
    site.sync()
    gone.unlink()
    (site.sheets / "~$a.xlsx").write_bytes(b"")
    mended(site, "a.xlsx", "Milepæle", "B3", 2)
    site.sync(NEXT_DAY)
    lines = site.command("status").out.splitlines()
    assert lines[0].startswith("Sidste kontrol: 24. november 2026 kl. 8.00, gennemført, men")
    assert lines[1].startswith("2 regneark: 1 fejl, ")
    assert "  VAP-2025: 1 fejl, 2 advarsler og 0 info" in lines
    assert any(line.startswith("  a.xlsx: Regnearket er åbent hos ") for line in lines)
    assert "  c.xlsx: regnearket har manglet siden 24. november 2026" in lines


@pytest.mark.usefixtures("asked")
def test_what_is_gone_is_not_open(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    file.rename(site.sheets / "nyt navn.xlsx")
    site.sync(NEXT_DAY)
    assert "VAP-2025: 2 fejl" in site.command("status").out


@pytest.mark.usefixtures("asked")
def test_status_counts_what_the_run_counts(site: Site) -> None:
    alike = {f"Indsatser!{c}{r}": "" for c in "E" for r in (2, 3)} | {"Indsatser!A3": "1"}
    site.put("a.xlsx", book(cells=alike))
    result = site.sync()
    with History(site.settings().state) as history:
        assert history.findings.open_by_plan() == {"VAP-2025": result.counts}


def test_no_cell_text_stands_in_the_tables_of_runs_and_findings(site: Site, asked: Asked) -> None:
    cells = {"Indsatser!I2": f"'{SECRET}", "Indsatser!A3": f"'{SECRET}", "Noter!B3": CPR,
             "Medarbejdere!A2": f"'{CPR}", "Godkendelser!B3": f"'{SECRET} {CPR}",
             "Indsatser!H4": f"'{SECRET}"}  # fmt: skip
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    for name in ("finding", "run", "fact", "sighting"):
        text = repr(asked(f"SELECT * FROM {name}"))
        assert SECRET not in text
        assert CPR not in text


@pytest.mark.parametrize(
    "cells",
    [{"Medarbejdere!A2": f"'Ida {CPR}"}, {"Plan!B2": f"'P {CPR}"}, {"Medarbejdere!F2": f"'{CPR}"}],
    ids=["a name", "the Plan-id", "an e-mail address"],
)
def test_no_cpr_number_stands_in_the_state(site: Site, cells: dict[str, str]) -> None:
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    assert CPR.encode() not in site.database.read_bytes()
