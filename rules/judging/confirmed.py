"""What somebody confirmed: a workbook's amounts, period, approvals and activities as they stood.

Remembered from run to run outside of the rules, as digests: what differs voids the confirmation.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rules.model.finding import Place
from rules.model.plan import Funding, Row, Workbook, row_identity
from rules.text.danish import name_key
from rules.text.marking import N_

_PERIOD = ("starts_on", "ends_on")
_WATCHED: Mapping[str, tuple[str, ...]] = {
    "activities": ("number", "effort_area", "activity", "target_group", "responsible",
                   "starts_on", "ends_on", "status", "budget_oere"),
    "funding": ("source", "type"),
    "approvals": ("step", "body", "sent_on", "decision", "decided_on", "round_number"),
    "accounts": ("year", "type", "spent_oere"),
}  # fmt: skip
"""The columns of each tab that are confirmed, besides the years of the funding.

The first is where a new row is named. Another name of a source is no change.
"""
_FEW = 100
"""Rows of which each may be compared with each."""


class ConfirmedRow(NamedTuple):
    """A row: a digest of what it is recognised by, and one of each cell that is not empty."""

    identity: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The confirmation of a workbook, with what stood there when it was first seen, by tab.

    `is_watched` says that the workbook had been seen without it: then it is no older than the
    check before.
    """

    on: date
    seen_on: date
    is_watched: bool
    rows: dict[str, tuple[ConfirmedRow, ...]]


ConfirmedPlan = Mapping[str, Confirmation | None]
"""The confirmations of a plan's workbooks, by `workbook_key`; None where one had none."""


class Standing(StrEnum):
    """What a confirmation is worth."""

    HOLDS = N_("Gælder")
    VOID = N_("Ændret siden")
    UNKNOWN = N_("Kan ikke efterprøves")
    LATER = N_("Datoen er ikke kommet endnu")
    UNNAMED = N_("Navnet mangler")
    UNDATED = N_("Datoen mangler")


class ConfirmedBy(NamedTuple):
    """Who confirmed a workbook and when, as it stands there, and what that is worth today."""

    workbook: str
    by: str
    on: date | None
    standing: Standing


class Changes(NamedTuple):
    """The cells that are new or differ, and the tabs in which a row is gone."""

    cells: tuple[Place, ...]
    tabs: tuple[str, ...]


class _Row(NamedTuple):
    """A row as it stands now: its number, and the columns that cannot be compared."""

    number: int
    skipped: frozenset[str]
    confirmed: ConfirmedRow


def confirmation_of(
    workbook: Workbook, key: str, known: ConfirmedPlan, today: date
) -> Confirmation | None:
    """The workbook's confirmation: the one that is known, or a new one of what stands there now."""
    form, before = workbook.form, known.get(key)
    if "confirmed_on" in form.unread or (before and before.on == form.confirmed_on):
        return before
    if form.confirmed_on is None:
        return None
    rows = {table: tuple(row.confirmed for row in now) for table, now in _tables(workbook)}
    return Confirmation(form.confirmed_on, today, key in known, rows)


def standing_of(
    workbook: Workbook, confirmation: Confirmation | None, today: date
) -> ConfirmedBy | None:
    """What the workbook says of its confirmation; None where it says nothing."""
    form = workbook.form
    on, by = form.confirmed_on, form.confirmed_by or ""
    if confirmation is None or on is None:
        if not by and "confirmed_on" not in form.unread:
            return None
        return ConfirmedBy(workbook.path, by, None, Standing.UNDATED)
    standing = Standing.HOLDS
    if any(changes_since(workbook, confirmation)):
        standing = Standing.VOID
    elif on > today:
        standing = Standing.LATER
    elif not confirmation.is_watched and on < confirmation.seen_on:
        standing = Standing.UNKNOWN
    elif not by:
        standing = Standing.UNNAMED
    return ConfirmedBy(workbook.path, by, on, standing)


def changes_since(workbook: Workbook, confirmation: Confirmation) -> Changes:
    """What has changed since the confirmation; of what cannot be read now nothing is said."""
    cells: list[Place] = []
    gone = []
    for table, now in _tables(workbook):
        before = confirmation.rows.get(table, ())
        matched, left = _matched(now, before)
        for row, old in zip(now, matched, strict=True):
            is_new = old is None and _matters(table, row.confirmed.cells)
            columns = _differing(row, old) if old else _WATCHED[table][:is_new]
            cells += [_place(workbook, table, row.number, column) for column in columns]
        if any(_matters(table, old.cells) for old in left):
            gone.append(workbook.layouts[table].name)
    return Changes(tuple(sorted(cells, key=lambda one: (one.tab or "", one[2:4]))), tuple(gone))


def _matters(table: str, cells: Mapping[str, str]) -> bool:
    """Whether a row that is new or gone is a change: one of the funding only with an amount."""
    return table != "funding" or any(map(str.isdecimal, cells))


def _place(workbook: Workbook, table: str, row: int, column: str) -> Place:
    if table == "plan":
        return workbook.field_place(column)
    layout = workbook.layouts[table]
    if column.isdecimal():
        year = int(column)
        return workbook.place(table, row, year if year in layout.years else _WATCHED[table][0])
    return workbook.place(table, row, column)


def _tables(workbook: Workbook) -> Iterator[tuple[str, Sequence[_Row]]]:
    """The rows of each tab whose watched columns are there."""
    form = workbook.form
    period = {key: getattr(form, key) for key in _PERIOD}
    skipped = form.unread | {key for key, day in period.items() if day is None}
    yield "plan", [_Row(0, skipped, ConfirmedRow("", _digests(period)))]
    for table, columns in _WATCHED.items():
        layout = workbook.layouts.get(table)
        if layout and layout.columns.keys() >= {*columns[:2]} and not layout.hides_amounts:
            missing = frozenset(columns) - layout.columns.keys()
            rows = getattr(workbook, table)
            yield table, [one for row in rows if (one := _row(row, columns, missing))]


def _row(row: Row, columns: Sequence[str], missing: frozenset[str]) -> _Row | None:
    """The row; None for a total row."""
    values = {column: getattr(row, column) for column in columns}
    unread = row.unread
    if isinstance(row, Funding):
        if row.is_total:
            return None
        values = {"type": row.type} | {str(year): oere for year, oere in row.years.items()}
        unread |= {str(year) for year in row.unread_years}
    cells = _digests(values | dict.fromkeys(unread, "?"))
    return _Row(row.row, unread | missing, ConfirmedRow(_digest(row_identity(row)), cells))


def _digests(values: Mapping[str, object]) -> dict[str, str]:
    """A digest of each value; 0 is as good as none."""
    return {key: _digest(value) for key, value in values.items() if value}


def _digest(value: object) -> str:
    text = name_key(value) if isinstance(value, str) else str(value)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _matched(
    now: Sequence[_Row], before: Sequence[ConfirmedRow]
) -> tuple[list[ConfirmedRow | None], list[ConfirmedRow]]:
    """What each row was when it was confirmed, None for a new one; and the rows that are gone.

    A row is the same by all that it holds, else by what it is recognised by, else by its cells, at
    last by all of them but one.
    """
    found: dict[int, ConfirmedRow] = {}
    left = dict(enumerate(before))

    def take(key: Callable[[ConfirmedRow], Hashable]) -> None:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for at, old in reversed(left.items()):
            places[key(old)].append(at)
        for at, row in enumerate(now):
            if at not in found and (same := places.get(key(row.confirmed))):
                found[at] = left.pop(same.pop())

    take(lambda row: (row.identity, frozenset(row.cells.items())))
    take(lambda row: row.identity)
    take(lambda row: frozenset(row.cells.items()))
    if len(left) <= _FEW and len(now) - len(found) <= _FEW:
        for at, row in enumerate(now):
            for place, old in left.items() if at not in found else ():
                same = row.confirmed.cells.items() & old.cells.items()
                if same and len(_differing(row, old)) <= 1:
                    found[at] = left.pop(place)
                    break
    return [found.get(at) for at in range(len(now))], list(left.values())


def _differing(row: _Row, old: ConfirmedRow) -> list[str]:
    now = row.confirmed.cells
    columns = {*now, *old.cells} - row.skipped
    return sorted(column for column in columns if now.get(column) != old.cells.get(column))
