"""Conditional formats as they show: which rule holds for a cell, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.google_server.entering import as_entered
from tests.google_server.model import MAX_CELLS, Cell, Sheet, effective

Json = dict[str, Any]

TEXTS: dict[str, Callable[[str, str], bool]] = {
    "TEXT_CONTAINS": lambda text, word: word in text,
    "TEXT_NOT_CONTAINS": lambda text, word: word not in text,
    "TEXT_STARTS_WITH": lambda text, word: text.startswith(word),
    "TEXT_ENDS_WITH": lambda text, word: text.endswith(word),
    "TEXT_EQ": lambda text, word: text == word,
}
NUMBERS: dict[str, Callable[[float, list[float]], bool]] = {
    "NUMBER_GREATER": lambda number, limits: number > limits[0],
    "NUMBER_GREATER_THAN_EQ": lambda number, limits: number >= limits[0],
    "NUMBER_LESS": lambda number, limits: number < limits[0],
    "NUMBER_LESS_THAN_EQ": lambda number, limits: number <= limits[0],
    "NUMBER_EQ": lambda number, limits: number == limits[0],
    "NUMBER_NOT_EQ": lambda number, limits: number != limits[0],
    "NUMBER_BETWEEN": lambda number, limits: limits[0] <= number <= limits[1],
    "NUMBER_NOT_BETWEEN": lambda number, limits: not limits[0] <= number <= limits[1],
}


def formatted(sheet: Sheet, place: tuple[int, int], cell: Cell, locale: str) -> Json:
    """What the first rule that holds lays over a cell's format; a formula never holds."""
    for rule in sheet.attached.get("conditionalFormats", ()):
        boolean = rule.get("booleanRule")
        inside = boolean and any(_lies_in(range_, *place) for range_ in rule["ranges"])
        if inside and _holds(boolean.get("condition") or {}, cell, locale):
            found: Json = boolean.get("format") or {}
            return found
    return {}


def _lies_in(range_: Json, row: int, column: int) -> bool:
    return bool(
        range_.get("startRowIndex", 0) <= row < range_.get("endRowIndex", MAX_CELLS)
        and range_.get("startColumnIndex", 0) <= column < range_.get("endColumnIndex", MAX_CELLS)
    )


def _holds(condition: Json, cell: Cell, locale: str) -> bool:
    kind, value = condition.get("type"), effective(cell)
    if kind in ("BLANK", "NOT_BLANK"):
        return bool(value) is (kind == "NOT_BLANK")
    words = [one.get("userEnteredValue", "") for one in condition.get("values") or ()]
    if kind in TEXTS:
        text = str(next(iter(value.values()), "")).casefold()
        return TEXTS[kind](text, "".join(words[:1]).casefold())
    if kind not in NUMBERS or "numberValue" not in value:
        return False
    limits = [as_entered(word, locale)[0] for word in words]
    if not all("numberValue" in limit for limit in limits):
        return False
    return NUMBERS[kind](value["numberValue"], [limit["numberValue"] for limit in limits])
