"""Texts and places as they stand in a sheet."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.cell_names import (
    CellRange,
    cell_name,
    column_letters,
    column_number,
    parse_area,
    parse_cell,
)
from sync.xlsx.text import FORMULA_SHIELD, LONGEST_TEXT, decode, encode, encode_attribute, shown


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("FEJL Budget: beløbet mangler. (CEL-02)", "FEJL Budget: beløbet mangler. (CEL-02)"),
        ("to\r\nlinjer\rog\nen", "to\nlinjer\nog\nen"),
        ("tab\tog nul\x00 og \x1b[31m", "tab\tog nul\ufffd og \ufffd[31m"),
        ("\ud800 alene, \uffff og \x85", "\ufffd alene, \ufffd og \ufffd"),
        ("=1+1", "· =1+1"),
        ("+45 33 44 55 66", "· +45 33 44 55 66"),
        ("-500", "· -500"),
        ("@SUM(A1)", "· @SUM(A1)"),
        (" \n\t=1+1", "·  \n\t=1+1"),
        ("＝1+1", "· ＝1+1"),
        ("1-1", "1-1"),
        ("a" * LONGEST_TEXT, "a" * LONGEST_TEXT),
        ("a" * (LONGEST_TEXT + 1), "a" * (LONGEST_TEXT - 1) + "…"),
        ("😀" * (LONGEST_TEXT // 2) + "a", "😀" * (LONGEST_TEXT // 2) + "a"),
        ("😀" * (LONGEST_TEXT // 2) + "😀", "😀" * (LONGEST_TEXT // 2) + "…"),
        ("a" + "😀" * (LONGEST_TEXT // 2) + "a", "a" + "😀" * (LONGEST_TEXT // 2 - 1) + "…"),
        ("\n" * 253 + "a", "\n" * 253 + "a"),
        ("\n" * 254 + "a\nb", "\n" * 253 + " a b"),
    ],
)
def test_a_text_is_shown_as_a_cell_can_hold_it(text: str, stands: str) -> None:
    assert shown(text) == stands
    assert shown(stands) == stands


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("a < b & c > d", b"a &lt; b &amp; c &gt; d"),
        ("æ €😀", b"&#230; &#8364;&#128512;"),
        ("_x000D_", b"_x005F_x000D_"),
        ("_x000D_x000a_", b"_x005F_x000D_x005F_x000a_"),
        ("_x00_ og _xyz_", b"_x00_ og _xyz_"),
    ],
)
def test_texts_go_out_as_ascii_and_escaped(text: str, xml: bytes) -> None:
    assert encode(text) == xml


@pytest.mark.parametrize(("stored", "text"), [("a_x000D_b", "a\rb"), ("_x005f_x41", "_x41")])
def test_escapes_of_others_are_read(stored: str, text: str) -> None:
    assert decode(stored) == text


@given(st.text(st.characters() | st.sampled_from("_x05FD=+-@\r\n<>&\"'"), max_size=60))
def test_every_text_comes_back_as_it_is_shown(text: str) -> None:
    stands = shown(text)
    assert not stands.lstrip().startswith(("=", "+", "-", "@"))
    assert decode(ET.fromstring(b"<t>" + encode(stands) + b"</t>").text or "") == stands
    element = ET.fromstring(b'<t a="' + encode_attribute(stands) + b'"/>')
    assert element.get("a") == stands


def test_the_shield_is_seen_and_is_no_formula() -> None:
    assert FORMULA_SHIELD.strip()
    assert shown(FORMULA_SHIELD) == FORMULA_SHIELD


@pytest.mark.parametrize(
    ("number", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_columns_have_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters
    assert column_number(letters) == number
    assert cell_name(7, number) == f"{letters}7"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("B7", (7, 2)), ("$b$7", (7, 2)), ("XFD1048576", (1_048_576, 16_384)),
        ("XFE1", None), ("A1048577", None), ("A0", None), ("A", None), ("7", None),
        ("", None), ("A1 ", None), ("A１", None), ("A1:B2", None),
    ],
)  # fmt: skip
def test_cells_are_named_or_nothing(name: str, place: tuple[int, int] | None) -> None:
    assert parse_cell(name) == place


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("A1", (1, 1, 1, 1)), ("A1:B2", (1, 1, 2, 2)), ("B2:A1", (1, 1, 2, 2)),
        ("$A$1:$B$2", (1, 1, 2, 2)), ("B:A", (1, 1, 1_048_576, 2)), ("2:3", (2, 1, 3, 16_384)),
        ("A1:", (1, 1, 1, 1)), ("A1:B", None), ("", None), (":", None), ("A1 B2", None),
    ],
)  # fmt: skip
def test_areas_are_named_or_nothing(name: str, area: tuple[int, ...] | None) -> None:
    assert parse_area(name) == (CellRange(*area) if area else None)


@pytest.mark.parametrize("name", ["A1", "A1:B2", "C3:XFD1048576"])
def test_an_area_gives_its_name_back(name: str) -> None:
    area = parse_area(name)
    assert area is not None
    assert area.name == name
