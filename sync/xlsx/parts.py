"""The parts of a workbook that are read as trees: sheets, texts, tables, comments, properties."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from rules.text.cell_names import CellRange, cell_name, parse_area
from sync.xlsx import markup
from sync.xlsx.errors import Damage, PackageError, Reason, RefusedError, damaged
from sync.xlsx.text import decode
from sync.xlsx.zip_package import Package

_SHEET_KINDS = {
    "chartsheet": "chartsheet",
    "dialogsheet": "dialogsheet",
    "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}
_STATES = ("visible", "hidden", "veryHidden")
_TRUE = ("1", "true", "on")
_ID_ATTRIBUTE = "/relationships}id"
_USUAL_STRINGS = "xl/sharedStrings.xml"
_PROPERTIES = "docProps/custom.xml"
_SMALL_PART = 20_000
_XML_ENDINGS = (".xml", ".rels", ".vml")


class Sheet(NamedTuple):
    """One tab: its name, its member, what kind of sheet it is, and whether it shows."""

    name: str
    part: str
    kind: str
    state: str


class Relation(NamedTuple):
    """One relationship; `kind` is the last word of its type, `part` the member it leads to."""

    id: str
    type: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """The workbook part, and what its XML says about sheets, locks and from when days count.

    `namespace` is that of its elements, `relation_namespace` that of the ids of its sheets.
    """

    part: str
    relations: tuple[Relation, ...]
    namespace: str
    relation_namespace: str
    sheets: tuple[Sheet, ...]
    sheet_ids: tuple[str, ...]
    structure_locked: bool
    is_1904: bool

    def related(self, kind: str, usual: str = "") -> str:
        """Return the part of this kind that the workbook leads to; `usual` where it names none."""
        return next((r.part for r in self.relations if r.kind == kind), usual)


def read_tree(package: Package, part: str) -> Element:
    """Return the part's root element, which stays as it is: it may be another package's too."""
    data = package.read(part)
    return (_small_tree if len(data) <= _SMALL_PART else markup.tree_of)(data, part)


_small_tree = lru_cache(maxsize=64)(markup.tree_of)
"""Workbooks made from one template have the same bytes in many parts."""


def refuse_document_types(package: Package) -> None:
    """Raise PackageError if any part of XML declares a document type, whoever reads it next."""
    for name in package.names:
        if name.lower().endswith(_XML_ENDINGS):
            markup.refuse_document_type(package.read(name))


def relations_part(part: str) -> str:
    """Return the name of the part that holds the relationships of `part`."""
    folder, name = posixpath.split(part.replace("\\", "/"))
    return posixpath.join(folder, "_rels", name + ".rels")


def relations(package: Package, part: str) -> tuple[Relation, ...]:
    """Return what `part` relates to inside the package; external targets are left out."""
    rels = relations_part(part)
    if rels not in package:
        return ()
    folder = posixpath.dirname(part.replace("\\", "/"))
    return tuple(
        Relation(id_, type_, type_.rpartition("/")[2], package.member(path) or path.lstrip("/"))
        for id_, type_, path in _inner_relations(package.read(rels), rels, folder)
    )


@lru_cache(maxsize=256)
def _inner_relations(data: bytes, rels: str, folder: str) -> tuple[tuple[str, str, str], ...]:
    """Id, type and path of each; workbooks made from one template have the same bytes here."""
    return tuple(
        (one.get("Id", ""), one.get("Type", ""), _path(folder, one.get("Target", "")))
        for one in markup.tree_of(data, rels).iterfind(".//{*}Relationship")
        if one.get("TargetMode") != "External"
    )


def _path(folder: str, target: str) -> str:
    """The path that a target means, seen from the folder of the part that has it."""
    path = target.partition("#")[0].replace("\\", "/")
    if not path.startswith("/"):
        path = f"{folder}/{path}"
    return posixpath.normpath(path) if "./" in path or "//" in path else path


def read_workbook(package: Package) -> WorkbookParts:
    """Find and read the workbook part."""
    return package.once(WorkbookParts, lambda: _read_workbook(package))


def _read_workbook(package: Package) -> WorkbookParts:
    part = _workbook_part(package)
    root = read_tree(package, part)
    namespace, _, tag = root.tag[1:].rpartition("}")
    if tag != "workbook" or namespace not in (markup.TRANSITIONAL, markup.STRICT):
        raise PackageError(Damage.NOT_A_WORKBOOK, "the main part is no workbook")
    entries = [entry.attrib for entry in root.iterfind(f".//{{{namespace}}}sheet")]
    if len(entries) > len(package.names):
        raise damaged("the workbook has more sheets than parts")
    found = relations(package, part)
    targets = {relation.id: relation for relation in found}
    id_keys = [key for entry in entries for key in entry if key.endswith(_ID_ATTRIBUTE)]
    return WorkbookParts(
        part,
        found,
        namespace,
        relation_namespace=id_keys[-1][1:].rpartition("}")[0] if id_keys else "",
        sheets=tuple(_sheet(entry, targets) for entry in entries),
        sheet_ids=tuple(entry.get("sheetId", "") for entry in entries),
        structure_locked=_is_set(root, "workbookProtection", "lockStructure"),
        is_1904=_is_set(root, "workbookPr", "date1904"),
    )


def _is_set(root: Element, tag: str, attribute: str) -> bool:
    """Whether an element says yes to it; some programs leave an empty one beside it."""
    return any(one.get(attribute) in _TRUE for one in root.iterfind(f".//{{*}}{tag}"))


def worksheet(book: WorkbookParts, name: str) -> Sheet:
    """Return the worksheet of this name."""
    sheet = named(book, name)
    if sheet is None or sheet.kind != "worksheet":
        raise RefusedError(Reason.TAB_MISSING, "the workbook has no worksheet of the wanted name")
    return sheet


def named(book: WorkbookParts, name: str) -> Sheet | None:
    """Return the sheet of this name; Excel tells names apart without regard to case."""
    return next((s for s in book.sheets if s.name.casefold() == name.casefold()), None)


def _workbook_part(package: Package) -> str:
    for relation in relations(package, ""):
        if relation.kind == "officeDocument":
            if relation.part.lower().endswith(".bin"):
                raise PackageError(Damage.NOT_A_WORKBOOK, "a binary workbook (.xlsb)")
            return relation.part
    raise PackageError(Damage.NOT_A_WORKBOOK, "the package has no main part")


def _sheet(entry: Mapping[str, str], targets: Mapping[str, Relation]) -> Sheet:
    ids = [value for key, value in entry.items() if key.endswith(_ID_ATTRIBUTE)]
    relation = targets.get(ids[-1]) if ids else None
    if relation is None:
        raise damaged("a sheet of the workbook has no part")
    state = entry.get("state", "visible")
    return Sheet(
        name=entry.get("name", ""),
        part=relation.part,
        kind=_SHEET_KINDS.get(relation.kind, "worksheet"),
        state=state if state in _STATES else "visible",
    )


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


class SharedStrings:
    """The shared strings of one workbook as plain text, read when the first cell asks for one."""

    def __init__(self, package: Package, book: WorkbookParts) -> None:
        self._package = package
        part = book.related("sharedStrings", _USUAL_STRINGS)
        self._part = part if part in package else None

    def at(self, index: str) -> str | None:
        """Return the string that a cell's `v` names, or None if there is none."""
        index = index.strip()
        if not (index.isascii() and index.isdecimal() and len(index) <= 9):
            return None
        return self._all[int(index)] if int(index) < len(self._all) else None

    @property
    def lengths(self) -> list[int]:
        """How many characters each string has."""
        return list(map(len, self._all))

    @property
    def longest_possible(self) -> int:
        """A number of characters that no string has more of, counted without parsing them."""
        if self._part is None:
            return 0
        data = self._package.read(self._part)
        if b"<!" in data:  # what looks like a string's end may be none
            return len(data)
        return max(map(len, data.split(b"</si")))

    @cached_property
    def _all(self) -> list[str]:
        if self._part is None:
            return []
        root = read_tree(self._package, self._part)
        return [decode(markup.shown_text(one)) for one in root.iterfind(".//{*}si")]


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """A table's place, how many header and totals rows it has, and its columns' names.

    Its headers are written twice, in the cells and here, and must agree.
    """

    area: CellRange
    headers: int
    totals: int
    columns: list[str]

    def is_fixed(self, row: int) -> bool:
        """Tell whether the row is one whose text the table repeats elsewhere."""
        return (
            self.area.top <= row < self.area.top + self.headers
            or self.area.bottom - self.totals < row <= self.area.bottom
        )


def tables(package: Package, part: str) -> list[ExcelTable]:
    """Return the tables of the sheet in `part`."""
    found = (relation.part for relation in relations(package, part) if relation.kind == "table")
    return [_read_table(package, table) for table in dict.fromkeys(found)]


def refuse_fixed_rows(found: Iterable[ExcelTable], column: int, rows: Iterable[int]) -> None:
    """Raise RefusedError if one of the cells is a header or a total of a table."""
    rows = tuple(rows)
    for table in found:
        inside = table.area.left <= column <= table.area.right
        if inside and any(table.is_fixed(row) for row in rows):
            raise RefusedError(
                Reason.TABLE_HEADER,
                "a header or totals row of a table would change",
                [cell_name(row, column) for row in rows if table.is_fixed(row)],
            )


def _read_table(package: Package, part: str) -> ExcelTable:
    root = read_tree(package, part)
    if markup.local(root.tag) != "table":
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{part!r} holds no table")
    area = parse_area(root.get("ref", ""))
    if area is None:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"the table {part!r} has no place")
    return ExcelTable(
        area,
        headers=markup.whole_number(root.get("headerRowCount"), otherwise=1),
        totals=markup.whole_number(root.get("totalsRowCount", "0"), otherwise=1),
        columns=[decode(one.get("name", "")) for one in root.iterfind(".//{*}tableColumn")],
    )


def comments_by_cell(package: Package, sheet: Sheet) -> dict[str, str]:
    """Return the plain text of the sheet's comments by cell (»A1«), threaded ones included.

    A threaded comment has a copy among the notes for old versions of Excel, whose author begins
    with »tc=«; the copy is left out. Several comments of one cell are joined by line breaks.
    """
    notes: dict[str, list[str]] = defaultdict(list)
    threads: dict[str, list[str]] = defaultdict(list)
    copies: set[str] = set()
    found = ((relation.kind, relation.part) for relation in relations(package, sheet.part))
    for kind, part in dict.fromkeys(found):
        if kind == "comments":
            root = read_tree(package, part)
            authors = [one.text or "" for one in root.iterfind(".//{*}author")]
            for note in root.iterfind(".//{*}comment"):
                number, cell = note.get("authorId", "")[:9], note.get("ref", "")
                author = int(number) if number.isdecimal() else len(authors)
                if "".join(authors[author : author + 1]).startswith("tc="):
                    copies.add(cell)
                if text := "".join(map(markup.shown_text, note.iterfind(".//{*}text"))):
                    notes[cell].append(text)
        elif kind == "threadedComment":
            for comment in read_tree(package, part).iterfind(".//{*}threadedComment"):
                if said := comment.findtext("{*}text"):
                    threads[comment.get("ref", "")].append(said)
    for cell in copies & threads.keys():
        notes.pop(cell, None)
    return {cell: "\n".join(notes[cell] + threads[cell]) for cell in (*notes, *threads)}


def property_of(package: Package, key: str) -> str:
    """Return the custom document property with this name; an empty text where there is none."""
    if _PROPERTIES not in package:
        return ""
    found = (one for one in read_tree(package, _PROPERTIES) if one.get("name") == key)
    return "".join("".join(one.itertext()) for one in found)
