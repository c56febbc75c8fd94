"""A workbook in the making: its rows as text, and the few things that openpyxl cannot write.

openpyxl writes the page of each sheet, `Body` its rows: openpyxl would take ten times as long for
them, and stores no results of formulas, while our reader reads stored results only. openpyxl also
stamps every file with the clock, and has no say over the default font. `Draft.finished` mends this
in the finished package, so that the same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from rules.model.cells import FormulaError
from sheets_templates.drawing.appearance import FONT_NAME, FONT_SIZE
from sheets_templates.drawing.design import MARK, Entry, Formula, Result

MOST_LINKS = 65_530
"""As many links Excel allows in a sheet; it calls a workbook with more of them damaged."""
LONGEST_TEXT = 32_000
_DAY_ZERO = date(1899, 12, 30).toordinal()
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RELATION = (
    '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/hyperlink" Target={target} TargetMode="External"/>'
)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*" ?/>')
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns='
    b'"http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


@dataclass(slots=True)
class Body:
    """Rows and links on their way into a sheet's part.

    `area` is all that is filled (`A1:K40`), `targets` are relation ids by address, `links_end` is
    the first row with a link for which there was no room. In the `text_area` Excel does not mark
    numbers that stand in text cells (activity 1, case 24/105) as suspect.
    """

    area: str = "A1"
    text_area: str = ""
    targets: dict[str, str] = field(default_factory=dict)
    links_end: int = 0
    _rows: dict[int, bytes] = field(default_factory=dict)
    _links: list[str] = field(default_factory=list)

    @property
    def room_for_links(self) -> int:
        """How many more links are allowed."""
        return MOST_LINKS - len(self._links)

    def add_row(
        self, number: int, height: float | None, cells: Sequence[str], style: int | None = None
    ) -> None:
        """Add a row of cells, which come in the order of their columns.

        `height` is in points; `style` is that of the row's empty cells.
        """
        size = "" if height is None else f' ht="{height:g}" customHeight="1"'
        format_ = "" if style is None else f' s="{style}" customFormat="1"'
        row = f'<row r="{number}"{format_}{size}>{"".join(cells)}</row>'
        self._rows[number] = row.encode()  # as text one symbol makes it take twice the memory

    def add_link(self, place: str, address: str, cell: str) -> None:
        """Let the cell lead to an address, or without one to a cell of the same workbook."""
        target = ""
        if address:
            relation = self.targets.setdefault(address, f"rIdLink{len(self.targets) + 1}")
            target = f' r:id="{relation}"'
        location = f" location={quoteattr(cell)}" if cell else ""
        self._links.append(f'<hyperlink ref="{place}"{target}{location}/>')

    def put_into(self, part: bytes) -> bytes:
        """The sheet's part with the rows and the links in it."""
        if self._links:
            namespace = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            part = part.replace(b"<worksheet ", b'<worksheet xmlns:r="%s" ' % namespace, 1)
            links = f"<hyperlinks>{''.join(self._links)}</hyperlinks>".encode()
            part = part.replace(b"<pageMargins", links + b"<pageMargins", 1)
        if self.text_area:
            ignored = f'<ignoredError sqref="{self.text_area}" numberStoredAsText="1"/>'
            end = f"<ignoredErrors>{ignored}</ignoredErrors></worksheet>".encode()
            part = part.replace(b"</worksheet>", end)
        if self._rows:  # last: there may be many megabytes of them
            part = _DIMENSION.sub(b'<dimension ref="%s"/>' % self.area.encode(), part, count=1)
            before, end, after = part.partition(b"</sheetData>")
            rows = (row for _number, row in sorted(self._rows.items()))
            part = b"".join([before, *rows, end, after])
        return part

    def put_relations_into(self, part: bytes | None) -> bytes:
        """The sheet's relations with the links' targets among them."""
        entries = "".join(
            _RELATION.format(id=relation, target=quoteattr(address))
            for address, relation in self.targets.items()
        )
        closing = b"</Relationships>"
        return (part or _NO_RELATIONS).replace(closing, entries.encode() + closing, 1)


def cell_xml(place: str, style: int, value: Entry) -> str:
    """A cell with this value; empty text and None are empty cells."""
    return f'<c r="{place}" s="{style}"{_content(value)}'


def _content(value: Entry) -> str:
    """What follows a cell's style: the rest of its tag, what stands in it, and its end."""
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "/>"
    if isinstance(value, Formula):
        kind, result = _stored(value.result)
        return f"{kind}><f>{escape(value.text.removeprefix('='))}</f><v>{result}</v></c>"
    return f"><v>{number_text(value)}</v></c>"


def _stored(result: Result) -> tuple[str, str]:
    """The type of a cell with this result, as an attribute, and what is stored."""
    if isinstance(result, FormulaError):
        return ' t="e"', escape(result.text)
    return (' t="str"', escape(result)) if isinstance(result, str) else ("", number_text(result))


def number_text(value: int | float | Decimal | date) -> str:
    """A number as it is stored; a date as the number of its day."""
    if isinstance(value, date):
        return str(value.toordinal() - _DAY_ZERO)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@lru_cache(maxsize=65_536)
def _text(text: str) -> str:
    if not text:
        return "/>"
    clean = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:LONGEST_TEXT]
    if "_x" in clean:
        clean = _LOOKS_ESCAPED.sub("_x005F_", clean)
    space = ' xml:space="preserve"' if clean != clean.strip() or "\n" in clean else ""
    return f' t="inlineStr"><is><t{space}>{escape(clean)}</t></is></c>'


MADE_AT = datetime(2026, 11, 23, 12)  # noqa: DTZ001  Excel's document properties have no zone here
_LARGE, _QUICK = 1_000_000, 2
"""Of how many bytes on a part is packed quickly: a tenth larger, in a third of the time."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)

_FIRST_FONT = re.compile(rb"(<fonts[^>]*>)<font>.*?</font>", re.DOTALL)
_DEFAULT_FONT = (
    rf'\g<1><font><sz val="{FONT_SIZE}"/><name val="{FONT_NAME}"/><family val="2"/></font>'
).encode()
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


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

    @property
    def styles(self) -> bytes:
        """The part with all styles that were entered."""
        part: bytes = tostring(write_stylesheet(self.book))
        return part

    def finished(self, title: str, styles: bytes = b"") -> bytes:
        """The workbook's bytes; the same for the same contents.

        `styles` is the part of a draft in which the same ones were entered, if not in this one.
        """
        properties = self.book.properties
        properties.title, properties.creator = title, "helhedsplan"
        properties.lastModifiedBy, properties.created = "helhedsplan", MADE_AT
        packed = io.BytesIO()
        self.book.save(packed)
        return _repacked(packed.getvalue(), self._bodies, styles)


def _repacked(data: bytes, bodies: Sequence[Body], given_styles: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        sheets = {f"xl/worksheets/sheet{n}.xml": body for n, body in enumerate(bodies, 1)}
        for number, body in enumerate(bodies, 1):
            if body.targets:
                file = f"xl/worksheets/_rels/sheet{number}.xml.rels"
                parts[file] = body.put_relations_into(parts.get(file))
        styles, core = "xl/styles.xml", "docProps/core.xml"
        parts[styles] = _once(_FIRST_FONT, _DEFAULT_FONT, given_styles or parts[styles])
        modified = rb"\g<1>%sZ" % MADE_AT.isoformat().encode()
        parts[core] = _once(_MODIFIED, modified, parts[core])
        for name, small in parts.items():
            part = sheets[name].put_into(small) if name in sheets else small
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, part, compresslevel=_QUICK if len(part) > _LARGE else None)
    return out.getvalue()


def _once(pattern: re.Pattern[bytes], replacement: bytes, data: bytes) -> bytes:
    changed, count = pattern.subn(replacement, data, count=1)
    if count != 1:
        raise RuntimeError(f"openpyxl wrote no {pattern.pattern!r}")
    return changed
