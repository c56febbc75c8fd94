"""Threads of comments on cells; their anchors lie on the tabs and go along with the cells."""

from __future__ import annotations

from typing import Any

from tests.google_server.errors import invalid
from tests.google_server.requests.edit import Edit, Handler, index_of

Json = dict[str, Any]
ANCHORS = "commentAnchors"


def insert(edit: Edit, request: Json) -> Json:
    coordinate = request.get("coordinate") or {}
    row, column = coordinate.get("rowIndex", 0), coordinate.get("columnIndex", 0)
    place = {
        "sheetId": coordinate.get("sheetId", 0),
        "startRowIndex": row,
        "endRowIndex": row + 1,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    sheet, _ = edit.area(place)
    number = edit.book.new_number()
    thread = {
        "commentId": f"AAAA{number}",
        "anchorId": f"anchor{number}",
        "status": "OPEN",
        "headPost": _post(edit, request.get("content", "")),
    }
    sheet.list_of(ANCHORS).append({"anchorId": thread["anchorId"], "range": place})
    edit.book.comments.append(thread)
    return {"commentThread": thread}


def _post(edit: Edit, content: str) -> Json:
    if not content:
        raise invalid("The content of a post must not be empty.")
    return {"postId": f"post{edit.book.new_number()}", "content": content}


def reply(edit: Edit, request: Json) -> Json:
    threads = edit.book.comments
    at = index_of(threads, "commentId", request.get("commentId"), "comment thread")
    post = _post(edit, (request.get("post") or {}).get("content", ""))
    threads[at] = {**threads[at], "replies": [*threads[at].get("replies", ()), post]}
    return {"post": post}


def delete(edit: Edit, request: Json) -> None:
    threads = edit.book.comments
    at = index_of(threads, "commentId", request.get("commentId"), "comment thread")
    anchor = threads.pop(at)["anchorId"]
    for sheet in edit.book.sheets:
        kept = [one for one in sheet.list_of(ANCHORS) if one["anchorId"] != anchor]
        sheet.attached[ANCHORS] = kept


HANDLERS: dict[str, Handler] = {
    "insertComment": insert,
    "addCommentReply": reply,
    "deleteComment": delete,
}
