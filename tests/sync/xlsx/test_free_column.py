"""Where the column Kontrol is added: right of the headers, where nothing stands in its way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tests.sync.helpers import CONTROL, Site, control_of, example, saved, values_by_openpyxl
from tests.sync.packages import member, part_of, repacked

WRONG = {"Indsatser!I2": "'ca. 5"}
TAB = "Indsatser"
HEADERS = 10
"""Of the tab Indsatser without its Kontrol: A to J."""


def without_control() -> openpyxl.Workbook:
    workbook = example(cells=WRONG)
    workbook[TAB].delete_cols(HEADERS + 1)
    return workbook


def nothing(tab: Worksheet) -> None:
    del tab


def merged_right_of_the_headers(tab: Worksheet) -> None:
    tab.merge_cells("K2:L4")


def merged_header(tab: Worksheet) -> None:
    tab.merge_cells("J1:M1")


def merged_far_below(tab: Worksheet) -> None:
    tab.merge_cells("K900:K901")


def merged_titles_above(tab: Worksheet) -> None:
    tab.move_range("A1:J4", rows=3)
    tab["A1"] = "Indsatser i Vapnagaard"
    tab.merge_cells("A1:P2")


def formula_with_an_empty_result(tab: Worksheet) -> None:
    tab["K3"] = '=IF(A3="","x","")'


def array(tab: Worksheet) -> None:
    tab["L2"] = ArrayFormula("L2:M3", "=A2:B3")
    tab["K2"] = "note"


def data_table(tab: Worksheet) -> None:
    tab["K2"] = DataTableFormula("K2:L5", r1="A1", dt2D=False)


def table_beside(tab: Worksheet) -> None:
    table = Table(displayName="Noter", ref="K1:L3", headerRowCount=0)
    table.tableColumns.extend(TableColumn(id=n, name=f"Kolonne{n}") for n in (1, 2))
    tab.add_table(table)


def note_below(tab: Worksheet) -> None:
    tab["K200"] = "husk"


def shown(value: object) -> str:
    """A value or formula; array formulas and data tables by all that they hold."""
    return str(vars(value) if isinstance(value, ArrayFormula | DataTableFormula) else value)


PLACES: list[tuple[Callable[[Worksheet], None], str]] = [
    (nothing, "K1"),
    (merged_titles_above, "K4"),
    (merged_right_of_the_headers, "M1"),
    (merged_header, "N1"),
    (merged_far_below, "L1"),
    (formula_with_an_empty_result, "L1"),
    (array, "N1"),
    (data_table, "M1"),
    (table_beside, "M1"),
    (note_below, "L1"),
]


@pytest.mark.parametrize(("change", "place"), PLACES, ids=[c.__name__ for c, _ in PLACES])
def test_kontrol_is_added_where_nothing_stands_in_its_way(
    site: Site, change: Callable[[Worksheet], None], place: str
) -> None:
    workbook = without_control()
    change(workbook[TAB])
    file = site.put("a.xlsx", saved(workbook))
    before = values_by_openpyxl(file.read_bytes(), results=False)
    result = site.sync()
    assert (result.problems, result.written) == ([], ["a.xlsx"])
    after = values_by_openpyxl(file.read_bytes(), results=False)
    assert after[TAB, place] == CONTROL
    theirs = {at: shown(value) for at, value in before.items() if at[0] == TAB}
    assert theirs == {at: shown(after[at]) for at in theirs}
    site.age()
    assert site.sync(hour=9, full=True).written == []


def test_what_was_added_further_right_is_filled_there_from_then_on(site: Site) -> None:
    """Also without opening the workbook again: the job knows where it put the column."""
    workbook = without_control()
    workbook[TAB].merge_cells("K2:L4")
    workbook["Milepæle"]["D3"] = "24-11-2026"
    site.put("a.xlsx", saved(workbook))
    site.sync()
    late = site.sync(date(2026, 11, 30))
    assert (late.read, late.written, late.problems) == (0, ["a.xlsx"], [])
    assert site.control("a.xlsx", TAB)[2].startswith("FEJL Budget")
    cells = values_by_openpyxl((site.sheets / "a.xlsx").read_bytes())
    assert [at for (tab, at), v in cells.items() if tab == TAB and v == CONTROL] == ["M1"]


def test_where_the_whole_width_is_taken_the_workbook_is_refused(site: Site) -> None:
    workbook = without_control()
    workbook[TAB]["A3"] = "Se bilaget om sommerferien"
    workbook[TAB].merge_cells("A3:XFD3")
    data = saved(workbook)
    file = site.put("a.xlsx", data)
    (problem,) = site.sync().problems
    assert "Flettede celler" in problem[1]
    assert file.read_bytes() == data


def as_table(ref: str, totals: int = 0) -> bytes:
    """The example with the tab Indsatser as an Excel table."""
    workbook = example(cells=WRONG)
    tab = workbook[TAB]
    if totals:
        tab["A5"] = "I alt"
    table = Table(displayName="Indsatser", ref=ref, totalsRowCount=totals or None)
    tab.add_table(table)
    return saved(workbook)


def test_kontrol_inside_a_table_is_filled_there(site: Site) -> None:
    data = as_table("A1:K4")
    file = site.put("a.xlsx", data)
    assert site.sync().problems == []
    written = file.read_bytes()
    assert control_of(written, TAB)[2].startswith("FEJL Budget")
    assert control_of(written, TAB)[4] == "OK"
    assert member(written, "xl/tables/table1.xml") == member(data, "xl/tables/table1.xml")


def test_a_table_beside_is_neither_widened_nor_broken(site: Site) -> None:
    workbook = without_control()
    workbook[TAB].add_table(Table(displayName="Indsatser", ref="A1:J4"))
    data = saved(workbook)
    file = site.put("a.xlsx", data)
    assert site.sync().problems == []
    written = file.read_bytes()
    assert values_by_openpyxl(written)[TAB, "K1"] == CONTROL
    assert member(written, "xl/tables/table1.xml") == member(data, "xl/tables/table1.xml")
    part = part_of(data, TAB)
    ends = [re.split(rb"</sheetData>", member(one, part))[1] for one in (data, written)]
    assert ends[0] == ends[1]
    assert [t.ref for t in openpyxl.load_workbook(io.BytesIO(written))[TAB].tables.values()] == [
        "A1:J4"
    ]


def test_a_totals_row_in_the_tables_column_is_refused_with_what_to_do(site: Site) -> None:
    data = as_table("A1:K5", totals=1)
    file = site.put("a.xlsx", data)
    (problem,) = site.sync().problems
    assert "totalrække" in problem[1]
    assert file.read_bytes() == data


def test_rows_below_the_table_are_filled_too(site: Site) -> None:
    file = site.put("a.xlsx", as_table("A1:K3"))
    site.sync()
    assert control_of(file.read_bytes(), TAB)[4] == "OK"


def test_a_result_that_was_never_stored_is_in_the_way_too(site: Site) -> None:
    data = saved(without_control())
    part = part_of(data, TAB)
    row = re.search(rb'<row r="3".*?</row>', member(data, part), re.DOTALL)
    assert row
    with_formula = row[0].replace(b"</row>", b'<c r="K3"><f>1+1</f></c></row>')
    data = repacked(data, {part: member(data, part).replace(row[0], with_formula)})
    file = site.put("a.xlsx", data)
    site.sync()
    cells = values_by_openpyxl(file.read_bytes(), results=False)
    assert (cells[TAB, "L1"], cells[TAB, "K3"]) == (CONTROL, "=1+1")
