"""Which version of the template a workbook was made from, and what has changed since.

The mark is a number on the hidden tab »Lister«. It is in no tab that staff fill in, moves with the
workbook when it is copied, and stands in Excel and in Google at the same place.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.model.cells import RawWorkbook, cell_text
from rules.text.danish import name_key
from rules.text.marking import N_

LISTS_TAB = "Lister"
MARK_HEADER = "Skabelon"
VERSION = 2
_UNMARKED_HEADER = "Planens program, dets første række og antal"
"""What stood at the place of the mark in version 1."""

CHANGES: Mapping[int, tuple[str, ...]] = {
    2: (
        N_("Fanen Vejledning forklarer faner og regler."),
        N_("Finansiering viser den lokale medfinansiering, mens du skriver."),
        N_("Godkendelser viser det næste trin."),
        N_("Milepæle har en liste over indsatsernes numre, og overskredne datoer bliver røde."),
        N_("Felter med sumformler er beskyttet uden kode."),
    )
}
"""For each version what is new in it, to be put into words."""


def version_of(workbook: RawWorkbook) -> int | None:
    """The version of the template that the workbook was made from; None if from none of ours."""
    for tab in workbook.tabs:
        if name_key(tab.name) != name_key(LISTS_TAB):
            continue
        rows = dict(tab.rows)
        first = cell_text(rows[1][0]) if rows.get(1) else ""
        if first == _UNMARKED_HEADER:
            return 1
        mark = rows[2][0] if first == MARK_HEADER and rows.get(2) else None
        if isinstance(mark, int | float) and 0 < mark <= VERSION:
            return int(mark)
    return None


def changes_since(version: int) -> tuple[str, ...]:
    """What newer versions of the template have that this one has not."""
    return tuple(one for newer in sorted(CHANGES) if newer > version for one in CHANGES[newer])
