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
    | x+ | [\W_]+
    """,
    re.VERBOSE,
)


def is_vacancy(name: str) -> bool:
    """Whether a name stands for a position that nobody holds: »Vakant«, »N.N.«, »?«."""
    key = name_key(name) or name.strip()
    return bool(_NOBODY.fullmatch(key))
