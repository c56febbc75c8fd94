"""Data filters: cells found by address, by GridRange, or by developer metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.google_server.areas import Area, of_grid_range, parsed
from tests.google_server.errors import invalid
from tests.google_server.model import ROW, Spreadsheet

Json = dict[str, Any]


def location_area(location: Json) -> Area | None:
    """The cells that a metadata location covers; None for the whole spreadsheet."""
    if "dimensionRange" in location:
        range_ = location["dimensionRange"]
        sheet_id, start, end = (
            range_.get("sheetId", 0),
            range_.get("startIndex"),
            range_["endIndex"],
        )
        if range_.get("dimension") == ROW:
            return Area(sheet_id, start, end)
        return Area(sheet_id, None, None, start, end)
    if location.get("locationType") == "SHEET" or "sheetId" in location:
        return Area(location.get("sheetId", 0))
    return None


def located(location: Json) -> Json:
    """A location with its type, as the service completes it."""
    if "dimensionRange" in location:
        rows = location["dimensionRange"].get("dimension") == ROW
        kind = "ROW" if rows else "COLUMN"
        dimension = {"sheetId": 0, **location["dimensionRange"]}
        return {"locationType": kind, "dimensionRange": dimension}
    if "sheetId" in location:
        return {"locationType": "SHEET", "sheetId": location["sheetId"]}
    return {"locationType": "SPREADSHEET", "spreadsheet": True}


def matches(metadata: Json, lookup: Json) -> bool:
    """Whether metadata is what a lookup asks for: everything that it names must agree."""
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and metadata.get(name) != lookup[name]:
            return False
    kind = lookup.get("locationType")
    if kind and metadata["location"]["locationType"] != kind:
        return False
    place = lookup.get("metadataLocation")
    if not place:
        return True
    wanted, actual = location_area(located(place)), location_area(metadata["location"])
    if wanted is None or actual is None:  # a whole spreadsheet meets nothing but itself
        return wanted is actual
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION":
        return wanted == actual
    return wanted.meets(actual)


def found_metadata(book: Spreadsheet, filters: list[Json]) -> Iterator[tuple[Json, list[Json]]]:
    """Each piece of metadata with the filters that it matches."""
    for metadata in book.all_metadata():
        hits = [one for one in filters if metadata_hit(book, metadata, one)]
        if hits:
            yield metadata, hits


def metadata_hit(book: Spreadsheet, metadata: Json, data_filter: Json) -> bool:
    if "developerMetadataLookup" in data_filter:
        return matches(metadata, data_filter["developerMetadataLookup"])
    area = location_area(metadata["location"])
    return area is not None and area.meets(_cells(book, data_filter))


def found_areas(book: Spreadsheet, data_filter: Json) -> list[Area]:
    """The areas that a filter means at this moment; none where no metadata matches."""
    if "developerMetadataLookup" not in data_filter:
        return [_cells(book, data_filter)]
    lookup = data_filter["developerMetadataLookup"]
    areas: list[Area] = []
    for metadata in book.all_metadata():
        if not matches(metadata, lookup):
            continue
        area = location_area(metadata["location"])
        for one in [area] if area else [Area(sheet.id) for sheet in book.sheets]:
            if one not in areas:
                areas.append(one)
    return areas


def _cells(book: Spreadsheet, data_filter: Json) -> Area:
    if "a1Range" in data_filter:
        return parsed(book, data_filter["a1Range"])
    if "gridRange" in data_filter:
        area = of_grid_range(data_filter["gridRange"])
        book.sheet(area.sheet_id)
        return area
    raise invalid("Must specify a data filter.")
