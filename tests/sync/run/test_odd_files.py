"""Half files, files that grow, names as long as a file system allows and names that are no text."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.protection import WorkbookProtection

from sync.stores.base import Unreadable
from sync.stores.excel.reading import read_tabs
from sync.stores.files.shares import MOST_LEVELS
from sync.xlsx.zip_package import Limits
from tests.sync.helpers import Site, book, saved, table
from tests.sync.somebody import NOBODY, give, let_through, needs_root, run_by_nobody

WRONG = {"Milepæle!B3": "9"}
LONGEST = 255
GROWS = """
import sys, time
with open(sys.argv[1], "ab", buffering=0) as file:
    print(flush=True)
    while file.write(bytes(100_000)) and file.tell() < 3_000_000_000:
        time.sleep(0.001)
"""


def locked() -> bytes:
    """A workbook whose findings have to stand beside it."""
    workbook = openpyxl.load_workbook(io.BytesIO(book(cells=WRONG)))
    workbook.security = WorkbookProtection(lockStructure=True)
    return saved(workbook)


def test_a_workbook_that_ends_at_any_byte_is_unreadable() -> None:
    data = book(cells=WRONG)
    for length in range(0, len(data), 7):
        with pytest.raises(Unreadable):
            read_tabs(data[:length], Limits())


def test_half_files_get_a_sentence_each(site: Site) -> None:
    data = book(cells=WRONG)
    for number, length in enumerate((0, 3, 100, 5_000, len(data) - 1)):
        site.put(f"half{number}.xlsx", data[:length])
    site.put("zeros.xlsx", bytes(9_000))
    site.put("whole.xlsx", data)
    report = site.sync()
    assert report.written == ["whole.xlsx"]
    rows = {row["Regneark"]: row for row in table(site.overview.read_bytes(), "Regneark")}
    assert rows.pop("whole.xlsx")["Tilstand"] == "Kontrolleret"
    assert len(rows) == 6
    assert all(row["Forklaring"] for row in rows.values())
    assert "()" not in site.command("doctor").out


def test_a_file_that_grows_while_it_is_read_ends_no_run(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    file = site.put("b.xlsx", book())
    with subprocess.Popen([sys.executable, "-c", GROWS, file], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        try:
            assert site.check().code in {1, 3}
            assert site.sync().written == ["a.xlsx"]
        finally:
            writer.kill()


@pytest.mark.slow
@pytest.mark.parametrize("sign", ["a", "æ", "\N{GOTHIC LETTER AHSA}", "\N{COMBINING ACUTE ACCENT}"])
@pytest.mark.parametrize("is_locked", [False, True], ids=["written", "beside"])
def test_a_name_may_be_as_long_as_any(site: Site, sign: str, *, is_locked: bool) -> None:
    name = sign * ((LONGEST - len(".xlsx")) // len(sign.encode())) + ".xlsx"
    site.put(name, locked() if is_locked else book(cells=WRONG))
    report = site.sync()
    assert report.written == [name]
    assert report.problems == [] or is_locked
    assert len(list((site.state / "copies").rglob("*.xlsx"))) == 1
    beside = [file for file in site.sheets.iterdir() if file.name != name]
    assert len(beside) == is_locked
    for command in ("sync", "status", "check", "doctor"):
        assert name not in site.command(command).err
    assert site.command("restore", site.sheets / name, "--version", "1").code == 0


NO_TEXTS = [b"Plan \xe6\xf8\xe5.xlsx", b"\xff" * 250 + b".xlsx", b"\xe6/Plan.xlsx", b"\xe6.ods"]


def lay_names_that_are_no_text(site: Site) -> None:
    for name in NO_TEXTS:
        path = Path(os.fsdecode(os.fsencode(site.sheets) + b"/" + name))
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(book())
        except OSError:
            pytest.skip("the file system of the tests holds only names that are text")


def test_a_name_that_is_no_text_is_told_readably(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    lay_names_that_are_no_text(site)
    report = site.sync()
    assert report.written == ["a.xlsx"]
    assert len(report.problems) == len(NO_TEXTS)
    answer = site.command("sync")
    assert answer.err.count("Filens navn kan ikke læses. Giv filen et nyt navn.") == len(NO_TEXTS)
    assert "Plan \N{REPLACEMENT CHARACTER}" in answer.err
    for command in ("status", "check", "doctor", "history export"):
        site.command(command).out.encode()


@pytest.mark.slow
@needs_root
def test_a_folder_that_is_closed_and_whose_name_is_no_text_is_told(site: Site) -> None:
    lay_names_that_are_no_text(site)
    give(site.root, NOBODY)
    let_through(site.root)
    Path(os.fsdecode(os.fsencode(site.sheets) + b"/\xe6")).chmod(0)
    answer = run_by_nobody(site.root)
    assert "problem: \N{REPLACEMENT CHARACTER} Mappen kan ikke åbnes." in answer


def test_what_a_run_left_beside_any_of_its_files_goes(site: Site) -> None:
    """Once it stayed for ever where only the status, the calendar or Undtagelser lie."""
    site.put("a.xlsx", book())
    site.configure(
        '[overview]\npage = "p/O.html"\ncalendar = "c/F.ics"\n[waivers]\nfile = "w/U.xlsx"\n'
        '[monitoring]\nstatus_file = "m/status.json"\n'
    )
    site.sync()
    left = [site.root / folder / "~$helhedsplan-x.tmp" for folder in ("p", "c", "w", "m", "sheets")]
    for file in left:
        file.write_bytes(b"half")
    site.sync()
    assert not any(file.exists() for file in left)
    site.configure()
    (site.state / "~$helhedsplan-x.tmp").write_bytes(b"half")
    site.sync()
    assert not list(site.state.glob("*.tmp"))


def test_folders_that_lie_too_deep_are_told(site: Site) -> None:
    """Once a thousand in each other ended every run."""
    site.put("a.xlsx", book(cells=WRONG))
    site.put("/".join("d" * (MOST_LEVELS + 2)) + "/b.xlsx", book(plan={"Plan-id": "P-2"}))
    site.put("/".join("e" * MOST_LEVELS) + "/c.xlsx", book(plan={"Plan-id": "P-3"}, cells=WRONG))
    report = site.sync()
    assert [Path(name).name for name in report.written] == ["a.xlsx", "c.xlsx"]
    deepest = "/".join("d" * MOST_LEVELS)
    assert report.problems == [(deepest, "Mapperne i den ligger for dybt. Flyt dem højere op.")]


def test_a_path_that_is_too_long_for_a_link_is_text(site: Site) -> None:
    """Excel calls a workbook damaged in which a link leads to more than 2,079 characters."""
    folders = "/".join(["æ" * 120] * 3)
    site.put(f"{folders}/a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", book(plan={"Plan-id": "P-2"}, cells=WRONG))
    site.sync()
    assert f"{folders}/a.xlsx" in [
        row["Regneark"] for row in table(site.overview.read_bytes(), "Regneark")
    ]
    with zipfile.ZipFile(site.overview) as overview:
        parts = [name for name in overview.namelist() if name.endswith(".rels")]
        targets = b"".join(overview.read(name) for name in parts)
    assert b"sheets/b.xlsx" in targets
    assert all(len(target) <= 2_079 for target in re.findall(rb'Target="([^"]*)"', targets))
