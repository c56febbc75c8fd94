"""What a mistyped cell can only have meant: the one sensible correction, or none.

A correction is offered where every reader would make the same one. An amount that can be read in
two ways, a sum that does not add up, a word that is near two choices have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.gate.schemas import EMAIL_PATTERN
from rules.model.cells import Cell, RawWorkbook, cell_text
from rules.model.finding import Finding, Place
from rules.model.plan import TabLayout, Workbook
from rules.model.tables import FIRST_YEAR, LAST_YEAR, TABLES, Kind, Table
from rules.text.danish import name_key, parse_amount, parse_date, parse_number
from rules.text.quoting import spaced

Corrected = str | Decimal | date

_HOURS = re.compile(r"(\d{1,3}(?:,\d{1,2})?) ?(?:t|t\.|timer|timer/uge|timer pr\. uge)", re.I)
_AT = re.compile(r" ?[(\[](?:a|at|snabel-?a)[)\]] ?", re.I)
_SHORTEST_WORD, _LONG_WORD = 4, 9
_LONGEST_SLIP = 200
"""A longer text is no slip of the hand, and comparing it letter by letter would take its time."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell, the text that stands there, and what it should hold: amounts are kroner.

    `code` is the finding's, empty where there is none: a date typed as text is read, but the
    spreadsheet itself does not see that it is one.
    """

    place: Place
    text: str
    value: Corrected
    code: str = ""


def correction_of(
    code: str, cell: Cell, words: Sequence[str] = (), kroner: int = 1
) -> Corrected | None:
    """The one sensible correction of a cell with this finding.

    `words` are its choices, `kroner` is what 1 means in its column.
    """
    if not isinstance(cell, str) or len(cell) > _LONGEST_SLIP:
        return None
    match code:
        case "CEL-04":
            return only_choice(cell, words)
        case "CEL-07":
            oere = parse_amount(cell, kroner)
            return None if oere is None else Decimal(oere).scaleb(-2) / kroner
        case "CEL-09":
            hours = _HOURS.fullmatch(spaced(cell))
            return parse_number(hours[1]) if hours else None
        case "CEL-10":
            address = _AT.sub("@", spaced(cell).removeprefix("mailto:").rstrip(".,;"))
            return address if re.fullmatch(EMAIL_PATTERN, address) else None
    return None


def only_choice(text: str, words: Sequence[str]) -> str | None:
    """The choice that the text is a slip of the hand from; None where two are near, or none is.

    One letter may be wrong, missing, too many or swapped with its neighbour, in long words two.
    The first and the last letter must be right: there a letter changes what a word means
    (»ugodkendt«, »afsluttes«).
    """
    typed = _letters(text)
    by_word = sorted((_edits(typed, _letters(word)), word) for word in dict.fromkeys(words))
    if not by_word:
        return None
    (edits, nearest), *others = by_word
    meant = _letters(nearest)
    shortest = min(len(typed), len(meant))
    if shortest < _SHORTEST_WORD or (typed[0], typed[-1]) != (meant[0], meant[-1]):
        return None
    if edits > (2 if shortest >= _LONG_WORD else 1):
        return None
    return nearest if not others or others[0][0] >= edits + 2 else None


def _letters(text: str) -> str:
    return name_key(text).replace(" ", "")


def _edits(one: str, other: str) -> int:
    """How many letters must be changed, added, taken away or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, meant in enumerate(other, 1):
            cheapest = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != meant))
            is_swap = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == meant
            row.append(min(cheapest, before[j - 2] + 1) if is_swap else cheapest)
        before, last = last, row
    return last[-1]


def corrections(
    raw: RawWorkbook, workbook: Workbook, findings: Sequence[Finding]
) -> list[Correction]:
    """Every correction of a workbook, in the order of its tabs, rows and columns.

    `findings` are those of the gate, which carry their correction among their facts.
    """
    found = [*_of_findings(findings), *_typed_dates(raw, workbook)]
    position = {name: number for number, name in enumerate(workbook.tabs)}

    def order(one: Correction) -> tuple[int, int, int]:
        place = one.place
        return position.get(place.tab or "", 0), place.row or 0, place.column or 0

    return sorted(found, key=order)


def _of_findings(findings: Sequence[Finding]) -> Iterator[Correction]:
    for finding in findings:
        value = finding.facts.get("correction")
        if isinstance(value, str | Decimal):
            text = str(finding.facts["text"])
            yield Correction(finding.place, text, value, finding.code)


def _typed_dates(raw: RawWorkbook, workbook: Workbook) -> Iterator[Correction]:
    """Dates that were typed as text: read, but not by the spreadsheet's own formats and lists."""
    rows = {tab.name: dict(tab.rows) for tab in raw.tabs}
    for table in TABLES:
        layout = workbook.layouts.get(table.key)
        if layout is None:
            continue
        for row, column, header in _date_cells(table, layout):
            cells = rows[layout.name].get(row, ())
            cell = cells[column - 1] if len(cells) >= column else None
            if not isinstance(cell, str):
                continue
            day = parse_date(cell)
            if day and FIRST_YEAR <= day.year <= LAST_YEAR:
                place = Place(raw.path, layout.name, row, column, header)
                yield Correction(place, cell_text(cell), day)


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
