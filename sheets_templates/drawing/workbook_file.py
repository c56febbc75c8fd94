"""A workbook in the making, and the few things that openpyxl cannot write: patched in at the end.

openpyxl stores no results of formulas, and our reader reads stored results only; it stamps every
file with the clock; it has no say over the default font; and it takes seconds for what `Body`
takes a tenth of. `Draft.finished` mends these in the finished package, so that the same input
gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.worksheet import Worksheet

from rules.model.cells import FormulaError
from sheets_templates.drawing.design import Entry, Formula, Result
from sheets_templates.drawing.fast_rows import Body, relations
from sheets_templates.drawing.palette import FONT_NAME, FONT_SIZE

MADE_AT = datetime(2026, 11, 23, 12)  # noqa: DTZ001  Excel's document properties have no zone here
_LARGE, _QUICK = 1_000_000, 2
"""Of how many bytes on a part is packed quickly: a tenth larger, in a third of the time."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)

_FORMULA_CELL = re.compile(
    rb'<c r="(?P<place>[A-Z]+[0-9]+)"(?P<style>(?: s="[0-9]+")?)>'
    rb"<f>(?P<formula>[^<]*)</f>(?:<v ?/>|<v></v>)</c>"
)
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
        self._patches: dict[str, _Patch] = defaultdict(_Patch)

    def add(self, title: str, tab_colour: str) -> Worksheet:
        """Append an empty sheet."""
        sheet: Worksheet = self.book.create_sheet(title)
        sheet.sheet_properties.tabColor = tab_colour
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, entry: Entry) -> Cell:
        """Write a cell."""
        cell = sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            raise TypeError(f"{sheet.title}!{cell.coordinate} is hidden by a merged range")
        if isinstance(entry, Formula):
            self._patches[sheet.title].results[cell.coordinate] = entry.result
            cell.value = entry.text
        else:
            cell.value = entry
            if isinstance(entry, str) and entry:
                cell.data_type = "s"  # a text is no formula, whatever it begins with
        return cell

    def put_body(self, sheet: Worksheet, body: Body) -> None:
        """Write rows below all those that openpyxl knows of, and the sheet's links."""
        self._patches[sheet.title].body = body

    def allow_numbers_as_text(self, sheet: Worksheet, area: str) -> None:
        """Keep Excel from marking numbers in text columns (activity 1, case 24/105) as suspect."""
        self._patches[sheet.title].texts = area

    def finished(self, title: str) -> bytes:
        """The workbook's bytes; the same for the same contents."""
        properties = self.book.properties
        properties.title, properties.creator = title, "helhedsplan"
        properties.lastModifiedBy, properties.created = "helhedsplan", MADE_AT
        packed = io.BytesIO()
        self.book.save(packed)
        patches = {
            f"xl/worksheets/sheet{number}.xml": self._patches[sheet.title]
            for number, sheet in enumerate(self.book.worksheets, 1)
        }
        return _repacked(packed.getvalue(), patches)


@dataclass
class _Patch:
    """What a sheet's part lacks: results by address, where numbers may be text, rows and links."""

    results: dict[str, Result] = field(default_factory=dict)
    texts: str = ""
    body: Body = field(default_factory=Body)

    def applied(self, data: bytes) -> bytes:
        data, count = _FORMULA_CELL.subn(self._with_result, data)
        if count != len(self.results):
            raise RuntimeError(f"{len(self.results)} formulas were written, {count} found again")
        if self.texts:
            ignored = f'<ignoredErrors><ignoredError sqref="{self.texts}" numberStoredAsText="1"/>'
            data = data.replace(b"</worksheet>", ignored.encode() + b"</ignoredErrors></worksheet>")
        return self.body.put_into(data)

    def _with_result(self, match: re.Match[bytes]) -> bytes:
        place = match["place"]
        kind, text = _stored(self.results[place.decode()])
        return b'<c r="%s"%s%s><f>%s</f><v>%s</v></c>' % (
            place, match["style"], kind, match["formula"], text,
        )  # fmt: skip


def _stored(result: Result) -> tuple[bytes, bytes]:
    """A result's cell type, as an attribute, and its text."""
    match result:
        case FormulaError():
            return b' t="e"', escape(result.text).encode()
        case str():
            return b' t="str"', escape(result).encode()
        case _:
            return b"", format(Decimal(str(result)), "f").encode()


def _repacked(data: bytes, patches: Mapping[str, _Patch]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, patch in patches.items():
            parts[name] = patch.applied(parts[name])
            if patch.body.targets:
                file = relations(name)
                parts[file] = patch.body.put_relations_into(parts.get(file))
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
