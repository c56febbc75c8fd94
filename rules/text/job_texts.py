"""The texts that the job writes into workbooks, and the names of its places, known again."""

from __future__ import annotations

import re
from functools import lru_cache

_LINE = re.compile(r"[^\W\d_]{2,}(?: .*)?: .*\([A-Z]{3}-\d\d\)")
FINE = "OK"
"""What the column Kontrol says of a row without findings."""
COMMENT = "SEKRETARIATET: "
"""What a line begins with that the secretariat has written, below the row's findings."""
_CUT_FROM = 32_000
"""Characters: a text as long as that may have been cut, and its last line has no end."""


def is_control_text(text: str) -> bool:
    """Whether a text is one that the job writes into the column Kontrol, and not somebody's own.

    In whatever language it was written: `FEJL Budget: … (CEL-02)`, a line for every finding.
    """
    return text in {"", FINE} or says_finding(text)


def says_finding(text: str) -> bool:
    """Whether every line of a text is a finding as the job writes it, or a comment below them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text) > _CUT_FROM:
        lines.pop()
    found = [line for line in lines if not line.startswith(COMMENT)]
    if len(found) < len(lines) and found in ([], [FINE]):
        return True
    return bool(found) and all(map(_is_finding, found))


def _is_finding(line: str) -> bool:
    word = line.partition(" ")[0].rstrip(":")
    return word.isupper() and _LINE.fullmatch(line) is not None


@lru_cache(maxsize=1_024)
def own_number(name: str, own: str) -> int | None:
    """1 for `Kontrol`, 2 for `Kontrol 2`, and so on; None for any other name.

    Case and blanks do not count; a colon or a parenthesis makes another name of it.
    """
    own = own.casefold()
    if name.lstrip()[:1].casefold() != own[0]:
        return None
    key = "".join(name.casefold().split())
    number = key.removeprefix(own)
    if key == own:
        return 1
    is_numbered = key.startswith(own) and number.isascii() and number.isdecimal()
    return int(number) if is_numbered and len(number) < 4 and int(number) > 1 else None


def own_name(own: str, number: int) -> str:
    """`Kontrol`, `Kontrol 2`, …"""
    return own if number == 1 else f"{own} {number}"
