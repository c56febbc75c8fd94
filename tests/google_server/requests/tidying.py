"""Texts found and replaced, blanks trimmed, repeated rows taken out, borders drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.google_server.areas import Area
from tests.google_server.entering import as_entered
from tests.google_server.errors import invalid
from tests.google_server.model import Sheet, entered, put, with_value
from tests.google_server.requests.edit import Edit, Handler
from tests.google_server.requests.sorting import lay, rows_of
from tests.google_server.showing import shown
from tests.google_server.values import put_value

Json = dict[str, Any]
SIDES = ("top", "bottom", "left", "right")


def find_replace(edit: Edit, request: Json) -> Json:
    """Replace a text in a range, a tab or everywhere, and count what was done."""
    counts = {"values": 0, "formulas": 0, "occurrences": 0}
    rows: set[tuple[int, int]] = set()
    replace = _replacer(request)
    for sheet, area in _where(edit, request):
        for place in _places(sheet, area, blank="range" in request and bool(replace("")[1])):
            times = _replace_in(edit, sheet, place, request, replace)
            if times:
                formula = "formulaValue" in entered(sheet.cells.get(place))
                counts["formulas" if formula else "values"] += 1
                counts["occurrences"] += times
                rows.add((sheet.id, place[0]))
    return {
        "valuesChanged": counts["values"],
        "formulasChanged": counts["formulas"],
        "rowsChanged": len(rows),
        "sheetsChanged": len({sheet_id for sheet_id, _ in rows}),
        "occurrencesChanged": counts["occurrences"],
    }


def _places(sheet: Sheet, area: Area, *, blank: bool) -> list[tuple[int, int]]:
    """The cells to look into; in a range also blank ones, where an expression finds them."""
    if not blank:
        return [place for place in sorted(sheet.cells) if area.holds(*place)]
    top, bottom, left, right = area.clamped(sheet).box()
    return [(row, column) for row in range(top, bottom) for column in range(left, right)]


def _where(edit: Edit, request: Json) -> list[tuple[Sheet, Area]]:
    if "range" in request:
        return [edit.changeable(request["range"])]
    if request.get("allSheets"):
        return [edit.changeable({"sheetId": sheet.id}) for sheet in edit.book.sheets]
    if "sheetId" in request:
        return [edit.changeable({"sheetId": request["sheetId"]})]
    raise invalid("Must specify a scope: a range, a sheetId or allSheets.")


def _replacer(request: Json) -> Callable[[str], tuple[str, int]]:
    find, by = request.get("find", ""), request.get("replacement", "")
    pattern = find if request.get("searchByRegex") else re.escape(find)
    if request.get("matchEntireCell"):
        pattern = rf"\A(?:{pattern})\Z"
    flags = 0 if request.get("matchCase") or request.get("searchByRegex") else re.IGNORECASE
    compiled = re.compile(pattern, flags)
    template = re.sub(r"\$(\d)", r"\\\1", by) if request.get("searchByRegex") else None

    def replace(text: str) -> tuple[str, int]:
        return compiled.subn(template if template is not None else lambda _: by, text)

    return replace


def _replace_in(
    edit: Edit,
    sheet: Sheet,
    place: tuple[int, int],
    request: Json,
    replace: Callable[[str], tuple[str, int]],
) -> int:
    cell = sheet.cells.get(place, {})
    value = entered(cell)
    formula = value.get("formulaValue")
    if formula is not None and not request.get("includeFormulas"):
        return 0
    user_format = cell.get("userEnteredFormat") or {}
    text = formula or shown(value, user_format.get("numberFormat"), edit.book.locale)
    new, times = replace(text)
    if times:
        put_value(sheet, place, *_entered_anew(new, user_format, edit.book.locale))
    return times


def _entered_anew(text: str, user_format: Json, locale: str) -> tuple[Json, Json | None]:
    """What a replaced text becomes: what it would when typed; text stays text in a text format."""
    if (user_format.get("numberFormat") or {}).get("type") == "TEXT":
        return {"stringValue": text}, None
    return as_entered(text, locale)


def trim_whitespace(edit: Edit, request: Json) -> Json:
    sheet, area = edit.changeable(request.get("range"))
    changed = 0
    for place, cell in list(sheet.cells.items()):
        text = entered(cell).get("stringValue")
        if text is None or not area.holds(*place):
            continue
        trimmed = " ".join(part for part in text.split(" ") if part)
        if trimmed != text:
            changed += 1
            put(sheet.cells, place, with_value(cell, {"stringValue": trimmed} if trimmed else {}))
    return {"cellsChangedCount": changed}


def delete_duplicates(edit: Edit, request: Json) -> Json:
    """Rows that are like an earlier one in the columns compared; the rest moves up."""
    sheet, area = edit.changeable(request.get("range"))
    compared = request.get("comparisonColumns") or []
    columns = {
        index
        for one in compared
        for index in range(one.get("startIndex", 0), one.get("endIndex", sheet.columns))
    }
    seen, kept = set(), []
    rows = rows_of(sheet, area)
    for row in rows:
        key = tuple(
            (column, str(entered(cell)).casefold())
            for column, cell in sorted(row.items())
            if entered(cell) and (not columns or column in columns)
        )
        if key not in seen:
            seen.add(key)
            kept.append(row)
    lay(sheet, area, kept)
    return {"duplicatesRemovedCount": len(rows) - len(kept)}


def update_borders(edit: Edit, request: Json) -> None:
    """Lines around an area and between its cells; what is not named stays."""
    sheet, area = edit.changeable(request.get("range"))
    top, bottom, left, right = area.box()
    for row in range(top, bottom):
        for column in range(left, right):
            outer = {
                "top": row == top,
                "bottom": row == bottom - 1,
                "left": column == left,
                "right": column == right - 1,
            }
            _draw(sheet, (row, column), outer, request)


def _draw(sheet: Sheet, place: tuple[int, int], outer: dict[str, bool], request: Json) -> None:
    inner = {"top": "innerHorizontal", "bottom": "innerHorizontal"}
    cell = sheet.cells.get(place, {})
    user_format: Json = dict(cell.get("userEnteredFormat") or {})
    borders: Json = dict(user_format.get("borders") or {})
    for side in SIDES:
        name = side if outer[side] else inner.get(side, "innerVertical")
        if name in request:
            borders[side] = request[name]
            if request[name].get("style") == "NONE":
                del borders[side]
    user_format["borders"] = borders
    if not borders:
        del user_format["borders"]
    put(sheet.cells, place, {**cell, "userEnteredFormat": user_format})


HANDLERS: dict[str, Handler] = {
    "findReplace": find_replace,
    "trimWhitespace": trim_whitespace,
    "deleteDuplicates": delete_duplicates,
    "updateBorders": update_borders,
}
