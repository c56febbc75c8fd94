"""How wide text is in Arial, in points: no program tells before it draws, so it is reckoned."""

from __future__ import annotations

import math

_BY_WIDTH = {
    191: "'",
    222: "ijl",
    278: "ftI!,./:;[]\\ ",
    333: "r()-`{}",
    355: '"*',
    500: "cksvxyzJ",
    611: "FTZø+<=>~",
    667: "ABEKPSVXY&Å",
    722: "wCDHNRU■▬",
    778: "GOQØ●",
    833: "mM",
    900: "%æ▲",
    944: "W",
    1000: "Æ…@—",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
_OTHERS, _EM = 556, 1000
_BOLD = 1.11
"""How much wider bold letters are, at most."""
_DRAWN_WIDER = 1.03
"""Programs draw letters on whole dots, and so a little wider."""


def points_of(text: str, size: float = 10, *, bold: bool = False) -> float:
    """The width of a text in one line."""
    width = sum(_WIDTHS.get(letter, _OTHERS) for letter in text)
    return width * size / _EM * _DRAWN_WIDER * (_BOLD if bold else 1)


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
