"""Names of nobody: what stands in the place of a name while a position is vacant."""

from __future__ import annotations

import re

from rules.text.danish import name_key

_NOBODY = re.compile(
    r"""
      (?:vakant|vacant|ubesat|ledig|vakance|ikke\ (?:be|an)sat|opslås|opslået|slås\ op|genopslås
        |under\ (?:be|an)sættelse|under\ rekruttering|tbd|tba|uafklaret|ukendt|navn\ følger)\b.*
    | (?:ledig|vakant|ubesat)e?\ .*
    | .*\b(?:vakant|ubesat|vacant)
    | (?:stilling(?:en)?|ny|kommende)\ .*(?:opslået|opslås|ledig|stilling|medarbejder|leder
        |koordinator|ansættelse|kollega)
    | ny(?:ansættelse)?
    | n\.?[ /]?n\.?(?:\ \d+|\ [ivx]+)?
    | x*
    """,
    re.VERBOSE,
)
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
"""Parentheses, quotes and dashes around a name, and all of »?«."""


def is_vacancy(name: str) -> bool:
    """Whether a name stands for a position that nobody holds: »(vakant)«, »N.N.«, »?«."""
    return bool(name.strip()) and bool(_NOBODY.fullmatch(_AROUND.sub("", name_key(name))))
