"""How a number format shows a whole number, as far as it may be seen as a CPR number."""

from __future__ import annotations

import re
from itertools import chain, repeat

_PIECE = re.compile(r'"[^"]*"?|\\.|\[[^\]]*\]|_.|\*.|.', re.DOTALL)
_DIGITS = "0#?"
_CPR_DIGITS = 10
_GROUPED_OR_BROKEN = frozenset(",%/Ee.")
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"} | dict.fromkeys(range(37, 45), "#,##0")


def built_in_format(number: int) -> str:
    """The code of a format that every spreadsheet has; empty for one that shows digits alone."""
    return _BUILT_IN.get(number, "")


def shown_number(number: float, code: str) -> str:
    """A number of so many digits as its format shows it: `000000-0000` makes `010170-1234`.

    Empty where the format shows it as it is, and where it makes an amount or a share of it.
    """
    pieces = [p for p in _PIECE.findall(code.partition(";")[0]) if p[0] not in "[_*"]
    places = sum(piece in _DIGITS for piece in pieces)
    if not places:
        return ""
    if any(piece in _GROUPED_OR_BROKEN for piece in pieces):
        return f"{number:,.0f}".replace(",", ".")
    least = places if places == _CPR_DIGITS else sum(piece == "0" for piece in pieces)
    digits = f"{number:.0f}".rjust(least, "0")
    spare = max(0, len(digits) - places)
    given = chain([digits[: spare + 1]], digits[spare + 1 :], repeat(""))
    skipped = max(0, places - len(digits))
    shown = []
    for piece in pieces:
        if piece not in _DIGITS:
            shown.append(piece.strip('"') if piece[0] == '"' else piece[-1])
        elif skipped:
            skipped -= 1
        else:
            shown.append(next(given))
    return "".join(shown)
