"""Workbooks, each changed a little in a way that programs, transfers or attackers change them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

import openpyxl
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from tests.sync.helpers import book, saved
from tests.sync.packages import with_shared_texts

_TAG = re.compile(rb"<[^<>]+>")
_VALUE = re.compile(rb'="([^"<>]*)"')
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"1048577",
    b"16385",
    b"99999999999",
    b"4294967296",
    b"1e999",
    b"",
    b"A1",
)
_REFERENCES = (
    b"A1",
    b"XFD1048576",
    b"ZZZZ1",
    b"A0",
    b"$A$1",
    b"A1:XFD1048576",
    b"a1",
    b"R1C1",
    b"B2:A1",
)
_GARBAGE = (
    b"&amp;", b"&lol;", b"&#0;", b"&#xFFFFFFFF;", b"<!-- -->", b"<![CDATA[<c/>]]>", b"\0",
    b"\xff\xfe", b"]]>", b'<!DOCTYPE x [<!ENTITY lol "lol">]>', b"<?x y?>", b"<c/>", b"<row/>",
    b"</row>", b"<x:c/>", b"\xf0\x9f",
)  # fmt: skip

XmlChange = Callable[[bytes, Random], bytes]


def _without_tag(xml: bytes, chance: Random) -> bytes:
    tags = list(_TAG.finditer(xml))
    if not tags:
        return xml
    tag = chance.choice(tags)
    return xml[: tag.start()] + xml[tag.end() :]


def _with_tag_again(xml: bytes, chance: Random) -> bytes:
    tags = list(_TAG.finditer(xml))
    if not tags:
        return xml
    tag, place = chance.choice(tags), chance.choice(tags)
    return xml[: place.end()] + tag[0] + xml[place.end() :]


def _with_other_value(xml: bytes, chance: Random) -> bytes:
    values = list(_VALUE.finditer(xml))
    if not values:
        return xml
    value = chance.choice(values)
    new = chance.choice((*_NUMBERS, *_REFERENCES, chance.choice(values)[1]))
    return xml[: value.start(1)] + new + xml[value.end(1) :]


def _with_garbage(xml: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(xml))
    return xml[:at] + chance.choice(_GARBAGE) + xml[at:]


def _cut_off(xml: bytes, chance: Random) -> bytes:
    return xml[: chance.randrange(len(xml))]


def _with_flipped_byte(xml: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(xml))
    return xml[:at] + bytes([xml[at] ^ 1 << chance.randrange(8)]) + xml[at + 1 :]


def _with_other_name(xml: bytes, chance: Random) -> bytes:
    old, new = chance.choice(
        (
            (b"<c ", b"<x:c "),
            (b"<row ", b"<Row "),
            (b' r="', b' R="'),
            (b"sheetData", b"sheetdata"),
            (b' t="', b' t="x'),
            (b"main", b"main2"),
            (b"/2006/", b"/3006/"),
            (b"UTF-8", b"UTF-16"),
            (b"rId", b"rid"),
        )
    )
    return xml.replace(old, new, chance.choice((1, -1)))


_XML_CHANGES: Sequence[XmlChange] = (
    _without_tag, _with_tag_again, _with_other_value, _with_other_value, _with_other_value,
    _with_garbage, _cut_off, _with_flipped_byte, _with_other_name,
)  # fmt: skip


@lru_cache(maxsize=1)
def samples() -> tuple[bytes, ...]:
    """A plan as openpyxl and as Excel lay it, one that was written already, and one with more."""
    plain = book(cells={"Indsatser!I2": "'ca. 5"})
    return (plain, with_shared_texts(plain), _with_more())


def _with_more() -> bytes:
    """A table, a comment, a merged title, a hidden tab, a defined name, a filter."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Indsatser"
    for row in (
        ("Nr.", "Navn", "Kontrol"),
        (1, "Café", "OK"),
        (2, "=A2*2", None),
        (3, "x", "FEJL"),
    ):
        sheet.append(row)
    sheet.add_table(Table(displayName="T", ref="A1:C4"))
    sheet["B2"].comment = Comment("Husk", "Eva")
    other = made.create_sheet("Andet")
    other["A1"], other["A3"], other["B3"] = "Titel", "Navn", "Beløb"
    other["A4"], other["B4"] = "x", 3
    other.merge_cells("A1:C1")
    other.auto_filter.ref = "A3:B4"
    other.sheet_state = "hidden"
    return saved(made)


def changed(chance: Random, sample: bytes = b"") -> bytes:
    """A sample with one to three changes, in its parts or in its zip file."""
    data = sample or chance.choice(samples())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(chance.randint(1, 3)):
        parts = _changed_parts(parts, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts:
            method = chance.choice((zipfile.ZIP_DEFLATED,) * 9 + (zipfile.ZIP_STORED,))
            archive.writestr(zipfile.ZipInfo(name), content, method)
    packed = out.getvalue()
    return _with_flipped_byte(packed, chance) if not chance.randrange(10) else packed


def _changed_parts(parts: list[tuple[str, bytes]], chance: Random) -> list[tuple[str, bytes]]:
    place = chance.randrange(len(parts))
    name, content = parts[place]
    what = chance.randrange(14)
    if what == 0:
        return parts[:place] + parts[place + 1 :] or parts
    if what == 1:
        return [
            *parts,
            (chance.choice((name.upper(), f"/{name}", f"../{name}", f"x/{name}")), content),
        ]
    if what == 2:
        parts[place] = (name.replace("/", "\\"), content)
    elif content:
        parts[place] = (name, chance.choice(_XML_CHANGES)(content, chance))
    return parts
