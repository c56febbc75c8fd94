"""The workbook's shared strings, read when the first cell asks for one."""

from __future__ import annotations

from functools import cached_property

from sync.xlsx.markup import read_tree, shown_text
from sync.xlsx.sheets import WorkbookParts
from sync.xlsx.text import decode
from sync.xlsx.zip_package import Package

_USUAL_PART = "xl/sharedStrings.xml"


class SharedStrings:
    """The shared strings of one workbook, as plain text."""

    def __init__(self, package: Package, book: WorkbookParts) -> None:
        self._package = package
        related = (r.part for r in book.relations if r.kind == "sharedStrings")
        part = next(related, _USUAL_PART)
        self._part = part if part in package else None

    def at(self, index: str) -> str | None:
        """Return the string that a cell's `v` names, or None if there is none."""
        index = index.strip()
        if not (index.isascii() and index.isdecimal() and len(index) <= 9):
            return None
        return self._all[int(index)] if int(index) < len(self._all) else None

    @property
    def lengths(self) -> list[int]:
        """How many characters each string has."""
        return list(map(len, self._all))

    @property
    def longest_possible(self) -> int:
        """A number of characters that no string has more of, told without parsing them."""
        if self._part is None:
            return 0
        data = self._package.read(self._part)
        if b"<!" in data:  # what looks like a string's end may be none
            return len(data)
        return max(map(len, data.split(b"</si")))

    @cached_property
    def _all(self) -> list[str]:
        if self._part is None:
            return []
        root = read_tree(self._package, self._part)
        return [decode(shown_text(one)) for one in root.iterfind(".//{*}si")]
