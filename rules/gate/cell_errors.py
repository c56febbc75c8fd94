"""What can be wrong with a cell (rules CEL), how that is worded, and what it can only have meant.

A correction is offered where every reader would make the same one. An amount that can be read in
two ways, a sum that does not add up, a word that is near two choices have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from typing import NamedTuple

from rules.gate.readers import amount
from rules.model.cells import (
    AmountCell,
    Cell,
    Embedded,
    RawWorkbook,
    cell_text,
    is_dash,
    serial_number,
)
from rules.model.finding import Correction, Fact, Finding
from rules.model.plan import TabLayout, Workbook
from rules.model.tables import EMAIL_PATTERN, FIRST_YEAR, LAST_YEAR, TABLES, Kind, Table
from rules.text.amounts import parse_amount, parse_number
from rules.text.danish import spaced
from rules.text.dates import month_that_is_too_short, parse_date
from rules.text.spelling import nearest_name, only_choice

_HOURS = re.compile(r"(\d{1,3}(?:,\d{1,2})?) ?(?:t|t\.|timer|timer/uge|timer pr\. uge)", re.I)
_AT = re.compile(r" ?[(\[](?:a|at|snabel-?a)[)\]] ?", re.I)
_LONGEST_SLIP = 200


class BadCell(NamedTuple):
    """A cell with an error. `words` are its choices, `kroner` is what 1 means in its column."""

    cell: Cell
    words: tuple[str, ...] = ()
    kroner: int = 1
    is_field: bool = False

    @property
    def text(self) -> str:
        """The cell as a person sees it."""
        return cell_text(self.cell)

    @property
    def slip(self) -> str:
        """What was typed, where it is short enough to be a slip of the hand; else nothing."""
        return self.cell if isinstance(self.cell, str) and len(self.cell) <= _LONGEST_SLIP else ""


Explanation = tuple[str, dict[str, Fact]]
"""The variant of the rule's wording, and the facts that it needs besides the cell's own."""


def _plain(_bad: BadCell) -> Explanation:
    return "", {}


def _not_an_amount(bad: BadCell) -> Explanation:
    """A number whose format makes a date of it is quoted as the number."""
    number = serial_number(bad.cell)
    if number is not None:
        return "format", {"number": number}
    return ("unit", {"kroner": bad.kroner * 100}) if bad.kroner > 1 else ("", {})


def _became_a_date(_bad: BadCell) -> Explanation:
    return "became_a_date", {}


def _empty(bad: BadCell) -> Explanation:
    return "dash" if is_dash(bad.cell) else "form" if bad.is_field else "", {}


def _not_a_date(bad: BadCell) -> Explanation:
    if isinstance(bad.cell, time | timedelta):
        return ("zero", {}) if not serial_number(bad.cell) else ("format", {})
    short = month_that_is_too_short(bad.text)
    return ("month", {"month": short[0], "days": short[1]}) if short else ("", {})


def _not_a_choice(bad: BadCell) -> Explanation:
    variant, facts = _corrected(only_choice(bad.slip, bad.words))
    facts["choices"] = bad.words
    if nearest := nearest_name(bad.text, bad.words):
        facts["nearest"] = nearest
        variant = variant or "nearest"
    return variant, facts


def _typed_as_text(bad: BadCell) -> Explanation:
    oere = parse_amount(bad.text, bad.kroner)
    if oere is None:
        raise RuntimeError("an amount typed as text was read, and cannot be read again")
    return "", {"correction": Decimal(oere).scaleb(-2) / bad.kroner}


def _negative(bad: BadCell) -> Explanation:
    cell = AmountCell(bad.cell, bad.kroner) if isinstance(bad.cell, int | float | str) else bad.cell
    oere, _ = amount(cell)
    if oere is None:
        raise RuntimeError("a negative amount was read, and cannot be read again")
    return "", {"amount": oere}


def _not_hours(bad: BadCell) -> Explanation:
    if explained := _in_another_format(bad):
        return explained
    hours = _HOURS.fullmatch(spaced(bad.slip))
    return _corrected(parse_number(hours[1]) if hours else None)


def _not_a_year(bad: BadCell) -> Explanation:
    return _in_another_format(bad) or ("year", {})


def _not_a_round(bad: BadCell) -> Explanation:
    return _in_another_format(bad) or ("round", {})


def _in_another_format(bad: BadCell) -> Explanation | None:
    """A number that stands in a format for dates or times."""
    number = serial_number(bad.cell)
    return None if number is None else ("format", {"number": number})


def _not_an_address(bad: BadCell) -> Explanation:
    address = _AT.sub("@", spaced(bad.slip).removeprefix("mailto:").strip("<>.,;"))
    return _corrected(address if re.fullmatch(EMAIL_PATTERN, address) else None)


def _corrected(correction: str | Decimal | None) -> Explanation:
    return ("", {}) if correction is None else ("sure", {"correction": correction})


@dataclass(frozen=True, slots=True)
class CellError:
    """An error of a cell: its rule's code, and how it is worded.

    `hides_value` says that the cell holds something which is not known, so that whatever depends
    on it cannot be judged. `picture` is the wording for a picture in the cell.
    """

    code: str
    hides_value: bool = False
    why: Callable[[BadCell], Explanation] = _plain
    picture: str = "picture"

    def explain(self, bad: BadCell) -> Explanation:
        """The variant of the wording, and its facts."""
        if isinstance(bad.cell, Embedded):
            return self.picture, {"choices": bad.words}
        return self.why(bad)


FORMULA_ERROR = CellError("CEL-06", hides_value=True)
NO_RESULT = CellError("CEL-11", hides_value=True)
NOT_AN_AMOUNT = CellError("CEL-02", hides_value=True, why=_not_an_amount)
NOT_A_DATE = CellError("CEL-03", hides_value=True, why=_not_a_date)
NOT_A_CHOICE = CellError("CEL-04", hides_value=True, why=_not_a_choice)
BECAME_A_DATE = CellError("CEL-09", hides_value=True, why=_became_a_date)
NOT_HOURS = CellError("CEL-09", hides_value=True, why=_not_hours)
NOT_A_YEAR = CellError("CEL-09", hides_value=True, why=_not_a_year, picture="year_picture")
NOT_A_ROUND = CellError("CEL-09", hides_value=True, why=_not_a_round, picture="round_picture")
OUTSIDE_THE_YEARS = CellError("CEL-08", hides_value=True)
EMPTY = CellError("CEL-01", why=_empty)
NEGATIVE = CellError("CEL-05", why=_negative)
TYPED_AS_TEXT = CellError("CEL-07", why=_typed_as_text)
NOT_AN_ADDRESS = CellError("CEL-10", why=_not_an_address)

WORST_FIRST = (
    FORMULA_ERROR, NO_RESULT, NOT_AN_AMOUNT, NOT_A_DATE, NOT_A_CHOICE, BECAME_A_DATE, NOT_A_YEAR,
    NOT_A_ROUND, NOT_HOURS, OUTSIDE_THE_YEARS, EMPTY, NEGATIVE, TYPED_AS_TEXT, NOT_AN_ADDRESS,
)  # fmt: skip
"""Of several errors of a cell only the first one of these is reported."""


def corrections(
    raw: RawWorkbook, workbook: Workbook, findings: Sequence[Finding]
) -> list[Correction]:
    """Every correction of a workbook, in the order of its tabs, rows and columns.

    `findings` are those of the gate, which carry their correction among their facts.
    """
    found = [*_of_findings(findings), *_typed_dates(raw, workbook)]
    position = {tab.name: number for number, tab in enumerate(raw.tabs)}
    return sorted(found, key=lambda one: (position[one.tab], one.row, one.column))


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
