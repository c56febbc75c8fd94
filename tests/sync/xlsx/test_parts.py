"""Sheets and comments, however the package spells them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sync.xlsx.errors import Damage, PackageError
from sync.xlsx.parts import Sheet, comments_by_cell, read_workbook
from sync.xlsx.zip_package import Package
from tests.sync.xlsx.books import (
    PACKAGE_RELATIONS,
    RELATIONS,
    STRICT,
    STRICT_RELATIONS,
    TRANSITIONAL,
    package_bytes,
    packed,
    parts,
    relationships,
    sheet_xml,
)

PLAN = Sheet("Plan", "xl/worksheets/sheet1.xml", "worksheet", "visible")
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def workbook(tabs: str, ns: str = TRANSITIONAL, rel: str = RELATIONS, prefix: str = "") -> str:
    colon = f"{prefix}:" if prefix else ""
    declaration = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<{colon}workbook {declaration}="{ns}" xmlns:r="{rel}">'
        f"<{colon}sheets>{tabs}</{colon}sheets></{colon}workbook>"
    )


def target(path: str) -> str:
    return relationships(("rId1", "worksheet", path))


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"xl/workbook.xml": workbook('<x:sheet name="Plan" r:id="rId1"/>', prefix="x")},
        {"xl/workbook.xml": workbook('<sheet name="Plan" r:id="rId1"/>', STRICT, STRICT_RELATIONS)},
        {"xl/workbook.xml": workbook(f'<sheet xmlns:q="{RELATIONS}" name="Plan" q:id="rId1"/>')},
        {"xl/workbook.xml": "\ufeff" + workbook('<sheet name="Plan" r:id="rId1"/>')},
        {"xl/workbook.xml": workbook('<sheet name="Plan" r:id="rId1" state="odd"/>')},
        {"xl/workbook.xml": workbook('<sheet name="Plan" r:id="rId1"/>').encode("utf-16")},
        {"xl/_rels/workbook.xml.rels": target("/xl/worksheets/sheet1.xml")},
        {"xl/_rels/workbook.xml.rels": target("worksheets\\sheet1.xml")},
        {"xl/_rels/workbook.xml.rels": target("\\xl\\worksheets\\sheet1.xml")},
        {"xl/_rels/workbook.xml.rels": target("Worksheets/SHEET1.XML")},
        {"xl/_rels/workbook.xml.rels": target("worksheets/sheet%31.xml")},
        {"xl/_rels/workbook.xml.rels": target("./charts/../worksheets//sheet1.xml")},
        {
            "xl/_rels/workbook.xml.rels": target("worksheets/sheet1.xml")
            .replace("<Rel", "<p:Rel")
            .replace("</Rel", "</p:Rel")
            .replace("xmlns=", "xmlns:p=")
        },
        {
            "_rels/.rels": relationships(
                ("a", f"{STRICT_RELATIONS}/officeDocument", "/xl/workbook.xml")
            )
        },
    ],
)
def test_a_sheet_is_found_however_it_is_written(extra: Mapping[str, str | bytes]) -> None:
    assert read_workbook(Package(package_bytes(extra=extra))).sheets == (PLAN,)


def test_members_may_be_stored_with_backslashes() -> None:
    members = {name.replace("/", "\\"): text for name, text in parts({"Plan": sheet_xml()}).items()}
    (found,) = read_workbook(Package(packed(members))).sheets
    assert found == Sheet("Plan", "xl\\worksheets\\sheet1.xml", "worksheet", "visible")


def test_order_kinds_and_states_are_the_workbooks() -> None:
    macro = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    tabs = (
        '<sheet name="Æ &amp; &quot;Ø&quot;" sheetId="9" r:id="d"/>'
        '<sheet name="Graf" sheetId="2" r:id="c" state="hidden"/>'
        '<sheet name="Dialog" sheetId="3" r:id="b" state="veryHidden"/>'
        '<sheet name="Makro" sheetId="4" r:id="a"/>'
    )
    rels = relationships(
        ("a", macro, "macrosheets/sheet1.xml"),
        ("b", "dialogsheet", "dialogsheets/sheet1.xml"),
        ("c", "chartsheet", "chartsheets/sheet1.xml"),
        ("d", "worksheet", "worksheets/sheet1.xml"),
    )
    package = Package(
        package_bytes(extra={"xl/workbook.xml": workbook(tabs), "xl/_rels/workbook.xml.rels": rels})
    )
    assert [(s.name, s.part, s.kind, s.state) for s in read_workbook(package).sheets] == [
        ('Æ & "Ø"', "xl/worksheets/sheet1.xml", "worksheet", "visible"),
        ("Graf", "xl/chartsheets/sheet1.xml", "chartsheet", "hidden"),
        ("Dialog", "xl/dialogsheets/sheet1.xml", "dialogsheet", "veryHidden"),
        ("Makro", "xl/macrosheets/sheet1.xml", "macrosheet", "visible"),
    ]


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("members", "damage"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, Damage.NOT_A_WORKBOOK),
        (
            {"_rels/.rels": relationships(("a", "officeDocument", "word/document.xml")),
             "word/document.xml": "<document/>"},
            Damage.NOT_A_WORKBOOK,
        ),
        (
            {"_rels/.rels": relationships(("a", "officeDocument", "xl/workbook.bin")),
             "xl/workbook.bin": b"\x83\x01\0"},
            Damage.NOT_A_WORKBOOK,
        ),
        ({"_rels/.rels": relationships(("a", "officeDocument", "xl/gone.xml"))}, Damage.DAMAGED),
        ({"_rels/.rels": "<Relationships>"}, Damage.DAMAGED),
        ({"_rels/.rels": DOCTYPE + "<Relationships/>"}, Damage.DAMAGED),
        (
            {**parts({"Plan": sheet_xml()}),
             "xl/workbook.xml": DOCTYPE + workbook('<sheet name="&b;" r:id="rId1"/>')},
            Damage.DAMAGED,
        ),
        (
            {**parts({"Plan": sheet_xml()}),
             "xl/workbook.xml": workbook('<sheet name="Plan" r:id="rId7"/>')},
            Damage.DAMAGED,
        ),
        (
            {**parts({"Plan": sheet_xml()}),
             "xl/workbook.xml": '<?xml version="1.0" encoding="shift-jis"?><workbook/>'},
            Damage.DAMAGED,
        ),
        (
            {**parts({"Plan": sheet_xml()}),
             "xl/workbook.xml": '<?xml version="1.0" encoding="no-such"?><workbook/>'},
            Damage.DAMAGED,
        ),
    ],
)  # fmt: skip
def test_what_is_no_workbook_says_so(members: Mapping[str, str | bytes], damage: Damage) -> None:
    with pytest.raises(PackageError) as caught:
        read_workbook(Package(packed(members)))
    assert caught.value.damage is damage


def test_external_targets_are_never_parts() -> None:
    rels = (
        f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="rId1" TargetMode="External"'
        f' Type="{RELATIONS}/worksheet" Target="http://198.51.100.1/sheet1.xml"/></Relationships>'
    )
    with pytest.raises(PackageError):
        read_workbook(Package(package_bytes(extra={"xl/_rels/workbook.xml.rels": rels})))


LEGACY = (
    f'<comments xmlns="{TRANSITIONAL}"><authors><author>Anne</author><author>tc={{1}}</author>'
    "</authors><commentList>"
    '<comment ref="A1" authorId="0"><text><r><rPr><b/></rPr><t>Anne:</t></r><r><t xml:space='
    '"preserve">\nhusk &lt;bilag&gt;</t></r><rPh sb="0" eb="1"><t>lyd</t></rPh></text></comment>'
    '<comment ref="B2" authorId="1"><text><t>[Threaded comment] copy</t></text></comment>'
    '<comment ref="C3" authorId="1"><text><t>[Threaded comment] orphan</t></text></comment>'
    '<comment ref="D4" authorId="9"><text><t>note</t></text></comment>'
    '<comment ref="E5" authorId="0"><text/></comment>'
    "</commentList></comments>"
)
THREADED = (
    f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="B2" id="{{1}}">'
    "<text>Er det rigtigt?</text></threadedComment>"
    '<threadedComment ref="B2" id="{2}" parentId="{1}"><text>Ja &#230;</text></threadedComment>'
    '<threadedComment ref="D4" id="{3}"><text>tråd</text>'
    "<mentions><mention/></mentions></threadedComment></ThreadedComments>"
)
COMMENT_RELATIONS = relationships(
    ("a", "comments", "../comments1.xml"),
    ("b", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", "../t.xml"),
)


def test_comments_and_threads_are_joined_by_cell() -> None:
    extra = {
        "xl/worksheets/_rels/sheet1.xml.rels": COMMENT_RELATIONS,
        "xl/comments1.xml": LEGACY,
        "xl/t.xml": THREADED,
    }
    assert comments_by_cell(Package(package_bytes(extra=extra)), PLAN) == {
        "A1": "Anne:\nhusk <bilag>",
        "B2": "Er det rigtigt?\nJa æ",
        "C3": "[Threaded comment] orphan",
        "D4": "note\ntråd",
    }


def test_a_sheet_without_relations_has_no_comments() -> None:
    assert comments_by_cell(Package(package_bytes()), PLAN) == {}


def test_a_missing_comments_part_is_damage() -> None:
    package = Package(
        package_bytes(extra={"xl/worksheets/_rels/sheet1.xml.rels": COMMENT_RELATIONS})
    )
    with pytest.raises(PackageError):
        comments_by_cell(package, PLAN)
