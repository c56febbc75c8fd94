"""What python-calamine is given: only bytes that were looked at, in a package made of them.

calamine aborts the whole process, with no exception, on cells that span too large an area and on
a false count of texts, and gives an error cell like a blank one. So of each sheet it is given the
rows down to the last filled cell, and those only where every tag in them is one that is known to
be harmless. Formatted blank rows below the last filled cell, as far as they may reach, and all
that stands around the rows are left out: they hold nothing that is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.text.cell_names import LAST_COLUMN, LAST_ROW, column_number
from sync.xlsx.errors import Damage, PackageError
from sync.xlsx.parts import SharedStrings, WorkbookParts
from sync.xlsx.zip_package import Package
from sync.xlsx.zip_records import Pieces, stored_zip

LARGEST_AREA = 5_000_000
_WIDEST_PLAIN = 702
"""ZZ: the last column of two letters."""
_RELATION_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_UTF8_DECLARATION = rb"""\s*(?:<\?xml(?![^>]*encoding=["'](?!(?i:utf-8)["']))[^<>]*\?>)?\s*"""
_SHEET_ROOT = re.compile(_UTF8_DECLARATION + rb"<worksheet[\s>]")
_STRINGS_ROOT = re.compile(_UTF8_DECLARATION + rb"<sst(?:\s[^>]*)?>")
_STYLES_ROOT = re.compile(_UTF8_DECLARATION + rb"<styleSheet[\s>]")

# A tag that is none of these: nearly every sheet has none, and is read after this one look. No
# area of two letters and four digits is too large; a type that begins otherwise is an error, true
# or false, or a date in words.
_NOT_PLAIN = re.compile(
    rb"<(?!/"
    rb'|c r="[A-Z][A-Z]?+[1-9][0-9]{0,3}+"[ s=0-9"]*+(?:t="[sni]|/?>)'
    rb'|row r="[1-9][0-9]{0,3}+"[ />]'
    rb'|is>|t>|v>|t xml:space="preserve">|v ?/>|t ?/>|[fr][ >/]|rPr>)'
)
_NOT_REGULAR = re.compile(
    rb'<(?!/|c r="[A-Z]{1,3}[1-9][0-9]{0,6}"[ />]|row r="[1-9][0-9]{0,6}"[ />]'
    rb"|(?!c[ />]|row[ />]|sheetData)[a-zA-Z]+[ />])"
)
_NO_DATA = re.compile(rb"<sheetData ?/>")
_NOT_A_ROWS_END = re.compile(rb"</(?!row>)")
_NOT_A_BLANK_CELLS_END = re.compile(rb'</(?!row>|(?<="></)c>)')
"""Nor the end of a row; a blank cell's end stands right behind its attributes."""
_FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*+(?<!/)>')
_ROW_NUMBER = re.compile(rb'<row r="([0-9]{1,7})"')
_ERROR_OR_BOOLEAN = re.compile(rb"""\st\s*=\s*["'][eb]["']""")

_VALUE = re.compile(rb"<v>([^<&+]*)</v>")
_SMALLEST_CELL = len('<c t="s"><v>1</v></c>')

_BEFORE, _AFTER = b"<worksheet><sheetData>", b"</row></sheetData></worksheet>"
_NO_ROWS = (b"<worksheet><sheetData/></worksheet>",)


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet's XML, of which only the rows from `start` to `end`, the last filled cell, are given.

    `hides_cells` says that calamine does not tell all there is in them: errors, true and false.
    No cell stands right of the column `widest`.
    """

    xml: bytes
    start: int
    end: int
    hides_cells: bool = False
    widest: int = _WIDEST_PLAIN

    @property
    def filled(self) -> slice:
        """Where in the XML all filled cells stand."""
        return slice(self.start, self.end)

    @property
    def most_cells(self) -> int:
        """A number of cells that its area has no more of, counted by the last row alone."""
        at = self.xml.rfind(b"<row r=", self.start, self.end)
        last = _ROW_NUMBER.match(self.xml, max(at, 0))
        return int(last[1]) * self.widest if last else 0

    @property
    def area(self) -> int:
        """How many cells there are from A1 to the last filled row and column."""
        filled = _FILLED_CELL.findall(self.xml, self.start, self.end)
        if not filled:
            return 0
        row = max(int(digits) for _, digits in filled)
        column = max(column_number(name.decode()) for name in {letters for letters, _ in filled})
        if row > LAST_ROW or column > LAST_COLUMN:
            raise PackageError(Damage.DAMAGED, "a cell lies beyond the last row or column")
        return row * column

    @property
    def pieces(self) -> Pieces:
        """A part that holds the given rows alone."""
        if self.start == self.end:
            return _NO_ROWS
        return _BEFORE, memoryview(self.xml)[self.start : self.end], _AFTER


def plain_sheet(xml: bytes) -> PlainSheet | None:
    """The sheet as calamine may read it; None where it must not.

    Raises:
        PackageError: a cell lies beyond the last row or column that there is.
    """
    found = _filled_rows(xml)
    if found is None:
        return None
    sheet = PlainSheet(xml, *found)
    if not _NOT_PLAIN.search(xml, *found):
        return sheet
    if _NOT_REGULAR.search(xml, *found) or sheet.area > LARGEST_AREA:
        return None
    hides_cells = _ERROR_OR_BOOLEAN.search(xml, *found) is not None
    return PlainSheet(xml, *found, hides_cells, LAST_COLUMN)


def fit_together(sheets: Sequence[PlainSheet]) -> bool:
    """Whether all these sheets' areas together are small enough to be filled in."""
    if sum(sheet.most_cells for sheet in sheets) <= LARGEST_AREA:
        return True
    return sum(sheet.area for sheet in sheets) <= 2 * LARGEST_AREA


def may_repeat_much_text(strings: SharedStrings, sheets: Sequence[PlainSheet], most: int) -> bool:
    """Whether the cells may hold more than `most` characters of texts that they share.

    calamine gives every cell a copy of its text: 200,000 cells that refer to one long text are
    half a megabyte in the file and gigabytes in memory. A number counts like a text's number.
    """
    cells = sum(sheet.end - sheet.start for sheet in sheets) // _SMALLEST_CELL
    if strings.longest_possible * cells <= most:  # nearly all workbooks: no look at each cell
        return False
    lengths, characters = strings.lengths, 0
    for sheet in sheets:
        values = _VALUE.findall(sheet.xml, sheet.start, sheet.end)
        if len(values) < sheet.xml.count(b"<v", sheet.start, sheet.end):
            return True
        numbers = (int(one.lstrip(b"0")[:9] or b"0") for one in values if one.isdigit())
        characters += sum(lengths[number] for number in numbers if number < len(lengths))
    return characters > most


def _filled_rows(xml: bytes) -> tuple[int, int] | None:
    """Where in the XML the rows begin, and the last filled cell ends; None if that is not clear."""
    start = xml.find(b"<sheetData")
    head = xml[:start]
    if start < 0 or b"<!" in head or head.rfind(b"<?") > 0 or not _SHEET_ROOT.match(head):
        return None
    if _NO_DATA.match(xml, start):
        return start, start
    start += len("<sheetData>")
    stop = xml.rfind(b"</sheetData>")
    if xml[start - 1] != ord(">") or stop < start:
        return None
    # A filled cell's end may be written in another way; below the last one only blank ones may be.
    end = max(start, *(xml.rfind(b, start, stop) + len(b) for b in (b"</v></c>", b"</is></c>")))
    if not _NOT_A_BLANK_CELLS_END.search(xml, end, stop):
        return start, end
    end = max(start, xml.rfind(b"</c>", start, stop) + len("</c>"))
    return None if _NOT_A_ROWS_END.search(xml, end, stop) else (start, end)


def package_for_calamine(
    package: Package, workbook: WorkbookParts, sheets: Sequence[PlainSheet]
) -> bytes | None:
    """A package of these sheets, named 0, 1, …; None where texts or formats are not plain."""
    strings = _part(package, workbook, "sharedStrings", "xl/sharedStrings.xml")
    styles = _part(package, workbook, "styles", "xl/styles.xml")
    if strings:
        root = _STRINGS_ROOT.match(strings)
        if root is None:
            return None
        strings = b"<sst>" + strings[root.end() :]  # without a count, which might be false
    if styles:
        if not _STYLES_ROOT.match(styles):
            return None
        styles = _formats_alone(styles)
    members = [*_frame(len(sheets), is_1904=workbook.is_1904)]
    members += [("xl/sharedStrings.xml", [strings])] if strings else []
    members += [("xl/styles.xml", [styles])] if styles else []
    members += [(f"xl/worksheets/sheet{n}.xml", sheet.pieces) for n, sheet in enumerate(sheets)]
    return stored_zip(members)


def _formats_alone(styles: bytes) -> bytes:
    """Of the part of styles, where it is plain, what tells a date from a number."""
    kept = []
    for tag in (b"numFmts", b"cellXfs"):
        start, end = styles.find(b"<%b " % tag), styles.rfind(b"</%b>" % tag)
        if styles.count(tag) == 2 and 0 <= start < end:
            kept.append(styles[start:end] + b"</%b>" % tag)
        elif tag in styles:
            return styles
    return b"".join((b"<styleSheet>", *kept, b"</styleSheet>"))


def _part(package: Package, workbook: WorkbookParts, kind: str, usual: str) -> bytes:
    """The workbook's part of this kind; empty where there is none."""
    part = workbook.related(kind, usual)
    return package.read(part) if part in package else b""


@lru_cache(maxsize=64)
def _frame(count: int, *, is_1904: bool) -> tuple[tuple[str, Pieces], ...]:
    """The workbook part with sheets named by their numbers, and what leads to and from it."""
    numbers = range(count)
    sheets = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in numbers)
    epoch = f'<workbookPr date1904="{int(is_1904)}"/>'
    return (
        ("_rels/.rels", [_relations([("officeDocument", "xl/workbook.xml")])]),
        ("xl/workbook.xml", [f"<workbook>{epoch}<sheets>{sheets}</sheets></workbook>".encode()]),
        (
            "xl/_rels/workbook.xml.rels",
            [_relations([("worksheet", f"worksheets/sheet{n}.xml") for n in numbers])],
        ),
    )


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    """A part of relationships r0, r1, … of these kinds to these targets."""
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATION_TYPES}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f"<Relationships>{lines}</Relationships>".encode()
