"""What a run writes into staff's workbooks: its own two places, and not a byte beside them."""

from __future__ import annotations

import io
import os
import shutil
import stat
import tempfile
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.datavalidation import DataValidation

from rules.model.finding import Notice
from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES
from rules.text.cell_names import column_letters
from sheets_templates.drawing.design import Formula
from sheets_templates.template.plan_design import Row, plan_workbook
from sync.findings.owned import Owned
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.excel.folder import ExcelFolder
from sync.xlsx.zip_package import Limits
from tests.sync.helpers import (
    CONTROL,
    CPR,
    LONG_AGO,
    PAGE,
    TODAY,
    Site,
    book,
    cell_of,
    control_of,
    example,
    overview_of,
    saved,
    values_by_calamine,
    values_by_openpyxl,
)
from tests.sync.packages import member, repacked, unpacked, with_shared_texts
from tests.sync.somebody import run_by_nobody

WRONG = {
    "Indsatser!I2": "'ca. 5", "Indsatser!E2": "", "Indsatser!D2": "Unge i Tibberupparken",
    "Indsatser!I4": "'3.200.000 kr.", "Milepæle!B3": "9", "Noter!B3": CPR,
}  # fmt: skip
NEXT_DAY = date(2026, 11, 24)


def staff_workbook() -> bytes:
    """What staff put into theirs: chart, comment, validation, colours, a tab of their own."""
    workbook = example(cells=WRONG)
    tab = workbook["Indsatser"]
    tab["C2"].comment = Comment("husk bilag", "Anne")
    choices = DataValidation(type="list", formula1='"Planlagt,I gang,Afsluttet,Udgået"')
    choices.add("H2:H50")
    tab.add_data_validation(choices)
    tab.conditional_formatting.add("I2:I50", Rule(type="duplicateValues"))
    tab.auto_filter.ref = "A1:J4"
    tab.freeze_panes = "A2"
    tab.column_dimensions["C"].width = 44
    chart = BarChart()
    chart.add_data(Reference(workbook["Finansiering"], min_col=5, min_row=1, max_row=3))
    notes = workbook.worksheets[-1]
    notes.add_chart(chart, "D5")
    notes["A1"] = '=HYPERLINK("http://localhost")'
    return with_shared_texts(saved(workbook))


def template_workbook() -> bytes:
    """A workbook from the template: formulas with results, drop-downs, conditional formats."""
    master = PlanForm(
        "VAP-2025", "Vapnagaard", "Vapnagaard", "Boliggården", None, "2011-14", date(2025, 1, 1),
        date(2028, 12, 31), "I gang", None, None,
    )  # fmt: skip
    funding: list[Row] = [
        {"Kilde": "Landsbyggefonden", "Type": "Landsbyggefonden", "Tilsagn": "Ja", "2025": 1000},
        {"Kilde": "Kommunen", "Type": "Kommune", "Tilsagn": "Ja", "2025": 500, "2026": 0},
    ]
    milestone: Row = {
        "Nr.": Formula("=1+1", 2),
        "Indsats nr.": 7,
        "Milepæl": "x",
        "Frist": "30-02-2026",
    }
    return plan_workbook(SHIPPED, master, {"Finansiering": funding, "Milepæle": [milestone]})


def with_macro(data: bytes) -> bytes:
    """The same as a macro workbook: the content type, and a part that is no XML."""
    types = member(data, "[Content_Types].xml").replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"ms-excel.sheet.macroEnabled.main",
    ).replace(
        b"</Types>",
        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )  # fmt: skip
    relations = member(data, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rIdVba" Type="http://schemas.microsoft.com/office/2006/relationships/'
        b'vbaProject" Target="vbaProject.bin"/></Relationships>',
    )
    changes: dict[str, bytes | None] = {
        "[Content_Types].xml": types,
        "xl/_rels/workbook.xml.rels": relations,
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 9,
    }
    return repacked(data, changes)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def owned_places(data: bytes) -> set[tuple[str, str]]:
    """The cells of the columns Kontrol."""
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, below.coordinate)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == CONTROL
        for (below,) in sheet.iter_rows(
            min_row=cell.row, max_row=sheet.max_row, min_col=cell.column, max_col=cell.column
        )
    }


BOOKS = {
    "staff.xlsx": staff_workbook(),
    "template.xlsx": template_workbook(),
    "macro.xlsm": with_macro(staff_workbook()),
    "no control.xlsx": saved(
        example(
            cells=WRONG
            | {cell_of(tab, CONTROL, 1): "" for tab in ("Indsatser", "Finansiering", "Plan")}
        )
    ),
}


@pytest.mark.parametrize("name", BOOKS)
def test_no_part_that_is_not_owned_changes_by_a_byte(site: Site, name: str) -> None:
    file = site.put(name, BOOKS[name])
    assert site.sync().written == [name]
    before, after = parts(BOOKS[name]), parts(file.read_bytes())
    workbook = openpyxl.load_workbook(io.BytesIO(BOOKS[name]))
    tabs = [*(table.tab for table in TABLES), PAGE]
    owned = {
        f"xl/worksheets/sheet{number}.xml"
        for number, tab in enumerate(workbook.sheetnames, 1)
        if tab in tabs
    }
    if PAGE not in workbook.sheetnames:
        owned |= {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    owned.add("xl/styles.xml")  # gets a style that wraps, where there is none
    changed = {part for part in before if before[part] != after.get(part)}
    assert changed <= owned
    assert len(set(after) - set(before)) == (PAGE not in workbook.sheetnames)


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize(
    "read", [values_by_openpyxl, values_by_calamine], ids=["openpyxl", "calamine"]
)
def test_staffs_cells_read_the_same(site: Site, name: str, read: object) -> None:
    assert callable(read)
    file = site.put(name, BOOKS[name])
    site.sync()
    owned = owned_places(file.read_bytes())

    def theirs(data: bytes) -> dict[object, object]:
        return {
            place: value for place, value in read(data).items()
            if place not in owned and place[0] != PAGE
        }  # fmt: skip

    assert theirs(file.read_bytes()) == theirs(BOOKS[name])


def test_formulas_keep_their_texts_and_their_stored_results(site: Site) -> None:
    file = site.put("a.xlsx", BOOKS["template.xlsx"])
    site.sync()
    data = file.read_bytes()
    assert values_by_openpyxl(data)["Milepæle", "A4"] == 2
    assert values_by_openpyxl(data, results=False)["Milepæle", "A4"] == "=1+1"
    assert values_by_openpyxl(data)["Finansiering", "E16"] == 1500


def test_charts_comments_validations_formats_and_macros_survive(site: Site) -> None:
    file = site.put("a.xlsm", BOOKS["macro.xlsm"])
    site.sync()
    workbook = openpyxl.load_workbook(file, keep_vba=True)
    tab = workbook["Indsatser"]
    assert tab["C2"].comment is not None
    assert tab["C2"].comment.text == "husk bilag"
    assert [str(v.sqref) for v in tab.data_validations.dataValidation] == ["H2:H50"]
    assert [str(f.sqref) for f in tab.conditional_formatting] == ["I2:I50"]
    assert (tab.auto_filter.ref, tab.freeze_panes) == ("A1:J4", "A2")
    assert len(workbook["Noter"]._charts) == 1  # type: ignore[attr-defined]
    assert parts(file.read_bytes())["xl/vbaProject.bin"] == bytes(
        parts(BOOKS["macro.xlsm"])["xl/vbaProject.bin"]
    )
    workbook.close()


def test_kontrol_says_ok_or_what_is_wrong_worst_first(site: Site) -> None:
    cells = {**WRONG, "Indsatser!B9": "Sundhed"}
    cells[cell_of("Indsatser", CONTROL, 6)] = "ADVARSEL Budget: gammel tekst (CEL-07)"
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    column = site.control("a.xlsx", "Indsatser")
    lines = column[2].split("\n")
    assert [(line.split(" ")[0], line[-7:-1]) for line in lines] == [
        ("FEJL", "CEL-01"), ("FEJL", "CEL-02"), ("INFO", "IND-04"),
    ]  # fmt: skip
    assert lines[1].startswith("FEJL Budget: »ca. 5« ")
    assert column[3] == "OK"
    assert column[4].startswith("ADVARSEL Budget: ")
    assert sorted(column) == [1, 2, 3, 4, 9]
    assert site.control("a.xlsx", "Medarbejdere") == {1: CONTROL, 2: "OK", 3: "OK"}
    assert set(site.control("a.xlsx", "Plan").values()) == {CONTROL, "OK"}


def test_a_missing_column_is_added_right_of_the_last_header(site: Site) -> None:
    workbook = example(cells=WRONG)
    tab = workbook["Indsatser"]
    control = [cell.value for cell in tab[1]].index(CONTROL) + 1
    tab.delete_cols(control)
    own, note, added = (column_letters(control + n) for n in (1, 2, 3))
    tab[f"{own}1"] = "Vores egen"
    tab[f"{note}3"] = "løs note"
    site.put("a.xlsx", saved(workbook))
    site.sync()
    cells = values_by_openpyxl((site.sheets / "a.xlsx").read_bytes())
    assert cells["Indsatser", f"{added}1"] == CONTROL
    assert cells["Indsatser", f"{added}3"] == "OK"
    kept = cells["Indsatser", f"{own}1"], cells["Indsatser", f"{note}3"]
    assert kept == ("Vores egen", "løs note")
    site.age()
    assert site.sync().written == []


def test_kontrol_follows_when_a_row_is_mended_or_emptied(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    assert set(site.control("a.xlsx", "Indsatser")) == {1, 2, 3, 4}
    workbook = openpyxl.load_workbook(file)
    tab = workbook["Indsatser"]
    tab["I2"], tab["E2"], tab["D2"] = 1_600_000, "Mette Holm", "Børn"
    for letter in "ABCDEFGHIJ":
        tab[f"{letter}4"] = None
    file.write_bytes(saved(workbook))
    site.sync()
    assert site.control("a.xlsx", "Indsatser") == {1: CONTROL, 2: "OK", 3: "OK"}


def test_advarsler_shows_everything_worst_first(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    result = site.sync()
    first, blank, headers, *rows = site.page("a.xlsx")
    assert first[0] == (
        "Kontrolleret 23. november 2026 kl. 8.00 · Plan VAP-2025 · "
        "4 fejl, 1 advarsel og 1 info"
    )  # fmt: skip
    assert set(blank) == {""}
    assert headers == (
        "Alvor", "Kode", "Fane", "Celle", "Felt", "Besked", "Sådan retter du", "Først set",
    )  # fmt: skip
    assert [row[:5] for row in rows] == [
        ("Fejl", "CEL-01", "Indsatser", "E2", "Ansvarlig"),
        ("Fejl", "CEL-02", "Indsatser", "I2", "Budget"),
        ("Fejl", "MIL-02", "Milepæle", "B3", "Indsats nr."),
        ("Fejl", "GDP-01", "Noter", "B3", ""),
        ("Advarsel", "CEL-07", "Indsatser", "I4", "Budget"),
        ("Info", "IND-04", "Indsatser", "D2", "Målgruppe"),
    ]
    assert {row[7] for row in rows} == {"23-11-2026"}
    assert sum(result.counts.values()) == len(rows)
    sheet = openpyxl.load_workbook(site.sheets / "a.xlsx")[PAGE]
    links = {cell.value: cell.hyperlink.location for (cell,) in sheet["D4:D9"] if cell.hyperlink}
    assert {at: place.replace("'", "") for at, place in links.items()} == {
        "E2": "Indsatser!E2", "I2": "Indsatser!I2", "B3": "Noter!B3", "I4": "Indsatser!I4",
        "D2": "Indsatser!D2",
    }  # fmt: skip


def test_a_cpr_number_is_never_repeated(site: Site) -> None:
    file = site.put("a.xlsx", book(cells={"Indsatser!I2": f"'{CPR}", "Indsatser!J3": f"x {CPR}"}))
    site.sync()
    texts = [*site.control("a.xlsx", "Indsatser").values(), *map(str, site.page("a.xlsx"))]
    assert not any(CPR in text for text in texts)
    assert unpacked(file.read_bytes()).count(CPR.encode()) == 2


def test_text_that_begins_like_a_formula_is_text(site: Site) -> None:
    risky = {"Indsatser!I2": "'=2+3", "Indsatser!H3": "'@SUM(A1)", "=1+1!A1": CPR, "+x!A1": CPR}
    file = site.put("a.xlsx", book(cells=risky))
    site.sync()
    workbook = openpyxl.load_workbook(file)
    for sheet in (workbook[PAGE], workbook["Indsatser"]):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
    page = site.page("a.xlsx")
    assert all(not text.startswith(("=", "+", "-", "@")) for row in page for text in row)
    assert "»=1+1«" in {row[2] for row in page}


def test_first_seen_survives_moved_rows(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    workbook = openpyxl.load_workbook(file)
    tab = workbook["Indsatser"]
    tab.insert_rows(2)
    for column, value in enumerate(("8", "Sundhed", "Ny", "", "Ali Demir", "01-02-2025"), 1):
        tab.cell(2, column).value = value
    file.write_bytes(saved(workbook))
    site.sync(NEXT_DAY)
    seen = {(row[1], row[3]): row[7] for row in site.page("a.xlsx")[3:]}
    assert seen["CEL-02", "I3"] == seen["CEL-01", "E3"] == "23-11-2026"
    assert seen["CEL-01", "G2"] == "24-11-2026"


def test_a_second_run_writes_and_opens_nothing(site: Site) -> None:
    for name, content in BOOKS.items():
        site.put(name, content)
    first = site.sync()
    assert (sorted(first.written), first.read) == (sorted(BOOKS), len(BOOKS))
    site.age()
    second = site.sync()
    assert (second.written, second.read) == ([], len(BOOKS))
    third = site.sync()
    assert (third.written, third.read, third.problems) == ([], 0, [])
    assert third.counts == first.counts


def test_another_content_under_the_same_size_and_time_is_seen(site: Site) -> None:
    """As a program leaves it that copies and sets the times back."""
    name, content = next(iter(BOOKS.items()))
    file = site.put(name, content)
    site.sync()
    site.age()
    assert [site.sync().read for _ in range(2)] == [1, 0]
    status = file.stat()
    with file.open("r+b") as opened:
        opened.write(b"x" * status.st_size)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert site.sync().read == 1


def test_once_a_week_the_content_is_looked_at(site: Site) -> None:
    """A change of which the file system shows nothing is as one of what is remembered."""
    site.put(*next(iter(BOOKS.items())))
    monday = TODAY + timedelta(days=7 - TODAY.weekday())
    site.sync(monday)
    site.age()
    assert [site.sync(monday).read for _ in range(2)] == [1, 0]
    site.asked("UPDATE workbook SET digest = 'of another content'")
    days = (1, 6, 7, 8)
    assert [site.sync(monday + timedelta(days=day)).read for day in days] == [0, 0, 1, 0]


def test_a_run_right_after_writing_looks_at_the_content(site: Site) -> None:
    site.put("a.xlsx", BOOKS["staff.xlsx"])
    site.sync()
    before = site.everything()
    assert site.sync(hour=9).read == 0
    after = site.everything()
    assert after["sheets/a.xlsx"] == before["sheets/a.xlsx"]


def test_the_doubt_about_what_was_just_written_ends(site: Site) -> None:
    site.put("a.xlsx", BOOKS["staff.xlsx"])
    assert not site.sync().is_unchanged
    assert not site.sync().is_settled
    time.sleep(2.1)
    site.sync()
    assert site.sync().is_settled
    assert site.sync().is_unchanged


def test_an_unchanged_unreadable_workbook_is_not_read_again(site: Site) -> None:
    site.put("a.xlsx", b"<html></html>")
    site.sync()
    assert site.sync().read == 0


def test_without_the_state_the_files_stay_as_they_are(site: Site) -> None:
    for name, content in BOOKS.items():
        site.put(name, content)
    site.sync()
    before = site.bytes_of_workbooks()
    shutil.rmtree(site.state)
    result = site.sync(hour=11)
    assert (result.written, result.read) == ([], len(BOOKS))
    assert site.bytes_of_workbooks() == before


def test_full_looks_at_everything_and_still_writes_nothing(site: Site) -> None:
    for name, content in BOOKS.items():
        site.put(name, content)
    site.sync()
    before = site.bytes_of_workbooks()
    result = site.sync(hour=11, full=True)
    assert (result.written, result.read) == ([], len(BOOKS))
    assert site.bytes_of_workbooks() == before


def test_the_next_day_is_judged_without_the_file_changing(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Milepæle!D3": "24-11-2026"}))
    site.sync()
    site.age()
    assert site.sync().counts.total() == 0
    assert site.sync(date(2026, 11, 24)).counts.total() == 0
    late = site.sync(date(2026, 11, 25))
    assert (late.read, late.written) == (0, ["a.xlsx"])
    assert [line.notice.code for line in overview_of(late).notices] == ["MIL-01"]
    assert site.control("a.xlsx", "Milepæle")[3].startswith("ADVARSEL Status: ")


def test_by_the_command_the_day_can_be_given(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Milepæle!D3": "24-11-2026"}))
    site.command("sync", "--remember", "--today", "2026-11-24")
    assert site.control("a.xlsx", "Milepæle")[3] == "OK"
    answer = site.command("sync", "--remember", "--today", "2026-11-25")
    assert (answer.code, "written: a.xlsx" in answer.out) == (0, True)
    assert "Kontrolleret 25. november 2026" in site.page("a.xlsx")[0][0]


def test_a_dry_run_says_what_it_would_write(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", b"")
    before = site.everything()
    answer = site.command("sync", "--dry-run")
    assert answer.code == 0
    assert "would be written: a.xlsx" in answer.out
    assert "Overview:" not in answer.out
    after = site.everything()
    assert {name: after[name] for name in before} == before
    assert not site.overview.exists()
    assert site.sync().written == ["a.xlsx"]
    assert "would be" not in site.command("sync", "--dry-run").out


def test_a_dry_run_writes_nothing_at_all(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    before = site.everything()
    site.command("sync", "--dry-run")
    assert site.everything() == before


def test_the_mode_of_the_file_is_kept(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    file.chmod(0o640)
    if os.getuid() == 0:
        os.chown(file, 12345, 54321)
    before = file.stat()
    site.sync()
    after = file.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_mtime > LONG_AGO + 1000
    assert [one.name for one in site.sheets.iterdir()] == ["a.xlsx"]


LOCKS = {
    "~$a.xlsx": b"\x09Anna Bach".ljust(55, b" ") + b"\x09\0" + "Anna Bach".encode("utf-16-le"),
    ".~lock.a.xlsx#": b",Anna Bach,pc7,23.11.2026 08:00,file:///home/anna;",
}


@pytest.mark.parametrize("lock", LOCKS)
def test_an_open_workbook_is_left_alone_and_written_next_time(site: Site, lock: str) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", book(plan={"Plan-id": "B-1", "Boligområde": "Nøjsomhed"}))
    (site.sheets / lock).write_bytes(LOCKS[lock])
    before = file.read_bytes()
    answer = site.command("sync")
    assert answer.code == 3
    assert "a.xlsx: Regnearket er åbent hos Anna Bach" in answer.err
    assert "written: b.xlsx" in answer.out
    assert file.read_bytes() == before
    assert (site.sheets / lock).read_bytes() == LOCKS[lock]
    (site.sheets / lock).unlink()
    answer = site.command("sync")
    assert (answer.code, "written: a.xlsx" in answer.out) == (0, True)


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x05\x81\x8d", b",", b"," * 900])
@pytest.mark.parametrize("lock", LOCKS)
def test_an_odd_lock_file_is_one_too(site: Site, lock: str, content: bytes) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    (site.sheets / lock).write_bytes(content)
    assert [path for path, _ in site.sync().problems] == ["a.xlsx"]


def test_nobody_minds_a_lock_where_nothing_is_to_be_written(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync()
    (site.sheets / "~$a.xlsx").write_bytes(LOCKS["~$a.xlsx"])
    assert site.command("sync", "--full").code == 0


NOTHING = Owned((), "Kontrolleret", ())


def store_of(site: Site, **limits: int) -> ExcelFolder:
    return ExcelFolder(site.sheets, limits=Limits(**limits))


def changed(file: Path) -> None:
    file.write_bytes(BOOKS["template.xlsx"])


def replaced(file: Path) -> None:
    file.with_suffix(".new").write_bytes(BOOKS["template.xlsx"])
    file.with_suffix(".new").replace(file)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:99])


@pytest.mark.parametrize("change", [changed, replaced, cut, Path.unlink])
def test_what_changed_since_it_was_read_is_left_alone(site: Site, change: object) -> None:
    assert callable(change)
    file = site.put("a.xlsx", book(cells=WRONG))
    store = store_of(site)
    version = store.fetch("a.xlsx")().version
    change(file)
    before = site.everything()
    with pytest.raises(TryAgain):
        store.write("a.xlsx", version, NOTHING)
    assert site.everything() == before


def test_what_grew_beyond_the_limit_since_it_was_read_is_left_alone(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    store = store_of(site, packed_bytes=100_000)
    version = store.fetch("a.xlsx")().version
    file.write_bytes(b"x" * 100_001)
    with pytest.raises(TryAgain):
        store.write("a.xlsx", version, NOTHING)


def test_saved_again_with_the_same_bytes_is_no_change(site: Site) -> None:
    file = site.put("a.xlsx", book(cells=WRONG))
    store = store_of(site)
    version = store.fetch("a.xlsx")().version
    os.utime(file)
    after = store.write("a.xlsx", version, NOTHING).version
    assert after.digest != version.digest


def test_what_cannot_be_written_safely_is_left_alone_and_reported(site: Site) -> None:
    file = site.put("a.xlsx", book(cells={**WRONG, cell_of("Indsatser", CONTROL, 2): "=SUM(1,2)"}))
    before = file.read_bytes()
    answer = site.command("sync")
    assert (answer.code, file.read_bytes() == before) == (3, True)
    assert "a.xlsx: Der står en formel i kolonnen Kontrol" in answer.err
    with pytest.raises(NeedsPerson):
        raise NeedsPerson(answer.err)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_file_or_folder_is_reported(what: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "site")
        file = site.put("a.xlsx", book(cells=WRONG))
        (site.state).mkdir()
        for place in (Path(folder), site.root, site.sheets, site.state):
            place.chmod(0o777)
        file.chmod(0o444 if what == "file" else 0o666)
        site.sheets.chmod(0o777 if what == "file" else 0o555)
        before = file.read_bytes()
        assert run_by_nobody(site.root).startswith("problem: a.xlsx ")
        assert file.read_bytes() == before
        site.sheets.chmod(0o777)


def test_leftovers_of_a_run_that_was_ended_by_force_are_removed(site: Site) -> None:
    site.put("under/a.xlsx", book())
    (site.sheets / "under" / "~$helhedsplan-a.xlsx.tmp").write_bytes(b"half")
    (site.sheets / "~$a.xlsx.tmp").write_bytes(b"not ours")
    site.sync()
    names = {file.name for file in site.sheets.rglob("*") if file.is_file()}
    assert names == {"a.xlsx", "~$a.xlsx.tmp"}


def test_what_is_written_reads_back_in_the_open(site: Site) -> None:
    """The texts stand as text in the file: any reader, not only ours, finds them."""
    file = site.put("a.xlsx", book(cells=WRONG))
    lines: list[Notice] = [line.notice for line in site.shown().notices]
    shown = control_of(file.read_bytes(), "Indsatser")
    for notice in lines:
        if notice.tab == "Indsatser" and notice.row:
            assert notice.message in shown[notice.row]
    assert TODAY.year == 2026
