"""How many lines a text takes in a cell: no program tells before it draws, so it is reckoned."""

from __future__ import annotations

import math

LETTERS_IN_A_WIDTH = 1.06
"""A column's width counts digits; of letters, which are narrower on average, more find room."""


def lines_needed(text: str, room: float) -> int:
    """How many lines a text takes, words kept whole; `room` in characters."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > room:
                lines, used = lines + 1, 0.0
            used += len(word) + (1 if used else 0)
            if used > room:
                lines += math.ceil(used / room) - 1
                used %= room
    return lines
