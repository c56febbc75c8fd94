"""The values of areas, read and written: the `spreadsheets.values` collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.google_server import protection
from tests.google_server.areas import Area, as_a1, column_name, on_grid
from tests.google_server.calculating import evaluated
from tests.google_server.entering import value_of
from tests.google_server.errors import invalid
from tests.google_server.model import Cell, Sheet, Spreadsheet, effective, entered, put, with_value
from tests.google_server.showing import DATES, shown

Json = dict[str, Any]
RENDER = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are to be shown."""

    render: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    major: str = "ROWS"


def reading(options: Json, prefix: str = "") -> Reading:
    """The options of a request; `prefix` is `response` where they are about its answer.

    Raises:
        RefusalError: one of them is none of the known ones.
    """

    def option(name: str, default: str) -> str:
        full = prefix + name[0].upper() + name[1:] if prefix else name
        return str(options.get(full) or default)

    render = option("valueRenderOption", RENDER[0])
    if render not in RENDER:
        raise invalid(f"Invalid value at 'value_render_option': \"{render}\"")
    major = options.get("majorDimension") or "ROWS"
    if major == "DIMENSION_UNSPECIFIED":
        major = "ROWS"
    if major not in ("ROWS", "COLUMNS"):
        raise invalid(f"Invalid value at 'major_dimension': \"{major}\"")
    return Reading(render, option("dateTimeRenderOption", "SERIAL_NUMBER"), major)


def number_format_of(cell: Cell | None) -> Json:
    found: Json = ((cell or {}).get("userEnteredFormat") or {}).get("numberFormat") or {}
    return found


def value_shown(book: Spreadsheet, sheet: Sheet, place: tuple[int, int], how: Reading) -> object:
    """One cell's value; `""` for none."""
    cell = sheet.cells.get(place)
    value = entered(cell)
    if "formulaValue" in value:
        if how.render == "FORMULA":
            return value["formulaValue"]
        value = effective(evaluated(book, sheet, place))
    number_format = number_format_of(cell)
    as_text = how.render == "FORMATTED_VALUE" or "errorValue" in value
    is_date = number_format.get("type") in DATES
    if as_text or (is_date and how.dates == "FORMATTED_STRING"):
        return shown(value, number_format, book.locale)
    return next(iter(value.values()), "")


def value_range(book: Spreadsheet, area: Area, how: Reading) -> Json:
    """A ValueRange: trailing empty cells and rows left out, no `values` where nothing stands.

    Raises:
        RefusalError: it begins beyond the grid.
    """
    sheet, clamped = on_grid(book, area)
    answer: Json = {"range": as_a1(clamped, sheet), "majorDimension": how.major}
    values = rows_shown(book, sheet, clamped, how)
    if values:
        answer["values"] = values
    return answer


def rows_shown(book: Spreadsheet, sheet: Sheet, area: Area, how: Reading) -> list[list[object]]:
    """The lines of an area, rows or columns, without trailing empties."""
    by_rows = how.major == "ROWS"
    lines: dict[int, dict[int, object]] = {}
    top, _, left, _ = area.box()
    for row, column in _filled(sheet, area):
        value = value_shown(book, sheet, (row, column), how)
        if value == "" and not isinstance(value, bool):
            continue
        line, place = (row - top, column - left) if by_rows else (column - left, row - top)
        lines.setdefault(line, {})[place] = value
    return [
        [lines[index].get(place, "") for place in range(max(lines[index]) + 1)]
        if index in lines
        else []
        for index in range(max(lines, default=-1) + 1)
    ]


def _filled(sheet: Sheet, area: Area) -> list[tuple[int, int]]:
    """The places in an area where a value stands."""
    top, bottom, left, right = area.box()
    if (bottom - top) * (right - left) < len(sheet.cells):
        places = [(r, c) for r in range(top, bottom) for c in range(left, right)]
        return [place for place in places if entered(sheet.cells.get(place))]
    return [
        (row, column)
        for (row, column), cell in sheet.cells.items()
        if top <= row < bottom and left <= column < right and "userEnteredValue" in cell
    ]


@dataclass(frozen=True, slots=True)
class Writing:
    """Values on their way into a spreadsheet: who writes, how, and the address that was asked."""

    who: str
    option: str
    asked: str


def write(
    book: Spreadsheet, area: Area, lines: list[list[object]], major: str, how: Writing
) -> tuple[Sheet, Area, set[tuple[int, int]]]:
    """Put values into an area; the rectangle around them, and the cells that were written.

    A null leaves its cell alone.

    Raises:
        RefusalError: more values than fit, a protected cell, or no such place.
    """
    sheet, clamped = on_grid(book, area)
    rows = lines if major != "COLUMNS" else turned(lines)
    top, bottom, left, right = clamped.box()
    if (bottom - top, right - left) == (1, 1):  # a single cell is a corner to begin at
        bottom, right = sheet.rows, sheet.columns
    _check_fits(rows, (top, bottom, left, right), how.asked)
    width = max((len(row) for row in rows), default=0)
    written = Area(sheet.id, top, top + len(rows), left, left + width)
    if rows and width:
        protection.check(book, written, how.who)
    places = set()
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if value is not None:
                places.add((top + down, left + across))
                at = (down, across) if major != "COLUMNS" else (across, down)
                new = value_of(value, how.option, book.locale, f"values[{at[0]}][{at[1]}]")
                put_value(sheet, (top + down, left + across), *new)
    return sheet, written, places


def turned(lines: list[list[object]]) -> list[list[object]]:
    height = max((len(line) for line in lines), default=0)
    return [
        [line[index] if index < len(line) else None for line in lines] for index in range(height)
    ]


def _check_fits(rows: list[list[object]], box: tuple[int, int, int, int], asked: str) -> None:
    from_top, bottom, left, right = box
    message = f"Requested writing within range [{asked}], but tried writing to "
    if len(rows) > bottom - from_top:
        raise invalid(f"{message}row [{bottom + 1}]")
    if any(len(row) > right - left for row in rows):
        raise invalid(f"{message}column [{column_name(right)}]")


def put_value(
    sheet: Sheet, place: tuple[int, int], value: Json, number_format: Json | None
) -> None:
    """An empty text clears the cell; a number format comes along where the cell has none."""
    if sheet.is_covered(place):  # merged into another cell, it shows and keeps nothing
        return
    cell = sheet.cells.get(place)
    if value == {"stringValue": ""}:
        put(sheet.cells, place, with_value(cell, {}))
        return
    changed = with_value(cell, value)
    if number_format is not None and not number_format_of(cell):
        user_format = {**(changed.get("userEnteredFormat") or {}), "numberFormat": number_format}
        changed = {**changed, "userEnteredFormat": user_format}
    put(sheet.cells, place, changed)


def cleared(book: Spreadsheet, area: Area, who: str) -> str:
    """Take the values out of an area, and nothing else; its address.

    Raises:
        RefusalError: it begins beyond the grid, or is protected.
    """
    sheet, clamped = on_grid(book, area)
    protection.check(book, clamped, who)
    for place in _filled(sheet, clamped):
        put(sheet.cells, place, with_value(sheet.cells[place], {}))
    return as_a1(clamped, sheet)
