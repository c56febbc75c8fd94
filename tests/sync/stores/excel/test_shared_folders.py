"""What lies in shared folders beside plain workbooks: placeholders, copies, odd names and files."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import pytest

from sync.overview.model import BookState
from sync.stores.excel.cloud_placeholders import marked_as_placeholder
from tests.sync.helpers import CPR, Site, book, process, table
from tests.sync.somebody import NOBODY, give, let_through, needs_root, run_by_nobody

WRONG = {"Milepæle!B3": "9"}

AREAS = ("Vapnagaard", "Nøjsomhed")
GOOD = book()


def reasons(site: Site) -> dict[str, str]:
    """The explanations of the tab Regneark."""
    return {row["Regneark"]: row["Forklaring"] or "" for row in table_of_books(site)}


def table_of_books(site: Site) -> list[dict[str, str]]:
    return table(site.overview.read_bytes(), "Regneark")


# cloud-only placeholders


def holes_are_possible(folder: Path) -> bool:
    file = folder / "hole"
    with file.open("wb") as opened:
        opened.truncate(50_000)
    blocks = file.stat().st_blocks
    file.unlink()
    return blocks == 0 and hasattr(os, "SEEK_DATA")


def test_a_file_without_content_on_this_machine_is_skipped_with_the_reason(site: Site) -> None:
    if not holes_are_possible(site.root):
        pytest.skip("the file system of the tests has no files without blocks")
    with (site.sheets / "a.xlsx").open("wb") as opened:
        opened.truncate(50_000)
    site.put("b.xlsx", GOOD)
    answer = site.check()
    assert [one["name"] for one in answer.json["workbooks"]] == ["b.xlsx"]
    assert "a.xlsx: Filen ligger kun i skyen." in answer.err
    site.sync()
    assert reasons(site)["a.xlsx"].startswith("Filen ligger kun i skyen.")
    assert {row["Regneark"]: row["Tilstand"] for row in table_of_books(site)}["a.xlsx"] == (
        "Sprunget over"
    )


def test_a_small_sparse_or_half_filled_file_is_looked_at(site: Site) -> None:
    with (site.sheets / "a.xlsx").open("wb") as opened:
        opened.write(b"x")
        opened.truncate(50_000)
    (site.sheets / "b.xlsx").write_bytes(b"")
    assert site.check().codes == ["STR-03", "STR-03"]


@pytest.mark.parametrize(
    ("attributes", "is_marked"),
    [
        (0x20, False), (0x400, False), (0x80000, False), (0x100000, False), (0, False),
        (0x1000, True), (0x40000, True), (0x400000, True), (0x400020 | 0x400, True),
    ],
)  # fmt: skip
def test_windows_attributes_tell_what_would_be_fetched(attributes: int, is_marked: bool) -> None:
    """Archive, reparse point, pinned and unpinned files are there; offline and recalled are not."""
    assert marked_as_placeholder(attributes) is is_marked


@pytest.mark.parametrize("ending", [".nextcloud", ".owncloud"])
def test_virtual_files_are_named(site: Site, ending: str) -> None:
    (site.sheets / f"a.xlsx{ending}").write_bytes(b" ")
    (site.sheets / f"a.docx{ending}").write_bytes(b" ")
    site.sync()
    assert list(reasons(site)) == [f"a.xlsx{ending}"]
    assert reasons(site)[f"a.xlsx{ending}"].startswith("Filen ligger kun i skyen.")


def test_an_icloud_file_is_hidden_and_named_all_the_same(site: Site) -> None:
    (site.sheets / ".a.xlsx.icloud").write_bytes(b" ")
    (site.sheets / ".a.docx.icloud").write_bytes(b" ")
    site.sync()
    assert reasons(site)[".a.xlsx.icloud"].startswith("Filen ligger kun i skyen.")


def test_what_is_there_is_read_also_where_its_placeholder_was_left(site: Site) -> None:
    site.put("a.xlsx", book())
    for name in ("a.xlsx.nextcloud", ".a.xlsx.icloud"):
        (site.sheets / name).write_bytes(b" ")
    assert site.sync().read == 1


def test_copies_of_the_jobs_own_files_are_no_plans(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Indsatser!I2": "'x"}))
    site.sync()
    for name in ("Overblik (1).xlsx", "Kopi af Overblik.xlsx", "Overblik 2026-12-01.xlsx"):
        site.put(f"hentet/{name}", site.overview.read_bytes())
    site.put("Undtagelser - Kopi.xlsx", (site.root / "Undtagelser.xlsx").read_bytes())
    before = site.bytes_of_workbooks()
    report = site.sync()
    assert (report.tally.workbooks, report.problems) == (1, [])
    assert site.bytes_of_workbooks() == before


def test_a_placeholder_is_no_reason_to_take_away_what_stands_beside_it(site: Site) -> None:
    if not holes_are_possible(site.root):
        pytest.skip("the file system of the tests has no files without blocks")
    file = site.put("a.xlsx", book(cells={"Indsatser!I2": "'x", "Indsatser!K2": "=SUM(1)"}))
    site.sync()
    with file.open("wb") as opened:
        opened.truncate(50_000)
    site.sync()
    assert (site.sheets / "a – advarsler.xlsx").exists()


# who may read and write

AS_NOBODY = """
import os, sys
from pathlib import Path
from tests.sync.helpers import Site, book
warm, root = Site(Path(sys.argv[1])), Site(Path(sys.argv[2]))
warm.put("a.xlsx", book())
warm.sync()
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for one in root.sync().problems:
    print(*one)
"""


def problems_as_nobody(site: Site, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(folder / "warm"), str(site.root)],
        capture_output=True, check=False, text=True, timeout=60, cwd=Path(__file__).parents[4],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site in which anybody may do anything."""
    root = tmp_path_factory.mktemp("open")
    temporary = Path(tempfile.gettempdir()).resolve()
    for place in (root, *root.parents):
        if temporary in place.parents:
            place.chmod(place.stat().st_mode | 0o755)
    site = Site(root / "site")
    site.state.mkdir()
    for place in (root, site.root, site.sheets, site.state):
        place.chmod(0o777)
    return site


@pytest.mark.slow
def test_a_file_that_may_not_be_read_says_what_to_do(open_site: Site) -> None:
    file = open_site.put("a.xlsx", GOOD)
    file.chmod(0)
    answer = problems_as_nobody(open_site, open_site.root.parent)
    assert answer == "a.xlsx Kontrollen må ikke læse filen. Giv den adgang.\n"


@pytest.mark.slow
def test_a_folder_that_may_not_be_written_is_reported_with_its_findings(open_site: Site) -> None:
    open_site.put("a.xlsx", book(cells={"Indsatser!I2": "'x"})).chmod(0o666)
    open_site.sheets.chmod(0o555)
    answer = problems_as_nobody(open_site, open_site.root.parent)
    open_site.sheets.chmod(0o777)
    assert answer.startswith("a.xlsx ")
    assert "må kontrollen ikke gemme filer" in answer
    assert [file.name for file in open_site.sheets.iterdir()] == ["a.xlsx"]


def test_a_read_only_file_is_left_alone_even_by_who_could_replace_it(site: Site) -> None:
    data = book(cells={"Indsatser!I2": "'x"})
    file = site.put("a.xlsx", data)
    file.chmod(0o444)
    (problem,) = site.sync().problems
    assert problem[1].startswith("Filen er skrivebeskyttet. Højreklik på filen")
    assert file.read_bytes() == data


# conflict copies

COPIES = [
    ("Plan-DESKTOP-4F2K9.xlsx", "Plan.xlsx", "ligner en kopi af »Plan.xlsx«"),
    ("Plan (1).xlsx", "Plan.xlsx", "ligner en kopi af »Plan.xlsx«"),
    ("Plan.xlsx", "Plan_conflict-20261123-101500.xlsx", "ligner en kopi af »Plan.xlsx«"),
    ("Kopi af Plan.xlsx", "Plan.xlsx", "ligner en kopi af »Plan.xlsx«"),
    ("Plan.xlsx", "arkiv og gammelt/Plan - kopi.xlsx", ""),
    ("Nord.xlsx", "Syd.xlsx", "»Nord.xlsx« har samme Plan-id og boligområde"),
]


@pytest.mark.parametrize(("first", "second", "reason"), COPIES, ids=[two for _, two, _ in COPIES])
def test_a_copy_is_named_as_one(site: Site, first: str, second: str, reason: str) -> None:
    site.put(first, GOOD)
    site.put(second, GOOD)
    lines = site.shown().books
    told = [line.reason for line in lines if line.reason]
    assert len(told) == 1
    assert reason in told[0]
    assert "kopi" in told[0] or reason.startswith("»Nord")


# odd names

BACKWARDS = "\N{RIGHT-TO-LEFT OVERRIDE}xslx.nalP.xlsx"
ODD_NAMES = [
    "linje\nskift.xlsx", "\x1b[31mrød.xlsx", "\x9b31m.xlsx", BACKWARDS, "[bold]fed[bold].xlsx",
    "a\tb.xlsx", "\u2028ny linje.xlsx", "=1+1.xlsx", "-rf.xlsx", "%s %d {x}.xlsx", "punktum..xlsx",
    f"{CPR}.xlsx", "<script>.xlsx", "L" * 250 + ".xlsx", "klokke\x07\x08\x08.xlsx",
]  # fmt: skip
WITH_FINDING = book(cells={"Indsatser!I2": "'x"})


def is_harmless(text: str) -> bool:
    return all(c.isprintable() or c in "\n \u00a0" for c in text) and CPR not in text


@pytest.fixture
def odd_site(site: Site) -> Site:
    for number, name in enumerate(ODD_NAMES):
        if number % 3 == 0:
            site.put(name, b"none")
        else:
            area = AREAS[number % 2]
            plan = {"Plan-id": f"P-{number}", "Boligområde": area}
            site.put(name, book(plan=plan, cells={"Indsatser!I2": "'x"}))
    return site


@pytest.mark.slow
def test_odd_names_are_harmless_on_the_terminal(odd_site: Site) -> None:
    check = process("check", odd_site.sheets, "--today", "2026-11-23")
    assert "Traceback" not in check.err
    assert is_harmless(check.out + check.err)
    assert len([line for line in check.out.split("\n") if line[:1] not in {" ", ""}]) == (
        len(ODD_NAMES) + 1
    )
    sync = odd_site.command("sync")
    assert is_harmless(sync.out + sync.err)
    assert len([line for line in sync.out.split("\n") if "written" in line]) == len(ODD_NAMES)
    assert is_harmless(odd_site.command("status").out)


def test_odd_names_are_whole_in_json_and_harmless_as_text(odd_site: Site) -> None:
    answer = odd_site.check()
    assert is_harmless(answer.out)
    names = {one["name"] for one in answer.json["workbooks"]}
    assert names >= {name for name in ODD_NAMES if CPR not in name}


def test_odd_names_are_harmless_in_the_overview_and_beside(odd_site: Site) -> None:
    odd_site.sync()
    files = [odd_site.overview, *odd_site.sheets.glob("*advarsler.xlsx")]
    assert len(files) > len(ODD_NAMES) // 3
    for file in files:
        for sheet in openpyxl.load_workbook(file).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    assert is_harmless(str(cell.value or "").replace("\t", ""))


def test_odd_names_are_one_line_each_in_the_problems(site: Site) -> None:
    for name in ODD_NAMES:
        (site.sheets / name).symlink_to(site.root / "nowhere")
    answer = site.check()
    assert answer.code == 3
    assert is_harmless(answer.err)
    assert len(answer.err.strip().split("\n")) == len(ODD_NAMES)


def test_a_hostile_lock_file_is_one_harmless_line(site: Site) -> None:
    site.put("a.xlsx", WITH_FINDING)
    owner = f"\x1b[2J{BACKWARDS}\nb.xlsx: alt er vel {CPR}"
    (site.sheets / ".~lock.a.xlsx#").write_bytes(f",{owner},pc,i dag,x;".encode())
    answer = site.command("sync")
    assert is_harmless(answer.err)
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("a.xlsx: Regnearket er åbent hos [2J")


# special files


@pytest.mark.slow
def test_special_files_and_loops_are_named_and_never_opened(site: Site) -> None:
    os.mkfifo(site.sheets / "fifo.xlsx")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(site.sheets, os.O_RDONLY)
        back = Path.cwd()
        try:
            os.fchdir(here)
            listener.bind("socket.xlsx")
        finally:
            os.chdir(back)
            os.close(here)
        (site.sheets / "loop.xlsx").symlink_to("loop.xlsx")
        (site.sheets / "self").symlink_to(".")
        (site.sheets / "up").symlink_to(site.root)
        (site.sheets / "nowhere.xlsx").symlink_to("/dev/zero")
        (site.sheets / "folder.xlsx").mkdir()
        site.put("a.xlsx", GOOD)
        answer = process("sync", "--config", site.config)
    assert "Traceback" not in answer.err
    told = reasons(site)
    assert set(told) == {
        "a.xlsx", "fifo.xlsx", "socket.xlsx", "loop.xlsx", "self", "up", "nowhere.xlsx",
    }  # fmt: skip
    assert all(reason for name, reason in told.items() if name != "a.xlsx")
    shutil.rmtree(site.sheets / "folder.xlsx")


def test_a_side_workbook_is_never_written_through_a_link(site: Site) -> None:
    victim = site.root / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    (site.sheets / "a – advarsler.xlsx").symlink_to(victim)
    (site.sheets / "b – advarsler.xlsx").mkdir()
    os.mkfifo(site.sheets / "c – advarsler.xlsx")
    refused = book(cells={"Indsatser!I2": "'x", "Indsatser!K2": "=SUM(1)"})
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        site.put(name, refused)
    problems = dict(site.sync().problems)
    assert victim.read_text(encoding="utf-8") == "mine"
    assert (site.sheets / "a – advarsler.xlsx").is_symlink()
    assert all("er ikke kontrollens" in problems[name] for name in ("a.xlsx", "b.xlsx", "c.xlsx"))


BINS = [
    "#recycle", "@Recycle", "@eaDir", "$RECYCLE.BIN", "System Volume Information", ".snapshot",
    "~snapshot", ".Trash-1000", ".skjult",
]  # fmt: skip


@pytest.mark.parametrize("name", BINS)
def test_what_a_share_keeps_for_itself_is_left_alone(site: Site, name: str) -> None:
    site.put("Plan.xlsx", book(cells=WRONG))
    inside = site.put(f"{name}/Plan.xlsx", book(cells=WRONG))
    leftover = inside.with_name("~$helhedsplan-0123456789abcdef.tmp")
    leftover.touch()
    before = inside.read_bytes()
    result = site.sync()
    assert (result.written, result.problems) == (["Plan.xlsx"], [])
    assert sorted(inside.parent.iterdir()) == sorted([inside, leftover])
    assert inside.read_bytes() == before


@pytest.mark.parametrize("ending", ["ods", "xlsb", "numbers", "csv", "ODS"])
def test_a_workbook_in_another_format_is_told(site: Site, ending: str) -> None:
    file = site.put(f"Plan.{ending}", b"PK or anything")
    (line,) = site.shown().books
    assert (line.path, line.state) == (file.name, BookState.UNREADABLE)
    assert ".xlsx" in line.reason
    site.put("Plan.xlsx", book())
    (line,) = site.shown().books
    assert (line.path, line.state) == ("Plan.xlsx", BookState.CHECKED)


@pytest.mark.slow
@needs_root
def test_a_folder_that_may_not_be_opened_hides_nothing_else(site: Site) -> None:
    """Its workbooks stand as they were seen last, and nobody calls them missing."""
    site.put("Nord/Plan.xlsx", book(plan={"Plan-id": "P-1"}, cells=WRONG))
    site.put("Syd/Plan.xlsx", book(plan={"Plan-id": "P-2"}, cells=WRONG))
    assert not site.sync().problems
    give(site.root, NOBODY)
    let_through(site.root)
    (site.sheets / "Nord").chmod(0)

    said = run_by_nobody(site.root).splitlines()
    assert [line for line in said if line.startswith("book")] == [
        "book: Nord Sprunget over",
        "book: Nord/Plan.xlsx Sprunget over",
        "book: Syd/Plan.xlsx Kontrolleret",
    ]
    assert said[0] == "problem: Nord Mappen kan ikke åbnes. Giv kontrollen adgang."


@pytest.mark.slow
@needs_root
def test_a_folder_that_may_not_be_entered_is_no_empty_one(site: Site) -> None:
    """Its names can be listed, and nothing behind them can be looked at."""
    site.put("Plan.xlsx", book())
    give(site.root, NOBODY)
    let_through(site.root)
    site.sheets.chmod(0o444)
    said = run_by_nobody(site.root)
    assert "problem: Plan.xlsx Kontrollen må ikke læse filen. Giv den adgang." in said
