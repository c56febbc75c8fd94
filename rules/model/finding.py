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

Fact = str | int | Decimal | Fraction | date | tuple[str, ...]


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    ERROR = N_("fejl")
    WARNING = N_("advarsel")
    INFO = N_("info")

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


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
