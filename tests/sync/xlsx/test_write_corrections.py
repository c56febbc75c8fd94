"""Values put in the place of typed texts: the cell, and nothing but the cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from rules.model.finding import CorrectedValue, Correction
from sync.xlsx.corrections import Left
from sync.xlsx.write_corrections import write_values
from sync.xlsx.zip_package import Package

DAY = date(2026, 12, 31)

AMOUNT = Correction("Ark", 2, 1, "500 kr.", Decimal(500))


def workbook_with(cells: dict[str, Any], formats: dict[str, str] | None = None) -> bytes:
    """A workbook with these cells in the tab Ark."""
    workbook = Workbook()
    tab = workbook.worksheets[0]
    tab.title = "Ark"
    for place, value in cells.items():
        tab[place] = value
    for place, number_format in (formats or {}).items():
        tab[place].number_format = number_format
        tab[place].font = Font(italic=True)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def fixed(data: bytes, row: int, column: int, text: str, value: CorrectedValue) -> tuple[Any, Any]:
    """The cell as openpyxl reads it afterwards, and what was left."""
    corrected, outcome = write_values(Package(data), [Correction("Ark", row, column, text, value)])
    cell = load_workbook(io.BytesIO(corrected))["Ark"].cell(row, column)
    return cell, [reason for _, reason in outcome.left]


@pytest.mark.parametrize(
    ("value", "number"),
    [(Decimal(1_600_000), 1_600_000), (Decimal("0.10"), 0.1), (Decimal("37.5"), 37.5)],
)
def test_a_text_becomes_a_number_in_the_cells_own_style(value: Decimal, number: float) -> None:
    data = workbook_with({"A1": "Budget", "A2": "typed"}, {"A2": "#,##0.00"})
    cell, left = fixed(data, 2, 1, "typed", value)

    assert (cell.value, cell.data_type, cell.number_format) == (number, "n", "#,##0.00")
    assert cell.font.italic
    assert left == []


def test_a_date_becomes_a_serial_that_shows_as_a_date() -> None:
    data = workbook_with({"A1": "Frist", "A2": "31/12-2026"}, {"A2": "dd-mm-yyyy"})
    cell, _ = fixed(data, 2, 1, "31/12-2026", DAY)

    assert cell.value == datetime(2026, 12, 31)  # noqa: DTZ001  a cell has no zone


def test_a_date_takes_the_style_of_its_column_where_its_own_shows_a_number() -> None:
    data = workbook_with({"A2": "31/12-2026", "A3": date(2026, 1, 1)}, {"A3": "dd-mm-yyyy"})
    cell, left = fixed(data, 2, 1, "31/12-2026", DAY)

    assert (cell.number_format, left) == ("dd-mm-yyyy", [])


def test_an_amount_takes_the_style_of_its_column_where_its_own_is_for_text() -> None:
    data = workbook_with({"A2": "500 kr.", "A3": 7}, {"A2": "@", "A3": "#,##0.00"})
    cell, _ = fixed(data, 2, 1, "500 kr.", Decimal(500))

    assert (cell.value, cell.number_format) == (500, "#,##0.00")


@pytest.mark.parametrize("number_format", ["General", "@", "0.00", "hh:mm"])
def test_a_date_is_left_where_nothing_in_the_column_could_show_it(number_format: str) -> None:
    data = workbook_with({"A2": "31/12-2026", "B2": DAY}, {"A2": number_format, "B2": "dd-mm-yyyy"})
    cell, left = fixed(data, 2, 1, "31/12-2026", DAY)

    assert (cell.value, left) == ("31/12-2026", [Left.NO_FORMAT])


def test_a_word_keeps_its_style() -> None:
    data = workbook_with({"A2": "Planlgat"}, {"A2": "@"})
    cell, _ = fixed(data, 2, 1, "Planlgat", "Planlagt")

    assert (cell.value, cell.data_type, cell.number_format) == ("Planlagt", "s", "@")
    assert cell.font.italic


def test_a_workbook_that_counts_from_1904() -> None:
    workbook = Workbook()
    workbook.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
    tab = workbook.worksheets[0]
    tab.title = "Ark"
    tab["A1"], tab["A2"] = DAY, "31/12-2026"
    cell, _ = fixed(saved(workbook), 2, 1, "31/12-2026", DAY)

    assert cell.value == datetime(2026, 12, 31)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"A2": "something else"}, Left.CHANGED),
        ({"A2": 500}, Left.CHANGED),
        ({"B2": "500 kr."}, Left.CHANGED),
        ({"A2": '="500 kr."'}, Left.FORMULA),
    ],
    ids=["other text", "a number by now", "gone", "a formula"],
)
def test_a_cell_that_holds_something_else_is_left(cells: dict[str, object], reason: Left) -> None:
    data = workbook_with(cells)
    corrected, outcome = write_values(Package(data), [AMOUNT])

    assert corrected is data or corrected == data
    assert [why for _, why in outcome.left] == [reason]


def test_the_header_of_a_table_is_left() -> None:
    workbook = Workbook()
    tab = workbook.worksheets[0]
    tab.title = "Ark"
    tab["A1"], tab["A2"] = "500 kr.", 1
    tab.add_table(Table(displayName="T", ref="A1:A2"))
    _, left = fixed(saved(workbook), 1, 1, "500 kr.", Decimal(500))

    assert left == [Left.TABLE]


def with_workbook_part(data: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with something else in its workbook part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                assert part.count(before) == 1
                part = part.replace(before, after)
            new.writestr(name, part)
    return out.getvalue()


def test_only_the_sheet_and_the_word_to_calculate_change() -> None:
    data = with_workbook_part(
        workbook_with({"A2": "500 kr.", "A3": "=SUM(A1:A2)", "B2": "stays"}),
        b' fullCalcOnLoad="1"',
        b"",
    )
    corrected, outcome = write_values(Package(data), [AMOUNT])

    assert outcome.has_old_sums
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(io.BytesIO(corrected)) as new,
    ):
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert sorted(changed) == ["xl/workbook.xml", "xl/worksheets/sheet1.xml"]
        assert b'fullCalcOnLoad="1"' in new.read("xl/workbook.xml")
    again = load_workbook(io.BytesIO(corrected))["Ark"]
    assert (again["A3"].value, again["B2"].value) == ("=SUM(A1:A2)", "stays")


def test_a_workbook_part_without_a_word_about_calculating() -> None:
    data = with_workbook_part(
        workbook_with({"A2": "500 kr.", "A3": "=SUM(A1:A2)"}),
        b'<calcPr calcId="124519" fullCalcOnLoad="1" />',
        b"",
    )
    corrected, _ = write_values(Package(data), [AMOUNT])

    assert load_workbook(io.BytesIO(corrected)).calculation.fullCalcOnLoad
