"""How wide text is in Arial, in points: no program tells before it draws, so it is reckoned."""

from __future__ import annotations

import math
from functools import lru_cache

_BY_WIDTH = {
    191: "'",
    222: "ijl",
    278: "ftI!,./:;[]\\ ",
    333: "r()-`{}",
    355: '"*',
    500: "cksvxyzJ",
    611: "FTZø+<=>~",
    667: "ABEKPSVXY&Å",
    722: "wCDHNRU",
    778: "GOQØ",
    833: "mM",
    889: "%æ",
    944: "W",
    1000: "Æ@",
}
"""Letters by their width in thousandths of the size; all others are as wide as a digit."""
_OTHERS, _STEP = 556, 4
POINTS_IN_A_WIDTH = 5.25
"""A column's width counts digits of Arial 10, and those of Calibri 11 just as well."""
CALIBRI = 11
"""The size at which Arial takes what Calibri 11 takes, or a little more."""


def _table() -> bytes:
    """The width of each letter of Latin-1, in steps, so that a text is measured at once."""
    widths = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
    return bytes(round(widths.get(chr(code), _OTHERS) / _STEP) for code in range(256))


_TABLE = _table()
_BOLD = 1.11
"""How much wider bold letters are, at most."""
_DRAWN_WIDER = 1.03
"""Programs draw letters on whole dots, and so a little wider."""


def points_of(text: str, size: float = 10, *, bold: bool = False) -> float:
    """The width of a text in one line."""
    width = sum(text.encode("latin-1", "replace").translate(_TABLE)) * _STEP
    return width * size / 1000 * _DRAWN_WIDER * (_BOLD if bold else 1)


@lru_cache(maxsize=65_536)
def lines_in(text: str, room: float, size: float = 10, *, bold: bool = False) -> int:
    """How many lines a text takes in a room of so many points, words kept whole where they fit."""
    lines = 0
    blank = points_of(" ", size, bold=bold)
    for paragraph in text.split("\n"):
        lines += 1
        if points_of(paragraph, size, bold=bold) <= room:
            continue
        used = 0.0
        for word in paragraph.split(" "):
            width = points_of(word, size, bold=bold)
            if used and used + blank + width > room:
                lines, used = lines + 1, 0.0
            used += width + (blank if used else 0)
            if used > room:
                lines += math.ceil(used / room) - 1
                used %= room
    return lines
