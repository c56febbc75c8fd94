"""The last step of the gate: what passed it becomes row objects and workbooks, one after the other.

They are made when they are asked for, so that whoever goes on with a workbook finds its rows near
the processor, and may let them go before the next one's are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from rules.gate.frames import Frame, IncomingWorkbook, is_total_row
from rules.model.cells import Value
from rules.model.plan import NOTHING, ROW_TYPES, Workbook
from rules.model.tables import Column, Table

Unread = dict[int, set[str]]
"""The rows of a frame that have cells without a value, each with the keys of their columns."""
Years = tuple[dict[int, int], set[int]]
"""A row's readable amounts in øre by year, and the years whose amounts cannot be read."""


@dataclass(frozen=True, slots=True)
class TabRows:
    """A tab's rows of all workbooks that passed the gate.

    `years` are those of each row, by the workbook's `id` and the row, where the tab has years.
    """

    table: Table
    frame: Frame
    unread: Unread
    years: Mapping[tuple[int, int], Years]

    def of(self, book: IncomingWorkbook) -> tuple[Any, ...]:
        """The workbook's rows as objects."""
        start, stop = self.frame.spans.get(id(book), (0, 0))
        if start == stop:
            return ()
        numbers = self.frame.rows[start:stop]
        parts: list[Iterable[Any]] = [numbers]
        parts += [self.frame.values[column.key][start:stop] for column in self.table.columns]
        parts.append(self._unread_in(start, stop))
        if self.table.has_years:
            years = [self.years[id(book), row] for row in numbers]
            parts.append([amounts for amounts, _ in years])
            parts.append([frozenset(missing) for _, missing in years])
            parts.append([is_total_row(self.frame, index) for index in range(start, stop)])
        return tuple(map(ROW_TYPES[self.table.key], *parts))

    def _unread_in(self, start: int, stop: int) -> Iterable[frozenset[str]]:
        if not self.unread:
            return repeat(NOTHING)
        return [frozenset(self.unread.get(index, NOTHING)) for index in range(start, stop)]


def years_by_row(frame: Frame, key: str, unread: Unread) -> Mapping[tuple[int, int], Years]:
    """The years of each row, from the frame of all years' amounts, whose column is `key`."""
    years: dict[tuple[int, int], Years] = defaultdict(lambda: ({}, set()))
    for index, amount in enumerate(frame.values[key]):
        amounts, missing = years[id(frame.books[index]), frame.rows[index]]
        if index in unread:
            missing.add(frame.years[index])
        elif isinstance(amount, int):
            amounts[frame.years[index]] = amount
    return years


def fill_in(values: list[Value], column: Column, unread: Unread) -> None:
    """Give every empty cell of a column its default."""
    for index, value in enumerate(values):
        if value is None and column.key not in unread.get(index, NOTHING):
            values[index] = column.default


def workbook_of(book: IncomingWorkbook, tabs: Iterable[TabRows]) -> Workbook:
    """The workbook with its rows."""
    rows: dict[str, Any] = {one.table.key: one.of(book) for one in tabs}
    layouts = {key: found.layout for key, found in book.tabs.items() if found.layout is not None}
    return Workbook(
        path=book.raw.path,
        tabs=tuple(tab.name for tab in book.raw.tabs),
        headless=frozenset(key for key, found in book.tabs.items() if found.layout is None),
        layouts=layouts,
        form=book.form,
        **rows,
    )
