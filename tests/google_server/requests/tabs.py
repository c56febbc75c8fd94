"""Tabs and the spreadsheet itself: made, copied, renamed, moved, deleted."""

from __future__ import annotations

import copy
from typing import Any

from tests.google_server import protection
from tests.google_server.areas import Area
from tests.google_server.errors import invalid
from tests.google_server.fields import merged, parsed
from tests.google_server.model import (
    COLUMN,
    COLUMNS,
    MAX_CELLS,
    MAX_COLUMNS,
    ROW,
    ROWS,
    Sheet,
    Spreadsheet,
    new_sheet,
)
from tests.google_server.moving import deletion, shift
from tests.google_server.requests.edit import Edit

Json = dict[str, Any]


def add_sheet(edit: Edit, request: Json) -> Json:
    wanted: Json = request.get("properties") or {}
    sheet = made_sheet(edit.book, wanted)
    place(edit.book, sheet, wanted.get("index"))
    return {"properties": sheet.properties}


def made_sheet(book: Spreadsheet, wanted: Json) -> Sheet:
    """A new tab with the wanted properties, not yet in its place.

    Raises:
        RefusalError: its id or its title is taken, or it is too large.
    """
    sheet_id = wanted.get("sheetId", book.new_number())
    if any(sheet.id == sheet_id for sheet in book.sheets):
        raise invalid(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    title = wanted.get("title") or _free_title(book)
    check_title(book, title)
    grid = {"rowCount": ROWS, "columnCount": COLUMNS, **(wanted.get("gridProperties") or {})}
    sheet = new_sheet(sheet_id, title, len(book.sheets), grid["rowCount"], grid["columnCount"])
    sheet.properties |= {k: v for k, v in wanted.items() if k not in ("index", "gridProperties")}
    sheet.properties |= {"title": title, "sheetId": sheet_id, "sheetType": "GRID"}
    sheet.properties["gridProperties"] = grid
    check_size(book, sheet)
    return sheet


def check_title(book: Spreadsheet, title: str, own: Sheet | None = None) -> None:
    taken = book.titled(title)
    if taken is not None and taken is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def check_size(book: Spreadsheet, new: Sheet) -> None:
    cells = sum(
        sheet.rows * sheet.columns for sheet in {id(s): s for s in [*book.sheets, new]}.values()
    )
    if new.columns > MAX_COLUMNS:
        raise invalid(
            "This action would increase the number of columns in the sheet above the limit of "
            f"{MAX_COLUMNS} columns."
        )
    if cells > MAX_CELLS:
        raise invalid(
            "This action would increase the number of cells in the workbook above the limit of "
            f"{MAX_CELLS} cells."
        )


def _free_title(book: Spreadsheet) -> str:
    number = len(book.sheets) + 1
    while book.titled(f"Sheet{number}") is not None:
        number += 1
    return f"Sheet{number}"


def place(book: Spreadsheet, sheet: Sheet, index: int | None) -> None:
    """Put a tab among the others.

    Raises:
        RefusalError: there is no such place.
    """
    if index is not None and not 0 <= index <= len(book.sheets):
        raise invalid(f"Invalid index: {index}")
    book.sheets.insert(len(book.sheets) if index is None else index, sheet)
    book.renumber()


def delete_sheet(edit: Edit, request: Json) -> None:
    book = edit.book
    sheet = book.sheet(request.get("sheetId", 0))
    protection.check(book, Area(sheet.id), edit.who)
    if all(one is sheet or one.properties.get("hidden") for one in book.sheets):
        raise invalid("You can't remove all the sheets in a document.")
    book.sheets.remove(sheet)
    book.named_ranges = [n for n in book.named_ranges if n["range"].get("sheetId", 0) != sheet.id]
    book.renumber()


def duplicate_sheet(edit: Edit, request: Json) -> Json:
    book = edit.book
    source = book.sheet(request.get("sourceSheetId", 0))
    title = request.get("newSheetName") or _copy_title(book, source.title)
    new = copy_of(book, source, request.get("newSheetId", book.new_number()), title)
    place(book, new, request.get("insertSheetIndex", 0))
    return {"properties": new.properties}


def copy_of(book: Spreadsheet, source: Sheet, sheet_id: int, title: str) -> Sheet:
    """A tab's copy under a new id, with new ids for what is attached to it.

    Raises:
        RefusalError: its title or its id is taken.
    """
    check_title(book, title)
    if any(sheet.id == sheet_id for sheet in book.sheets):
        raise invalid(f"A sheet with the ID {sheet_id} already exists. Please enter another ID.")
    new = source.copied()
    new.properties |= {"sheetId": sheet_id, "title": title}
    new.attached = renamed_ids(new.attached, source.id, sheet_id, book)
    new.metadata = [
        {**one, "metadataId": book.new_number()}
        for one in renamed_ids(new.metadata, source.id, sheet_id, book)
    ]
    check_size(book, new)
    return new


NUMBERED = ("protectedRangeId", "filterViewId", "chartId", "bandedRangeId", "slicerId")


def renamed_ids(value: Any, old: int, new: int, book: Spreadsheet) -> Any:
    """JSON that speaks of another tab, with ids of its own."""
    if isinstance(value, list):
        return [renamed_ids(item, old, new, book) for item in value]
    if not isinstance(value, dict):
        return value
    result = {name: renamed_ids(inner, old, new, book) for name, inner in value.items()}
    if result.get("sheetId") == old:
        result["sheetId"] = new
    for name in NUMBERED:
        if name in result:
            result[name] = book.new_number()
    return result


def _copy_title(book: Spreadsheet, title: str) -> str:
    wanted = f"Copy of {title}"
    number = 2
    while book.titled(wanted) is not None:
        wanted = f"Copy of {title} {number}"
        number += 1
    return wanted


def update_sheet_properties(edit: Edit, request: Json) -> None:
    book = edit.book
    wanted: Json = request.get("properties") or {}
    sheet = book.sheet(wanted.get("sheetId", 0))
    mask = parsed(_needed_fields(request))
    mask.pop("sheetId", None)
    old = copy.deepcopy(sheet.properties)
    if "title" in mask or "*" in mask:
        check_title(book, wanted.get("title", ""), sheet)
    new = merged(sheet.properties, {"sheetType": "GRID", **wanted}, mask)
    sheet.properties = {**new, "sheetId": sheet.id, "sheetType": old["sheetType"]}
    if sheet.properties.get("tabColorStyle") == {}:
        del sheet.properties["tabColorStyle"]
        sheet.properties.pop("tabColor", None)
    sheet.properties.setdefault("title", old["title"])
    sheet.properties.setdefault("gridProperties", old.get("gridProperties", {}))
    _resize(edit, sheet, old.get("gridProperties", {}))
    if all(one.properties.get("hidden") for one in book.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    if "index" in mask and "index" in wanted:
        _move_tab(book, sheet, wanted["index"])


def _needed_fields(request: Json) -> str:
    fields: str = request.get("fields") or ""
    if not fields:
        raise invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    return fields


def _move_tab(book: Spreadsheet, sheet: Sheet, index: int) -> None:
    """The index is counted before the tab is taken from where it was."""
    before = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    place(book, sheet, min(index - 1 if index > before else index, len(book.sheets)))


def _resize(edit: Edit, sheet: Sheet, old: Json) -> None:
    """Rows and columns beyond a smaller grid go, with all that is on them."""
    for dimension, name in ((ROW, "rowCount"), (COLUMN, "columnCount")):
        before, after = old.get(name, 0), sheet.grid.get(name, 0)
        if after < 1:
            raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
        if after < before:
            sheet.grid[name] = before
            shift(edit.book, deletion(sheet.id, dimension, after, before))
    check_size(edit.book, sheet)


def update_spreadsheet_properties(edit: Edit, request: Json) -> None:
    mask = parsed(_needed_fields(request))
    edit.book.properties = merged(edit.book.properties, request.get("properties") or {}, mask)


HANDLERS = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
