"""Spreadsheets in Google Drive as a store of plan workbooks."""

from __future__ import annotations

import time
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from rules.model.cells import RawWorkbook
from rules.model.correction import Correction
from sheets_templates.report.description import Link
from sync.findings.owned import Owned
from sync.findings.side_sheets import SideSheet
from sync.i18n.language import _
from sync.stores.base import (
    Contents,
    Listed,
    NeedsPerson,
    SideWorkbookChanges,
    Snapshot,
    TryAgain,
    Unreadable,
    Version,
    Written,
)
from sync.stores.diagnosis import Line
from sync.stores.google.connection import Connection
from sync.stores.google.corrections import corrected
from sync.stores.google.diagnosis import key_lines, quota_lines, right_lines
from sync.stores.google.drive_cache import DriveFile
from sync.stores.google.listing import Listing
from sync.stores.google.request_builders import ADDRESS
from sync.stores.google.requests import Forbidden, Gone, Json
from sync.stores.google.snapshot import MASK, SpreadsheetSnapshot, digest_of, snapshot_of
from sync.stores.google.writer import CHANGED, Write
from sync.xlsx.corrections import CorrectionOutcome

_START, _END = ADDRESS.split("{}")
_UNTIL_LOADED = (1.0, 3.0)
"""How long a formula that fetches something is waited for; seconds."""
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Where:
    """Which spreadsheets: those named, or those below a folder, or all that the account sees."""

    spreadsheets: tuple[str, ...] = ()
    folder: str = ""
    not_these: tuple[str, ...] = ()


@dataclass
class GoogleSheets:
    """The plan workbooks among the spreadsheets that are shared with a service account.

    `name`, where given, begins every path. `filled_rows` is how many rows of a tab may hold
    something.
    """

    google: Connection
    listing: Listing
    where: Where
    name: str = ""
    filled_rows: int = 200_000
    _ids: dict[str, str] = field(default_factory=dict, init=False)
    _stamps: dict[str, str] = field(default_factory=dict, init=False)
    _seen: dict[str, bytes] = field(default_factory=dict, init=False)
    _never_read: set[str] = field(default_factory=set, init=False)
    _gids: dict[str, dict[str, int]] | None = field(default=None, init=False)

    @property
    def is_shared(self) -> bool:
        """All requests share one quota, so one process sends them."""
        return False

    def clean_up(self) -> None:
        """Nothing is left behind by a run that was ended by force."""

    def contents(self) -> Contents:
        """The spreadsheets that are there, in path order.

        Raises:
            StoreError: Drive cannot be asked, or the folder is not shared.
        """
        files = self.listing.files()
        if self.where.folder and self.where.folder not in {*files, self.listing.shared_drive}:
            raise NeedsPerson(
                _("Mappen i Google Drev er ikke delt. Del den med {email}.").format(
                    email=self.google.email
                )
            )
        listed = []
        for path, file in self._paths(files):
            self._ids[path], self._stamps[path] = file.id, file.stamp
            changed_at = datetime.fromisoformat(file.changed_at)
            listed.append(
                Listed(path, file.stamp, changed_at, ADDRESS.format(file.id), is_certain=True)
            )
        self._never_read = set(self._ids.values()) - self.google.cache.seen()
        return Contents(sorted(listed, key=lambda one: one.path))

    def _paths(self, files: dict[str, DriveFile]) -> Iterator[tuple[str, DriveFile]]:
        """Each spreadsheet with its path; of several with one name the oldest has it plain."""
        taken: set[str] = set()
        for file in self._chosen(files):
            folders = _folders(file, files, self.where.folder) if self.where.folder else []
            path = "/".join([*([self.name] if self.name else []), *folders, file.title])
            if path in taken:
                path = f"{path} ({file.id})"
            taken.add(path)
            yield path, file

    def _chosen(self, files: dict[str, DriveFile]) -> Iterator[DriveFile]:
        left_out = set(self.where.not_these)
        if self.where.spreadsheets:
            for id_ in self.where.spreadsheets:
                # one that Drive does not list is looked at all the same: the answer says why
                unlisted = DriveFile(id_, id_, "", False, _NEVER, _NEVER, f"{time.time_ns()}")
                yield files.get(id_, unlisted)
            return
        for file in files.values():
            is_inside = not self.where.folder or _is_below(file, files, self.where.folder)
            if not file.is_folder and file.id not in left_out and is_inside:
                yield file

    def leading(self, link: Link) -> Link:
        """A link to one of these spreadsheets' cells in the form that the browser understands."""
        if not (link.cell and link.address.startswith(_START)):
            return link
        if self._gids is None:
            self._gids = self.google.cache.gids()
        spreadsheet_id = link.address.removeprefix(_START).removesuffix(_END)
        tab, _, cell = link.cell.rpartition("!")
        gid = self._gids.get(spreadsheet_id, {}).get(tab.strip("'").replace("''", "'"))
        if gid is None:
            return Link(link.text, link.address)
        return Link(link.text, f"{link.address}#gid={gid}&range={cell.replace('$', '')}")

    def digest(self, path: str) -> str:
        """A digest of what is not the job's in the spreadsheet.

        Raises:
            StoreError: it cannot be fetched.
        """
        return digest_of(snapshot_of(self._fetched(path)))

    def read(self, path: str) -> Snapshot:
        """The spreadsheet's cells, by one request.

        Raises:
            Unreadable: one of its tabs is too large.
            StoreError: it cannot be fetched.
        """
        snapshot = snapshot_of(spreadsheet := self._fetched(path))
        for seconds in _UNTIL_LOADED:
            if not snapshot.is_loading:
                break
            self.google.patience.wait(seconds)
            snapshot = snapshot_of(spreadsheet := self._fetched(path))
        if snapshot.is_loading:  # its result is no change that Drive would tell of
            self.google.cache.settle(self._ids[path], is_settled=False)
        version = Version(self._stamps[path], digest_of(snapshot))
        for tab in snapshot.tabs:
            if len(tab.raw.rows) > self.filled_rows:
                raise Unreadable("too_many_rows", tab.raw.name, version)
        self._seen[path] = zlib.compress(msgspec.json.encode(spreadsheet), 1)
        self.google.cache.saw(self._ids[path], snapshot.gids)
        return Snapshot(RawWorkbook(path, [tab.raw for tab in snapshot.tabs]), version)

    def _fetched(self, path: str) -> Json:
        try:
            return self.google.requests.spreadsheet(self._ids[path], MASK)
        except Forbidden as error:
            raise NeedsPerson(
                _(
                    "Regnearket er ikke delt med kontrollen. Del det med {email} som redaktør."
                ).format(email=self.google.email)
            ) from error
        except Gone as error:
            raise NeedsPerson(_("Regnearket er slettet i Google Drev.")) from error

    def examined(self, now: datetime) -> Iterator[Line]:
        """The key, the quota, and what the account may not write, of what was read before."""
        subject = f"source {self.name or 'Google'}"
        yield from key_lines(subject, self.google, now)
        yield from quota_lines(subject, self.google, len(self._never_read))
        read_only = self.listing.read_only()
        seen = {path: self._seen_before(path) for path in list(self._seen)}
        yield from right_lines(
            subject,
            self.google.email,
            seen,
            {path for path in seen if self._ids[path] in read_only},
        )

    def write_side_workbooks(
        self, contents: Contents, asides: Mapping[str, SideSheet], undecided: Collection[str]
    ) -> SideWorkbookChanges:
        """Nothing: a service account cannot own a spreadsheet beside another."""
        del contents, asides, undecided
        return SideWorkbookChanges()

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write the columns Kontrol and the tab Advarsler into the version that was read.

        Raises:
            TryAgain: it changed, or cannot be written now.
            NeedsPerson: something of the staff's own stands in the way, or it may not be written.
        """
        seen = self._seen_before(path)
        if digest_of(seen) != version.digest:
            self.google.cache.settle(self._ids[path], is_settled=False)
            raise TryAgain(_(CHANGED))
        write = Write(self.google.requests, self._ids[path], self.google.protection, owned, seen)
        # noted first: should this process die now, the next run reads the spreadsheet again
        self.google.cache.settle(self._ids[path], is_settled=False)
        try:
            now = write.carry_out()
        except Forbidden as error:
            raise self._read_only() from error
        self.google.cache.saw(self._ids[path], now.gids)
        self.google.cache.settle(self._ids[path], is_settled=not now.is_loading)
        added = {
            column.tab: place
            for column in owned.columns
            if column.is_new and (place := write.column_of(now, column.tab))
        }
        return Written(Version(version.stamp, digest_of(now)), added)

    def found(self, named: str) -> str | None:
        """The path of a spreadsheet given by its address, its id or its path; None without one.

        Raises:
            StoreError: Drive cannot be asked.
        """
        self.contents()
        for path, spreadsheet_id in self._ids.items():
            if named in {path, spreadsheet_id} or f"/d/{spreadsheet_id}/" in f"{named}/":
                return path
        return None

    def id_of(self, path: str) -> str:
        """The id of a spreadsheet that was listed."""
        return self._ids[path]

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts that a person typed, in the version that was read.

        Raises:
            TryAgain: it changed, or cannot be written now.
            NeedsPerson: it may not be written.
        """
        seen = snapshot_of(self._fetched(path))
        if digest_of(seen) != version.digest:
            raise TryAgain(_("Regnearket er ændret, siden du så rettelserne. Prøv igen."))
        # the next run must read it again, though nobody else changed it
        self.google.cache.settle(self._ids[path], is_settled=False)
        try:
            left = corrected(self.google.requests, self._ids[path], seen, texts)
        except Forbidden as error:
            raise self._read_only() from error
        return CorrectionOutcome(left, has_old_sums=False)

    def _read_only(self) -> NeedsPerson:
        return NeedsPerson(
            _("Kontrollen må kun læse i regnearket. Giv {email} rollen redaktør.").format(
                email=self.google.email
            )
        )

    def _seen_before(self, path: str) -> SpreadsheetSnapshot:
        """The spreadsheet as this run read it; read now where it did not."""
        known = self._seen.pop(path, None)
        if known is None:
            return snapshot_of(self._fetched(path))
        return snapshot_of(msgspec.json.decode(zlib.decompress(known)))


def _is_below(file: DriveFile, files: dict[str, DriveFile], folder: str) -> bool:
    return folder in {file.parent, *(one.id for one in _ancestors(file, files))} or any(
        one.parent == folder for one in _ancestors(file, files)
    )


def _ancestors(file: DriveFile, files: dict[str, DriveFile]) -> Iterator[DriveFile]:
    """The folders that a file lies in, from the inside out, as far as the account sees them."""
    passed: set[str] = set()
    parent = files.get(file.parent)
    while parent is not None and parent.id not in passed:
        passed.add(parent.id)
        yield parent
        parent = files.get(parent.parent)


def _folders(file: DriveFile, files: dict[str, DriveFile], top: str) -> list[str]:
    """The names of the folders between `top` and the file, from the outside in."""
    names: list[str] = []
    for folder in _ancestors(file, files):
        if folder.id == top:
            break
        names.append(folder.title)
    return names[::-1]
