"""A correction of a cell: its present text, and the value that it should hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.text.cell_names import cell_name

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
