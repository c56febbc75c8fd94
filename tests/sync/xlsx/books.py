"""Small workbooks, written by hand so that each test shows the XML that it is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from sync.xlsx.parts import SharedStrings, read_workbook, worksheet
from sync.xlsx.sheet_scan import scan
from sync.xlsx.zip_package import Package

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
XML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PLAN_ROWS = (
    '<row r="1" spans="1:2"><c r="A1" t="inlineStr"><is><t>Nr.</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Budget</t></is></c></row>'
    '<row r="2" spans="1:2"><c r="A2"><v>1</v></c><c r="B2"><v>12.5</v></c></row>'
    '<row r="4" spans="1:2"><c r="A4"><v>3</v></c><c r="B4"><f>B2*2</f><v>25</v></c></row>'
)


def sheet_xml(
    rows: str = PLAN_ROWS, before: str = "", after: str = "", ns: str = TRANSITIONAL
) -> str:
    """Return a worksheet's XML with these rows, and what stands before and after them."""
    return (
        f'<worksheet xmlns="{ns}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def relationships(*entries: tuple[str, str, str]) -> str:
    """Return a .rels part: id, type (its last word is enough) and target of each."""
    body = "".join(
        f'<Relationship Id="{key}" Type={quoteattr(kind if ":" in kind else f"{RELATIONS}/{kind}")}'
        f" Target={quoteattr(target)}/>"
        for key, kind, target in entries
    )
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{body}</Relationships>'


def parts(
    sheets: Mapping[str, str], workbook_start: str = "", workbook_end: str = ""
) -> dict[str, str]:
    """Return the parts of a workbook with these sheets, in the order of their tabs."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{XML}.worksheet+xml"/>'
        for n in numbers
    )
    tabs = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    targets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="xml" ContentType="text/xml"/>'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{XML}.sheet.main+xml"/>'
            f"{overrides}</Types>"
        ),
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{TRANSITIONAL}" xmlns:r="{RELATIONS}">{workbook_start}'
            f"<sheets>{tabs}</sheets>{workbook_end}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relationships(*targets),
        **{
            f"xl/worksheets/sheet{n}.xml": xml
            for n, xml in zip(numbers, sheets.values(), strict=True)
        },
    }


def packed(members: Mapping[str, str | bytes], comment: bytes = b"") -> bytes:
    """Return a zip file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2024, 5, 17, 12, 30, 2))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return out.getvalue()


def package_bytes(xml: str | None = None, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a workbook with one tab »Plan«, plus or instead these parts."""
    return packed({**parts({"Plan": xml or sheet_xml()}), **(extra or {})})


def text_of(data: bytes, member: str) -> str:
    """Return one member as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(member).decode()


def records(data: bytes) -> dict[str, bytes]:
    """Return every member's record as it lies in the file, header and descriptor included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        stops = [*(info.header_offset for info in infos[1:]), archive.start_dir]
    return {
        info.filename: data[info.header_offset : stop]
        for info, stop in zip(infos, stops, strict=True)
    }


def changed_members(before: bytes, after: bytes) -> tuple[set[str], set[str]]:
    """Return which members' records changed, and which are new."""
    old, new = records(before), records(after)
    return {name for name in old if old[name] != new.get(name)}, set(new) - set(old)


def owned_state(package: Package, tab: str, column: int, header_row: int) -> dict[int, str]:
    """Return what stands in the column below the header, by row, as far as it is not empty."""
    book = read_workbook(package)
    strings = SharedStrings(package, book)
    part = worksheet(book, tab).part
    cells = scan(package.read(part), part, column).cells.values()
    texts = {cell.row: cell.text(strings) for cell in cells if cell.row > header_row}
    return {row: text for row, text in texts.items() if text}
