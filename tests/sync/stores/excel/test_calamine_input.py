"""What python-calamine is given, and what it never gets to see."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from rules.model.cells import Cell, NoResult, RawTab
from rules.model.tables import TABLES
from sync.stores.excel.calamine_input import plain_sheet
from sync.stores.excel.reading import read_tabs
from sync.workbook_tools.demo import make_demo
from sync.xlsx.errors import PackageError
from sync.xlsx.zip_package import Limits
from tests.bench.workbooks import make_workbooks
from tests.sync.helpers import TODAY, confined, example, saved
from tests.sync.packages import STRINGS, member, part_of, repacked, with_shared_texts

GOOD = with_shared_texts(saved(example()))
PART = part_of(GOOD, "Indsatser")


def sheet_xml(rows: str, head: str = "", tail: str = "") -> bytes:
    return f"<worksheet>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>".encode()


ONE = '<row r="2"><c r="B2" s="4"><v>1</v></c></row>'
ENDED = '<row r="{0}"><c r="A{0}" s="3"></c><c r="B{0}" s="3" t="n"></c></row>'
NO_RESULT = '<row r="4"><c r="B4"><f>A1</f></c></row>'
BLANK = '<row r="{0}" s="1"><c r="A{0}" s="3"/><c r="B{0}" s="3" t="n" /></row>'


def given(xml: bytes) -> str | None:
    """What stands in sheetData of that which calamine is given; None where it gets nothing."""
    plain = plain_sheet(xml)
    if plain is None:
        return None
    part = b"".join(plain.pieces).decode()
    return part.partition("<sheetData>")[2].partition("</sheetData>")[0]


@pytest.mark.parametrize(
    ("xml", "rows"),
    [
        (sheet_xml(ONE), ONE),
        (sheet_xml(""), ""),
        (b"<worksheet><sheetData/></worksheet>", ""),
        (b'<?xml version="1.0" encoding="UTF-8"?>\r\n' + sheet_xml(ONE), ONE),
        (sheet_xml(ONE + BLANK.format(3) + BLANK.format(1_048_576)), ONE),
        (sheet_xml(BLANK.format(9)), ""),
        (sheet_xml(ONE + ENDED.format(3) + BLANK.format(4) + ENDED.format(1_048_576)), ONE),
        (sheet_xml(ENDED.format(3)), ""),
        (sheet_xml(ENDED.format(1) + ONE + ENDED.format(3)), ENDED.format(1) + ONE),
        (sheet_xml(f"{ONE}{ENDED.format(3)}{NO_RESULT}{ENDED.format(5)}"),
         f"{ONE}{ENDED.format(3)}{NO_RESULT}{ENDED.format(5)}"),
        (sheet_xml(f"{ONE}{ENDED.format(3)}<row r='4'><c r='A4' s='1'></c></row>"), None),
        (sheet_xml(ONE + '<row r="3"><c r="XFD3" s="1"/></row>'), ONE),
        (sheet_xml(ONE, head='<dimension ref="A1:XFD1048576"/>'), ONE),
        (sheet_xml(ONE, tail="<mergeCells><mergeCell ref='A1:B1'/></mergeCells>"), ONE),
        (sheet_xml('<row r="2"><c r="B2"><f>A1&lt;3</f><v>1</v></c><c r="C2"/></row>'),
         '<row r="2"><c r="B2"><f>A1&lt;3</f><v>1</v></c></row>'),
        (sheet_xml('<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>'),
         '<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>'),
        (sheet_xml('<row r="20000"><c r="B20000"><v>1</v></c></row>'),
         '<row r="20000"><c r="B20000"><v>1</v></c></row>'),
    ],
)  # fmt: skip
def test_the_rows_down_to_the_last_filled_cell_are_given(xml: bytes, rows: str) -> None:
    assert given(xml) == rows


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NEVER_GIVEN = [
    ("a cell in the far corner", sheet_xml(FAR)),
    ("one in a tag with a prefix", sheet_xml(FAR.replace("<c", "<x:c").replace("</c", "</x:c"))),
    ("one whose tag has a prefix beside others",
     sheet_xml(ONE + '<x:row r="1048576"><x:c r="XFD1048576"><v>1</v></x:c></x:row>' + ONE)),
    ("one in single quotes", sheet_xml(FAR.replace('"', "'"))),
    ("one after a line break", sheet_xml(FAR.replace("<c r", "<c\nr"))),
    ("one after another attribute", sheet_xml(FAR.replace("<c r", '<c s="1" r'))),
    ("one whose end is spelled with a blank", sheet_xml(ONE + FAR.replace("</c>", "</c >"))),
    ("one in a second sheetData", sheet_xml(f"{ONE}</sheetData><sheetData>{FAR}")),
    ("one after a comment that ends the rows", sheet_xml(f"<!-- </sheetData> -->{FAR}")),
    ("one after a section that ends the rows", sheet_xml(f"<![CDATA[</sheetData>]]>{FAR}")),
    ("rows in a comment before the rows", sheet_xml(FAR, head=f"<!-- <sheetData>{ONE} -->")),
    ("rows in an instruction before the rows", sheet_xml(FAR, head=f"<?x <sheetData>{ONE} ?>")),
    ("a row without a number", sheet_xml(ONE.replace('<row r="2">', "<row>"))),
    ("a cell without a place", sheet_xml(ONE.replace(' r="B2"', ""))),
    ("a document type", b"<!DOCTYPE worksheet []>" + sheet_xml(ONE)),
    ("a comment before the root", b"<!--" + b"-=" * 2500 + b"-->" + sheet_xml(ONE)),
    ("a root with a prefix", sheet_xml(ONE).replace(b"<worksheet", b"<x:worksheet")),
    ("an encoding that is not UTF-8",
     b'<?xml version="1.0" encoding="ISO-8859-1"?>' + sheet_xml(ONE)),
    ("UTF-16", sheet_xml(ONE).decode().encode("utf-16")),
    ("no rows at all", b"<worksheet/>"),
    ("rows without an end", b"<worksheet><sheetData>" + ONE.encode()),
]  # fmt: skip


@pytest.mark.parametrize("xml", [xml for _, xml in NEVER_GIVEN], ids=[t for t, _ in NEVER_GIVEN])
def test_what_calamine_never_gets(xml: bytes) -> None:
    assert given(xml) is None


def test_a_cell_beyond_the_last_row_is_damage() -> None:
    with pytest.raises(PackageError):
        plain_sheet(sheet_xml('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'))


@pytest.mark.slow
def test_no_such_sheet_ends_the_process(tmp_path: Path) -> None:
    for number, (_, xml) in enumerate(NEVER_GIVEN):
        (tmp_path / f"{number:02}.xlsx").write_bytes(repacked(GOOD, {PART: xml}))
    answer = confined("check", tmp_path, "--format", "json")
    assert answer.code == 1, answer.err[-500:]
    assert len(answer.json["workbooks"]) == len(NEVER_GIVEN)


def with_calamine_alone(data: bytes, names: list[str]) -> list[list[list[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [workbook.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in names]


def filled(rows: list[list[Any]]) -> dict[tuple[int, int], Cell]:
    cells = ((row, column, cell) for row, line in enumerate(rows, 1)
             for column, cell in enumerate(line, 1))  # fmt: skip
    return {(row, column): cell for row, column, cell in cells if cell != ""}


def read_cells(tab: RawTab) -> dict[tuple[int, int], Cell]:
    return {
        (row, column): cell
        for row, cells in tab.rows
        for column, cell in enumerate(cells, 1)
        if cell != ""
    }


def workbooks(folder: Path) -> list[bytes]:
    make_demo(folder / "demo", TODAY)
    make_workbooks(folder / "bench", 2)
    files = sorted(folder.rglob("*.xlsx"))
    assert len(files) >= 6
    return [GOOD, saved(example()), *(file.read_bytes() for file in files)]


@pytest.mark.slow
def test_calamine_reads_the_same_as_in_the_whole_file(tmp_path: Path) -> None:
    for data in workbooks(tmp_path):
        tabs = read_tabs(data, Limits())
        whole = with_calamine_alone(data, [tab.name for tab in tabs])
        for tab, rows in zip(tabs, whole, strict=True):
            seen = {
                at: one
                for at, one in read_cells(tab).items()
                if not isinstance(one, NoResult | None)
            }
            assert seen == filled(rows)
    assert {table.tab for table in TABLES} <= {tab.name for tab in tabs}


def test_tabs_of_one_name_and_names_with_signs_are_told_apart() -> None:
    xml = member(GOOD, "xl/workbook.xml").decode()
    xml = xml.replace('name="Indsatser"', 'name="&lt;A &amp; B&gt;"')
    xml = xml.replace('name="Milepæle"', 'name="Plan"')
    names = [t.name for t in read_tabs(repacked(GOOD, {"xl/workbook.xml": xml.encode()}),
                                       Limits())]  # fmt: skip
    tabs = read_tabs(GOOD, Limits())
    assert names[2] == "<A & B>"
    renamed = read_tabs(repacked(GOOD, {"xl/workbook.xml": xml.encode()}), Limits())
    assert [tab.rows for tab in renamed] == [tab.rows for tab in tabs]


def test_texts_lie_where_the_workbook_says() -> None:
    relations = member(GOOD, "xl/_rels/workbook.xml.rels").decode()
    assert "sharedStrings.xml" in relations
    moved = repacked(
        GOOD,
        {
            "xl/_rels/workbook.xml.rels": relations.replace(
                "sharedStrings.xml", "texts.xml"
            ).encode(),
            "xl/texts.xml": member(GOOD, STRINGS),
            STRINGS: None,
        },
    )
    first, second = (read_tabs(data, Limits()) for data in (GOOD, moved))
    assert [tab.rows for tab in first] == [tab.rows for tab in second]
