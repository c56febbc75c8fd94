"""Everything that is refused, and how staff are told."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from sync.findings.owned import ControlColumn, Owned
from sync.stores.excel.owned import owned_columns
from sync.xlsx.errors import Damage, PackageError, Reason, RefusedError
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.sync.xlsx.books import (
    PLAN_ROWS,
    RELATIONS,
    TRANSITIONAL,
    package_bytes,
    packed,
    parts,
    relationships,
    sheet_xml,
)

COLUMN = OwnedColumn("Plan", 3, 1, "Kontrol", {2: "OK", 4: "OK"})
PAGE = OwnedSheet("Advarsler", ((OwnedCell("Alvor"),),), (), 1)
SIGNATURE = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
REVISIONS = f"{RELATIONS}/revisionHeaders"
MAIN = ("rId1", "officeDocument", "xl/workbook.xml")
PLAN = ("rId1", "worksheet", "worksheets/sheet1.xml")


def with_cell(content: str, attributes: str = "") -> str:
    """The plan with one more cell, C4 unless it is said."""
    place = "" if " r=" in attributes else ' r="C4"'
    return sheet_xml(PLAN_ROWS.replace("</row>", f"<c{place}{attributes}>{content}</c></row>", 3)
                 .replace(f"<c{place}{attributes}>{content}</c></row>", "</row>", 2))  # fmt: skip


def with_merged(area: str) -> str:
    return sheet_xml(after=f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>')


def with_table(area: str, attributes: str = "", columns: str = "") -> dict[str, str | bytes]:
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(("a", "table", "/xl/t.xml")),
        "xl/t.xml": f'<table xmlns="{TRANSITIONAL}" ref="{area}"{attributes}>{columns}</table>',
    }


def in_workbook(start: str = "", end: str = "") -> dict[str, str | bytes]:
    return {"xl/workbook.xml": parts({"Plan": ""}, start, end)["xl/workbook.xml"]}


def sheet_of_kind(kind: str) -> dict[str, str | bytes]:
    return {
        "xl/workbook.xml": parts({"Plan": "", "ADVARSLER": ""})["xl/workbook.xml"],
        "xl/_rels/workbook.xml.rels": relationships(PLAN, ("rId2", kind, "other/sheet1.xml")),
        "xl/other/sheet1.xml": f'<chartsheet xmlns="{TRANSITIONAL}"/>',
    }


def same_part_twice() -> dict[str, str | bytes]:
    return {
        "xl/workbook.xml": parts({"Plan": "", "To": ""})["xl/workbook.xml"],
        "xl/_rels/workbook.xml.rels": relationships(PLAN, ("rId2", *PLAN[1:])),
    }


def same_name_twice() -> dict[str, str | bytes]:
    members = parts({"Plan": "", "To": ""})
    book = str(members["xl/workbook.xml"]).replace('name="To"', 'name="PLAN"')
    rels = str(members["xl/_rels/workbook.xml.rels"])
    return {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": rels,
        "xl/worksheets/sheet2.xml": sheet_xml(),
    }


def encrypted() -> bytes:
    data = packed({**parts({"Plan": sheet_xml()}), "xl/locked.bin": b"secret"})
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 8] + b"\1\0" + data[at + 10 :]


Members = Mapping[str, str | bytes]
SIGNED: Members = {"_rels/.rels": relationships(MAIN, ("s", SIGNATURE, "s.sigs"))}

REFUSED: list[tuple[str, str | None, Members, Reason]] = [
    ("signed", None, SIGNED, Reason.SIGNED),
    ("shared", None, {"xl/_rels/workbook.xml.rels": relationships(PLAN, ("r", REVISIONS, "r.xml"))},
     Reason.SHARED_WORKBOOK),
    ("locked", None, in_workbook('<workbookProtection lockStructure="1"/>'),
     Reason.STRUCTURE_LOCKED),
    ("locked beside an empty one", None,
     in_workbook('<workbookProtection/><workbookProtection lockStructure="1"/>'),
     Reason.STRUCTURE_LOCKED),
    ("merged over a row", with_merged("B4:C4"), {}, Reason.MERGED_OVER_COLUMN),
    ("merged over the header", with_merged("A1:C1"), {}, Reason.MERGED_OVER_COLUMN),
    ("merged in the column", with_merged("C4:C5"), {}, Reason.MERGED_OVER_COLUMN),
    ("table header", None, with_table("A1:C9"), Reason.TABLE_HEADER),
    ("table totals", None, with_table("C3:D4", ' totalsRowCount="1"'), Reason.TABLE_HEADER),
    ("another table's header", None, with_table("C4:D9"), Reason.TABLE_HEADER),
    ("array", with_cell('<f t="array" ref="B2:D9">1</f>', ' r="D4"'), {},
     Reason.ARRAY_OR_DATA_TABLE),
    ("data table", with_cell('<f t="dataTable" ref="C2:C3"/>', ' r="D4"'), {},
     Reason.ARRAY_OR_DATA_TABLE),
    ("shared formula", with_cell('<f t="shared" si="0" ref="C2:D4">1</f>', ' r="D4"'), {},
     Reason.ARRAY_OR_DATA_TABLE),
    ("formula", with_cell("<f>A4</f><v>3</v>"), {}, Reason.FORMULA_IN_COLUMN),
    ("formula that says the same", with_cell('<f>"OK"</f><v>OK</v>', ' t="str"'), {},
     Reason.FORMULA_IN_COLUMN),
    ("rows unsorted", sheet_xml('<row r="2"/><row r="1"/>'), {}, Reason.UNSORTED_CELLS),
    ("rows twice", sheet_xml('<row r="2"/><row r="2"/>'), {}, Reason.UNSORTED_CELLS),
    ("row nought", sheet_xml('<row r="0"/>'), {}, Reason.UNSORTED_CELLS),
    ("row beyond the last", sheet_xml('<row r="1048577"/>'), {}, Reason.UNSORTED_CELLS),
    ("row without a number", sheet_xml('<row r="x"/>'), {}, Reason.UNSORTED_CELLS),
    ("cells unsorted",
     sheet_xml('<row r="1"><c r="B1"/><c r="A1"/></row>'), {}, Reason.UNSORTED_CELLS),
    ("cells twice",
     sheet_xml('<row r="1"><c r="B1"/><c r="B1"/></row>'), {}, Reason.UNSORTED_CELLS),
    ("another row's cell", sheet_xml('<row r="1"><c r="A2"/></row>'), {}, Reason.UNSORTED_CELLS),
    ("cell beyond the last",
     sheet_xml('<row r="1"><c r="XFE1"/></row>'), {}, Reason.UNSORTED_CELLS),
    ("cell without a place", sheet_xml('<row r="1"><c r="?"/></row>'), {}, Reason.UNUSUAL_PACKAGE),
    ("no rows at all", f'<worksheet xmlns="{TRANSITIONAL}"/>', {}, Reason.UNUSUAL_PACKAGE),
    ("rows twice over", sheet_xml(after="<sheetData/>"), {}, Reason.UNUSUAL_PACKAGE),
    ("filter among the rows", sheet_xml("<autoFilter/>"), {}, Reason.UNUSUAL_PACKAGE),
    ("unknown namespace", sheet_xml(ns="urn:other"), {}, Reason.UNUSUAL_PACKAGE),
    ("merged nowhere", with_merged("x"), {}, Reason.UNUSUAL_PACKAGE),
    ("array nowhere", with_cell('<f t="array" ref="?"/>', ' r="D4"'), {}, Reason.UNUSUAL_PACKAGE),
    ("table nowhere", None, with_table("?"), Reason.UNUSUAL_PACKAGE),
    ("UTF-16", None, {"xl/worksheets/sheet1.xml": sheet_xml().encode("utf-16")},
     Reason.UNUSUAL_PACKAGE),
    ("UTF-16 list of parts", None,
     {"[Content_Types].xml": parts({"Plan": ""})["[Content_Types].xml"].encode("utf-16")},
     Reason.UNUSUAL_PACKAGE),
    ("no list of parts", None, {"[Content_Types].xml": "<other/>"}, Reason.UNUSUAL_PACKAGE),
    ("two tabs, one part", None, same_part_twice(), Reason.UNUSUAL_PACKAGE),
    ("two tabs, one name", None, same_name_twice(), Reason.UNUSUAL_PACKAGE),
    ("names differ by case", None, {"XL/WORKBOOK.XML": ""}, Reason.UNUSUAL_PACKAGE),
    ("chart of that name", None, sheet_of_kind("chartsheet"), Reason.NAME_TAKEN),
    ("tab is gone", None, in_workbook(), Reason.TAB_MISSING),
]  # fmt: skip


def reason_of(data: bytes, columns: tuple[OwnedColumn, ...], page: OwnedSheet | None) -> Reason:
    with pytest.raises(RefusedError) as caught:
        write_owned(Package(data), columns, page)
    assert caught.value.detail
    assert str(caught.value) == f"{caught.value.reason}: {caught.value.detail}"
    return caught.value.reason


@pytest.mark.parametrize(
    ("xml", "extra", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_could_do_harm_is_refused(xml: str | None, extra: Members, reason: Reason) -> None:
    if extra.get("XL/WORKBOOK.XML") == "":
        extra = {"XL/WORKBOOK.XML": parts({"Plan": sheet_xml()})["xl/workbook.xml"]}
    column = COLUMN
    if reason is Reason.TAB_MISSING:
        column = OwnedColumn("Milepæle", 1, 1, "Kontrol", {})
    assert reason_of(package_bytes(xml, extra), (column,), PAGE) is reason


def test_encrypted_members_are_refused() -> None:
    assert reason_of(encrypted(), (COLUMN,), PAGE) is Reason.PROTECTED


def test_a_column_right_of_the_last_one_is_refused() -> None:
    column = ControlColumn("Plan", 16_385, 1, is_new=True, texts={})
    with pytest.raises(RefusedError) as caught:
        owned_columns(Owned((column,), "", ()))
    assert caught.value.reason is Reason.NO_FREE_COLUMN


def test_every_reason_has_a_case() -> None:
    elsewhere = {Reason.PROTECTED, Reason.NO_FREE_COLUMN}
    assert {case[3] for case in REFUSED} | elsewhere == set(Reason)


@pytest.mark.parametrize(
    ("xml", "extra"),
    [
        (with_merged("A1:B1"), {}),
        (with_merged("B3:D3"), {}),
        (with_merged("B5:D9"), {}),
        (sheet_xml(after='<sheetProtection sheet="1" objects="1"/>'), {}),
        (with_cell('<f t="array" ref="D4:D9">1</f>', ' r="D4"'), {}),
        (with_cell('<f t="normal" ref="C4">1</f>', ' r="D4"'), {}),
        (None, with_table("A1:B9")),
        (None, with_table("A1:B9", ' totalsRowCount="1"')),
        (None, with_table("C5:C9")),
        (None, {"xl/calcChain.xml": f'<calcChain xmlns="{TRANSITIONAL}"><c r="B4"/></calcChain>'}),
        (None, in_workbook('<workbookProtection lockWindows="1"/>')),
        (None, {"xl/vbaProjectSignature.bin": b"signature of the macros"}),
    ],
)
def test_what_does_no_harm_is_not_refused(xml: str | None, extra: Members) -> None:
    data = package_bytes(xml, extra)
    assert write_owned(Package(data), [COLUMN], PAGE) != data


def test_a_table_bears_new_texts_below_its_header() -> None:
    rows = '<row r="1"><c r="C1" t="inlineStr"><is><t>Kontrol</t></is></c></row>'
    data = package_bytes(sheet_xml(rows), with_table("A1:C4"))
    assert write_owned(Package(data), [COLUMN], None) != data
    renamed = OwnedColumn("Plan", 3, 1, "Andet", {})
    assert reason_of(data, (renamed,), None) is Reason.TABLE_HEADER


def test_a_locked_structure_hinders_only_a_new_tab() -> None:
    locked = '<workbookProtection lockStructure="true"/>'
    data = package_bytes(extra=in_workbook(locked))
    assert write_owned(Package(data), [COLUMN], None) != data
    two = packed(parts({"Plan": sheet_xml(), "Advarsler": sheet_xml("")}, locked))
    assert write_owned(Package(two), [COLUMN], PAGE) != two


def test_nothing_is_refused_where_nothing_would_change() -> None:
    rows = '<row r="2"><c r="C2" t="inlineStr"><is><t>OK</t></is></c></row>'
    package = Package(
        package_bytes(
            sheet_xml(rows, after='<mergeCells><mergeCell ref="A2:C2"/></mergeCells>'), SIGNED
        )
    )
    owned = OwnedColumn("Plan", 3, 1, None, {2: "OK"})
    assert write_owned(package, [owned], None) is package.data


@pytest.mark.parametrize(
    "extra",
    [
        {"xl/worksheets/sheet1.xml": "<!DOCTYPE worksheet>" + sheet_xml()},
        {"xl/worksheets/sheet1.xml": sheet_xml()[:-5]},
        {"xl/worksheets/sheet1.xml": b""},
        {"xl/worksheets/_rels/sheet1.xml.rels": relationships(("a", "table", "gone.xml"))},
        {**with_table("A1:B2"), "xl/t.xml": '<table ref="A1:B2">'},
        {"xl/worksheets/sheet1.xml": sheet_xml().replace("<c ", "<p:c ", 1)},
    ],
)
def test_damaged_parts_are_damage(extra: Members) -> None:
    with pytest.raises(PackageError) as caught:
        write_owned(Package(package_bytes(extra=extra)), [COLUMN], PAGE)
    assert caught.value.damage is Damage.DAMAGED


@pytest.mark.parametrize("reason", Reason)
def test_staff_are_told_in_short_danish_sentences(reason: Reason) -> None:
    sentences = re.findall(r"[^.]+(?:\.xlsx[^.]*)?\.", reason.value)
    assert len(sentences) >= 2
    assert all(len(sentence.split()) <= 20 for sentence in sentences)
    assert not re.search(r"ugyldig|XML|zip|package|sheet|[\\{}<>]", reason.value)
