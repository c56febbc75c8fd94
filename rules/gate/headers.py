"""The headers of a tab: what they may be called, and in which row they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from rules.model.cells import (
    Cell,
    FormulaError,
    NoResult,
    RawRow,
    RawTab,
    cell_text,
    is_blank,
)
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
from rules.text.danish import header_key, header_unit, spaced, tab_key
from rules.text.dates import parse_date
from rules.text.job_texts import own_number

_REMEMBERED = 2_000
_YEAR = re.compile(r"(?:år)?(20\d\d)", re.ASCII)
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)", re.ASCII)
_ALMOST_A_YEAR = re.compile(r"'*(?:år|aar)?(?=[ol]*\d)(?!19\d\d$)[\dol]{1,5}(?:år)?")
"""A slip of the hand (`2O26`, `20266`), two digits, or a year that is only counted (`År 2`)."""
_NO_BUDGET = re.compile(
    r"regnskab|forbrug|realiser|faktisk|\bandel\b|procent|pct\b|%", re.IGNORECASE
)
"""What says that a year's numbers are no budget, but spent, or shares: the staff's own column."""
_A_TOTAL = re.compile(r"\b(?:i alt|ialt|total|sum|samlet)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A header row, read: columns, years, headers that are there twice, unknown ones.

    `repeated` holds, for each header that is there again: its column, its text, and the column that
    counts; `repeated_years` the same of years. `unknown` gives the text of each other column;
    `year_like` are those of them that have a year in them. `units` is what 1 means in a column
    whose header names thousands or millions.
    """

    columns: Mapping[str, int]
    years: Mapping[int, int]
    repeated: tuple[tuple[int, str, int], ...]
    repeated_years: tuple[tuple[int, str, int], ...]
    unknown: Mapping[int, str]
    year_like: frozenset[int]
    units: Mapping[int, int]


@dataclass(frozen=True, eq=False)
class HeaderNames:
    """What the headers of a table may be called: name key to column key; Plan's fields apart.

    `years` are headers that mean a year, besides the year itself; `words` are the spellings of each
    column's choices; `bare_forms` are the tabs (by name key) whose form has no headers above it.
    """

    table: Table
    columns: Mapping[str, str]
    required: tuple[Column, ...]
    years: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    bare_forms: frozenset[str] = frozenset()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def needed(self) -> tuple[Column, ...]:
        """The columns whose absence is a finding: required ones, and those that rules live on."""
        if self.table.is_form:
            return self.required
        return tuple(c for c in self.table.columns if c.required or c.must_be_there)

    def find(self, tab: RawTab, last: int = HEADER_SEARCH_ROWS) -> RawRow | None:
        """The first row down to `last` that holds at least half of the required columns.

        For a form without headers it is made up, from where its labels stand.
        """
        for number, cells in tab.rows:
            if number > last:
                break
            if _holds_half(self, tuple(cells)):
                return number, cells
        return _above_labels(tab.rows, self) if tab_key(tab.name) in self.bare_forms else None

    def second_row(self, tab: RawTab, header: RawRow) -> RawRow | None:
        """The row right below the headers, where all that stands in it are further headers.

        Each stands under a blank cell, or under a header that is none of ours (years under
        »Beløb«); known headers and years make it one, beside which staff may have texts of their
        own under such a header (»2025 (regnskab)«).
        """
        number, above = header
        below = next((cells for row, cells in tab.rows if row == number + 1), ())
        filled = [at for at, cell in enumerate(below, 1) if not is_blank(cell)]
        own = read_header(self, tuple(above)).unknown
        is_free = all(at > len(above) or is_blank(above[at - 1]) or at in own for at in filled)
        if not filled or not is_free or self.table.is_form:
            return None
        found = read_header(self, tuple(below))
        again = [at for at, _, _ in (*found.repeated, *found.repeated_years)]
        known = {*found.columns.values(), *found.years.values(), *again}
        unread = {at for at in filled if isinstance(below[at - 1], str | FormulaError | NoResult)}
        is_second = known and (known | unread).issuperset(filled)
        return (number + 1, below) if is_second else None


@lru_cache(_REMEMBERED)
def _holds_half(names: HeaderNames, cells: tuple[Cell, ...]) -> bool:
    required = {column.key for column in names.required}
    keys = {names.columns.get(header_key(cell_text(cell))) for cell in cells if not is_blank(cell)}
    title = names.columns.get(header_key(names.table.tab))
    if keys - {None} == {title}:  # a title, with whatever beside it: »Indberetning« is a column too
        return False
    return 2 * len(required & keys) >= len(required)


@dataclass(slots=True)
class FoundTab:
    """A table's tab with its layout (None without a header row), entries and findings.

    `rows` are the entries, and in the table with years its total rows, `totals`, as well.
    """

    table: Table
    tab: RawTab
    layout: TabLayout | None = None
    rows: list[RawRow] = field(default_factory=list)
    totals: frozenset[int] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    header: Sequence[Cell] = ()


def header_names(parameters: Parameters) -> dict[str, HeaderNames]:
    """For each table (by key) what its headers may be called, configured aliases included."""
    return {table.key: _names_of(table, parameters) for table in TABLES}


def _names_of(table: Table, parameters: Parameters) -> HeaderNames:
    aliases = parameters.header_aliases.get(table.tab) or {}

    def spelled(columns: Iterable[Column]) -> dict[str, str]:
        return {
            header_key(spelling): column.key
            for column in columns
            for spelling in (column.header, *aliases.get(column.header, ()))
        }

    if table.is_form:
        form = (PLAN_FIELD, PLAN_VALUE)
        bare = frozenset(map(tab_key, parameters.forms_without_headers))
        fields = spelled(table.columns)
        return HeaderNames(table, spelled(form), form, fields=fields, bare_forms=bare)
    known = {column.header for column in table.columns}
    years = {
        header_key(spelling): int(year)
        for year, spellings in aliases.items()
        if year not in known
        for spelling in spellings
    }
    required = tuple(column for column in table.columns if column.required)
    words = {c.key: parameters.spellings(c.choices) for c in table.columns if c.choices}
    return HeaderNames(table, spelled(table.columns), required, years, words=words)


def year_of(cell: Cell) -> int | None:
    """The year that a header cell is, or None.

    A number, a text (`2026`, `År 2026`, `2026 kr.`) or a date of that year; one that says that it
    is no budget (`2025 (regnskab)`) is none.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        year = int(cell) if float(cell).is_integer() else 0
    elif isinstance(cell, date):
        year = cell.year
    elif isinstance(cell, str) and not _NO_BUDGET.search(cell):
        named = _YEAR.fullmatch(header_key(cell))
        day = None if named else parse_date(cell)
        year = int(named[1]) if named else day.year if day else 0
    else:
        return None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def own_years_named(headers: tuple[Cell, ...], groups: Sequence[Cell]) -> tuple[Cell, ...]:
    """The headers, with »Regnskab« behind the years that stand under it beside those of a budget.

    `groups` is the row above the years; what stands there counts until the next text.
    """
    years = [year for cell in headers if (year := year_of(cell))]
    if len(years) == len(set(years)):
        return headers
    named, group = [], ""
    for number, cell in enumerate(headers):
        above = groups[number] if number < len(groups) else None
        is_year = year_of(cell) is not None
        if not is_blank(above) or not is_year:
            group = cell_text(above) if is_year else ""
        is_own = bool(_NO_BUDGET.search(group)) and "budget" not in group.casefold()
        named.append(f"{cell_text(cell)} {group}" if is_own else cell)
    return tuple(named)


def has_year(text: str) -> bool:
    """Whether a text has a year in it, alone or in a period."""
    return bool(_ANY_YEAR.search(spaced(text)))


def _may_be_a_year(text: str, years: Collection[int]) -> bool:
    """Whether a header that is not read has a year in it, and nothing that explains it.

    A total of one year explains it where that year has a column of its own among `years`.
    """
    tidy = spaced(text)
    is_like_one = has_year(tidy) or _ALMOST_A_YEAR.fullmatch(header_key(text))
    if not is_like_one or _NO_BUDGET.search(tidy):
        return False
    named = {int(year) for year in _ANY_YEAR.findall(tidy)}
    return not _A_TOTAL.search(tidy) or (len(named) == 1 and not named.issubset(years))


@lru_cache(_REMEMBERED)
def read_header(names: HeaderNames, cells: tuple[Cell, ...]) -> HeaderRow:
    """The columns and years of a header row; most workbooks have the same rows."""
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    own: dict[str, int] = {}
    repeated: list[tuple[int, str, int]] = []
    repeated_years: list[tuple[int, str, int]] = []
    unknown: dict[int, str] = {}
    units: dict[int, int] = {}
    for number, cell in enumerate(cells, 1):
        if is_blank(cell):
            continue
        text = cell_text(cell)
        key = header_key(text)
        is_own = own_number(text, CONTROL_HEADER) is not None
        column = f"{CONTROL_HEADER} {key}" if is_own else names.columns.get(key)
        year = None
        if names.table.has_years and column is None:
            year = names.years.get(key) or year_of(cell)
        if year is not None:
            if years.setdefault(year, number) != number:
                repeated_years.append((number, str(year), years[year]))
        elif column is None:
            unknown[number] = text
        else:
            first = (own if is_own else columns).setdefault(column, number)
            if first != number:
                repeated.append((number, text, first))
        if (unit := header_unit(text)) != 1:
            units[number] = unit
    like = {
        n for n, text in unknown.items() if names.table.has_years and _may_be_a_year(text, years)
    }
    return HeaderRow(
        columns,
        years,
        tuple(repeated),
        tuple(repeated_years),
        unknown,
        frozenset(like),
        units,
    )


def _above_labels(rows: Sequence[RawRow], names: HeaderNames) -> RawRow | None:
    """For a form without headers the row above its first label, as if the headers stood there.

    The labels stand in the column that has most of the fields' names, the values in the next one.
    Row 0 where the first label stands in row 1: then there is no place for a header Kontrol.
    """
    places = [
        (number, column)
        for number, cells in rows
        for column, cell in enumerate(cells, 1)
        if not is_blank(cell) and header_key(cell_text(cell)) in names.fields
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
