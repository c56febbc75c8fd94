"""A library: files with their versions, folders, tags, locks, and upload sessions."""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]
BEGIN = datetime.fromisoformat("2026-11-20T08:00:00Z")


def identity(name: str, application: str = "") -> Json:
    """Who did it: resources/identityset.md. A person who is no application has a name alone."""
    if application:
        own = {"id": application, "displayName": name}
        return {"application": own, "user": {"displayName": "SharePoint App"}}
    return {"user": {"displayName": name}}


@lru_cache(maxsize=4096)
def quick_xor_hash(content: bytes) -> str:
    """onedrive/developer/code-snippets/quickxorhash, bit by bit as it stands there."""
    bits = 0
    for place, byte in enumerate(content):
        turned = byte << place * 11 % 160
        bits ^= (turned | turned >> 160) & (1 << 160) - 1
    out = bytearray(bits.to_bytes(20, "little"))
    for place, byte in enumerate(len(content).to_bytes(8, "little")):
        out[12 + place] ^= byte
    return b64encode(out).decode()


@dataclass
class Version:
    """What a file held: resources/driveitemversion.md."""

    number: int
    content: bytes
    at: datetime
    by: Json

    @property
    def id(self) -> str:
        return f"{self.number}.0"


@dataclass
class Item:
    """A file or a folder.

    eTag and cTag look like this in libraries: microsoft-graph-docs#9206.
    """

    name: str
    parent: str
    by: Json
    at: datetime
    is_folder: bool = False
    is_shortcut: bool = False
    id: str = field(default_factory=lambda: f"01{uuid.uuid4().hex.upper()}")
    unique: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    versions: list[Version] = field(default_factory=list)
    changes: int = 1
    content_changes: int = 1
    opened_by: str = ""
    checked_out_by: str = ""
    lock_says_session: bool = False
    refuses: tuple[int, str] | None = None
    has_checksum: bool = True
    older: bytes = b""
    """What stood there before the last change."""

    def __post_init__(self) -> None:
        self.made_by = self.by

    @property
    def content(self) -> bytes:
        return self.versions[-1].content if self.versions else b""

    @property
    def guard(self) -> str:
        return f'"{{{self.unique}}},{self.changes}"'

    @property
    def stamp(self) -> str:
        return f'"c:{{{self.unique}}},{self.content_changes}"'

    def fits(self, tag: str) -> bool:
        """Both tags are taken: driveitem-createuploadsession.md, `if-match`."""
        return tag in (self.guard, self.stamp)

    def hold(self, content: bytes, at: datetime, by: Json, *, keeps: bool) -> None:
        """Let it hold something else from now on."""
        self.older = self.content
        number = self.versions[-1].number + 1 if self.versions else 1
        if not keeps:
            self.versions.clear()
        self.versions.append(Version(number, content, at, by))
        self.at, self.by = at, by
        self.changes += 1
        self.content_changes += 1


@dataclass
class Session:
    """An upload that was begun; `target` is the item to replace, None for a new file."""

    parent: str
    name: str
    target: Item | None
    guard: str
    data: bytearray = field(default_factory=bytearray)
    total: int = 0
    ends_at: datetime = BEGIN + timedelta(days=1)


@dataclass
class Library:
    """A library of documents: resources/drive.md."""

    name: str
    address: str
    keeps_versions: bool = True
    id: str = field(default_factory=lambda: f"b!{uuid.uuid4().hex}")
    items: dict[str, Item] = field(default_factory=dict)

    def children(self, parent: str) -> list[Item]:
        found = [one for one in self.items.values() if one.parent == parent]
        return sorted(found, key=lambda one: one.name.casefold())

    def at(self, path: str) -> Item | None:
        """The item of a path; names are not told apart by their case."""
        here, found = "root", None
        for name in filter(None, path.split("/")):
            names = {one.name.casefold(): one for one in self.children(here)}
            found = names.get(name.casefold())
            if found is None:
                return None
            here = found.id
        return found

    def path_of(self, item: Item) -> str:
        names = [item.name]
        while item.parent != "root":
            item = self.items[item.parent]
            names.insert(0, item.name)
        return "/".join(names)

    def below(self, item: Item) -> Iterator[Item]:
        for one in self.children(item.id):
            yield one
            yield from self.below(one)

    def told(self, item: Item, *, tells_applications: bool) -> Json:
        """A driveItem: resources/driveitem.md. Folders of libraries have no cTag (its remarks)."""
        path = self.path_of(item)
        by, made_by = item.by, item.made_by
        if not tells_applications:
            by, made_by = ({"user": one["user"]} for one in (by, made_by))
        told: Json = {
            "id": item.id,
            "name": item.name,
            "size": len(item.content),
            "eTag": item.guard,
            "createdBy": made_by,
            "lastModifiedBy": by,
            "lastModifiedDateTime": f"{item.at:%Y-%m-%dT%H:%M:%SZ}",
            "webUrl": f"{self.address}/{quote(path)}",
            "parentReference": {"driveId": self.id, "id": item.parent},
        }
        if item.is_shortcut:
            told["remoteItem"] = {"id": "elsewhere", "folder": {"childCount": 1}}
        elif item.is_folder:
            told["folder"] = {"childCount": len(self.children(item.id))}
        else:
            told["cTag"] = item.stamp
            checksum = {"quickXorHash": quick_xor_hash(item.content)} if item.has_checksum else {}
            told["file"] = {"hashes": checksum}
        return told
