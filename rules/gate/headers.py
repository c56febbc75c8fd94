"""The headers of a tab: what they may be called, and in which row they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rules.model.cells import Cell, RawRow, RawTab, cell_text, is_blank
from rules.model.finding import Finding
from rules.model.parameters import Parameters
from rules.model.plan import TabLayout
from rules.model.tables import (
    CONTROL_HEADER,
    FIRST_YEAR,
    HEADER_SEARCH_ROWS,
    LAST_YEAR,
    PLAN_FIELD,
    PLAN_VALUE,
    TABLES,
    Column,
    Table,
)
from rules.text.danish import name_key
from rules.text.job_texts import own_number

_REMEMBERED = 2_000
_YEAR = re.compile(r"20\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A header row, read: columns, years, headers that are there twice, unknown ones.

    `repeated` holds, for each header that is there again: its column, its text, and the column that
    counts.
    """

    columns: Mapping[str, int]
    years: Mapping[int, int]
    repeated: tuple[tuple[int, str, int], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class HeaderNames:
    """What the headers of a table may be called: name key to column key; Plan's fields apart.

    `years` are headers that mean a year, besides the year itself; `bare_forms` are the tabs (by
    name key) whose form has no headers above it.
    """

    table: Table
    columns: Mapping[str, str]
    required: tuple[Column, ...]
    years: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    bare_forms: frozenset[str] = frozenset()

    def find(self, tab: RawTab, last: int = HEADER_SEARCH_ROWS) -> RawRow | None:
        """The first row down to `last` that holds at least half of the required columns.

        For a form without headers it is made up, from where its labels stand.
        """
        for number, cells in tab.rows:
            if number > last:
                break
            if _holds_half(self, tuple(cells)):
                return number, cells
        return _above_labels(tab.rows, self) if name_key(tab.name) in self.bare_forms else None


@lru_cache(_REMEMBERED)
def _holds_half(names: HeaderNames, cells: tuple[Cell, ...]) -> bool:
    required = {column.key for column in names.required}
    keys = {names.columns.get(name_key(cell_text(c))) for c in cells if not is_blank(c)}
    return 2 * len(required & keys) >= len(required)


@dataclass(slots=True)
class FoundTab:
    """A table's tab with its layout (None without a header row), filled rows and findings."""

    table: Table
    tab: RawTab
    layout: TabLayout | None = None
    rows: list[RawRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    header: Sequence[Cell] = ()


def header_names(parameters: Parameters) -> dict[str, HeaderNames]:
    """For each table (by key) what its headers may be called, configured aliases included."""
    return {table.key: _names_of(table, parameters) for table in TABLES}


def _names_of(table: Table, parameters: Parameters) -> HeaderNames:
    aliases = parameters.header_aliases.get(table.tab) or {}

    def spelled(columns: Iterable[Column]) -> dict[str, str]:
        return {
            name_key(spelling): column.key
            for column in columns
            for spelling in (column.header, *aliases.get(column.header, ()))
        }

    if table.is_form:
        form = (PLAN_FIELD, PLAN_VALUE)
        bare = frozenset(map(name_key, parameters.forms_without_headers))
        fields = spelled(table.columns)
        return HeaderNames(table, spelled(form), form, fields=fields, bare_forms=bare)
    known = {column.header for column in table.columns}
    years = {
        name_key(spelling): int(year)
        for year, spellings in aliases.items()
        if year not in known
        for spelling in spellings
    }
    required = tuple(column for column in table.columns if column.required)
    return HeaderNames(table, spelled(table.columns), required, years)


def year_of(cell: Cell) -> int | None:
    """The year that a header cell is (`2024` as number or text), or None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        year = int(cell) if float(cell).is_integer() else 0
    elif isinstance(cell, str) and _YEAR.fullmatch(key := name_key(cell)):
        year = int(key)
    else:
        return None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


@lru_cache(_REMEMBERED)
def read_header(names: HeaderNames, cells: tuple[Cell, ...]) -> HeaderRow:
    """The columns and years of a header row; most workbooks have the same rows."""
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    own: dict[str, int] = {}
    repeated: list[tuple[int, str, int]] = []
    unknown: list[str] = []
    for number, cell in enumerate(cells, 1):
        if is_blank(cell):
            continue
        text = cell_text(cell)
        key = name_key(text)
        year = (year_of(cell) or names.years.get(key)) if names.table.has_years else None
        is_own = own_number(text, CONTROL_HEADER) is not None
        column = f"{CONTROL_HEADER} {key}" if is_own else names.columns.get(key)
        if year is not None:
            if years.setdefault(year, number) != number:
                repeated.append((number, str(year), years[year]))
        elif column is None:
            unknown.append(text)
        else:
            first = (own if is_own else columns).setdefault(column, number)
            if first != number:
                repeated.append((number, text, first))
    return HeaderRow(columns, years, tuple(repeated), tuple(unknown))


def _above_labels(rows: Sequence[RawRow], names: HeaderNames) -> RawRow | None:
    """For a form without headers the row above its first label, as if the headers stood there.

    The labels stand in the column that has most of the fields' names, the values in the next one.
    Row 0 where the first label stands in row 1: then there is no place for a header Kontrol.
    """
    places = [
        (number, column)
        for number, cells in rows
        for column, cell in enumerate(cells, 1)
        if not is_blank(cell) and name_key(cell_text(cell)) in names.fields
    ]
    counts = Counter(column for _, column in places)
    if not counts:
        return None
    label_at = counts.most_common(1)[0][0]
    above = min(number for number, column in places if column == label_at) - 1
    there = dict(rows).get(above, ())
    headers: list[Cell] = [
        cell if isinstance(cell, str) and own_number(cell, CONTROL_HEADER) else None
        for cell in there
    ]
    headers += [None] * (label_at + 1 - len(headers))
    headers[label_at - 1 : label_at + 1] = [PLAN_FIELD.header, PLAN_VALUE.header]
    return above, headers
