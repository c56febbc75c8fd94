"""The quick way to find rows and cells gives the same as the parser's handlers, or leaves it."""

from __future__ import annotations

from random import Random

import pytest

from sync.xlsx.damage import PackageError
from sync.xlsx.fast_scan import plain_rows
from sync.xlsx.grid import Cell
from sync.xlsx.refusal import RefusedError
from sync.xlsx.sheet_scan import SheetXml, scan
from sync.xlsx.sheets import sheets
from sync.xlsx.zip_package import Package
from tests.fuzz.packages import changed, samples

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
END = b"</sheetData>"

PLAIN = {
    "numbers": b'<row r="1"><c r="A1"><v>1</v></c><c r="C1" s="2" t="n"><v>2</v></c></row>',
    "an empty cell": b'<row r="2" spans="1:3"><c r="B2" s="1"/><c r="C2" s="1"></c></row>',
    "empty rows": b'<row r="1"/><row r="3" s="4" customFormat="1"></row><row r="4" s="5"/>',
    "texts": b'<row r="1"><c r="B1" t="inlineStr"><is><t>a &amp; b &#230;</t></is></c></row>',
    "blanks": b'<row r="1"><c r="B1"><is><t xml:space="preserve"> a</t></is></c></row>',
    "no value": b'<row r="1"><c r="B1"><v/></c><c r="C1"><f>A1</f><v></v></c></row>',
    "formulas": b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f></c></row>',
    "an area": b'<row r="1"><c r="C1"><f t="shared" ref="C1:C9" si="0">A1</f><v>1</v></c></row>',
    "line ends": b'\n <row r="1">' + b'<c r="B1" t="str"><v>a\r\nb</v></c></row>\n',
    "a mark in an attribute": b'<row r="7" ht="12.5" x14ac:dyDescent="0.25"><c r="Z7"/></row>',
}
NOT_PLAIN = {
    "a comment": b'<row r="1"><c r="A1"><v>1</v></c><!-- --></row>',
    "quotes": b"<row r='1'><c r='B1'><v>1</v></c></row>",
    "no places": b"<row><c><v>1</v></c></row>",
    "rich text": b'<row r="1"><c r="B1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    "a cell in a cell": b'<row r="1"><c r="A1"><c r="B1"/></c></row>',
    "not in order": b'<row r="1"><c r="B1"/><c r="A1"/></row>',
    "another row's cell": b'<row r="1"><c r="A2"/></row>',
    "a row twice": b'<row r="1"/><row r="1"/>',
    "beyond the last": b'<row r="1"><c r="XFE1"/></row>',
    "something else": b'<row r="1"><c r="A1"/></row><x/>',
    "an end in an attribute": b'<row r="1"><c r="A1" x="a>b"><v>1</v></c></row>',
    "an area without a place": b'<row r="1"><c r="A1"><f t="array" ref="?">1</f></c></row>',
}

Seen = tuple[object, ...] | str


def seen(xml: bytes, column: int) -> Seen:
    """What is found in a sheet, or why it is not read."""
    try:
        sheet: SheetXml = scan(xml, "sheet", column)
    except (RefusedError, PackageError) as error:
        return str(error)
    before = [(child.tag, child.start, child.attributes) for child in sheet.children]
    areas = sorted(map(repr, sheet.formula_areas))
    return (
        sheet.rows, sheet.cells, sheet.used, sheet.last_rows, areas, sheet.merged, sheet.columns,
        before[: 1 + [tag for tag, _, _ in before].index("sheetData")],
    )  # fmt: skip


def by_handlers(xml: bytes, column: int) -> Seen:
    """The same by the parser's handlers: a comment behind the last row is not plain."""
    at = xml.rfind(END)
    return seen(xml[:at] + b"<!---->" + xml[at:], column)


@pytest.mark.parametrize("column", [1, 2, 3, 26])
@pytest.mark.parametrize("name", [*PLAIN, *NOT_PLAIN])
def test_both_ways_give_the_same(name: str, column: int) -> None:
    xml = HEAD + (PLAIN | NOT_PLAIN)[name] + TAIL
    assert (plain_rows(xml, column) is not None) == (name in PLAIN)
    assert seen(xml, column) == by_handlers(xml, column)


@pytest.mark.parametrize(
    "xml",
    [
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + HEAD + PLAIN["texts"] + TAIL,
        b"<!-- <sheetData> -->" + HEAD + PLAIN["numbers"] + TAIL,
        HEAD + b'<row r="1"><c r="B1" t="str"><v>&#0;</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="B1" t="str"><v>\xff</v></c></row>' + TAIL,
        HEAD + b'<row r="1"><c r="A1"><v>&unknown;</v></c></row>' + TAIL,
        HEAD.replace(b"/main", b"/other") + PLAIN["numbers"] + TAIL,
    ],
)
def test_what_is_no_plain_sheet_is_left_to_the_parser(xml: bytes) -> None:
    assert seen(xml, 2) == by_handlers(xml, 2)


def test_both_ways_give_the_same_for_changed_workbooks() -> None:
    plain = 0
    for data in (*samples(), *(changed(Random(seed)) for seed in range(40))):
        try:
            package = Package(data)
            parts = [package.read(one.part) for one in sheets(package)]
        except PackageError:
            continue
        for xml in parts:
            if END in xml:
                plain += plain_rows(xml, 3) is not None
                assert seen(xml, 3) == by_handlers(xml, 3)
    assert plain > 100


def test_a_cell_is_found_with_all_that_it_holds() -> None:
    xml = HEAD + PLAIN["texts"] + TAIL
    found = plain_rows(xml, 2)
    assert found is not None
    assert found.cells == [
        Cell(1, 2, len(HEAD) + 11, None, "inlineStr", xml.index(b"</c>"), "a & b æ", False)
    ]
