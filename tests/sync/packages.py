"""A workbook as the package that it is: its members looked at, changed, left out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import openpyxl

STRINGS = "xl/sharedStrings.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def repacked(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The package with these members changed, added, or (None) left out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def member(data: bytes, name: str) -> bytes:
    """One member's content."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def with_shared_texts(data: bytes) -> bytes:
    """The workbook with its texts in a part of their own, as Excel lays them."""
    texts: dict[str, int] = {}
    changes: dict[str, bytes | None] = {}

    def shared(found: re.Match[str]) -> str:
        return f't="s"><v>{texts.setdefault(found[1], len(texts))}</v></c>'

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    for name in names:
        xml = member(data, name).decode()
        inline = r't="inlineStr"><is>(<t[^>]*>[^<]*</t>)</is></c>'
        changes[name] = re.sub(inline, shared, xml).encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    items = "".join(f"<si>{text}</si>" for text in texts)
    changes[STRINGS] = (
        f'<sst xmlns="{SPREADSHEET}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'
    ).encode()
    types, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    changes[types] = member(data, types).replace(
        b"</Types>", f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'.encode()
    )
    changes[relations] = member(data, relations).replace(
        b"</Relationships>",
        f'<Relationship Id="rIdTexts" Type="{RELATIONS}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'.encode(),
    )
    return repacked(data, changes)


def unpacked(data: bytes) -> bytes:
    """All members' contents one after the other: to look for a text anywhere in a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def part_of(data: bytes, tab: str) -> str:
    """The member that holds a tab, in a workbook that openpyxl wrote."""
    names = openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(tab) + 1}.xml"
