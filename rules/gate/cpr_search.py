"""Looking for CPR numbers in every cell of a workbook and beside them, and hiding them (rules GDP).

The number itself never leaves this module: a finding holds a place and a code, and whoever reads
the cells gets them from `without_numbers`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from rules.gate.headers import FoundTab
from rules.model.cells import Cell, RawTab, RawWorkbook, cell_text
from rules.model.finding import Finding, Place
from rules.model.plan import TabLayout
from rules.model.tables import Kind, Table
from rules.text.cell_names import cell_name, column_number
from rules.text.personal_numbers import MASK, SHORTEST, CprMatch, cpr_match, masked

_CODES = {CprMatch.WRITTEN_AS_CPR: "GDP-01", CprMatch.TEN_DIGITS: "GDP-02"}
_SMALLEST_NUMBER = 1e8
_REMEMBERED = 5_000


_Located = tuple[TabLayout, Table]
CellsByTab = Mapping[str, Mapping[tuple[int, int], CprMatch]]


"""How sure it is that a cell holds a number, by tab, row and column."""


class Search(NamedTuple):
    """What a search came to: findings, and the cells with a number."""

    findings: Sequence[Finding] = ()
    cells: CellsByTab = MappingProxyType({})


_NOTHING = Search()


def search(
    raw: RawWorkbook, tabs: Mapping[str, FoundTab], clean: set[Cell], warnings_tab: str
) -> Search:
    """Look through all tabs and columns but the job's own Advarsler and Kontrol.

    `clean` are cells that were looked through before, in other workbooks; those of this one are
    added.
    """
    beside = any(tab.comments or tab.beside or tab.shown for tab in raw.tabs) or raw.beside
    names = "\n".join(tab.name for tab in raw.tabs)
    if not beside and not _may_hold_one(raw, clean) and not cpr_match(names):
        return _NOTHING
    tables: dict[str, list[_Located]] = defaultdict(list)
    for found in tabs.values():
        if found.layout is not None:
            tables[found.tab.name].append((found.layout, found.table))
    findings = [*_beside(Place(raw.path), "workbook", (*raw.beside, names))]
    cells: dict[str, dict[tuple[int, int], CprMatch]] = {}
    for tab in raw.tabs:
        if tab.name != warnings_tab:
            cells[tab.name] = dict(_cells_of(tab, tables[tab.name]))
            if masked(tab.name) == tab.name:  # else its name is reported, and the tab is none
                findings += _beside(Place(raw.path, tab.name), "beside", tab.beside)
                findings += _in_tab(raw.path, tab, tables[tab.name], cells[tab.name])
            elif not findings and (cells[tab.name] or tab.beside):
                findings += _beside(Place(raw.path), "workbook", [tab.name])
    return Search(findings, cells)


def without_numbers(raw: RawWorkbook, cells: CellsByTab) -> RawWorkbook:
    """The workbook with a mask in the place of every number."""

    def hidden(tab: RawTab, row: int, column: int, cell: Cell) -> Cell:
        if (row, column) not in cells[tab.name]:
            return cell
        return masked(cell) if isinstance(cell, str) else MASK

    tabs = [
        replace(
            tab,
            rows=[
                (row, [hidden(tab, row, column, cell) for column, cell in enumerate(numbered, 1)])
                for row, numbered in tab.rows
            ],
        )
        if cells.get(tab.name)
        else tab
        for tab in raw.tabs
    ]
    return replace(raw, tabs=tabs)


def _beside(place: Place, variant: str, texts: Iterable[str]) -> Iterator[Finding]:
    """A finding where one of the texts beside the cells holds a number."""
    if match := cpr_match("\n".join(texts)):
        yield Finding(_CODES[match], place, {"cell": ""}, variant, variant)


def _in_tab(
    path: str,
    tab: RawTab,
    tables: Sequence[_Located],
    cells: Mapping[tuple[int, int], CprMatch],
) -> Iterator[Finding]:
    comments = {
        _address(address): match
        for address, text in tab.comments.items()
        if (match := cpr_match(text))
    }
    for row, column in sorted({*cells, *comments}):
        header, is_control, is_amount = _column_at(tables, row, column)
        found = {cells.get((row, column)), comments.get((row, column))}
        if is_control or (is_amount and found == {CprMatch.TEN_DIGITS, None}):
            continue  # text that is no amount is reported as that
        match = next(match for match in CprMatch if match in found)
        variant = "" if match is cells.get((row, column)) else "comment"
        place = Place(path, tab.name, row, column, header)
        identity = place.cell or ""
        yield Finding(_CODES[match], place, {"cell": identity}, identity, variant)


def _may_hold_one(raw: RawWorkbook, clean: set[Cell]) -> bool:
    """A quick look at all cells at once: nearly every workbook holds nothing of the kind."""
    cells = set().union(*[cells for tab in raw.tabs for _, cells in tab.rows]) - clean
    long_texts = [cell for cell in cells if type(cell) is str and len(cell) >= SHORTEST]
    numbers = [cell for cell in cells if type(cell) is float or type(cell) is int]
    large_numbers = [number for number in numbers if number >= _SMALLEST_NUMBER]
    if large_numbers or cpr_match("\n".join(long_texts)):
        return True
    if len(clean) > _REMEMBERED:
        clean.clear()
    clean |= cells
    return False


def _cells_of(
    tab: RawTab, tables: Sequence[_Located]
) -> Iterator[tuple[tuple[int, int], CprMatch]]:
    """Row and column of the cells that hold a number; in an amount ten digits are none."""
    for row, numbered in tab.rows:
        for column, cell in enumerate(numbered, 1):
            match = _match_in(cell, row, column, tab.shown)
            if match:
                _, is_control, is_amount = _column_at(tables, row, column)
                is_number = not isinstance(cell, str) and match is CprMatch.TEN_DIGITS
                if not is_control and not (is_amount and is_number):
                    yield (row, column), match


def _match_in(cell: Cell, row: int, column: int, shown: Mapping[str, str]) -> CprMatch | None:
    if type(cell) is str:
        return cpr_match(cell) if len(cell) >= SHORTEST else None
    if (type(cell) is float or type(cell) is int) and cell >= _SMALLEST_NUMBER:
        return cpr_match(shown.get(cell_name(row, column)) or cell_text(cell))
    return None


def _address(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)


def _column_at(tables: Sequence[_Located], row: int, column: int) -> tuple[str | None, bool, bool]:
    """A known column's Danish header (Plan: the row's field), whether it is Kontrol, an amount."""
    # Of the tables that share a tab the one whose headers stand nearest above the row.
    above = [(layout, table) for layout, table in tables if layout.header_row <= row]
    if not above:
        return None, False, False
    layout, table = max(above, key=lambda located: located[0].header_row)
    if column == layout.control_column:
        return None, True, False
    if row == layout.header_row:
        return None, False, False
    for year, number in layout.years.items():
        if number == column:
            return str(year), False, True
    if table.is_form:
        is_value = column == layout.columns.get("value")
        key = next((k for k, at in layout.fields.items() if is_value and at == row), None)
    else:
        key = next((k for k, at in layout.columns.items() if at == column), None)
    if key is None:
        return None, False, False
    known = table.column(key)
    return known.header, False, known.kind is Kind.AMOUNT
