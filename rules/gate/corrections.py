"""What a workbook's mistyped cells can only have meant: their corrections, for `fix`.

A correction is offered where every reader would make the same one. An amount that can be read in
two ways, a sum that does not add up, a word that is near two choices have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules.model.cells import RawWorkbook, cell_text
from rules.model.finding import Correction, Finding
from rules.model.plan import TabLayout, Workbook
from rules.model.tables import FIRST_YEAR, LAST_YEAR, TABLES, Kind, Table
from rules.text.danish import parse_date


def corrections(
    raw: RawWorkbook, workbook: Workbook, findings: Sequence[Finding]
) -> list[Correction]:
    """Every correction of a workbook, in the order of its tabs, rows and columns.

    `findings` are those of the gate, which carry their correction among their facts.
    """
    found = [*_of_findings(findings), *_typed_dates(raw, workbook)]
    return sorted(found, key=lambda one: (workbook.tabs.index(one.tab), one.row, one.column))


def _of_findings(findings: Sequence[Finding]) -> Iterator[Correction]:
    for code, place, facts in ((f.code, f.place, f.facts) for f in findings):
        value, text = facts.get("correction"), str(facts.get("text"))
        if isinstance(value, str | Decimal) and place.tab and place.row and place.column:
            header = place.header or ""
            yield Correction(place.tab, place.row, place.column, text, value, header, code)


def _typed_dates(raw: RawWorkbook, workbook: Workbook) -> Iterator[Correction]:
    """Dates that were typed as text: read, but not by the spreadsheet's own formats and lists."""
    rows = {tab.name: dict(tab.rows) for tab in raw.tabs}
    located = [(one, workbook.layouts[one.key]) for one in TABLES if one.key in workbook.layouts]
    for table, layout in located:
        for row, column, header in _date_cells(table, layout):
            cells = rows[layout.name].get(row, ())
            cell = cells[column - 1] if len(cells) >= column else None
            day = parse_date(cell) if isinstance(cell, str) else None
            if day and FIRST_YEAR <= day.year <= LAST_YEAR:
                yield Correction(layout.name, row, column, cell_text(cell), day, header)


def _date_cells(table: Table, layout: TabLayout) -> Iterator[tuple[int, int, str]]:
    for column in table.columns:
        if column.kind is not Kind.DATE:
            continue
        if table.is_form:
            if column.key in layout.fields and "value" in layout.columns:
                yield layout.fields[column.key], layout.columns["value"], column.header
        elif column.key in layout.columns:
            number = layout.columns[column.key]
            yield from ((row, number, column.header) for row in layout.filled_rows)
