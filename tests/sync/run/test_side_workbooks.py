"""What cannot be written into a workbook is told beside it, and only as long as it must be."""

from __future__ import annotations

import io
import os
import shutil
import stat
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from sync.xlsx.text import FORMULA_SHIELD
from tests.sync.helpers import (
    CONTROL,
    CPR,
    PAGE,
    Site,
    book,
    control_of,
    example,
    loaded,
    overview_of,
    table,
)
from tests.sync.packages import member, repacked

pytestmark = pytest.mark.slow

SIDE = "a – advarsler.xlsx"
WRONG = {"Indsatser!I2": "'ca. 5", "Indsatser!E3": ""}
REFUSED = book(cells={**WRONG, "Indsatser!K2": "=SUM(1,2)"})
MENDED = book(cells=WRONG)
FINE = book()


def signed(data: bytes) -> bytes:
    """The workbook with a digital signature, as far as its relationships tell."""
    relations = member(data, "_rels/.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rIdSig" Target="_xmlsignatures/origin.sigs" Type="http://schemas.'
        b'openxmlformats.org/package/2006/relationships/digital-signature/origin"/></Relationships>',
    )
    return repacked(data, {"_rels/.rels": relations, "_xmlsignatures/origin.sigs": b""})


def locked(data: bytes) -> bytes:
    """The workbook with its structure locked."""
    xml = member(data, "xl/workbook.xml")
    lock = b'<workbookProtection lockStructure="1"/><bookViews'
    assert b"<bookViews" in xml
    return repacked(data, {"xl/workbook.xml": xml.replace(b"<bookViews", lock)})


def first_line(file: Path) -> str:
    sheet = loaded(file.read_bytes())[PAGE]
    return str(sheet["A1"].value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (REFUSED, "Der står en formel i kolonnen Kontrol"),
        (signed(MENDED), "Regnearket har en digital signatur"),
    ],
    ids=["formula", "signed"],
)
def test_what_is_refused_is_told_beside_the_workbook(site: Site, data: bytes, reason: str) -> None:
    file = site.put("a.xlsx", data)
    told = site.command("sync")
    assert (told.code, file.read_bytes() == data) == (3, True)
    assert f"a.xlsx: {reason}" in told.err
    assert f"Advarslerne står i »{SIDE}«." in told.err
    assert f"findings written to: {SIDE}" in told.out
    line = first_line(site.sheets / SIDE)
    assert line.startswith(f"Kontrollen kan ikke skrive i »a.xlsx«. {reason}")
    (row,) = table(site.overview.read_bytes(), "Regneark")
    assert (row["Regneark"], f"Advarslerne står i »{SIDE}«." in row["Forklaring"]) == (
        "a.xlsx", True,
    )  # fmt: skip


def test_a_locked_structure_forbids_only_the_new_tab(site: Site) -> None:
    file = site.put("a.xlsx", locked(MENDED))
    told = site.command("sync")
    assert (told.code, told.err) == (0, "")
    assert f"findings written to: {SIDE}" in told.out
    assert control_of(file.read_bytes(), "Indsatser")[2].startswith("FEJL Budget")
    assert PAGE not in loaded(file.read_bytes()).sheetnames
    assert openpyxl.load_workbook(site.sheets / SIDE).sheetnames == [PAGE]
    line = first_line(site.sheets / SIDE)
    assert line.startswith(
        "Kontrollen kan ikke tilføje en fane i »a.xlsx«. Regnearkets opbygning er låst"
    )
    (row,) = table(site.overview.read_bytes(), "Regneark")
    assert f"Advarslerne står i »{SIDE}«." in row["Forklaring"]
    site.age()
    assert site.sync(hour=9).written == []
    before = site.bytes_of_workbooks()
    assert site.sync(hour=10, full=True).written == []
    assert site.bytes_of_workbooks() == before
    site.put("a.xlsx", MENDED)
    site.sync(hour=11)
    assert sorted(site.bytes_of_workbooks()) == ["a.xlsx"]


def test_a_refusal_names_the_tab_and_the_cells(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    ((path, problem),) = site.sync().problems
    assert path == "a.xlsx"
    assert "Det gælder K2 i fanen »Indsatser«." in problem


def test_it_holds_the_tab_with_links_and_the_columns_texts(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    workbook = openpyxl.load_workbook(site.sheets / SIDE)
    page = workbook[PAGE]
    rows = [[cell.value for cell in row[1:]] for row in page.iter_rows(min_row=4)]
    assert [row[:5] for row in rows] == [
        ["Fejl", "CEL-02", "Indsatser", "I2", "Budget"],
        ["Fejl", "CEL-01", "Indsatser", "E3", "Ansvarlig"],
    ]
    link = page["E4"].hyperlink
    assert link is not None
    assert (link.target, link.location) == ("a.xlsx", "'Indsatser'!I2")
    control = {
        (row[1].value, row[2].value): row[3].value for row in workbook[CONTROL].iter_rows(min_row=4)
    }
    assert str(control["Indsatser", "2"]).startswith("FEJL Budget: »ca. 5«")
    assert control["Indsatser", "4"] == "OK"


def test_a_second_run_writes_no_byte_without_the_state_too(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.put("b.xls", b"nothing")
    site.sync()
    site.age()
    before = site.bytes_of_workbooks()
    stamps = {f.name: f.stat().st_mtime_ns for f in site.sheets.iterdir()}
    assert sorted(before) == ["a – advarsler.xlsx", "a.xlsx", "b – advarsler.xlsx", "b.xls"]
    site.sync(hour=9)
    shutil.rmtree(site.state)
    result = site.sync(hour=10)
    assert [one.written for one in result.side_workbooks] == [[]]
    assert site.bytes_of_workbooks() == before
    assert {f.name: f.stat().st_mtime_ns for f in site.sheets.iterdir()} == stamps


def test_it_follows_the_findings(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    more = {**WRONG, "Indsatser!K2": "=SUM(1,2)", "Indsatser!D4": "Unge i Tibberupparken"}
    site.put("a.xlsx", book(cells=more))
    site.sync()
    rows = openpyxl.load_workbook(site.sheets / SIDE)[PAGE].max_row
    assert rows == 3 + 3


def test_it_goes_when_the_workbook_can_be_written_again(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    site.put("a.xlsx", MENDED)
    answer = site.command("sync")
    assert (answer.code, f"no longer needed, removed: {SIDE}" in answer.out) == (0, True)
    assert sorted(site.bytes_of_workbooks()) == ["a.xlsx"]


def test_it_goes_with_the_workbook_and_follows_a_new_name(site: Site) -> None:
    file = site.put("a.xlsx", REFUSED)
    site.sync()
    file.rename(site.sheets / "ny.xlsx")
    site.sync()
    assert sorted(site.bytes_of_workbooks()) == ["ny – advarsler.xlsx", "ny.xlsx"]
    (site.sheets / "ny.xlsx").unlink()
    site.sync()
    assert site.bytes_of_workbooks() == {}


def test_it_goes_when_there_is_nothing_to_tell(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    site.put("a.xlsx", book(cells={"Indsatser!K2": "=SUM(1,2)"}))
    assert [path for path, _ in site.sync().problems] == ["a.xlsx"]
    assert sorted(site.bytes_of_workbooks()) == ["a.xlsx"]


def test_it_stays_while_nobody_knows(site: Site) -> None:
    """The workbook is open: whether it could be written is not known now."""
    site.put("a.xlsx", REFUSED)
    site.sync()
    before = (site.sheets / SIDE).read_bytes()
    site.put("a.xlsx", MENDED)
    (site.sheets / "~$a.xlsx").write_bytes(b"\x04Anna")
    site.sync()
    assert (site.sheets / SIDE).read_bytes() == before
    (site.sheets / "~$a.xlsx").unlink()
    site.sync()
    assert sorted(site.bytes_of_workbooks()) == ["a.xlsx"]


def test_it_comes_back_after_a_restore(site: Site) -> None:
    site.put("a.xlsx", MENDED)
    site.sync()
    file = site.put("a.xlsx", REFUSED)
    site.sync()
    assert (site.sheets / SIDE).exists()
    assert site.command("restore", "a.xlsx").code == 0
    assert site.command("sync").code == 0
    assert (file.read_bytes() == REFUSED, (site.sheets / SIDE).exists()) == (False, False)
    assert site.command("restore", "a.xlsx", "--version", "2").code == 0
    assert file.read_bytes() == REFUSED
    site.sync()
    assert (site.sheets / SIDE).exists()


UNREADABLES = {
    "a.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") * 90, ".xls"),
    "a.xlsx": (FINE[: len(FINE) // 2], "beskadiget"),
    "a.xlsm": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "adgangskode"),
}


@pytest.mark.parametrize("name", UNREADABLES)
def test_what_cannot_be_read_is_told_beside_the_file(site: Site, name: str) -> None:
    data, word = UNREADABLES[name]
    site.put(name, data)
    answer = site.command("sync")
    assert (answer.code, f"findings written to: {SIDE}" in answer.out) == (0, True)
    line = first_line(site.sheets / SIDE)
    assert line.startswith(f"Kontrollen kan ikke læse »{name}«.")
    assert word in line
    assert openpyxl.load_workbook(site.sheets / SIDE).sheetnames == [PAGE]
    (row,) = table(site.overview.read_bytes(), "Regneark")
    assert row["Forklaring"].endswith(f"Advarslerne står i »{SIDE}«.")
    site.put(name, FINE)
    site.sync()
    assert sorted(site.bytes_of_workbooks()) == [name]


def test_two_workbooks_with_one_stem_have_one_each(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.put("a.xls", b"old")
    site.put("under/a.xlsx", REFUSED)
    site.sync()
    names = {f.relative_to(site.sheets).as_posix() for f in site.sheets.rglob("*advarsler.xlsx")}
    assert names == {
        "a.xlsx – advarsler.xlsx", "a.xls – advarsler.xlsx", "under/a – advarsler.xlsx",
    }  # fmt: skip
    (site.sheets / "a.xls").unlink()
    site.sync()
    assert sorted(f.name for f in site.sheets.glob("*advarsler.xlsx")) == [SIDE]


def test_it_is_never_a_plan_workbook_and_neither_is_a_copy_of_it(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    copy = site.sheets / "Kopi af a – advarsler.xlsx"
    shutil.copy(site.sheets / SIDE, copy)
    content = copy.read_bytes()
    (row,) = table(site.overview.read_bytes(), "Regneark")
    assert [one["name"] for one in site.check().json["workbooks"]] == ["a.xlsx"]
    assert site.command("check", site.sheets / SIDE).out.startswith("0 workbooks")
    site.put("a.xlsx", MENDED)
    assert [line.path for line in site.shown().books] == [row["Regneark"]]
    assert copy.read_bytes() == content


def foreign(site: Site) -> None:
    (site.sheets / SIDE).write_bytes(FINE)


def typed_in(site: Site) -> None:
    workbook = openpyxl.load_workbook(site.sheets / SIDE)
    workbook[PAGE]["K5"] = "Ringet til Anne"
    workbook.save(site.sheets / SIDE)


def commented(site: Site) -> None:
    workbook = openpyxl.load_workbook(site.sheets / SIDE)
    workbook[PAGE]["B4"].comment = Comment("Ordnet", "Anne")
    workbook.save(site.sheets / SIDE)


def renamed_over(site: Site) -> None:
    site.put("b.xlsx", REFUSED)
    site.sync()
    (site.sheets / "b – advarsler.xlsx").replace(site.sheets / SIDE)


@pytest.mark.parametrize("change", [foreign, typed_in, commented, renamed_over])
@pytest.mark.parametrize(
    "then",
    [book(cells={**WRONG, "Indsatser!K2": "=SUM(1)"}), MENDED],
    ids=["still-refused", "mended"],
)
def test_a_file_that_is_not_as_the_job_made_it_is_left_alone(
    site: Site, change: object, then: bytes
) -> None:
    assert callable(change)
    site.put("a.xlsx", REFUSED)
    site.sync()
    change(site)
    before = (site.sheets / SIDE).read_bytes()
    site.put("a.xlsx", then)
    result = site.sync()
    after = (site.sheets / SIDE).read_bytes()
    if change is foreign:
        assert SIDE in [line.path for line in overview_of(result).books]
        assert openpyxl.load_workbook(io.BytesIO(after)).sheetnames[:-1] == example().sheetnames
    else:
        assert after == before
    if then != MENDED or change in (typed_in, commented):
        assert any(SIDE in path + reason for path, reason in result.problems)


def test_saved_again_by_another_program_it_is_still_the_jobs(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    workbook = openpyxl.load_workbook(site.sheets / SIDE)
    workbook[PAGE].column_dimensions["C"].width = 30
    workbook.save(site.sheets / SIDE)
    before = (site.sheets / SIDE).read_bytes()
    site.sync()
    assert (site.sheets / SIDE).read_bytes() == before
    site.put("a.xlsx", MENDED)
    site.sync()
    assert not (site.sheets / SIDE).exists()


def test_an_open_one_is_left_for_the_next_run(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    lock = site.sheets / f"~${SIDE}"
    lock.write_bytes(b"\x04Anna")
    before = (site.sheets / SIDE).read_bytes()
    site.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 7", "Indsatser!K2": "=SUM(1,2)"}))
    answer = site.command("sync")
    assert (answer.code, "åbent hos Anna" in answer.err) == (3, True)
    assert (site.sheets / SIDE).read_bytes() == before
    site.put("a.xlsx", MENDED)
    answer = site.command("sync")
    assert (answer.code, f"{SIDE}: Filen er åben hos Anna." in answer.err) == (3, True)
    assert (site.sheets / SIDE).read_bytes() == before
    lock.unlink()
    assert site.command("sync").code == 0
    assert sorted(site.bytes_of_workbooks()) == ["a.xlsx"]


def test_a_read_only_workbook_is_told_beside_it_and_stays_as_it_is(site: Site) -> None:
    file = site.put("a.xlsx", MENDED)
    file.chmod(0o440)
    answer = site.command("sync")
    assert (answer.code, file.read_bytes() == MENDED) == (3, True)
    assert "a.xlsx: Filen er skrivebeskyttet." in answer.err
    side = site.sheets / SIDE
    assert stat.S_IMODE(side.stat().st_mode) == 0o640
    site.put("c.xlsx", FINE)
    file.chmod(0o640)
    site.sync()
    assert not side.exists()


def test_who_may_not_read_the_workbook_may_not_read_what_is_beside_it(site: Site) -> None:
    file = site.put("a.xlsx", REFUSED)
    file.chmod(0o600)
    if os.getuid() == 0:
        os.chown(file, 12345, 54321)
    site.sync()
    side = (site.sheets / SIDE).stat()
    assert stat.S_IMODE(side.st_mode) == 0o600
    assert (side.st_uid, side.st_gid) == (file.stat().st_uid, file.stat().st_gid)


def test_text_from_cells_stays_text_and_no_cpr_number_gets_in(site: Site) -> None:
    tabs = {"=1+1!A1": CPR, f"{CPR}!A1": CPR}
    cells = {"Indsatser!K2": "=SUM(1,2)", "Indsatser!I2": "'=HYPERLINK(1)", **tabs}
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    workbook = openpyxl.load_workbook(site.sheets / SIDE)
    texts = []
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                link = cell.hyperlink
                texts.append(f"{cell.value or ''} {link.location if link else ''}")
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)
    assert not any(CPR in text for text in texts)
    assert any("»=1+1«" in text or FORMULA_SHIELD in text for text in texts)


def test_a_very_long_name_has_one_too(site: Site) -> None:
    name = "æ" * 120 + ".xlsx"
    site.put(name, REFUSED)
    site.sync()
    (side,) = site.sheets.glob("*advarsler.xlsx")
    assert first_line(side).startswith("Kontrollen kan ikke skrive i »æææ")
    site.put(name, MENDED)
    result = site.sync()
    assert (result.problems, result.written, side.exists()) == ([], [name], False)


def test_a_dry_run_and_a_stop_lay_nothing(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.command("sync", "--dry-run")
    assert sorted(site.bytes_of_workbooks()) == ["a.xlsx"]


def test_a_folder_that_cannot_be_reached_keeps_what_stands_there(site: Site) -> None:
    site.put("a.xlsx", REFUSED)
    site.sync()
    site.sheets.rename(site.root / "away")
    site.sync()
    (site.root / "away").rename(site.sheets)
    assert (site.sheets / SIDE).exists()


def test_one_that_somebody_deleted_is_laid_again(site: Site) -> None:
    site.put("a.xls", b"none")
    site.sync()
    site.age()
    site.sync(hour=9)
    (site.sheets / SIDE).unlink()
    site.sync(hour=10)
    assert (site.sheets / SIDE).exists()
