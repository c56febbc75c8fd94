"""The owned column: exactly these cells change, in whatever shape the sheet is written."""

from __future__ import annotations

import re

import pytest

from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.sync.xlsx.books import (
    PLAN_ROWS,
    STRICT,
    TRANSITIONAL,
    changed_members,
    owned_state,
    package_bytes,
    packed,
    parts,
    relationships,
    sheet_xml,
    text_of,
)

SHEET = "xl/worksheets/sheet1.xml"
NEW = OwnedColumn("Plan", 3, 1, "Kontrol", {2: "OK", 4: "FEJL Budget: æ"})


def cell(place: str, text: str, style: str = "", prefix: str = "") -> str:
    p = prefix
    return (
        f'<{p}c r="{place}"{style} t="inlineStr"><{p}is><{p}t xml:space="preserve">{text}</{p}t>'
        f"</{p}is></{p}c>"
    )


def written(xml: str, owned: OwnedColumn = NEW) -> str:
    """Return the sheet after writing; check that nothing else changed and that it stays so."""
    before = package_bytes(xml)
    after = write_owned(Package(before), [owned], None)
    assert changed_members(before, after) == ({SHEET}, set())
    package = Package(after)
    assert write_owned(package, [owned], None) is after
    wanted = {row: text for row, text in owned.texts.items() if text}
    assert owned_state(package, owned.tab, owned.column, owned.header_row) == wanted
    return text_of(after, SHEET)


def test_only_the_new_cells_are_spliced_in() -> None:
    xml = sheet_xml(before='<dimension ref="A1:B4"/>')
    wanted = xml.replace('ref="A1:B4"', 'ref="A1:C4"').replace('spans="1:2"', 'spans="1:3"')
    for row, text in ((1, "Kontrol"), (2, "OK"), (4, "FEJL Budget: &#230;")):
        start = wanted.index(f'<row r="{row}"')
        at = wanted.index("</row>", start)
        wanted = wanted[:at] + cell(f"C{row}", text) + wanted[at:]
    assert written(xml) == wanted


K2, K3, K4 = cell("C2", "OK"), cell("C3", "ny"), cell("C4", "FEJL Budget: &#230;")
TWO = OwnedColumn("Plan", 2, 1, None, {2: "OK", 4: "FEJL"})


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ("", '<row r="1">' + cell("C1", "Kontrol") + '</row><row r="2">' + K2 + "</row>"),
        ('<row r="1"/><row r="2"/>', '<row r="2">' + K2 + '</row><row r="4">' + K4 + "</row>"),
        ('<row r="2" ht="30"/>', '<row r="2" ht="30">' + K2 + "</row>"),
        ('<row r="2"  />', '<row r="2"  >' + K2 + "</row>"),
        ("<row/><row><c><v>1</v></c></row>", "<row><c><v>1</v></c>" + K2 + "</row>"),
        ('<row r="7"/>', '<row r="4">' + K4 + '</row><row r="7"/>'),
        ('<row r="2"><c r="A2"/><c r="D2"/></row>', '<c r="A2"/>' + K2 + '<c r="D2"/>'),
        ("<row/><row><c/><c/><c/><c/></row>", "<c/><c/>" + K2 + "<c/>"),
        ('<row r="2"><c r="D2"/><c/></row>', '<row r="2">' + K2 + '<c r="D2"/><c/>'),
        ('<row r="2"><c r="A2"/><extLst/></row>', '<c r="A2"/>' + K2 + "<extLst/>"),
        ('<row r="2"><c r="C2" s="5"><v>7</v></c></row>', cell("C2", "OK", ' s="5"')),
        ('<row r="2" s="4" customFormat="1"/>', cell("C2", "OK", ' s="4"')),
        ('<row r="2" s="4"/>', K2),
        ('<row r="2" spans="4:9"/>', '<row r="2" spans="3:9">'),
        ('<row r="2" spans="1:1 4:9"/>', '<row r="2" spans="1:1 4:9">'),
        ('<row r="2" a="/>" b=\'">\'><c a="<"/></row>'.replace('<"', '&lt;"'), K2 + "</row>"),
        ('<!-- <row r="2"> --><row r="2"><![CDATA[ ]]></row>', "<![CDATA[ ]]>" + K2 + "</row>"),
    ],
)
def test_rows_and_cells_are_found_in_every_shape(rows: str, part: str) -> None:
    assert part in written(sheet_xml(rows))


def test_a_self_closing_sheet_is_opened() -> None:
    xml = sheet_xml("").replace("<sheetData></sheetData>", '<sheetData a="1"/>')
    assert '<sheetData a="1"><row r="1">' in written(xml)
    assert "</row></sheetData></worksheet>" in written(xml)


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml)
    return xml.replace("xmlns=", "xmlns:x=")


@pytest.mark.parametrize("ns", [TRANSITIONAL, STRICT])
def test_prefixes_are_kept(ns: str) -> None:
    xml = written(prefixed(sheet_xml(ns=ns)))
    assert cell("C2", "OK", prefix="x:") + "</x:row>" in xml
    assert '<x:sheetData><x:row r="1"' in xml


@pytest.mark.parametrize(
    "xml",
    [
        "\ufeff" + sheet_xml(),
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + sheet_xml(),
        sheet_xml(before="<sheetPr><tabColor rgb='FF00FF00'/></sheetPr>"),
    ],
)
def test_what_stands_before_the_root_moves_nothing(xml: str) -> None:
    assert K2 + "</row>" in written(xml)


def test_a_latin_1_sheet_stays_one() -> None:
    xml = '<?xml version="1.0" encoding="ISO-8859-1"?>' + sheet_xml(
        '<row r="1"><c><v>1</v></c></row>'
    )
    data = package_bytes(extra={SHEET: xml.replace("<v>1", "<!--æ--><v>1").encode("latin-1")})
    after = Package(write_owned(Package(data), [NEW], None))
    assert b"<!--\xe6-->" in after.read(SHEET)
    assert owned_state(after, "Plan", 3, 1) == NEW.texts


STRINGS = (
    f'<sst xmlns="{TRANSITIONAL}"><si><t>OK</t></si><si><r><t>FE</t></r><r><rPr><b/></rPr><t>JL</t>'
    "</r><rPh><t>x</t></rPh></si><si><t/></si></sst>"
)
SHARED = {
    "xl/sharedStrings.xml": STRINGS,
    "xl/_rels/workbook.xml.rels": relationships(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "sharedStrings", "sharedStrings.xml"),
    ),
}


@pytest.mark.parametrize(
    "stands",
    [
        '<c r="B2" t="s"><v>0</v></c>',
        '<c r="B2" t="str"><v>OK</v></c>',
        '<c r="B2" t="inlineStr"><is><r><t>O</t></r><r><t>K</t></r><rPh><t>x</t></rPh></is></c>',
    ],
)
def test_a_cell_that_shows_the_text_is_left_alone(stands: str) -> None:
    rows = f'<row r="2">{stands}</row><row r="3"><c r="B3" t="s"><v>2</v></c></row>'
    data = package_bytes(sheet_xml(rows + '<row r="4"><c r="B4" t="s"><v>1</v></c></row>'), SHARED)
    package = Package(data)
    assert write_owned(package, [TWO], None) is package.data
    assert owned_state(package, "plan", 2, 1) == {2: "OK", 4: "FEJL"}


@pytest.mark.parametrize(
    ("stands", "becomes"),
    [
        ('<c r="B3" s="2" t="s"><v>0</v></c>', '<c r="B3" s="2"/>'),
        ('<c r="B3" s="2"><v>7</v></c>', '<c r="B3" s="2"/>'),
        ('<c r="B3" t="e"><v>#REF!</v></c>', '<c r="B3"/>'),
        ('<c r="B3" t="b" cm="1"><v>1</v></c>', '<c r="B3"/>'),
        ('<c t="s"><v>1</v></c><c r="D3"/>', '<c r="B3"/><c r="D3"/>'),
        ('<c r="B3" s="2"/>', '<c r="B3" s="2"/>'),
    ],
)
def test_other_cells_of_the_column_are_emptied_and_keep_their_style(
    stands: str, becomes: str
) -> None:
    if stands.startswith("<c t"):
        stands = '<c r="A3"/>' + stands
        becomes = '<c r="A3"/>' + becomes
    data = package_bytes(sheet_xml(f'<row r="3">{stands}</row>'), SHARED)
    after = write_owned(Package(data), [TWO], None)
    assert f'<row r="3">{becomes}</row>' in text_of(after, SHEET)


@pytest.mark.parametrize(
    ("stands", "text"),
    [
        ('<c r="B3" t="s"><v>1</v></c>', "FEJL"),
        ('<c r="B3" t="s"><v>77</v></c>', None),
        ('<c r="B3" t="s"><v>x</v></c>', None),
        ('<c r="B3"><v>12.50</v></c>', "12.50"),
        ('<c r="B3" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B3" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B3" t="str"><f>A1&amp;"x"</f><v>ax_x000A_</v></c>', "ax\n"),
        ('<c r="B3" s="4"/>', None),
    ],
)
def test_the_state_is_what_the_cells_show(stands: str, text: str | None) -> None:
    rows = f'<row r="1"><c r="B1" t="s"><v>0</v></c></row><row r="3">{stands}</row>'
    state = owned_state(Package(package_bytes(sheet_xml(rows), SHARED)), "Plan", 2, 1)
    assert state == ({} if text is None else {3: text})


def test_above_the_header_and_in_other_columns_nothing_is_touched() -> None:
    rows = (
        '<row r="1"><c r="B1"><f>1+1</f><v>2</v></c></row>'
        '<row r="2"><c r="B2" t="inlineStr"><is><t>Kontrol</t></is></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="C3" t="e"><v>#N/A</v></c></row>'
    )
    xml = written(sheet_xml(rows), OwnedColumn("Plan", 2, 2, None, {3: "OK"}))
    assert xml == sheet_xml(rows).replace('</c><c r="C3"', "</c>" + cell("B3", "OK") + '<c r="C3"')


WIDE = OwnedColumn("Plan", 3, 1, "Kontrol", {2: "OK"}, 40.5)
COL = '<col min="3" max="3" width="40.5" customWidth="1"/>'


@pytest.mark.parametrize(
    ("before", "becomes"),
    [
        ("", f"<cols>{COL}</cols><sheetData>"),
        ('<cols><col min="1" max="2"/></cols>', f'<cols><col min="1" max="2"/>{COL}</cols>'),
        ('<cols><col min="5" max="9"/></cols>', f'<cols>{COL}<col min="5" max="9"/></cols>'),
        ("<cols/>", f"<cols>{COL}</cols>"),
        (
            '<cols><col min="2" max="9"/></cols>',
            f'<cols><col min="2" max="2"/>{COL}<col min="4" max="9"/></cols><sheetData>',
        ),
        ('<cols><col min="3" max="3" hidden="1" width="0"></col></cols>', f"<cols>{COL}</cols>"),
        (
            '<cols><col min="3" max="16384" width="9.14" hidden="1" outlineLevel="1"/></cols>',
            f'<cols>{COL}<col min="4" max="16384" width="9.14" hidden="1" outlineLevel="1"/>',
        ),
        (
            '<cols><col min="1" max="3" collapsed="1" style="4" width="90.5"/></cols>',
            '<cols><col min="1" max="2" collapsed="1" style="4" width="90.5"/>'
            '<col min="3" max="3" style="4" width="90.5" customWidth="1"/></cols>',
        ),
    ],
)
def test_a_new_column_can_be_seen(before: str, becomes: str) -> None:
    assert becomes in written(sheet_xml(before=before), WIDE)


def test_a_column_that_is_there_keeps_its_width() -> None:
    rows = '<row r="1"><c r="C1" t="inlineStr"><is><t>Kontrol</t></is></c></row>'
    assert "<cols>" not in written(sheet_xml(rows), WIDE)


def test_empty_columns_give_their_style_to_new_cells() -> None:
    xml = written(sheet_xml(before='<cols><col min="3" max="4" style="6"/></cols>'))
    assert cell("C2", "OK", ' s="6"') in xml


@pytest.mark.parametrize(
    ("dimension", "becomes"),
    [
        ("A1:B4", "A1:C4"),
        ("A1", "A1:C4"),
        ("A1:Z99", "A1:Z99"),
        ("", "A1:C4"),
        ("rubbish", "A1:C4"),
    ],
)
def test_the_dimension_is_widened_to_what_the_sheet_holds(dimension: str, becomes: str) -> None:
    xml = written(sheet_xml(before=f"<dimension ref='{dimension}'/>"))
    assert re.findall(r"<dimension ref=.(.*?)./>", xml) == [becomes]


def test_several_tabs_are_written_in_one_go() -> None:
    data = packed(parts({"Plan": sheet_xml(), "Øvrig & co": sheet_xml("")}))
    other = OwnedColumn("øvrig & CO", 1, 1, "Kontrol", {})
    after = write_owned(Package(data), [NEW, other], None)
    assert changed_members(data, after) == ({SHEET, "xl/worksheets/sheet2.xml"}, set())
    assert owned_state(Package(after), "Plan", 3, 1) == NEW.texts
    assert cell("A1", "Kontrol") in text_of(after, "xl/worksheets/sheet2.xml")


def test_two_columns_of_one_tab_are_both_written() -> None:
    other = OwnedColumn("Plan", 5, 1, "Kontrol 2", {3: "OK"})
    after = Package(write_owned(Package(package_bytes()), [NEW, other], None))
    assert owned_state(after, "Plan", 3, 1) == NEW.texts
    assert owned_state(after, "Plan", 5, 1) == other.texts


def test_a_second_writing_replaces_the_first() -> None:
    first = Package(write_owned(Package(package_bytes()), [NEW], None))
    new = OwnedColumn("Plan", 3, 1, "Kontrol", {2: "", 3: "ny <b>"})
    second = write_owned(first, [new], None)
    assert owned_state(Package(second), "Plan", 3, 1) == {3: "ny <b>"}
    assert '<c r="C2"/>' in text_of(second, SHEET)
    assert '<row r="3">' + cell("C3", "ny &lt;b&gt;") + "</row>" in text_of(second, SHEET)


@pytest.mark.parametrize(
    ("column", "header_row", "texts"),
    [(0, 1, {}), (16_385, 1, {}), (1, 0, {}), (1, 3, {3: "x"}), (1, 1, {1_048_577: "x"})],
)
def test_places_outside_the_sheet_are_our_own_mistake(
    column: int, header_row: int, texts: dict[int, str]
) -> None:
    with pytest.raises(ValueError, match="outside"):
        OwnedColumn("Plan", column, header_row, None, texts)


def test_plan_rows_hold_what_the_tests_assume() -> None:
    assert PLAN_ROWS.count("<row") == 3
