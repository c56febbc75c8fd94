"""Write what the job owns into a workbook, and refuse where that could harm it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync.xlsx.append_sheet import with_sheet
from sync.xlsx.free_column import in_free_column
from sync.xlsx.owned_column import OwnedColumn, with_column
from sync.xlsx.owned_sheet import OwnedPage, PageCell, new_page, with_page
from sync.xlsx.refusal import DANISH, Reason, Refused
from sync.xlsx.sheet_scan import scan
from sync.xlsx.sheets import Workbook, named, read_workbook, relations, worksheet
from sync.xlsx.strings import SharedStrings
from sync.xlsx.styles import Looks, read_looks
from sync.xlsx.zip_package import Package

__all__ = [
    "DANISH",
    "OwnedColumn",
    "OwnedPage",
    "PageCell",
    "Reason",
    "Refused",
    "in_free_column",
    "owned_state",
    "write_owned",
]


def write_owned(package: Package, columns: Sequence[OwnedColumn], page: OwnedPage | None) -> bytes:
    """Return the workbook with the owned columns and the owned tab as they shall be.

    Every part that is not owned is copied byte for byte. Where nothing would differ, the very
    bytes of `package` are returned.

    Raises:
        UnreadablePackage: a part that is needed is damaged.
        Refused: something stands in the way; nothing was written.
        ValueError: the owned tab is also named as a data tab.
    """
    if page and any(owned.tab.casefold() == page.name.casefold() for owned in columns):
        raise ValueError("a tab cannot be a data tab and the owned tab")
    book = read_workbook(package)
    strings = SharedStrings(package, book)
    looks = read_looks(package, book)
    changes: dict[str, bytes] = {}
    for owned in columns:
        part = worksheet(book, owned.tab).part
        stands = changes.get(part) or package.read(part)
        sheet = scan(stands, part, owned.column)
        new = with_column(package, sheet, owned, strings, looks)
        if new is not stands:
            changes[part] = new
    if page is not None:
        changes |= _page_changes(package, book, page, strings, looks)
    if not changes:
        return package.data
    refuse_workbook(package, book, changes)
    return package.replaced(changes)


def owned_state(package: Package, tab: str, column: int, header_row: int) -> dict[int, str]:
    """Return what stands in the column below the header, by row, as far as it is not empty.

    Numbers are given as they are stored, formulas by their last result.

    Raises:
        UnreadablePackage: the workbook or the sheet is damaged.
        Refused: the tab is missing, or its sheet is built in a way that cannot be followed.
    """
    book = read_workbook(package)
    strings = SharedStrings(package, book)
    part = worksheet(book, tab).part
    cells = scan(package.read(part), part, column).cells.values()
    texts = {cell.row: cell.text(strings) for cell in cells if cell.row > header_row}
    return {row: text for row, text in texts.items() if text}


def _page_changes(
    package: Package, book: Workbook, page: OwnedPage, strings: SharedStrings, looks: Looks
) -> dict[str, bytes]:
    sheet = named(book, page.name)
    if sheet is None:
        return with_sheet(package, book, page.name, new_page(book, page, looks))
    if sheet.kind != "worksheet":
        raise Refused(Reason.NAME_TAKEN, f"the owned tab's name belongs to a {sheet.kind}")
    new = with_page(package, sheet.part, page, strings, looks)
    return {} if new is package.read(sheet.part) else {sheet.part: new}


def refuse_workbook(package: Package, book: Workbook, changes: Iterable[str]) -> None:
    """Raise Refused where changing these parts would break what the workbook promises."""
    root = relations(package, "")
    if any("/digital-signature/" in relation.type for relation in root):
        raise Refused(Reason.SIGNED, "the package has a digital signature")
    if any(relation.kind == "revisionHeaders" for relation in book.relations):
        raise Refused(Reason.SHARED_WORKBOOK, "the workbook keeps revisions for sharing")
    parts = [sheet.part for sheet in book.sheets]
    if any(parts.count(part) > 1 for part in changes):
        raise Refused(Reason.UNUSUAL_PACKAGE, "two sheets have one part")
    if len({sheet.name.casefold() for sheet in book.sheets}) < len(parts):
        raise Refused(Reason.UNUSUAL_PACKAGE, "two sheets have one name")
