"""Where a new column can stand: right of the headers, where nothing is in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sync.xlsx.addresses import LAST_COLUMN
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.sheet_scan import SheetXml, scan_part
from sync.xlsx.sheets import read_workbook, worksheet
from sync.xlsx.strings import SharedStrings
from sync.xlsx.tables import tables
from sync.xlsx.text import shown
from sync.xlsx.zip_package import Package

Span = tuple[int, int]
"""The first and the last of some columns."""


def in_free_column(package: Package, owned: OwnedColumn) -> OwnedColumn:
    """Return the column, a new one as far to the right as it takes to stand in nobody's way.

    In the way are, from the header row down, whatever a cell holds (a formula with an empty result
    too), merged ranges, the areas of array formulas and data tables, and tables. Where everything
    up to the last column is taken the column stays where it is, and is refused when it is written.
    """
    if owned.header is None:
        return owned
    book = read_workbook(package)
    part = worksheet(book, owned.tab).part
    sheet = scan_part(package, part, owned.column)
    header = sheet.cells.get((owned.header_row, owned.column))
    if header and header.text(SharedStrings(package, book)) == shown(owned.header):
        return owned
    column = owned.column
    for first, last in sorted(_taken(package, sheet, owned.header_row)):
        if first <= column <= last:
            column = last + 1
    return replace(owned, column=column) if column <= LAST_COLUMN else owned


def _taken(package: Package, sheet: SheetXml, header_row: int) -> Iterator[Span]:
    """Yield the columns in which something stands from the header row down."""
    yield from ((c, c) for c, row in sheet.last_rows.items() if row >= header_row)
    of_tables = [table.area for table in tables(package, sheet.part)]
    for area in (*sheet.merged, *sheet.formula_areas, *of_tables):
        if area.bottom >= header_row:
            yield area.left, area.right
