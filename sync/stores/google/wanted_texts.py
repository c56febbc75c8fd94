"""What a column Kontrol shall show, by what its rows hold, wherever they stand by then. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.text.job_texts import is_control_text
from rules.text.marking import N_
from sync.findings.owned import ControlColumn
from sync.i18n.language import _
from sync.stores.base import TryAgain
from sync.stores.google.request_builders import LONGEST
from sync.stores.google.snapshot import SpreadsheetSnapshot
from sync.stores.google.staff_content import row_keys

CHANGED = N_("Regnearket blev ændret under kontrollen. Næste kontrol skriver.")


@dataclass(frozen=True, slots=True)
class WantedTexts:
    """What the column Kontrol of a tab shall show: texts by the key of what their row holds.

    `column` is where it is to stand if no column has the header. `keys` are those of all rows when
    it was read, and `notes` what others had typed into the column by then. Where `is_former` the
    tab is none of ours any more: the job's texts go, and its mark.
    """

    gid: int
    column: int
    header: str
    keys: Mapping[int, str]
    header_key: str
    texts: Mapping[str, str]
    notes: frozenset[str]
    is_former: bool

    def texts_now(self, keys: Mapping[int, str]) -> dict[int, str]:
        """The texts by the rows that have these keys now.

        A row that somebody has typed in since keeps what it was to show: the next run looks at it.
        """
        there = set(keys.values())
        texts = {}
        for row, key in keys.items():
            before = self.keys.get(row, "")
            known = key if key in self.texts or before in there else before
            if known in self.texts and known != self.header_key:
                texts[row] = self.texts[known]
        return texts


def wanted_texts(snapshot: SpreadsheetSnapshot, column: ControlColumn) -> WantedTexts:
    """What a column shall show, by what its rows hold.

    Raises:
        TryAgain: the tab is not there any more.
    """
    tab = snapshot.tab(column.tab)
    if tab is None:
        raise TryAgain(_(CHANGED))
    keys = row_keys(tab, column.header)
    texts = {keys[row]: text[:LONGEST] for row, text in column.texts.items() if row in keys}
    key = keys.get(column.header_row, "")
    notes = (text for text in tab.column(column.column).values() if not is_control_text(text))
    return WantedTexts(
        tab.gid, column.column, column.header, keys, key, texts, frozenset(notes), column.is_former
    )
