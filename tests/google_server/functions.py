"""The functions that formulas may call here: those of the plan template's staff tabs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.google_server.areas import Area
from tests.google_server.model import Sheet

Json = dict[str, Any]
UNKNOWN = {"type": "ERROR", "message": "Formula parse error."}
WRONG = {"type": "VALUE", "message": "An array value could not be found."}
NO_NUMBER = {"type": "VALUE", "message": "A number was expected, and a text was found."}
DIVIDED = {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 cannot be zero."}
OUTSIDE = {"type": "REF", "message": "The reference is out of range."}


class NoValueError(Exception):
    """A formula comes to an error value; the argument is the API's ErrorValue."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["type"])
        self.error = error


@dataclass(frozen=True, slots=True)
class Referred:
    """An area that a formula means."""

    sheet: Sheet
    area: Area


Value = str | float | bool | None
Operand = Value | Referred
Step = Callable[[], Operand]


class Working(Protocol):
    """The formula that is being worked out."""

    place: tuple[int, int]

    def value(self, operand: Operand) -> Value: ...

    def values(self, operand: Operand) -> list[Value]: ...


def number_of(value: Value) -> float:
    """A value as a number; an empty one is 0."""
    if isinstance(value, str):
        raise NoValueError(NO_NUMBER)
    return float(value or 0)


def text_of(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _numbers(working: Working, steps: Sequence[Step]) -> list[float]:
    """The numbers among all arguments; texts in areas do not count."""
    return [
        value
        for step in steps
        for value in working.values(step())
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _sum(working: Working, steps: Sequence[Step]) -> Operand:
    return float(sum(_numbers(working, steps)))


def _count(working: Working, steps: Sequence[Step]) -> Operand:
    return float(len(_numbers(working, steps)))


def _max(working: Working, steps: Sequence[Step]) -> Operand:
    return max(_numbers(working, steps), default=0.0)


def _if(working: Working, steps: Sequence[Step]) -> Operand:
    if number_of(working.value(steps[0]())):
        return steps[1]()
    return steps[2]() if len(steps) > 2 else False


def _iferror(working: Working, steps: Sequence[Step]) -> Operand:
    try:
        return working.value(steps[0]())
    except NoValueError as wrong:
        if wrong.error == UNKNOWN:  # what is not known here may well have a value at Google
            raise
        return steps[1]() if len(steps) > 1 else None


def _index(working: Working, steps: Sequence[Step]) -> Operand:
    """A cell of an area; in an area of one row the number counts its columns."""
    referred = steps[0]()
    if not isinstance(referred, Referred):
        raise NoValueError(WRONG)
    numbers = [int(number_of(working.value(step()))) for step in steps[1:]]
    top, bottom, left, right = referred.area.clamped(referred.sheet).box()
    if len(numbers) == 1:
        numbers = [1, numbers[0]] if bottom - top == 1 else [numbers[0], 1]
    row, column = top + numbers[0] - 1, left + numbers[1] - 1
    if not (top <= row < bottom and left <= column < right):
        raise NoValueError(OUTSIDE)
    return Referred(referred.sheet, Area(0, row, row + 1, column, column + 1))


def _offset(working: Working, steps: Sequence[Step]) -> Operand:
    """An area so many rows and columns away, of the size that is given or of the same."""
    top, left = _corner(working, steps[:1])
    down, across, height, width = (
        int(number_of(working.value(steps[at]()))) if at < len(steps) else 1 for at in range(1, 5)
    )
    referred = steps[0]()
    assert isinstance(referred, Referred)
    top, left = top + down, left + across
    if min(top, left) < 0 or min(height, width) < 1:
        raise NoValueError(OUTSIDE)
    return Referred(referred.sheet, Area(0, top, top + height, left, left + width))


def _row(working: Working, steps: Sequence[Step]) -> Operand:
    return float(_corner(working, steps)[0] + 1)


def _column(working: Working, steps: Sequence[Step]) -> Operand:
    return float(_corner(working, steps)[1] + 1)


def _corner(working: Working, steps: Sequence[Step]) -> tuple[int, int]:
    """Where the first argument begins; without one, where the formula stands."""
    if not steps:
        return working.place
    referred = steps[0]()
    if not isinstance(referred, Referred):
        raise NoValueError(WRONG)
    top, _, left, _ = referred.area.clamped(referred.sheet).box()
    return top, left


def _round(working: Working, steps: Sequence[Step]) -> Operand:
    """Halves go away from zero."""
    number = number_of(working.value(steps[0]()))
    factor = 10.0 ** (number_of(working.value(steps[1]())) if len(steps) > 1 else 0)
    return math.copysign(math.floor(abs(number) * factor + 0.5) / factor, number)


def _int(working: Working, steps: Sequence[Step]) -> Operand:
    return float(math.floor(number_of(working.value(steps[0]()))))


FUNCTIONS: dict[str, Callable[[Working, Sequence[Step]], Operand]] = {
    "SUM": _sum,
    "COUNT": _count,
    "MAX": _max,
    "IF": _if,
    "IFERROR": _iferror,
    "INDEX": _index,
    "OFFSET": _offset,
    "ROW": _row,
    "COLUMN": _column,
    "ROUND": _round,
    "INT": _int,
}
