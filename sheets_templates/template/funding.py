"""The rows and sums of Finansiering: formulas that survive inserted rows and years, with results.

A range that ends at `INDEX(…, ROW()-1)` reaches the cell above wherever rows are inserted, the
place right above the total row included, which a plain `F7:F18` would miss. INDEX names the whole
column or row, in which the formula itself stands. Excel does not mind. What Google makes of it is
written nowhere, so there OFFSET counts from the column's header, and from the row's first amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rules.model.tables import FUNDING, TOTAL_ROW_NAMES
from rules.text.cell_names import column_letters
from rules.text.danish import name_key
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import CellRange, DesignedCell, Entry, Formula, Program
from sheets_templates.template.layout import (
    FIRST_ROW,
    HEADER_ROW,
    Cells,
    NumberedRow,
    column_numbers,
    number_of,
    style_of,
)

TOTAL_LABEL = TOTAL_ROW_NAMES[0]
ENTRY_ROWS = 12
"""Rows between the header and the total row; more where more are given."""
SPARE_ROWS = 3

_TOTAL_KEYS = frozenset(name_key(name) for name in TOTAL_ROW_NAMES)
_ZERO = Decimal(0)


_ABOVE = {
    Program.EXCEL: "INDEX({column}:{column},ROW({header})+1):INDEX({column}:{column},ROW()-1)",
    Program.GOOGLE: "OFFSET({header},1,0,ROW()-ROW({header})-1,1)",
}
"""The cells between a column's header and the formula."""
_BEFORE = {
    Program.EXCEL: "{first}:INDEX({row}:{row},COLUMN()-1)",
    Program.GOOGLE: "OFFSET({first},0,0,1,COLUMN()-COLUMN({first}))",
}
"""The cells from a row's first one to the one before the formula."""


def funding_cells(
    years: Sequence[int], given: Sequence[NumberedRow], program: Program
) -> tuple[Cells, CellRange]:
    """The rows with their sums, and the total row below them; and where the total row stands.

    An entry for I alt takes the place of its row's formula, and a given total row that of the
    formulas that it names.
    """
    numbers = column_numbers(FUNDING, years)
    label_at = number_of(FUNDING, "source", years)
    sum_at = number_of(FUNDING, "total_oere", years)
    year_numbers = [numbers[str(year)] for year in years]
    styles = {numbers[column.header]: style_of(column) for column in FUNDING.columns}
    styles |= dict.fromkeys(year_numbers, Style.AMOUNT)
    styles[max(numbers.values())] = Style.TEXT
    rows = [row for row in given if not is_total(row.get(label_at))]
    typed_total = next((row for row in given if is_total(row.get(label_at))), {})
    total_row = FIRST_ROW + max(ENTRY_ROWS, len(rows) + SPARE_ROWS)
    cells: Cells = {}
    for row in range(FIRST_ROW, total_row):
        typed = rows[row - FIRST_ROW] if row - FIRST_ROW < len(rows) else {}
        amounts = _amounts(typed.get(number) for number in year_numbers)
        years_of = _years_of(row, year_numbers, program)
        # Empty for a row without amounts, so that it does not count as filled.
        text = f'=IF(COUNT({years_of})=0,"",SUM({years_of}))'
        row_sum = Formula(text, sum(amounts, _ZERO) if amounts else "")
        for number, entry in {sum_at: row_sum, **typed}.items():
            cells[row, number] = DesignedCell(entry, styles[number])
    sums: dict[int, Entry] = {label_at: TOTAL_LABEL}
    for number in year_numbers:
        letter = column_letters(number)
        above = _ABOVE[program].format(column=letter, header=f"{letter}${HEADER_ROW}")
        sums[number] = _sum(above, [row.get(number) for row in rows])
    sums |= {number: typed_total[number] for number in year_numbers if number in typed_total}
    # The sum of the years: an empty I alt in a row makes no gap in it.
    in_total_row = _years_of(total_row, year_numbers, program)
    sums[sum_at] = _sum(in_total_row, [sums[number] for number in year_numbers])
    sums |= dict(typed_total)
    for number in styles:
        style = Style.TOTAL_AMOUNT if number in {*year_numbers, sum_at} else Style.TOTAL
        cells[total_row, number] = DesignedCell(sums.get(number), style)
    return cells, CellRange(total_row, min(year_numbers), total_row, sum_at)


def is_total(label: Entry) -> bool:
    """Whether a row with this Kilde is the total row."""
    return isinstance(label, str) and name_key(label) in _TOTAL_KEYS


def _sum(cells: str, entries: Iterable[Entry]) -> Formula:
    return Formula(f"=SUM({cells})", sum(_amounts(entries), _ZERO))


def _years_of(row: int, columns: Sequence[int], program: Program) -> str:
    """The row from the text column before the first year to the column before I alt."""
    first = f"{column_letters(min(columns) - 1)}{row}"
    return _BEFORE[program].format(first=first, row=row)


def _amounts(entries: Iterable[Entry]) -> list[Decimal]:
    """The numbers among the entries: as in the spreadsheet, a sum leaves texts out."""
    return [amount for entry in entries if (amount := number_in(entry)) is not None]


def number_in(entry: Entry) -> Decimal | None:
    """The number that stands in a cell, or None."""
    value = entry.result if isinstance(entry, Formula) else entry
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None
