"""What neither reader tells of a sheet: formulas without a result, pictures, merges, totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from rules.model.cells import EMBEDDED, NO_RESULT, Cell, RawTab
from rules.text.cell_names import CellRange, parse_area, parse_cell
from sync.xlsx.errors import XlsxError
from sync.xlsx.parts import ExcelTable, Sheet, tables
from sync.xlsx.zip_package import Package

_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
_ATTRIBUTE = re.compile(rb"""\b(r|t|vm)\s*=\s*["']([^"'<>]*)["']""")
_WITH_METADATA = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*\bvm\s*=\s*["']\d+["'][^<>]*>(?=([^<]*<)(f)?)"""
)
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*["']([^"'<>]{1,40})["']""")
_STRUCTURE = re.compile(rb"""<(?:\w+:)?s\s[^<>]*\bt\s*=\s*["']([^"'<>]*)["']""")
_STRUCTURES = "xl/richData/rdrichvaluestructure.xml"
_MOST_MERGES = 20_000


def with_marks(package: Package, sheet: Sheet, tab: RawTab, cells: slice) -> RawTab:
    """The tab with its formulas without a result, its pictures, merged cells and totals rows.

    `cells` is where in the sheet's XML its filled cells stand.
    """
    xml = package.read(sheet.part)
    marks = {**dict(_formulas_without_result(xml, cells)), **dict(_embedded(package, xml, cells))}
    if marks:
        rows = {number: [*held] for number, held in tab.rows}
        for (row, column), cell in marks.items():
            held = rows.setdefault(row, [])
            held += [None] * (column - len(held))
            held[column - 1] = cell
        tab = replace(tab, rows=sorted(rows.items()))
    merged = (
        [*_merged(xml)] if xml.find(b"mergeCell ", cells.stop if cells.start else 0) > 0 else []
    )
    totals = _totals_rows(package, sheet)
    return replace(tab, merged=merged, totals_rows=totals) if merged or totals else tab


def _formulas_without_result(xml: bytes, cells: slice) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Cells with a formula and no value; an empty text that a formula gave is a value."""
    root = _ROOT.search(xml)
    prefix = (root[1] if root else None) or b""
    with_end, without_end = _without_value(prefix)
    start, stop = cells.start, cells.stop
    tag = b"<%bf" % prefix
    is_told = xml.count(tag, start, stop) == xml.count(tag + b">", start, stop)
    for pattern in (with_end,) if is_told else (with_end, without_end):
        before = start
        for found in pattern.finditer(xml, start, stop):
            at = xml.rfind(b"<%bc " % prefix, before, found.start())
            before = found.end()  # where the cell before it ends: nothing is gone through twice
            cell = xml[at : xml.find(b">", at)]
            if found[1] and b' t="str"' in cell:
                continue
            attributes = dict(_ATTRIBUTE.findall(cell))
            place = parse_cell(attributes.get(b"r", b"").decode())
            if place and not (found[1] and attributes.get(b"t") == b"str"):
                yield place, NO_RESULT


@lru_cache
def _without_value(prefix: bytes) -> Sequence[re.Pattern[bytes]]:
    """What ends a formula whose cell holds no value; each begins with signs that are soon found."""
    ends = (rb"</%bf>" % prefix, rb"<%bf\b[^<>]*/>" % prefix)
    no_value = rb"\s*(<%bv\s*/>|<%bv></%bv>)?\s*</%bc>" % ((prefix,) * 4)
    return [re.compile(end + no_value) for end in ends]


def _embedded(package: Package, xml: bytes, cells: slice) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Cells that hold a picture or a linked type, which are stored as errors with metadata.

    So are newer errors (a range that is in the way): those come from a formula.
    """
    if xml.find(b"vm", cells.start, cells.stop) < 0 or not re.search(rb"\svm\s*=", xml):
        return
    kinds = _STRUCTURE.findall(package.read(_STRUCTURES)) if _STRUCTURES in package else []
    for found in _WITH_METADATA.finditer(xml, cells.start, cells.stop):
        attributes = dict(_ATTRIBUTE.findall(found[0]))
        at = parse_cell(attributes.get(b"r", b"").decode())
        is_error = b"_error" in kinds and (found[2] or set(kinds) == {b"_error"})
        if at and attributes.get(b"t") == b"e" and not is_error:
            yield at, EMBEDDED


def _merged(xml: bytes) -> Iterator[CellRange]:
    for found in islice(_MERGE.finditer(xml), _MOST_MERGES):
        if area := parse_area(found[1].decode("utf-8", "replace")):
            yield area


def _totals_rows(package: Package, sheet: Sheet) -> frozenset[int]:
    """The rows that the sheet's tables declare as their totals."""
    if not package.once(ExcelTable, lambda: any("/tables/" in name for name in package.names)):
        return frozenset()
    try:
        found = tables(package, sheet.part)
    except XlsxError:  # a table that cannot be read declares nothing
        return frozenset()
    return frozenset(
        row
        for one in found
        for row in range(one.area.bottom - min(one.totals, 1) + 1, one.area.bottom + 1)
    )
