"""Looking for CPR numbers in every cell and comment of a workbook (rules GDP).

The number itself never leaves this module: a sighting is a place and a code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.gate.tabs import FoundTab
from rules.model.cells import Cell, RawTab, RawWorkbook
from rules.model.finding import Finding, Place
from rules.model.tables import WARNINGS_TAB, Kind
from rules.text.cell_names import cell_name, column_number
from rules.text.danish import name_key
from rules.text.personal_numbers import SHORTEST, CprMatch, cpr_match

_CODES = {CprMatch.WRITTEN_AS_CPR: "GDP-01", CprMatch.TEN_DIGITS: "GDP-02"}
_WARNINGS_KEY = name_key(WARNINGS_TAB)
_SMALLEST_NUMBER = 1e8
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class CprFindings:
    """What was seen in one workbook."""

    findings: tuple[Finding, ...]
    sure_cells: frozenset[tuple[str | None, int | None, int | None]]

    def is_sure(self, place: Place) -> bool:
        """Whether a CPR number was seen in this cell: then nothing else is said about it."""
        return bool(self.sure_cells) and (place.tab, place.row, place.column) in self.sure_cells


_NOTHING = CprFindings((), frozenset())


def search(raw: RawWorkbook, tabs: Mapping[str, FoundTab], clean: set[Cell]) -> CprFindings:
    """Look through all tabs but Advarsler, and all columns but Kontrol.

    `clean` are cells that were looked at before, in other workbooks; those of this one are added.
    """
    if not any(tab.comments for tab in raw.tabs) and not _may_hold_one(raw, clean):
        return _NOTHING
    known: dict[str, list[FoundTab]] = defaultdict(list)
    for found in tabs.values():
        if found.layout is not None:
            known[found.tab.name].append(found)
    findings: list[Finding] = []
    for tab in raw.tabs:
        if name_key(tab.name) != _WARNINGS_KEY:
            findings.extend(_search_tab(raw.path, tab, known[tab.name]))
    sure = frozenset(
        (f.place.tab, f.place.row, f.place.column)
        for f in findings
        if f.code == "GDP-01" and not f.variant
    )
    return CprFindings(tuple(findings), sure)


def _search_tab(path: str, tab: RawTab, tables: Sequence[FoundTab]) -> Iterator[Finding]:
    for row, column, seen, variant in _sightings(tab):
        header = None
        found = _table_at(row, tables)
        if found and found.layout and row >= found.layout.header_row:
            if column == found.layout.control_column:
                continue
            header, is_amount = _column_at(found, row, column)
            if is_amount and seen is CprMatch.TEN_DIGITS:
                continue
        place = Place(path, tab.name, row, column, header)
        identity = cell_name(row, column)
        yield Finding(_CODES[seen], place, {"cell": identity}, identity, variant)


def _table_at(row: int, tables: Sequence[FoundTab]) -> FoundTab | None:
    """Of the tables that share a tab the one whose headers stand nearest above the row."""
    above = [one for one in tables if one.layout is not None and one.layout.header_row <= row]
    return max(above, key=_header_row, default=None)


def _header_row(found: FoundTab) -> int:
    return found.layout.header_row if found.layout is not None else 0


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


def _sightings(tab: RawTab) -> Iterator[tuple[int, int, CprMatch, str]]:
    """Row, column, what was seen, and `comment` where it was seen there alone; one for a cell."""
    rows = dict(tab.rows)
    comments = {_address(address): text for address, text in tab.comments.items()}
    for row, column in sorted({*comments, *_cells_to_look_at(tab)}):
        cells = rows.get(row, ())
        in_cell = _seen_in(cells[column - 1]) if len(cells) >= column else None
        in_comment = cpr_match(comments.get((row, column), ""))
        for seen in CprMatch:
            if seen in {in_cell, in_comment}:
                yield row, column, seen, "" if seen is in_cell else "comment"
                break


def _cells_to_look_at(tab: RawTab) -> Iterator[tuple[int, int]]:
    for row, cells in tab.rows:
        for column, cell in enumerate(cells, 1):
            if _seen_in(cell):
                yield row, column


def _seen_in(cell: Cell) -> CprMatch | None:
    if type(cell) is str:
        return cpr_match(cell) if len(cell) >= SHORTEST else None
    if (type(cell) is float and cell.is_integer()) or type(cell) is int:
        return cpr_match(str(int(cell)))
    return None


def _address(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)


def _column_at(found: FoundTab, row: int, column: int) -> tuple[str | None, bool]:
    """A known column's Danish header (Plan: the row's field), and whether it is an amount."""
    layout = found.layout
    if layout is None or row == layout.header_row:
        return None, False
    if found.table.is_form:
        keys = {row: key for key, row in layout.fields.items()}
        key = keys.get(row) if column == layout.columns.get("value") else None
    else:
        if column in layout.years.values():
            year = next(y for y, number in layout.years.items() if number == column)
            return str(year), True
        key = next((k for k, number in layout.columns.items() if number == column), None)
    if key is None:
        return None, False
    known = found.table.column(key)
    return known.header, known.kind is Kind.AMOUNT
