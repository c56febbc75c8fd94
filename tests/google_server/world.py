"""Everything that the server remembers: files, spreadsheets, shared drives, what changed when."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.google_server.defaults import spreadsheet_properties
from tests.google_server.errors import no_permission, no_spreadsheet, not_found
from tests.google_server.model import Spreadsheet, new_sheet

Json = dict[str, Any]
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
RANKS = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
ID_LETTERS = string.ascii_letters + string.digits + "-_"


@dataclass
class File:
    """What Drive knows of a file. `permissions` are JSON as the API speaks it.

    `target` is the id of what a shortcut leads to; where `is_locked` nobody may change the file.
    """

    id: str
    name: str
    mime_type: str
    owner: str | None
    parents: list[str]
    created: datetime
    modified: datetime
    permissions: list[Json]
    drive_id: str | None = None
    trashed: bool = False
    version: int = 1
    last_editor: str | None = None
    target: str = ""
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the changes' log; `audience` are those who may learn of it."""

    file_id: str
    at: datetime
    audience: frozenset[str]
    drive_id: str | None


@dataclass
class World:
    """One Google, for everybody who asks this server. `before` is what a stale read may see."""

    clock: Callable[[], datetime]
    accounts_own_files: bool = False
    knows_comments: bool = True
    files: dict[str, File] = field(default_factory=dict)
    books: dict[str, Spreadsheet] = field(default_factory=dict)
    drives: dict[str, File] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    before: dict[str, Spreadsheet] = field(default_factory=dict)
    comments: dict[str, list[Json]] = field(default_factory=dict)
    ids: random.Random = field(default_factory=lambda: random.Random(2))

    def new_id(self, start: str = "1", length: int = 44) -> str:
        return start + "".join(self.ids.choices(ID_LETTERS, k=length - len(start)))

    def new_file(
        self, name: str, owner: str, mime_type: str = SPREADSHEET, parent: str | None = None
    ) -> File:
        """A file of somebody's own, in their My Drive or in the folder or shared drive named."""
        now = self.clock()
        drive_id = self.drive_of(parent)
        file = File(
            self.new_id(), name, mime_type, None if drive_id else owner,
            [parent or root_of(owner)], now, now, [], drive_id, last_editor=owner,
        )  # fmt: skip
        if drive_id is None:
            file.permissions.append(permission("user", "owner", owner))
        self.files[file.id] = file
        self.touched(file, owner)
        return file

    def root(self, who: str) -> str:
        """The id of somebody's My Drive."""
        return root_of(who)

    def drive_of(self, parent: str | None) -> str | None:
        """The shared drive in which a folder lies."""
        if parent in self.drives:
            return parent
        folder = self.files.get(parent or "")
        return folder.drive_id if folder else None

    def new_book(self, file: File, locale: str, time_zone: str) -> Spreadsheet:
        """The spreadsheet of a new file: one empty tab."""
        properties = spreadsheet_properties(file.name, locale, time_zone)
        title = "Ark1" if locale.startswith("da") else "Sheet1"
        book = Spreadsheet(
            file.id, properties, file.owner or "", [new_sheet(0, title, 0)],
            ids=random.Random(self.ids.random()),
        )  # fmt: skip
        self.books[file.id] = book
        return book

    def touched(
        self, file: File, who: str | None = None, lost: frozenset[str] = frozenset()
    ) -> None:
        """Note that a file changed; `lost` are those who cannot see it from now on."""
        now = self.clock()
        if who is not None:
            file.last_editor, file.modified = who, now
        file.version += 1
        audience = frozenset(self.audience(file)) | lost
        self.changes.append(Change(file.id, now, audience, file.drive_id))

    def delete(self, file: File) -> None:
        """Take a file away for good, and let everybody who saw it know."""
        audience = frozenset(self.audience(file))
        file.permissions.clear()
        del self.files[file.id]
        self.books.pop(file.id, None)
        self.touched(file, None, audience)

    def audience(self, file: File) -> Iterator[str]:
        """Who can see a file, in lower case; `anyone` for everybody with the link."""
        shared = self.drives[file.drive_id].permissions if file.drive_id in self.drives else []
        for one in [*file.permissions, *shared]:
            yield one.get("emailAddress", one["type"]).casefold()

    def role(self, file: File, who: str) -> str | None:
        """The strongest role that somebody has on a file."""
        shared = self.drives[file.drive_id].permissions if file.drive_id in self.drives else []
        names = (who.casefold(), "anyone")
        roles = [
            one["role"]
            for one in [*file.permissions, *shared]
            if one.get("emailAddress", one["type"]).casefold() in names
        ]
        return max(roles, key=RANKS.index, default=None)

    def opened(self, file_id: str, who: str, *, to_write: bool) -> Spreadsheet:
        """A spreadsheet for somebody who may read (or write) it.

        Raises:
            RefusalError: there is none, or they may not.
        """
        file = self.files.get(file_id)
        if file_id in self.forbidden:
            raise no_permission()
        if file is None:
            raise not_found()
        if file_id not in self.books:
            raise no_spreadsheet()
        role = self.role(file, who)
        if role is None or (to_write and RANKS.index(role) < RANKS.index("writer")):
            raise no_permission()
        if to_write and file.is_locked:
            raise no_permission()
        return self.books[file_id]

    def may_write(self, file_id: str, who: str) -> bool:
        """Whether somebody may change a spreadsheet that is there."""
        role = self.role(self.files[file_id], who)
        return role is not None and RANKS.index(role) >= RANKS.index("writer")

    def replace_book(self, book: Spreadsheet, who: str) -> None:
        """Take over a changed spreadsheet, all at once."""
        self.before[book.id] = self.books[book.id]
        self.books[book.id] = book
        file = self.files[book.id]
        file.name = book.properties["title"]
        self.touched(file, who)


def root_of(owner: str) -> str:
    """The id of somebody's My Drive."""
    return "0A" + "".join(filter(str.isalnum, owner))[:15].ljust(15, "0") + "PVA"


def permission(kind: str, role: str, email: str | None = None) -> Json:
    answer: Json = {"kind": "drive#permission", "id": permission_id(email or kind), "type": kind}
    if email is not None:
        answer |= {"emailAddress": email, "displayName": email.partition("@")[0]}
    return answer | {"role": role, "deleted": False, "pendingOwner": False}


def permission_id(email: str) -> str:
    """A number that is always the same for the same person."""
    if email == "anyone":
        return "anyoneWithLink"
    return str(int.from_bytes(email.casefold().encode(), "big") % 10**20).rjust(20, "0")


def utc_now() -> datetime:
    return datetime.now(UTC)
