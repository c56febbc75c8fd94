"""The secretariat's waivers as they stand in their place: the tab is found, its rows are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from rules.model.cells import Cell, RawTab, cell_text
from rules.model.tables import HEADER_SEARCH_ROWS
from rules.text.danish import name_key
from rules.text.dates import parse_date
from rules.text.marking import N_
from sheets_templates.template.waiver_sheet import COLUMNS, TAB
from sync.findings.waiver_lines import Waiver
from sync.findings.waivers import with_problem
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain, Unreadable, WaiverPlace

_UNREADABLE = N_("Undtagelserne kan ikke læses. Indtil de kan læses, er ingen fund accepteret.")


def waivers_in(place: WaiverPlace) -> list[Waiver]:
    """The waivers in the order in which they stand; none where there is no place yet.

    Raises:
        TryAgain: it cannot be opened now.
        NeedsPerson: it is no workbook, or its tab has no headers.
    """
    try:
        tabs = place.tabs()
    except TryAgain as error:
        raise TryAgain(_(_UNREADABLE)) from error
    except Unreadable as error:
        raise NeedsPerson(_(_UNREADABLE)) from error
    if not tabs:
        return []
    tab = next((one for one in tabs if name_key(one.name) == name_key(TAB)), None)
    if tab is None:
        raise NeedsPerson(f"{_(_UNREADABLE)} {_('Fanen {tab} mangler.').format(tab=TAB)}")
    return list(_waivers(tab))


def _waivers(tab: RawTab) -> Iterator[Waiver]:
    rows = iter(tab.rows)
    for row, cells in rows:
        if row <= HEADER_SEARCH_ROWS and (places := _places(cells)):
            break
    else:
        changed = _("En af fanens overskrifter mangler eller er ændret.")
        raise NeedsPerson(f"{_(_UNREADABLE)} {changed}")
    for row, cells in rows:
        if waiver := _waiver(row, cells, places):
            yield waiver


def _places(cells: Sequence[Cell]) -> dict[str, int]:
    """Where the columns stand, by their keys; empty where this is not the header row."""
    keys = {name_key(column.header): column.key for column in COLUMNS}
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if key := keys.get(name_key(cell_text(cell))):
            places.setdefault(key, place)
    return places if all(column.key in places for column in COLUMNS if column.required) else {}


def _waiver(row: int, cells: Sequence[Cell], places: dict[str, int]) -> Waiver | None:
    """The waiver of a row; None where the row is empty."""
    there = {key: cells[place] for key, place in places.items() if place < len(cells)}
    texts = {key: cell_text(cell) for key, cell in there.items()}
    if not any(texts.values()):
        return None
    return with_problem(
        Waiver(
            row=row,
            plan_id=texts.get("plan_id", ""),
            code=texts.get("code", "").upper(),
            workbook=texts.get("workbook", ""),
            tab=texts.get("tab", ""),
            spot=texts.get("spot", ""),
            reason=texts.get("reason", ""),
            by=texts.get("by", ""),
            until=_day(there.get("until")),
        )
    )


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return parse_date(cell) if isinstance(cell, str) else None
