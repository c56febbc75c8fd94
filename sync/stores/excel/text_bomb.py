"""How much text a workbook's cells hold when each has its own copy of a text that they share.

Readers give every cell its text. A file of half a megabyte can let 200,000 cells refer to one long
text, which then are gigabytes; so they are counted before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.xlsx.damage import Damage, PackageError
from sync.xlsx.markup import local, parse
from sync.xlsx.sheets import Sheet, WorkbookParts
from sync.xlsx.strings import SharedStrings
from sync.xlsx.zip_package import Package

_SMALLEST_CELL = len('<c t="s"><v>1</v></c>')


def refuse_repeated_text(
    package: Package, workbook: WorkbookParts, worksheets: Iterable[Sheet], most: int
) -> None:
    """Raise an error if the cells' shared texts have more than `most` characters together.

    Raises:
        PackageError: they have, or a part is damaged.
    """
    shared = SharedStrings(package, workbook)
    parts = [sheet.part for sheet in worksheets]
    cells = sum(len(package.read(one)) for one in parts) // _SMALLEST_CELL
    if shared.longest_possible * cells <= most:  # nearly all workbooks: no look at each cell
        return
    counter = _Counter(shared.lengths, most)
    for one in parts:
        parse(package.read(one), one, counter.start, counter.end, counter.text)


class _Counter:
    """Adds up the texts to which cells refer."""

    def __init__(self, lengths: list[int], most: int) -> None:
        self._lengths, self._most = lengths, most
        self._total = 0
        self._is_shared = self._listens = False
        self._words: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._is_shared = attributes.get("t") == "s"
        self._listens = tag == "v" and self._is_shared

    def text(self, characters: str) -> None:
        if self._listens:
            self._words.append(characters)

    def end(self, _: str) -> None:
        if not self._listens:
            return
        self._listens = False
        index = "".join(self._words).strip()
        self._words.clear()
        if index.isascii() and index.isdecimal() and len(index) <= 9:
            self._total += self._length(int(index))
            if self._total > self._most:
                raise PackageError(Damage.TOO_LARGE, "the cells hold too much text")

    def _length(self, index: int) -> int:
        return self._lengths[index] if index < len(self._lengths) else 0
