"""`new` and `demo`: what they make is what the job itself would ask for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rules.model.shipped import SHIPPED
from rules.model.tables import ACTIVITIES
from rules.text.cell_names import column_letters
from sync.workbook_tools.demo import make_demo
from tests.sync.helpers import (  # fmt: skip
    TODAY,
    Site,
    control_of,
    helhedsplan,
    page_of,
    process,
    table,
    values_by_openpyxl,
)

ARGUMENTS = ("--area", "Vapnagaard", "--plan", "VAP-2027")
TABS = ["Plan", "Forberedelse", "Indsatser", "Finansiering", "Godkendelser", "Medarbejdere",
        "Milepæle"]  # fmt: skip


def new(file: Path, *arguments: str) -> Any:
    return helhedsplan("new", file, *arguments)


def checked(*paths: Path) -> Any:
    return helhedsplan("check", *paths, "--format", "json")


@pytest.mark.parametrize("area", [area.name for area in SHIPPED.areas])
def test_a_new_workbook_has_nothing_to_mend_in_it(tmp_path: Path, area: str) -> None:
    file = tmp_path / "ny.xlsx"
    answer = new(file, "--area", area, "--plan", "P-2027")
    assert (answer.code, answer.out) == (0, f"Made {file}\n")
    found = checked(file)
    assert not [code for code in found.codes if code[:3] in {"STR", "CEL", "PLA", "GDP"}]
    assert found.json["workbooks"][0]["area"] == area
    assert openpyxl.load_workbook(file).sheetnames[:7] == TABS


def test_everything_that_was_said_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "ny.xlsx"
    answer = new(
        file, "--area", "vapnagård ", "--plan", "VAP-2027", "--name", "Vores plan",
        "--start", "2027-03-01", "--end", "2031-02-28", "--programme", "2019-26",
        "--contact", "Mette Holm", "--email", "mette@boliggaarden.example",
    )  # fmt: skip
    assert answer.code == 0
    cells = values_by_openpyxl(file.read_bytes())
    form = {cells["Plan", f"A{row}"]: cells.get(("Plan", f"B{row}")) for row in range(4, 15)}
    assert form == {
        "Plan-id": "VAP-2027", "Plannavn": "Vores plan", "Boligområde": "Vapnagaard",
        "Boligorganisation": "Boliggården", "Øvrige boligorganisationer": None,
        "Program": "2019-26", "Startdato": form["Startdato"], "Slutdato": form["Slutdato"],
        "Planstatus": "Under udarbejdelse", "Kontaktperson": "Mette Holm",
        "E-mail": "mette@boliggaarden.example",
    }  # fmt: skip
    assert (form["Startdato"].date(), form["Slutdato"].date()) == (
        date(2027, 3, 1), date(2031, 2, 28),
    )  # fmt: skip
    years = [cells["Finansiering", f"{column}3"] for column in "EFGHI"]
    assert years == [2027, 2028, 2029, 2030, 2031]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--area", "Vapnegaard", "--plan", "X"), "did you mean Vapnagaard?"),
        (("--area", "Paris", "--plan", "X"), "one of: Vapnagaard, Nøjsomhed"),
        ((*ARGUMENTS, "--programme", "2011-15"), "--programme 2011-15: did you mean 2011-14?"),
        ((*ARGUMENTS, "--start", "1-3-2027"), "--start 1-3-2027: write the day as YYYY-MM-DD"),
        ((*ARGUMENTS, "--end", "2027-02-29"), "--end 2027-02-29"),
        ((*ARGUMENTS, "--start", "2027-03-01", "--end", "2027-02-28"), "--end: is before --start"),
        ((*ARGUMENTS, "--start", "2059-01-01"), "2059-01-01"),
        (("--plan", "X"), "--area"),
        (("--area", "Vapnagaard"), "--plan"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    answer = new(tmp_path / "ny.xlsx", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert named in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ny.xlsx", "ny", "NY.XLSX"])
def test_nothing_is_ever_overwritten(tmp_path: Path, name: str) -> None:
    assert new(tmp_path / name, *ARGUMENTS).code == 0
    (made,) = tmp_path.iterdir()
    assert made.suffix.casefold() == ".xlsx"
    made.write_bytes(b"staff's own")
    answer = new(tmp_path / name, *ARGUMENTS)
    assert answer.code == 2
    assert "exists already" in answer.err
    assert made.read_bytes() == b"staff's own"


REFUSED = [
    # the file's name, further arguments, what is said
    ("ny.xls", (), "a new workbook is an .xlsx; write ny.xlsx"),
    (
        "ny.xlsx",
        ("--programme", "2019-26", "--start", "2015-01-01"),
        "write one of: 2011-14, 2015-18",
    ),
    ("ny.xlsx", ("--programme", "2011-14"), "is not of the years in which the plan begins"),
    ("mappe/ny.xlsx", (), "There is no folder"),
]


@pytest.mark.parametrize(("name", "arguments", "says"), REFUSED)
def test_what_cannot_be_meant_is_refused_before_anything_is_made(
    tmp_path: Path, name: str, arguments: tuple[str, ...], says: str
) -> None:
    answer = new(tmp_path / name, *ARGUMENTS, *arguments)
    assert answer.code == 2
    assert says in answer.out + answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made_for_who_says_yes(tmp_path: Path) -> None:
    assert new(tmp_path / "mappe" / "ny.xlsx", *ARGUMENTS, "--yes").code == 0


def test_a_plan_has_one_workbook_for_an_area(site: Site) -> None:
    site.command("new", site.sheets / "a.xlsx", *ARGUMENTS)
    answer = site.command("new", site.sheets / "b.xlsx", *ARGUMENTS)
    assert answer.code == 2
    assert "a.xlsx: is the workbook of VAP-2027 for Vapnagaard already" in answer.err
    other = ("--area", "Nøjsomhed", "--plan", "VAP-2027")
    assert site.command("new", site.sheets / "b.xlsx", *other).code == 0


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = new(tmp_path / "file" / "ny.xlsx", *ARGUMENTS)
    assert answer.code == 3
    assert "Traceback" not in answer.err


def test_what_is_typed_never_becomes_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "ny.xlsx"
    new(file, "--area", "Vapnagaard", "--plan", "=1+1", "--name", "@SUM(1)", "--contact", "+45 1")
    sheet = openpyxl.load_workbook(file)["Plan"]
    assert [sheet[place].data_type for place in ("B4", "B5", "B13")] == ["s", "s", "s"]


def test_the_configurations_areas_count(site: Site) -> None:
    site.configure('[[areas]]\nname = "Nordhavn"\norganisation = "Nordkysten"')
    file = site.sheets / "nord.xlsx"
    answer = site.command("new", file, "--area", "Nordhavn", "--plan", "NOR-2027")
    assert answer.code == 0
    assert not [code for code in site.check().codes if code[:3] in {"STR", "CEL"}]
    assert site.command("new", file, *ARGUMENTS).code == 2


def test_the_job_writes_into_a_new_workbook_and_keeps_it(site: Site) -> None:
    file = site.sheets / "ny.xlsx"
    site.command("new", file, *ARGUMENTS)
    site.sync()
    assert set(control_of(file.read_bytes(), "Plan").values()) == {"Kontrol", "OK"}
    assert page_of(file.read_bytes())[0][0].startswith("Kontrolleret 23. november 2026")
    before = file.read_bytes()
    assert site.sync(full=True).written == []
    assert file.read_bytes() == before


SLIPS = {
    "Ellekildehave.xlsx": {"FOR-01", "IND-04", "GOD-02"},
    "Nøjsomhed.xlsx": {"CEL-01", "CEL-03", "CEL-04", "CEL-10"},
    "Tibberupparken.xlsx": {"GDP-01", "FIN-08", "FIN-01", "MIL-02", "REG-01"},
    "Vapnagaard.xlsx": {"CEL-07", "MIL-01"},
}


def test_the_demonstration_shows_what_it_is_meant_to(tmp_path: Path) -> None:
    config = make_demo(tmp_path / "demo", TODAY)
    answer = helhedsplan("sync", "-c", config, "--remember", "--today", TODAY.isoformat())
    assert answer.code == 0
    found: dict[str, set[str]] = {}
    data = (tmp_path / "demo" / "Overblik.xlsx").read_bytes()
    for line in table(data, "Advarsler"):
        found.setdefault(line["Regneark"], set()).add(line["Kode"])
    assert found == SLIPS
    assert [line["Plan-id"] for line in table(data, "Overblik")] == [
        "ELL-2025", "SYD-2025", "TIB-2025",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_demonstration_from_end_to_end_and_again(tmp_path: Path) -> None:
    answer = process("demo", "prøve", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    root = tmp_path / "prøve"
    for file in [root / "Overblik.xlsx", *(root / "sheets" / name for name in SLIPS)]:
        assert file.is_file()
        assert str(file.relative_to(tmp_path)) in answer.out
    assert "helhedsplan sync -c prøve/config.toml" in answer.out
    edited = root / "sheets" / "Vapnagaard.xlsx"
    workbook = openpyxl.load_workbook(edited)
    workbook["Indsatser"]["I5"] = 2_000_000
    workbook["Indsatser"]["C4"] = "Vores egen aktivitet"
    workbook.save(edited)
    again = process("demo", "prøve", cwd=tmp_path)
    assert again.code == 0
    cells = values_by_openpyxl(edited.read_bytes())
    assert cells["Indsatser", "C4"] == "Vores egen aktivitet"
    assert cells["Indsatser", f"{column_letters(len(ACTIVITIES.columns) + 1)}5"] == "OK"
    assert "written: Nøjsomhed.xlsx" not in again.out


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "brev.docx").write_bytes(b"x")
    answer = helhedsplan("demo", tmp_path)
    assert answer.code == 2
    assert "is not empty" in answer.err
    assert [file.name for file in tmp_path.iterdir()] == ["brev.docx"]


def test_a_wrong_variable_of_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELHEDSPLAN_LANGUAGE", "xx")
    answer = helhedsplan("demo", tmp_path / "demo")
    assert (answer.code, answer.err) == (2, 'language = "xx": must be one of: da, en\n')
    assert not (tmp_path / "demo").exists()
