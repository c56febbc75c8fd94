"""Which files are plan workbooks, by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import PurePath

from rules.text.copy_names import is_copy_by_name
from rules.text.marking import N_

PATTERNS = ("*.xlsx", "*.xlsm", "*.xls")
_READ = (".xlsx", ".xlsm", ".xls")
_OTHER_FORMATS = (".ods", ".xlsb", ".numbers", ".csv")
"""In which a workbook may be saved by mistake; without a word it would only be missing."""
_DAY = re.compile(r" \d{4}-\d{2}-\d{2}(?=\.[^.]*$)")
CLOSED = N_("Mappen kan ikke åbnes. Giv kontrollen adgang.")
NO_FOLDER = N_("Mappen {folder} findes ikke eller kan ikke nås.")
SHORTCUT = N_("Det er en genvej. Læg selve filen eller mappen her.")


def workbooks_among(names: Collection[str], patterns: Sequence[str]) -> Iterator[str]:
    """Those of the names in one folder that are workbooks.

    Patterns are matched without regard to case; hidden, temporary and lock files never are. One of
    another format is, where no workbook has the same stem.
    """
    folded = [pattern.casefold() for pattern in patterns]
    stems = {PurePath(name).stem for name in names if PurePath(name).suffix.casefold() in _READ}
    for name in names:
        if name.startswith(("~$", ".")) or name.casefold().endswith(".tmp"):
            continue
        if any(fnmatch(name.casefold(), pattern) for pattern in folded) or (
            is_other_format(name) and PurePath(name).stem not in stems
        ):
            yield name


def is_other_format(name: str) -> bool:
    """Whether a file is a spreadsheet of a kind that is not read."""
    return name.casefold().endswith(_OTHER_FORMATS)


def is_copy_of_any(name: str, originals: Collection[str]) -> bool:
    """Whether a file is a copy of one of these by its name: with a day in it, or as programs do."""
    dated = bool(_DAY.search(name)) and _DAY.sub("", name) in originals
    return dated or any(is_copy_by_name(name, one) for one in originals)
