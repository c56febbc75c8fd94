"""Workbooks as they stand on a screen, and what the rules say about them.

`book` is the example plan, which has no mistake, with some cells typed over. A cell is typed as a
person types it: `'` keeps it text, `#REF!` is a formula error, `12,5` a number, `31-12-2026` a
date. A tab can be given whole, as a table with `|` between the cells; the first line is row 1.

`ShownCase` is a line in a test's table. All cases of a module go through the gate in one call, as
the job does it; `judged` in conftest.py then gives what is found in one of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from rules.catalogue.catalogue import check_run, notice_of, verdict_on
from rules.catalogue.example_plan import EXAMPLE, EXAMPLE_PATH, FOLLOW_UP, typed
from rules.gate.gate import Gate, GateResult
from rules.judging.rule import Context
from rules.model.cells import Cell, RawRow, RawTab, RawWorkbook
from rules.model.finding import Finding, Notice
from rules.model.parameters import Parameters
from rules.model.plan import Plan
from rules.model.run_index import by_plan, entry_of
from rules.model.shipped import SHIPPED
from rules.text.cell_names import column_letters, column_number

TODAY = date(2026, 11, 23)
PLAN_ROWS = {row[0]: number for number, row in enumerate(EXAMPLE["Plan"], 1)}
_GATE = Gate(SHIPPED)
_ADDRESS = re.compile(r"(?P<tab>[^!]+)!(?P<letters>[A-Z]+)(?P<row>\d+)")
_BY_HEADER = re.compile(r"(?P<tab>\w+)!(?P<header>[^!\d]+) (?P<row>\d+)")

Grid = list[list[Cell]]


@dataclass(frozen=True)
class ShownCase:
    """The contents of some workbooks, and everything that is found in them.

    A line of `expected` is `FIN-04 Finansiering!I2` or `IND-01 Indsatser!Slutdato 2` (a cell),
    `STR-01 Milepæle` (a whole tab) or `STR-03` (the workbook); where the case has several
    workbooks, the path stands first: `b.xlsx: FIN-04 …`.
    """

    title: str
    books: RawWorkbook | tuple[RawWorkbook, ...]
    expected: tuple[str, ...] = ()
    today: date = TODAY

    @property
    def raw(self) -> tuple[RawWorkbook, ...]:
        return self.books if isinstance(self.books, tuple) else (self.books,)


def case(
    title: str,
    books: RawWorkbook | tuple[RawWorkbook, ...],
    *expected: str,
    today: date = TODAY,
) -> ShownCase:
    """A line of the table; without anything in `expected`, nothing may be found."""
    return ShownCase(title, books, tuple(map(by_letter, expected)), today)


def in_test(cases: Sequence[ShownCase]) -> list[object]:
    """The cases as parameters of a test.

    Raises:
        ValueError: two cases have the same title.
    """
    titles = Counter(each.title for each in cases)
    if twice := [title for title, count in titles.items() if count > 1]:
        raise ValueError(f"two cases are called {', '.join(twice)}")
    return [pytest.param(each, id=each.title) for each in cases]


def book(
    path: str = EXAMPLE_PATH,
    plan: Mapping[str, Cell] | None = None,
    cells: Mapping[str, Cell] | None = None,
    without: Sequence[str] = (),
    comments: Mapping[str, str] | None = None,
    *,
    shown: Mapping[str, str] | None = None,
    **tabs: str,
) -> RawWorkbook:
    """The example plan with fields of Plan, single cells or tabs typed over.

    A cell is `Indsatser!Budget 2`, by the example's own header, or `Finansiering!I2`. `shown` is
    how a number's format shows it.
    """
    named = {address.partition("!")[0] for address in cells or {}}
    grids: dict[str, Grid] = {
        name: [[typed(text) for text in row] for row in rows]
        for name, rows in (EXAMPLE | FOLLOW_UP).items()
        if name not in without and (name in EXAMPLE or name in named)
    }
    grids |= {name: on_screen(table) for name, table in tabs.items()}
    for name, value in (plan or {}).items():
        grids["Plan"][PLAN_ROWS[name] - 1][1] = _typed(value)
    for address, value in (cells or {}).items():
        tab, row, column = _place(address)
        _type_over(grids.setdefault(tab, []), row, column, _typed(value))
    notes, formatted = _by_tab(comments or {}), _by_tab(shown or {})
    return RawWorkbook(
        path, [tab_of(name, grid, notes[name], formatted[name]) for name, grid in grids.items()]
    )


def _by_tab(by_address: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for address, text in by_address.items():
        tab, _, cell = by_letter(address).partition("!")
        found[tab][cell] = text
    return found


def on_screen(table: str) -> Grid:
    """The cells of a tab written as a table; the line after the opening quotes is row 1."""
    rows = table.removeprefix("\n").rstrip().split("\n")
    return [[typed(text.strip()) for text in row.split("|")] for row in rows]


def tab_of(
    name: str,
    grid: Grid,
    comments: Mapping[str, str] | None = None,
    shown: Mapping[str, str] | None = None,
) -> RawTab:
    """A tab as a store reads it: rows that hold nothing are left out."""
    rows: list[RawRow] = [
        (number, cells)
        for number, cells in enumerate(grid, 1)
        if any(cell not in {None, ""} for cell in cells)
    ]
    return RawTab(name, rows, dict(comments or {}), dict(shown or {}))


def _typed(value: Cell) -> Cell:
    return typed(value) if isinstance(value, str) else value


def by_letter(text: str) -> str:
    """The text with every `Indsatser!Budget 2` as `Indsatser!I2`: where it is in the example."""

    def address(match: re.Match[str]) -> str:
        column = (EXAMPLE | FOLLOW_UP)[match["tab"]][0].index(match["header"]) + 1
        return f"{match['tab']}!{column_letters(column)}{match['row']}"

    return _BY_HEADER.sub(address, text)


def _place(address: str) -> tuple[str, int, int]:
    match = _ADDRESS.fullmatch(by_letter(address))
    if match is None:
        raise ValueError(address)
    return match["tab"], int(match["row"]), column_number(match["letters"])


def _type_over(grid: Grid, row: int, column: int, value: Cell) -> None:
    grid.extend([] for _ in range(row - len(grid)))
    cells = grid[row - 1]
    cells.extend([""] * (column - len(cells)))
    cells[column - 1] = value


def noticed(
    *books: RawWorkbook, today: date = TODAY, parameters: Parameters = SHIPPED
) -> list[Notice]:
    """Everything that is found in these workbooks in one run, in words."""
    return [notice_of(finding) for finding in found(*books, today=today, parameters=parameters)]


def found(
    *books: RawWorkbook, today: date = TODAY, parameters: Parameters = SHIPPED
) -> list[Finding]:
    """Everything that is wrong with these workbooks in one run."""
    gate = _GATE if parameters is SHIPPED else Gate(parameters)
    return findings_of(gate.check(books), Context(parameters, today))


def judge(results: Iterable[GateResult], context: Context) -> list[Notice]:
    """What is wrong with the workbooks, in words."""
    return [notice_of(finding) for finding in findings_of(results, context)]


def findings_of(results: Iterable[GateResult], context: Context) -> list[Finding]:
    """What is wrong with the workbooks of one run, and with the plans that they make up."""
    by_path = {one.workbook.path: one for one in results}
    entries = [entry_of(by_path[path].workbook) for path in sorted(by_path)]
    findings = [finding for entry in entries for finding in by_path[entry.path].findings]
    for paths in by_plan(entries).values():
        plan = Plan(tuple(by_path[path].workbook for path in paths))
        findings.extend(verdict_on(plan, context).findings)
    return [*findings, *check_run(entries, context)]


def all_passed(cases: Sequence[ShownCase]) -> dict[str, list[GateResult]]:
    """The workbooks of each case (by title), all of them from one call of the gate."""
    passed = iter(_GATE.check([raw for each in cases for raw in each.raw]))
    return {each.title: [next(passed) for _ in each.raw] for each in cases}


def lines(notices: Iterable[Notice], with_path: bool = False) -> list[str]:
    """The notices as the lines of a case, sorted."""
    return sorted(
        (f"{notice.workbook}: " if with_path else "") + line(notice) for notice in notices
    )


def line(notice: Notice) -> str:
    """One notice as a line of a case, without the path."""
    if notice.tab is None:
        return notice.code
    return f"{notice.code} {notice.tab}" + (f"!{notice.cell}" if notice.cell else "")
