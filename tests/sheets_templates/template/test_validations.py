"""Drop-downs, validations and hints: each is what rules/model/tables.py and the parameters say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, range_boundaries

from rules.model.choices import ChoiceList
from rules.model.parameter_types import Area, Organisation
from rules.model.shipped import SHIPPED
from rules.model.tables import AMOUNT_HINT, MILESTONES, PLAN, TABLES, Column, Kind, Table
from sheets_templates.drawing.design import LONGEST_MESSAGE, LONGEST_TITLE
from sheets_templates.template.plan_design import plan_workbook
from tests.sheets_templates.books import (
    MASTER,
    empty_book,
    example_book,
    headers,
    opened,
    validation_at,
)

DAY_ZERO = date(1899, 12, 30)
ACTIVITY_NUMBER = MILESTONES.column("activity_number")


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(empty_book())


def columns() -> list[tuple[Table, Column]]:
    return [(table, column) for table in TABLES for column in table.columns]


def place_of(book: Workbook, table: Table, column: Column) -> str:
    """The cell in which the column's validation is looked for: its last one, or the field's."""
    if table.is_form:
        return f"B{4 + table.columns.index(column)}"
    letter = get_column_letter(headers(book[table.tab]).index(column.header) + 1)
    is_plain = column.kind in {Kind.TEXT, Kind.EMAIL} and column is not ACTIVITY_NUMBER
    return f"{letter}{3 if is_plain else 500}"


def words_of(book: Workbook, formula: str) -> list[str]:
    """The words of a literal list, or those that a range of the hidden tab holds."""
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    left, top, _, bottom = range_boundaries(formula.removeprefix("Lister!").replace("$", ""))
    assert left is not None
    assert top is not None
    assert bottom is not None
    cells = [book["Lister"].cell(row, left).value for row in range(top, bottom + 1)]
    return [str(cell) for cell in cells]


@pytest.mark.parametrize(
    ("table", "column"), columns(), ids=lambda item: getattr(item, "header", None) or item.tab
)
def test_every_column_says_its_hint_and_checks_its_kind(
    book: Workbook, table: Table, column: Column
) -> None:
    found = validation_at(book[table.tab], place_of(book, table, column))
    assert (found.promptTitle, found.prompt) == (column.header, column.hint)
    assert found.showInputMessage
    assert found.allowBlank
    expected = {
        Kind.CHOICE: ("list", None),
        Kind.DATE: ("date", "between"),
        Kind.AMOUNT: ("decimal", "greaterThanOrEqual"),
        Kind.NUMBER: ("decimal", "greaterThanOrEqual"),
        Kind.YEAR: ("decimal", "greaterThanOrEqual"),
        Kind.ROUND: ("decimal", "greaterThanOrEqual"),
    }.get(column.kind, (None, None))
    if column is ACTIVITY_NUMBER:
        expected = ("list", None)
    assert (found.type, found.operator) == expected
    if found.type:
        assert found.showErrorMessage
        assert found.errorStyle == "warning", "nobody may be blocked"
        assert found.error


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (t, c)
        for t, c in columns()
        if c.kind is Kind.CHOICE and c.choices != ChoiceList.EFFORT_AREAS
    ],
    ids=lambda item: getattr(item, "header", None) or item.tab,
)
def test_every_drop_down_offers_the_choices(book: Workbook, table: Table, column: Column) -> None:
    found = validation_at(book[table.tab], place_of(book, table, column))
    choices = column.choices
    expected = SHIPPED.words(choices)
    assert words_of(book, str(found.formula1)) == list(expected)


def test_dates_are_within_2000_and_2060(book: Workbook) -> None:
    found = validation_at(book["Milepæle"], "D4")
    first, last = (DAY_ZERO + timedelta(int(str(f))) for f in (found.formula1, found.formula2))
    assert (first, last) == (date(2000, 1, 1), date(2060, 12, 31))


def test_year_columns_take_amounts(book: Workbook) -> None:
    for letter in "EFGH":
        for row in (4, 16, 500):
            found = validation_at(book["Finansiering"], f"{letter}{row}")
            assert (found.type, found.formula1, found.prompt) == ("decimal", "0", AMOUNT_HINT)


def test_prompts_are_within_the_limits_of_excel(book: Workbook) -> None:
    for sheet in book.worksheets:
        for found in sheet.data_validations.dataValidation:
            assert len(found.promptTitle or "") <= LONGEST_TITLE
            assert len(found.prompt or "") <= LONGEST_MESSAGE
            assert len(found.errorTitle or "") <= LONGEST_TITLE
            assert len(found.error or "") <= LONGEST_MESSAGE
            assert len(str(found.formula1 or "")) <= 255


def test_hints_of_tables_py_fit_into_a_prompt() -> None:
    assert [c.header for _, c in columns() if len(c.hint) > LONGEST_MESSAGE] == []
    assert [c.header for _, c in columns() if len(c.header) > LONGEST_TITLE] == []


def test_indsatsomraader_are_looked_up_by_the_plans_program(book: Workbook) -> None:
    found = validation_at(book["Indsatser"], "B4")
    assert found.formula1 == "OFFSET(Lister!$C$2,0,0,Lister!$B$4,1)"
    row = 4 + PLAN.columns.index(PLAN.column("programme"))
    lists = book["Lister"]
    assert f"Plan!$B${row}" in str(lists["B2"].value)
    pairs = [(row[3].value, row[4].value) for row in lists.iter_rows(min_row=2, max_row=16)]
    assert pairs == [(p.name, area.name) for p in SHIPPED.programmes for area in p.effort_areas]


@pytest.mark.parametrize(
    ("programme", "expected"),
    [("2011-14", 0), ("2015-18", 1), ("2019-26", 2), (None, 0), ("?", 0)],
)
def test_the_part_of_the_list_that_is_the_plans(programme: str | None, expected: int) -> None:
    data = plan_workbook(SHIPPED, replace(MASTER, programme=programme))
    lists = opened(data, values=True)["Lister"]
    names = [effort_area.name for effort_area in SHIPPED.programmes[expected].effort_areas]
    assert lists["B4"].value == len(names)
    assert [cell.value for (cell,) in lists["C2:C8"] if cell.value] == names


def test_the_numbers_of_the_activities_are_offered(book: Workbook) -> None:
    found = validation_at(book["Milepæle"], "B4")
    assert found.formula1 == "OFFSET(Indsatser!$A$4,0,0,Lister!$B$5,1)"
    assert opened(example_book(), values=True)["Lister"]["B5"].value == 3


def test_long_lists_and_words_with_commas_stand_on_the_hidden_tab() -> None:
    organisations = (Organisation("Bo, Nord"), Organisation("Boliggården"))
    areas = tuple(Area(f"Et boligområde med et langt navn {n}", "Boliggården") for n in range(20))
    parameters = replace(SHIPPED, organisations=organisations, areas=areas)
    book = opened(plan_workbook(parameters, MASTER))
    found = {place: str(validation_at(book["Plan"], place).formula1) for place in ("B6", "B7")}
    assert found == {"B6": "Lister!$K$2:$K$21", "B7": "Lister!$L$2:$L$3"}
    assert words_of(book, found["B6"]) == [area.name for area in areas]
    assert words_of(book, found["B7"]) == ["Bo, Nord", "Boliggården"]
