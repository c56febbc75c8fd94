"""What the workbook's styles make of a number: a date, a text, or a number."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.xlsx.markup import local, parse
from sync.xlsx.sheets import WorkbookParts
from sync.xlsx.zip_package import Package

_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_TEXT = 49
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class Shows(enum.Enum):
    """How a cell with this style shows a number."""

    NUMBER = enum.auto()
    DATE = enum.auto()
    TIME = enum.auto()
    TEXT = enum.auto()


@dataclass(frozen=True, slots=True)
class Formats:
    """For each cell style, by its number, how it shows a number."""

    styles: Sequence[Shows]

    def of(self, style: str | None) -> Shows:
        """How this style shows a number; a cell without one has the first."""
        number = int(style) if style and style.isascii() and style.isdecimal() else 0
        return self.styles[number] if number < len(self.styles) else Shows.NUMBER


def read_formats(package: Package, book: WorkbookParts) -> Formats:
    """Read them from the styles part; a workbook without one shows plain numbers.

    Raises:
        PackageError: the styles part is damaged.
    """
    part = next((r.part for r in book.relations if r.kind == "styles"), None)
    if part is None or part not in package:
        return Formats(())
    codes: dict[int, str] = {}
    numbers: list[int] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(local(name))
        match path[1:]:
            case ["numFmts", "numFmt"]:
                codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            case ["cellXfs", "xf"]:
                numbers.append(_number(attributes.get("numFmtId")))

    parse(package.read(part), part, start, lambda _: path.pop())
    return Formats(tuple(_shows(number, codes) for number in numbers))


def _shows(number: int, codes: Mapping[int, str]) -> Shows:
    if number in codes:
        return _shows_code(codes[number])
    if number in _DATES:
        return Shows.DATE
    if number in _TIMES:
        return Shows.TIME
    return Shows.TEXT if number == _TEXT else Shows.NUMBER


def _shows_code(code: str) -> Shows:
    plain = _NOT_CODE.sub("", code.partition(";")[0]).lower()
    if "general" in plain or "standard" in plain:
        return Shows.NUMBER
    if "d" in plain or "y" in plain or "å" in plain:
        return Shows.DATE
    if "h" in plain or "s" in plain:
        return Shows.TIME
    return Shows.TEXT if "@" in plain else Shows.NUMBER


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 6 else 0
