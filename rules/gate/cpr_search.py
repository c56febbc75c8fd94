"""Looking for CPR numbers in every cell and comment of a workbook (rules GDP).

The number itself never leaves this module: a finding holds a place and a code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rules.gate.headers import FoundTab
from rules.model.cells import Cell, RawTab, RawWorkbook
from rules.model.finding import Finding, Place
from rules.model.plan import TabLayout
from rules.model.tables import Kind, Table
from rules.text.cell_names import column_number
from rules.text.personal_numbers import SHORTEST, CprMatch, cpr_match

_CODES = {CprMatch.WRITTEN_AS_CPR: "GDP-01", CprMatch.TEN_DIGITS: "GDP-02"}
_SMALLEST_NUMBER = 1e8
_REMEMBERED = 5_000


_Located = tuple[TabLayout, Table]


def search(
    raw: RawWorkbook, tabs: Mapping[str, FoundTab], clean: set[Cell], warnings_tab: str
) -> list[Finding]:
    """Look through all tabs and columns but the job's own Advarsler and Kontrol.

    `clean` are cells that were looked through before, in other workbooks; those of this one are
    added.
    """
    if not any(tab.comments for tab in raw.tabs) and not _may_hold_one(raw, clean):
        return []
    tables: dict[str, list[_Located]] = defaultdict(list)
    for found in tabs.values():
        if found.layout is not None:
            tables[found.tab.name].append((found.layout, found.table))
    findings: list[Finding] = []
    for tab in raw.tabs:
        if tab.name != warnings_tab:
            findings.extend(_search_tab(raw.path, tab, tables[tab.name]))
    return findings


def _search_tab(path: str, tab: RawTab, tables: Sequence[_Located]) -> Iterator[Finding]:
    for row, column, match, variant in _matches(tab):
        # Of the tables that share a tab the one whose headers stand nearest above the row.
        above = [(layout, table) for layout, table in tables if layout.header_row <= row]
        header = None
        if above:
            layout, table = max(above, key=lambda located: located[0].header_row)
            if column == layout.control_column:
                continue
            header, is_amount = _column_at(layout, table, row, column)
            if is_amount and match is CprMatch.TEN_DIGITS:
                continue
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


def _matches(tab: RawTab) -> Iterator[tuple[int, int, CprMatch, str]]:
    """Row, column, the surest match, and `comment` where it is in the comment alone."""
    cells = {
        (row, column): match
        for row, numbered in tab.rows
        for column, cell in enumerate(numbered, 1)
        if (match := _match_in(cell))
    }
    comments = {
        _address(address): match
        for address, text in tab.comments.items()
        if (match := cpr_match(text))
    }
    for at in sorted({*cells, *comments}):
        found = {cells.get(at), comments.get(at)}
        match = next(match for match in CprMatch if match in found)
        yield *at, match, "" if match is cells.get(at) else "comment"


def _match_in(cell: Cell) -> CprMatch | None:
    if type(cell) is str:
        return cpr_match(cell) if len(cell) >= SHORTEST else None
    if (type(cell) is float and cell.is_integer()) or type(cell) is int:
        return cpr_match(str(int(cell)))
    return None


def _address(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)


def _column_at(layout: TabLayout, table: Table, row: int, column: int) -> tuple[str | None, bool]:
    """A known column's Danish header (Plan: the row's field), and whether it is an amount."""
    if row == layout.header_row:
        return None, False
    for year, number in layout.years.items():
        if number == column:
            return str(year), True
    if table.is_form:
        is_value = column == layout.columns.get("value")
        key = next((k for k, at in layout.fields.items() if is_value and at == row), None)
    else:
        key = next((k for k, at in layout.columns.items() if at == column), None)
    if key is None:
        return None, False
    known = table.column(key)
    return known.header, known.kind is Kind.AMOUNT
