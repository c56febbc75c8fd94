"""Which columns Kontrol and which tab Advarsler are the job's own, and which are the staff's.

A place is the job's where only the job's texts stand in it, or nothing. Once it is known to be the
job's (`RawWorkbook.own`) a note that somebody types over one of its texts does not change that.
Where the name is the staff's the job's own place is called »Kontrol 2«, »Advarsler 2«.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rules.model.cells import OWN_TAB, Cell, RawRow, RawTab, RawWorkbook, cell_text, is_blank
from rules.model.finding import Finding, Place
from rules.model.parameters import Parameters
from rules.model.plan import FormerTab
from rules.model.tables import (
    CONTROL_HEADER,
    HEADER_SEARCH_ROWS,
    WARNINGS_TAB,
    warnings_headers,
)
from rules.text.job_texts import is_control_text, own_name, own_number, says_finding
from rules.text.language import DANISH

_RULE_CODE = re.compile(r"[A-Z]{3}-\d\d")
_SUMMARY = " · "


class _Whose(Enum):
    JOB = 1
    NOBODY = 2
    STAFF = 3


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """Where a tab's column Kontrol stands (None where it is to be added) and its header.

    `of_staff` are the columns of that name that are the staff's own, with their headers.
    """

    column: int | None
    header: str
    of_staff: tuple[tuple[int, str], ...] = ()


def own_column(header: Sequence[Cell], rows: Iterable[RawRow], known: str = "") -> OwnColumn:
    """The column Kontrol under a header row; `rows` are those of the table that hold data.

    `known` is the header of the one that is known to be the job's.
    """
    named = [
        (number, column, cell)
        for column, cell in enumerate(header, 1)
        if isinstance(cell, str) and (number := own_number(cell, CONTROL_HEADER))
    ]
    if not named:
        return OwnColumn(None, CONTROL_HEADER)
    filled = list(rows)
    known_number = own_number(known, CONTROL_HEADER)
    whose = {
        column: _whose(_texts(filled, column), is_known=number == known_number)
        for number, column, _ in named
    }
    return _chosen(CONTROL_HEADER, sorted((n, c, str(text)) for n, c, text in named), whose)


def _chosen(own: str, named: Sequence[tuple[int, int, str]], whose: dict[int, _Whose]) -> OwnColumn:
    """The job's among the places of one name, else one that is empty, else a new one."""
    numbers = {number for number, _, _ in named}
    free = next(
        n
        for n in range(1, len(named) + 2)
        if n not in numbers or any(whose[at] is _Whose.NOBODY for m, at, _ in named if m == n)
    )
    places = [one for one in named if whose[one[1]] is _Whose.JOB]
    places += [one for one in named if one[0] == free and whose[one[1]] is _Whose.NOBODY]
    number, at, header = places[0] if places else (free, None, own_name(own, free))
    of_staff = (
        (other, text) for n, other, text in named if n <= number and whose[other] is _Whose.STAFF
    )
    return OwnColumn(at, header, tuple(of_staff))


def _texts(rows: Iterable[RawRow], column: int) -> list[str]:
    return [
        cell_text(cells[column - 1])
        for _, cells in rows
        if len(cells) >= column and not is_blank(cells[column - 1])
    ]


def _whose(texts: Sequence[str], *, is_known: bool) -> _Whose:
    """Whose the texts of a column are, header left out.

    Of a known column one note does not change that; where nothing but notes stands in it another
    column has come in its place.
    """
    notes = sum(not is_control_text(text) for text in texts)
    if notes and not (is_known and (notes == 1 or notes < len(texts))):
        return _Whose.STAFF
    return _Whose.JOB if texts or is_known else _Whose.NOBODY


def staff_column_findings(path: str, tab: str, row: int, own: OwnColumn) -> Iterator[Finding]:
    """STR-10: a column Kontrol that is the staff's own."""
    for column, header in own.of_staff:
        facts = {"tab": tab, "header": header, "own": own.header}
        yield Finding("STR-10", Place(path, tab, row, column, header), facts, header)


def own_tab(raw: RawWorkbook, parameters: Parameters) -> tuple[str, list[Finding]]:
    """The name of the tab Advarsler, and STR-10 for one that is the staff's own."""
    named = [
        (number, position, name)
        for position, name in enumerate([*(tab.name for tab in raw.tabs), *raw.charts])
        if (number := own_number(name, WARNINGS_TAB))
    ]
    known = raw.own.get(OWN_TAB, "").casefold()
    whose = {
        position: _whose_tab(raw.tabs[position], parameters, is_known=name.casefold() == known)
        if position < len(raw.tabs)
        else _Whose.STAFF
        for _, position, name in named
    }
    own = _chosen(WARNINGS_TAB, sorted(named), whose)
    findings = [
        Finding(
            "STR-10", Place(raw.path, name), {"tab": name, "own": own.header}, name,
            "chart" if name in raw.charts else "tab",
        )
        for _, name in own.of_staff
    ]  # fmt: skip
    return own.header, findings


def _whose_tab(tab: RawTab, parameters: Parameters, *, is_known: bool) -> _Whose:
    if not tab.rows:
        return _Whose.NOBODY
    headers = [list(warnings_headers(language)) for language in (DANISH, parameters.language)]
    for row, cells in tab.rows:
        texts = [cell_text(cell) for cell in cells if not is_blank(cell)]
        if row <= HEADER_SEARCH_ROWS and texts[: len(headers[0])] in headers:
            return _Whose.JOB
        if is_known and any(_RULE_CODE.fullmatch(t) or t.count(_SUMMARY) > 1 for t in texts):
            return _Whose.JOB
    return _Whose.STAFF


def former_tab(tab: RawTab, header: RawRow) -> FormerTab | None:
    """A tab that was one of ours, if old verdicts stand in its column Kontrol."""
    row_number, cells = header
    below = [row for row in tab.rows if row[0] > row_number]
    for column, cell in enumerate(cells, 1):
        if isinstance(cell, str) and own_number(cell, CONTROL_HEADER):
            texts = _texts(below, column)
            is_job = any(map(says_finding, texts)) or all(map(is_control_text, texts))
            if is_job and any(map(is_control_text, texts)):
                return FormerTab(tab.name, row_number, column, cell)
    return None
