"""Which rows of a table are entries: not totals, not notes, not what the template has filled in.

| Row | What it is |
| --- | --- |
| `I alt`, `Samlet finansiering`, `Sum 2025-2028` | the table's total row |
| `Lokal medfinansiering i alt`, `Lokal andel 25 %` | a subtotal or a share |
| one text and nothing else | a note (CEL-12) |
| a number in Nr., a preselected Status | empty: nobody has written the row yet |
| `(vælg fra listen)` and the like in all cells right below the headers | a hint |
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import lru_cache

from rules.model.cells import (
    NO_COLUMN,
    NO_RESULT,
    Cell,
    RawRow,
    RawTab,
    cell_text,
    is_blank,
    is_dash,
)
from rules.model.tables import TABLES, TOTAL_ROW_NAMES, Kind, Table
from rules.text.danish import folded

_TOTAL = re.compile(rf"\b(?:{'|'.join(TOTAL_ROW_NAMES)})\b", re.IGNORECASE)
_PART_OF_ONE = re.compile(
    r"\b(?:subtotal|delsum|mellemsum|mellemtotal)\b|\d\s*(?:%|pct\b|procent)", re.IGNORECASE
)
_LOCAL_SHARE = re.compile(r"\blokale?\b.*\bandel\b|\bandel\b.*\blokale?\b", re.IGNORECASE)
_SAYS_NO_MORE = re.compile(
    r"\b(?:finansiering(?:en)?|budget(?:tet)?|kr|kroner|år|perioden?|planperioden|hele|for|i|af|og|til)\b"
    r"|\d{1,4}|[^\w%]",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"[^\W\d]{0,3}[-. ]?\d[\d.,-]*[^\W\d]?", re.IGNORECASE)
_HINT = re.compile(r"\([^()\d]+\)$|(?:vælg|skriv|angiv|udfyld|dd[-./ ]?mm)\b", re.IGNORECASE)
_LONGEST_NAME = 200


class Line(Enum):
    """What a row of a table is."""

    EMPTY = auto()
    ENTRY = auto()
    TOTAL = auto()
    SUBTOTAL = auto()
    NOTE = auto()


@dataclass(slots=True)
class TableLines:
    """The rows below a table's headers.

    `filled` are all that hold something, padded to the width that is needed; `entries` are those
    that count, and total rows are apart. A note is its row and its one column.
    """

    filled: list[int] = field(default_factory=list)
    entries: list[RawRow] = field(default_factory=list)
    totals: list[RawRow] = field(default_factory=list)
    notes: list[tuple[int, int]] = field(default_factory=list)
    prefilled: list[RawRow] = field(default_factory=list)


def lines_of(
    tab: RawTab, table: Table, columns: Mapping[str, int], years: Sequence[int], header_row: int
) -> TableLines:
    """The rows of a table by what they are; `columns` and `years` are where its columns stand."""
    found = TableLines()
    covered = _Covered(tab, table, columns) if tab.merged else None
    judge = _judge(table.key, (*columns.items(),), (*years,))
    width = max(judge.known, default=0)
    for row, cells in tab.rows:
        if row <= header_row:
            continue
        padded = cells if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
        is_sure = row > header_row + 1 and judge.is_surely_entry(padded)
        if not is_sure and judge.says_nothing(padded, may_be_hint=row == header_row + 1):
            continue
        if covered:
            padded = covered.filled_in(row, padded)
        is_declared = row in tab.totals_rows
        line, column = (Line.ENTRY, 0) if is_sure else judge.of(padded, is_declared=is_declared)
        if line is Line.EMPTY:
            if table.reads_prefilled and judge.has_required(padded):
                found.prefilled.append((row, padded))
            continue
        found.filled.append(row)
        if line is Line.ENTRY:
            found.entries.append((row, padded))
        elif line is Line.TOTAL:
            found.totals.append((row, [None if is_dash(cell) else cell for cell in padded]))
        elif line is Line.NOTE:
            found.notes.append((row, column))
    return found


def _is_hint(cell: Cell) -> bool:
    """Whether a cell right below its header only says what to fill in: »(vælg fra listen)«."""
    return isinstance(cell, str) and bool(_HINT.match(folded(cell[:_LONGEST_NAME])))


class _Judge:
    """Tells what a row is, by what is filled in it."""

    def __init__(self, table: Table, columns: Mapping[str, int], years: Sequence[int]) -> None:
        self.known = [*columns.values(), *years]
        kinds = {c.key: c for c in table.columns}
        placed = sorted((at, kinds[key]) for key, at in columns.items() if key in kinds)
        self._texts = [at for at, column in placed if column.kind is Kind.TEXT]
        self._naming = [at for at, column in placed if column.kind in {Kind.TEXT, Kind.YEAR}]
        self._required = [at for at, column in placed if column.required]
        self._choosing = [
            at
            for at, column in placed
            if column.required and column.kind in {Kind.CHOICE, Kind.DATE}
        ]
        self._prefilled = {at for at, column in placed if column.is_prefilled}
        self._deciding = [at for at in self._choosing if at not in self._prefilled]
        self._number = self._prefilled.intersection(self._texts)
        self._is_form = table.is_form
        self._has_years, self._is_named = table.has_years, "source" in columns
        self._places = [at for at, _ in placed] + [*years]

    def is_surely_entry(self, cells: Sequence[Cell]) -> bool:
        """A quick look: whether a choice or a date is filled in that only a person fills in."""
        for at in self._deciding:
            cell = cells[at - 1]
            if isinstance(cell, date) or (type(cell) is str and "0" <= cell[:1] <= "z"):
                return True
        return False

    def says_nothing(self, cells: Sequence[Cell], *, may_be_hint: bool) -> bool:
        """Whether nothing stands in the row, or, right below the headers, hints alone."""
        own = [cell for at in self.known if not is_blank(cell := cells[at - 1])]
        return not own or (may_be_hint and all(map(_is_hint, own)))

    def of(self, cells: Sequence[Cell], *, is_declared: bool) -> tuple[Line, int]:
        """What the row is; for a note the column of its text as well."""
        if self._is_form:
            return Line.ENTRY, 0
        filled = [at for at in self._places if _holds(cells[at - 1])]
        if not any(at in filled for at in self._choosing):
            if is_declared:
                return Line.TOTAL, 0
            if self._has_years and not self._is_named and len(filled) > 1:
                return Line.TOTAL, 0
            first = next((at for at in self._naming if at in filled and self._names(at, cells)), 0)
            line = _named_line(cell_text(cells[first - 1])) if first else None
            if line is Line.TOTAL or (line is Line.SUBTOTAL and len(filled) > 1):
                return line, 0
        own = [at for at in filled if not self._is_prefilled(at, cells[at - 1])]
        if not own:
            return Line.EMPTY, 0
        if len(filled) == 1 and own[0] in self._texts:
            return Line.NOTE, own[0]
        return Line.ENTRY, 0

    def _names(self, at: int, cells: Sequence[Cell]) -> bool:
        """Whether the cell may name the row: »I alt« in the place of a year, but no year."""
        return at in self._texts or isinstance(cells[at - 1], str)

    def has_required(self, cells: Sequence[Cell]) -> bool:
        """Whether all required columns that are there hold something."""
        return all(_holds(cells[at - 1]) for at in self._required)

    def _is_prefilled(self, at: int, cell: Cell) -> bool:
        if cell == NO_RESULT:  # a formula that was filled down, in a file that nobody calculated
            return True
        if at not in self._number:
            return at in self._prefilled
        return not isinstance(cell, str) or bool(_A_NUMBER.fullmatch(folded(cell)))


@lru_cache(maxsize=256)
def _judge(table: str, columns: Sequence[tuple[str, int]], years: Sequence[int]) -> _Judge:
    """Most workbooks have their columns in the same places."""
    return _Judge(next(one for one in TABLES if one.key == table), dict(columns), years)


def _holds(cell: Cell) -> bool:
    if type(cell) is str:
        return not (is_blank(cell) or is_dash(cell))
    return cell is not None and cell != NO_COLUMN


def _named_line(text: str) -> Line | None:
    """Whether a row of this name is a total or a part of one."""
    name = folded(text) if len(text) <= _LONGEST_NAME else ""
    if _TOTAL.search(name):
        rest = _SAYS_NO_MORE.sub("", _TOTAL.sub("", name))
        return Line.SUBTOTAL if rest else Line.TOTAL
    if _PART_OF_ONE.search(name) or _LOCAL_SHARE.search(name):
        return Line.SUBTOTAL
    return None


class _Covered:
    """Merged cells of a tab: a value counts for every row that its range covers.

    An amount, a number and a row's own number count at the top alone: the cells below are covered.
    """

    def __init__(self, tab: RawTab, table: Table, columns: Mapping[str, int]) -> None:
        once = {
            columns[column.key]
            for column in table.columns
            if column.key in columns
            and (column.kind in {Kind.AMOUNT, Kind.NUMBER} or column.header == "Nr.")
        }
        repeats = {*columns.values()} - once
        rows = dict(tab.rows) if tab.merged else {}
        self._cells: dict[int, dict[int, Cell]] = {}
        room = _MOST_COVERED
        for area in tab.merged:
            top = rows.get(area.top, ())
            value = top[area.left - 1] if len(top) >= area.left else None
            if is_blank(value):
                continue
            counts = area.left in repeats
            bottom = min(area.bottom, area.top + room)
            room -= bottom - area.top
            for row in range(area.top + 1, bottom + 1):
                self._cells.setdefault(row, {})[area.left] = value if counts else NO_COLUMN

    def filled_in(self, row: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The row's cells, those that a merged range covers with what counts there."""
        if row not in self._cells:
            return cells
        filled = [*cells]
        for column, value in self._cells[row].items():
            if column <= len(filled) and is_blank(filled[column - 1]):
                filled[column - 1] = value
        return filled


_MOST_COVERED = 100_000
"""So many covered cells of a tab are followed: nobody has merged more on purpose."""
