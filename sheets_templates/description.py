"""What a report holds, before it is known how it looks or what kind of file it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto

TITLE_ROW, MOMENT_ROW = 1, 2
MARK = "helhedsplan"
"""The document property by which the job knows files of its own making."""


class Kind(Enum):
    """What a column holds, and so how it looks."""

    TEXT = auto()
    AMOUNT = auto()
    DATE = auto()
    PERCENT = auto()
    COUNT = auto()


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a file (a relative or absolute address) and perhaps a cell in it."""

    text: str
    address: str
    cell: str = ""


ReportCell = str | int | Decimal | date | Link | None
"""A cell: amounts are kroner as Decimal, shares are from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a report sheet; `width` in characters."""

    text: str
    kind: Kind = Kind.TEXT
    width: float = 16.0


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A sheet: a title, a line below it, and a table. `bold_rows` are indexes into `rows`.

    `severity_column` is the index of a column whose word (Fejl, Advarsel, Info) is coloured.
    """

    name: str
    title: str
    line: str
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[ReportCell]]
    bold_rows: frozenset[int] = frozenset()
    severity_column: int | None = None
