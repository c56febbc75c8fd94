"""CPR numbers in text: finding them, and hiding them in everything that is written.

The modulus-11 check is not used: numbers issued since 2007 need not pass it (source: cpr.dk).
"""

from __future__ import annotations

import re
from enum import StrEnum

MASK = "(cpr-nummer skjult)"

SHORTEST = len("0101700000")
"""No text under so many characters holds a CPR number."""

_DAY_OF_MONTH = r"(?:0[1-9]|[12]\d|30(?!02)|31(?!0[2469]|11))(?:0[1-9]|1[0-2])\d{2}"
_DASHES = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_BLANK = "[\\s\u200b-\u200d\u2060\ufeff\u00ad]"
_BETWEEN = rf"(?:{_BLANK}*[{_DASHES}]{_BLANK}*|{_BLANK}+)"
_SEPARATED = re.compile(rf"(?<!\d){_DAY_OF_MONTH}{_BETWEEN}\d{{4}}(?!\d)")
_BIRTHDAY_LONG = re.compile(r"\d{6}")
_BARE = re.compile(rf"(?<!\d){_DAY_OF_MONTH}\d{{4}}(?!\d)")


class CprMatch(StrEnum):
    """How sure it is that a text holds a CPR number."""

    WRITTEN_AS_CPR = "written as a CPR number"
    TEN_DIGITS = "ten bare digits"


def cpr_match(text: str) -> CprMatch | None:
    """The surest sign of a CPR number in the text, or None.

    A birthday of the 30th of February or the 31st of a short month is none; the 29th of February
    always is, since the century is not known.
    """
    if not _BIRTHDAY_LONG.search(text):
        return None
    if _SEPARATED.search(text):
        return CprMatch.WRITTEN_AS_CPR
    if _BARE.search(text):
        return CprMatch.TEN_DIGITS
    return None


def masked(text: str) -> str:
    """The text with everything that may be a CPR number replaced."""
    if len(text) < SHORTEST or not _BIRTHDAY_LONG.search(text):
        return text
    return _BARE.sub(MASK, _SEPARATED.sub(MASK, text))
