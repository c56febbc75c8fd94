"""Corrections that a person has looked at, made in a spreadsheet while others work in it.

Each is a `findReplace` of one cell: Google puts the new value there only where the whole cell still
holds the text that was read, and takes it as somebody types it. What stands there afterwards tells
how it came out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from rules.model.cells import Cell, cell_text
from rules.model.finding import CorrectedValue, Correction
from rules.text.cell_names import CellRange
from sync.i18n.language import _
from sync.stores.base import NeedsPerson
from sync.stores.google.refusals import Conflict, Unclear
from sync.stores.google.request_builders import Json, grid_range, has_decimal_comma
from sync.stores.google.requests import Requests
from sync.stores.google.snapshot import MASK, SpreadsheetSnapshot, snapshot_of
from sync.xlsx.corrections import Left
from sync.xlsx.text import FORMULA_STARTS


def corrected(
    requests: Requests, spreadsheet_id: str, seen: SpreadsheetSnapshot, texts: Sequence[Correction]
) -> tuple[tuple[Correction, Left], ...]:
    """Put the values in the place of their texts, by one request; what was left, and why.

    Raises:
        NeedsPerson: Google refuses, as where a cell is protected from the account.
        StoreError: Google does not answer.
    """
    asked = [one for one in texts if _is_sure(one.value)]
    left = [(one, Left.NOT_SURE) for one in texts if not _is_sure(one.value)]
    changes = [
        change
        for one in asked
        if (change := _change(seen, one, typed(one.value, seen.locale))) is not None
    ]
    now = seen
    if changes:
        try:
            now = snapshot_of(requests.change(spreadsheet_id, changes, MASK))
        except Conflict as error:
            said = _("Google vil ikke rette cellerne. Måske er en af dem beskyttet mod ændringer.")
            raise NeedsPerson(said) from error
        except Unclear:
            now = snapshot_of(requests.spreadsheet(spreadsheet_id, MASK))
    reasons = ((one, _reason(_standing(now, one), one, seen.locale)) for one in asked)
    return (*left, *((one, reason) for one, reason in reasons if reason is not None))


def _change(seen: SpreadsheetSnapshot, one: Correction, replacement: str) -> Json | None:
    """The request for one cell; None where it does not hold the text any more."""
    tab = seen.tab(one.tab)
    standing = _standing(seen, one)
    if tab is None or not isinstance(standing, str) or cell_text(standing) != one.text:
        return None
    return {
        "findReplace": {
            "find": standing,
            "replacement": replacement,
            "matchCase": True,
            "matchEntireCell": True,
            "includeFormulas": False,
            "range": grid_range(tab.gid, CellRange(one.row, one.column, one.row, one.column)),
        }
    }


def _standing(snapshot: SpreadsheetSnapshot, one: Correction) -> Cell:
    tab = snapshot.tab(one.tab)
    cells = next((cells for row, cells in tab.raw.rows if row == one.row), ()) if tab else ()
    return cells[one.column - 1] if len(cells) >= one.column else None


def _reason(standing: Cell, one: Correction, locale: str) -> Left | None:
    """Why a cell does not hold the value that was wanted; None where it does."""
    if standing == (float(one.value) if isinstance(one.value, Decimal) else one.value):
        return None
    if not isinstance(standing, str):
        return Left.CHANGED
    if cell_text(standing) == typed(one.value, locale):
        return Left.STILL_TEXT
    return Left.FORMULA if cell_text(standing) == one.text else Left.CHANGED


def typed(value: CorrectedValue, locale: str) -> str:
    """A value as a person types it in a spreadsheet of this locale."""
    match value:
        case Decimal():
            number = f"{value.quantize(Decimal('0.01' if value % 1 else '1')):f}"
            return number.replace(".", ",") if has_decimal_comma(locale) else number
        case date():
            return f"{value:%d-%m-%Y}" if locale.startswith("da") else f"{value:%Y-%m-%d}"
        case _:
            return value


def _is_sure(value: CorrectedValue) -> bool:
    """Whether Google takes the typed value for nothing else: figures may become a number."""
    if not isinstance(value, str) or "@" in value:
        return True
    return not value.startswith(FORMULA_STARTS) and not any(map(str.isdigit, value))
