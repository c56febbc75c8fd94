"""What a cell offers and says when it is chosen: drop-downs, dates, amounts, and hints.

Every validation only warns: whoever means what they typed may go on, since the job reads more than
a spreadsheet does (»1,5 mio.«), and says in the column Kontrol what is wrong with the rest.
"""

from __future__ import annotations

from datetime import date

from rules.model.tables import AMOUNT_HINT, FIRST_YEAR, LAST_YEAR, MILESTONES, Column, Kind
from rules.text.language import Language
from rules.text.marking import N_
from sheets_templates.drawing.design import CellRange, Check, Validation
from sheets_templates.template.lists import Lists

_YEARS_AMOUNT = N_("Årets beløb")

_FIRST_DAY, _LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
_DATE_ERROR = N_(
    "Her skal der stå en dato fra {first} til {last}. Skriv dag, måned og år, for "
    "eksempel 31-12-2026."
)
_AMOUNT_ERROR = N_(
    "Her skal der stå et tal i kroner, for eksempel 250000. Kontrollen forstår også »1,5 mio.«, "
    "men regnearkets summer tæller det ikke med."
)
_NUMBER_ERROR = N_("Her skal der stå et tal på 0 eller mere, for eksempel 37 eller 32,5.")
_CHOICE_ERROR = N_("Ordet står ikke på listen. Vælg et ord med pilen til højre for cellen.")


def validation_of(column: Column, area: CellRange, lists: Lists) -> Validation:
    """What the cells of a column offer; plain text gets its hint alone."""
    said = lists.language.text
    title, hint = column.header, said(column.hint)
    if column is MILESTONES.column("activity_number"):
        source = lists.source(column)
        return Validation(area, Check.LIST, title, hint, said(_CHOICE_ERROR), source)
    match column.kind:
        case Kind.CHOICE:
            source = lists.source(column)
            return Validation(area, Check.LIST, title, hint, said(_CHOICE_ERROR), source)
        case Kind.DATE:
            days = (_FIRST_DAY, _LAST_DAY)
            error = said(_DATE_ERROR).format(first=FIRST_YEAR, last=LAST_YEAR)
            return Validation(area, Check.DATE, title, hint, error, None, *days)
        case Kind.AMOUNT:
            return Validation(area, Check.AMOUNT, title, hint, said(_AMOUNT_ERROR), None, 0)
        case Kind.NUMBER:
            return Validation(area, Check.NUMBER, title, hint, said(_NUMBER_ERROR), None, 0)
        case Kind.TEXT | Kind.EMAIL:
            return Validation(area, Check.NOTHING, title, hint)


def year_validation(area: CellRange, language: Language) -> Validation:
    """What the year columns offer, which have no `Column` of their own."""
    title, hint, error = map(language.text, (_YEARS_AMOUNT, AMOUNT_HINT, _AMOUNT_ERROR))
    return Validation(area, Check.AMOUNT, title, hint, error, None, 0)
