"""How an area's own workbook would be read: which tab and column is which, and what is unsure.

A match is sure when the header is ours, a configured alias, or a word that can hardly mean anything
else in its tab, and nothing else in the tab competes for the column. Everything else (a near
spelling, a column that is only recognised by what stands in it) is a question for a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.gate.headers import year_of
from rules.gate.readers import amount, day, round_number, year
from rules.gate.synonyms import CLEAR, COLUMN_SYNONYMS, TAB_SYNONYMS, VAGUE, YEAR_WORDS
from rules.gate.tabs import rows_by_header, tabs_by_name
from rules.model.cells import Cell, RawRow, RawTab, RawWorkbook, cell_text, is_blank
from rules.model.choices import ChoiceList
from rules.model.parameters import YEARS, Parameters
from rules.model.tables import (
    CONTROL_HEADER,
    TABLES,
    WARNINGS_TAB,
    YEAR_AMOUNT,
    Column,
    Kind,
    Table,
)
from rules.text.danish import header_key, tab_key, words_key
from rules.text.spelling import nearest_name

SEARCHED_ROWS = 200
"""How far down headers are searched: tables that share a tab are below each other."""
SAMPLE_ROWS = 5
_MOST_OF_A_COLUMN = 0.8
_CLOSE = 0.8
_LONGEST_WEEK = 48
_LEAST = 3
"""So many sure columns, and more than two thirds, make a tab sure whose name says nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """One of our columns (or fields, or years), the workbook's own header, and its column.

    `is_sure` is False where a person must confirm it. `why` is the reason for it, in English.
    """

    header: str
    own: str
    column: int
    is_sure: bool
    why: str
    is_ours: bool = False


@dataclass(slots=True)
class AdoptedTab:
    """Where one of our tables is: tab, header row (0 and more for a form without headers).

    `samples` are the first rows below; `own_headers` is where each of the workbook's own headers
    (in a form: labels) stands.
    """

    table: Table
    tab: str
    header_row: int
    is_sure: bool
    matches: list[Match] = field(default_factory=list)
    samples: list[RawRow] = field(default_factory=list)
    is_bare_form: bool = False
    kroner: dict[str, int] = field(default_factory=dict)
    is_named: bool = False
    own_headers: dict[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """The required columns for which nothing was found."""
        there = {match.header for match in self.matches}
        missing = [c.header for c in self.table.columns if c.required and c.header not in there]
        if self.table.has_years and not any(header.isdecimal() for header in there):
            missing.append(YEARS)
        return missing


_Names = Mapping[str, tuple[str, bool]]
"""The names of our columns in one tab: by name key our header, and whether it is ours.

A configured alias counts as ours; another word for the column does not.
"""


def adopted(raw: RawWorkbook, parameters: Parameters) -> list[AdoptedTab]:
    """Our tables as found in the workbook, in our order; missing tabs are left out.

    So is a tab that nobody has to keep, where anything of it is missing.
    """
    found: list[AdoptedTab] = []
    for table in TABLES:
        names = _names_of(table, parameters)
        tabs = _tabs_for(raw, table, parameters)
        candidates = [one for tab in tabs if (one := _in_tab(tab, table, names, parameters))]
        if candidates:
            found.append(max(candidates, key=_strength))
    found = [one for one in found if not _is_overshadowed(one, found)]
    by_name = {tab.name: tab for tab in raw.tabs}
    for one in found:
        starts = [other.header_row for other in found if other.tab == one.tab]
        own_rows = rows_by_header(by_name[one.tab].rows, starts)[one.header_row]
        _suggest(one, by_name[one.tab], own_rows, parameters)
    return [one for one in found if not (one.table.is_voluntary and one.missing)]


def _tabs_for(raw: RawWorkbook, table: Table, parameters: Parameters) -> Sequence[RawTab]:
    """Where to look: in the tab that has our name or a configured one; else in all."""
    known = tabs_by_name(raw.tabs, parameters.tab_aliases, [table.tab])
    if known:
        return [tab for _, tab in known.values()]
    return [tab for tab in raw.tabs if tab_key(tab.name) != tab_key(WARNINGS_TAB)]


def _names_of(table: Table, parameters: Parameters) -> _Names:
    aliases = parameters.header_aliases.get(table.tab, {})
    names: dict[str, tuple[str, bool]] = {}
    for header in (column.header for column in table.columns):
        names |= {header_key(ours): (header, True) for ours in (header, *aliases.get(header, ()))}
    for header, words in COLUMN_SYNONYMS[table.tab].items():
        for word in words:
            names.setdefault(header_key(word), (header, False))
    return names


def _strength(one: AdoptedTab) -> tuple[bool, int, int]:
    headers = {match.header for match in one.matches}
    return one.is_sure, len(one.table.required_headers & headers), len(one.matches)


def _in_tab(tab: RawTab, table: Table, names: _Names, parameters: Parameters) -> AdoptedTab | None:
    """The table as found in this tab; None where too few of its headers are there."""
    aliases, synonyms = parameters.tab_aliases.get(table.tab, ()), TAB_SYNONYMS[table.tab]
    is_named = tab_key(tab.name) in map(tab_key, (table.tab, *aliases, *synonyms))
    if table.is_form:
        return _form_in(tab, table, names, is_named=is_named)
    required = table.required_headers
    best: AdoptedTab | None = None
    for number, cells in tab.rows:
        if number > SEARCHED_ROWS:
            break
        matches = _matches(cells, names, table)
        hit = required & {match.header for match in matches}
        if 2 * len(hit) < len(required) or len(hit) < 2:
            continue
        if best is None or len(matches) > len(best.matches):
            is_sure = is_named or 3 * len(hit) >= 2 * len(required) + 1
            best = AdoptedTab(table, tab.name, number, is_sure, matches, is_named=is_named)
    return best


def _matches(cells: Sequence[Cell], names: _Names, table: Table) -> list[Match]:
    """What a row of headers says; of two that mean the same, neither is sure but our own name."""
    by_header: dict[str, list[tuple[int, str, bool]]] = defaultdict(list)
    vague: set[str] = set()
    for number, cell in enumerate(cells, 1):
        if is_blank(cell):
            continue
        text = cell_text(cell)
        key = header_key(text)
        year = _year(cell, text) if table.has_years else None
        if year is not None:
            if not set(re.findall(r"[^\W\d_]+", text.casefold())) <= YEAR_WORDS:
                vague.add(text)  # not a year and a word for money alone: »Forbrug 2025«
            by_header[str(year)].append((number, text, year_of(cell) is not None))
        elif key in names and key != header_key(CONTROL_HEADER):
            header, is_ours = names[key]
            by_header[header].append((number, text, is_ours))
    found = []
    for header, places in by_header.items():
        own = [place for place in places if place[2]]
        number, text, is_ours = (own or places)[0]
        is_sure = (len(places) == 1 or len(own) == 1) and text not in vague
        why = "same name" if is_ours else "another word for it"
        found.append(Match(header, text, number, is_sure, why, is_ours))
    return found


def _year(cell: Cell, text: str) -> int | None:
    """The year of a header: `2026`, or a header with exactly one year in it: `Budget 2026`."""
    if (year := year_of(cell)) is not None:
        return year
    words = [word for word in text.replace("(", " ").replace(")", " ").split() if year_of(word)]
    return year_of(words[0]) if len(words) == 1 else None


def _form_in(tab: RawTab, table: Table, names: _Names, *, is_named: bool) -> AdoptedTab | None:
    """The form: our fields' names in one column, the values beside them."""
    by_column: dict[int, dict[str, tuple[int, Match]]] = defaultdict(dict)
    headers: int | None = None
    for number, cells in tab.rows:
        if number > SEARCHED_ROWS:
            break
        keys = {header_key(cell_text(cell)) for cell in cells if not is_blank(cell)}
        if {"felt", "værdi"} <= keys:
            headers = number
        for match in _matches(cells, names, table):
            by_column[match.column].setdefault(match.header, (number, match))
    fields = max(by_column.values(), key=len, default={})
    required = table.required_headers
    hit = required & fields.keys()
    if not fields or 2 * len(hit) < len(required):
        return None
    above = headers or max(0, min(row for row, _ in fields.values()) - 1)
    is_sure = is_named or 4 * len(hit) >= 3 * len(required)
    matches = [match for _, match in fields.values()]
    return AdoptedTab(
        table, tab.name, above, is_sure, matches, is_bare_form=headers is None, is_named=is_named
    )


def _is_overshadowed(one: AdoptedTab, found: Sequence[AdoptedTab]) -> bool:
    """Whether another of our tables has a stronger claim to the same headers."""
    return not one.is_sure and any(
        (one.tab, one.header_row) == (other.tab, other.header_row)
        and _strength(one) < _strength(other)
        for other in found
    )


def _suggest(one: AdoptedTab, tab: RawTab, own: Sequence[RawRow], parameters: Parameters) -> None:
    """Add samples and units, withdraw what is unsure, suggest what a missing column might be."""
    rows = [row for row in own if row[0] > one.header_row]
    one.samples = rows[:SAMPLE_ROWS]
    one.kroner = {match.header: unit for match in one.matches if (unit := _unit(match.own)) > 1}
    if one.table.is_form:
        label_at = one.matches[0].column
        labels = [cells[label_at - 1] for _, cells in tab.rows if len(cells) >= label_at]
        one.own_headers = {cell_text(cell): label_at for cell in labels if not is_blank(cell)}
        _doubt(one, _form_cells(one, tab), parameters)
    else:
        header_cells = next(cells for number, cells in tab.rows if number == one.header_row)
        one.own_headers = {
            cell_text(cell): number
            for number, cell in enumerate(header_cells, 1)
            if not is_blank(cell) and header_key(cell_text(cell)) != header_key(CONTROL_HEADER)
        }
        _doubt(one, {match.header: _cells(rows, match.column) for match in one.matches}, parameters)
        _guess(one, rows, parameters)
    if not one.is_named:
        # A tab whose name says nothing is sure only by many sure columns: »Dato« alone is none.
        required = one.table.required_headers
        sure = required & {match.header for match in one.matches if match.is_sure}
        one.is_sure = len(sure) >= _LEAST and 3 * len(sure) > 2 * len(required)


def _guess(one: AdoptedTab, rows: Sequence[RawRow], parameters: Parameters) -> None:
    """For columns that are not there what might be meant, to be asked."""
    taken = {match.column for match in one.matches}
    free = {number: text for text, number in one.own_headers.items() if number not in taken}
    there = {match.header for match in one.matches}
    for column in one.table.columns:
        if column.header not in there:
            match = _nearest(column, free) or _by_contents(column, free, rows, parameters)
            if match is not None:
                one.matches.append(match)
                free.pop(match.column)


def _form_cells(one: AdoptedTab, tab: RawTab) -> dict[str, list[Cell]]:
    by_label = {
        header_key(cell_text(cells[column - 1])): _cells([(row, cells)], column + 1)
        for column in {match.column for match in one.matches}
        for row, cells in tab.rows
        if len(cells) >= column
    }
    return {match.header: by_label.get(header_key(match.own), []) for match in one.matches}


def _doubt(one: AdoptedTab, cells: Mapping[str, Sequence[Cell]], parameters: Parameters) -> None:
    """Another word for a column is sure only if its cells fit, and it is no vague word.

    A vague one over the words of a list is sure all the same: nothing else holds them.
    """
    columns = {column.header: column for column in one.table.columns}
    clear = CLEAR.get(one.table.tab, frozenset())
    for index, match in enumerate(one.matches):
        column = columns.get(match.header, YEAR_AMOUNT)
        if match.is_ours or not match.is_sure:
            continue
        word = header_key(match.own)
        fits = column.kind is Kind.TEXT or _fit(column, cells[match.header], parameters)
        why = "" if fits else "another word for it, but its cells do not fit"
        if word in VAGUE - clear and not (column.kind is Kind.CHOICE and fits):
            why = "a word that may mean it"
        if why:
            one.matches[index] = replace(match, is_sure=False, why=why)


def _nearest(column: Column, free: Mapping[int, str]) -> Match | None:
    near = nearest_name(column.header, free.values(), cutoff=_CLOSE)
    for number, text in free.items():
        if text == near:
            return Match(column.header, text, number, is_sure=False, why="a near spelling")
    return None


def _by_contents(
    column: Column, free: Mapping[int, str], rows: Sequence[RawRow], parameters: Parameters
) -> Match | None:
    """The only free column whose cells are what this one holds; never for plain text."""
    if column.kind is Kind.TEXT or not column.required:
        return None
    fitting = [number for number in free if _fit(column, _cells(rows, number), parameters, least=2)]
    if len(fitting) != 1:
        return None
    number, why = fitting[0], "its cells look like it"
    return Match(column.header, free[number], number, is_sure=False, why=why)


def _cells(rows: Iterable[RawRow], number: int) -> list[Cell]:
    cells = [row[number - 1] for _, row in rows if len(row) >= number]
    return [cell for cell in cells if not is_blank(cell)]


def _fit(column: Column, cells: Sequence[Cell], parameters: Parameters, least: int = 1) -> bool:
    """Whether nearly all of the cells, and so many at least, are what the column holds."""
    if len(cells) < least:
        return False
    return sum(map(_test_of(column, parameters), cells)) >= _MOST_OF_A_COLUMN * len(cells)


def _test_of(column: Column, parameters: Parameters) -> Callable[[Cell], bool]:
    words = parameters.words(column.choices)
    match column.kind:
        case Kind.DATE:
            return lambda cell: day(cell)[0] is not None
        case Kind.AMOUNT:
            return lambda cell: amount(cell)[0] is not None
        case Kind.YEAR:
            return lambda cell: year(cell)[0] is not None
        case Kind.ROUND:
            return lambda cell: round_number(cell)[0] is not None
        case Kind.NUMBER:
            return lambda cell: isinstance(cell, int | float) and 0 < cell <= _LONGEST_WEEK
        case Kind.CHOICE if column.choices is ChoiceList.EFFORT_AREAS:
            keys = set(map(words_key, words))
            return lambda cell: words_key(cell_text(cell)) in keys
        case Kind.CHOICE:
            meaning = parameters.meaning(column.choices)
            return lambda cell: meaning(cell_text(cell)) in words
        case _:
            return lambda cell: "@" in cell_text(cell)


def _unit(header: str) -> int:
    """What 1 means under a header that says so: `Budget (t.kr.)`, `2026 (1.000 kr.)`."""
    tidy = header.casefold().replace(" ", "")
    if any(word in tidy for word in ("t.kr", "tkr", "1.000kr", "1000kr", "tusind", "thousand")):
        return 1_000
    return 1_000_000 if any(word in tidy for word in ("mio", "million")) else 1
