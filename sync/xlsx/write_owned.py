"""Write what the job owns into a workbook, and refuse where that could harm it."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from sync.xlsx import parts
from sync.xlsx.errors import Reason, RefusedError, refused_in
from sync.xlsx.markup import ElementPlace, inside, outline, prefix_at, refuse_utf16, splice
from sync.xlsx.owned_column import OwnedColumn, with_column
from sync.xlsx.owned_sheet import OwnedSheet, new_sheet, with_owned_cells
from sync.xlsx.sheet_scan import scan, scan_part
from sync.xlsx.styles import Styles, read_styles, with_wrap
from sync.xlsx.text import encode_attribute
from sync.xlsx.zip_package import Package

_CONTENT_TYPES = "[Content_Types].xml"
_WORKSHEET_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEET_FILE = re.compile(r"sheet([0-9]{1,6})\.xml", re.IGNORECASE)
_LARGEST_SHEET_ID = 65_534


def write_owned(package: Package, columns: Sequence[OwnedColumn], tab: OwnedSheet | None) -> bytes:
    """Return the workbook with the owned columns and the owned tab as they shall be.

    Every part that is not owned is copied byte for byte; only where no style wraps lines one is
    added behind the others, for cells that have none of their own. Where nothing would differ, the
    very bytes of `package` are returned.

    Raises:
        PackageError: a part that is needed is damaged.
        RefusedError: something stands in the way; nothing was written.
        ValueError: the owned tab is also named as a data tab.
    """
    if tab and any(owned.tab.casefold() == tab.name.casefold() for owned in columns):
        raise ValueError("a tab cannot be a data tab and the owned tab")
    book = parts.read_workbook(package)
    strings = parts.SharedStrings(package, book)
    text_styles = read_styles(package, book)
    text_styles, of_styles = with_wrap(package, book, text_styles)
    changes: dict[str, bytes] = {}
    for owned in columns:
        with refused_in(owned.tab):
            part = parts.worksheet(book, owned.tab).part
            stands = changes.get(part)
            column = owned.column
            sheet = scan(stands, part, column) if stands else scan_part(package, part, column)
            new = with_column(package, sheet, owned, strings, text_styles)
        if new is not sheet.data:
            changes[part] = new
    if tab is not None:
        with refused_in(tab.name if parts.named(book, tab.name) else ""):
            changes |= _tab_changes(package, book, tab, strings, text_styles)
    if not changes:
        return package.data
    if of_styles and any(_uses(sheet, text_styles.wrap or "") for sheet in changes.values()):
        changes |= of_styles
    parts.refuse_workbook(package, book, changes)
    return package.replaced(changes)


def _uses(sheet: bytes, style: str) -> bool:
    number = style.encode()
    return b' s="%s"' % number in sheet or b' style="%s"' % number in sheet


def _tab_changes(
    package: Package,
    book: parts.WorkbookParts,
    tab: OwnedSheet,
    strings: parts.SharedStrings,
    text_styles: Styles,
) -> dict[str, bytes]:
    sheet = parts.named(book, tab.name)
    if sheet is None:
        return _with_sheet(package, book, tab.name, new_sheet(book, tab, text_styles))
    if sheet.kind != "worksheet":
        raise RefusedError(Reason.NAME_TAKEN, f"the owned tab's name belongs to a {sheet.kind}")
    new = with_owned_cells(package, sheet.part, tab, strings, text_styles)
    return {} if new is package.read(sheet.part) else {sheet.part: new}


def _with_sheet(
    package: Package, book: parts.WorkbookParts, name: str, sheet: bytes
) -> dict[str, bytes]:
    """Return the parts that change when a sheet is appended as the last one, by member name."""
    if book.structure_locked:
        raise RefusedError(Reason.STRUCTURE_LOCKED, "the workbook's structure is locked")
    if not book.sheets:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "the workbook has no sheets")
    folder = posixpath.join(posixpath.dirname(book.part.replace("\\", "/")), "worksheets")
    file = _free_file(package)
    part = posixpath.join(folder, file)
    if part in package:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "every file name for a sheet is taken")
    rels = parts.relations_part(book.part)
    relation_id = _free_relation_id(package, rels)
    # strict or transitional as the other sheets' relations are
    types = (relation.type for relation in book.relations if relation.kind == "worksheet")
    relation_type = next(types, f"{book.relation_namespace}/worksheet")
    override = b'Override PartName="/%s" ContentType="%s"/>' % (
        encode_attribute(part), _WORKSHEET_TYPE,
    )  # fmt: skip
    relation = b'Relationship Id="%s" Type="%s" Target="worksheets/%s"/>' % (
        relation_id.encode(), encode_attribute(relation_type), file.encode(),
    )  # fmt: skip
    workbook = _append(
        package, book.part, "sheets", 1, lambda at: _entry(book, name, relation_id, at.namespaces)
    )
    contents = _append(package, _CONTENT_TYPES, "Types", 0, lambda _: override)
    relations = _append(package, rels, "Relationships", 0, lambda _: relation)
    return {part: sheet, **contents, **relations, **workbook}


def _entry(
    book: parts.WorkbookParts, name: str, relation_id: str, namespaces: Mapping[str, str]
) -> bytes:
    """Return the `sheet` element, its relation named by the prefix that is in use there."""
    namespace = book.relation_namespace
    known = next((key for key, uri in namespaces.items() if uri == namespace and key), None)
    declaration = b"" if known else b' xmlns:r="%s"' % encode_attribute(namespace)
    return b'sheet name="%s" sheetId="%d"%s %s:id="%s"/>' % (
        encode_attribute(name), _free_sheet_id(book), declaration,
        (known or "r").encode(), relation_id.encode(),
    )  # fmt: skip


def _free_file(package: Package) -> str:
    """Return a file name that no part has, nor anything that the list of parts still names."""
    listed = package.read(_CONTENT_TYPES).decode("ascii", "ignore")
    taken = _SHEET_FILE.findall("\n".join((listed, *package.names)))
    return f"sheet{max(map(int, taken), default=0) + 1}.xml"


def _free_relation_id(package: Package, rels: str) -> str:
    taken = {relation.get("Id", "") for relation in parts.read_tree(package, rels).iter()}
    numbered = map("rId{}".format, itertools.count(len(taken)))
    return next(name for name in numbered if name not in taken)


def _free_sheet_id(book: parts.WorkbookParts) -> int:
    taken = {int(text) for text in book.sheet_ids if text.isdecimal() and len(text) <= 9}
    highest = max(taken, default=0) + 1
    if highest <= _LARGEST_SHEET_ID:
        return highest
    free = next((number for number in range(1, _LARGEST_SHEET_ID) if number not in taken), None)
    if free is None:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "every sheet number is taken")
    return free


def _append(
    package: Package, name: str, tag: str, depth: int, element: Callable[[ElementPlace], bytes]
) -> dict[str, bytes]:
    """Return the part with an element appended to its first `tag`.

    `element` makes it for the place, without the `<` and the prefix that is in use there.
    """
    data = package.read(name)
    member = package.member(name) or name
    refuse_utf16(data, member)
    place = next((one for one in outline(data, member, depth) if one.name == tag), None)
    if place is None:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{member!r} has no {tag!r}")
    prefix = prefix_at(data, place.start)
    new = b"<" + prefix + element(place)
    edit = inside(data, place.start, place.stop, prefix + tag.encode(), new)
    return {member: splice(data, [edit])}
