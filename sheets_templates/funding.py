"""The rows and sums of Finansiering: formulas that survive inserted rows and years, with results.

A range that ends at `INDEX(…, ROW()-1)` reaches the cell above wherever rows are inserted, the
place right above the total row included, which a plain `F4:F15` would miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rules.danish import name_key
from rules.tables import FUNDING, TOTAL_ROW_NAMES
from sheets_templates.draft import Draft, Entry, Formula
from sheets_templates.sheet_page import FIRST_ROW, HEADER_ROW
from sheets_templates.styles import TOTAL, TOTAL_AMOUNT
from sheets_templates.tabs import column_numbers, looks_by_number

TOTAL_LABEL = TOTAL_ROW_NAMES[0]
ENTRY_ROWS = 12
"""Rows between the header and the total row; more where more are given."""
SPARE_ROWS = 3

NumberedRow = Mapping[int, Entry]
"""A row's entries by column number."""

_TOTAL_KEYS = frozenset(name_key(name) for name in TOTAL_ROW_NAMES)
_ZERO = Decimal(0)


def fill_funding(
    draft: Draft, sheet: Worksheet, years: Sequence[int], given: Sequence[NumberedRow]
) -> None:
    """Write the rows with their sums, and the total row below them.

    An entry for I alt takes the place of its row's formula, and a given total row that of the
    formulas that it names.
    """
    numbers = column_numbers(FUNDING, years)
    label_at = numbers[FUNDING.column("source").header]
    sum_at = numbers[FUNDING.column("total_oere").header]
    year_numbers = [numbers[str(year)] for year in years]
    looks = looks_by_number(FUNDING, years)
    rows = [row for row in given if not _is_total(row.get(label_at))]
    typed_total = next((row for row in given if _is_total(row.get(label_at))), {})
    total_row = FIRST_ROW + max(ENTRY_ROWS, len(rows) + SPARE_ROWS)
    for row in range(FIRST_ROW, total_row):
        typed = rows[row - FIRST_ROW] if row - FIRST_ROW < len(rows) else {}
        amounts = [typed.get(number) for number in year_numbers]
        for number, entry in ({sum_at: _row_sum(row, year_numbers, amounts)} | dict(typed)).items():
            draft.put(sheet, row, number, entry, looks[number])
    sums: dict[int, Entry] = {label_at: TOTAL_LABEL}
    for number in year_numbers:
        sums[number] = _column_sum(number, [row.get(number) for row in rows])
    sums |= {number: typed_total[number] for number in year_numbers if number in typed_total}
    sums[sum_at] = _total_sum(total_row, year_numbers, [sums[number] for number in year_numbers])
    sums |= dict(typed_total)
    for number in looks:
        look = TOTAL_AMOUNT if number in {*year_numbers, sum_at} else TOTAL
        draft.put(sheet, total_row, number, sums.get(number), look)


def _is_total(label: Entry) -> bool:
    return isinstance(label, str) and name_key(label) in _TOTAL_KEYS


def _row_sum(row: int, columns: Sequence[int], entries: Iterable[Entry]) -> Formula:
    """A row's I alt; empty for a row without amounts, so that it does not count as filled."""
    amounts, cells = _amounts(entries), _years_of(row, columns)
    result = sum(amounts, _ZERO) if amounts else ""
    return Formula(f'=IF(COUNT({cells})=0,"",SUM({cells}))', result)


def _total_sum(row: int, columns: Sequence[int], entries: Iterable[Entry]) -> Formula:
    """The total row's I alt: of its years, so that an empty I alt in a row makes no gap."""
    return Formula(f"=SUM({_years_of(row, columns)})", sum(_amounts(entries), _ZERO))


def _column_sum(column: int, entries: Iterable[Entry]) -> Formula:
    """A year's total: all cells between its header and the total row."""
    letter = get_column_letter(column)
    whole = f"{letter}:{letter}"
    cells = f"INDEX({whole},ROW({letter}${HEADER_ROW})+1):INDEX({whole},ROW()-1)"
    return Formula(f"=SUM({cells})", sum(_amounts(entries), _ZERO))


def _years_of(row: int, columns: Sequence[int]) -> str:
    """The row from the text column before the first year to the column before I alt."""
    return f"{get_column_letter(min(columns) - 1)}{row}:INDEX({row}:{row},COLUMN()-1)"


def _amounts(entries: Iterable[Entry]) -> list[Decimal]:
    """The numbers among the entries: as in the spreadsheet, a sum leaves texts out."""
    amounts = []
    for entry in entries:
        value = entry.result if isinstance(entry, Formula) else entry
        if isinstance(value, int | float | Decimal):
            amounts.append(Decimal(str(value)))
    return amounts
