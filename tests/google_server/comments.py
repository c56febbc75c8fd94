"""Remarks on a file: `comments` of the Drive API, as far as copying them along needs it."""

from __future__ import annotations

from typing import Any

from tests.google_server.call import Call
from tests.google_server.drive import rfc3339, visible
from tests.google_server.errors import drive_refused

Json = dict[str, Any]


def needs_fields(call: Call) -> None:
    """These methods answer nothing unless they are told what.

    Raises:
        RefusalError: no field mask.
    """
    if not call.mask:
        message = "The 'fields' parameter is required for this method."
        raise drive_refused(400, "required", message, location=("parameter", "fields"))


def comments_list(call: Call) -> Json:
    needs_fields(call)
    file = visible(call, call.path["fileId"])
    return {"kind": "drive#commentList", "comments": call.world.comments.get(file.id, [])}


def comments_create(call: Call) -> Json:
    needs_fields(call)
    file = visible(call, call.path["fileId"])
    now = rfc3339(call.world.clock())
    comment = {
        "kind": "drive#comment",
        "id": call.world.new_id("AAAA", 11),
        "createdTime": now,
        "modifiedTime": now,
        "content": call.body.get("content", ""),
        "deleted": False,
        "resolved": False,
        "replies": [],
    }
    call.world.comments.setdefault(file.id, []).append(comment)
    return comment
