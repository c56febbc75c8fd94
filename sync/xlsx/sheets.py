"""The sheets of a workbook, and what its parts relate to."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sync.xlsx.damage import Damage, PackageError
from sync.xlsx.markup import STRICT, TRANSITIONAL, parse
from sync.xlsx.refusal import Reason, RefusedError
from sync.xlsx.zip_package import Package

_SHEET_KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chartsheet",
    "dialogsheet": "dialogsheet",
    "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}
_STATES = ("visible", "hidden", "veryHidden")
_WORKBOOK = {f"{TRANSITIONAL} workbook", f"{STRICT} workbook"}
_SHEET = {f"{TRANSITIONAL} sheet", f"{STRICT} sheet"}
_PROTECTION = {f"{TRANSITIONAL} workbookProtection", f"{STRICT} workbookProtection"}
_PROPERTIES = {f"{TRANSITIONAL} workbookPr", f"{STRICT} workbookPr"}
_TRUE = ("1", "true", "on")
_ID_ATTRIBUTE = "/relationships id"


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


@dataclass(slots=True)
class WorkbookParts:
    """The workbook part, and what its XML says about sheets, locks and from when days count."""

    part: str
    relations: tuple[Relation, ...]
    namespace: str = ""
    sheets: tuple[Sheet, ...] = ()
    sheet_ids: list[str] = field(default_factory=list)
    relation_attribute: str = ""
    structure_locked: bool = False
    is_1904: bool = False


def sheets(package: Package) -> tuple[Sheet, ...]:
    """Return the workbook's sheets in the order of its tabs.

    Raises:
        PackageError: not a workbook, or damaged.
    """
    return read_workbook(package).sheets


def relations_part(part: str) -> str:
    """Return the name of the part that holds the relationships of `part`."""
    folder, name = posixpath.split(part.replace("\\", "/"))
    return posixpath.join(folder, "_rels", name + ".rels")


def relations(package: Package, part: str) -> tuple[Relation, ...]:
    """Return what `part` relates to inside the package; external targets are left out.

    Raises:
        PackageError: the relationships are damaged.
    """
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
    found: list[tuple[str, str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            keys = ("Id", "Type", "Target")
            id_, type_, target = (attributes.get(key, "") for key in keys)
            found.append((id_, type_, _path(folder, target)))

    parse(data, rels, start)
    return tuple(found)


def _path(folder: str, target: str) -> str:
    """The path that a target means, seen from the folder of the part that has it."""
    path = target.partition("#")[0].replace("\\", "/")
    if not path.startswith("/"):
        path = f"{folder}/{path}"
    return posixpath.normpath(path) if "./" in path or "//" in path else path


def read_workbook(package: Package) -> WorkbookParts:
    """Find and read the workbook part.

    Raises:
        PackageError: not a workbook, or damaged.
    """
    return package.once(WorkbookParts, lambda: _read_workbook(package))


def _read_workbook(package: Package) -> WorkbookParts:
    part = _workbook_part(package)
    book = WorkbookParts(part, relations(package, part))
    targets = {relation.id: relation for relation in book.relations}
    found: list[Sheet] = []
    root_seen = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal root_seen
        if not root_seen:
            root_seen = True
            if name not in _WORKBOOK:
                raise PackageError(Damage.NOT_A_WORKBOOK, "the main part is no workbook")
            book.namespace = name.partition(" ")[0]
        elif name in _SHEET:
            found.append(_sheet(book, targets, attributes))
        elif name in _PROTECTION:
            book.structure_locked = attributes.get("lockStructure") in _TRUE
        elif name in _PROPERTIES:
            book.is_1904 = attributes.get("date1904") in _TRUE

    parse(package.read(part), part, start)
    if len(found) > len(package.names):
        raise PackageError(Damage.DAMAGED, "the workbook has more sheets than parts")
    book.sheets = tuple(found)
    return book


def worksheet(book: WorkbookParts, name: str) -> Sheet:
    """Return the worksheet of this name.

    Raises:
        RefusedError: there is none.
    """
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


def _sheet(book: WorkbookParts, targets: dict[str, Relation], attributes: dict[str, str]) -> Sheet:
    relation_id = None
    for key, value in attributes.items():
        if key.endswith(_ID_ATTRIBUTE):
            relation_id = value
            book.relation_attribute = key
    relation = targets.get(relation_id or "")
    if relation is None:
        raise PackageError(Damage.DAMAGED, "a sheet of the workbook has no part")
    book.sheet_ids.append(attributes.get("sheetId", ""))
    state = attributes.get("state", "visible")
    return Sheet(
        name=attributes.get("name", ""),
        part=relation.part,
        kind=_SHEET_KINDS.get(relation.kind, "worksheet"),
        state=state if state in _STATES else "visible",
    )
