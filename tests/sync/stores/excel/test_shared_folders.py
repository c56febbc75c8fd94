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

from sync.stores.excel.cloud_placeholders import marked_as_placeholder
from tests.sync.helpers import CPR, House, book, process, table

AREAS = ("Vapnagaard", "Nøjsomhed")
GOOD = book()


def reasons(house: House) -> dict[str, str]:
    """The explanations of the tab Regneark."""
    return {row["Regneark"]: row["Forklaring"] or "" for row in table_of_books(house)}


def table_of_books(house: House) -> list[dict[str, str]]:
    return table(house.overview.read_bytes(), "Regneark")


# cloud-only placeholders


def holes_are_possible(folder: Path) -> bool:
    file = folder / "hole"
    with file.open("wb") as opened:
        opened.truncate(50_000)
    blocks = file.stat().st_blocks
    file.unlink()
    return blocks == 0 and hasattr(os, "SEEK_DATA")


def test_a_file_without_content_on_this_machine_is_skipped_with_the_reason(house: House) -> None:
    if not holes_are_possible(house.root):
        pytest.skip("the file system of the tests has no files without blocks")
    with (house.sheets / "a.xlsx").open("wb") as opened:
        opened.truncate(50_000)
    house.put("b.xlsx", GOOD)
    said = house.check()
    assert [one["name"] for one in said.json["workbooks"]] == ["b.xlsx"]
    assert "a.xlsx: Filen ligger kun i skyen." in said.err
    house.sync()
    assert reasons(house)["a.xlsx"].startswith("Filen ligger kun i skyen.")
    assert {row["Regneark"]: row["Tilstand"] for row in table_of_books(house)}["a.xlsx"] == (
        "Sprunget over"
    )


def test_a_small_sparse_or_half_filled_file_is_looked_at(house: House) -> None:
    with (house.sheets / "a.xlsx").open("wb") as opened:
        opened.write(b"x")
        opened.truncate(50_000)
    (house.sheets / "b.xlsx").write_bytes(b"")
    assert house.check().codes == ["STR-03", "STR-03"]


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
def test_virtual_files_are_named(house: House, ending: str) -> None:
    (house.sheets / f"a.xlsx{ending}").write_bytes(b" ")
    (house.sheets / f"a.docx{ending}").write_bytes(b" ")
    house.sync()
    assert list(reasons(house)) == [f"a.xlsx{ending}"]
    assert reasons(house)[f"a.xlsx{ending}"].startswith("Filen ligger kun i skyen.")


def test_a_placeholder_is_no_reason_to_take_away_what_stands_beside_it(house: House) -> None:
    if not holes_are_possible(house.root):
        pytest.skip("the file system of the tests has no files without blocks")
    file = house.put("a.xlsx", book(cells={"Indsatser!I2": "'x", "Indsatser!K2": "=SUM(1)"}))
    house.sync()
    with file.open("wb") as opened:
        opened.truncate(50_000)
    house.sync()
    assert (house.sheets / "a – advarsler.xlsx").exists()


# who may read and write

AS_NOBODY = """
import os, sys
from pathlib import Path
from tests.sync.helpers import House, book
warm, root = House(Path(sys.argv[1])), House(Path(sys.argv[2]))
warm.put("a.xlsx", book())
warm.sync()
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for one in root.sync().problems:
    print(*one)
"""


def problems_as_nobody(house: House, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(folder / "warm"), str(house.root)],
        capture_output=True, check=False, text=True, timeout=60, cwd=Path(__file__).parents[4],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def open_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house in which anybody may do anything."""
    root = tmp_path_factory.mktemp("open")
    temporary = Path(tempfile.gettempdir()).resolve()
    for place in (root, *root.parents):
        if temporary in place.parents:
            place.chmod(place.stat().st_mode | 0o755)
    house = House(root / "house")
    house.state.mkdir()
    for place in (root, house.root, house.sheets, house.state):
        place.chmod(0o777)
    return house


def test_a_file_that_may_not_be_read_says_what_to_do(open_house: House) -> None:
    file = open_house.put("a.xlsx", GOOD)
    file.chmod(0)
    said = problems_as_nobody(open_house, open_house.root.parent)
    assert said == "a.xlsx Kontrollen må ikke læse filen. Giv den adgang.\n"


def test_a_folder_that_may_not_be_written_is_reported_with_its_findings(open_house: House) -> None:
    open_house.put("a.xlsx", book(cells={"Indsatser!I2": "'x"})).chmod(0o666)
    open_house.sheets.chmod(0o555)
    said = problems_as_nobody(open_house, open_house.root.parent)
    open_house.sheets.chmod(0o777)
    assert said.startswith("a.xlsx ")
    assert "må kontrollen ikke gemme filer" in said
    assert [file.name for file in open_house.sheets.iterdir()] == ["a.xlsx"]


def test_a_read_only_file_is_left_alone_even_by_who_could_replace_it(house: House) -> None:
    data = book(cells={"Indsatser!I2": "'x"})
    file = house.put("a.xlsx", data)
    file.chmod(0o444)
    (problem,) = house.sync().problems
    assert problem[1].startswith("Filen er skrivebeskyttet. Højreklik på filen")
    assert file.read_bytes() == data


# conflict copies

COPIES = [
    ("Plan-DESKTOP-4F2K9.xlsx", "Plan.xlsx", "»Plan-DESKTOP-4F2K9.xlsx« ligner en kopi af dette"),
    ("Plan (1).xlsx", "Plan.xlsx", "»Plan (1).xlsx« ligner en kopi af dette"),
    ("Plan.xlsx", "Plan_conflict-20261123-101500.xlsx", "ligner en kopi af »Plan.xlsx«"),
    ("Kopi af Plan.xlsx", "Plan.xlsx", "»Kopi af Plan.xlsx« ligner en kopi af dette regneark"),
    ("Plan.xlsx", "arkiv og gammelt/Plan - kopi.xlsx", ""),
    ("Nord.xlsx", "Syd.xlsx", "»Nord.xlsx« har samme Plan-id og boligområde"),
]


@pytest.mark.parametrize(("first", "second", "said"), COPIES, ids=[two for _, two, _ in COPIES])
def test_a_copy_is_named_as_one(house: House, first: str, second: str, said: str) -> None:
    house.put(first, GOOD)
    house.put(second, GOOD)
    lines = house.sync().overview.books
    told = [line.reason for line in lines if line.reason]
    assert len(told) == 1
    assert said in told[0]
    assert "kopi" in told[0] or said.startswith("»Nord")


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
def odd_house(house: House) -> House:
    for number, name in enumerate(ODD_NAMES):
        if number % 3 == 0:
            house.put(name, b"none")
        else:
            area = AREAS[number % 2]
            plan = {"Plan-id": f"P-{number}", "Boligområde": area}
            house.put(name, book(plan=plan, cells={"Indsatser!I2": "'x"}))
    return house


def test_odd_names_are_harmless_on_the_terminal(odd_house: House) -> None:
    check = process("check", odd_house.sheets, "--today", "2026-11-23")
    assert "Traceback" not in check.err
    assert is_harmless(check.out + check.err)
    assert len([line for line in check.out.split("\n") if line[:1] not in {" ", ""}]) == (
        len(ODD_NAMES) + 1
    )
    sync = odd_house.command("sync")
    assert is_harmless(sync.out + sync.err)
    assert len([line for line in sync.out.split("\n") if "written" in line]) == len(ODD_NAMES)
    assert is_harmless(odd_house.command("status").out)


def test_odd_names_are_whole_in_json_and_harmless_as_text(odd_house: House) -> None:
    said = odd_house.check()
    assert is_harmless(said.out)
    names = {one["name"] for one in said.json["workbooks"]}
    assert names >= {name for name in ODD_NAMES if CPR not in name}


def test_odd_names_are_harmless_in_the_overview_and_beside(odd_house: House) -> None:
    odd_house.sync()
    files = [odd_house.overview, *odd_house.sheets.glob("*advarsler.xlsx")]
    assert len(files) > len(ODD_NAMES) // 3
    for file in files:
        for sheet in openpyxl.load_workbook(file).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    assert is_harmless(str(cell.value or "").replace("\t", ""))


def test_odd_names_are_one_line_each_in_the_problems(house: House) -> None:
    for name in ODD_NAMES:
        (house.sheets / name).symlink_to(house.root / "nowhere")
    said = house.check()
    assert said.code == 3
    assert is_harmless(said.err)
    assert len(said.err.strip().split("\n")) == len(ODD_NAMES)


def test_a_hostile_lock_file_is_one_harmless_line(house: House) -> None:
    house.put("a.xlsx", WITH_FINDING)
    owner = f"\x1b[2J{BACKWARDS}\nb.xlsx: alt er vel {CPR}"
    (house.sheets / ".~lock.a.xlsx#").write_bytes(f",{owner},pc,i dag,x;".encode())
    said = house.command("sync")
    assert is_harmless(said.err)
    assert said.err.count("\n") == 1
    assert said.err.startswith("a.xlsx: Regnearket er åbent hos [2J")


# special files


def test_special_files_and_loops_are_named_and_never_opened(house: House) -> None:
    os.mkfifo(house.sheets / "fifo.xlsx")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(house.sheets, os.O_RDONLY)
        back = Path.cwd()
        try:
            os.fchdir(here)
            listener.bind("socket.xlsx")
        finally:
            os.chdir(back)
            os.close(here)
        (house.sheets / "loop.xlsx").symlink_to("loop.xlsx")
        (house.sheets / "self").symlink_to(".")
        (house.sheets / "up").symlink_to(house.root)
        (house.sheets / "nowhere.xlsx").symlink_to("/dev/zero")
        (house.sheets / "folder.xlsx").mkdir()
        house.put("a.xlsx", GOOD)
        said = process("sync", "--config", house.config)
    assert "Traceback" not in said.err
    told = reasons(house)
    assert set(told) == {
        "a.xlsx", "fifo.xlsx", "socket.xlsx", "loop.xlsx", "self", "up", "nowhere.xlsx",
    }  # fmt: skip
    assert all(reason for name, reason in told.items() if name != "a.xlsx")
    shutil.rmtree(house.sheets / "folder.xlsx")


def test_a_side_workbook_is_never_written_through_a_link(house: House) -> None:
    victim = house.root / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    (house.sheets / "a – advarsler.xlsx").symlink_to(victim)
    (house.sheets / "b – advarsler.xlsx").mkdir()
    os.mkfifo(house.sheets / "c – advarsler.xlsx")
    refused = book(cells={"Indsatser!I2": "'x", "Indsatser!K2": "=SUM(1)"})
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        house.put(name, refused)
    problems = dict(house.sync().problems)
    assert victim.read_text(encoding="utf-8") == "mine"
    assert (house.sheets / "a – advarsler.xlsx").is_symlink()
    assert all("er ikke kontrollens" in problems[name] for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
