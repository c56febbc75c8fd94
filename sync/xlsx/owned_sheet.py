"""The owned tab: what it shall show, and how its sheet is made or rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from rules.text.cell_names import (
    LAST_COLUMN,
    LAST_ROW,
    CellRange,
    cell_name,
    parse_area,
    parse_cell,
)
from sync.xlsx import cells
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.markup import Edit, inside, prefix_at, splice
from sync.xlsx.parts import ExcelTable, SharedStrings, WorkbookParts, tables
from sync.xlsx.sheet_scan import SheetXml, scan
from sync.xlsx.styles import Styles
from sync.xlsx.text import encode_attribute, shown
from sync.xlsx.zip_package import Package

RowAndColumn = tuple[int, int]

_MOST_LINKS = 65_000
"""A little under what Excel reads in one sheet; cells beyond keep their text."""

_MOST_LINKED_AREAS = 1_000
_MOST_MERGED = 200

_BEFORE_LINKS = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations",
}  # fmt: skip


_Links = Mapping[RowAndColumn, str]
"""Where the links lead (»'Plan'!A1«), by the row and column they stand in."""


def _links_xml(links: _Links, prefix: bytes) -> bytes:
    return b"".join(
        b'<%shyperlink ref="%s" location="%s"/>'
        % (prefix, cell_name(*place).encode(), encode_attribute(location))
        for place, location in links.items()
    )


def _links_differ(sheet: SheetXml, wanted: _Links) -> bool:
    stands = {
        (element.attributes.get("ref", ""), _target(element.attributes.get("location", "")))
        for element, external in sheet.hyperlinks
        if not external
    }
    return stands != {
        (cell_name(*place), _target(location)) for place, location in _placed(sheet, wanted).items()
    }


def _link_edits(sheet: SheetXml, wanted: _Links) -> list[Edit]:
    """Return the edits that leave these internal links in the sheet, and the external ones."""
    data = sheet.data
    placed = _placed(sheet, wanted)
    element = sheet.child("hyperlinks")
    if element is None:
        before = [child for child in sheet.children if child.name in _BEFORE_LINKS]
        at = cells.element_stop(data, before[-1].start, before[-1].stop)
        prefix = prefix_at(data, sheet.sheet_data.start)
        new = _links_xml(placed, prefix)
        return [(at, at, b"<%shyperlinks>%s</%shyperlinks>" % (prefix, new, prefix))] if new else []
    external = [child for child, is_external in sheet.hyperlinks if is_external]
    if not placed and not external:
        return [(element.start, cells.element_stop(data, element.start, element.stop), b"")]
    edits: list[Edit] = [
        (child.start, cells.element_stop(data, child.start, child.stop), b"")
        for child, is_external in sheet.hyperlinks
        if not is_external
    ]
    prefix = prefix_at(data, element.start)
    new = _links_xml(placed, prefix)
    return [*edits, inside(data, element.start, element.stop, prefix + b"hyperlinks", new)]


def _placed(sheet: SheetXml, wanted: _Links) -> _Links:
    """Leave out the links of cells that have a link to the outside, which is the staff's."""
    linked: set[RowAndColumn] = set()
    areas: list[CellRange] = []
    for element, external in sheet.hyperlinks:
        area = parse_area(element.attributes.get("ref", "")) if external else None
        if area and (area.top, area.left) == (area.bottom, area.right):
            linked.add((area.top, area.left))
        elif area:
            areas.append(area)
    if len(areas) > _MOST_LINKED_AREAS:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "more linked areas than a person makes")
    free = (
        (place, location)
        for place, location in wanted.items()
        if place not in linked and not any(area.holds(*place) for area in areas)
    )
    return dict(islice(free, _MOST_LINKS))


def _target(text: str) -> tuple[str, str]:
    """Return tab and cell of a location however it is quoted, to compare."""
    tab, _, cell = text.removeprefix("#").rpartition("!")
    if tab.startswith("'") and tab.endswith("'"):
        tab = tab[1:-1].replace("''", "'")
    return tab.casefold(), cell.replace("$", "").upper()


@dataclass(frozen=True, slots=True)
class OwnedCell:
    """A cell of the owned tab; `link` is a tab of this workbook and a cell there (»A1«)."""

    text: str
    link: tuple[str, str] | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class OwnedSheet:
    """All that the owned tab shall show.

    `widths` (in characters of the default font) and `frozen_rows` are used when the tab is
    made; afterwards they are the staff's.
    """

    name: str
    rows: tuple[tuple[OwnedCell, ...], ...]
    widths: tuple[float, ...]
    frozen_rows: int

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > 31 or set(self.name) & set("[]:*?/\\"):
            raise ValueError("Excel does not allow this name for a sheet")
        if len(self.rows) > LAST_ROW or any(len(row) > LAST_COLUMN for row in self.rows):
            raise ValueError("the tab is larger than a sheet")

    def cells(self) -> dict[RowAndColumn, OwnedCell]:
        """Return the cells that hold text, by row and column, as they can be shown."""
        return {
            (number, column): OwnedCell(shown(cell.text), cell.link, cell.bold)
            for number, row in enumerate(self.rows, 1)
            for column, cell in enumerate(row, 1)
            if cell.text
        }


_Cells = Mapping[RowAndColumn, OwnedCell]


def new_sheet(book: WorkbookParts, tab: OwnedSheet, text_styles: Styles) -> bytes:
    """Return the XML of a sheet that shows the tab."""
    wanted = tab.cells()
    styles = {place: text_styles.wrap for place in wanted if place[0] > tab.frozen_rows}
    area = _area(wanted)
    dimension = b'<dimension ref="%s"/>' % area.name.encode() if area else b""
    links = _links_xml(_links(wanted), b"")
    return b"".join(
        (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            b'<worksheet xmlns="%s">' % book.namespace.encode(),
            dimension,
            _view(tab.frozen_rows),
            b'<sheetFormatPr defaultRowHeight="15"/>',
            _cols(tab.widths, text_styles.wrap),
            b"<sheetData>%s</sheetData>"
            % _rows(b"", wanted, styles, _heights(wanted, tab, None), text_styles),
            b"<hyperlinks>%s</hyperlinks>" % links if links else b"",
            b'<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3"'
            b' footer="0.3"/>',
            b"</worksheet>",
        )
    )


def with_owned_cells(
    package: Package, part: str, tab: OwnedSheet, strings: SharedStrings, text_styles: Styles
) -> bytes:
    """Return the existing sheet with the tab in it; the very same bytes if it is there."""
    data = package.read(part)
    sheet = scan(data, part, None)
    wanted = tab.cells()
    links = _links(wanted)
    if not _texts_differ(sheet, wanted, strings) and not _links_differ(sheet, links):
        return data
    _refuse(sheet, wanted, tables(package, part))
    styles = {place: cell.style for place, cell in sheet.cells.items()}
    row_styles = {row.number: row.style for row in sheet.rows if row.style}
    columns = {column: sheet.column_style(column) for column in {place[1] for place in wanted}}
    for row, column in wanted:
        if (row, column) not in styles:
            column_style = columns[column] if row > tab.frozen_rows else None
            styles[row, column] = row_styles.get(row) or column_style
    element = sheet.sheet_data
    prefix = prefix_at(data, element.start)
    attributes = _heights(wanted, tab, sheet)
    for row, style in row_styles.items():
        own = cells.style_attribute(style) + b' customFormat="1"'
        attributes[row] = own + attributes.get(row, b"")
    rows = _rows(prefix, wanted, styles, attributes, text_styles)
    new = b"<%ssheetData>%s</%ssheetData>" % (prefix, rows, prefix)
    stop = cells.element_stop(data, element.start, element.stop)
    edits: list[Edit] = [(element.start, stop, new)]
    edits += cells.dimension_edits(sheet, _area(wanted))
    edits += _link_edits(sheet, links)
    return splice(data, edits)


def _links(wanted: _Cells) -> _Links:
    links = {}
    for place, cell in sorted(wanted.items(), key=lambda one: one[0]):
        if cell.link is not None:
            tab, target = cell.link
            if parse_cell(target) is None:
                raise ValueError("a link needs a cell to lead to")
            quoted = tab.replace("'", "''")
            links[place] = f"'{quoted}'!{target}"
    return links


def _texts_differ(sheet: SheetXml, wanted: _Cells, strings: SharedStrings) -> bool:
    stands = {
        place: cell.text(strings) if cell.is_text else None
        for place, cell in sheet.cells.items()
        if cell.is_filled
    }
    shows = {place: text for place, text in stands.items() if text != ""}
    return shows != {place: cell.text for place, cell in wanted.items()}


def _refuse(sheet: SheetXml, wanted: _Cells, found: list[ExcelTable]) -> None:
    if formulas := [cell_name(*at) for at, cell in sheet.cells.items() if cell.has_formula]:
        detail = "a formula stands in the owned tab"
        raise RefusedError(Reason.FORMULA_IN_COLUMN, detail, formulas)
    whole = _area(wanted)
    near = [area for area in sheet.merged if whole and _meet(area, whole)]
    hiding = [] if len(near) > _MOST_MERGED else [a.name for a in near if _hides(a, wanted)]
    if len(near) > _MOST_MERGED or hiding:
        detail = "a merged range covers the owned tab's cells"
        raise RefusedError(Reason.MERGED_OVER_COLUMN, detail, hiding)
    for table in found:
        names = [
            wanted[place].text if (place := (table.area.top, column)) in wanted else ""
            for column in range(table.area.left, table.area.right + 1)
        ]
        if table.totals or table.headers > 1 or (table.headers and names != table.columns):
            raise RefusedError(
                Reason.TABLE_HEADER,
                "a table of the owned tab would lose its headers",
                [table.area.name],
            )


def _meet(one: CellRange, other: CellRange) -> bool:
    rows = max(one.top, other.top) <= min(one.bottom, other.bottom)
    return rows and max(one.left, other.left) <= min(one.right, other.right)


def _hides(area: CellRange, wanted: _Cells) -> bool:
    """Tell whether a merged range covers a text; its first cell shows."""
    return any(area.holds(*place) and place != (area.top, area.left) for place in wanted)


def _area(wanted: _Cells) -> CellRange | None:
    rows = [row for row, _ in wanted]
    columns = [column for _, column in wanted]
    return CellRange(min(rows), min(columns), max(rows), max(columns)) if wanted else None


def _rows(
    prefix: bytes,
    wanted: _Cells,
    styles: Mapping[RowAndColumn, str | None],
    row_attributes: Mapping[int, bytes],
    text_styles: Styles,
) -> bytes:
    """Return the rows; a place that has a style and no text keeps its style."""
    lines: dict[int, list[bytes]] = {}
    styled = (place for place, style in styles.items() if style is not None)
    for place in sorted({*wanted, *styled}):
        cell, style = wanted.get(place), styles.get(place)
        if cell is None:
            new = cells.empty_cell(prefix, place, style)
        else:
            is_link, font, points = cell.link is not None, text_styles.font, text_styles.points
            run = cells.TextRun(cell.bold, is_link, font, points)
            new = cells.text_cell(prefix, place, style, cell.text, run)
        lines.setdefault(place[0], []).append(new)
    out: list[bytes] = []
    for number in sorted({*lines, *row_attributes}):
        attributes = row_attributes.get(number, b"")
        filled = b"".join(lines.get(number, []))
        out.append(b'<%srow r="%d"%s>%s</%srow>' % (prefix, number, attributes, filled, prefix))
    return b"".join(out)


def _heights(wanted: _Cells, tab: OwnedSheet, sheet: SheetXml | None) -> dict[int, bytes]:
    """Return the heights of the rows below the frozen ones, as attributes."""
    points: dict[int, float] = {}
    for (row, column), cell in wanted.items():
        if row > tab.frozen_rows:
            width = sheet.column_width(column) if sheet else None
            if width is None:
                made = column <= len(tab.widths)
                width = tab.widths[column - 1] if made else cells.STANDARD_WIDTH
            points[row] = max(points.get(row, 0.0), cells.points_needed(cell.text, width))
    return {row: cells.new_height(needed) for row, needed in points.items()}


def _view(frozen_rows: int) -> bytes:
    pane = b""
    if frozen_rows:
        pane = (
            b'<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>'
            b'<selection pane="bottomLeft"/>' % (frozen_rows, frozen_rows + 1)
        )
    return b'<sheetViews><sheetView workbookViewId="0">%s</sheetView></sheetViews>' % pane


def _cols(widths: tuple[float, ...], wrap: str | None) -> bytes:
    style = cells.style_attribute(wrap, b"style")
    cols = (
        b'<col min="%d" max="%d" width="%.7g"%s customWidth="1"/>' % (number, number, width, style)
        for number, width in enumerate(widths, 1)
    )
    return b"<cols>%s</cols>" % b"".join(cols) if widths else b""
