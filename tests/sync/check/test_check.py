"""`helhedsplan check`: what it prints, with which code it ends, and that it writes nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from rules.catalogue.catalogue import RULES
from tests.sync.helpers import CPR, DAY, Site, book, example, helhedsplan, process

FINE = book()
WARNED = book(cells={"Indsatser!I2": "'1.600.000 kr."})
WRONG = book(
    plan={"Slutdato": "31-12-2024"},
    cells={"Indsatser!I2": "'ca. 5", "Indsatser!E2": "", "Finansiering!I2": "5", "Noter!B3": CPR},
)
NOEJSOMHED = {"Plan-id": "NOEJ-2025", "Boligområde": "Nøjsomhed"}


def check(*arguments: object) -> Any:
    return helhedsplan("check", "--format", "json", "--today", DAY, *arguments)


def test_the_json_is_exactly_what_the_contract_says(site: Site) -> None:
    site.put("Vapnagaard.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
    answer = site.check()
    assert answer.json == {
        "version": 1,
        "today": DAY,
        "workbooks": [
            {
                "name": "Vapnagaard.xlsx",
                "path": (site.sheets / "Vapnagaard.xlsx").as_posix(),
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
                "message": "»ca. 5« kan ikke læses som et beløb. Skriv kun tallet, for eksempel "
                "250000.",
                "fix": "Skriv beløbet i kroner som et tal, med komma før øre: 250000 eller "
                "250000,50.",
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
    assert list(answer.json) == ["version", "today", "workbooks", "findings", "plans", "summary"]
    assert answer.out.count("\n") == 1


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
    site: Site, title: str, cells: dict[str, str], plan: tuple[str | None, ...]
) -> None:
    site.put("a.xlsx", book(cells=cells))
    found = site.check().json["plans"][0]
    total, local, share = plan
    assert (found["total"], found["local"]) == (total, local)
    if share is None:
        assert found["local_share"] is None
    else:
        assert re.fullmatch(r"0\.\d+", found["local_share"])
        assert found["local_share"].startswith(share[:6])


def test_the_next_step_is_the_first_that_lacks_only_itself(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Godkendelser!D8": "Afventer", "Godkendelser!E8": ""}))
    assert site.check().json["plans"][0]["next_step"] == "Styregruppe"


def test_findings_stand_in_sheet_order(site: Site) -> None:
    for name in ("b.xlsx", "a.xlsx", "under/a.xlsx"):
        site.put(name, WRONG)
    site.put("Ælle.xlsx", b"")
    found = site.check().json["findings"]
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


def test_an_unreadable_workbook_is_a_finding_without_a_place(site: Site) -> None:
    site.put("a.xlsx", b"")
    answer = site.check()
    assert answer.json["workbooks"][0] | {"path": ""} == {
        "name": "a.xlsx", "path": "", "plan_id": None, "area": None, "status": "unreadable",
    }  # fmt: skip
    finding = answer.json["findings"][0]
    assert [finding[key] for key in ("tab", "cell", "column", "code")] == [None] * 3 + ["STR-03"]
    assert (answer.code, answer.json["plans"]) == (1, [])


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
    site: Site, title: str, files: dict[str, bytes], arguments: tuple[str, ...], code: int
) -> None:
    for name, content in files.items():
        site.put(name, content)
    answer = site.command("check", *arguments)
    assert answer.code == code
    if code == 2:
        assert answer.out == ""
        assert answer.err


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
def test_select_and_ignore(site: Site, arguments: tuple[str, ...], codes: set[str]) -> None:
    site.put("a.xlsx", WRONG)
    answer = site.check(*arguments)
    assert codes <= set(answer.codes)
    if arguments:
        assert set(answer.codes) <= {rule.code for rule in RULES if rule.code in codes}
    severities = [finding["severity"] for finding in answer.json["findings"]]
    for severity in ("fejl", "advarsel", "info"):
        assert answer.json["summary"][severity] == severities.count(severity)


def test_today_moves_what_depends_on_the_day(site: Site) -> None:
    site.put("a.xlsx", FINE)
    late = site.command("check", "--format", "json", "--today", "2027-04-02")
    assert (site.check().codes, late.codes, late.json["today"]) == (
        [], ["MIL-01"], "2027-04-02",
    )  # fmt: skip


def test_it_works_without_any_configuration(tmp_path: Path, monkeypatch: Any) -> None:
    sheets = tmp_path / "sheets"
    (sheets / "Øst").mkdir(parents=True)
    (sheets / "Øst" / "a.xlsx").write_bytes(FINE)
    monkeypatch.chdir(tmp_path)
    answer = check("sheets")
    book_ = answer.json["workbooks"][0]
    assert (answer.code, book_["name"], book_["path"]) == (0, "Øst/a.xlsx", "sheets/Øst/a.xlsx")
    assert helhedsplan("check").code == 2


def test_a_configuration_in_the_working_directory_counts(site: Site, monkeypatch: Any) -> None:
    site.put("a.xlsx", FINE)
    site.configure("[limits]\nminimum_local_share = 0.3")
    monkeypatch.chdir(site.root)
    assert check("sheets").codes == ["FIN-01"]
    assert check().codes == ["FIN-01"]


PATHS = [
    # arguments below the site's root, the workbooks' names
    ("one folder", ("sheets",), ["a.xlsx", "nord/b.xlsx"]),
    ("a folder in it", ("sheets/nord",), ["b.xlsx"]),
    ("one file", ("sheets/nord/b.xlsx",), ["b.xlsx"]),
    ("two folders", ("sheets/nord", "more"), ["b.xlsx", "c.xlsx"]),
    ("a file and a folder", ("sheets/a.xlsx", "more"), ["a.xlsx", "c.xlsx"]),
]


@pytest.mark.parametrize(("title", "paths", "names"), PATHS, ids=[path[0] for path in PATHS])
def test_paths(site: Site, title: str, paths: tuple[str, ...], names: list[str]) -> None:
    for number, name in enumerate(("sheets/a.xlsx", "sheets/nord/b.xlsx", "more/c.xlsx")):
        file = site.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(book(plan={"Plan-id": f"P-{number}"}))
    answer = check(*(site.root / path for path in paths), "--ignore", "PLA")
    assert answer.code == 0
    assert [one["name"] for one in answer.json["workbooks"]] == names


def test_two_files_of_one_name_are_told_apart(site: Site) -> None:
    for name in ("x/a.xlsx", "y/a.xlsx"):
        site.put(name, FINE)
    answer = check(site.sheets / "x", site.sheets / "y")
    names = [one["name"] for one in answer.json["workbooks"]]
    assert names == [f"{site.sheets.as_posix()}/{name}" for name in ("x/a.xlsx", "y/a.xlsx")]
    assert answer.codes == ["STR-06"]


def test_a_file_that_is_named_twice_is_checked_once(site: Site) -> None:
    site.put("nord/a.xlsx", FINE)
    assert check(site.sheets, site.sheets / "nord").codes == []


def test_what_is_no_workbook_is_not_looked_at(site: Site) -> None:
    for name in (
        "~$a.xlsx", ".skjult.xlsx", ".~lock.a.xlsx#", "a.xlsx.tmp", "b.TMP", "c.docx",
        "e.xlsx.bak", "h", ".skjult/i.xlsx", "~$helhedsplan-a.xlsx.tmp",
    ):  # fmt: skip
        site.put(name, b"no workbook")
    for name in ("a.xlsx", "B.XLSX", "c.xlsm"):
        site.put(name, book(plan={"Plan-id": name}))
    answer = site.check("--ignore", "PLA,MED")
    assert [one["name"] for one in answer.json["workbooks"]] == ["B.XLSX", "a.xlsx", "c.xlsm"]
    assert answer.codes == []


def test_a_link_is_not_followed_and_not_passed_over(site: Site) -> None:
    site.put("a.xlsx", FINE)
    (site.root / "other.xlsx").write_bytes(WRONG)
    (site.sheets / "b.xlsx").symlink_to(site.root / "other.xlsx")
    answer = site.check()
    assert (answer.code, answer.codes) == (3, [])
    assert "b.xlsx" in answer.err


def test_a_folder_that_is_a_link_is_not_passed_over(site: Site) -> None:
    other = site.root / "other"
    other.mkdir()
    (other / "b.xlsx").write_bytes(WRONG)
    (site.sheets / "nord").symlink_to(other)
    answer = site.check()
    assert "nord" in answer.err


def test_a_missing_source_is_no_crash(site: Site) -> None:
    site.put("a.xlsx", FINE)
    site.configure('[[sources]]\nfolder = "borte"')
    answer = site.check()
    assert answer.code == 3
    assert "borte" in answer.err
    assert [one["status"] for one in answer.json["workbooks"]] == ["checked"]


def test_a_file_name_in_another_encoding_ends_nothing(site: Site) -> None:
    site.put("a.xlsx", FINE)
    Path(os.fsdecode(os.fsencode(site.sheets) + b"/r\xe6k.xlsx")).write_bytes(FINE)
    answer = site.check()
    assert "a.xlsx" in [one["name"] for one in answer.json["workbooks"]]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "text"])
def test_standard_output_holds_the_results_alone(site: Site, form: str) -> None:
    site.put("a.xlsx", WRONG)
    answer = process("check", site.sheets, "--format", form, "--today", DAY)
    assert (answer.code, answer.err) == (1, "")
    assert "\x1b" not in answer.out
    assert CPR not in answer.out
    if form == "json":
        assert answer.out.count("\n") == 1
        assert answer.json["summary"]["workbooks"] == 1
    else:
        lines = answer.out.splitlines()
        assert lines[0] == "a.xlsx"
        assert re.match(r"1 \w+: \d+ fejl", lines[-1])
        assert any(line.startswith("  FEJL CEL-02 Indsatser I2 – Budget: ") for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "text"])
def test_other_encodings_of_standard_output(site: Site, form: str) -> None:
    site.put("a.xlsx", book(cells={"Indsatser!I2": "→ 5"}))
    answer = process("check", site.sheets, "--format", form, env={"PYTHONIOENCODING": "cp1252"})
    assert "Traceback" not in answer.err


def test_nothing_is_written(site: Site) -> None:
    site.put("a.xlsx", WRONG)
    site.put("b.xlsx", b"")
    before = site.everything()
    site.check()
    site.command("check")
    check(site.sheets)
    assert site.everything() == before
