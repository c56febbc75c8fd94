"""Links from the owned tab to cells of the same workbook."""

from __future__ import annotations

from typing import NamedTuple

from sync.xlsx.addresses import CellArea, parse_area, parse_cell
from sync.xlsx.cells import element_stop, inside
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.markup import Edit, prefix_at
from sync.xlsx.sheet_scan import SheetXml
from sync.xlsx.text import encode_attribute

_MOST_LINKS = 65_000
"""A little under what Excel reads in one sheet; cells beyond keep their text."""

_MOST_AREAS = 1_000

_BEFORE_LINKS = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations",
}  # fmt: skip


class Hyperlink(NamedTuple):
    """A link: the cell it stands in (»D5«), and where it leads (»'Plan'!A1«)."""

    cell: str
    location: str

    def xml(self, prefix: bytes) -> bytes:
        """Return the `hyperlink` element."""
        return b'<%shyperlink ref="%s" location="%s"/>' % (
            prefix, self.cell.encode(), encode_attribute(self.location),
        )  # fmt: skip


def location(tab: str, cell: str) -> str:
    """Return where a link to this cell of this tab leads, the tab's name quoted.

    Raises:
        ValueError: `cell` names no cell.
    """
    if parse_cell(cell) is None:
        raise ValueError("a link needs a cell to lead to")
    quoted = tab.replace("'", "''")
    return f"'{quoted}'!{cell}"


def links_differ(sheet: SheetXml, wanted: list[Hyperlink]) -> bool:
    """Tell whether the sheet's internal links are others than these."""
    stands = {
        (element.attributes.get("ref", ""), _target(element.attributes.get("location", "")))
        for element, external in sheet.hyperlinks
        if not external
    }
    return stands != {(link.cell, _target(link.location)) for link in _placed(sheet, wanted)}


def link_edits(sheet: SheetXml, wanted: list[Hyperlink]) -> list[Edit]:
    """Return the edits that leave these internal links in the sheet, and the external ones."""
    data = sheet.data
    placed = _placed(sheet, wanted)
    element = sheet.child("hyperlinks")
    if element is None:
        before = [child for child in sheet.children if child.name in _BEFORE_LINKS]
        at = element_stop(data, before[-1].start, before[-1].stop)
        prefix = prefix_at(data, sheet.sheet_data.start)
        new = b"".join(link.xml(prefix) for link in placed)
        return [(at, at, b"<%shyperlinks>%s</%shyperlinks>" % (prefix, new, prefix))] if new else []
    external = [child for child, is_external in sheet.hyperlinks if is_external]
    if not placed and not external:
        return [(element.start, element_stop(data, element.start, element.stop), b"")]
    edits: list[Edit] = [
        (child.start, element_stop(data, child.start, child.stop), b"")
        for child, is_external in sheet.hyperlinks
        if not is_external
    ]
    prefix = prefix_at(data, element.start)
    new = b"".join(link.xml(prefix) for link in placed)
    return [*edits, inside(data, element.start, element.stop, prefix + b"hyperlinks", new)]


def _placed(sheet: SheetXml, wanted: list[Hyperlink]) -> list[Hyperlink]:
    """Leave out the links of cells that have a link to the outside, which is the staff's."""
    if not sheet.hyperlinks:
        return wanted[:_MOST_LINKS]
    cells: set[tuple[int, int]] = set()
    areas: list[CellArea] = []
    for element, external in sheet.hyperlinks:
        area = parse_area(element.attributes.get("ref", "")) if external else None
        if area and (area.top, area.left) == (area.bottom, area.right):
            cells.add((area.top, area.left))
        elif area:
            areas.append(area)
    if len(areas) > _MOST_AREAS:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "more linked areas than a person makes")
    return [link for link in wanted if not _is_taken(link, cells, areas)][:_MOST_LINKS]


def _is_taken(link: Hyperlink, cells: set[tuple[int, int]], areas: list[CellArea]) -> bool:
    place = parse_cell(link.cell)
    if place is None:
        return True
    return place in cells or any(area.covers(*place) for area in areas)


def _target(text: str) -> tuple[str, str]:
    """Return tab and cell of a location however it is quoted, to compare."""
    tab, _, cell = text.removeprefix("#").rpartition("!")
    if tab.startswith("'") and tab.endswith("'"):
        tab = tab[1:-1].replace("''", "'")
    return tab.casefold(), cell.replace("$", "").upper()
