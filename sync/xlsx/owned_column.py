"""Write the owned column of a data tab: the edits to the sheet's bytes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rules.text.cell_names import LAST_COLUMN, LAST_ROW, CellRange
from sync.xlsx import cells, parts
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.markup import Edit, attribute_edit, prefix_at, splice
from sync.xlsx.sheet_scan import Row, SheetXml, scan_part
from sync.xlsx.styles import Styles
from sync.xlsx.text import shown
from sync.xlsx.zip_package import Package


@dataclass(frozen=True, slots=True)
class OwnedColumn:
    """What a data tab's owned column shall show; rows and columns count from 1.

    `texts` names every row below the header that shall hold text; all others are cleared and
    keep their style. `header` is what to write into the header cell, None if it is there
    already. `width` (in characters of the default font) is for a column that is new.
    """

    tab: str
    column: int
    header_row: int
    header: str | None
    texts: Mapping[int, str]
    width: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.column <= LAST_COLUMN or not 1 <= self.header_row <= LAST_ROW:
            raise ValueError("the header cell lies outside the sheet")
        if any(not self.header_row < row <= LAST_ROW for row in self.texts):
            raise ValueError("a text's row lies outside the rows below the header")


def with_column(
    package: Package,
    sheet: SheetXml,
    owned: OwnedColumn,
    strings: parts.SharedStrings,
    text_styles: Styles,
) -> bytes:
    """Return the sheet's bytes with the owned column as it shall be; its own if it is.

    `sheet` was scanned for the owned column.
    """
    changes = _changes(sheet, owned, strings)
    if not changes:
        return sheet.data
    _refuse(sheet, owned.column, sorted(changes), parts.tables(package, sheet.part))
    edits: list[Edit] = []
    if owned.header_row in changes and owned.width is not None:
        edits += _width_edits(sheet, owned.column, owned.width)
    rows = [row for row, text in changes.items() if text]
    written = CellRange(min(rows), owned.column, max(rows), owned.column) if rows else None
    edits += cells.dimension_edits(sheet, written)
    prefix = prefix_at(sheet.data, sheet.sheet_data.start)
    width = sheet.column_width(owned.column) or owned.width or cells.STANDARD_WIDTH
    edits += _Cells(sheet, owned.column, changes, prefix, width, text_styles).edits()
    return splice(sheet.data, edits)


def _changes(sheet: SheetXml, owned: OwnedColumn, strings: parts.SharedStrings) -> dict[int, str]:
    """Return the text to write by row, an empty one where a cell is to be cleared."""
    changes = {row: shown(text) for row, text in owned.texts.items() if text}
    first = owned.header_row + 1
    if owned.header:
        changes[owned.header_row] = shown(owned.header)
        first = owned.header_row
    for (row, _), cell in sheet.cells.items():
        if row < first:
            continue
        wanted = changes.get(row, "")
        if cell.text(strings) == wanted and (cell.is_text or not cell.is_filled):
            changes.pop(row, None)
        elif wanted or cell.is_filled:
            changes[row] = wanted
    return changes


def _refuse(sheet: SheetXml, column: int, rows: list[int], found: list[parts.ExcelTable]) -> None:
    for row in rows:
        cell = sheet.cells.get((row, column))
        if cell is not None and cell.has_formula:
            raise RefusedError(Reason.FORMULA_IN_COLUMN, f"a formula stands in row {row}")
    if _any_covers(sheet.formula_areas, column, rows):
        raise RefusedError(Reason.ARRAY_OR_DATA_TABLE, "a formula's area covers the owned column")
    if _any_covers(sheet.merged, column, rows):
        raise RefusedError(Reason.MERGED_OVER_COLUMN, "a merged range covers the owned column")
    parts.refuse_fixed_rows(found, column, rows)


def _any_covers(areas: list[CellRange], column: int, rows: list[int]) -> bool:
    return any(
        area.left <= column <= area.right
        and bisect_left(rows, area.top) < bisect_right(rows, area.bottom)
        for area in areas
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells to write: into cells that are there, into rows that are there, into new rows."""

    sheet: SheetXml
    column: int
    changes: Mapping[int, str]
    prefix: bytes
    width: float
    text_styles: Styles

    def edits(self) -> list[Edit]:
        """Return what has to be put in where."""
        numbers = [row.number for row in self.sheet.rows]
        edits: list[Edit] = []
        new_rows: dict[int, list[bytes]] = {}
        for number in sorted(self.changes):
            index = bisect_left(numbers, number)
            row = self.sheet.rows[index] if index < len(numbers) else None
            if row is not None and row.number == number:
                edits += self._in_row(row)
            else:
                at = row.start if row is not None else self.sheet.sheet_data.stop
                new_rows.setdefault(at, []).append(self._new_row(number))
        data = self.sheet.sheet_data
        for at, lines in new_rows.items():
            new = b"".join(lines)
            if at == data.stop:
                name = self.prefix + b"sheetData"
                edits.append(cells.inside(self.sheet.data, data.start, at, name, new))
            else:
                edits.append((at, at, new))
        return edits

    def _in_row(self, row: Row) -> list[Edit]:
        place, text = (row.number, self.column), self.changes[row.number]
        cell = self.sheet.cells.get(place)
        style = cell.style if cell else row.style or self.sheet.column_style(self.column)
        new = cells.text_cell(self.prefix, place, style, text)
        edits: list[Edit] = []
        if style in self.text_styles.wrapping:
            edits = cells.height_edits(self.sheet, row, cells.points_needed(text, self.width))
        if cell:
            stop = cells.element_stop(self.sheet.data, cell.start, cell.stop)
            return [*edits, (cell.start, stop, new)]
        added = cells.inside(self.sheet.data, row.start, row.gap, self.prefix + b"row", new)
        return [*edits, added, *_span_edits(self.sheet, row, self.column)]

    def _new_row(self, number: int) -> bytes:
        style = self.sheet.column_style(self.column)
        new = cells.text_cell(self.prefix, (number, self.column), style, self.changes[number])
        return b'<%srow r="%d">%s</%srow>' % (self.prefix, number, new, self.prefix)


def _span_edits(sheet: SheetXml, row: Row, column: int) -> list[Edit]:
    """Widen the row's `spans`, a hint that some readers believe."""
    first, _, last = row.spans.partition(":")
    if not (first.isdecimal() and last.isdecimal()) or int(first) <= column <= int(last):
        return []
    value = b"%d:%d" % (min(int(first), column), max(int(last), column))
    return attribute_edit(sheet.data, row.start, b"spans", value)


def _width_edits(sheet: SheetXml, column: int, width: float) -> list[Edit]:
    """Return the insertion of a `col` for a new column, none if one covers it."""
    if any(columns.first <= column <= columns.last for columns in sheet.columns):
        return []
    cols = sheet.child("cols")
    element = cols or sheet.sheet_data
    prefix = prefix_at(sheet.data, element.start)
    new = b'<%scol min="%d" max="%d" width="%.7g" customWidth="1"/>' % (
        prefix, column, column, width,
    )  # fmt: skip
    if cols is None:
        at = sheet.sheet_data.start
        return [(at, at, b"<%scols>%s</%scols>" % (prefix, new, prefix))]
    later = (columns.start for columns in sheet.columns if columns.first > column)
    at = next(later, cols.stop)
    return [cells.inside(sheet.data, cols.start, at, prefix + b"cols", new)]


def in_free_column(package: Package, owned: OwnedColumn) -> OwnedColumn:
    """Return the column, a new one as far to the right as it takes to stand in nobody's way.

    In the way are, from the header row down, whatever a cell holds (a formula with an empty result
    too), merged ranges, the areas of array formulas and data tables, and tables. Where everything
    up to the last column is taken the column stays where it is, and is refused when it is written.
    """
    if owned.header is None:
        return owned
    book = parts.read_workbook(package)
    part = parts.worksheet(book, owned.tab).part
    sheet = scan_part(package, part, owned.column)
    header = sheet.cells.get((owned.header_row, owned.column))
    if header and header.text(parts.SharedStrings(package, book)) == shown(owned.header):
        return owned
    column = owned.column
    for first, last in sorted(_taken(package, sheet, owned.header_row)):
        if first <= column <= last:
            column = last + 1
    return replace(owned, column=column) if column <= LAST_COLUMN else owned


def _taken(package: Package, sheet: SheetXml, header_row: int) -> Iterator[tuple[int, int]]:
    """Yield the columns in which something stands from the header row down."""
    yield from ((c, c) for c, row in sheet.last_rows.items() if row >= header_row)
    of_tables = [table.area for table in parts.tables(package, sheet.part)]
    for area in (*sheet.merged, *sheet.formula_areas, *of_tables):
        if area.bottom >= header_row:
            yield area.left, area.right
