"""The sheets of a workbook, and what its parts relate to."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from sync.xlsx.errors import Damage, PackageError, Reason, RefusedError, damaged
from sync.xlsx.markup import STRICT, TRANSITIONAL, read_tree, tree_of
from sync.xlsx.zip_package import Package

_SHEET_KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chartsheet",
    "dialogsheet": "dialogsheet",
    "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}
_STATES = ("visible", "hidden", "veryHidden")
_TRUE = ("1", "true", "on")
_ID_ATTRIBUTE = "/relationships}id"


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


def sheets(package: Package) -> tuple[Sheet, ...]:
    """Return the workbook's sheets in the order of its tabs."""
    return read_workbook(package).sheets


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
        for one in tree_of(data, rels).iterfind(".//{*}Relationship")
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
    if tag != "workbook" or namespace not in (TRANSITIONAL, STRICT):
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
    """One tab from its entry in the workbook part."""
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
