"""Write the owned column of a data tab: the edits to the sheet's bytes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from rules.text.cell_names import LAST_COLUMN, LAST_ROW, CellRange, cell_name
from sync.xlsx import cells, parts
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.markup import Edit, attribute_edit, inside, prefix_at, splice
from sync.xlsx.sheet_scan import Row, SheetXml, scan_part
from sync.xlsx.styles import Styles
from sync.xlsx.text import encode_attribute, shown
from sync.xlsx.zip_package import Package

_HIDING = ("hidden", "collapsed", "outlineLevel", "bestFit")


@dataclass(frozen=True, slots=True)
class OwnedColumn:
    """What a data tab's owned column shall show; rows and columns count from 1.

    `texts` names every row below the header that shall hold text. Of all others those are cleared
    whose text `is_own` knows for the job's; they keep their style. `header` is what to write into
    the header cell, None if it is there already. `width` (in characters of the default font) is for
    a column that is new.
    """

    tab: str
    column: int
    header_row: int
    header: str | None
    texts: Mapping[int, str]
    width: float | None = None
    is_own: Callable[[str], bool] = bool

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
    is_new = owned.header_row in changes and owned.width is not None
    style = _style_of_new(sheet, owned.column, text_styles) if is_new else None
    if is_new:
        sheet.column_styles[owned.column] = style
        edits += _width_edits(sheet, owned, style)
    rows = [row for row, text in changes.items() if text]
    written = CellRange(min(rows), owned.column, max(rows), owned.column) if rows else None
    edits += cells.dimension_edits(sheet, written)
    prefix = prefix_at(sheet.data, sheet.sheet_data.start)
    own_width = owned.width if is_new else sheet.column_width(owned.column)
    width = own_width or owned.width or cells.STANDARD_WIDTH
    standing = {
        row: text
        for (row, _), cell in sheet.cells.items()
        if row in changes and owned.is_own(text := cell.text(strings))
    }
    edits += _Cells(sheet, owned.column, changes, standing, prefix, width, text_styles).edits()
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
        wanted, stands = changes.get(row, ""), cell.text(strings)
        if stands == wanted and (cell.is_text or not cell.is_filled):
            changes.pop(row, None)
        elif not wanted and stands and not cell.has_formula and owned.is_own(stands):
            changes[row] = ""
    return changes


def overwritten(package: Package, owned: OwnedColumn) -> Iterator[tuple[str, str]]:
    """What is not the job's and stands where a text shall stand: the cell, and its text."""
    if owned.header is not None:
        return
    book = parts.read_workbook(package)
    strings = parts.SharedStrings(package, book)
    sheet = scan_part(package, parts.worksheet(book, owned.tab).part, owned.column)
    for (row, column), cell in sheet.cells.items():
        text = cell.text(strings) if row in owned.texts else ""
        if text.strip() and not (cell.is_text and owned.is_own(text)):
            yield cell_name(row, column), text


def _refuse(sheet: SheetXml, column: int, rows: list[int], found: list[parts.ExcelTable]) -> None:
    places = ((row, sheet.cells.get((row, column))) for row in rows)
    if formulas := [cell_name(row, column) for row, cell in places if cell and cell.has_formula]:
        detail = f"a formula stands in {formulas[0]}"
        raise RefusedError(Reason.FORMULA_IN_COLUMN, detail, formulas)
    if areas := _covering(sheet.formula_areas, column, rows):
        detail = "a formula's area covers the owned column"
        raise RefusedError(Reason.ARRAY_OR_DATA_TABLE, detail, areas)
    if areas := _covering(sheet.merged, column, rows):
        detail = "a merged range covers the owned column"
        raise RefusedError(Reason.MERGED_OVER_COLUMN, detail, areas)
    parts.refuse_fixed_rows(found, column, rows)


def _covering(areas: list[CellRange], column: int, rows: list[int]) -> list[str]:
    return [
        area.name
        for area in areas
        if area.left <= column <= area.right
        and bisect_left(rows, area.top) < bisect_right(rows, area.bottom)
    ]


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells to write: into cells that are there, into rows that are there, into new rows."""

    sheet: SheetXml
    column: int
    changes: Mapping[int, str]
    standing: Mapping[int, str]
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
                edits.append(inside(self.sheet.data, data.start, at, name, new))
            else:
                edits.append((at, at, new))
        return edits

    def _in_row(self, row: Row) -> list[Edit]:
        place, text = (row.number, self.column), self.changes[row.number]
        cell = self.sheet.cells.get(place)
        style = cell.style if cell else row.style or self.sheet.column_style(self.column)
        style = self._that_wraps(style) if text else style
        new = cells.text_cell(self.prefix, place, style, text)
        edits: list[Edit] = []
        if style in self.text_styles.wrapping:
            before, needed = map(self._height, (self.standing.get(row.number, ""), text))
            edits = cells.height_edits(self.sheet, row, needed, before)
        if cell:
            stop = cells.element_stop(self.sheet.data, cell.start, cell.stop)
            return [*edits, (cell.start, stop, new)]
        added = inside(self.sheet.data, row.start, row.gap, self.prefix + b"row", new)
        return [*edits, added, *_span_edits(self.sheet, row, self.column)]

    def _height(self, text: str) -> float:
        return cells.with_spare_line(cells.points_needed(text, self.width))

    def _new_row(self, number: int) -> bytes:
        style = self._that_wraps(self.sheet.column_style(self.column))
        new = cells.text_cell(self.prefix, (number, self.column), style, self.changes[number])
        return b'<%srow r="%d">%s</%srow>' % (self.prefix, number, new, self.prefix)

    def _that_wraps(self, style: str | None) -> str | None:
        """The style, in the place of the default one a plain one that wraps lines."""
        return self.text_styles.wrap if style in {None, "0"} and self.text_styles.wrap else style


def _span_edits(sheet: SheetXml, row: Row, column: int) -> list[Edit]:
    """Widen the row's `spans`, a hint that some readers believe."""
    first, _, last = row.spans.partition(":")
    if not (first.isdecimal() and last.isdecimal()) or int(first) <= column <= int(last):
        return []
    value = b"%d:%d" % (min(int(first), column), max(int(last), column))
    return attribute_edit(sheet.data, row.start, b"spans", value)


def _style_of_new(sheet: SheetXml, column: int, text_styles: Styles) -> str | None:
    """The style of a new column: that of its range where that wraps lines, else one that does."""
    style = sheet.column_style(column)
    return style if style in text_styles.wrapping else text_styles.wrap or style


def _width_edits(sheet: SheetXml, owned: OwnedColumn, style: str | None) -> list[Edit]:
    """Return what lets a new column be seen: its own `col`, cut out of a range that covers it.

    A hidden range and a group lose it; whatever else the range says holds for the column too.
    """
    column, width = owned.column, owned.width or 0.0
    covering = sheet.covering(column)
    cols = sheet.child("cols")
    element = cols or sheet.sheet_data
    prefix = prefix_at(sheet.data, element.start)
    kept = dict(covering.attributes) if covering else {}
    if not {"hidden", "outlineLevel"} & kept.keys():
        width = max(width, covering.width or 0.0) if covering else width
    for name in _HIDING:
        kept.pop(name, None)
    if style is not None:
        kept["style"] = style
    new = _col(prefix, column, column, {**kept, "width": f"{width:.7g}", "customWidth": "1"})
    if covering:
        stop = cells.child_stop(sheet.data, covering.start)
        parts_of = [new]
        if covering.first < column:
            parts_of.insert(0, _col(prefix, covering.first, column - 1, covering.attributes))
        if covering.last > column:
            parts_of.append(_col(prefix, column + 1, covering.last, covering.attributes))
        return [(covering.start, stop, b"".join(parts_of))]
    if cols is None:
        at = sheet.sheet_data.start
        return [(at, at, b"<%scols>%s</%scols>" % (prefix, new, prefix))]
    later = (columns.start for columns in sheet.columns if columns.first > column)
    at = next(later, cols.stop)
    return [inside(sheet.data, cols.start, at, prefix + b"cols", new)]


def _col(prefix: bytes, first: int, last: int, attributes: Mapping[str, str]) -> bytes:
    named = {"min": str(first), "max": str(last)}
    named |= {name: value for name, value in attributes.items() if name not in named}
    written = (b' %s="%s"' % (n.encode(), encode_attribute(v)) for n, v in named.items())
    return b"<%scol%s/>" % (prefix, b"".join(written))


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
