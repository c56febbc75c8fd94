"""A workbook in the making, and the few things that openpyxl cannot write: patched in at the end.

openpyxl writes the page of each sheet, `Body` its rows. It stamps every file with the clock, and
has no say over the default font. `Draft.finished` mends this in the finished package, so that the
same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates.drawing.palette import FONT_NAME, FONT_SIZE
from sheets_templates.drawing.sheet_body import Body

MADE_AT = datetime(2026, 11, 23, 12)  # noqa: DTZ001  Excel's document properties have no zone here
_LARGE, _QUICK = 1_000_000, 2
"""Of how many bytes on a part is packed quickly: a tenth larger, in a third of the time."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)

_FIRST_FONT = re.compile(rb"(<fonts[^>]*>)<font>.*?</font>", re.DOTALL)
_DEFAULT_FONT = (
    rf'\g<1><font><sz val="{FONT_SIZE}"/><name val="{FONT_NAME}"/><family val="2"/></font>'
).encode()
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

MARK = "helhedsplan"
"""The document property by which the job knows files of its own making."""


class Draft:
    """A workbook to which sheets and entries are added; empty at first.

    `mark` is kept among the document's properties: by it the job knows files of its own making.
    """

    def __init__(self, mark: str = "") -> None:
        self.book = Workbook()
        for sheet in self.book.worksheets:
            self.book.remove(sheet)
        if mark:
            book: Any = self.book  # openpyxl's stubs do not know its own properties
            book.custom_doc_props.append(StringProperty(name=MARK, value=mark))
        self._bodies: list[Body] = []

    def add(self, title: str, tab_colour: str) -> tuple[Worksheet, Body]:
        """Append an empty sheet; its rows go into the body, all else into the worksheet."""
        sheet: Worksheet = self.book.create_sheet(title)
        sheet.sheet_properties.tabColor = tab_colour
        self._bodies.append(Body())
        return sheet, self._bodies[-1]

    def finished(self, title: str) -> bytes:
        """The workbook's bytes; the same for the same contents."""
        properties = self.book.properties
        properties.title, properties.creator = title, "helhedsplan"
        properties.lastModifiedBy, properties.created = "helhedsplan", MADE_AT
        packed = io.BytesIO()
        self.book.save(packed)
        return _repacked(packed.getvalue(), self._bodies)


def _repacked(data: bytes, bodies: Sequence[Body]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for number, body in enumerate(bodies, 1):
            name = f"xl/worksheets/sheet{number}.xml"
            parts[name] = body.put_into(parts[name])
            if body.targets:
                file = f"xl/worksheets/_rels/sheet{number}.xml.rels"
                parts[file] = body.put_relations_into(parts.get(file))
        styles, core = "xl/styles.xml", "docProps/core.xml"
        parts[styles] = _once(_FIRST_FONT, _DEFAULT_FONT, parts[styles])
        modified = rb"\g<1>%sZ" % MADE_AT.isoformat().encode()
        parts[core] = _once(_MODIFIED, modified, parts[core])
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, part, compresslevel=_QUICK if len(part) > _LARGE else None)
    return out.getvalue()


def _once(pattern: re.Pattern[bytes], replacement: bytes, data: bytes) -> bytes:
    changed, count = pattern.subn(replacement, data, count=1)
    if count != 1:
        raise RuntimeError(f"openpyxl wrote no {pattern.pattern!r}")
    return changed
