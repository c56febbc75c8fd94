"""Append a sheet to a workbook: the edits to the three parts that list what there is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sync.xlsx.cells import inside
from sync.xlsx.markup import local, new_parser, parse, prefix_at, refuse_utf16, run, splice
from sync.xlsx.refusal import Reason, RefusedError
from sync.xlsx.sheets import WorkbookParts, relations_part
from sync.xlsx.text import encode_attribute
from sync.xlsx.zip_package import Package

_CONTENT_TYPES = "[Content_Types].xml"
_WORKSHEET_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEET_FILE = re.compile(r"sheet([0-9]{1,6})\.xml", re.IGNORECASE)
_LARGEST_SHEET_ID = 65_534


def with_sheet(package: Package, book: WorkbookParts, name: str, sheet: bytes) -> dict[str, bytes]:
    """Return the parts that change when a sheet is appended as the last one, by member name.

    Raises:
        PackageError: one of the parts is damaged.
        RefusedError: the structure is locked, or a part does not bear splicing.
    """
    if book.structure_locked:
        raise RefusedError(Reason.STRUCTURE_LOCKED, "the workbook's structure is locked")
    if not book.sheets:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "the workbook has no sheets")
    folder = posixpath.join(posixpath.dirname(book.part.replace("\\", "/")), "worksheets")
    file = _free_file(package)
    part = posixpath.join(folder, file)
    if part in package:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "every file name for a sheet is taken")
    rels = relations_part(book.part)
    relation_id = _free_relation_id(package, rels)
    override = b'Override PartName="/%s" ContentType="%s"/>' % (
        encode_attribute(part), _WORKSHEET_TYPE,
    )  # fmt: skip
    relation = b'Relationship Id="%s" Type="%s" Target="worksheets/%s"/>' % (
        relation_id.encode(), _worksheet_relation(book), file.encode(),
    )  # fmt: skip
    types = _append(package, _CONTENT_TYPES, "Types", 0, lambda spot: b"<" + spot.prefix + override)
    relations = _append(
        package, rels, "Relationships", 0, lambda spot: b"<" + spot.prefix + relation
    )
    workbook = _append(
        package, book.part, "sheets", 1, lambda spot: _entry(book, name, relation_id, spot)
    )
    return {part: sheet, **types, **relations, **workbook}


def _entry(book: WorkbookParts, name: str, relation_id: str, spot: _Spot) -> bytes:
    """Return the `sheet` element, its relation named by the prefix that is in use there."""
    namespace = book.relation_attribute.rpartition(" ")[0]
    known = next((key for key, uri in spot.namespaces.items() if uri == namespace and key), None)
    declaration = b"" if known else b' xmlns:r="%s"' % encode_attribute(namespace)
    return b'<%ssheet name="%s" sheetId="%d"%s %s:id="%s"/>' % (
        spot.prefix,
        encode_attribute(name),
        _free_sheet_id(book),
        declaration,
        (known or "r").encode(),
        relation_id.encode(),
    )


def _worksheet_relation(book: WorkbookParts) -> bytes:
    """Return the relationship's type, strict or transitional as the other sheets' is."""
    namespace = book.relation_attribute.rpartition(" ")[0]
    types = (relation.type for relation in book.relations if relation.kind == "worksheet")
    return encode_attribute(next(types, f"{namespace}/worksheet"))


def _free_file(package: Package) -> str:
    """Return a file name that no part has, nor anything that the list of parts still names."""
    listed = package.read(_CONTENT_TYPES).decode("ascii", "ignore")
    taken = _SHEET_FILE.findall("\n".join((listed, *package.names)))
    return f"sheet{max(map(int, taken), default=0) + 1}.xml"


def _free_relation_id(package: Package, rels: str) -> str:
    taken: set[str] = set()
    parse(package.read(rels), rels, lambda _, attributes: taken.add(attributes.get("Id", "")))
    number = len(taken)
    while f"rId{number}" in taken:
        number += 1
    return f"rId{number}"


def _free_sheet_id(book: WorkbookParts) -> int:
    taken = {int(text) for text in book.sheet_ids if text.isdecimal() and len(text) <= 9}
    highest = max(taken, default=0) + 1
    if highest <= _LARGEST_SHEET_ID:
        return highest
    free = next((number for number in range(1, _LARGEST_SHEET_ID) if number not in taken), None)
    if free is None:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "every sheet number is taken")
    return free


@dataclass(slots=True)
class _Spot:
    """An element to append to: its two tags, its prefix, and the namespaces declared there."""

    start: int = -1
    stop: int = -1
    prefix: bytes = b""
    namespaces: dict[str, str] = field(default_factory=dict)


def _append(
    package: Package, name: str, tag: str, depth: int, element: Callable[[_Spot], bytes]
) -> dict[str, bytes]:
    """Return the part with `element` appended to its first `tag` at this depth."""
    data = package.read(name)
    member = package.member(name) or name
    refuse_utf16(data, member)
    spot = _Finder(tag, depth).find(data, member)
    spot.prefix = prefix_at(data, spot.start)
    edit = inside(data, spot.start, spot.stop, spot.prefix + tag.encode(), element(spot))
    return {member: splice(data, [edit])}


class _Finder:
    """Finds an element by its name and depth, and the namespaces declared on the way to it."""

    def __init__(self, tag: str, depth: int) -> None:
        self._tag = tag
        self._wanted_depth = depth
        self._depth = 0
        self._declared: dict[str, str] = {}
        self._spot = _Spot()
        self._parser = new_parser()

    def find(self, data: bytes, part: str) -> _Spot:
        """Parse the part and return the element's place.

        Raises:
            PackageError: the part is not well-formed.
            RefusedError: it holds no such element.
        """
        self._parser.StartNamespaceDeclHandler = self._declares
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        run(self._parser, data, part)
        if self._spot.start < 0:
            raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{part!r} has no {self._tag!r}")
        return self._spot

    def _declares(self, prefix: str | None, uri: str | None) -> None:
        self._declared[prefix or ""] = uri or ""

    def _start(self, name: str, _: dict[str, str]) -> None:
        found = self._spot.start < 0 and self._is_wanted(name)
        if found:
            self._spot.start = self._parser.CurrentByteIndex
        if found or not self._depth:
            self._spot.namespaces.update(self._declared)
        self._declared.clear()
        self._depth += 1

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._spot.stop < 0 and self._is_wanted(name):
            self._spot.stop = self._parser.CurrentByteIndex

    def _is_wanted(self, name: str) -> bool:
        return self._depth == self._wanted_depth and local(name) == self._tag
