"""The tab Finansiering: its rows and sums, and above them the local co-financing before any run.

A range that ends at `INDEX(…, ROW()-1)` reaches the cell above wherever rows are inserted, the
place right above the total row included, which a plain `F7:F18` would miss. INDEX names the whole
column or row, in which the formula itself stands. Excel does not mind. What Google makes of it is
written nowhere, so there OFFSET counts from the column's header, and from the row's first amount.

The comparison of the co-financing is the rule's (FIN-01): whole øre, each cell rounded to the øre
first, and `denominator * local >= numerator * total`, which binary numbers hold exactly. The share
shown is cut and never rounded up. Where a cell cannot be read, nothing is shown but why: a missing
answer is never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from rules.judging.money import is_short, missing_added, missing_moved
from rules.model.choices import FundingType
from rules.model.parameters import Parameters
from rules.model.tables import FIRST_ROW, FUNDING, HEADER_ROW, TOTAL_ROW_NAMES
from rules.text.cell_names import CellRange, column_letters
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Signal, Style
from sheets_templates.drawing.design import (
    ConditionalFormat,
    DesignedCell,
    Entry,
    Formula,
    Program,
    Result,
)
from sheets_templates.template.layout import (
    LAST_FORMATTED_ROW,
    LEGEND,
    STYLES,
    Cells,
    NumberedRow,
    TabHead,
    column_numbers,
    fixed,
    in_quotes,
    number_of,
)
from sheets_templates.template.lists import LISTS_TAB, LOCAL, TOTAL, UNREADABLE, UNTYPED

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
    styles = {numbers[column.header]: STYLES[column.kind] for column in FUNDING.columns}
    styles |= dict.fromkeys(year_numbers, Style.AMOUNT)
    styles[max(numbers.values())] = Style.TEXT
    rows = [row for row in given if not _is_total(row.get(label_at))]
    typed_total = next((row for row in given if _is_total(row.get(label_at))), {})
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


def _is_total(label: Entry) -> bool:
    return isinstance(label, str) and name_key(label) in _TOTAL_KEYS


def _sum(cells: str, entries: Iterable[Entry]) -> Formula:
    return Formula(f"=SUM({cells})", sum(_amounts(entries), _ZERO))


def _years_of(row: int, columns: Sequence[int], program: Program) -> str:
    """The row from the text column before the first year to the column before I alt."""
    first = f"{column_letters(min(columns) - 1)}{row}"
    return _BEFORE[program].format(first=first, row=row)


def _amounts(entries: Iterable[Entry]) -> list[Decimal]:
    """The numbers among the entries: as in the spreadsheet, a sum leaves texts out."""
    return [amount for entry in entries if (amount := _number_in(entry)) is not None]


def _number_in(entry: Entry) -> Decimal | None:
    value = entry.result if isinstance(entry, Formula) else entry
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None


LABEL_ROW, VALUE_ROW = 1, 2
LABELS = (
    N_("Lokalt beløb"), N_("I alt"), N_("Lokal andel"),
    N_("Mangler, hvis totalen ligger fast"), N_("Mangler, hvis tilskuddet ligger fast"),
)  # fmt: skip
"""What stands above the sums, to the right of the tab's title and the verdict below it."""
_LOCAL_OERE, _TOTAL_OERE = (f"ROUND(100*{place},0)" for place in (LOCAL, TOTAL))
"""The sums in whole øre. They stand in kroner: ten digits in a cell may look like a CPR number."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the rows come to, as the formulas see them: øre, and cells and rows that they cannot."""

    local_oere: int
    total_oere: int
    unreadable: int
    untyped: int


def live(parameters: Parameters, years: Sequence[int], given: Sequence[NumberedRow]) -> Live:
    """Add the rows up, total rows left out."""
    numbers = column_numbers(FUNDING, years)
    label_at, type_at = (number_of(FUNDING, key, years) for key in ("source", "type"))
    types = {name_key(word) for word in FundingType}
    local_types = {name_key(word) for word in parameters.local_types}
    local = total = unreadable = untyped = 0
    for row in given:
        entries = [row.get(numbers[str(year)]) for year in years]
        unreadable += sum(e not in (None, "") and _number_in(e) is None for e in entries)
        if _is_total(row.get(label_at)):
            continue
        amounts = [amount * 100 for amount in _amounts(entries)]
        oere = sum(int(amount.quantize(Decimal(1), ROUND_HALF_UP)) for amount in amounts)
        typed = row.get(type_at)
        kind = name_key(typed) if isinstance(typed, str) else ""
        untyped += kind not in types if kind else oere != 0
        total += oere
        local += oere if kind in local_types else 0
    if unreadable:
        return Live(0, 0, unreadable, 1)
    return Live(local, total, unreadable, untyped)


def funding_head(parameters: Parameters, now: Live, total_row: CellRange) -> TabHead:
    """Labels with the formulas below them: green where the requirement is met, red where not."""
    share, said = parameters.minimum_local_share.value, parameters.language.text
    limit = parameters.language.percent(share)
    met = said("Kravet om mindst {share} er opfyldt.").format(share=limit)
    short = said("Under kravet om mindst {share}").format(share=limit)
    cells = {
        (LABEL_ROW, 1): DesignedCell(FUNDING.tab, Style.TITLE),
        (VALUE_ROW, 1): DesignedCell(_verdict(parameters, now, met, short), Style.FACT),
    }
    amount = Style.FACT_AMOUNT
    styles = (amount, amount, Style.FACT_SHARE, amount, amount)
    facts = zip(LABELS, _facts(share, now), styles, strict=True)
    for number, (label, formula, style) in enumerate(facts, 2):
        cells[LABEL_ROW, number] = DesignedCell(said(label), Style.FACT_LABEL)
        cells[VALUE_ROW, number] = DesignedCell(formula, style)
    last = 1 + len(LABELS)
    area, place = CellRange(VALUE_ROW, 1, VALUE_ROW, last), f"$A${VALUE_ROW}"
    return TabHead(
        (said(FUNDING.purpose), said(LEGEND)),
        last + 1,
        cells,
        (
            ConditionalFormat(area, f"{place}={in_quotes(met)}", Signal.MET),
            ConditionalFormat(area, f"{place}={in_quotes(short)}", Signal.ERROR),
        ),
        (CellRange(LABEL_ROW, 1, VALUE_ROW, last), total_row),
        (CellRange(VALUE_ROW, 2, VALUE_ROW, 3), CellRange(VALUE_ROW, 5, VALUE_ROW, last)),
    )


def _verdict(parameters: Parameters, now: Live, met: str, short: str) -> Formula:
    """Whether the requirement is met, in words; or why that is not known."""
    share, said = parameters.minimum_local_share.value, parameters.language.text
    unreadable = said("Et beløb er ikke et rent tal, så andelen kan ikke regnes ud.")
    untyped = said("En Type fra listen mangler, så andelen kan ikke regnes ud.")
    empty = said("Skriv beløbene i årene nedenfor.")
    if now.unreadable:
        result = unreadable
    elif now.untyped:
        result = untyped
    elif now.total_oere <= 0:
        result = empty
    else:
        result = short if is_short(now.local_oere, now.total_oere, share) else met
    compared = f"{share.denominator}*{_LOCAL_OERE}>={share.numerator}*{_TOTAL_OERE}"
    judged = f"IF({compared},{in_quotes(met)},{in_quotes(short)})"
    filled = f"IF({TOTAL}<=0,{in_quotes(empty)},{judged})"
    typed = f"IF({UNTYPED}>0,{in_quotes(untyped)},{filled})"
    return Formula(f"=IF({UNREADABLE}>0,{in_quotes(unreadable)},{typed})", result)


def _facts(share: Fraction, now: Live) -> Iterator[Formula]:
    """Local and total; the share; what must move from the grant, or be added to it.

    The share is cut at a tenth of a per cent, so that 24,99… never shows as 25. What is missing is
    in whole kroner, 0 where nothing is. All is blank where something cannot be read, and the last
    three where there is no money yet.
    """
    part, whole = share.numerator, share.denominator
    local, total = now.local_oere, now.total_oere
    is_known = not now.unreadable and not now.untyped

    def fact(text: str, result: Result) -> Formula:
        guarded = f'=IF({UNREADABLE}+{UNTYPED}>0,"",{text})'
        return Formula(guarded, result if is_known else "")

    def of_money(text: str, result: Decimal) -> Formula:
        return fact(f'IF({TOTAL}<=0,"",{text})', result if total > 0 else "")

    yield fact(LOCAL, _kroner(local))
    yield fact(TOTAL, _kroner(total))
    shown = Decimal(1000 * local // (total or 1)) / 1000
    yield of_money(f"INT(1000*{_LOCAL_OERE}/{_TOTAL_OERE})/1000", shown)
    lacking = f"({part}*{_TOTAL_OERE}-{whole}*{_LOCAL_OERE})"
    for divisor, missing in ((whole, missing_moved), (whole - part, missing_added)):
        text = f"MAX(0,ROUNDUP({lacking}/{100 * divisor},0))"
        yield of_money(text, _kroner(max(0, missing(local, total, share))))


def _kroner(oere: int) -> Decimal:
    return Decimal(oere).scaleb(-2)


def money_formulas(parameters: Parameters, years: Sequence[int], now: Live) -> tuple[Formula, ...]:
    """For the hidden tab: amounts and rows that cannot be read; local and total in kroner."""
    amounts, is_row = _year_cells(years), _is_row(years)
    types = f"TRIM({fixed(FUNDING, number_of(FUNDING, 'type', years))})"
    all_types = f"{LISTS_TAB}!$F$2:$F${len(FundingType) + 1}"
    local_types = f"{LISTS_TAB}!$G$2:$G${len(parameters.local_types) + 1}"
    unreadable = f"SUMPRODUCT((1-ISNUMBER({amounts}))*(LEN({amounts})>0))"
    untyped = (
        f"SUMPRODUCT({is_row}*(LEN({types})>0)*(1-ISNUMBER(MATCH({types},{all_types},0))))"
        f"+(SUMPRODUCT({is_row}*(LEN({types})=0)*ABS({amounts}))>0)"
    )
    oere = f"ROUND(100*{amounts},0)"
    is_local = f"ISNUMBER(MATCH({types},{local_types},0))"
    return (
        Formula(f"=IFERROR({unreadable},1)", now.unreadable),
        Formula(f"=IFERROR({untyped},1)", now.untyped),
        Formula(f"=IFERROR(SUMPRODUCT({is_row}*{is_local}*{oere})/100,0)", _kroner(now.local_oere)),
        Formula(f"=IFERROR(SUMPRODUCT({is_row}*{oere})/100,0)", _kroner(now.total_oere)),
    )


def _year_cells(years: Sequence[int]) -> str:
    """All year cells: from the first year to the column before I alt, wherever that has moved."""
    total_at = number_of(FUNDING, "total_oere", years)
    left, total = column_letters(total_at - len(years)), column_letters(total_at)
    last = f"${LAST_FORMATTED_ROW}:${LAST_FORMATTED_ROW}"
    tab = f"{FUNDING.tab}!"
    return f"{tab}${left}${FIRST_ROW}:INDEX({tab}{last},COLUMN({tab}${total}${HEADER_ROW})-1)"


def _is_row(years: Sequence[int]) -> str:
    """1 for each row that is no total row, 0 for those that are."""
    names = fixed(FUNDING, number_of(FUNDING, "source", years))
    tidy = f'LOWER(TRIM(SUBSTITUTE({names},":","")))'
    same = "-".join(f'({tidy}="{name.lower()}")' for name in TOTAL_ROW_NAMES)
    return f"(1-{same})"
