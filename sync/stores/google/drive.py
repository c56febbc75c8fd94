"""Which spreadsheets there are, and which of them somebody changed: by asking Drive, not each.

Drive's log of changes tells what changed since the last run, a thousand entries a request; now and
then everything is looked at again, and what holds formulas that change by themselves is read. What
the job itself changed last, and saw come out well, counts as unchanged: what its account changed
while one of its writes was going on, and at no other time. What Drive says is kept between runs in
one SQLite file: losing it costs a full look at Drive and a reading of every spreadsheet, and
nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from gspread.http_client import ParamsType

from sync.stores.google.drive_cache import DriveCache, DriveFile
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
        # Where a write was begun and its outcome is not known, Drive may have reported it before.
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
