"""What is worked out of formulas: numbers, texts, references, the operators, a few functions.

A formula is read into steps that are taken when they are needed, so that IF leaves its other
branch alone. Anything that is not known comes to `#ERROR!`, as a formula that cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.google_server.areas import Area, column_index
from tests.google_server.functions import (
    DIVIDED,
    FUNCTIONS,
    UNKNOWN,
    WRONG,
    NoValueError,
    Operand,
    Referred,
    Step,
    Value,
    number_of,
    text_of,
)
from tests.google_server.locales import Locale, locale_of
from tests.google_server.model import Cell, Sheet, Spreadsheet, entered

Json = dict[str, Any]
TOKEN = re.compile(
    r"""\s*(?:
    "(?P<text>(?:[^"]|"")*)"
    | (?P<tab>'(?:[^']|'')+'!|[^\W\d]\w*!)?
      (?:(?P<cell>\$?[A-Za-z]{1,3}\$?\d+)(?![\w(])
       | (?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w(])
       | (?P<rows>\$?\d+:\$?\d+))
    | (?P<number>\d+(?:[.,]\d+)?)
    | (?P<name>[A-Za-z]+)(?=\()
    | (?P<mark><=|>=|<>|[-+*/();,&=<>:])
    )""",
    re.VERBOSE,
)
KINDS = ("text", "cell", "columns", "rows", "number", "name", "mark")
CIRCULAR = {"type": "REF", "message": "Circular dependency detected."}
NO_TAB = {"type": "REF", "message": "Unresolved sheet name."}
DEEPEST = 50
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: bool(one == other),
    "<>": lambda one, other: bool(one != other),
    "<": lambda one, other: bool(one < other),
    ">": lambda one, other: bool(one > other),
    "<=": lambda one, other: bool(one <= other),
    ">=": lambda one, other: bool(one >= other),
}


def evaluated(book: Spreadsheet, sheet: Sheet, place: tuple[int, int]) -> Cell:
    """The cell with its formula's result: what a test gave, or what comes out."""
    cell = sheet.cells[place]
    formula = entered(cell).get("formulaValue")
    if formula is None or "result" in cell:
        return cell
    return {**cell, "result": _result(book, sheet, place, 0)}


def _result(book: Spreadsheet, sheet: Sheet, place: tuple[int, int], depth: int) -> Json:
    formula = entered(sheet.cells[place])["formulaValue"]
    if formula[1:].strip().upper() in ("TRUE", "FALSE"):
        return {"boolValue": formula[1:].strip().upper() == "TRUE"}
    try:
        value = _Formula(book, sheet, place, depth).worked_out(formula[1:])
    except NoValueError as wrong:
        return {"errorValue": wrong.error}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": value or 0}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    tab: str


class _Formula:
    """A formula of the cell at `place` while it is read and worked out."""

    def __init__(self, book: Spreadsheet, sheet: Sheet, place: tuple[int, int], depth: int) -> None:
        if depth > DEEPEST:
            raise NoValueError(CIRCULAR)
        self.book, self.sheet, self.place, self.depth = book, sheet, place, depth
        self.locale: Locale = locale_of(book.locale)
        self.tokens: list[_Token] = []

    def worked_out(self, text: str) -> Value:
        self.tokens = list(self._tokens(text.strip()))
        step = self._comparison()
        if self.tokens:
            raise NoValueError(UNKNOWN)
        return self.value(step())

    @staticmethod
    def _tokens(text: str) -> list[_Token]:
        tokens, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise NoValueError(UNKNOWN)
            kind = next(kind for kind in KINDS if match[kind] is not None)
            tokens.append(_Token(kind, match[kind], match["tab"] or ""))
            at = match.end()
        return tokens

    # Reading: each level reads what binds closer than itself.

    def _next_is(self, *marks: str) -> bool:
        first = self.tokens[0] if self.tokens else None
        return first is not None and first.kind == "mark" and first.text in marks

    def _take(self) -> _Token:
        if not self.tokens:
            raise NoValueError(UNKNOWN)
        return self.tokens.pop(0)

    def _comparison(self) -> Step:
        left = self._joined()
        while self._next_is(*COMPARISONS):
            left = self._compared(left, self._take().text, self._joined())
        return left

    def _compared(self, left: Step, mark: str, right: Step) -> Step:
        def step() -> Operand:
            one, other = _alike(self.value(left()), self.value(right()))
            return COMPARISONS[mark](one, other)

        return step

    def _joined(self) -> Step:
        left = self._sum()
        while self._next_is("&"):
            self._take()
            left = self._both(left, self._sum(), lambda a, b: text_of(a) + text_of(b))
        return left

    def _sum(self) -> Step:
        left = self._product()
        while self._next_is("+", "-"):
            sign = 1 if self._take().text == "+" else -1
            left = self._added(left, sign, self._product())
        return left

    def _added(self, left: Step, sign: int, right: Step) -> Step:
        return self._both(left, right, lambda a, b: number_of(a) + sign * number_of(b))

    def _product(self) -> Step:
        left = self._signed()
        while self._next_is("*", "/"):
            reckon = _times if self._take().text == "*" else _divided
            left = self._both(left, self._signed(), reckon)
        return left

    def _both(self, left: Step, right: Step, reckon: Callable[[Value, Value], Value]) -> Step:
        return lambda: reckon(self.value(left()), self.value(right()))

    def _signed(self) -> Step:
        if self._next_is("-", "+"):
            sign = -1 if self._take().text == "-" else 1
            step = self._signed()
            return lambda: sign * number_of(self.value(step()))
        return self._range()

    def _range(self) -> Step:
        first = self._single()
        if not self._next_is(":"):
            return first
        self._take()
        last = self._single()
        return lambda: self._spanned(first(), last())

    def _single(self) -> Step:
        token = self._take()
        match token.kind:
            case "text":
                text = token.text.replace('""', '"')
                return lambda: text
            case "number":
                number = float(token.text.replace(self.locale.decimal, "."))
                return lambda: number
            case "cell" | "columns" | "rows":
                return lambda: self._referred(token)
            case "name":
                return self._called(token.text.upper())
        if token.text != "(":
            raise NoValueError(UNKNOWN)
        step = self._comparison()
        self._close()
        return step

    def _close(self) -> None:
        if self._take().text != ")":
            raise NoValueError(UNKNOWN)

    def _called(self, name: str) -> Step:
        self._take()
        steps: list[Step] = []
        while not self._next_is(")"):
            steps.append(self._comparison())
            if self._next_is(";", ","):
                self._take()
        self._close()
        if name not in FUNCTIONS:
            raise NoValueError(UNKNOWN)
        return lambda: FUNCTIONS[name](self, steps)

    # Working out.

    def _referred(self, token: _Token) -> Referred:
        sheet = self.sheet
        if token.tab:
            named = self.book.titled(token.tab[:-1].strip("'").replace("''", "'"))
            if named is None:
                raise NoValueError(NO_TAB)
            sheet = named
        first, _, last = token.text.replace("$", "").partition(":")
        if token.kind == "columns":
            return Referred(sheet, Area(0, None, None, column_index(first), column_index(last) + 1))
        if token.kind == "rows":
            return Referred(sheet, Area(0, int(first) - 1, int(last)))
        letters = first.rstrip("0123456789")
        row, column = int(first[len(letters) :]) - 1, column_index(letters)
        return Referred(sheet, Area(0, row, row + 1, column, column + 1))

    @staticmethod
    def _spanned(first: Operand, last: Operand) -> Referred:
        """The area from one reference to another."""
        if not (isinstance(first, Referred) and isinstance(last, Referred)):
            raise NoValueError(WRONG)
        boxes = [one.area.clamped(one.sheet).box() for one in (first, last)]
        tops, bottoms, lefts, rights = zip(*boxes, strict=True)
        return Referred(first.sheet, Area(0, min(tops), max(bottoms), min(lefts), max(rights)))

    def values(self, operand: Operand) -> list[Value]:
        """All values of an operand; of an area those of the cells that hold something."""
        if not isinstance(operand, Referred):
            return [operand]
        return [
            self._value_of(operand.sheet, place)
            for place in operand.sheet.cells
            if operand.area.holds(*place)
        ]

    def value(self, operand: Operand) -> Value:
        """The one value of an operand; None for an empty cell."""
        if not isinstance(operand, Referred):
            return operand
        top, bottom, left, right = operand.area.clamped(operand.sheet).box()
        if (bottom - top, right - left) != (1, 1):
            raise NoValueError(WRONG)
        place = (top, left)
        return self._value_of(operand.sheet, place) if place in operand.sheet.cells else None

    def _value_of(self, sheet: Sheet, place: tuple[int, int]) -> Value:
        cell = sheet.cells[place]
        value = entered(cell)
        if "formulaValue" in value:
            value = cell.get("result") or _result(self.book, sheet, place, self.depth + 1)
        if "errorValue" in value:
            raise NoValueError(value["errorValue"])
        found: Value = next(iter(value.values()), None)
        return found


def _times(one: Value, other: Value) -> Value:
    return number_of(one) * number_of(other)


def _divided(one: Value, other: Value) -> Value:
    if number_of(other) == 0:
        raise NoValueError(DIVIDED)
    return number_of(one) / number_of(other)


def _alike(one: Value, other: Value) -> tuple[Any, Any]:
    """Two values so that they can be compared: an empty cell is as 0 or an empty text."""
    if isinstance(one, str) or isinstance(other, str):
        if isinstance(one, int | float) or isinstance(other, int | float):  # numbers before texts
            return isinstance(one, str), isinstance(other, str)
        return text_of(one).casefold(), text_of(other).casefold()
    return number_of(one), number_of(other)
