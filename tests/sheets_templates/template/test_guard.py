"""What is protected, what is free, and that the job writes its own places all the same."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rules.catalogue.catalogue import RULES
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES
from sheets_templates.template.guide import ADVICE
from sheets_templates.template.lists import CHANGES, VERSION, changes_since, version_of
from sheets_templates.template.plan_design import plan_workbook
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package
from tests.sheets_templates.books import MASTER, empty_book, example_book, opened, raw

GUARDED = {"Vejledning", "Finansiering", "Godkendelser", "Regnskab", "Lister"}


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(example_book())


def locked_cells(sheet: Worksheet) -> set[str]:
    """Of the cells that stand in the file; all others are as their columns say."""
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.has_style]
    return {cell.coordinate for cell in cells if cell.protection.locked}


def test_tabs_with_formulas_are_protected_without_a_password(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.protection.sheet == (sheet.title in GUARDED), sheet.title
        assert sheet.protection.password is None


def test_everything_that_can_be_permitted_is(book: Workbook) -> None:
    for name in GUARDED:
        protection = book[name].protection
        for permission in (
            "formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows",
            "deleteColumns", "deleteRows", "sort", "autoFilter", "objects",
        ):  # fmt: skip
            assert getattr(protection, permission) is False, "0 means permitted"


def test_only_what_nobody_types_is_locked(book: Workbook) -> None:
    assert locked_cells(book["Finansiering"]) == {
        *(f"{letter}{row}" for letter in "ABCDEF" for row in (1, 2)),
        *(f"{letter}16" for letter in "EFGHI"),
        "J1",
    }
    assert locked_cells(book["Godkendelser"]) == {"A2", "B2", "H1"}
    for name in ("Finansiering", "Godkendelser"):
        columns = book[name].column_dimensions.values()
        assert not any(column.protection.locked for column in columns)
        assert 16_384 in {column.max for column in columns}


OWN_SUMS, ROWS = {"Finansiering": "I", "Regnskab": "CE"}, range(4, 32)


def test_every_formula_but_the_rows_own_sums_is_locked(book: Workbook) -> None:
    for sheet in book.worksheets:
        formulas = {c.coordinate for r in sheet.iter_rows() for c in r if c.data_type == "f"}
        free = formulas - locked_cells(sheet)
        own_sums = {f"{column}{row}" for column in OWN_SUMS.get(sheet.title, "") for row in ROWS}
        if sheet.protection.sheet:
            assert free <= own_sums, "a row must be able to be deleted"
        else:
            assert {sheet[place].row for place in free} <= {1}, "nobody types above the headers"


def test_the_job_writes_into_protected_tabs(book: Workbook) -> None:
    columns = [
        OwnedColumn("Finansiering", 11, 3, None, {4: "OK", 16: "FEJL Kilde: … (FIN-01)"}),
        OwnedColumn("Godkendelser", 8, 3, None, {4: "OK"}),
    ]
    page = OwnedSheet("Advarsler", ((OwnedCell("Kontrolleret"),),), (10.0,), frozen_rows=1)
    written = opened(write_owned(Package(example_book()), columns, page))
    assert written["Finansiering"]["K4"].value == "OK"
    assert written["Finansiering"].protection.sheet
    assert written["Advarsler"]["A1"].value == "Kontrolleret"


def test_the_workbooks_structure_is_free(book: Workbook) -> None:
    assert not (book.security and book.security.lockStructure)


def test_the_mark_of_the_template() -> None:
    assert version_of(raw(empty_book())) == VERSION
    assert set(CHANGES) == set(range(2, VERSION + 1))
    assert changes_since(VERSION) == ()
    assert changes_since(VERSION - 1) == CHANGES[VERSION]


def said_in_guide(data: bytes) -> dict[str, str]:
    """What stands beside each name in the guide's two blocks."""
    rows = list(opened(data)["Vejledning"].iter_rows(values_only=True))
    return {str(row[at]): str(row[at + 1]) for row in rows for at in (0, 2) if row[at]}


def test_the_guide_has_every_rule_with_what_stood_there_and_what_should() -> None:
    said = said_in_guide(empty_book())
    for rule in RULES:
        assert said[f"{rule.code} {rule.severity}"].startswith(rule.title)
    assert said["CEL-04 fejl"] == "Ordet står ikke på listen. Status: »Igangværende« → »I gang«."
    assert said["FIN-09 advarsel"] == "Budget og finansiering passer ikke sammen"
    assert said["GDP-01 fejl"] == "Cpr-nummer i regnearket"


def test_the_guide_has_every_tab_and_the_contact() -> None:
    data = plan_workbook(SHIPPED, MASTER, contact="Anne Lund, telefon 49 28 00 00")
    said = said_in_guide(data)
    assert said["Spørg"] == "Anne Lund, telefon 49 28 00 00."
    for table in TABLES:
        sentences = (table.purpose, *ADVICE[table.key])
        assert said[table.tab] == " ".join(sentences)
        assert all(sentence.endswith(".") for sentence in sentences)
