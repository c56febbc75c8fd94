"""Which rows of a table are entries: not totals, not notes, not what the template has filled in.

| Row | What it is |
| --- | --- |
| `I alt`, `Samlet finansiering`, `Sum 2025-2028` | the table's total row |
| `Lokal medfinansiering i alt`, `Lokal andel 25 %` | a subtotal or a share |
| one text and nothing else, which is no value of its column | a note (CEL-12) |
| a number in Nr., a preselected Status, a sum of 0 | empty: nobody has written the row yet |
| `(vælg fra listen)` and the like in all cells right below the headers | a hint |
| `Vælg` in the place of a value, and nothing else | empty: the sheet asks for it |
| the headers once more | the heading of a further part |
| sums of the entries above or below, beside at most one text | a sum without a name |
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import lru_cache

from rules.gate.headers import HeaderNames, year_of
from rules.gate.readers import UNDERSTAND
from rules.gate.sums import without_sums
from rules.model.cells import (
    NO_COLUMN,
    Cell,
    NoColumn,
    NoResult,
    RawRow,
    RawTab,
    ReadState,
    cell_text,
    is_blank,
    is_dash,
    serial_number,
)
from rules.model.tables import TOTAL_ROW_NAMES, YEAR_AMOUNT, Column, Kind, Table
from rules.text.danish import folded, header_key
from rules.text.spelling import nearest_name

_TOTAL = re.compile(
    rf"\b(?:{'|'.join(TOTAL_ROW_NAMES)}|totalt|totalsum|hovedtotal)\b", re.IGNORECASE
)
_PART_OF_ONE = re.compile(
    r"\b(?:subtotal|delsum|mellemsum|mellemtotal|balance|difference|afvigelse)\b"
    r"|^(?:her|der)af\b|\d\s*(?:%|pct\b|procent)",
    re.IGNORECASE,
)
_LOCAL_SHARE = re.compile(r"\blokale?\b.*\bandel\b|\bandel\b.*\blokale?\b", re.IGNORECASE)
_SHARE = re.compile(r"andel\b|procent|pct\b|%", re.IGNORECASE)
_SAYS_NO_MORE = re.compile(
    r"\b(?:finansiering(?:en)?|budget(?:tet)?|kr|kroner|år|perioden?|planperioden|hele|for|i|af|og|til)\b"
    r"|\d{1,4}|[^\w%]",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"[^\W\d]{0,3}[-. ]?\d[\d.,-]*[^\W\d]?", re.IGNORECASE)
_HINT = re.compile(
    r"\([^()\d]+\)$|(?:vælg|skriv|angiv|udfyld|dd[-./ ]?mm)\b|(?:i )?kr\.?$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_A_SENTENCE = 3
"""So many words beside the digits of an amount are a note about it."""
_NAMING = {Kind.TEXT, Kind.YEAR, Kind.CHOICE, Kind.DATE}
"""The kinds of columns in which the name of a total row may stand."""
_SUMMED = {Kind.AMOUNT, Kind.NUMBER}
_WHOLE = 100
_LONGEST_NAME = 200
_MUCH_ALIKE = 0.7


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
    tab: RawTab,
    names: HeaderNames,
    columns: Mapping[str, int],
    years: Sequence[int],
    header_row: int,
) -> TableLines:
    """The rows of a table by what they are; `columns` and `years` are where its columns stand."""
    found, table = TableLines(), names.table
    covered = _Covered(tab, table, columns) if tab.merged else None
    judge = _judge(names, (*columns.items(),), (*years,))
    width = max(judge.known, default=0)
    unsure: list[RawRow] = []
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
            unsure += [] if is_sure else [(row, padded)]
        elif line is Line.TOTAL:
            found.totals.append((row, [None if is_dash(cell) else cell for cell in padded]))
        elif line is Line.NOTE:
            found.notes.append((row, column))
    found.entries = judge.without_sums(found.entries, unsure)
    return found


def _is_hint(cell: Cell) -> bool:
    """Whether a cell right below its header only says what to fill in: »(vælg fra listen)«."""
    return isinstance(cell, str) and _hints(cell[:_LONGEST_NAME])


@lru_cache(maxsize=2_048)
def _hints(text: str) -> bool:
    return bool(_HINT.match(folded(text)))


class _Judge:
    """Tells what a row is, by what is filled in it."""

    def __init__(
        self, names: HeaderNames, columns: Mapping[str, int], years: Sequence[int]
    ) -> None:
        table, self._words = names.table, names.words
        self.known = [*columns.values(), *years]
        self._years = frozenset(years)
        self._headers = {
            key: columns[column] for key, column in names.columns.items() if column in columns
        }
        kinds = {c.key: c for c in table.columns}
        placed = sorted((at, kinds[key]) for key, at in columns.items() if key in kinds)
        self._columns = dict.fromkeys(years, YEAR_AMOUNT) | dict(placed)
        self._texts = [at for at, column in placed if column.kind is Kind.TEXT]
        self._naming = [at for at, column in placed if column.kind in _NAMING]
        self._summed = [at for at, column in self._columns.items() if column.kind in _SUMMED]
        self._required = [at for at, column in placed if column.required]
        self._choosing = [
            at
            for at, column in placed
            if column.required and column.kind in {Kind.CHOICE, Kind.DATE}
        ]
        self._prefilled = {at for at, column in placed if column.is_prefilled}
        self._deciding = [
            (at, frozenset(self._words.get(column.key, ())))
            for at, column in placed
            if at in self._choosing and at not in self._prefilled
        ]
        self._number = self._prefilled.intersection(self._texts)
        self._is_form = table.is_form
        self._has_years, self._is_named = table.has_years, "source" in columns
        self._places = [*self._columns]

    def is_surely_entry(self, cells: Sequence[Cell]) -> bool:
        """A quick look: whether a choice or a date is filled in that only a person fills in."""
        for at, words in self._deciding:
            cell = cells[at - 1]
            if isinstance(cell, date) or (type(cell) is str and cell in words):
                return True
        return False

    def says_nothing(self, cells: Sequence[Cell], *, may_be_hint: bool) -> bool:
        """Whether nothing stands in the row, or, right below the headers, hints alone."""
        if all(
            is_blank(cell := cells[at - 1]) or self._repeats_header(at, cell) for at in self.known
        ):
            return True
        if not may_be_hint or self._is_form:
            return False
        own = [at for at in self.known if not is_blank(cells[at - 1])]
        asking = [at for at in own if self._asks(at, cells[at - 1])]
        return len(asking) > 1 or all(_is_hint(cells[at - 1]) for at in own)

    def without_sums(self, entries: list[RawRow], unsure: Sequence[RawRow]) -> list[RawRow]:
        """The entries but for `unsure` ones with at most a text beside what adds up others."""
        if not self._summed:
            return entries
        may_be_sums = {row for row, cells in unsure if self._may_be_sum(cells)}
        return without_sums(entries, may_be_sums, self._summed) if may_be_sums else entries

    def _may_be_sum(self, cells: Sequence[Cell]) -> bool:
        beside = [at for at in self._places if at not in self._summed and _holds(cells[at - 1])]
        is_text = all(at in self._texts and at not in self._number for at in beside)
        return is_text and len(beside) <= 1

    def _repeats_header(self, at: int, cell: Cell) -> bool:
        if at in self._years:
            return year_of(cell) is not None
        return isinstance(cell, str) and self._headers.get(header_key(cell)) == at

    def _asks(self, at: int, cell: Cell) -> bool:
        """Whether a cell says that its value is to be filled in: »Vælg«, »dd-mm-åååå«."""
        return self._columns[at].kind is not Kind.TEXT and _is_hint(cell)

    def of(self, cells: Sequence[Cell], *, is_declared: bool) -> tuple[Line, int]:
        """What the row is; for a note the column of its text as well."""
        if self._is_form:
            return Line.ENTRY, 0
        filled = [
            at for at in self._places if _holds(cell := cells[at - 1]) and not self._asks(at, cell)
        ]
        first = next((at for at in self._naming if at in filled and self._names(at, cells)), 0)
        name = cell_text(cells[first - 1]) if first else ""
        line = _named_line(name)
        if line is None and _SHARE.search(name) and self._has_parts_of_one(filled, cells):
            line = Line.SUBTOTAL
        if all(at == first and line for at in self._choosing if at in filled):
            if is_declared:
                return Line.TOTAL, 0
            if self._has_years and not self._is_named and len(filled) > 1:
                return Line.TOTAL, 0
            if line is Line.TOTAL or (line is Line.SUBTOTAL and len(filled) > 1):
                return line, 0
        written = [at for at in filled if not _is_zero(cells[at - 1])]
        is_alone = len(written) == 1 and all(
            self._columns[at].kind is Kind.AMOUNT for at in filled if at not in written
        )
        if is_alone and self._is_note(written[0], cells):
            return Line.NOTE, written[0]
        is_begun = any(not self._is_prefilled(at, cells[at - 1]) for at in written)
        return (Line.ENTRY if is_begun else Line.EMPTY), 0

    def _has_parts_of_one(self, filled: Sequence[int], cells: Sequence[Cell]) -> bool:
        """Whether all amounts of a row are parts of 1 or of 100."""
        amounts = [cells[at - 1] for at in filled if self._columns[at].kind is Kind.AMOUNT]
        return all(isinstance(one, float | int) and 0 <= one <= _WHOLE for one in amounts)

    def _is_note(self, at: int, cells: Sequence[Cell]) -> bool:
        """Whether a cell that stands alone is no value of its column, nor the attempt at one."""
        column, cell = self._columns[at], cells[at - 1]
        if column.kind is Kind.TEXT:
            return not self._is_prefilled(at, cell)
        return isinstance(cell, str) and _is_remark(column, cell, self._words.get(column.key, ()))

    def _names(self, at: int, cells: Sequence[Cell]) -> bool:
        """Whether the cell may name the row: »I alt« in the place of a year, but no year."""
        return at in self._texts or isinstance(cells[at - 1], str)

    def has_required(self, cells: Sequence[Cell]) -> bool:
        """Whether all required columns that are there hold something."""
        return all(_holds(cells[at - 1]) for at in self._required)

    def _is_prefilled(self, at: int, cell: Cell) -> bool:
        if (
            type(cell) is NoResult
        ):  # a formula that was filled down, in a file that nobody calculated
            return True
        if at not in self._number:
            return at in self._prefilled
        return not isinstance(cell, str) or bool(_A_NUMBER.fullmatch(folded(cell)))


@lru_cache(maxsize=256)
def _judge(names: HeaderNames, columns: Sequence[tuple[str, int]], years: Sequence[int]) -> _Judge:
    """Most workbooks have their columns in the same places."""
    return _Judge(names, dict(columns), years)


def _is_remark(column: Column, text: str, words: Sequence[str]) -> bool:
    """Whether a text in a column of another kind says something of its own."""
    if column.kind is Kind.EMAIL:
        return "@" not in text
    if column.kind is Kind.CHOICE:
        return nearest_name(text, words, _MUCH_ALIKE) is None
    is_figure = column.kind in {Kind.AMOUNT, Kind.NUMBER} and any(map(str.isdigit, text))
    said = len(_WORD.findall(text)) >= (_A_SENTENCE if is_figure else 1)
    return said and UNDERSTAND[column.kind](text)[1] == ReadState.UNREADABLE


def _is_zero(cell: Cell) -> bool:
    """Whether a formula that was filled down may have put the cell there: a sum of nothing."""
    return cell == 0 or serial_number(cell) == 0


def _holds(cell: Cell) -> bool:
    if type(cell) is str:
        return not (is_blank(cell) or is_dash(cell))
    return cell is not None and type(cell) is not NoColumn


def _named_line(text: str) -> Line | None:
    """Whether a row of this name is a total or a part of one."""
    return _line_of(text) if len(text) <= _LONGEST_NAME else None


@lru_cache(maxsize=2_048)
def _line_of(text: str) -> Line | None:
    name = folded(text)
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
