"""What the staff typed into a spreadsheet, to be compared with what stood there before. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from rules.model.tables import CONTROL_HEADER
from rules.text.job_texts import is_control_text, own_number
from sync.stores.google.snapshot import SheetSnapshot, SpreadsheetSnapshot, text_of

_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]+")


def row_keys(tab: SheetSnapshot, header: str) -> dict[int, str]:
    """What each row of a tab is known by: what was typed besides the column with the job's header.

    Neither the order of the columns nor their number counts, so that a row is known again after
    columns have been moved; a formula counts without its references. Rows that are alike are
    numbered.
    """
    keys: dict[int, str] = {}
    alike: Counter[str] = Counter()
    number = own_number(header, CONTROL_HEADER)
    headed = [
        column
        for _, cells in tab.raw.rows
        for column, text in enumerate(map(text_of, cells), 1)
        if own_number(text, CONTROL_HEADER) == number
    ]
    own = next((column for column in headed if column in tab.marks.values()), next(iter(headed), 0))
    typed: dict[int, list[str]] = defaultdict(list)
    for (row, column), text in _typed(tab).items():
        if column != own and not is_control_text(text) and not own_number(text, CONTROL_HEADER):
            typed[row].append(_REFERENCE.sub("", text) if text.startswith("=") else text)
    for row, texts in sorted(typed.items()):
        content = "\x1f".join(sorted(texts))
        key = hashlib.blake2b(content.encode(), digest_size=12).hexdigest()
        alike[key] += 1
        keys[row] = f"{key}-{alike[key]}"
    return keys


def _typed(tab: SheetSnapshot) -> dict[tuple[int, int], str]:
    """What stands in a tab as text by row and column, and of formulas their texts."""
    texts = {
        (row, column): text
        for row, cells in tab.raw.rows
        for column, cell in enumerate(cells, 1)
        if (text := text_of(cell)).strip()
    }
    return {**texts, **tab.formulas}


def staff_content(
    snapshot: SpreadsheetSnapshot, columns: Mapping[int, int]
) -> list[tuple[Any, ...]]:
    """Everything in a spreadsheet that is not the job's, at its place, to be compared.

    `columns` are the columns Kontrol by the ids of their tabs.
    """
    return [
        (tab.gid, tab.raw.name, dict(tab.raw.comments), _cells(tab, columns.get(tab.gid)))
        for tab in snapshot.tabs
        if not tab.is_page
    ]


def _cells(tab: SheetSnapshot, owned: int | None) -> list[tuple[tuple[int, int], str]]:
    return sorted((place, text) for place, text in _typed(tab).items() if place[1] != owned)


def digest_of(snapshot: SpreadsheetSnapshot) -> str:
    """A digest of what is not the job's in a spreadsheet whose columns are marked."""
    columns = {tab.gid: column for tab in snapshot.tabs for column in tab.marks.values()}
    content = repr(staff_content(snapshot, columns)).encode()
    return hashlib.blake2b(content, digest_size=16).hexdigest()
