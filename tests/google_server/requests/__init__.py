"""The kinds of requests that `spreadsheets.batchUpdate` takes: one function each."""

from __future__ import annotations

from typing import Any

from tests.google_server.errors import RefusalError, invalid
from tests.google_server.model import Spreadsheet
from tests.google_server.requests import (
    attached,
    cells,
    comments,
    dimensions,
    metadata,
    pasting,
    ranges,
    sorting,
    tabs,
    tidying,
)
from tests.google_server.requests.edit import Edit, Handler

Json = dict[str, Any]

HANDLERS: dict[str, Handler] = {
    **tabs.HANDLERS,
    **cells.HANDLERS,
    **dimensions.HANDLERS,
    **ranges.HANDLERS,
    **metadata.HANDLERS,
    **sorting.HANDLERS,
    **attached.HANDLERS,
    **pasting.HANDLERS,
    **tidying.HANDLERS,
    **comments.HANDLERS,
}


def applied(book: Spreadsheet, requests: list[Json], who: str) -> tuple[Spreadsheet, list[Json]]:
    """The spreadsheet after all requests, and the reply to each; the given one is not touched.

    Raises:
        RefusalError: one request cannot be done; then none is.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    edit = Edit(book.copied(), who)
    replies: list[Json] = []
    for index, request in enumerate(requests):
        if len(request) != 1:
            raise invalid(f"Invalid requests[{index}]: No request set.")
        kind, body = next(iter(request.items()))
        handler = HANDLERS.get(kind)
        if handler is None:
            raise invalid(f"Invalid requests[{index}].{kind}: This server does not know it.")
        try:
            reply = handler(edit, body)
        except RefusalError as refusal:
            raise refusal.about(f"Invalid requests[{index}].{kind}: ") from None
        replies.append({kind: reply} if reply is not None else {})
    edit.book.renumber()
    return edit.book, replies
