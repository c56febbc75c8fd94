"""Developer metadata: made, changed, deleted."""

from __future__ import annotations

from typing import Any

from tests.google_server.errors import invalid
from tests.google_server.fields import merged, parsed
from tests.google_server.lookup import found_metadata, located
from tests.google_server.model import Spreadsheet
from tests.google_server.requests.edit import Edit

Json = dict[str, Any]


def create(edit: Edit, request: Json) -> Json:
    book = edit.book
    wanted: Json = request.get("developerMetadata") or {}
    if not wanted.get("metadataKey"):
        raise invalid("Metadata key must be specified.")
    if wanted.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise invalid("Metadata visibility must be specified.")
    if not wanted.get("location"):
        raise invalid("Metadata location must be specified.")
    number = wanted.get("metadataId") or book.new_number()
    if any(one["metadataId"] == number for one in book.all_metadata()):
        raise invalid(f"Metadata with id {number} already exists.")
    new = {**wanted, "metadataId": number, "location": located(wanted["location"])}
    _keep(book, new)
    return {"developerMetadata": new}


def _keep(book: Spreadsheet, metadata: Json) -> None:
    """Put metadata where it belongs.

    Raises:
        RefusalError: its place is none: more than one row or column, or beyond the grid.
    """
    location = metadata["location"]
    if location["locationType"] == "SPREADSHEET":
        book.metadata.append(metadata)
        return
    place = location.get("dimensionRange") or location
    sheet = book.sheet(place["sheetId"])
    if "dimensionRange" in location:
        start, end = place.get("startIndex", 0), place.get("endIndex")
        if end != start + 1:
            raise invalid("Developer metadata can only be associated with a single row or column.")
        if start >= sheet.count(place["dimension"]):
            raise invalid("Developer metadata location is beyond the grid.")
        place["startIndex"] = start
    sheet.metadata.append(metadata)


def _forget(book: Spreadsheet, metadata: Json) -> None:
    for home in (book.metadata, *(sheet.metadata for sheet in book.sheets)):
        home[:] = [one for one in home if one["metadataId"] != metadata["metadataId"]]


def update(edit: Edit, request: Json) -> Json:
    mask = parsed(request.get("fields") or "*")
    changes: Json = request.get("developerMetadata") or {}
    answer = []
    for old, _ in list(found_metadata(edit.book, request.get("dataFilters") or [])):
        new = {**merged(old, changes, mask), "metadataId": old["metadataId"]}
        new["location"] = located(new.get("location") or old["location"])
        _forget(edit.book, old)
        _keep(edit.book, new)
        answer.append(new)
    return {"developerMetadata": answer}


def delete(edit: Edit, request: Json) -> Json:
    found = [one for one, _ in found_metadata(edit.book, [request.get("dataFilter") or {}])]
    for metadata in found:
        _forget(edit.book, metadata)
    return {"deletedDeveloperMetadata": found}


HANDLERS = {
    "createDeveloperMetadata": create,
    "updateDeveloperMetadata": update,
    "deleteDeveloperMetadata": delete,
}
