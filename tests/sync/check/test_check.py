"""`helhedsplan check`: what it prints, with which code it ends, and that it writes nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from rules.catalogue.catalogue import RULES
from tests.sync.helpers import CPR, DAY, House, book, example, helhedsplan, process

FINE = book()
WARNED = book(cells={"Indsatser!I2": "'1.600.000 kr."})
WRONG = book(
    plan={"Slutdato": "31-12-2024"},
    cells={"Indsatser!I2": "'ca. 5", "Indsatser!E2": "", "Finansiering!I2": "5", "Noter!B3": CPR},
)
NOEJSOMHED = {"Plan-id": "NOEJ-2025", "Boligområde": "Nøjsomhed"}


def check(*arguments: object) -> Any:
    return helhedsplan("check", "--format", "json", "--today", DAY, *arguments)


def test_the_json_is_exactly_what_the_contract_says(house: House) -> None:
    house.put("Vapnagaard.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
    said = house.check()
    assert said.json == {
        "version": 1,
        "today": DAY,
        "workbooks": [
            {
                "name": "Vapnagaard.xlsx",
                "path": (house.sheets / "Vapnagaard.xlsx").as_posix(),
                "plan_id": "VAP-2025",
                "area": "Vapnagaard",
                "status": "checked",
            }
        ],
        "findings": [
            {
                "workbook": "Vapnagaard.xlsx",
                "tab": "Indsatser",
                "cell": "I2",
                "column": "Budget",
                "code": "CEL-02",
                "severity": "fejl",
                "message": said.json["findings"][0]["message"],
                "fix": said.json["findings"][0]["fix"],
            }
        ],
        "plans": [
            {
                "plan_id": "VAP-2025",
                "total": "8000000.00",
                "local": "2000000.00",
                "local_share": "0.25",
                "next_step": None,
            }
        ],
        "summary": {"workbooks": 1, "fejl": 1, "advarsel": 0, "info": 0},
    }
    assert "»ca. 5«" in said.json["findings"][0]["message"]
    assert list(said.json) == ["version", "today", "workbooks", "findings", "plans", "summary"]
    assert said.out.count("\n") == 1


@pytest.mark.parametrize(
    ("title", "cells", "plan"),
    [
        ("øre are exact", {"Finansiering!E2": "1500000,1", "Finansiering!F2": "1500000,2"},
         ("8000000.30", "2000000.00", "0.249999990625000351562486816406744384720335572987")),
        ("an unreadable amount", {"Finansiering!E2": "'1.25"}, (None, None, None)),
        ("an unreadable type", {"Finansiering!B3": "Ukendt"}, (None, None, None)),
        ("a share that never ends", {"Finansiering!E3": "0", "Finansiering!F3": "0",
                                     "Finansiering!G3": "0", "Finansiering!H3": "3000000"},
         ("9000000.00", "3000000.00", "0.3333")),
        ("no money", {f"Finansiering!{c}{r}": "0" for c in "EFGHI" for r in "234"},
         ("0.00", "0.00", None)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_amounts_are_exact_or_null(
    house: House, title: str, cells: dict[str, str], plan: tuple[str | None, ...]
) -> None:
    house.put("a.xlsx", book(cells=cells))
    found = house.check().json["plans"][0]
    total, local, share = plan
    assert (found["total"], found["local"]) == (total, local)
    if share is None:
        assert found["local_share"] is None
    else:
        assert re.fullmatch(r"0\.\d+", found["local_share"])
        assert found["local_share"].startswith(share[:6])


def test_the_next_step_is_the_first_that_lacks_only_itself(house: House) -> None:
    house.put("a.xlsx", book(cells={"Godkendelser!D8": "Afventer", "Godkendelser!E8": ""}))
    assert house.check().json["plans"][0]["next_step"] == "Styregruppe"


def test_findings_stand_in_sheet_order(house: House) -> None:
    for name in ("b.xlsx", "a.xlsx", "under/a.xlsx"):
        house.put(name, WRONG)
    house.put("Ælle.xlsx", b"")
    found = house.check().json["findings"]
    tabs = [*example().sheetnames, "Noter"]

    def place(finding: dict[str, Any]) -> tuple[str, int, int, int, str]:
        letters, digits = re.fullmatch(r"([A-Z]*)(\d*)", finding["cell"] or "").groups()  # type: ignore[union-attr]
        column = sum(26**n * (ord(c) - 64) for n, c in enumerate(reversed(letters)))
        tab = tabs.index(finding["tab"]) if finding["tab"] else -1
        return finding["workbook"], tab, int(digits or 0), column, finding["code"]

    assert len(found) > 12
    assert [place(one) for one in found] == sorted(place(one) for one in found)
    assert {one["workbook"] for one in found} == {
        "a.xlsx", "b.xlsx", "under/a.xlsx", "Ælle.xlsx",
    }  # fmt: skip


def test_an_unreadable_workbook_is_a_finding_without_a_place(house: House) -> None:
    house.put("a.xlsx", b"")
    said = house.check()
    assert said.json["workbooks"][0] | {"path": ""} == {
        "name": "a.xlsx", "path": "", "plan_id": None, "area": None, "status": "unreadable",
    }  # fmt: skip
    finding = said.json["findings"][0]
    assert [finding[key] for key in ("tab", "cell", "column", "code")] == [None] * 3 + ["STR-03"]
    assert (said.code, said.json["plans"]) == (1, [])


EXITS = [
    # what lies there, arguments, exit code
    ("nothing wrong", {"a.xlsx": FINE}, (), 0),
    ("no workbook at all", {}, (), 0),
    ("only a warning", {"a.xlsx": WARNED}, (), 0),
    ("a fejl", {"a.xlsx": WRONG}, (), 1),
    ("a fejl, exit zero", {"a.xlsx": WRONG}, ("--exit-zero",), 0),
    ("a fejl that is not selected", {"a.xlsx": WRONG}, ("--select", "MED"), 0),
    ("a fejl that is ignored", {"a.xlsx": b""}, ("--ignore", "STR-03"), 0),
    ("unreadable", {"a.xlsx": b""}, (), 1),
    ("an unknown code", {"a.xlsx": FINE}, ("--select", "FIN-99"), 2),
    ("an unknown family", {"a.xlsx": FINE}, ("--ignore", "XYZ"), 2),
    ("an empty code", {"a.xlsx": FINE}, ("--ignore", ""), 2),
    ("a day that is none", {"a.xlsx": FINE}, ("--today", "2026-02-29"), 2),
    ("a Danish day", {"a.xlsx": FINE}, ("--today", "23-11-2026"), 2),
    ("an unknown form", {"a.xlsx": FINE}, ("--format", "xml"), 2),
    ("an unknown option", {"a.xlsx": FINE}, ("--quick",), 2),
    ("a path that is not there", {"a.xlsx": FINE}, ("nowhere",), 2),
]  # fmt: skip


@pytest.mark.parametrize(("title", "files", "arguments", "code"), EXITS, ids=[e[0] for e in EXITS])
def test_exit_codes(
    house: House, title: str, files: dict[str, bytes], arguments: tuple[str, ...], code: int
) -> None:
    for name, content in files.items():
        house.put(name, content)
    said = house.command("check", *arguments)
    assert said.code == code
    if code == 2:
        assert said.out == ""
        assert said.err


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ((), {"PLA-01", "CEL-01", "CEL-02", "FIN-04", "GDP-01"}),
        (("--select", "CEL"), {"CEL-01", "CEL-02"}),
        (("--select", "cel-02,gdp"), {"CEL-02", "GDP-01"}),
        (("--select", "CEL", "--select", "PLA-01"), {"CEL-01", "CEL-02", "PLA-01"}),
        (("--select", "CEL", "--ignore", "CEL-01"), {"CEL-02"}),
        (("--ignore", "CEL,FIN,PLA,IND"), {"GDP-01"}),
    ],
)  # fmt: skip
def test_select_and_ignore(house: House, arguments: tuple[str, ...], codes: set[str]) -> None:
    house.put("a.xlsx", WRONG)
    said = house.check(*arguments)
    assert codes <= set(said.codes)
    if arguments:
        assert set(said.codes) <= {rule.code for rule in RULES if rule.code in codes}
    severities = [finding["severity"] for finding in said.json["findings"]]
    for severity in ("fejl", "advarsel", "info"):
        assert said.json["summary"][severity] == severities.count(severity)


def test_today_moves_what_depends_on_the_day(house: House) -> None:
    house.put("a.xlsx", FINE)
    late = house.command("check", "--format", "json", "--today", "2027-04-02")
    assert (house.check().codes, late.codes, late.json["today"]) == (
        [], ["MIL-01"], "2027-04-02",
    )  # fmt: skip


def test_it_works_without_any_configuration(tmp_path: Path, monkeypatch: Any) -> None:
    sheets = tmp_path / "sheets"
    (sheets / "Øst").mkdir(parents=True)
    (sheets / "Øst" / "a.xlsx").write_bytes(FINE)
    monkeypatch.chdir(tmp_path)
    said = check("sheets")
    book_ = said.json["workbooks"][0]
    assert (said.code, book_["name"], book_["path"]) == (0, "Øst/a.xlsx", "sheets/Øst/a.xlsx")
    assert helhedsplan("check").code == 2


def test_a_configuration_in_the_working_directory_counts(house: House, monkeypatch: Any) -> None:
    house.put("a.xlsx", FINE)
    house.configure("[limits]\nminimum_local_share = 0.3")
    monkeypatch.chdir(house.root)
    assert check("sheets").codes == ["FIN-01"]
    assert check().codes == ["FIN-01"]


PATHS = [
    # arguments below the house's root, the workbooks' names
    ("one folder", ("sheets",), ["a.xlsx", "nord/b.xlsx"]),
    ("a folder in it", ("sheets/nord",), ["b.xlsx"]),
    ("one file", ("sheets/nord/b.xlsx",), ["b.xlsx"]),
    ("two folders", ("sheets/nord", "more"), ["b.xlsx", "c.xlsx"]),
    ("a file and a folder", ("sheets/a.xlsx", "more"), ["a.xlsx", "c.xlsx"]),
]


@pytest.mark.parametrize(("title", "paths", "names"), PATHS, ids=[path[0] for path in PATHS])
def test_paths(house: House, title: str, paths: tuple[str, ...], names: list[str]) -> None:
    for number, name in enumerate(("sheets/a.xlsx", "sheets/nord/b.xlsx", "more/c.xlsx")):
        file = house.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(book(plan={"Plan-id": f"P-{number}"}))
    said = check(*(house.root / path for path in paths), "--ignore", "PLA")
    assert said.code == 0
    assert [one["name"] for one in said.json["workbooks"]] == names


def test_two_files_of_one_name_are_told_apart(house: House) -> None:
    for name in ("x/a.xlsx", "y/a.xlsx"):
        house.put(name, FINE)
    said = check(house.sheets / "x", house.sheets / "y")
    names = [one["name"] for one in said.json["workbooks"]]
    assert names == [f"{house.sheets.as_posix()}/{name}" for name in ("x/a.xlsx", "y/a.xlsx")]
    assert said.codes == ["STR-06"]


def test_a_file_that_is_named_twice_is_checked_once(house: House) -> None:
    house.put("nord/a.xlsx", FINE)
    assert check(house.sheets, house.sheets / "nord").codes == []


def test_what_is_no_workbook_is_not_looked_at(house: House) -> None:
    for name in (
        "~$a.xlsx", ".skjult.xlsx", ".~lock.a.xlsx#", "a.xlsx.tmp", "b.TMP", "c.docx", "d.csv",
        "e.xlsx.bak", "f.xlsb", "g.ods", "h", ".skjult/i.xlsx", "~$helhedsplan-a.xlsx.tmp",
    ):  # fmt: skip
        house.put(name, b"no workbook")
    for name in ("a.xlsx", "B.XLSX", "c.xlsm"):
        house.put(name, book(plan={"Plan-id": name}))
    said = house.check("--ignore", "PLA,MED")
    assert [one["name"] for one in said.json["workbooks"]] == ["B.XLSX", "a.xlsx", "c.xlsm"]
    assert said.codes == []


def test_a_link_is_not_followed_and_not_passed_over(house: House) -> None:
    house.put("a.xlsx", FINE)
    (house.root / "other.xlsx").write_bytes(WRONG)
    (house.sheets / "b.xlsx").symlink_to(house.root / "other.xlsx")
    said = house.check()
    assert (said.code, said.codes) == (3, [])
    assert "b.xlsx" in said.err


def test_a_folder_that_is_a_link_is_not_passed_over(house: House) -> None:
    other = house.root / "other"
    other.mkdir()
    (other / "b.xlsx").write_bytes(WRONG)
    (house.sheets / "nord").symlink_to(other)
    said = house.check()
    assert "nord" in said.err


def test_a_missing_source_is_no_crash(house: House) -> None:
    house.put("a.xlsx", FINE)
    house.configure('[[sources]]\nfolder = "borte"')
    said = house.check()
    assert said.code == 3
    assert "borte" in said.err
    assert [one["status"] for one in said.json["workbooks"]] == ["checked"]


def test_a_file_name_in_another_encoding_ends_nothing(house: House) -> None:
    house.put("a.xlsx", FINE)
    Path(os.fsdecode(os.fsencode(house.sheets) + b"/r\xe6k.xlsx")).write_bytes(FINE)
    said = house.check()
    assert "a.xlsx" in [one["name"] for one in said.json["workbooks"]]


@pytest.mark.parametrize("form", ["json", "text"])
def test_standard_output_holds_the_results_alone(house: House, form: str) -> None:
    house.put("a.xlsx", WRONG)
    said = process("check", house.sheets, "--format", form, "--today", DAY)
    assert (said.code, said.err) == (1, "")
    assert "\x1b" not in said.out
    assert CPR not in said.out
    if form == "json":
        assert said.out.count("\n") == 1
        assert said.json["summary"]["workbooks"] == 1
    else:
        lines = said.out.splitlines()
        assert lines[0] == "a.xlsx"
        assert re.match(r"1 \w+: \d+ fejl", lines[-1])
        assert any(line.startswith("  FEJL CEL-02 Indsatser I2 – Budget: ") for line in lines)


@pytest.mark.parametrize("form", ["json", "text"])
def test_other_encodings_of_standard_output(house: House, form: str) -> None:
    house.put("a.xlsx", book(cells={"Indsatser!I2": "→ 5"}))
    said = process("check", house.sheets, "--format", form, env={"PYTHONIOENCODING": "cp1252"})
    assert "Traceback" not in said.err


def test_nothing_is_written(house: House) -> None:
    house.put("a.xlsx", WRONG)
    house.put("b.xlsx", b"")
    before = house.everything()
    house.check()
    house.command("check")
    check(house.sheets)
    assert house.everything() == before
