"""Names of copies, which say by themselves or beside another's name that they are copies.

| Made by | Name of a copy of `Plan.xlsx` |
| --- | --- |
| OneDrive | `Plan-DESKTOP-4F2K9.xlsx` |
| Windows | `Plan - Kopi.xlsx`, `Plan - Kopi (2).xlsx`, `Plan - Kopie.xlsx` |
| browsers | `Plan (1).xlsx` |
| Excel, LibreOffice and people | `Kopi af Plan.xlsx`, `Plan kopi 2.xlsx` |
| Dropbox | `Plan (Annas modstridende kopi 2026-11-23).xlsx`, `Plan (Kopi fra pc7).xlsx` |
| Nextcloud | `Plan (conflicted copy 2026-11-23).xlsx`, `Plan_conflict-20261123-101500.xlsx` |
| Syncthing | `Plan.sync-conflict-20261123-101500-ABCDEFG.xlsx` |
| Office, after a fault | `Plan (Gendannet).xlsx`, `Plan [Repareret].xlsx` |
| people, for safety | `Plan backup 2026-11-23.xlsx`, `Sikkerhedskopi af Plan.xlsx` |
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = r"(?:\s*\(?\d{1,3}\)?)?"
_COPY = r"(?:kopi[ea]?|copy)"
_BEFORE = re.compile(rf"{_COPY}{_NUMBER}\s+(?:af|av|of|von)\s+", re.IGNORECASE)
_BEHIND = re.compile(
    rf"""
      \s*\(\d{{1,3}}\)                                   # (1)
    | \s*[-–_]?\s*{_COPY}{_NUMBER}                       # - Kopi (2)
    | \s*\([^()]*(?:kopi|copy|conflict|konflikt)[^()]*\) # (Annas modstridende kopi …)
    | [._-](?:sync-)?conflict-[\w-]+                     # .sync-conflict-…
    | -(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{{1,14}}      # -DESKTOP-4F2K9
    """,
    re.VERBOSE,
)
_BEHIND_ANY_CASE = re.compile(_BEHIND.pattern.rpartition("|")[0], re.VERBOSE | re.IGNORECASE)
_SAYS_COPY = re.compile(
    r"""
      \b\w*kopi(?:en|[ea])?\b | \bcop(?:y|ie|ies)\b | conflicted | \bsync-conflict- | \ conflict-\d
    | [(\[][^()\[\]]*(?:konflikt|conflict)[^()\[\]]*[)\]]
    | back-?up | \bbak\b | gendannet | genoprettet | genskabt | recover(?:y|ed) | autorecover
    | autosaved | autogendan | gemt\ automatisk | autogem | repareret | repaired
    | \(\d{1,3}\)$
    """,
    re.VERBOSE | re.IGNORECASE,
)


def says_copy(path: str) -> bool:
    """Whether the file's name says that it is a copy, a recovered file or a backup."""
    return bool(_SAYS_COPY.search(_stem(path).replace("_", " ")))


def is_copy_by_name(path: str, original: str) -> bool:
    """Whether the file's name is what a program calls a copy of `original`."""
    name, of = _stem(path), _stem(original)
    before = _BEFORE.match(name)
    if before and name[before.end() :].casefold() == of.casefold():
        return True
    if not name.casefold().startswith(of.casefold()):
        return False
    behind = name[len(of) :]
    return bool(_BEHIND.fullmatch(behind) or _BEHIND_ANY_CASE.fullmatch(behind))


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, _ = name.rpartition(".")
    return unicodedata.normalize("NFC", stem if dot else name)
