"""What a cell offers and says when it is chosen: drop-downs, dates, amounts, and hints.

Every validation only warns: whoever means what they typed may go on, and the job's own check says
what is wrong with it in the column Kontrol.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rules.tables import AMOUNT_HINT, FIRST_YEAR, LAST_YEAR, Column, Kind
from sheets_templates.lists import Lists

LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""Excel's limits for the two lines of a prompt."""

_DAY_ZERO = date(1899, 12, 30)
_FIRST_DAY = (date(FIRST_YEAR, 1, 1) - _DAY_ZERO).days
_LAST_DAY = (date(LAST_YEAR, 12, 31) - _DAY_ZERO).days
_DATE_ERROR = f"Skriv en dato fra {FIRST_YEAR} til {LAST_YEAR} med dag først, f.eks. 31-12-2026."
_AMOUNT_ERROR = "Skriv beløbet som et tal i kroner og uden tekst, for eksempel 250000."
_NUMBER_ERROR = "Skriv et tal på 0 eller mere, for eksempel 37 eller 32,5."
_CHOICE_ERROR = "Vælg et af ordene på listen. Pilen til højre for cellen viser dem."


def add_validation(sheet: Worksheet, area: str, column: Column, lists: Lists) -> None:
    """Add the validation of a column's kind to the cells; plain text gets the hint alone."""
    match column.kind:
        case Kind.CHOICE:
            found = _warning("list", _CHOICE_ERROR, lists.source(column))
        case Kind.DATE:
            found = _warning("date", _DATE_ERROR, str(_FIRST_DAY), str(_LAST_DAY))
        case Kind.AMOUNT:
            found = _warning("decimal", _AMOUNT_ERROR, "0")
        case Kind.NUMBER:
            found = _warning("decimal", _NUMBER_ERROR, "0")
        case Kind.TEXT | Kind.EMAIL:
            found = DataValidation(allow_blank=True)
    _prompt(found, column.header, column.hint)
    found.add(area)
    sheet.add_data_validation(found)


def add_year_validation(sheet: Worksheet, area: str) -> None:
    """Add the validation of the year columns, which have no `Column` of their own."""
    found = _warning("decimal", _AMOUNT_ERROR, "0")
    _prompt(found, "Årets beløb", AMOUNT_HINT)
    found.add(area)
    sheet.add_data_validation(found)


def add_hint(sheet: Worksheet, place: str, column: Column) -> None:
    """Show the column's hint when the cell (its header) is chosen."""
    found = DataValidation(allow_blank=True)
    _prompt(found, column.header, column.hint)
    found.add(place)
    sheet.add_data_validation(found)


def _warning(
    kind: Literal["list", "date", "decimal"], error: str, first: str, last: str | None = None
) -> DataValidation:
    """A validation that asks and does not block."""
    found = DataValidation(allow_blank=True, showErrorMessage=True)
    found.type = kind
    found.errorStyle = "warning"
    found.errorTitle, found.error = "Tjek cellen", error
    found.formula1, found.formula2 = first, last
    if kind != "list":
        found.operator = "between" if last else "greaterThanOrEqual"
    return found


def _prompt(validation: DataValidation, title: str, hint: str) -> None:
    validation.showInputMessage = bool(hint)
    validation.promptTitle = title[:LONGEST_TITLE] if hint else None
    validation.prompt = hint[:LONGEST_MESSAGE] or None
