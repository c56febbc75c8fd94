"""What the job owns in a workbook, as plain data: the columns Kontrol and the tab Advarsler."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.model.cells import OWN_TAB
from rules.model.plan import Workbook
from rules.model.tables import (
    CONTROL_HEADER,
    FIRST_ROW,
    HEADER_ROW,
    WARNINGS_TAB,
    warnings_headers,
)
from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.i18n.language import _, spoken

ACCEPTED = N_("accepteret")
"""Stands in the place of a severity where the secretariat has accepted a finding."""
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class ControlColumn:
    """What the column Kontrol of one tab shows: a text for every row that holds something."""

    tab: str
    column: int
    header_row: int
    is_new: bool
    texts: Mapping[int, str]
    header: str = CONTROL_HEADER
    is_former: bool = False
    """Of a tab that is none of ours any more: it is emptied."""


@dataclass(frozen=True, slots=True)
class WarningsRow:
    """One line of the tab Advarsler. `link` is the tab and cell that it points at."""

    cells: tuple[str, ...]
    link: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Owned:
    """Everything that the job shows in one workbook; `page` is the name of its tab Advarsler."""

    columns: tuple[ControlColumn, ...]
    summary: str
    rows: tuple[WarningsRow, ...]
    page: str = WARNINGS_TAB

    def digest(self) -> str:
        """What tells this from other contents; the time of the check does not count."""
        texts = {c.tab: dict(c.texts) for c in self.columns}
        rows: dict[int, tuple[str, ...]] = {HEADER_ROW: warnings_headers(spoken())}
        rows |= {n: row.cells for n, row in enumerate(self.rows, FIRST_ROW)}
        return _digest(texts, without_time(self.summary), rows)


@dataclass(frozen=True, slots=True)
class SideSheet:
    """What is written beside a workbook that cannot be written into.

    `reason` says in words for staff why it stands there and what to do.
    """

    reason: str
    owned: Owned


def overwritten_note(tab: str, cell: str, text: str) -> str:
    """What a run's report says of a text that somebody typed over one of the job's."""
    return _(
        "I fanen »{tab}«, celle {cell} i kolonnen Kontrol: »{text}« stod der, da kontrollen skrev."
    ).format(tab=quoted(tab), cell=cell, text=quoted(text, 200))


def without_time(summary: str) -> str:
    """A summary without the time of the check, which alone is no reason to write."""
    return summary.partition(_SEPARATOR)[2]


def _digest(
    texts: Mapping[str, Mapping[int, str]], summary: str, rows: Mapping[int, Sequence[str]]
) -> str:
    digest = hashlib.blake2b(summary.encode(), digest_size=16)
    for tab in sorted(texts):
        digest.update(f"\x1e{tab}".encode())
        for row, text in sorted(texts[tab].items()):
            digest.update(f"\x1d{row}\x1f{text}".encode())
    for row, cells in sorted(rows.items()):
        shown = "\x1f".join(cells).rstrip("\x1f")
        digest.update(f"\x1c{row}\x1f{shown}".encode())
    return digest.hexdigest()


def own_places(workbook: Workbook, *, has_page: bool) -> dict[str, str]:
    """What is the job's own in a workbook, as in `RawWorkbook.own`."""
    layouts = workbook.layouts.values()
    own = {one.name: one.control_header for one in layouts if one.control_column}
    return own | ({OWN_TAB: workbook.warnings_tab} if has_page else {})
