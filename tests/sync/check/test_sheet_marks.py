"""What neither reader tells of a sheet: formulas without a result, pictures, merges, totals."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from rules.model.cells import EMBEDDED, NO_RESULT, FormulaError, RawTab
from sync.stores.excel.reading import read_tabs

FAR = ["plain", "with a cell in the far corner"]


def tab_of(workbook: openpyxl.Workbook, *edits: tuple[str, str], **parts: str) -> RawTab:
    """The first tab as it is read, with texts of its XML replaced and parts added."""
    saved, out = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            for before, after in edits if name == "xl/worksheets/sheet1.xml" else ():
                assert before in part
                part = part.replace(before, after)
            new.writestr(name, part)
        for name, part in parts.items():
            new.writestr(f"xl/richData/{name}.xml", part)
    return read_tabs(out.getvalue())[0]


@pytest.mark.parametrize("far", [False, True], ids=FAR)
def test_a_formula_that_a_library_wrote_has_no_result(far: bool) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append([1, "=500000*1.2", "tekst"])
    sheet["E7"] = "=1+1"
    if far:
        sheet["XFD900000"] = 1

    rows = dict(tab_of(workbook).rows)

    assert [*rows[1][:3]] == [1, NO_RESULT, "tekst"]
    assert rows[7][4] == NO_RESULT


@pytest.mark.parametrize(
    ("structures", "formula", "value"),
    [
        ("_localImage", "", EMBEDDED),
        ("_linkedentity", "", EMBEDDED),
        ("_webimage", "<f>_xlfn.IMAGE(A1)</f>", EMBEDDED),
        ("_error", "<f>_xlfn.SEQUENCE(4)</f>", FormulaError("#VALUE!")),
    ],
)
def test_a_picture_in_a_cell_is_no_error(structures: str, formula: str, value: object) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["x", "#VALUE!"])
    picture = f'<c r="B1" t="e" vm="1">{formula}<v>#VALUE!</v></c>'
    plain = '<c r="B1" t="e"><v>#VALUE!</v></c>'

    tab = tab_of(
        workbook,
        (plain, picture),
        rdrichvaluestructure=f'<rvStructures><s t="{structures}"/></rvStructures>',
    )

    assert tab.rows[0][1][1] == value


def test_merged_cells_and_a_table_s_totals_row_are_told() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in (["Kilde", "2026"], ["Fond", 5], ["Kommune", 5], ["", 10]):
        sheet.append(row)
    table = Table(displayName="T", ref="A1:B4", totalsRowCount=1)
    sheet.add_table(table)
    sheet.merge_cells("D2:D4")

    tab = tab_of(workbook)

    assert [area.name for area in tab.merged] == ["D2:D4"]
    assert tab.totals_rows == {4}
