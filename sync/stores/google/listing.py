"""Which spreadsheets there are, and which of them somebody changed: by asking Drive, not each.

Drive's log of changes tells what changed since the last run, a thousand entries a request; now and
then everything is looked at again. What the job itself changed last, and saw come out well, counts
as unchanged.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gspread.http_client import ParamsType

from sync.stores.google.connection import Connection
from sync.stores.google.drive_cache import DriveFile
from sync.stores.google.requests import Conflict, Gone

Json = dict[str, Any]
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
_FILE = "id,name,mimeType,parents,modifiedTime,trashed,lastModifyingUser(me)"
_QUERY = f"(mimeType='{SPREADSHEET}' or mimeType='{FOLDER}') and trashed=false"
_PAGE = 1000


@dataclass
class Listing:
    """What the account can see: in its own corner of Drive, or in the shared drive named."""

    google: Connection
    shared_drive: str = ""
    _files: dict[str, DriveFile] | None = field(default=None, init=False)
    _unsettled: set[str] = field(default_factory=set, init=False)

    def files(self) -> dict[str, DriveFile]:
        """Every spreadsheet and folder by its id; Drive is asked once.

        Raises:
            StoreError: Drive cannot be asked.
        """
        if self._files is None:
            self._files = self._looked_up()
        return self._files

    def read_only(self) -> set[str]:
        """The spreadsheets that the account may not change, by their ids; Drive is asked.

        Raises:
            StoreError: Drive cannot be asked.
        """
        return {
            one["id"]
            for one in self._every_file("id,capabilities(canEdit)")
            if not one.get("capabilities", {}).get("canEdit")
        }

    def _looked_up(self) -> dict[str, DriveFile]:
        known = self.google.cache.files(self.shared_drive)
        kept = self.google.cache.corpus(self.shared_drive)
        self._unsettled = self.google.cache.unsettled()
        now = time.time()
        if kept and 0 <= now - kept[1] < self.google.full_every:
            try:
                return self._changed(known, *kept)
            except (Conflict, Gone):  # the token is too old, or not one of this account's
                pass
        return self._all(known, now)

    def _all(self, known: dict[str, DriveFile], now: float) -> dict[str, DriveFile]:
        # The token comes first: what changes while the files are listed is listed again later.
        params: ParamsType = {"supportsAllDrives": "true"}
        if self.shared_drive:
            params["driveId"] = self.shared_drive
        token = self.google.requests.drive("changes/startPageToken", params)["startPageToken"]
        found = {
            one["id"]: self._merged(one, known.get(one["id"])) for one in self._every_file(_FILE)
        }
        gone = known.keys() - found.keys()
        self.google.cache.keep(self.shared_drive, token, now, found.values(), gone)
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
                is_ours = file.get("mimeType") in {SPREADSHEET, FOLDER} and not file.get("trashed")
                found.pop(id_, None)  # removed, in the bin, or none of these kinds; unless it is
                if is_ours and not change.get("removed"):
                    found[id_] = changed[id_] = self._merged(file, known.get(id_))
        # Where a write was begun and its outcome is not known, Drive may have told of it before.
        for id_ in self._unsettled & found.keys() - changed.keys():
            found[id_] = changed[id_] = _once_more(found[id_])
        gone = known.keys() - found.keys()
        self.google.cache.keep(self.shared_drive, token, looked_at, changed.values(), gone)
        return found

    def _every_file(self, fields: str) -> Iterator[Json]:
        """These fields of every spreadsheet and folder, the oldest first."""
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
            page = self.google.requests.drive(what, params)
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
            is_folder=file["mimeType"] == FOLDER,
            modified=modified,
            changed_at=modified,
            stamp=modified,
        )
        if known is None:
            return taken
        if file["id"] in self._unsettled:
            return _once_more(taken)
        is_own = file.get("lastModifyingUser", {}).get("me") is True
        if modified == known.modified or is_own:
            return replace(taken, changed_at=known.changed_at, stamp=known.stamp)
        return taken


def _once_more(file: DriveFile) -> DriveFile:
    """The file with a stamp that it never had, so that it is read again."""
    return replace(file, stamp=f"{file.modified} {time.time_ns()}")
