"""A finding: a rule that does not hold, the place, and the facts. The words are added later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from rules.text.cell_names import cell_name
from rules.text.marking import N_

MOST_FINDINGS = 1_000
"""More of one workbook are counted and not listed (STR-11)."""
LEFT_OUT = "STR-11"

Fact = str | int | Decimal | Fraction | date | tuple[str, ...]


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    ERROR = N_("fejl")
    WARNING = N_("advarsel")
    INFO = N_("info")

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return tuple(Severity).index(self)


class Place(NamedTuple):
    """Where a finding points: a workbook, and in it a tab, and in it a cell (both from 1).

    `header` is the Danish name of the column (in the form tab: of the field), for the reader.
    """

    workbook: str
    tab: str | None = None
    row: int | None = None
    column: int | None = None
    header: str | None = None

    @property
    def cell(self) -> str | None:
        """The cell's address as the spreadsheet writes it (`F7`), or None."""
        if self.row is None or self.column is None:
            return None
        return cell_name(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule at a place.

    `identity` recognises the row when rows have been moved. `variant` picks one of the
    rule's other wordings, `severity` is set where it differs from the rule's.
    """

    code: str
    place: Place
    facts: Mapping[str, Fact] = field(default_factory=dict)
    identity: str = ""
    variant: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding in words, as it is shown. Rows and columns count from 1.

    `tab` and `cell` are None where the finding is about the whole workbook or tab. `columns` are
    all that it is about where they are several.
    """

    workbook: str
    tab: str | None
    row: int | None
    column_number: int | None
    cell: str | None
    column: str | None
    code: str
    severity: Severity
    message: str
    fix: str
    columns: tuple[str, ...] = ()


CorrectedValue = str | Decimal | date


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell, its present text, and the value to put in its place: amounts are kroner.

    `header` is the column's name, `code` the finding's. It is empty for a date typed as text: that
    is read, but the spreadsheet itself does not see that it is one.
    """

    tab: str
    row: int
    column: int
    text: str
    value: CorrectedValue
    header: str = ""
    code: str = ""

    @property
    def cell(self) -> str:
        """The cell's address, such as »B7«."""
        return cell_name(self.row, self.column)
