"""What a person wants corrected in a workbook's cells, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rules.model.finding import Correction


class Left(Enum):
    """Why a cell was left as it is."""

    CHANGED = "something else stands there by now"
    FORMULA = "the cell belongs to a formula"
    TABLE = "the cell is a header or a total of an Excel table"
    NO_FORMAT = "no cell of its column is formatted for it; format the cell, and try again"
    STILL_TEXT = "its format keeps it a text; format the column, and type it again"
    NOT_SURE = "Google might take it for a number, a date or a formula; type it yourself"


@dataclass(frozen=True, slots=True)
class CorrectionOutcome:
    """The cells that were left, each with the reason.

    `has_old_sums` says that a spreadsheet program has to work out the formulas first.
    """

    left: tuple[tuple[Correction, Left], ...]
    has_old_sums: bool
