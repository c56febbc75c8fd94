"""What changed since a token was given: `changes` of the Drive API."""

from __future__ import annotations

from typing import Any

from tests.google_server.call import Call
from tests.google_server.drive import page_size, resource, rfc3339
from tests.google_server.drive_query import invalid_value
from tests.google_server.world import Change

Json = dict[str, Any]
DEFAULT_FILE = ("kind", "id", "name", "mimeType")


def start_page_token(call: Call) -> Json:
    token = str(len(call.world.changes) + 1)
    return {"kind": "drive#startPageToken", "startPageToken": token}


def changes_list(call: Call) -> Json:
    """The last change of each file since the token; removed means: not to be seen any more."""
    token = call.one("pageToken")
    log = call.world.changes
    if not token.isdigit() or not 1 <= int(token) <= len(log) + 1:
        raise invalid_value("pageToken")
    start, size = int(token) - 1, page_size(call, 100)
    latest = {change.file_id: number for number, change in enumerate(log[start:], start)}
    entries = [
        (number, log[number]) for number in sorted(latest.values()) if _concerns(call, log[number])
    ]
    answer: Json = {
        "kind": "drive#changeList",
        "changes": [_entry(call, change) for _, change in entries[:size]],
    }
    if len(entries) > size:
        answer["nextPageToken"] = str(entries[size][0] + 1)
    else:
        answer["newStartPageToken"] = str(len(log) + 1)
    return answer


def _concerns(call: Call, change: Change) -> bool:
    """One log is the account's own, one each shared drive's."""
    drive = call.one("driveId")
    if drive:
        return change.drive_id == drive
    if change.drive_id is not None and not call.flag("includeItemsFromAllDrives"):
        return False
    return call.who.casefold() in change.audience


def _entry(call: Call, change: Change) -> Json:
    file = call.world.files.get(change.file_id)
    gone = (
        file is None
        or call.world.role(file, call.who) is None
        or change.file_id in call.world.forbidden
    )
    entry: Json = {
        "kind": "drive#change",
        "removed": gone,
        "changeType": "file",
        "type": "file",
        "fileId": change.file_id,
        "time": rfc3339(change.at),
    }
    if file is None or gone:
        return entry
    whole = resource(call.world, file, call.who)
    shown = whole if call.mask else {name: whole[name] for name in DEFAULT_FILE}
    return {**entry, "file": shown}
