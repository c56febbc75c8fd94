"""The little that is worked out of formulas: the four operations, references, SUM."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.google_server.areas import A1, Area, column_index
from tests.google_server.locales import Locale, locale_of
from tests.google_server.model import Cell, Sheet, Spreadsheet, entered

Json = dict[str, Any]
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:[.,]\d+)?)|(?P<name>[A-Za-z]+)(?=\()|"
    r"(?P<tab>'(?:[^']|'')+'!|[^\W\d]\w*!)?(?P<first>\$?[A-Za-z]{1,3}\$?\d+)"
    r"(?::(?P<last>\$?[A-Za-z]{1,3}\$?\d+))?|(?P<mark>[-+*/();,]))"
)
DIVIDED = {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 cannot be zero."}
UNKNOWN = {"type": "ERROR", "message": "Formula parse error."}
DEEPEST = 50


class NoValueError(Exception):
    """A formula comes to an error value; the argument is the API's ErrorValue."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["type"])
        self.error = error


def evaluated(book: Spreadsheet, sheet: Sheet, place: tuple[int, int]) -> Cell:
    """The cell with its formula's result: what a test gave, or what comes out."""
    cell = sheet.cells[place]
    formula = entered(cell).get("formulaValue")
    if formula is None or "result" in cell:
        return cell
    return {**cell, "result": _result(book, sheet, formula, 0)}


def _result(book: Spreadsheet, sheet: Sheet, formula: str, depth: int) -> Json:
    try:
        return {"numberValue": _Formula(book, sheet, formula[1:], depth).value()}
    except NoValueError as wrong:
        return {"errorValue": wrong.error}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    tab: str | None = None
    last: str | None = None


class _Formula:
    """A formula while it is read: sums of products of numbers, references, SUM and brackets."""

    def __init__(self, book: Spreadsheet, sheet: Sheet, text: str, depth: int) -> None:
        if depth > DEEPEST:
            raise NoValueError({"type": "REF", "message": "Circular dependency detected."})
        self.book, self.sheet, self.depth = book, sheet, depth
        self.locale: Locale = locale_of(book.locale)
        self.tokens = self._tokens(text.strip())

    def _tokens(self, text: str) -> list[_Token]:
        tokens, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise NoValueError(UNKNOWN)
            kind = next(k for k in ("number", "name", "first", "mark") if match[k])
            tokens.append(_Token(kind, match[kind], match["tab"], match["last"]))
            at = match.end()
        return tokens

    def value(self) -> float:
        result = self.total()
        if self.tokens:
            raise NoValueError(UNKNOWN)
        return result

    def next_is(self, *marks: str) -> bool:
        return bool(self.tokens) and self.tokens[0].text in marks

    def take(self) -> _Token:
        if not self.tokens:
            raise NoValueError(UNKNOWN)
        return self.tokens.pop(0)

    def total(self) -> float:
        result = self.product()
        while self.next_is("+", "-"):
            sign = 1 if self.take().text == "+" else -1
            result += sign * self.product()
        return result

    def product(self) -> float:
        result = self.single()
        while self.next_is("*", "/"):
            if self.take().text == "*":
                result *= self.single()
                continue
            divisor = self.single()
            if divisor == 0:
                raise NoValueError(DIVIDED)
            result /= divisor
        return result

    def single(self) -> float:
        token = self.take()
        if token.text == "-":
            return -self.single()
        if token.text == "(":
            result = self.total()
            self.close()
            return result
        if token.kind == "number":
            return float(token.text.replace(self.locale.decimal, "."))
        if token.kind == "first" and token.last is None:
            return sum(self.numbers(token))
        if token.kind == "name" and token.text.upper() == "SUM":
            return self.sum()
        raise NoValueError(UNKNOWN)

    def close(self) -> None:
        if self.take().text != ")":
            raise NoValueError(UNKNOWN)

    def sum(self) -> float:
        self.take()
        result = 0.0
        while not self.next_is(")"):
            if self.tokens and self.tokens[0].last:
                result += sum(self.numbers(self.take()))
            else:
                result += self.total()
            if self.next_is(";", ","):
                self.take()
        self.close()
        return result

    def numbers(self, token: _Token) -> list[float]:
        """The numbers in a referenced area; an error in it is the formula's own."""
        sheet = self.sheet
        if token.tab is not None:
            named = self.book.titled(token.tab[:-1].strip("'").replace("''", "'"))
            if named is None:
                raise NoValueError({"type": "REF", "message": "Unresolved sheet name."})
            sheet = named
        address = token.text + (f":{token.last}" if token.last else "")
        match = A1.match(address)
        assert match is not None
        left, top, right, bottom = match[1], match[2], match[3] or match[1], match[4] or match[2]
        area = Area(0, int(top) - 1, int(bottom), column_index(left), column_index(right) + 1)
        return [
            self.number(sheet, cell)
            for (row, column), cell in sheet.cells.items()
            if area.holds(row, column)
        ]

    def number(self, sheet: Sheet, cell: Cell) -> float:
        value = entered(cell)
        if "formulaValue" in value:
            value = cell.get("result") or _result(
                self.book, sheet, value["formulaValue"], self.depth + 1
            )
        if "errorValue" in value:
            raise NoValueError(value["errorValue"])
        return float(value.get("numberValue", 0))
