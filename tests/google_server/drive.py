"""The Drive API's methods for files: from a call to the body of its answer."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from tests.google_server import drive_query
from tests.google_server.call import Call
from tests.google_server.entering import as_entered
from tests.google_server.errors import RefusalError, drive_refused, file_not_found
from tests.google_server.exports import FORMATS
from tests.google_server.model import new_sheet
from tests.google_server.values import put_value
from tests.google_server.world import RANKS, SPREADSHEET, File, World, permission_id

Json = dict[str, Any]
DEFAULT_FIELDS = ("kind", "id", "name", "mimeType")
NO_STORAGE = (
    "Service Accounts do not have storage quota. Leverage shared drives "
    "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth "
    "delegation (http://support.google.com/a/answer/7281227) instead."
)


def rfc3339(moment: datetime) -> str:
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )


def user(email: str, who: str) -> Json:
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": email == who,
        "permissionId": permission_id(email),
        "emailAddress": email,
    }


def resource(world: World, file: File, who: str) -> Json:
    """Everything that Drive says of a file to somebody who can see it."""
    role = world.role(file, who) or "reader"
    edits = RANKS.index(role) >= RANKS.index("writer")
    answer: Json = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "starred": False,
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "parents": file.parents,
        "spaces": ["drive"],
        "version": str(file.version),
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit?usp=drivesdk",
        "createdTime": rfc3339(file.created),
        "modifiedTime": rfc3339(file.modified),
        "lastModifyingUser": user(file.last_editor or file.owner or who, who),
        "ownedByMe": file.owner == who,
        "shared": len(file.permissions) > 1 or file.drive_id is not None,
        "capabilities": {"canEdit": edits, "canCopy": True, "canShare": edits, "canTrash": edits},
    }
    if file.target:
        target = world.files[file.target]
        answer["shortcutDetails"] = {"targetId": target.id, "targetMimeType": target.mime_type}
    if file.is_locked:
        answer["contentRestrictions"] = [{"readOnly": True, "systemRestricted": False}]
    if file.owner is not None:
        answer["owners"] = [user(file.owner, who)]
    if file.drive_id is not None:
        answer |= {"driveId": file.drive_id, "teamDriveId": file.drive_id}
    if edits:
        answer["permissions"] = file.permissions
        answer["permissionIds"] = [one["id"] for one in file.permissions]
    return answer


def visible(call: Call, file_id: str, least: str = "reader") -> File:
    """A file for the caller.

    Raises:
        RefusalError: it is not there, not for them, or they may not do so much with it.
    """
    file = call.world.files.get(file_id)
    hidden = file is not None and file.drive_id is not None and not call.flag("supportsAllDrives")
    role = call.world.role(file, call.who) if file is not None else None
    if file is None or hidden or role is None or file_id in call.world.forbidden:
        raise file_not_found(file_id)
    if RANKS.index(role) < RANKS.index(least):
        raise drive_refused(
            403,
            "insufficientFilePermissions",
            "The user does not have sufficient permissions for this file.",
        )
    return file


def shown(call: Call, file: File) -> Json:
    """A file as it is answered: four fields, or those that were asked for."""
    whole = resource(call.world, file, call.who)
    if call.mask:
        return whole
    return {
        name: whole[name] for name in (*DEFAULT_FIELDS, "driveId", "teamDriveId") if name in whole
    }


def page_size(call: Call, default: int) -> int:
    """How many to answer at once, 1 to 1,000.

    Raises:
        RefusalError: something else.
    """
    text = call.one("pageSize", str(default))
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        message = "Invalid value '" + text + "'. Values must be within the range: [1, 1000]"
        raise drive_refused(400, "invalidParameter", message, location=("parameter", "pageSize"))
    return int(text)


def files_list(call: Call) -> Json:
    """One page of the files that the caller can see, and that the query finds."""
    test = drive_query.parsed(call.one("q"), call.world, call.who) if call.one("q") else None
    found = [
        file
        for file in call.world.files.values()
        if file.id not in call.world.forbidden
        and _in_corpus(call, file)
        and (test is None or test(file))
    ]
    _sort(found, call.one("orderBy"))
    size, start = page_size(call, 100), _page_start(call)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        answer["nextPageToken"] = f"~!!~page{start + size}"
    return answer | {"files": [shown(call, file) for file in found[start : start + size]]}


def _in_corpus(call: Call, file: File) -> bool:
    """Whether a file is among what the call looks through."""
    if call.world.role(file, call.who) is None or not _listed(call, file):
        return False
    corpora = call.one("corpora", "user")
    if file.drive_id is None:
        return corpora != "drive"
    if not (call.flag("includeItemsFromAllDrives") and call.flag("supportsAllDrives")):
        return False
    return corpora != "drive" or call.one("driveId") == file.drive_id


def _listed(call: Call, file: File) -> bool:
    """A link alone does not put a file into somebody's list."""
    audience = set(call.world.audience(file))
    return call.who.casefold() in audience


def _sort(files: list[File], order: str) -> None:
    keys = {
        "name": lambda file: file.name.casefold(),
        "createdTime": lambda file: file.created,
        "modifiedTime": lambda file: file.modified,
        "recency": lambda file: file.modified,
    }
    files.sort(key=lambda file: file.modified, reverse=True)
    for part in reversed([part.split() for part in order.split(",") if part.strip()]):
        if part[0] not in keys:
            raise drive_query.invalid_value("orderBy")
        files.sort(key=keys[part[0]], reverse=part[1:] == ["desc"])


def _page_start(call: Call) -> int:
    token = call.one("pageToken")
    if not token:
        return 0
    if not token.startswith("~!!~page"):
        raise drive_query.invalid_value("pageToken")
    return int(token.removeprefix("~!!~page"))


def files_get(call: Call) -> Json:
    return shown(call, visible(call, call.path["fileId"]))


def no_storage() -> RefusalError:
    return drive_refused(403, "storageQuotaExceeded", NO_STORAGE, "usageLimits")


def new_file(call: Call, name: str, mime_type: str) -> File:
    """A file in the caller's My Drive, or in the folder or shared drive that they name.

    Raises:
        RefusalError: a service account would own it; no such folder, or not for them.
    """
    world = call.world
    parent = next(iter(call.body.get("parents") or []), None)
    if parent in (None, "root", world.root(call.who)):
        parent = None
    elif parent in world.drives:
        if world.role(world.drives[parent], call.who) is None:
            raise file_not_found(parent)
    else:
        visible(call, parent, "writer")
    if call.is_service_account and not world.accounts_own_files and not world.drive_of(parent):
        raise no_storage()
    return world.new_file(name, call.who, mime_type, parent)


def files_create(call: Call) -> Json:
    mime_type = call.body.get("mimeType", "application/octet-stream")
    file = new_file(call, call.body.get("name", "Untitled"), mime_type)
    if mime_type == SPREADSHEET:
        call.world.new_book(file, "en_US", "Etc/GMT")
    return shown(call, file)


def files_copy(call: Call) -> Json:
    source = visible(call, call.path["fileId"])
    file = new_file(call, call.body.get("name", f"Copy of {source.name}"), source.mime_type)
    if source.id in call.world.books:
        book = call.world.books[source.id].copied()
        book.id, book.owner = file.id, file.owner or ""
        book.properties["title"] = file.name
        call.world.books[file.id] = book
    return shown(call, file)


def files_update(call: Call) -> Json:
    """A new name, another folder, into the bin or out of it."""
    file = visible(call, call.path["fileId"], "writer")
    file.name = call.body.get("name", file.name)
    file.trashed = call.body.get("trashed", file.trashed)
    if file.id in call.world.books:
        call.world.books[file.id].properties["title"] = file.name
    leaving = call.one("removeParents").split(",")
    added = [parent for parent in call.one("addParents").split(",") if parent]
    file.parents = [*(parent for parent in file.parents if parent not in leaving), *added]
    call.world.touched(file, call.who)
    return shown(call, file)


def files_export(call: Call) -> bytes:
    """A spreadsheet in one of the formats in which Drive hands it out."""
    file = visible(call, call.path["fileId"])
    made = FORMATS.get(call.one("mimeType"))
    if made is None or file.id not in call.world.books:
        message = "The requested conversion is not supported."
        raise drive_refused(400, "badRequest", message, location=("parameter", "convertTo"))
    return made(call.world.books[file.id])


def upload(call: Call) -> Json:
    """New content for a spreadsheet's first and only tab, from CSV: the older API's upload."""
    file = visible(call, call.path["fileId"], "writer")
    if call.content_type != "text/csv" or file.id not in call.world.books:
        raise drive_refused(400, "badRequest", "Bad Request")
    book = call.world.books[file.id].copied()
    first = book.sheets[0]
    book.sheets = [new_sheet(first.id, file.name, 0)]
    book.properties["timeZone"] = "America/Los_Angeles"
    for row, line in enumerate(csv.reader(StringIO(call.content.decode()))):
        for column, text in enumerate(line):
            put_value(book.sheets[0], (row, column), *as_entered(text, book.locale))
    call.world.replace_book(book, call.who)
    return {"kind": "drive#file", "id": file.id, "title": file.name, "mimeType": file.mime_type}


def files_delete(call: Call) -> None:
    """Gone for good, for everybody."""
    file = visible(call, call.path["fileId"], "organizer")
    call.world.delete(file)


# Shared drives


def drives_list(call: Call) -> Json:
    mine = [d for d in call.world.drives.values() if call.world.role(d, call.who) is not None]
    size, start = page_size(call, 10), _page_start(call)
    answer: Json = {"kind": "drive#driveList"}
    if start + size < len(mine):
        answer["nextPageToken"] = f"~!!~page{start + size}"
    return answer | {"drives": [_drive(call, one) for one in mine[start : start + size]]}


def drives_get(call: Call) -> Json:
    drive = call.world.drives.get(call.path["driveId"])
    if drive is None or call.world.role(drive, call.who) is None:
        message = f"Shared drive not found: {call.path['driveId']}"
        raise drive_refused(404, "notFound", message, location=("parameter", "driveId"))
    return _drive(call, drive)


def _drive(call: Call, drive: File) -> Json:
    answer = {"kind": "drive#drive", "id": drive.id, "name": drive.name}
    return {**answer, "createdTime": rfc3339(drive.created)} if call.mask else answer
