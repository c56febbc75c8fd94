"""Files made to do harm: bounded time, bounded memory, and only our own errors."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from sync.xlsx.errors import PackageError, RefusedError
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.parts import comments_by_cell, read_workbook
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.sync.xlsx.books import (
    PLAN_ROWS,
    TRANSITIONAL,
    owned_state,
    package_bytes,
    parts,
    relationships,
    sheet_xml,
)

COLUMN = OwnedColumn("Plan", 3, 1, "Kontrol", {2: "OK", 5: "FEJL"})
PAGE = OwnedSheet("Advarsler", ((OwnedCell("FEJL", ("Plan", "B2"), True),),), (9.0,), 1)

SOURCES = {
    **parts({"Plan": sheet_xml(
                 PLAN_ROWS, '<dimension ref="A1"/><cols><col min="1" max="1"/></cols>'),
             "Advarsler": sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')}),
    "xl/_rels/workbook.xml.rels": relationships(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "worksheet", "worksheets/sheet2.xml"),
        ("rId3", "sharedStrings", "sharedStrings.xml"),
        ("rId4", "styles", "styles.xml"),
    ),
    "xl/sharedStrings.xml": f'<sst xmlns="{TRANSITIONAL}"><si><t>FEJL</t></si></sst>',
    "xl/styles.xml": f'<styleSheet xmlns="{TRANSITIONAL}"><cellXfs><xf/></cellXfs></styleSheet>',
    "xl/worksheets/_rels/sheet1.xml.rels": relationships(
        ("a", "comments", "../c.xml"), ("b", "table", "../t.xml")
    ),
    "xl/c.xml": f'<comments xmlns="{TRANSITIONAL}"><authors><author>tc=1</author></authors>'
    '<commentList><comment ref="A1" authorId="0"><text><t>x</t></text></comment></commentList>'
    "</comments>",
    "xl/t.xml": f'<table xmlns="{TRANSITIONAL}" ref="D1:E9"><tableColumns/></table>',
}  # fmt: skip
SNIPPETS = (
    b"", b"<", b"/>", b'"', b"&b;", b"\0", b"\xff", b"999999999999", b"-1", b"<row/>", b"<c/>",
    b"]]>", b"<!DOCTYPE x>", b"<!--", b' r="A1"', b"</row>", b"<sheetData/>", "１".encode(),
)  # fmt: skip


def use_all(data: bytes) -> str:
    """Call everything that is public; whatever else than our errors comes out fails the test."""
    try:
        package = Package(data)
        for found in read_workbook(package).sheets:
            comments_by_cell(package, found)
            owned_state(package, found.name, 3, 1)
        again = Package(write_owned(package, [COLUMN], PAGE))
        assert owned_state(again, "Plan", 3, 1) == COLUMN.texts
        assert write_owned(again, [COLUMN], PAGE) is again.data
    except (PackageError, RefusedError) as error:
        return error.detail
    return "written"


def test_the_sources_themselves_are_written() -> None:
    assert use_all(package_bytes(extra=SOURCES)) == "written"


@pytest.mark.parametrize("name", SOURCES)
def test_broken_xml_gives_only_our_errors(name: str) -> None:
    dice = random.Random(name)
    source = SOURCES[name].encode()
    for _ in range(150):
        at = dice.randrange(len(source))
        stop = at + dice.choice((0, 0, 1, 5, 20))
        broken = source[:at] + dice.choice(SNIPPETS) + source[stop:]
        assert use_all(package_bytes(extra={**SOURCES, name: broken}))


@pytest.mark.parametrize("name", [name for name in SOURCES if "Types" not in name])
def test_a_missing_part_gives_only_our_errors(name: str) -> None:
    assert use_all(package_bytes(extra={**SOURCES, name: b""})) != "written"


def deep() -> str:
    return sheet_xml("<row>" + "<c>" * 200_000 + "</c>" * 200_000 + "</row>")


def long_text() -> str:
    text = "".join(random.Random(1).choices("abcdefgh<", k=2_000_000)).replace("<", "&lt;")
    return sheet_xml(f'<row r="2"><c r="C2" t="inlineStr"><is><t>{text}</t></is></c></row>')


def many_rows() -> str:
    return sheet_xml("<row><c/><c/></row>" * 60_000)


def many_merged() -> str:
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, 50_000))
    return sheet_xml(after=f"<mergeCells>{merged}</mergeCells>")


def wide_attribute() -> str:
    return sheet_xml("<row r='1' a='" + 'x"' * 500_000 + "'/>")


@pytest.mark.slow
@pytest.mark.parametrize("make", [deep, long_text, many_rows, many_merged, wide_attribute])
def test_large_sheets_take_time_in_proportion(make: Callable[[], str]) -> None:
    data = package_bytes(make())
    started = time.process_time()
    assert use_all(data)
    assert time.process_time() - started < 20


def many_tables() -> dict[str, str]:
    entries = ((f"r{n}", "table", "../t.xml") for n in range(20_000))
    return {"xl/worksheets/_rels/sheet1.xml.rels": relationships(*entries)}


def many_listed() -> dict[str, str]:
    listed = SOURCES["[Content_Types].xml"]
    names = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml"/>' for n in range(30_000))
    return {"[Content_Types].xml": listed.replace("</Types>", names + "</Types>")}


def many_columns() -> dict[str, str]:
    cols = '<col min="9" max="9"/>' * 30_000
    return {"xl/worksheets/sheet2.xml": sheet_xml("", f"<cols>{cols}</cols>")}


@pytest.mark.slow
@pytest.mark.parametrize("make", [many_tables, many_listed, many_columns])
def test_long_lists_are_gone_through_once(make: Callable[[], dict[str, str]]) -> None:
    rows = tuple((OwnedCell("x"), OwnedCell("y")) for _ in range(3_000))
    page = OwnedSheet("Advarsler", rows, (), 1)
    other = OwnedSheet("Ny fane", rows, (), 1)
    package = Package(package_bytes(extra={**SOURCES, **make()}))
    started = time.process_time()
    assert write_owned(package, [COLUMN], page)
    assert write_owned(package, [COLUMN], other)
    assert time.process_time() - started < 10


def test_more_sheets_than_parts_is_damage() -> None:
    entry = '<sheet name="Plan" sheetId="1" r:id="rId1"/>'
    many = parts({"Plan": ""})["xl/workbook.xml"].replace(entry, entry * 50)
    assert "more sheets" in use_all(package_bytes(extra={"xl/workbook.xml": many}))


def test_many_merged_ranges_on_the_page_are_not_compared_one_by_one() -> None:
    merged = '<mergeCell ref="A1:B2"/>' * 20_000
    tab = sheet_xml("", after=f"<mergeCells>{merged}</mergeCells>")
    rows = tuple((OwnedCell("x"),) for _ in range(5_000))
    started = time.process_time()
    with pytest.raises(RefusedError):
        write_owned(
            Package(package_bytes(extra={**SOURCES, "xl/worksheets/sheet2.xml": tab})),
            [],
            OwnedSheet("Advarsler", rows, (), 1),
        )
    assert time.process_time() - started < 5
