"""Write what the job owns into a workbook, and refuse where that could harm it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync.xlsx.append_sheet import with_sheet
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.owned_column import OwnedColumn, with_column
from sync.xlsx.owned_sheet import OwnedSheet, new_sheet, with_owned_cells
from sync.xlsx.sheet_scan import scan, scan_part
from sync.xlsx.sheets import WorkbookParts, named, read_workbook, relations, worksheet
from sync.xlsx.strings import SharedStrings
from sync.xlsx.styles import Styles, read_styles
from sync.xlsx.zip_package import Package


def write_owned(package: Package, columns: Sequence[OwnedColumn], tab: OwnedSheet | None) -> bytes:
    """Return the workbook with the owned columns and the owned tab as they shall be.

    Every part that is not owned is copied byte for byte. Where nothing would differ, the very
    bytes of `package` are returned.

    Raises:
        PackageError: a part that is needed is damaged.
        RefusedError: something stands in the way; nothing was written.
        ValueError: the owned tab is also named as a data tab.
    """
    if tab and any(owned.tab.casefold() == tab.name.casefold() for owned in columns):
        raise ValueError("a tab cannot be a data tab and the owned tab")
    book = read_workbook(package)
    strings = SharedStrings(package, book)
    text_styles = read_styles(package, book)
    changes: dict[str, bytes] = {}
    for owned in columns:
        part = worksheet(book, owned.tab).part
        stands = changes.get(part)
        column = owned.column
        sheet = scan(stands, part, column) if stands else scan_part(package, part, column)
        new = with_column(package, sheet, owned, strings, text_styles)
        if new is not sheet.data:
            changes[part] = new
    if tab is not None:
        changes |= _tab_changes(package, book, tab, strings, text_styles)
    if not changes:
        return package.data
    refuse_workbook(package, book, changes)
    return package.replaced(changes)


def _tab_changes(
    package: Package,
    book: WorkbookParts,
    tab: OwnedSheet,
    strings: SharedStrings,
    text_styles: Styles,
) -> dict[str, bytes]:
    sheet = named(book, tab.name)
    if sheet is None:
        return with_sheet(package, book, tab.name, new_sheet(book, tab, text_styles))
    if sheet.kind != "worksheet":
        raise RefusedError(Reason.NAME_TAKEN, f"the owned tab's name belongs to a {sheet.kind}")
    new = with_owned_cells(package, sheet.part, tab, strings, text_styles)
    return {} if new is package.read(sheet.part) else {sheet.part: new}


def refuse_workbook(package: Package, book: WorkbookParts, changes: Iterable[str]) -> None:
    """Raise RefusedError where changing these parts would break what the workbook promises."""
    root = relations(package, "")
    if any("/digital-signature/" in relation.type for relation in root):
        raise RefusedError(Reason.SIGNED, "the package has a digital signature")
    if any(relation.kind == "revisionHeaders" for relation in book.relations):
        raise RefusedError(Reason.SHARED_WORKBOOK, "the workbook keeps revisions for sharing")
    parts = [sheet.part for sheet in book.sheets]
    if any(parts.count(part) > 1 for part in changes):
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "two sheets have one part")
    if len({sheet.name.casefold() for sheet in book.sheets}) < len(parts):
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "two sheets have one name")
