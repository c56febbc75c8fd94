"""Which spreadsheets there are, and which of them somebody changed: by asking Drive, not each.

Drive's log of changes tells what changed since the last run, a thousand entries a request; now and
then everything is looked at again, and what holds formulas that change by themselves is read. What
the job itself changed last, and saw come out well, counts as unchanged: what its account changed
while one of its writes was going on, and at no other time. What Drive told is kept between runs in
one SQLite file: losing it costs a full look at Drive and a reading of every spreadsheet, and
nothing else.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from gspread.http_client import ParamsType

from sync.config.state import unusable
from sync.stores.google.refusals import Conflict, Gone
from sync.stores.google.requests import Json, Requests

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
EXCEL = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "application/vnd.oasis.opendocument.spreadsheet",
)
"""Workbooks that lie in Drive as files; Sheets opens the first four."""
BIN = "bin"
"""The kind of what lies in the bin."""
_KINDS = (SPREADSHEET, FOLDER, SHORTCUT, *EXCEL)
_FILE = (
    "id,name,mimeType,parents,modifiedTime,trashed,lastModifyingUser(me),shortcutDetails(targetId)"
)
_RIGHTS = "capabilities(canEdit),contentRestrictions(readOnly)"
_ANY_KIND = " or ".join(f"mimeType='{kind}'" for kind in _KINDS)
_QUERY = f"({_ANY_KIND}) and trashed=false"
_PAGE = 1000
FILE_NAME = "google.sqlite3"
_VERSION = 2
_SCHEMA = f"""
BEGIN;
CREATE TABLE corpus (name TEXT PRIMARY KEY, token TEXT NOT NULL, looked_at REAL NOT NULL);
CREATE TABLE file (
    corpus TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, parent TEXT NOT NULL,
    kind TEXT NOT NULL, target TEXT NOT NULL, modified TEXT NOT NULL, changed_at TEXT NOT NULL,
    stamp TEXT NOT NULL, PRIMARY KEY (corpus, id));
CREATE TABLE spreadsheet (
    id TEXT PRIMARY KEY, is_settled INTEGER NOT NULL, tabs TEXT NOT NULL,
    changes_by_itself INTEGER NOT NULL DEFAULT 0, written_from REAL NOT NULL DEFAULT 0,
    written_to REAL NOT NULL DEFAULT 0);
PRAGMA user_version = {_VERSION};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class DriveFile:
    """A spreadsheet, folder, shortcut or Excel file as Drive tells of it; times as Drive does.

    `kind` is its MIME type, and `target` the id of what a shortcut leads to. `modified` is when
    anybody changed it last, `changed_at` when somebody else than the job did; `stamp` changes
    whenever somebody else may have changed it.
    """

    id: str
    title: str
    parent: str
    kind: str
    target: str
    modified: str
    changed_at: str
    stamp: str


class DriveCache:
    """The file. Without `writes`, what is there is read and nothing is kept."""

    def __init__(self, folder: Path, *, writes: bool) -> None:
        """Open it, or begin a new one.

        Raises:
            StateError: the folder cannot be used.
        """
        file = folder / FILE_NAME
        try:
            if writes:
                folder.mkdir(parents=True, exist_ok=True)
            self._database = _opened(file, writes=writes)
        except (OSError, sqlite3.Error) as error:
            raise unusable(folder) from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def corpus(self, name: str) -> tuple[str, float] | None:
        """The token from which changes count, and when everything was looked at (seconds)."""
        rows = self._database.execute("SELECT token, looked_at FROM corpus WHERE name = ?", (name,))
        return next(rows, None)

    def files(self, corpus: str) -> dict[str, DriveFile]:
        """What Drive told of last, by id."""
        rows = self._database.execute(
            "SELECT id, title, parent, kind, target, modified, changed_at, stamp FROM file "
            "WHERE corpus = ? ORDER BY rowid",
            (corpus,),
        )
        return {row[0]: DriveFile(*row) for row in rows}

    def keep(
        self,
        corpus: str,
        token: str,
        looked_at: float,
        files: Iterable[DriveFile],
        gone: Iterable[str],
    ) -> None:
        """Keep what was found, all of it or nothing: files that are new or changed, files gone.

        From now on their stamps say what is not settled.
        """
        rows = [(corpus, *astuple(file)) for file in files]
        with self._database as database:
            database.execute("REPLACE INTO corpus VALUES (?, ?, ?)", (corpus, token, looked_at))
            database.executemany("REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            lost = [(corpus, id_) for id_ in gone]
            database.executemany("DELETE FROM file WHERE corpus = ? AND id = ?", lost)
            database.execute(
                "UPDATE spreadsheet SET is_settled = 1 WHERE id IN "
                "(SELECT id FROM file WHERE corpus = ?)",
                (corpus,),
            )

    def unsettled(self) -> set[str]:
        """The spreadsheets in which a write was begun, and not seen to have come out well."""
        rows = self._database.execute("SELECT id FROM spreadsheet WHERE NOT is_settled")
        return {id_ for (id_,) in rows}

    def settle(
        self,
        spreadsheet_id: str,
        *,
        is_settled: bool,
        written: tuple[float, float] | None = None,
    ) -> None:
        """Note that a write begins, or that it came out well, and between which times (seconds)."""
        with self._database as database:
            database.execute(
                "INSERT INTO spreadsheet (id, is_settled, tabs) VALUES (?, ?, '{}') "
                "ON CONFLICT (id) DO UPDATE SET is_settled = excluded.is_settled",
                (spreadsheet_id, is_settled),
            )
            if written:
                database.execute(
                    "UPDATE spreadsheet SET written_from = ?, written_to = ? WHERE id = ?",
                    (*written, spreadsheet_id),
                )

    def written(self) -> dict[str, tuple[float, float]]:
        """Between which times the job wrote last, by the ids of the spreadsheets; seconds."""
        rows = self._database.execute("SELECT id, written_from, written_to FROM spreadsheet")
        return {id_: (begin, end) for id_, begin, end in rows if end}

    def saw(self, spreadsheet_id: str, gids: Mapping[str, int], *, changes_by_itself: bool) -> None:
        """Remember the ids of a spreadsheet's tabs, and whether formulas change by themselves."""
        with self._database as database:
            database.execute(
                "INSERT INTO spreadsheet (id, is_settled, tabs, changes_by_itself) "
                "VALUES (?, 1, ?, ?) ON CONFLICT (id) DO UPDATE SET tabs = excluded.tabs, "
                "changes_by_itself = excluded.changes_by_itself",
                (spreadsheet_id, json.dumps(gids), changes_by_itself),
            )

    def changing(self) -> set[str]:
        """The spreadsheets whose formulas change by themselves."""
        rows = self._database.execute("SELECT id FROM spreadsheet WHERE changes_by_itself")
        return {id_ for (id_,) in rows}

    def gids(self) -> dict[str, dict[str, int]]:
        """The ids of the tabs of every spreadsheet that was ever seen."""
        rows = self._database.execute("SELECT id, tabs FROM spreadsheet")
        return {id_: json.loads(tabs) for id_, tabs in rows}


def _opened(file: Path, *, writes: bool) -> sqlite3.Connection:
    """The database; a damaged one, or one of another version, is begun anew.

    It outlives a killed process without waiting for the disk; a power cut may damage it.
    """
    if not writes:
        database = _new(":memory:")
        if file.is_file():
            with sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True) as kept:
                if _is_whole(kept):
                    kept.backup(database)
            kept.close()
        return database
    database = sqlite3.connect(file) if file.is_file() else _new(file)
    if not _is_whole(database):
        database.close()
        file.unlink()
        database = _new(file)
    database.execute("PRAGMA synchronous = OFF")
    return database


def _is_whole(database: sqlite3.Connection) -> bool:
    try:
        answers = [
            database.execute(pragma).fetchone()
            for pragma in ("PRAGMA user_version", "PRAGMA quick_check(1)")
        ]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
    return answers == [(_VERSION,), ("ok",)]


def _new(file: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(file)
    database.executescript(_SCHEMA)
    return database


@dataclass
class Listing:
    """What the account can see: in its own corner of Drive, or in the shared drive named.

    It raises StoreError where Drive cannot be asked.
    """

    cache: DriveCache
    requests: Requests
    full_every: float
    now: float
    shared_drive: str = ""
    _unsettled: set[str] = field(default_factory=set, init=False)

    def examined(self) -> tuple[set[str], set[str]]:
        """The spreadsheets that the account may not change, and those that it changed elsewhere.

        The second are those that this job wrote before, and that somebody else has changed since
        with the same account. Both by their ids.
        """
        files = list(self._every_file(f"{_FILE},{_RIGHTS}"))
        read_only = {one["id"] for one in files if not one.get("capabilities", {}).get("canEdit")}
        elsewhere = {
            one["id"]
            for one in files
            if _is_by_account(one) and one["id"] in self._written and not self._is_own(one)
        }
        return read_only, elsewhere

    def file(self, id_: str) -> Json:
        """What Drive says of one file, and what the account may do with it.

        Raises:
            Gone: the account does not see it.
        """
        params: ParamsType = {"fields": f"{_FILE},{_RIGHTS}", "supportsAllDrives": "true"}
        return self.requests.drive(f"files/{id_}", params)

    @cached_property
    def _written(self) -> Mapping[str, tuple[float, float]]:
        return self.cache.written()

    def _is_own(self, file: Json) -> bool:
        """Whether the job itself changed a file last."""
        begin, end = self._written.get(file["id"], (0.0, 0.0))
        return _is_by_account(file) and begin <= _seconds(file.get("modifiedTime", "")) <= end

    @cached_property
    def files(self) -> dict[str, DriveFile]:
        """Every file of the kinds that count by its id; Drive is asked once."""
        known = self.cache.files(self.shared_drive)
        kept = self.cache.corpus(self.shared_drive)
        self._unsettled = self.cache.unsettled()
        if kept and 0 <= self.now - kept[1] < self.full_every:
            try:
                return self._changed(known, *kept)
            except (Conflict, Gone):  # the token is too old, or not one of this account's
                pass
        return self._all(known)

    def _all(self, known: dict[str, DriveFile]) -> dict[str, DriveFile]:
        # The token comes first: what changes while the files are listed is listed again later.
        params: ParamsType = {"supportsAllDrives": "true"}
        if self.shared_drive:
            params["driveId"] = self.shared_drive
        token = self.requests.drive("changes/startPageToken", params)["startPageToken"]
        found = {
            one["id"]: self._merged(one, known.get(one["id"])) for one in self._every_file(_FILE)
        }
        for id_ in self.cache.changing() & known.keys() & found.keys():
            found[id_] = _once_more(found[id_])
        gone = known.keys() - found.keys()
        self.cache.keep(self.shared_drive, token, self.now, found.values(), gone)
        return found

    def _changed(
        self, known: dict[str, DriveFile], token: str, looked_at: float
    ) -> dict[str, DriveFile]:
        params = self._params({"pageToken": token, "pageSize": _PAGE, "includeRemoved": "true"})
        params["fields"] = (
            f"nextPageToken,newStartPageToken,changes(fileId,removed,changeType,file({_FILE}))"
        )
        found, changed = dict(known), {}
        for page in self._pages("changes", params):
            token = page.get("newStartPageToken", token)
            for change in page.get("changes", ()):
                id_, file = change.get("fileId", ""), change.get("file", {})
                is_ours = file.get("mimeType") in _KINDS and not file.get("trashed")
                found.pop(id_, None)  # removed, in the bin, or none of these kinds; unless it is
                if is_ours and not change.get("removed"):
                    found[id_] = changed[id_] = self._merged(file, known.get(id_))
        # Where a write was begun and its outcome is not known, Drive may have told of it before.
        for id_ in self._unsettled & found.keys() - changed.keys():
            found[id_] = changed[id_] = _once_more(found[id_])
        gone = known.keys() - found.keys()
        self.cache.keep(self.shared_drive, token, looked_at, changed.values(), gone)
        return found

    def _every_file(self, fields: str) -> Iterator[Json]:
        """These fields of every file of the kinds that count, the oldest first."""
        params = self._params({"q": _QUERY, "orderBy": "createdTime", "pageSize": _PAGE})
        if self.shared_drive:
            params["corpora"] = "drive"
        params["fields"] = f"nextPageToken,files({fields})"
        for page in self._pages("files", params):
            yield from page["files"]

    def _params(self, params: ParamsType) -> ParamsType:
        """The parameters with those that reach into shared drives."""
        params["supportsAllDrives"] = params["includeItemsFromAllDrives"] = "true"
        if self.shared_drive:
            params["driveId"] = self.shared_drive
        return params

    def _pages(self, what: str, params: ParamsType) -> Iterator[Json]:
        while True:
            page = self.requests.drive(what, params)
            yield page
            if not page.get("nextPageToken"):
                return
            params = {**params, "pageToken": page["nextPageToken"]}

    def _merged(self, file: Json, known: DriveFile | None) -> DriveFile:
        """A file as Drive tells of it; only what somebody else may have done changes the stamp."""
        modified = file.get("modifiedTime", "")
        taken = DriveFile(
            id=file["id"],
            title=file.get("name", ""),
            parent=next(iter(file.get("parents", ())), ""),
            kind=file["mimeType"],
            target=file.get("shortcutDetails", {}).get("targetId", ""),
            modified=modified,
            changed_at=modified,
            stamp=modified,
        )
        if known is None:
            return taken
        if file["id"] in self._unsettled:
            return _once_more(taken)
        if modified == known.modified or self._is_own(file):
            return replace(taken, changed_at=known.changed_at, stamp=known.stamp)
        return taken


def _is_by_account(file: Json) -> bool:
    return file.get("lastModifyingUser", {}).get("me") is True


def _seconds(moment: str) -> float:
    """A time as Drive writes it, to the millisecond."""
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0


def _once_more(file: DriveFile) -> DriveFile:
    """The file with a stamp that it never had, so that it is read again."""
    return replace(file, stamp=f"{file.modified} {time.time_ns()}")
