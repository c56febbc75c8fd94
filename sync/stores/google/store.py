"""Spreadsheets in Google Drive as a store of plan workbooks."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import takewhile

import msgspec

from rules.model.cells import RawWorkbook
from rules.model.finding import Correction
from rules.text.marking import N_
from sheets_templates.report.description import Link
from sync.config.job import GoogleSource
from sync.findings.owned import Owned, SideSheet
from sync.i18n.language import _
from sync.stores.base import (
    Contents,
    Line,
    ListedWorkbook,
    NeedsPerson,
    SideWorkbookChanges,
    Skipped,
    Snapshot,
    StoreError,
    TryAgain,
    Unreadable,
    Version,
    Written,
)
from sync.stores.google.connection import Connection
from sync.stores.google.corrections import corrected
from sync.stores.google.diagnosis import key_lines, other_lines, quota_lines, right_lines
from sync.stores.google.drive import BIN, EXCEL, FOLDER, SHORTCUT, SPREADSHEET, Listing
from sync.stores.google.drive_cache import DriveFile
from sync.stores.google.refusals import EXCEL_FILE, LOCKED, Forbidden, Gone
from sync.stores.google.request_builders import ADDRESS
from sync.stores.google.requests import Json
from sync.stores.google.snapshot import MASK, SpreadsheetSnapshot, snapshot_of
from sync.stores.google.staff_content import digest_of
from sync.stores.google.wanted_texts import CHANGED
from sync.stores.google.writer import Write
from sync.xlsx.corrections import CorrectionOutcome

_START, _END = ADDRESS.split("{}")
_UNTIL_LOADED = (1.0, 3.0)
"""How long a formula that fetches something is waited for; seconds."""
_READ_ONLY = N_("Kontrollen må kun læse i regnearket. Giv {email} rollen redaktør.")
_REFUSED = N_(
    "Google lader ikke kontrollen skrive i regnearket, selv om {email} er redaktør. Ejeren eller "
    "en administrator skal se efter, om det er låst."
)
_NOT_SHARED = N_("Regnearket er ikke delt med kontrollen. Del det med {email} som redaktør.")
_IN_BIN = N_(
    "Regnearket ligger i papirkurven i Google Drev. Gendan det, eller bed den it-ansvarlige tage "
    "det ud."
)
_NO_SHEET = N_("Det er ikke et Google-regneark.")
_FOLDER_SHORTCUT = N_("Det er en genvej, der ikke fører til et regneark. Læg selve regnearket her.")
_NEVER = "1970-01-01T00:00:00Z"


@dataclass
class GoogleSheets:
    """The plan workbooks among the spreadsheets that are shared with a service account.

    `name`, where given, begins every path. `not_plans` are ids of spreadsheets that hold something
    else. `filled_rows` is how many rows of a tab may hold something.
    """

    google: Connection
    source: GoogleSource
    name: str = ""
    not_plans: Collection[str] = ()
    filled_rows: int = 200_000
    _listed: dict[str, DriveFile] = field(default_factory=dict, init=False)
    _seen: dict[str, bytes] = field(default_factory=dict, init=False)
    _never_read: int = field(default=0, init=False)
    _gids: dict[str, dict[str, int]] | None = field(default=None, init=False)

    @cached_property
    def _listing(self) -> Listing:
        google = self.google
        full_every = google.settings.full_look_hours * 3600
        drive = self.source.shared_drive
        return Listing(google.cache, google.requests, full_every, google.began, drive)

    @property
    def is_shared(self) -> bool:
        """All requests share one quota, so one process sends them."""
        return False

    def clean_up(self) -> None:
        """Nothing is left behind by a run that was ended by force."""

    def contents(self) -> Contents:
        """The spreadsheets that are there, in path order; the folder must be shared."""
        files = self._listing.files
        folder = self.source.folder
        if folder and folder not in {*files, self.source.shared_drive}:
            raise NeedsPerson(
                _("Mappen i Google Drev er ikke delt. Del den med {email}.").format(
                    email=self.google.email
                )
            )
        listed = dict(sorted(self._paths(files)))
        skipped = {path: why for path, file in listed.items() if (why := self._not_read(file))}
        self._listed = {path: file for path, file in listed.items() if path not in skipped}
        known = self.google.cache.gids()
        self._never_read = sum(not known.get(file.id) for file in self._listed.values())
        return Contents(
            [
                ListedWorkbook(
                    path,
                    file.stamp,
                    datetime.fromisoformat(file.changed_at),
                    ADDRESS.format(file.id),
                    is_certain=True,
                )
                for path, file in self._listed.items()
            ],
            [Skipped(path, why) for path, why in skipped.items()],
        )

    def _not_read(self, file: DriveFile) -> str:
        """Why something that lies there is no spreadsheet that can be read; empty where it is."""
        if file.kind in EXCEL:
            return _(EXCEL_FILE)
        if file.kind == SHORTCUT:
            return _(_FOLDER_SHORTCUT)
        if file.kind == BIN:
            return _(_IN_BIN)
        return "" if file.kind == SPREADSHEET else _(_NO_SHEET)

    def _paths(self, files: dict[str, DriveFile]) -> Iterator[tuple[str, DriveFile]]:
        """Each spreadsheet with its path; of several with one name the oldest has it plain."""
        taken: set[str] = set()
        for file in self._chosen(files):
            path = "/".join([*([self.name] if self.name else []), *self._folders(file, files)])
            if path in taken:
                path = f"{path} ({file.id})"
            taken.add(path)
            yield path, file

    def _chosen(self, files: dict[str, DriveFile]) -> Iterator[DriveFile]:
        """What the source names, a shortcut as the spreadsheet that it leads to."""
        if self.source.spreadsheets:
            yield from (files.get(id_) or self._asked_for(id_) for id_ in self.source.spreadsheets)
            return
        folder = self.source.folder
        inside = {
            id_: file
            for id_, file in files.items()
            if file.kind != FOLDER
            and id_ not in self.not_plans
            and (not folder or folder in _parents(file, files))
        }
        for file in inside.values():
            if file.kind != SHORTCUT:
                yield file
            elif not file.target or file.target not in {*inside, *self.not_plans}:
                yield self._target(file, files)

    def _target(self, shortcut: DriveFile, files: Mapping[str, DriveFile]) -> DriveFile:
        """What a shortcut leads to, as if it lay there; itself where that is no spreadsheet."""
        target = shortcut.target and (
            files.get(shortcut.target) or self._asked_for(shortcut.target, shortcut.title)
        )
        if not target or target.kind == FOLDER:
            return shortcut
        return replace(target, parent=shortcut.parent)

    def _asked_for(self, id_: str, title: str = "") -> DriveFile:
        """A file that Drive does not list.

        One that the account does not see is looked at all the same: the answer says why.
        """
        file: Json = {}
        with suppress(Gone):
            file = self._listing.file(id_)
        kind = BIN if file.get("trashed") else file.get("mimeType", SPREADSHEET)
        stamp = f"{time.time_ns()}"
        return DriveFile(id_, file.get("name", title or id_), "", kind, "", _NEVER, _NEVER, stamp)

    def _folders(self, file: DriveFile, files: dict[str, DriveFile]) -> list[str]:
        """The names of the folders from the source's own down to the file, the file's included."""
        top = self.source.folder
        below = takewhile(lambda one: one != top, _parents(file, files)) if top else ()
        return [*[files[one].title for one in below][::-1], file.title]

    def opening_link(self, link: Link) -> Link:
        """A link to one of these spreadsheets' cells in the form that the browser understands."""
        if not (link.cell and link.address.startswith(_START)):
            return link
        spreadsheet_id = link.address.removeprefix(_START).removesuffix(_END)
        tab, _, cell = link.cell.rpartition("!")
        if self._gids is None:
            self._gids = self.google.cache.gids()
        gid = self._gids.get(spreadsheet_id, {}).get(tab.strip("'").replace("''", "'"))
        if gid is None:
            return Link(link.text, link.address)
        return Link(link.text, f"{link.address}#gid={gid}&range={cell.replace('$', '')}")

    def digest(self, path: str) -> str:
        """A digest of what is not the job's in the spreadsheet."""
        return digest_of(snapshot_of(self._fetched(path)))

    def fetch(self, path: str) -> Callable[[], Snapshot]:
        """Read the spreadsheet by one request.

        Raises:
            Unreadable: one of its tabs is too large.
            StoreError: it cannot be reached now.
        """
        snapshot = self._read(path)
        return lambda: snapshot

    def _read(self, path: str) -> Snapshot:
        snapshot = snapshot_of(spreadsheet := self._fetched(path))
        for seconds in _UNTIL_LOADED:
            if not snapshot.is_loading:
                break
            self.google.patience.wait(seconds)
            snapshot = snapshot_of(spreadsheet := self._fetched(path))
        file = self._listed[path]
        if snapshot.is_loading:  # its result is no change that Drive would tell of
            self.google.cache.settle(file.id, is_settled=False)
        version = Version(file.stamp, digest_of(snapshot))
        for tab in snapshot.tabs:
            if len(tab.raw.rows) > self.filled_rows:
                raise Unreadable("too_many_rows", tab.raw.name, version)
        tabs = [tab.raw for tab in snapshot.tabs]
        raw = RawWorkbook(path, tabs, snapshot.beside, snapshot.own, snapshot.charts)
        self._seen[path] = zlib.compress(msgspec.json.encode(spreadsheet), 1)
        self._saw(file.id, snapshot)
        return Snapshot(raw, version)

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write the columns Kontrol and the tab Advarsler into the version that was read."""
        id_, cache = self._listed[path].id, self.google.cache
        seen = self._seen_before(path)
        # noted first: should this process die now, the next run reads the spreadsheet again
        cache.settle(id_, is_settled=False)
        if digest_of(seen) != version.digest:
            raise TryAgain(_(CHANGED))
        write = Write(self.google.requests, id_, self.google.protection, owned, seen)
        begun = time.time()
        try:
            with self._explained_write(id_):
                now = write.carry_out()
        except StoreError as error:
            error.notes = write.notes
            raise
        self._saw(id_, now)
        written = self.google.requests.clock.there(begun, time.time())
        cache.settle(id_, is_settled=not now.is_loading, written=written)
        added = {
            column.tab: place
            for column in owned.columns
            if column.is_new and (place := write.column_of(now, column.tab))
        }
        return Written(Version(version.stamp, digest_of(now)), added, write.notes)

    def _saw(self, id_: str, snapshot: SpreadsheetSnapshot) -> None:
        changes = snapshot.changes_by_itself
        self.google.cache.saw(id_, snapshot.gids, changes_by_itself=changes)

    @contextmanager
    def _explained_write(self, id_: str) -> Iterator[None]:
        """Say in words why the account may not write, where Google itself does not: ask Drive."""
        try:
            yield
        except Forbidden as error:
            file = self._listing.file(id_)
            said = _READ_ONLY
            if any(one.get("readOnly") for one in file.get("contentRestrictions", ())):
                said = LOCKED
            elif file.get("capabilities", {}).get("canEdit"):
                said = _REFUSED
            raise NeedsPerson(_(said).format(email=self.google.email)) from error

    def write_side_workbooks(
        self, contents: Contents, side_sheets: Mapping[str, SideSheet], undecided: Collection[str]
    ) -> SideWorkbookChanges:
        """Nothing: a service account cannot own a spreadsheet beside another."""
        del contents, side_sheets, undecided
        return SideWorkbookChanges()

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts that a person typed, in the version that was read.

        Raises:
            StoreError: it changed, or may not be written.
        """
        seen = snapshot_of(self._fetched(path))
        if digest_of(seen) != version.digest:
            raise TryAgain(_("Regnearket er ændret, siden du så rettelserne. Prøv igen."))
        id_ = self._listed[path].id
        # the next run must read it again, though nobody else changed it
        self.google.cache.settle(id_, is_settled=False)
        begun = time.time()
        with self._explained_write(id_):
            left = corrected(self.google.requests, id_, seen, texts)
        written = self.google.requests.clock.there(begun, time.time())
        self.google.cache.settle(id_, is_settled=False, written=written)
        return CorrectionOutcome(left, has_old_sums=False)

    def found(self, named: str) -> str | None:
        """The path of a spreadsheet given by its address, its id or its path; None without one."""
        self.contents()
        for path, file in self._listed.items():
            if named in {path, file.id} or f"/d/{file.id}/" in f"{named}/":
                return path
        return None

    def id_of(self, path: str) -> str:
        """The id of a spreadsheet that was listed."""
        return self._listed[path].id

    def examined(self, now: datetime) -> Iterator[Line]:
        """The key, the quota, and what the account may not write, of what was read before."""
        subject = f"source {self.name or 'Google'}"
        settings = self.google.settings
        yield from key_lines(subject, settings, self.google.email, now)
        yield from quota_lines(subject, settings, self._never_read)
        ids, elsewhere = self._listing.examined()
        seen = {path: self._seen_before(path) for path in list(self._seen)}
        read_only = {path for path in seen if self._listed[path].id in ids}
        yield from right_lines(subject, self.google.email, seen, read_only)
        here = {file.id: path for path, file in self._listed.items()}
        second = {here[id_] for id_ in elsewhere & here.keys()}
        hours = settings.full_look_hours
        yield from other_lines(subject, self.google.email, hours, seen, second)

    def _fetched(self, path: str) -> Json:
        with self.google.explained(_(_NOT_SHARED), _("Regnearket er slettet i Google Drev.")):
            return self.google.requests.spreadsheet(self._listed[path].id, MASK)

    def _seen_before(self, path: str) -> SpreadsheetSnapshot:
        """The spreadsheet as this run read it; read now where it did not."""
        known = self._seen.pop(path, None)
        if known is None:
            return snapshot_of(self._fetched(path))
        return snapshot_of(msgspec.json.decode(zlib.decompress(known)))


def _parents(file: DriveFile, files: Mapping[str, DriveFile]) -> Iterator[str]:
    """The folders that a file lies in, from the inside out, as far as the account sees them."""
    passed: set[str] = set()
    parent = file.parent
    while parent and parent not in passed:
        passed.add(parent)
        yield parent
        parent = files[parent].parent if parent in files else ""
