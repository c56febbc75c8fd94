"""Many workbooks in one call of the gate: each finding and value comes back to its own place."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from rules.catalogue.example_plan import EXAMPLE, typed
from rules.gate.gate import Gate, GateResult
from rules.judging.rule import Context
from rules.model.cells import Cell, FormulaError, RawWorkbook
from rules.model.finding import Finding, Notice
from rules.model.shipped import SHIPPED
from rules.text.personal_numbers import cpr_match
from tests.rules.helpers import TODAY, Grid, judge, tab_of

WORKBOOKS, ALONE = 200, 25
ODD_CELLS: tuple[Cell, ...] = (
    None, "", "  ", "x", "se bilag", "1.250.000 kr.", "(500)", "1,250", "31-12-2026", "30-02-2026",
    "I gang", "i gang ", "Igangværende", "Sundhed", "Byrådet", "I alt", "a@example.dk", "a@",
    "010170-0000", "0101700000", "Tibberupparken", "SAND", "2025", "Nr.", "Budget", "Kontrol",
    0, 1, 1.0, -1.0, 0.3, 37.5, 2025.0, 46387.0, 1e300, 1_101_700_000.0,
    float("inf"), date(2026, 12, 31), date(1999, 12, 31), date(2061, 1, 1),
    FormulaError("#REF!"), FormulaError("#DIV/0!"),
)  # fmt: skip


def grids() -> dict[str, Grid]:
    """The tabs of the example, cell by cell."""
    return {name: [[typed(text) for text in row] for row in rows] for name, rows in EXAMPLE.items()}


def raw(path: str, tabs: dict[str, Grid]) -> RawWorkbook:
    """The tabs as a workbook."""
    return RawWorkbook(path, [tab_of(name, grid) for name, grid in tabs.items()])


def scribbled(seed: int) -> RawWorkbook:
    """The example after somebody has been at it: cells, rows, columns and whole tabs."""
    chance = random.Random(seed)
    tabs = grids()
    for _ in range(chance.randrange(12)):
        grid = tabs[chance.choice(list(tabs))]
        row = chance.choice(grid)
        row[chance.randrange(len(row))] = chance.choice(ODD_CELLS)
    if chance.random() < 0.3:
        grid = tabs[chance.choice(list(tabs))]
        grid[chance.randrange(1, len(grid)) :] = []
    if chance.random() < 0.3:
        grid = tabs[chance.choice(list(tabs))]
        grid.extend(list(chance.choice(grid)) for _ in range(3))
    if chance.random() < 0.3:
        _shuffle(chance, tabs[chance.choice(list(tabs))])
    if chance.random() < 0.2:
        tabs[chance.choice(list(tabs))].insert(0, ["En titel"])
    if chance.random() < 0.05:
        tabs[chance.choice(list(tabs))][0] = ["En titel"]
    if chance.random() < 0.2:
        del tabs[chance.choice(list(tabs))]
    return raw(f"{seed:03}.xlsx", tabs)


def _shuffle(chance: random.Random, grid: Grid) -> None:
    width = max((len(row) for row in grid), default=0)
    order = list(range(width))
    chance.shuffle(order)
    for number, row in enumerate(grid):
        wide = [*row, *[None] * (width - len(row))]
        grid[number] = [wide[column] for column in order]


def findings_in(passed: GateResult) -> list[Finding]:
    """A workbook's findings, in an order of our own."""
    return sorted(passed.findings, key=repr)


def same(these: Iterable[GateResult], those: Iterable[GateResult]) -> bool:
    """Whether values and findings are the same, workbook by workbook."""
    return all(
        this.workbook == that.workbook and findings_in(this) == findings_in(that)
        for this, that in zip(these, those, strict=True)
    )


@pytest.fixture(scope="module")
def edited() -> list[RawWorkbook]:
    return [scribbled(seed) for seed in range(WORKBOOKS)]


@pytest.fixture(scope="module")
def together(edited: Sequence[RawWorkbook]) -> list[GateResult]:
    return list(Gate(SHIPPED).check(edited))


def test_the_edits_are_worth_testing(together: Sequence[GateResult]) -> None:
    codes = {finding.code for passed in together for finding in passed.findings}

    assert {f"CEL-{number:02}" for number in range(1, 11)} <= codes
    assert {"STR-01", "STR-02", "STR-04", "STR-05", "GDP-01", "GDP-02"} <= codes


def test_each_workbook_comes_back_in_its_place(
    edited: Sequence[RawWorkbook], together: Sequence[GateResult]
) -> None:
    assert [passed.workbook.path for passed in together] == [each.path for each in edited]
    for passed in together:
        assert {finding.place.workbook for finding in passed.findings} <= {passed.workbook.path}


@pytest.mark.slow
def test_together_is_the_same_as_alone(
    edited: Sequence[RawWorkbook], together: Sequence[GateResult]
) -> None:
    gate = Gate(SHIPPED)
    alone = [passed for each in edited[:ALONE] for passed in gate.check([each])]

    assert same(together[:ALONE], alone)


@pytest.mark.slow
def test_the_company_does_not_matter(
    edited: Sequence[RawWorkbook], together: Sequence[GateResult]
) -> None:
    gate = Gate(SHIPPED)
    backwards = [*gate.check(list(reversed(edited)))][::-1]
    in_tens = [passed for n in range(0, WORKBOOKS, 10) for passed in gate.check(edited[n : n + 10])]

    assert same(together, backwards)
    assert same(together, in_tens)


@pytest.mark.slow
def test_a_gate_may_be_used_again(
    edited: Sequence[RawWorkbook], together: Sequence[GateResult]
) -> None:
    gate = Gate(SHIPPED)
    list(gate.check(edited))

    assert same(together, list(gate.check(edited)))


def test_one_workbook_twice_in_a_call(edited: Sequence[RawWorkbook]) -> None:
    first, second, third = Gate(SHIPPED).check([edited[0], edited[1], edited[0]])

    assert same([first], [third])
    assert second.workbook.path == edited[1].path


def test_no_workbooks() -> None:
    assert list(Gate(SHIPPED).check([])) == []


def judged(passed: Sequence[GateResult], in_a_run: int) -> list[Notice]:
    """What is found when so many of the workbooks at a time are checked in one run."""
    context = Context(SHIPPED, TODAY)
    return [
        notice
        for number in range(0, len(passed), in_a_run)
        for notice in judge(passed[number : number + in_a_run], context)
    ]


@pytest.mark.parametrize("in_a_run", [1, 4, WORKBOOKS])
def test_nothing_that_is_scribbled_stops_the_rules(
    together: Sequence[GateResult], in_a_run: int
) -> None:
    assert judged(together, in_a_run)


@pytest.mark.parametrize("in_a_run", [1, 4, WORKBOOKS])
def test_a_cell_has_one_cel_finding_and_no_text_repeats_a_cpr_number(
    together: Sequence[GateResult], in_a_run: int
) -> None:
    notices = judged([passed for passed in together if _can_be_judged(passed)], in_a_run)
    places = Counter((n.workbook, n.tab, n.cell) for n in notices if n.code.startswith("CEL"))

    assert max(places.values()) == 1
    assert [n for n in notices if cpr_match(f"{n.message}\n{n.fix}")] == []
    assert [n for n in notices if re.search(r"[{}]", f"{n.message} {n.fix}")] == []


def _can_be_judged(passed: GateResult) -> bool:
    form = passed.workbook.layouts.get("plan")
    return form is None or "value" in form.columns


# One wrong cell in each workbook, at a place that is known beforehand

WRONG: tuple[tuple[str, str, Cell], ...] = (
    # code, Indsatser's column, what is typed there
    ("CEL-01", "Ansvarlig", ""),
    ("CEL-02", "Budget", "ca. 500"),
    ("CEL-03", "Slutdato", "30-02-2026"),
    ("CEL-04", "Status", "Igangværende"),
    ("CEL-05", "Budget", -0.01),
    ("CEL-06", "Målgruppe", FormulaError("#REF!")),
    ("CEL-07", "Budget", "500 kr."),
    ("CEL-08", "Startdato", date(1999, 12, 31)),
    ("GDP-01", "Erfaringer", "010170-0000"),
)


@dataclass(frozen=True)
class Planted:
    """A workbook with one wrong cell, and where it is."""

    raw: RawWorkbook
    code: str
    cell: str


def planted(seed: int) -> Planted:
    """Activities of any number in columns of any order under any title, one cell of them wrong."""
    chance = random.Random(seed)
    tabs = grids()
    header, *rows = tabs["Indsatser"]
    rows = [list(chance.choice(rows)) for _ in range(chance.randrange(1, 40))]
    code, column, cell = chance.choice(WRONG)
    wrong_row, wrong_column = chance.randrange(len(rows)), header.index(column)
    rows[wrong_row][wrong_column] = cell
    order = list(range(len(header)))
    chance.shuffle(order)
    shift, above = chance.randrange(20), chance.randrange(19)
    title: list[Cell] = ["Titel"]
    tabs["Indsatser"] = [
        *([title] * above),
        *([*[""] * shift, *(row[number] for number in order)] for row in (header, *rows)),
    ]
    number = shift + order.index(wrong_column)
    letters = chr(ord("A") + number // 26 - 1) * (number >= 26) + chr(ord("A") + number % 26)
    return Planted(raw(f"{seed:03}.xlsx", tabs), code, f"{letters}{above + 1 + wrong_row + 1}")


def test_one_wrong_cell_in_each_of_many_workbooks_is_found_where_it_is() -> None:
    plants = [planted(seed) for seed in range(WORKBOOKS)]

    found = [
        [(each.code, each.place.workbook, each.place.tab, each.place.cell) for each in p.findings]
        for p in Gate(SHIPPED).check([plant.raw for plant in plants])
    ]

    assert found == [[(p.code, p.raw.path, "Indsatser", p.cell)] for p in plants]
