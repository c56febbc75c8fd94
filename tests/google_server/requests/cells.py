"""Cells: their values, formats, notes and drop-downs."""

from __future__ import annotations

from typing import Any

from tests.google_server import protection
from tests.google_server.areas import Area
from tests.google_server.entering import LONGEST
from tests.google_server.errors import invalid
from tests.google_server.fields import Mask, merged, parsed
from tests.google_server.model import Cell, Sheet, put
from tests.google_server.requests.edit import Edit

Json = dict[str, Any]
READ_ONLY = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")


def changed(cell: Cell | None, new: Json, mask: Mask) -> Cell:
    """A cell with the masked fields of `new`."""
    given = {name: value for name, value in new.items() if name not in READ_ONLY}
    old = dict(cell or {})
    if "*" in mask or "userEnteredValue" in mask:
        old.pop("result", None)
    return merged(old, given, {k: v for k, v in mask.items() if k not in READ_ONLY})


def fields_of(request: Json) -> Mask:
    fields = request.get("fields") or ""
    if not fields:
        raise invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    return parsed(fields)


def update_cells(edit: Edit, request: Json) -> None:
    """Rows of CellData from a corner on, or over a range; what is not given is cleared."""
    mask = fields_of(request)
    rows = [row.get("values") or [] for row in request.get("rows") or []]
    if "start" in request:
        start = request["start"]
        sheet = edit.book.sheet(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        width = max((len(row) for row in rows), default=0)
        area = Area(sheet.id, top, top + len(rows), left, left + width)
        edit.area({"sheetId": sheet.id, "startRowIndex": top, "startColumnIndex": left})
        if area.clamped(sheet) != area:
            raise invalid(_too_many(sheet, area))
        protection.check(edit.book, area, edit.who)
        for down, row in enumerate(rows):
            for across, new in enumerate(row):
                _set(sheet, (top + down, left + across), new, mask)
        return
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    for row_index in range(top, bottom):
        row = rows[row_index - top] if row_index - top < len(rows) else []
        for column in range(left, right):
            new = row[column - left] if column - left < len(row) else {}
            _set(sheet, (row_index, column), new, mask)


def _too_many(sheet: Sheet, area: Area) -> str:
    row = area.bottom is not None and area.bottom > sheet.rows
    what, count = ("row", sheet.rows) if row else ("column", sheet.columns)
    return f"Attempting to write {what}: {count}, beyond the last requested {what} of: {count - 1}"


def _set(sheet: Sheet, place: tuple[int, int], new: Json, mask: Mask) -> None:
    if sheet.is_covered(place) and "userEnteredValue" in new:
        new = {name: value for name, value in new.items() if name != "userEnteredValue"}
    if new.get("userEnteredValue") == {"stringValue": ""}:
        new = {**new, "userEnteredValue": None}
    text = (new.get("userEnteredValue") or {}).get("stringValue", "")
    if len(text) > LONGEST:
        raise invalid(
            "Your input contains more than the maximum of 50000 characters in a single cell."
        )
    put(sheet.cells, place, changed(sheet.cells.get(place), new, mask))


def repeat_cell(edit: Edit, request: Json) -> None:
    mask = parsed(_without_cell(request))
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    for row in range(top, bottom):
        for column in range(left, right):
            _set(sheet, (row, column), request.get("cell") or {}, mask)


def _without_cell(request: Json) -> str:
    fields = request.get("fields") or ""
    if not fields:
        raise invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    return str(fields)


def append_cells(edit: Edit, request: Json) -> None:
    """Rows after the last row with a value; the grid grows where it must."""
    mask = fields_of(request)
    sheet = edit.book.sheet(request.get("sheetId", 0))
    top = (
        max(
            (row for (row, _), cell in sheet.cells.items() if "userEnteredValue" in cell),
            default=-1,
        )
        + 1
    )
    rows = [row.get("values") or [] for row in request.get("rows") or []]
    width = max((len(row) for row in rows), default=0)
    sheet.set_count("ROWS", max(sheet.rows, top + len(rows)))
    sheet.set_count("COLUMNS", max(sheet.columns, width))
    for down, row in enumerate(rows):
        for across, new in enumerate(row):
            _set(sheet, (top + down, across), new, mask)


def set_data_validation(edit: Edit, request: Json) -> None:
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    rule = request.get("rule")
    for row in range(top, bottom):
        for column in range(left, right):
            cell = {
                k: v for k, v in sheet.cells.get((row, column), {}).items() if k != "dataValidation"
            }
            put(sheet.cells, (row, column), {**cell, "dataValidation": rule} if rule else cell)


HANDLERS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "setDataValidation": set_data_validation,
}
