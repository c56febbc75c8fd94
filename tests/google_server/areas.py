"""Areas of a grid, and their written forms: GridRange, A1 and R1C1."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from tests.google_server.errors import invalid
from tests.google_server.model import Sheet, Spreadsheet

Json = dict[str, Any]

_CELL = r"(?:\$?([A-Za-z]{1,3}))?(?:\$?([1-9]\d{0,7}))?"
A1 = re.compile(rf"{_CELL}(?::{_CELL})?\Z")
R1C1 = re.compile(r"R(\d+)C(\d+)(?::R(\d+)C(\d+))?\Z", re.IGNORECASE)
SHEET_AND_CELLS = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))(?:!(.*))?\Z", re.DOTALL)
BARE_SHEET_AND_CELLS = re.compile(r"(\0)?([^'!][^!]*)(?:!(.*))?\Z", re.DOTALL)
PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns of one tab, counted from 0, the ends left out; None reaches to the edge."""

    sheet_id: int
    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    def clamped(self, sheet: Sheet) -> Area:
        """The part that lies on the grid, with all four sides."""
        return replace(
            self,
            top=min(self.top or 0, sheet.rows),
            bottom=sheet.rows if self.bottom is None else min(self.bottom, sheet.rows),
            left=min(self.left or 0, sheet.columns),
            right=sheet.columns if self.right is None else min(self.right, sheet.columns),
        )

    def box(self) -> tuple[int, int, int, int]:
        """Top, bottom, left, right of a clamped area."""
        assert self.top is not None
        assert self.bottom is not None
        assert self.left is not None
        assert self.right is not None
        return self.top, self.bottom, self.left, self.right

    def holds(self, row: int, column: int) -> bool:
        return (
            (self.top or 0) <= row
            and (self.bottom is None or row < self.bottom)
            and (self.left or 0) <= column
            and (self.right is None or column < self.right)
        )

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""

        def apart(end: int | None, start: int | None) -> bool:
            return end is not None and end <= (start or 0)

        return self.sheet_id == other.sheet_id and not (
            apart(self.bottom, other.top)
            or apart(other.bottom, self.top)
            or apart(self.right, other.left)
            or apart(other.right, self.left)
        )


def column_name(index: int) -> str:
    """The letters of a column that is counted from 0."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_index(name: str) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def of_grid_range(range_: Json) -> Area:
    return Area(
        int(range_.get("sheetId", 0)),
        range_.get("startRowIndex"),
        range_.get("endRowIndex"),
        range_.get("startColumnIndex"),
        range_.get("endColumnIndex"),
    )


def as_grid_range(area: Area) -> Json:
    sides = {
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }
    present = {name: side for name, side in sides.items() if side is not None}
    return {"sheetId": area.sheet_id, **present}


def quoted(title: str) -> str:
    """A tab's title as it stands in an address: in quotation marks where it must be."""
    if PLAIN_TITLE.match(title) and not A1.match(title) and not R1C1.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def as_a1(area: Area, sheet: Sheet) -> str:
    """A clamped area's address: `Ark1!A1:B2`, `'Mit ark'!C3`."""
    top, bottom, left, right = area.box()
    first = f"{column_name(left)}{top + 1}"
    last = f"{column_name(right - 1)}{bottom}"
    return f"{quoted(sheet.title)}!{first}" + ("" if first == last else f":{last}")


def parsed(book: Spreadsheet, text: str) -> Area:
    """The area that an address means: A1, R1C1, a tab's or a named range's name.

    Raises:
        RefusalError: nothing of the kind, or no such tab.
    """
    found = _cells(text, book.sheets[0].id) if book.sheets else None
    if found is not None:
        return found
    named = _named(book, text)
    if named is not None:
        return named
    match = SHEET_AND_CELLS.match(text)
    if match is None:  # a title with an apostrophe in it, without any around it
        match = BARE_SHEET_AND_CELLS.match(text)
    if match is None:
        raise unparsable(text)
    title = match[1].replace("''", "'") if match[1] is not None else match[2]
    sheet = book.titled(title)
    if sheet is None:
        raise unparsable(text)
    if match[3] is None:
        return Area(sheet.id)
    cells = _cells(match[3], sheet.id) or _named(book, match[3])
    if cells is None:
        raise unparsable(text)
    return cells


def _named(book: Spreadsheet, name: str) -> Area | None:
    for named in book.named_ranges:
        if named["name"].casefold() == name.casefold():
            return of_grid_range(named["range"])
    return None


def _cells(text: str, sheet_id: int) -> Area | None:
    """`A1`, `A:B`, `2:3`, `A2:B`, `R1C1:R2C2`; None for anything else."""
    match = R1C1.match(text)
    if match is not None:
        top, left, bottom, right = (int(n) if n else None for n in match.groups())
        if not top or not left:
            return None
        return _ordered(sheet_id, (left - 1, top - 1), ((right or left) - 1, (bottom or top) - 1))
    match = A1.match(text)
    if match is None or not text:
        return None
    first = _corner(match[1], match[2])
    if ":" not in text:
        return None if None in first else _ordered(sheet_id, first, first)
    last = _corner(match[3], match[4])
    if first == (None, None) or last == (None, None):
        return None
    if (first[0] is None) != (last[0] is None) and (first[1] is None) != (last[1] is None):
        return None
    return _ordered(sheet_id, first, last)


def _corner(letters: str | None, digits: str | None) -> tuple[int | None, int | None]:
    return (column_index(letters) if letters else None, int(digits) - 1 if digits else None)


def _ordered(
    sheet_id: int, first: tuple[int | None, int | None], last: tuple[int | None, int | None]
) -> Area:
    """The area between two corners (column, row), whichever comes first."""
    left, right = _span(first[0], last[0])
    top, bottom = _span(first[1], last[1])
    return Area(sheet_id, top, bottom, left, right)


def _span(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    if first is None or last is None:
        return (last if first is None else first), None
    return min(first, last), max(first, last) + 1


def unparsable(text: str) -> Exception:
    return invalid(f"Unable to parse range: {text}")


def on_grid(book: Spreadsheet, area: Area) -> tuple[Sheet, Area]:
    """The tab and the area clamped to it.

    Raises:
        RefusalError: it begins beyond the grid.
    """
    sheet = book.sheet(area.sheet_id)
    if (area.top or 0) >= sheet.rows or (area.left or 0) >= sheet.columns:
        raise invalid(
            f"Range ({unclamped(area, sheet)}) exceeds grid limits. "
            f"Max rows: {sheet.rows}, max columns: {sheet.columns}"
        )
    return sheet, area.clamped(sheet)


def unclamped(area: Area, sheet: Sheet) -> str:
    """An area's address as it was asked for, open ends left open: `Ark1!A1001:B`."""
    first = f"{column_name(area.left or 0)}{(area.top or 0) + 1}"
    letters = "" if area.right is None else column_name(area.right - 1)
    last = letters + ("" if area.bottom is None else str(area.bottom))
    return f"{quoted(sheet.title)}!{first}" + ("" if last in ("", first) else f":{last}")
