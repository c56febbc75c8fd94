"""The Sheets API's methods: from a call to the body of its answer."""

from __future__ import annotations

from typing import Any

from tests.google_server import appending, fields, lookup, values
from tests.google_server.areas import Area, as_a1, parsed
from tests.google_server.call import Call
from tests.google_server.describing import View, described
from tests.google_server.errors import RefusalError, invalid, no_permission, not_found
from tests.google_server.model import Spreadsheet
from tests.google_server.requests import applied
from tests.google_server.requests.tabs import copy_of, made_sheet, place
from tests.google_server.values import Reading, Writing, reading, value_range

Json = dict[str, Any]


def create(call: Call) -> Json:
    """A new spreadsheet in the caller's My Drive."""
    world = call.world
    if call.is_service_account and not world.accounts_own_files:
        raise no_permission()
    wanted: Json = call.body.get("properties") or {}
    file = world.new_file(wanted.get("title") or "Untitled spreadsheet", call.who)
    locale, zone = wanted.get("locale", "en_US"), wanted.get("timeZone", "Etc/GMT")
    book = world.new_book(file, locale, zone)
    book.properties |= wanted
    book.properties["title"] = file.name
    if call.body.get("sheets"):
        book.sheets.clear()
    for sheet in call.body.get("sheets") or []:
        place(book, made_sheet(book, sheet.get("properties") or {}), None)
    return described(View(book, call.who))


def get(call: Call) -> Json:
    book = call.book()
    areas = tuple(parsed(book, text) for text in call.query.get("ranges", []))
    grid_data = _grid_data(call, call.flag("includeGridData"))
    comments = _comments(call, call.one("commentsViewMode"))
    return described(View(book, call.who, call.mask, areas, grid_data, comments))


def _comments(call: Call, mode: str) -> bool:
    """Whether comments are among the answer.

    Raises:
        RefusalError: they are asked for by somebody who may not see them.
    """
    if not call.world.knows_comments and (mode or "comments" in call.mask):
        raise invalid('Unknown name "commentsViewMode": Cannot bind query parameter.')
    may_write = call.world.may_write(call.path["spreadsheetId"], call.who)
    if mode == "COMMENTS_VIEW_MODE_INCLUDED" and not may_write:
        raise no_permission()
    return may_write and mode in (
        "COMMENTS_VIEW_MODE_INCLUDED", "COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS",
    )  # fmt: skip


def _grid_data(call: Call, asked: bool) -> bool:
    """A field mask decides by itself whether cells are among the answer."""
    if not call.mask:
        return asked
    return fields.wants(call.mask, "sheets", "data")


def get_by_data_filter(call: Call) -> Json:
    book = call.book()
    filters: list[Json] = call.body.get("dataFilters") or []
    areas = tuple(area for one in filters for area in lookup.found_areas(book, one))
    if filters and not areas:
        return {**described(View(book, call.who, call.mask)), "sheets": []}
    asked = bool(call.body.get("includeGridData"))
    return described(View(book, call.who, call.mask, areas, _grid_data(call, asked)))


def batch_update(call: Call) -> Json:
    book = call.book(to_write=True)
    requests = [one for one in call.body.get("requests") or [] if one is not None]
    changed, replies = applied(book, requests, call.who)
    call.world.replace_book(changed, call.who)
    answer: Json = {"spreadsheetId": book.id, "replies": replies}
    if call.body.get("includeSpreadsheetInResponse"):
        areas = tuple(parsed(changed, text) for text in call.body.get("responseRanges") or [])
        mask = call.mask.get("updatedSpreadsheet", {})
        asked = bool(call.body.get("responseIncludeGridData"))
        grid_data = fields.wants(mask, "sheets", "data") if mask else asked
        comments = _comments(call, call.body.get("commentsViewMode", ""))
        view = View(changed, call.who, mask, areas, grid_data, comments)
        answer["updatedSpreadsheet"] = described(view)
    return answer


def copy_to(call: Call) -> Json:
    """A tab, copied into another spreadsheet of the caller's."""
    source = call.book().sheet(int(call.path["sheetId"]))
    target = call.world.opened(
        call.body.get("destinationSpreadsheetId", ""), call.who, to_write=True
    ).copied()
    title = f"Copy of {source.title}"
    number = 2
    while target.titled(title) is not None:
        title, number = f"Copy of {source.title} {number}", number + 1
    new = copy_of(target, source, target.new_number(), title)
    place(target, new, None)
    call.world.replace_book(target, call.who)
    return new.properties


def metadata_get(call: Call) -> Json:
    for one in call.book().all_metadata():
        if one["metadataId"] == int(call.path["metadataId"]):
            return one
    raise not_found()


def metadata_search(call: Call) -> Json:
    book = call.book()
    found = lookup.found_metadata(book, _filters(call))
    return {
        "matchedDeveloperMetadata": [
            {"developerMetadata": one, "dataFilters": hits} for one, hits in found
        ]
    }


def _filters(call: Call) -> list[Json]:
    filters: list[Json] = call.body.get("dataFilters") or []
    if not filters:
        raise invalid("Must specify at least one dataFilter")
    return filters


# The values of ranges


def values_get(call: Call) -> Json:
    book = call.book()
    return value_range(book, parsed(book, call.path["range"]), reading(call.options()))


def values_batch_get(call: Call) -> Json:
    book = call.book()
    how = reading(call.options())
    ranges = [value_range(book, parsed(book, one), how) for one in call.query.get("ranges", [])]
    return {"spreadsheetId": book.id, "valueRanges": ranges}


def values_batch_get_by_data_filter(call: Call) -> Json:
    book = call.book()
    how = reading(call.body)
    matched: dict[Area, list[Json]] = {}
    for one in _filters(call):
        for area in lookup.found_areas(book, one):
            matched.setdefault(area, []).append(one)
    ranges = [
        {"valueRange": value_range(book, area, how), "dataFilters": filters}
        for area, filters in matched.items()
    ]
    return {"spreadsheetId": book.id, "valueRanges": ranges}


def _input_option(options: Json) -> str:
    option = options.get("valueInputOption")
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def _put(book: Spreadsheet, area: Area, data: Json, how: Writing, response: Json) -> Json:
    """Write one ValueRange; `response` says what its answer should hold besides the counts."""
    lines, major = data.get("values") or [], data.get("majorDimension") or "ROWS"
    sheet, written, places = values.write(book, area, lines, major, how)
    top, bottom, left, right = written.box()
    if bottom <= top or right <= left:
        return {"updatedRange": as_a1(area.clamped(sheet), sheet)}
    result: Json = {"updatedRange": as_a1(written, sheet)}
    result |= {
        "updatedRows": len({row for row, _ in places}),
        "updatedColumns": len({column for _, column in places}),
        "updatedCells": len(places),
    }
    if str(response.get("includeValuesInResponse")).lower() == "true":
        shown = reading({**response, "majorDimension": None}, "response")
        how_shown = Reading(shown.render, shown.dates, major)
        result["updatedData"] = value_range(book, _shown(area.clamped(sheet), written), how_shown)
    return result


def _shown(asked: Area, written: Area) -> Area:
    """What the answer to a write shows: all that was asked for, or written where that is more."""
    is_corner = written.box()[1] > asked.box()[1] or written.box()[3] > asked.box()[3]
    return written if is_corner else asked


def values_update(call: Call) -> Json:
    book = call.book(to_write=True).copied()
    asked = call.path["range"]
    how = Writing(call.who, _input_option(call.options()), asked)
    result = _put(book, parsed(book, asked), call.body, how, call.options())
    call.world.replace_book(book, call.who)
    return {"spreadsheetId": book.id, **result}


def _totals(book: Spreadsheet, responses: list[Json]) -> Json:
    """Each row and column counts once, however many of the ranges lie in it."""
    areas = [parsed(book, one["updatedRange"]) for one in responses if "updatedCells" in one]
    boxes = [(area.sheet_id, *area.clamped(book.sheet(area.sheet_id)).box()) for area in areas]
    rows = {(gid, row) for gid, top, bottom, _, _ in boxes for row in range(top, bottom)}
    columns = {(gid, column) for gid, _, _, left, right in boxes for column in range(left, right)}
    return {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one.get("updatedCells", 0) for one in responses),
        "totalUpdatedSheets": len({gid for gid, *_ in boxes}),
    }


def values_batch_update(call: Call) -> Json:
    book = call.book(to_write=True).copied()
    option = _input_option(call.body)
    responses = []
    for index, data in enumerate(call.body.get("data") or []):
        how = Writing(call.who, option, data.get("range", ""))
        try:
            area = parsed(book, how.asked)
            result = _put(book, area, data, how, call.body)
        except RefusalError as refusal:
            raise refusal.about(f"Invalid data[{index}]: ") from None
        responses.append({"spreadsheetId": book.id, **result})
    call.world.replace_book(book, call.who)
    return {"spreadsheetId": book.id, **_totals(book, responses), "responses": responses}


def values_batch_update_by_data_filter(call: Call) -> Json:
    """Values go to where the filters point at this moment."""
    book = call.book(to_write=True).copied()
    option = _input_option(call.body)
    responses = []
    for index, data in enumerate(call.body.get("data") or []):
        try:
            for area in lookup.found_areas(book, data.get("dataFilter") or {}):
                asked = as_a1(area.clamped(book.sheet(area.sheet_id)), book.sheet(area.sheet_id))
                how = Writing(call.who, option, asked)
                result = _put(book, area, data, how, call.body)
                responses.append({**result, "dataFilter": data["dataFilter"]})
        except RefusalError as refusal:
            raise refusal.about(f"Invalid data[{index}]: ") from None
    call.world.replace_book(book, call.who)
    return {"spreadsheetId": book.id, **_totals(book, responses), "responses": responses}


def values_append(call: Call) -> Json:
    """Rows after a table; the grid grows where it must."""
    book = call.book(to_write=True).copied()
    asked, body = call.path["range"], call.body
    option = _input_option(call.options())
    lines = body.get("values") or []
    if body.get("majorDimension") == "COLUMNS":
        lines = values.turned(lines)
    insert = call.one("insertDataOption") == "INSERT_ROWS"
    target, table = appending.room_after(book, parsed(book, asked), lines, insert)
    data = {"values": lines}
    result = _put(book, target, data, Writing(call.who, option, asked), call.options())
    call.world.replace_book(book, call.who)
    answer: Json = {"spreadsheetId": book.id, "tableRange": table}
    return {**answer, "updates": {"spreadsheetId": book.id, **result}}


def values_clear(call: Call) -> Json:
    book = call.book(to_write=True).copied()
    cleared = values.cleared(book, parsed(book, call.path["range"]), call.who)
    call.world.replace_book(book, call.who)
    return {"spreadsheetId": book.id, "clearedRange": cleared}


def values_batch_clear(call: Call) -> Json:
    book = call.book(to_write=True).copied()
    cleared = []
    for index, text in enumerate(call.body.get("ranges") or []):
        try:
            cleared.append(values.cleared(book, parsed(book, text), call.who))
        except RefusalError as refusal:
            raise refusal.about(f"Invalid range[{index}]: ") from None
    call.world.replace_book(book, call.who)
    return {"spreadsheetId": book.id, "clearedRanges": cleared}


def values_batch_clear_by_data_filter(call: Call) -> Json:
    book = call.book(to_write=True).copied()
    areas = [a for one in _filters(call) for a in lookup.found_areas(book, one)]
    cleared = [values.cleared(book, area, call.who) for area in areas]
    call.world.replace_book(book, call.who)
    return {"spreadsheetId": book.id, "clearedRanges": cleared}
