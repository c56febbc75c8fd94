"""The secretariat's waivers and comments as they stand in their place: tabs found, rows read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from rules.model.cells import Cell, RawTab, cell_text
from rules.model.tables import HEADER_SEARCH_ROWS, Column
from rules.text.danish import name_key
from rules.text.dates import parse_date
from rules.text.marking import N_
from rules.text.personal_numbers import masked
from sheets_templates.template.waiver_sheet import COLUMNS, COMMENT_COLUMNS, COMMENTS_TAB, TAB
from sync.findings.comment_lines import Comment
from sync.findings.waiver_lines import Waiver
from sync.findings.waivers import with_problem
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain, Unreadable, WaiverPlace

_UNREADABLE = N_("Undtagelserne kan ikke læses. Indtil de kan læses, er ingen fund accepteret.")
_NO_COMMENTS = N_("Fanen Bemærkninger kan ikke læses. Indtil da står bemærkningerne, som de var.")
_NOT_SETTLED = re.compile(r"\W*($|(nej|ikke|no|not|falsk|false)\b)", re.IGNORECASE)
"""What stands in »Løst« where it is not."""


def tabs_of(place: WaiverPlace) -> Sequence[RawTab]:
    """Its tabs; none where there is no place yet.

    Raises:
        TryAgain: it cannot be opened now.
        NeedsPerson: it is no workbook.
    """
    try:
        return place.tabs()
    except TryAgain as error:
        raise TryAgain(_(_UNREADABLE)) from error
    except Unreadable as error:
        raise NeedsPerson(_(_UNREADABLE)) from error


def waivers_in(tabs: Sequence[RawTab]) -> list[Waiver]:
    """The waivers in the order in which they stand.

    Raises:
        NeedsPerson: the tab is missing, or has no headers.
    """
    tab = _named(tabs, TAB)
    if tab is None and tabs:
        raise NeedsPerson(f"{_(_UNREADABLE)} {_('Fanen {tab} mangler.').format(tab=TAB)}")
    lines = _lines(tab, COLUMNS, _(_UNREADABLE)) if tab else ()
    return [with_problem(_waiver(row, cells)) for row, cells in lines]


def comments_in(tabs: Sequence[RawTab]) -> list[Comment]:
    """The comments in the order in which they stand; none in a workbook without their tab.

    Raises:
        NeedsPerson: the tab has no headers.
    """
    tab = _named(tabs, COMMENTS_TAB)
    lines = _lines(tab, COMMENT_COLUMNS, _(_NO_COMMENTS)) if tab else ()
    return [_comment(row, cells) for row, cells in lines]


def _named(tabs: Sequence[RawTab], name: str) -> RawTab | None:
    return next((one for one in tabs if name_key(one.name) == name_key(name)), None)


def _lines(
    tab: RawTab, columns: Sequence[Column], unreadable: str
) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """The rows that hold something, below the headers: the cells by the columns' keys."""
    rows = iter(tab.rows)
    for row, cells in rows:
        if row <= HEADER_SEARCH_ROWS and (places := _places(cells, columns)):
            break
    else:
        changed = _("En af fanens overskrifter mangler eller er ændret.")
        raise NeedsPerson(f"{unreadable} {changed}")
    for row, cells in rows:
        there = {key: cells[place] for key, place in places.items() if place < len(cells)}
        if any(map(cell_text, there.values())):
            yield row, there


def _places(cells: Sequence[Cell], columns: Sequence[Column]) -> dict[str, int]:
    """Where the columns stand, by their keys; empty where this is not the header row."""
    keys = {name_key(column.header): column.key for column in columns}
    needed = {column.key for column in columns if column.required or column.must_be_there}
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if key := keys.get(name_key(cell_text(cell))):
            places.setdefault(key, place)
    return places if places.keys() >= needed else {}


def _waiver(row: int, cells: Mapping[str, Cell]) -> Waiver:
    texts = {key: cell_text(cell) for key, cell in cells.items()}
    return Waiver(
        row=row,
        plan_id=texts.get("plan_id", ""),
        code=texts.get("code", "").upper(),
        workbook=texts.get("workbook", ""),
        tab=texts.get("tab", ""),
        spot=texts.get("spot", ""),
        reason=texts.get("reason", ""),
        by=texts.get("by", ""),
        until=_day(cells.get("until")),
    )


def _comment(row: int, cells: Mapping[str, Cell]) -> Comment:
    texts = {key: masked(cell_text(cell)) for key, cell in cells.items()}
    return Comment(
        row=row,
        plan_id=texts.get("plan_id", ""),
        code=texts.get("code", "").upper(),
        workbook=texts.get("workbook", ""),
        tab=texts.get("tab", ""),
        spot=texts.get("spot", ""),
        text=texts.get("text", ""),
        by=texts.get("by", ""),
        on=_day(cells.get("on")),
        is_settled=cells.get("settled") is not False
        and not _NOT_SETTLED.match(texts.get("settled", "")),
    )


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return parse_date(cell) if isinstance(cell, str) else None
