"""Workbooks made to do harm, each in one way; most are good plans but for that one thing."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from tests.sync.helpers import book
from tests.sync.packages import RELATIONS as RELATION_TYPES
from tests.sync.packages import SPREADSHEET, STRINGS, member, part_of, repacked, with_shared_texts

GOOD = with_shared_texts(book(cells={"Indsatser!I2": "'ca. 5"}))
PART = part_of(GOOD, "Indsatser")
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def changed(part: str, pattern: str, new: str | bytes, data: bytes = GOOD) -> bytes:
    """The good plan with the first match of a pattern in a part replaced."""
    new = new.encode() if isinstance(new, str) else new
    xml, count = re.subn(pattern.encode(), lambda _: new, member(data, part), count=1)
    assert count, (part, pattern)
    return repacked(data, {part: xml})


def more_rows(rows: str | bytes, part: str = PART) -> bytes:
    """The good plan with more rows at the end of a tab."""
    new = rows if isinstance(rows, bytes) else rows.encode()
    return changed(part, "</sheetData>", new + b"</sheetData>")


def behind_rows(xml: str) -> bytes:
    """The good plan with more elements behind the rows of a tab."""
    return changed(PART, "</sheetData>", "</sheetData>" + xml)


def prolog(part: str, declaration: bytes, use: bytes = b"") -> bytes:
    """The good plan with a declaration before the root of a part."""
    xml = member(GOOD, part)
    at = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    xml = xml[:at] + declaration + xml[at:]
    if use:
        xml = re.sub(rb"(<t[ >][^<]*)", lambda found: found[1] + use, xml, count=1)
    return repacked(GOOD, {part: xml})


def with_noise(data: bytes, part: str) -> bytes:
    """Let the part be packed as little as an honest one is: letters behind its end."""
    xml = member(data, part)
    return repacked(data, {part: xml + b"<!--" + noise(len(xml) // 100) + b"-->"})


_LETTERS = bytes(b"abcdefghijklmnopqrstuvwxyz"[n % 26] for n in range(256))


def noise(size: int, seed: int = 1) -> bytes:
    """Letters that do not compress well."""
    return random.Random(seed).randbytes(size).translate(_LETTERS)


def appended(members: Mapping[str, bytes], data: bytes = GOOD) -> bytes:
    """The good plan with members added, also ones whose names are there already."""
    out = io.BytesIO(data)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


# zip


def bomb_by_ratio() -> bytes:
    return changed(PART, "<sheetData>", "<sheetData>" + " " * 60_000_000)


def bomb_by_size() -> bytes:
    return appended({f"xl/media/{n}.bin": b"\0" * 999_999 for n in range(300)})


def bomb_by_count() -> bytes:
    return appended({f"xl/media/{n}": b"" for n in range(2_100)})


def bomb_by_false_count() -> bytes:
    """A directory of 100,000 entries."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a") * 60_000
    count = 60_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), 0, 0)
    return directory + end


def overlapping() -> bytes:
    """Many entries that share one record, as in the bombs that need no nesting."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b" " * 900_000
    packed = packer.compress(content) + packer.flush()
    head = struct.pack(
        "<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(content), len(packed), len(content), 1, 0
    )
    record = head + b"x" + packed
    directory = b"".join(
        struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, zlib.crc32(content), len(packed),
            len(content), 8, 0, 0, 0, 0, 0, 0,
        ) + b"%08d" % n
        for n in range(1_900)
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1_900, 1_900, len(directory), len(record), 0)
    return record + directory + end


def lying_size() -> bytes:
    """A member that unpacks to far more than the directory says."""
    data = repacked(GOOD, {PART: b"<worksheet>" + b" " * 50_000_000})
    return data.replace(struct.pack("<L", 50_000_011), struct.pack("<L", 50_011))


def nested() -> bytes:
    return appended({"xl/embeddings/inner.xlsx": bomb_by_ratio()})


# XML


def deep_sheet() -> bytes:
    rows = b"<row r='9'>" + b"<c>" * 300_000 + b"</c>" * 300_000 + b"</row>"
    return with_noise(more_rows(rows), PART)


def deep_styles() -> bytes:
    deep = "<a>" * 200_000 + "</a>" * 200_000 + "</styleSheet>"
    return with_noise(changed("xl/styles.xml", "</styleSheet>", deep), "xl/styles.xml")


def deep_strings() -> bytes:
    deep = "<si>" + "<r>" * 200_000 + "</r>" * 200_000 + "</si></sst>"
    return with_noise(changed(STRINGS, "</sst>", deep), STRINGS)


def deep_styles_odd() -> bytes:
    return with_odd_rows(deep_styles())


def with_odd_rows(data: bytes) -> bytes:
    """Let the tab be read by the slower reader."""
    return changed(
        PART,
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        data,
    )


def deep_book() -> bytes:
    deep = "<a>" * 200_000 + "</a>" * 200_000 + "</workbook>"
    return with_noise(changed(BOOK, "</workbook>", deep), BOOK)


def long_attribute() -> bytes:
    return with_noise(changed(PART, "<sheetData>", f'<x a="{"y" * 10_000_000}"/><sheetData>'), PART)


def many_attributes() -> bytes:
    return changed(
        BOOK, "<sheets>", "<sheets " + " ".join(f'a{n}="1"' for n in range(100_000)) + ">"
    )


# cells


def text_of_10_megabytes() -> bytes:
    text = noise(10_000_000).decode()
    return more_rows(f'<row r="9"><c r="C9" t="inlineStr"><is><t>{text}</t></is></c></row>')


def amount_of_a_megabyte() -> bytes:
    text = ("1." * 500_000) + "x"
    row = f'<row r="9"><c r="I9" t="inlineStr"><is><t>{text}</t></is></c></row>'
    return with_noise(more_rows(row), PART)


LONG_TEXTS = ("1 " * 60_000, "(" * 100_000, "-" * 100_000, "0" * 100_000, "1-" * 60_000,
              "a@" * 60_000, "010170-" * 20_000, " " * 120_000, "31. maj " * 12_000)  # fmt: skip


def long_texts_everywhere() -> bytes:
    """Long texts that a careless pattern would go over again and again, in every column."""
    rows = "".join(
        f'<row r="{9 + n}">'
        + "".join(
            f'<c r="{letter}{9 + n}" t="inlineStr"><is><t>{text}</t></is></c>'
            for letter in "ABCDEFGHIJ"
        )
        + "</row>"
        for n, text in enumerate(LONG_TEXTS)
    )
    return with_noise(more_rows(rows), PART)


def one_text_many_times() -> bytes:
    """A text of 32,000 letters to which 200,000 cells refer: 6 GB of text in a file of 1 MB."""
    strings = member(GOOD, STRINGS)
    index = strings.count(b"<si>")
    rows = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{c}{n}" t="s"><v>{index}</v></c>' for c in "CDEJ")
        + "</row>"
        for n in range(9, 50_009)
    )
    text = f"<si><t>{'lang tekst ' * 2_900}</t></si></sst>".encode()
    return repacked(more_rows(rows), {STRINGS: strings.replace(b"</sst>", text)})


def one_text_many_times_odd() -> bytes:
    return with_odd_rows(one_text_many_times())


def many_small_texts() -> bytes:
    return changed(STRINGS, "</sst>", "<si/>" * 3_000_000 + "</sst>")


def many_sheets_of_two_cells() -> bytes:
    """Each sheet spans as many cells as one may; all together they span too many."""
    return _sheets(
        40, '<row r="1"><c r="A1"><v>1</v></c></row><row r="9999"><c r="SF9999"><v>1</v></c></row>'
    )


def _sheets(count: int, rows: str) -> bytes:
    """The good plan with so many more tabs of these rows."""
    numbers = range(count)
    xml = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>'
    relations = "".join(
        f'<Relationship Id="more{n}" Type="{RELATION_TYPES}/worksheet" '
        f'Target="worksheets/m{n}.xml"/>'
        for n in numbers
    )
    data = changed(BOOK, "</sheets>", _tabs(f"more{n}" for n in numbers) + "</sheets>")
    data = changed(RELATIONS, "</Relationships>", relations + "</Relationships>", data)
    return appended({f"xl/worksheets/m{n}.xml": xml.encode() for n in numbers}, data)


def _tabs(ids: Iterable[str]) -> str:
    return "".join(
        f'<sheet name="T{n}" sheetId="{n}" xmlns:r="{RELATION_TYPES}" r:id="{one}"/>'
        for n, one in enumerate(ids, 100)
    )


def many_sheets() -> bytes:
    return _sheets(1_900, '<row r="1"><c r="A1"><v>1</v></c></row>')


def hundred_thousand_sheets() -> bytes:
    return changed(BOOK, "</sheets>", _tabs(["rId1"] * 100_000) + "</sheets>")


def wide_rows() -> bytes:
    """A cell at the end of each of 100,000 rows: 1.6 billion cells if they were filled in."""
    numbers = range(9, 100_009)
    return more_rows("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in numbers))


def error_cells_that_do_not_end() -> bytes:
    rows = (
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="e"/>' for c in "ABCDEFGHIJ") + "</row>"
        for n in range(9, 20_000)
    )
    return more_rows("".join(rows) + '<row r="20000"><c r="A20000"><v>1</v></c></row>')


def cells_in_a_comment() -> bytes:
    row = '<row r="9"><c r="A9" t="e"><v>#REF!</v></c></row>'
    many = '<c r="A1" ' * 500_000
    return with_noise(more_rows(f"{row}<!-- {many} -->"), PART)


def cells_without_an_end() -> bytes:
    row = '<row r="9"><c r="A9"><v>1</v></c></row>'
    return with_noise(more_rows('<c r="AAA1" ' * 400_000 + row), PART)


def styles(count: int) -> bytes:
    return changed("xl/styles.xml", "</cellXfs>", '<xf numFmtId="14"/>' * count + "</cellXfs>")


def hundred_thousand_styles() -> bytes:
    return with_noise(styles(100_000), "xl/styles.xml")


def million_styles() -> bytes:
    return styles(1_500_000)


def long_formats() -> bytes:
    code = "[" * 20_000
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n in range(200, 700))
    data = changed("xl/styles.xml", "<fonts", f"<numFmts>{formats}</numFmts><fonts")
    return with_noise(data, "xl/styles.xml")


def merged() -> bytes:
    ranges = "".join(f'<mergeCell ref="L{n}:M{n}"/>' for n in range(2, 50_002))
    return behind_rows(f"<mergeCells>{ranges}</mergeCells>")


def hyperlinks() -> bytes:
    links = "".join(f'<hyperlink ref="A{n}" location="A1"/>' for n in range(2, 50_002))
    return behind_rows(f"<hyperlinks>{links}</hyperlinks>")


def defined_names() -> bytes:
    names = "".join(f'<definedName name="N{n}">Plan!$A${n}</definedName>' for n in range(1, 50_000))
    return changed(BOOK, "</sheets>", f"</sheets><definedNames>{names}</definedNames>")


def comments() -> bytes:
    written = "".join(
        f'<comment ref="A{n}" authorId="0"><text><t>k</t></text></comment>'
        for n in range(1, 50_001)
    )
    relation = f'<Relationship Id="c" Type="{RELATION_TYPES}/comments" Target="../comments1.xml"/>'
    return repacked(
        GOOD,
        {
            PART.replace("worksheets/", "worksheets/_rels/") + ".rels": (
                f'<Relationships xmlns="{PACKAGE_RELATIONS}">{relation}</Relationships>'
            ).encode(),
            "xl/comments1.xml": (
                f'<comments xmlns="{SPREADSHEET}"><authors><author>x</author></authors>'
                f"<commentList>{written}</commentList></comments>"
            ).encode(),
        },
    )


# names and ways


def target(path: str) -> bytes:
    """A tab's relationship leads somewhere else."""
    return changed("xl/_rels/workbook.xml.rels", re.escape("/" + PART), path)


def names_that_lead_out() -> bytes:
    return appended(
        {
            "../../evil.txt": b"x",
            "/etc/evil": b"x",
            "C:\\evil.txt": b"x",
            "..\\..\\evil": b"x",
            "xl/worksheets/../../../evil": b"x",
            "nul\0hidden.xml": b"x",
        }
    )


def same_name_twice() -> bytes:
    return appended({BOOK: b"<workbook/>"})


def same_name_in_capitals() -> bytes:
    return appended({BOOK.upper(): b"<workbook/>", PART.upper(): b"<worksheet/>"})


def slowly(declaration: bytes, use: bytes) -> bytes:
    """A declaration in a workbook that needs the slower reader."""
    return with_odd_rows(prolog("xl/styles.xml", declaration, use))
