"""The tab Advarsler, wherever it stands: its columns, their widths, and where its rows begin."""

from __future__ import annotations

from typing import NamedTuple

from rules.text.language import Language
from rules.text.marking import N_

HEADER_ROW = 3
FIRST_ROW = 4


class WarningsColumn(NamedTuple):
    """A column's header, in Danish, and its width in characters."""

    header: str
    width: float


WARNINGS_COLUMNS = (
    WarningsColumn(N_("Alvor"), 12.0),
    WarningsColumn(N_("Kode"), 10.0),
    WarningsColumn(N_("Fane"), 16.0),
    WarningsColumn(N_("Celle"), 9.0),
    WarningsColumn(N_("Felt"), 22.0),
    WarningsColumn(N_("Besked"), 60.0),
    WarningsColumn(N_("Sådan retter du"), 52.0),
    WarningsColumn(N_("Først set"), 20.0),
)
LINK_AT = 3
"""The place of »Celle« in a row, from 0: its text leads to the cell."""


def warnings_headers(language: Language) -> tuple[str, ...]:
    """The headers in a language."""
    return tuple(language.text(column.header) for column in WARNINGS_COLUMNS)
