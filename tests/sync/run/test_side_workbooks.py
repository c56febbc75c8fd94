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
from tests.sync.helpers import CONTROL, CPR, PAGE, House, book, example, table
from tests.sync.packages import member, repacked

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
    sheet = openpyxl.load_workbook(file)[PAGE]
    return str(sheet["A1"].value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (REFUSED, "Der står en formel i kolonnen Kontrol"),
        (signed(MENDED), "Regnearket har en digital signatur"),
        (locked(MENDED), "Regnearkets opbygning er låst"),
    ],
    ids=["formula", "signed", "locked"],
)
def test_what_is_refused_is_told_beside_the_workbook(house: House, data: bytes, said: str) -> None:
    file = house.put("a.xlsx", data)
    told = house.command("sync")
    assert (told.code, file.read_bytes() == data) == (3, True)
    assert f"a.xlsx: {said}" in told.err
    assert f"Advarslerne står i »{SIDE}«." in told.err
    assert f"written beside: {SIDE}" in told.out
    line = first_line(house.sheets / SIDE)
    assert line.startswith(f"Kontrollen kan ikke skrive i »a.xlsx«. {said}")
    (row,) = table(house.overview.read_bytes(), "Regneark")
    assert (row["Regneark"], f"Advarslerne står i »{SIDE}«." in row["Forklaring"]) == (
        "a.xlsx", True,
    )  # fmt: skip


def test_it_holds_the_tab_with_links_and_the_columns_texts(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    workbook = openpyxl.load_workbook(house.sheets / SIDE)
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


def test_a_second_run_writes_no_byte_without_the_state_too(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.put("b.xls", b"nothing")
    house.sync()
    house.age()
    before = house.bytes_of_workbooks()
    stamps = {f.name: f.stat().st_mtime_ns for f in house.sheets.iterdir()}
    assert sorted(before) == ["a – advarsler.xlsx", "a.xlsx", "b – advarsler.xlsx", "b.xls"]
    house.sync(hour=9)
    shutil.rmtree(house.state)
    result = house.sync(hour=10)
    assert [one.written for one in result.beside] == [[]]
    assert house.bytes_of_workbooks() == before
    assert {f.name: f.stat().st_mtime_ns for f in house.sheets.iterdir()} == stamps


def test_it_follows_the_findings(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    more = {**WRONG, "Indsatser!K2": "=SUM(1,2)", "Indsatser!D4": "Unge i Tibberupparken"}
    house.put("a.xlsx", book(cells=more))
    house.sync()
    rows = openpyxl.load_workbook(house.sheets / SIDE)[PAGE].max_row
    assert rows == 3 + 3


def test_it_goes_when_the_workbook_can_be_written_again(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    house.put("a.xlsx", MENDED)
    said = house.command("sync")
    assert (said.code, f"not needed any more: {SIDE}" in said.out) == (0, True)
    assert sorted(house.bytes_of_workbooks()) == ["a.xlsx"]


def test_it_goes_with_the_workbook_and_follows_a_new_name(house: House) -> None:
    file = house.put("a.xlsx", REFUSED)
    house.sync()
    file.rename(house.sheets / "ny.xlsx")
    house.sync()
    assert sorted(house.bytes_of_workbooks()) == ["ny – advarsler.xlsx", "ny.xlsx"]
    (house.sheets / "ny.xlsx").unlink()
    house.sync()
    assert house.bytes_of_workbooks() == {}


def test_it_goes_when_there_is_nothing_to_tell(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    house.put("a.xlsx", book(cells={"Indsatser!K2": "=SUM(1,2)"}))
    assert [path for path, _ in house.sync().problems] == ["a.xlsx"]
    assert sorted(house.bytes_of_workbooks()) == ["a.xlsx"]


def test_it_stays_while_nobody_knows(house: House) -> None:
    """The workbook is open: whether it could be written is not known now."""
    house.put("a.xlsx", REFUSED)
    house.sync()
    before = (house.sheets / SIDE).read_bytes()
    house.put("a.xlsx", MENDED)
    (house.sheets / "~$a.xlsx").write_bytes(b"\x04Anna")
    house.sync()
    assert (house.sheets / SIDE).read_bytes() == before
    (house.sheets / "~$a.xlsx").unlink()
    house.sync()
    assert sorted(house.bytes_of_workbooks()) == ["a.xlsx"]


def test_it_comes_back_after_a_restore(house: House) -> None:
    house.put("a.xlsx", MENDED)
    house.sync()
    file = house.put("a.xlsx", REFUSED)
    house.sync()
    assert (house.sheets / SIDE).exists()
    assert house.command("restore", "a.xlsx").code == 0
    assert house.command("sync").code == 0
    assert (file.read_bytes() == REFUSED, (house.sheets / SIDE).exists()) == (False, False)
    assert house.command("restore", "a.xlsx", "--version", "2").code == 0
    assert file.read_bytes() == REFUSED
    house.sync()
    assert (house.sheets / SIDE).exists()


UNREADABLES = {
    "a.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") * 90, ".xls"),
    "a.xlsx": (FINE[: len(FINE) // 2], "beskadiget"),
    "a.xlsm": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "adgangskode"),
}


@pytest.mark.parametrize("name", UNREADABLES)
def test_what_cannot_be_read_is_told_beside_the_file(house: House, name: str) -> None:
    data, word = UNREADABLES[name]
    house.put(name, data)
    said = house.command("sync")
    assert (said.code, f"written beside: {SIDE}" in said.out) == (0, True)
    line = first_line(house.sheets / SIDE)
    assert line.startswith(f"Kontrollen kan ikke læse »{name}«.")
    assert word in line
    assert openpyxl.load_workbook(house.sheets / SIDE).sheetnames == [PAGE]
    (row,) = table(house.overview.read_bytes(), "Regneark")
    assert row["Forklaring"].endswith(f"Advarslerne står i »{SIDE}«.")
    house.put(name, FINE)
    house.sync()
    assert sorted(house.bytes_of_workbooks()) == [name]


def test_two_workbooks_with_one_stem_have_one_each(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.put("a.xls", b"old")
    house.put("under/a.xlsx", REFUSED)
    house.sync()
    names = {f.relative_to(house.sheets).as_posix() for f in house.sheets.rglob("*advarsler.xlsx")}
    assert names == {
        "a.xlsx – advarsler.xlsx", "a.xls – advarsler.xlsx", "under/a – advarsler.xlsx",
    }  # fmt: skip
    (house.sheets / "a.xls").unlink()
    house.sync()
    assert sorted(f.name for f in house.sheets.glob("*advarsler.xlsx")) == [SIDE]


def test_it_is_never_a_plan_workbook_and_neither_is_a_copy_of_it(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    copy = house.sheets / "Kopi af a – advarsler.xlsx"
    shutil.copy(house.sheets / SIDE, copy)
    content = copy.read_bytes()
    (row,) = table(house.overview.read_bytes(), "Regneark")
    assert [one["name"] for one in house.check().json["workbooks"]] == ["a.xlsx"]
    assert house.command("check", house.sheets / SIDE).out.startswith("0 workbooks")
    house.put("a.xlsx", MENDED)
    assert [line.path for line in house.sync().overview.books] == [row["Regneark"]]
    assert copy.read_bytes() == content


def foreign(house: House) -> None:
    (house.sheets / SIDE).write_bytes(FINE)


def typed_in(house: House) -> None:
    workbook = openpyxl.load_workbook(house.sheets / SIDE)
    workbook[PAGE]["K5"] = "Ringet til Anne"
    workbook.save(house.sheets / SIDE)


def commented(house: House) -> None:
    workbook = openpyxl.load_workbook(house.sheets / SIDE)
    workbook[PAGE]["B4"].comment = Comment("Ordnet", "Anne")
    workbook.save(house.sheets / SIDE)


def renamed_over(house: House) -> None:
    house.put("b.xlsx", REFUSED)
    house.sync()
    (house.sheets / "b – advarsler.xlsx").replace(house.sheets / SIDE)


@pytest.mark.parametrize("change", [foreign, typed_in, commented, renamed_over])
@pytest.mark.parametrize("then", [book(cells={**WRONG, "Indsatser!K2": "=SUM(1)"}), MENDED])
def test_a_file_that_is_not_as_the_job_made_it_is_left_alone(
    house: House, change: object, then: bytes
) -> None:
    assert callable(change)
    house.put("a.xlsx", REFUSED)
    house.sync()
    change(house)
    before = (house.sheets / SIDE).read_bytes()
    house.put("a.xlsx", then)
    result = house.sync()
    after = (house.sheets / SIDE).read_bytes()
    if change is foreign:
        assert SIDE in [line.path for line in result.overview.books]
        assert openpyxl.load_workbook(io.BytesIO(after)).sheetnames[:-1] == example().sheetnames
    else:
        assert after == before
    if then != MENDED or change in (typed_in, commented):
        assert any(SIDE in path + reason for path, reason in result.problems)


def test_saved_again_by_another_program_it_is_still_the_jobs(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    workbook = openpyxl.load_workbook(house.sheets / SIDE)
    workbook[PAGE].column_dimensions["C"].width = 30
    workbook.save(house.sheets / SIDE)
    before = (house.sheets / SIDE).read_bytes()
    house.sync()
    assert (house.sheets / SIDE).read_bytes() == before
    house.put("a.xlsx", MENDED)
    house.sync()
    assert not (house.sheets / SIDE).exists()


def test_an_open_one_is_left_for_the_next_run(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    lock = house.sheets / f"~${SIDE}"
    lock.write_bytes(b"\x04Anna")
    before = (house.sheets / SIDE).read_bytes()
    house.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 7", "Indsatser!K2": "=SUM(1,2)"}))
    said = house.command("sync")
    assert (said.code, "åbent hos Anna" in said.err) == (3, True)
    assert (house.sheets / SIDE).read_bytes() == before
    house.put("a.xlsx", MENDED)
    said = house.command("sync")
    assert (said.code, f"{SIDE}: Filen er åben hos Anna." in said.err) == (3, True)
    assert (house.sheets / SIDE).read_bytes() == before
    lock.unlink()
    assert house.command("sync").code == 0
    assert sorted(house.bytes_of_workbooks()) == ["a.xlsx"]


def test_a_read_only_workbook_is_told_beside_it_and_stays_as_it_is(house: House) -> None:
    file = house.put("a.xlsx", MENDED)
    file.chmod(0o440)
    said = house.command("sync")
    assert (said.code, file.read_bytes() == MENDED) == (3, True)
    assert "a.xlsx: Filen er skrivebeskyttet." in said.err
    side = house.sheets / SIDE
    assert stat.S_IMODE(side.stat().st_mode) == 0o640
    house.put("c.xlsx", FINE)
    file.chmod(0o640)
    house.sync()
    assert not side.exists()


def test_who_may_not_read_the_workbook_may_not_read_what_is_beside_it(house: House) -> None:
    file = house.put("a.xlsx", REFUSED)
    file.chmod(0o600)
    if os.getuid() == 0:
        os.chown(file, 12345, 54321)
    house.sync()
    side = (house.sheets / SIDE).stat()
    assert stat.S_IMODE(side.st_mode) == 0o600
    assert (side.st_uid, side.st_gid) == (file.stat().st_uid, file.stat().st_gid)


def test_text_from_cells_stays_text_and_no_cpr_number_gets_in(house: House) -> None:
    tabs = {"=1+1!A1": CPR, f"{CPR}!A1": CPR}
    cells = {"Indsatser!K2": "=SUM(1,2)", "Indsatser!I2": "'=HYPERLINK(1)", **tabs}
    house.put("a.xlsx", book(cells=cells))
    house.sync()
    workbook = openpyxl.load_workbook(house.sheets / SIDE)
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


def test_a_very_long_name_has_one_too(house: House) -> None:
    name = "æ" * 120 + ".xlsx"
    house.put(name, REFUSED)
    house.sync()
    (side,) = house.sheets.glob("*advarsler.xlsx")
    assert first_line(side).startswith("Kontrollen kan ikke skrive i »æææ")
    house.put(name, MENDED)
    result = house.sync()
    assert (result.problems, result.written, side.exists()) == ([], [name], False)


def test_a_dry_run_and_a_stop_lay_nothing(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.command("sync", "--dry-run")
    assert sorted(house.bytes_of_workbooks()) == ["a.xlsx"]


def test_a_folder_that_cannot_be_reached_keeps_what_stands_there(house: House) -> None:
    house.put("a.xlsx", REFUSED)
    house.sync()
    house.sheets.rename(house.root / "away")
    house.sync()
    (house.root / "away").rename(house.sheets)
    assert (house.sheets / SIDE).exists()


def test_one_that_somebody_deleted_is_laid_again(house: House) -> None:
    house.put("a.xls", b"none")
    house.sync()
    house.age()
    house.sync(hour=9)
    (house.sheets / SIDE).unlink()
    house.sync(hour=10)
    assert (house.sheets / SIDE).exists()
