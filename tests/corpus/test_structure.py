"""What is written keeps the format's rules, also beside tables, filters and shared formulas."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.corpus.schema import errors, new_errors
from tests.corpus.structure import new_problems, problems
from tests.sync.helpers import saved
from tests.sync.packages import member, repacked, with_shared_texts

PAGE = OwnedSheet(
    "Advarsler", ((OwnedCell("Advarsler", bold=True),), (), (OwnedCell("x"),)), (9.0,), 3
)
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
ROWS = (("Nr.", "Navn", "Beløb"), (1, "Café", 12.5), (2, "Æble", 7), (3, "Bad", 1))


def made(*, kontrol: bool = False) -> openpyxl.Workbook:
    """Three columns with a filter, names and a print area; Kontrol as a fourth, if asked for."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    if kontrol:
        sheet["D1"] = "Kontrol"
    sheet.auto_filter.ref = "A1:C4"
    sheet.print_area = "A1:C4"
    sheet.print_title_rows = "1:1"
    workbook.defined_names["Beløb"] = DefinedName("Beløb", attr_text="Sheet!$C$2:$C$4")
    workbook.create_sheet("Bilag")["A1"] = "x"
    return workbook


def with_table(*, kontrol: bool) -> bytes:
    workbook = made(kontrol=kontrol)
    sheet = workbook.worksheets[0]
    sheet.auto_filter.ref = None
    sheet.add_table(Table(displayName="Tabel1", ref="A1:D4" if kontrol else "A1:C4"))
    return with_shared_texts(saved(workbook))


def with_shared_formulas() -> bytes:
    """Formulas and spans as Excel lays them: the first holds the text, the others its number."""
    workbook = made()
    sheet = workbook.worksheets[0]
    for row in (2, 3, 4):
        sheet.cell(row, 3).value = f"=A{row}*2"
    data = saved(workbook)
    xml = member(data, SHEET)
    xml = xml.replace(b"<f>A2*2</f>", b'<f t="shared" ref="C2:C4" si="0">A2*2</f>')
    for formula in (b"<f>A3*2</f>", b"<f>A4*2</f>"):
        xml = xml.replace(formula, b'<f t="shared" si="0"/>')
    xml = re.sub(rb'<row r="(\d)"', rb'<row r="\1" spans="1:3"', xml)
    return repacked(data, {SHEET: xml})


def written(data: bytes, *, kontrol: bool = False) -> bytes:
    header = None if kontrol else "Kontrol"
    texts = {2: "OK", 3: "FEJL: mangler", 4: "OK"}
    column = OwnedColumn("Sheet", 4, 1, header, texts, None if kontrol else 60.0)
    return write_owned(Package(data), [column], PAGE)


@pytest.mark.parametrize(
    ("data", "kontrol"),
    [
        (saved(made()), False),
        (saved(made(kontrol=True)), True),
        (with_table(kontrol=False), False),
        (with_table(kontrol=True), True),
        (with_shared_formulas(), False),
    ],
    ids=["plain", "with Kontrol", "beside a table", "inside a table", "shared formulas"],
)
def test_what_is_written_keeps_the_rules_and_the_ranges(data: bytes, *, kontrol: bool) -> None:
    after = written(data, kontrol=kontrol)
    assert after != data
    assert [*new_problems(data, after)] == []
    assert [*new_errors(data, after)] == []
    old, new = (openpyxl.load_workbook(io.BytesIO(one)) for one in (data, after))
    was, now = old["Sheet"], new["Sheet"]
    assert [now.cell(row, 4).value for row in (1, 2, 3, 4)] == [
        "Kontrol", "OK", "FEJL: mangler", "OK",
    ]  # fmt: skip
    assert now.dimensions == "A1:D4"
    assert now.auto_filter.ref == was.auto_filter.ref
    assert [one.ref for one in now.tables.values()] == [one.ref for one in was.tables.values()]
    assert (now.print_area, now.print_title_rows) == (was.print_area, was.print_title_rows)
    assert new.defined_names["Beløb"].attr_text == "Sheet!$C$2:$C$4"
    assert new.sheetnames == ["Sheet", "Bilag", "Advarsler"]


def test_spans_and_shared_formulas_stay_right() -> None:
    after = written(with_shared_formulas())
    xml = member(after, SHEET)
    assert xml.count(b'spans="1:4"') == 4
    assert b'<f t="shared" ref="C2:C4" si="0">A2*2</f>' in xml
    assert xml.count(b'<f t="shared" si="0"/>') == 2


def test_a_table_is_not_touched() -> None:
    for kontrol in (False, True):
        data = with_table(kontrol=kontrol)
        table = "xl/tables/table1.xml"
        assert member(written(data, kontrol=kontrol), table) == member(data, table)


BREAKS = {
    "its elements stand in another order": (SHEET, b"<sheetData>", b"<pageMargins/><sheetData>"),
    "its rows stand in another order": (SHEET, b'<row r="2"', b'<row r="9"'),
    "row 2: its cells stand in another order": (SHEET, b'r="A2"', b'r="C2"'),
    "row 2: a cell of another row": (SHEET, b'r="A2"', b'r="A7"'),
    "row 2: its spans do not hold its cells": (SHEET, b'<row r="2"', b'<row r="2" spans="1:2"'),
    "lies outside the dimension": (SHEET, b'<dimension ref="A1:C4"', b'<dimension ref="A1:B4"'),
    "has a style that does not exist": (SHEET, b'<c r="A2"', b'<c s="99" r="A2"'),
    "has a text that does not exist": (SHEET, b'<c r="A2" t="n"', b'<c r="A2" t="s"'),
    "leads nowhere": (BOOK, b'r:id="rId1"', b'r:id="rId77"'),
    "two sheets have the sheetId": (BOOK, b'sheetId="2"', b'sheetId="1"'),
    "two sheets have the name": (BOOK, b'name="Bilag"', b'name="sheet"'),
    "no content type": (TYPES, b'Extension="rels"', b'Extension="relx"'),
    "two content types": (TYPES, b"/xl/styles.xml", b"/xl/workbook.xml"),
    "is missing": ("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet3.xml"),
    "twice": ("xl/_rels/workbook.xml.rels", b'Id="rId2"', b'Id="rId1"'),
}


@pytest.mark.parametrize("problem", BREAKS)
def test_what_breaks_the_structure_is_seen(problem: str) -> None:
    part, old, new = BREAKS[problem]
    data = saved(made())
    assert problems(data).total() == 0
    xml = member(data, part)
    assert old in xml
    broken = repacked(data, {part: xml.replace(old, new, 1)})
    assert any(problem in one for one in new_problems(data, broken)), problems(broken)


def test_a_table_that_no_longer_fits_its_cells_is_seen() -> None:
    data = with_table(kontrol=True)
    assert problems(data).total() == 0
    table = "xl/tables/table1.xml"
    for old, new in ((b'name="Kontrol"', b'name="Andet"'), (b'ref="A1:D4"', b'ref="A1:E4"')):
        broken = repacked(data, {table: member(data, table).replace(old, new)})
        assert [*new_problems(data, broken)]


def test_a_shared_formula_that_lost_its_first_is_seen() -> None:
    data = with_shared_formulas()
    xml = member(data, SHEET).replace(b' ref="C2:C4" si="0"', b' si="0"')
    assert [*new_problems(data, repacked(data, {SHEET: xml}))]


def test_what_is_against_the_schema_is_seen() -> None:
    data = saved(made())
    xml = member(data, SHEET).replace(b't="n"', b't="x"', 1)
    assert [*new_errors(data, repacked(data, {SHEET: xml}))]
    assert errors(data) == errors(data)
