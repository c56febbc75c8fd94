"""Other programs read what was written, and find all else as it was."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.parts import comments_by_cell, read_workbook
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.sync.xlsx.books import changed_members, owned_state

TEXTS = {2: "OK", 3: "FEJL Budget: »12,5« er ikke et beløb.\nADVARSEL Frist: <snart> & =1 æøå € 😀"}
COLUMN = OwnedColumn("Indsatser", 4, 1, "Kontrol", TEXTS, 60.0)
FORM = OwnedColumn("Plan", 3, 1, "Kontrol", {2: "OK", 9: "FEJL"})
PAGE = OwnedSheet(
    "Advarsler",
    (
        (OwnedCell("Kontrolleret 1. marts 2026"),),
        (OwnedCell("Alvor", bold=True), OwnedCell("Celle", bold=True)),
        (OwnedCell("FEJL"), OwnedCell("C3", ("Indsatser", "C3"))),
    ),
    (12.0, 9.0),
    2,
)
OWNED = {("Indsatser", row, 4) for row in (1, 2, 3)} | {("Plan", row, 3) for row in (1, 2, 9)}


def staff_book() -> bytes:
    """A workbook with what staff put into theirs: chart, comment, validation, filter, names."""
    book = openpyxl.Workbook()
    plan = book.active
    assert plan is not None
    plan.title = "Plan"
    for row in (("Felt", "Værdi"), ("Startdato", dt.date(2026, 3, 1)), ("Beløb", "=B2*2")):
        plan.append(row)
    plan["A9"] = "sidst"
    plan.merge_cells("A11:C12")
    tab = book.create_sheet("Indsatser")
    for line in (("Nr.", "Aktivitet", "Budget"), (1, "Café", 12.5), (2, "Fodbold", "12,5")):
        tab.append(line)
    tab["A1"].font = Font(bold=True)
    tab["B3"].alignment = Alignment(wrap_text=True, vertical="top")
    tab["B2"].comment = Comment("husk bilag", "Anne")
    tab.auto_filter.ref = "A1:C3"
    choices = DataValidation(type="list", formula1='"Ja,Nej"')
    choices.add("B2:B9")
    tab.add_data_validation(choices)
    chart = BarChart()
    chart.add_data(Reference(tab, min_col=3, min_row=1, max_row=3), titles_from_data=True)
    tab.add_chart(chart, "F2")
    book.defined_names["Budget"] = DefinedName("Budget", attr_text="Indsatser!$C$2:$C$3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(data: bytes) -> bytes:
    return write_owned(Package(data), [COLUMN, FORM], PAGE)


def openpyxl_values(data: bytes) -> dict[tuple[str, int, int], Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (tab.title, cell.row, cell.column): cell.value
        for tab in book.worksheets
        for row in tab.iter_rows()
        for cell in row
        if cell.value is not None
    }


def calamine_values(data: bytes) -> dict[tuple[str, int, int], Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (name, row, column): value
        for name in book.sheet_names
        for row, values in enumerate(
            book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1
        )
        for column, value in enumerate(values, 1)
        if value != ""
    }


@pytest.mark.parametrize("values", [openpyxl_values, calamine_values])
def test_readers_find_our_texts_and_all_else_unchanged(values: Any) -> None:
    before = staff_book()
    after = edited(before)
    found = values(after)
    rest = {place: v for place, v in found.items() if place not in OWNED and place[0] != PAGE.name}
    assert rest == values(before)
    assert found["Indsatser", 1, 4] == "Kontrol"
    assert {row: found["Indsatser", row, 4] for row in TEXTS} == TEXTS
    assert found["Plan", 9, 3] == "FEJL"
    assert found["Advarsler", 2, 1] == "Alvor"


def test_no_other_member_changes_by_a_byte() -> None:
    before = staff_book()
    changed, new = changed_members(before, edited(before))
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
    }  # fmt: skip
    assert new == {"xl/worksheets/sheet3.xml"}


def test_a_second_run_gives_the_same_bytes() -> None:
    package = Package(edited(staff_book()))
    assert write_owned(package, [COLUMN, FORM], PAGE) is package.data


def test_read_only_mode_sees_the_new_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(edited(staff_book())), read_only=True)
    assert [row[3] for row in book["Indsatser"].values] == ["Kontrol", *TEXTS.values()]
    book.close()


def test_openpyxls_comments_are_read() -> None:
    package = Package(staff_book())
    assert comments_by_cell(package, read_workbook(package).sheets[1]) == {"B2": "husk bilag"}


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_it_again_and_nothing_is_left_to_write(tmp_path: Path) -> None:
    source = tmp_path / "plan.xlsx"
    source.write_bytes(edited(staff_book()))
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
            str(source),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    package = Package((tmp_path / "out" / "plan.xlsx").read_bytes())
    names = [sheet.name for sheet in read_workbook(package).sheets]
    assert names == ["Plan", "Indsatser", "Advarsler"]
    assert owned_state(package, "Indsatser", 4, 1) == TEXTS
    assert write_owned(package, [COLUMN, FORM], PAGE) is package.data
