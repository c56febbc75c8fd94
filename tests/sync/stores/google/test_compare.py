"""The same workbooks as Excel files and as spreadsheets: the same findings, cell by cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from rules.model.cells import FormulaError
from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import plan_workbook
from sync.workbook_tools.demo import demo_plans, master_data, plan_rows
from tests.sync.helpers import CPR, TODAY, book, example, saved
from tests.sync.stores.google.compare import differences, in_excel


@pytest.mark.slow
def test_the_demonstration(tmp_path: Path) -> None:
    for plan in demo_plans(TODAY.year - 1):
        rows = plan_rows(plan, TODAY)
        content = plan_workbook(SHIPPED, master_data(plan, TODAY), rows)
        (tmp_path / plan.file).write_bytes(content)

    assert len(in_excel(tmp_path, TODAY).notices) > 10
    assert list(differences(tmp_path, TODAY)) == []


def test_odd_cells(tmp_path: Path) -> None:
    workbook = example(
        cells={
            "Indsatser!I2": FormulaError("#REF!"),
            "Indsatser!I3": "'1.234,50",
            "Indsatser!F2": 46_000,
            "Indsatser!F3": dt.datetime(2026, 1, 5, 13, 30),  # noqa: DTZ001  as in a cell
            "Indsatser!G2": dt.time(8, 15),
            "Indsatser!G3": True,
            "Indsatser!J2": "'=SUM(1;2)",
            "Finansiering!F2": "'25 %",
            "Skjult!A1": f"Borger {CPR}",
        }
    )
    workbook["Indsatser"]["J2"].data_type = "s"  # text, although it begins like a formula
    workbook["Skjult"].sheet_state = "hidden"
    workbook["Indsatser"]["C2"].comment = Comment(f"se {CPR}", "Mette")
    workbook["Plan"].merge_cells("A14:B14")
    (tmp_path / "Ulige.xlsx").write_bytes(saved(workbook))
    (tmp_path / "Kopi af Ulige.xlsx").write_bytes(saved(workbook))

    assert len(in_excel(tmp_path, TODAY).notices) > 5
    assert list(differences(tmp_path, TODAY)) == []


def test_rows_of_all_tabs_missing(tmp_path: Path) -> None:
    (tmp_path / "Tom.xlsx").write_bytes(book(tabs={"Indsatser": [], "Finansiering": [["Kilde"]]}))

    assert list(differences(tmp_path, TODAY)) == []
