"""The owned tab: made once as the last one, afterwards only its contents are replaced."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.parts import read_workbook
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.sync.xlsx.books import (
    RELATIONS,
    STRICT,
    STRICT_RELATIONS,
    TRANSITIONAL,
    changed_members,
    package_bytes,
    packed,
    parts,
    relationships,
    sheet_xml,
    text_of,
)

HEADINGS = tuple(OwnedCell(text, bold=True) for text in ("Alvor", "Celle", "Besked"))
FINDING = (OwnedCell("FEJL"), OwnedCell("B2", ("Bo's plan", "B2")), OwnedCell("=Budget <æ>"))
PAGE = OwnedSheet(
    "Advarsler", ((OwnedCell("Kontrolleret 1. marts 2026"),), (), HEADINGS, FINDING), (9.0, 12.5), 3
)
LISTED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
SECOND = "xl/worksheets/sheet2.xml"


def with_page_tab(xml: str, extra: dict[str, str] | None = None) -> bytes:
    return packed({**parts({"Plan": sheet_xml(), "advarsler": xml}), **(extra or {})})


def rewritten(xml: str, page: OwnedSheet = PAGE, extra: dict[str, str] | None = None) -> str:
    """Return the tab's XML after writing; check that only it changed and that it stays so."""
    before = with_page_tab(xml, extra)
    after = write_owned(Package(before), [], page)
    assert changed_members(before, after) == ({SECOND}, set())
    package = Package(after)
    assert write_owned(package, [], page) is after
    return text_of(after, SECOND)


def test_a_new_tab_touches_three_parts_and_adds_one() -> None:
    before = package_bytes()
    after = write_owned(Package(before), [], PAGE)
    assert changed_members(before, after) == (LISTED, {SECOND})
    package = Package(after)
    assert [s.name for s in read_workbook(package).sheets] == ["Plan", "Advarsler"]
    assert write_owned(package, [], PAGE) is after
    assert text_of(after, "xl/workbook.xml") == text_of(before, "xl/workbook.xml").replace(
        "</sheets>", '<sheet name="Advarsler" sheetId="2" r:id="rId2"/></sheets>'
    )
    assert '<Override PartName="/xl/worksheets/sheet2.xml"' in text_of(after, "[Content_Types].xml")
    assert text_of(after, "xl/_rels/workbook.xml.rels").endswith(
        f'<Relationship Id="rId2" Type="{RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/>'
        "</Relationships>"
    )


def test_a_new_tab_shows_texts_links_widths_and_frozen_rows() -> None:
    after = write_owned(Package(package_bytes()), [], PAGE)
    tab = openpyxl.load_workbook(io.BytesIO(after), rich_text=True)["Advarsler"]
    assert str(tab["A1"].value) == "Kontrolleret 1. marts 2026"
    assert "".join(map(str, tab["A3"].value)) == "Alvor"
    assert tab["A3"].value[0].font.b
    assert tab["C4"].value == "· =Budget <æ>"
    assert tab["B4"].hyperlink.location == "'Bo''s plan'!B2"
    assert tab.freeze_panes == "A4"
    assert tab.column_dimensions["B"].width == 12.5
    assert tab.dimensions == "A1:C4"


STYLES = (
    f'<styleSheet xmlns="{TRANSITIONAL}"><fonts><font><sz val="11"/><name val="Aptos"/></font>'
    '<font><sz val="20"/><name val="Other"/></font></fonts><cellXfs>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0"><alignment wrapText="1"/></xf>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"><alignment wrapText="1"/></xf>'
    '<xf numFmtId="0" fontId="0"><alignment vertical="top" wrapText="1" indent="1"/></xf>'
    '<xf numFmtId="49" fontId="0" borderId="0"><alignment vertical="top" wrapText="true"/></xf>'
    "</cellXfs></styleSheet>"
)
STYLED = {
    "xl/styles.xml": STYLES,
    "xl/_rels/workbook.xml.rels": relationships(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")
    ),
}


def test_a_new_tab_borrows_a_style_that_wraps_for_its_findings() -> None:
    after = write_owned(Package(package_bytes(extra=STYLED)), [], PAGE)
    xml = text_of(after, SECOND)
    assert '<c r="C4" s="4" t=' in xml
    assert '<c r="A1" t=' in xml
    assert '<col min="1" max="1" width="9" style="4" customWidth="1"/>' in xml
    assert '<rPr><b/><sz val="11"/><rFont val="Aptos"/></rPr>' in xml
    assert text_of(after, "xl/styles.xml") == STYLES


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_where_no_style_wraps_one_is_put_behind_the_others(prefix: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    styles = (
        f'<{prefix}styleSheet {declared}="{TRANSITIONAL}"><{prefix}cellXfs count="1">'
        f'<{prefix}xf numFmtId="0"/></{prefix}cellXfs></{prefix}styleSheet>'
    )
    data = package_bytes(extra=STYLED | {"xl/styles.xml": styles})
    column = OwnedColumn("Plan", 9, 1, "Kontrol", {2: "en\nto"}, width=60.0)
    after = write_owned(Package(data), [column], PAGE)
    added = (
        f'<{prefix}xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyAlignment="1">'
        f'<{prefix}alignment vertical="top" wrapText="1"/></{prefix}xf></{prefix}cellXfs>'
    )
    wanted = styles.replace('count="1"', 'count="2"').replace(f"</{prefix}cellXfs>", added)
    assert text_of(after, "xl/styles.xml") == wanted
    assert '<c r="I2" s="1" t=' in text_of(after, "xl/worksheets/sheet1.xml")
    assert '<c r="C4" s="1" t=' in text_of(after, SECOND)
    assert write_owned(Package(after), [column], PAGE) == after


def test_a_longer_list_takes_its_style_from_the_columns() -> None:
    first = write_owned(Package(package_bytes(extra=STYLED)), [], PAGE)
    longer = OwnedSheet("Advarsler", (*PAGE.rows, FINDING, FINDING), (), 3)
    second = write_owned(Package(first), [], longer)
    assert changed_members(first, second) == ({SECOND}, set())
    xml = text_of(second, SECOND)
    assert '<c r="A6" s="4" t=' in xml
    assert xml.count("<hyperlink ") == 3
    shorter = write_owned(Package(second), [], OwnedSheet("Advarsler", PAGE.rows[:3], (), 3))
    assert '<c r="A6" s="4"/>' in text_of(shorter, SECOND)
    assert "hyperlink" not in text_of(shorter, SECOND)


def test_numbers_and_names_are_fresh() -> None:
    data = package_bytes(
        extra={
            "xl/worksheets/SHEET2.xml": sheet_xml(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{TRANSITIONAL}" xmlns:r="{RELATIONS}"><sheets>'
                '<sheet name="Plan" sheetId="41" r:id="rId1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": relationships(
                ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "theme", "t.xml")
            ),
        }
    )
    after = write_owned(Package(data), [], PAGE)
    assert changed_members(data, after)[1] == {"xl/worksheets/sheet3.xml"}
    assert 'sheetId="42" r:id="rId3"' in text_of(after, "xl/workbook.xml")


def test_a_percent_sign_in_a_relations_type_is_just_copied() -> None:
    rels = relationships(("rId1", "urn:100%/worksheet", "worksheets/sheet1.xml"))
    after = write_owned(
        Package(package_bytes(extra={"xl/_rels/workbook.xml.rels": rels})), [], PAGE
    )
    added = '<Relationship Id="rId2" Type="urn:100%/worksheet" Target="worksheets/sheet2.xml"/>'
    assert added in text_of(after, "xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize(
    ("xml", "entry"),
    [
        (
            f'<x:workbook xmlns:x="{TRANSITIONAL}" xmlns:q="{RELATIONS}"><x:sheets>'
            '<x:sheet name="Plan" sheetId="1" q:id="rId1"/></x:sheets></x:workbook>',
            '<x:sheet name="Advarsler" sheetId="2" q:id="rId2"/></x:sheets>',
        ),
        (
            f'<workbook xmlns="{TRANSITIONAL}"><sheets>'
            f'<sheet name="Plan" sheetId="1" xmlns:q="{RELATIONS}" q:id="rId1"/>'
            "</sheets></workbook>",
            f'<sheet name="Advarsler" sheetId="2" xmlns:r="{RELATIONS}" r:id="rId2"/></sheets>',
        ),
        (
            f'<workbook xmlns="{TRANSITIONAL}" xmlns:r="urn:other"><sheets xmlns:r="{RELATIONS}">'
            '<sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>',
            '<sheet name="Advarsler" sheetId="2" r:id="rId2"/></sheets>',
        ),
    ],
)
def test_the_new_entry_speaks_the_workbooks_prefixes(xml: str, entry: str) -> None:
    after = write_owned(Package(package_bytes(extra={"xl/workbook.xml": xml})), [], PAGE)
    assert entry in text_of(after, "xl/workbook.xml")
    assert [s.name for s in read_workbook(Package(after)).sheets] == ["Plan", "Advarsler"]


def test_a_strict_workbook_gets_a_strict_sheet() -> None:
    strict = {
        "xl/workbook.xml": (
            f'<workbook xmlns="{STRICT}" xmlns:r="{STRICT_RELATIONS}"><sheets>'
            '<sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relationships(
            ("rId1", f"{STRICT_RELATIONS}/worksheet", "worksheets/sheet1.xml")
        ),
    }
    after = write_owned(Package(package_bytes(sheet_xml(ns=STRICT), strict)), [], PAGE)
    assert f'<worksheet xmlns="{STRICT}">' in text_of(after, SECOND)
    assert f'Type="{STRICT_RELATIONS}/worksheet" Target="worksheets/sheet2.xml"' in text_of(
        after, "xl/_rels/workbook.xml.rels"
    )


OLD = (
    '<row r="1" ht="40" customHeight="1"><c r="A1" s="7" t="inlineStr"><is><t>gammel</t></is></c>'
    '<c r="H1" s="9"><v>5</v></c></row><row r="4" s="3" customFormat="1" hidden="1"/>'
)


def test_an_existing_tab_keeps_everything_but_its_contents() -> None:
    before = '<sheetPr/><dimension ref="A1"/><cols><col min="3" max="3" style="8"/></cols>'
    after = '<autoFilter ref="A3:C9"/><conditionalFormatting/><pageMargins/>'
    xml = rewritten(sheet_xml(OLD, before, after))
    assert xml.index("<conditionalFormatting/><hyperlinks>") < xml.index("<pageMargins/>")
    rest = re.sub(r"<sheetData>.*</sheetData>|<hyperlinks>.*</hyperlinks>", "", xml)
    wanted = sheet_xml("", before, after).replace("<sheetData></sheetData>", "")
    assert rest == wanted.replace('ref="A1"', 'ref="A1:H4"')
    assert '<c r="A1" s="7" t="inlineStr">' in xml
    assert '<c r="H1" s="9"/>' in xml
    assert re.search(r'<row r="4" s="3" customFormat="1"(?: ht="[\d.]+")?><c r="A4" s="3" t=', xml)
    assert "hidden" not in xml
    assert '<c r="C3" t=' in xml


def test_links_of_staff_to_the_outside_survive() -> None:
    links = '<hyperlinks><hyperlink ref="B4" r:id="rId1"/><hyperlink ref="A1" location="x!A1"/>'
    xml = rewritten(sheet_xml(OLD, after=links + "</hyperlinks><pageMargins/>"))
    assert '<hyperlinks><hyperlink ref="B4" r:id="rId1"/></hyperlinks>' in xml


def test_links_are_compared_by_where_they_lead() -> None:
    first = write_owned(Package(package_bytes()), [], PAGE)
    xml = text_of(first, SECOND)
    other = xml.replace("'Bo''s plan'!B2", "#'bo''s PLAN'!$B$2")
    package = Package(with_page_tab(other))
    assert write_owned(package, [], PAGE) is package.data
    moved = OwnedSheet(
        "Advarsler", (*PAGE.rows[:3], (OwnedCell("FEJL"), OwnedCell("B2"), FINDING[2])), (), 3
    )
    assert "hyperlink" not in rewritten(other, moved)


def test_an_empty_page_empties_the_tab() -> None:
    xml = rewritten(sheet_xml(OLD), OwnedSheet("Advarsler", (), (), 0))
    assert "<t" not in xml
    assert 's="7"' in xml
    assert "<row" not in text_of(
        write_owned(Package(package_bytes()), [], OwnedSheet("Advarsler", (), (), 0)), SECOND
    )


TABLE = (
    f'<table xmlns="{TRANSITIONAL}" ref="A3:C9" id="1" name="T"%s><tableColumns count="3">'
    '<tableColumn id="1" name="Alvor"/><tableColumn id="2" name="Celle"/>'
    '<tableColumn id="3" name="%s"/></tableColumns></table>'
)
TABLE_RELATIONS = {
    "xl/worksheets/_rels/sheet2.xml.rels": relationships(("rId1", "table", "../tables/table1.xml"))
}


def test_a_table_over_the_findings_is_fine_while_its_headings_stay() -> None:
    table = {"xl/tables/table1.xml": TABLE % ("", "Besked")}
    rewritten(sheet_xml(OLD), extra={**TABLE_RELATIONS, **table})


@pytest.mark.parametrize(
    ("xml", "extra", "reason"),
    [
        (sheet_xml('<row r="2"><c r="Z2"><f>1+1</f></c></row>'), {}, Reason.FORMULA_IN_COLUMN),
        (sheet_xml(OLD, after='<mergeCells><mergeCell ref="B4:C4"/></mergeCells>'), {},
         Reason.MERGED_OVER_COLUMN),
        (sheet_xml(OLD), {"xl/tables/table1.xml": TABLE % ("", "Andet")}, Reason.TABLE_HEADER),
        (sheet_xml(OLD), {"xl/tables/table1.xml": TABLE % (' totalsRowCount="1"', "Besked")},
         Reason.TABLE_HEADER),
        (sheet_xml(OLD).encode("utf-16"), {}, Reason.UNUSUAL_PACKAGE),
    ],
)  # fmt: skip
def test_what_staff_made_of_the_tab_may_stand_in_the_way(
    xml: str, extra: dict[str, str], reason: Reason
) -> None:
    if extra:
        extra = {**TABLE_RELATIONS, **extra}
    with pytest.raises(RefusedError) as caught:
        write_owned(Package(with_page_tab(xml, extra)), [], PAGE)
    assert caught.value.reason is reason


def test_a_merged_title_is_no_obstacle() -> None:
    merged = '<mergeCells><mergeCell ref="A1:H2"/></mergeCells>'
    assert f"</sheetData>{merged}<hyperlinks>" in rewritten(sheet_xml(OLD, after=merged))


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a[b]"])
def test_names_that_excel_forbids_are_our_own_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        OwnedSheet(name, (), (), 0)


def test_a_page_is_no_data_tab_and_a_link_leads_to_a_cell() -> None:
    with pytest.raises(ValueError, match="data tab"):
        write_owned(Package(package_bytes()), [OwnedColumn("ADVARSLER", 1, 1, None, {})], PAGE)
    with pytest.raises(ValueError, match="link"):
        write_owned(
            Package(package_bytes()),
            [],
            OwnedSheet("A", ((OwnedCell("x", ("Plan", "A0")),),), (), 0),
        )
