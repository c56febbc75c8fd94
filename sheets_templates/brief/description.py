"""What the two pages for a steering group hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.text.language import Language
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import Chart, Figure


@dataclass(frozen=True, slots=True)
class BriefTable:
    """A table of texts. `widths` are shares of the page; the columns in `numbers` stand right.

    `marks` are for the words in a cell: which mark one that begins so has. `rest` says what is left
    out, `empty` is shown in place of no rows.
    """

    title: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    marks: Sequence[tuple[str, Mark]] = ()
    rest: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """The two pages: the state and the money on the first, the rest on the second.

    `language` is that of the texts, for what is worded while they are drawn.
    """

    title: str
    lines: Sequence[str]
    figures: Sequence[Figure]
    money: str
    chart: Chart | None
    funding: BriefTable
    tables: Sequence[BriefTable]
    footer: str
    language: Language
