"""Whose a column Kontrol or a tab Advarsler is: the staff's own are left, and the job's told."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart

from sync.findings.owned import Owned
from sync.stores.base import NeedsPerson
from sync.stores.excel.folder import ExcelFolder
from sync.xlsx.zip_package import Limits
from tests.sync.helpers import (
    CPR,
    Site,
    book,
    cell_of,
    example,
    loaded,
    page_of,
    saved,
    values_by_openpyxl,
)

OWN = {
    cell_of("Indsatser", "Kontrol", 2): "Set af Lise 12/11",
    cell_of("Indsatser", "Kontrol", 3): "Mangler bilag",
    "Indsatser!I2": "'ca. 5",
}
AUTHORITY: list[list[object]] = [
    ["Påbud fra Arbejdstilsynet"],
    [None, "Støj i kælderen"],
    ["Frist", "1. marts"],
]


def typed_over(site: Site, name: str, cells: Mapping[str, str | int]) -> None:
    """Staff type into cells of a workbook and save it."""
    file = site.sheets / name
    workbook = openpyxl.load_workbook(file)
    for address, value in cells.items():
        tab, _, place = address.partition("!")
        workbook[tab][place] = value
    site.put(name, saved(workbook))


def column_of(site: Site, tab: str, header: str) -> dict[int, object]:
    """What stands under a header in row 1 of a tab of `a.xlsx`, by row."""
    sheet = loaded((site.sheets / "a.xlsx").read_bytes())[tab]
    (at,) = [cell.column for cell in sheet[1] if cell.value == header]
    cells = (sheet.cell(row, at) for row in range(2, sheet.max_row + 1))
    return {cell.row: cell.value for cell in cells if cell.value is not None}


def tabs_of(site: Site) -> list[str]:
    return loaded((site.sheets / "a.xlsx").read_bytes()).sheetnames


def codes(site: Site) -> list[tuple[str, str]]:
    """Code and place of what the tab Advarsler shows."""
    data = (site.sheets / "a.xlsx").read_bytes()
    sheet = loaded(data)[[name for name in tabs_of(site) if name.startswith("Advarsler")][-1]]
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=4, max_col=8)]
    return [(str(row[1]), f"{row[2]}!{row[3]}") for row in rows]


def test_a_column_kontrol_of_the_staffs_own_is_left_and_told(site: Site) -> None:
    site.put("a.xlsx", book(cells=OWN))
    report = site.sync()
    assert (report.problems, report.notes) == ([], [])
    assert column_of(site, "Indsatser", "Kontrol") == {2: "Set af Lise 12/11", 3: "Mangler bilag"}
    own = column_of(site, "Indsatser", "Kontrol 2")
    assert [str(text).split(" ")[0] for text in own.values()] == ["FEJL", "OK", "OK"]
    assert ("STR-10", f"{cell_of('Indsatser', 'Kontrol', 1)}") in codes(site)
    site.age()
    before = site.bytes_of_workbooks()
    site.sync(hour=9, full=True)
    assert site.bytes_of_workbooks() == before


@pytest.mark.parametrize("note", ["OK – Lise", "INFO fra Lise: ring", "FEJL i bilag 2", 12_500])
def test_one_text_that_is_not_the_jobs_makes_it_the_staffs(site: Site, note: object) -> None:
    place = cell_of("Indsatser", "Kontrol", 3)
    site.put("a.xlsx", book(cells={cell_of("Indsatser", "Kontrol", 2): "OK", place: note}))
    site.sync()
    assert column_of(site, "Indsatser", "Kontrol") == {2: "OK", 3: note}
    assert set(column_of(site, "Indsatser", "Kontrol 2").values()) == {"OK"}


def test_a_name_like_kontrol_is_another_column(site: Site) -> None:
    cells = {cell_of("Indsatser", "Kontrol", 1): "Kontrol (LBF)"}
    cells[cell_of("Indsatser", "Kontrol", 2)] = "OK"
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    assert column_of(site, "Indsatser", "Kontrol (LBF)") == {2: "OK"}
    assert set(column_of(site, "Indsatser", "Kontrol").values()) == {"OK"}
    assert codes(site) == []


def test_a_note_typed_later_turns_no_column_and_is_told(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    place = cell_of("Indsatser", "Kontrol", 2)
    typed_over(site, "a.xlsx", {place: f"Spørg {CPR}", "Indsatser!I3": "ca. 5"})
    report = site.sync(hour=9)
    assert report.problems == []
    assert report.notes == [
        (
            "a.xlsx",
            f"I fanen »Indsatser«, celle {place.partition('!')[2]} i kolonnen Kontrol: "
            "»Spørg [cpr-nummer skjult]« stod der, da kontrollen skrev.",
        )
    ]
    column = column_of(site, "Indsatser", "Kontrol")
    assert [column[2], str(column[3])[:4]] == ["OK", "FEJL"]
    assert "Kontrol 2" not in str(values_by_openpyxl((site.sheets / "a.xlsx").read_bytes()))


def test_a_note_of_a_table_with_one_row_turns_no_column(site: Site) -> None:
    site.put("a.xlsx", book(cells={f"Milepæle!{letter}3": "" for letter in "ABCDEF"}))
    site.sync()
    typed_over(site, "a.xlsx", {cell_of("Milepæle", "Kontrol", 2): "husk"})
    report = site.sync(hour=9)
    assert column_of(site, "Milepæle", "Kontrol") == {2: "OK"}
    assert len(report.notes) == 1


def test_the_note_is_on_the_page_that_the_run_prints(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    typed_over(site, "a.xlsx", {cell_of("Indsatser", "Kontrol", 2): "Set af Lise"})
    answer = site.command("sync")
    assert answer.code == 0
    assert "i kolonnen Kontrol: »Set af Lise« stod der, da kontrollen skrev." in answer.out


def test_another_column_in_the_place_of_the_jobs_is_the_staffs(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync()
    rows = range(2, 5)
    own = {cell_of("Indsatser", "Kontrol", row): f"Set {row}" for row in rows}
    typed_over(site, "a.xlsx", own)
    site.sync(hour=9)
    assert column_of(site, "Indsatser", "Kontrol") == {row: f"Set {row}" for row in rows}


def test_notes_and_sums_beside_the_table_are_left_for_good(site: Site) -> None:
    beside = {
        cell_of("Indsatser", "Kontrol", 7): "I alt set: 3",
        cell_of("Indsatser", "Kontrol", 8): 12_500,
        cell_of("Indsatser", "Kontrol", 9): "=SUM(I2:I4)",
    }
    site.put("a.xlsx", book(cells=beside))
    site.sync()
    assert site.sync(hour=9, full=True).written == []
    typed_over(site, "a.xlsx", {"Indsatser!I2": "ca. 5"})
    report = site.sync(hour=10)
    assert (report.problems, report.notes) == ([], [])
    column = column_of(site, "Indsatser", "Kontrol")
    assert [column[row] for row in (7, 8, 9)] == ["I alt set: 3", 12_500, "=SUM(I2:I4)"]
    assert str(column[2]).startswith("FEJL")


def test_an_old_verdict_beside_the_table_goes(site: Site) -> None:
    old = {cell_of("Indsatser", "Kontrol", 8): "FEJL Budget: »x« (CEL-02)\nINFO Nr.: y (CEL-12)"}
    site.put("a.xlsx", book(cells=old))
    site.sync()
    assert set(column_of(site, "Indsatser", "Kontrol")) == {2, 3, 4}


def test_a_tab_advarsler_of_the_staffs_own_is_left_and_told(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}, tabs={"Advarsler": AUTHORITY}))
    report = site.sync()
    assert report.problems == []
    assert tabs_of(site)[-2:] == ["Advarsler", "Advarsler 2"]
    own = loaded((site.sheets / "a.xlsx").read_bytes())["Advarsler"]
    assert [[cell.value for cell in row] for row in own.iter_rows()] == [
        ["Påbud fra Arbejdstilsynet", None], [None, "Støj i kælderen"], ["Frist", "1. marts"],
    ]  # fmt: skip
    assert ("STR-10", "Advarsler!") in codes(site)
    site.age()
    before = site.bytes_of_workbooks()
    site.sync(hour=9, full=True)
    assert site.bytes_of_workbooks() == before


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Advarsler", "Advarsler 2"),
        ("ADVARSLER", "Advarsler 2"),
        ("Advarsler 2", "Advarsler"),
        ("Kontrol", "Advarsler"),
        ("Indsatser", "Advarsler"),
    ],
)
def test_a_chart_of_a_known_name_is_left_and_hinders_nothing(
    site: Site, name: str, own: str
) -> None:
    workbook: Any = example(cells={"Milepæle!B3": "9"}, without=[name])
    workbook.create_chartsheet(name, 1).add_chart(BarChart())
    site.put("a.xlsx", saved(workbook))

    for _ in range(2):
        assert site.sync().problems == []

    assert (tabs_of(site)[1], tabs_of(site)[-1]) == (name, own)
    shown = loaded((site.sheets / "a.xlsx").read_bytes())[own]
    told = {cell.value for cell in shown["B"]}
    assert ("STR-10" in told) == (own == "Advarsler 2")
    assert ("STR-01" in told) == (name == "Indsatser")


def test_an_empty_tab_advarsler_is_the_jobs(site: Site) -> None:
    site.put("a.xlsx", book(tabs={"advarsler": []}))
    site.sync()
    assert tabs_of(site)[-1] == "advarsler"
    assert "Kontrolleret" in str(
        loaded((site.sheets / "a.xlsx").read_bytes())["advarsler"]["A1"].value
    )


def test_a_row_above_the_jobs_own_advarsler_makes_it_nobody_elses(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
    site.sync()
    workbook = openpyxl.load_workbook(site.sheets / "a.xlsx")
    workbook["Advarsler"].insert_rows(1)
    workbook["Advarsler"]["A1"] = "Se her"
    site.put("a.xlsx", saved(workbook))
    site.sync(hour=9)
    assert tabs_of(site)[-1] == "Advarsler"
    assert str(page_of((site.sheets / "a.xlsx").read_bytes())[0][0]).startswith("Kontrolleret")


def test_a_tab_that_is_a_plan_tab_no_more_keeps_no_verdict(site: Site) -> None:
    site.put("a.xlsx", book(cells={"Milepæle!B3": "9"}))
    site.sync()
    workbook = openpyxl.load_workbook(site.sheets / "a.xlsx")
    workbook.copy_worksheet(workbook["Milepæle"]).title = "Milepæle (2)"
    workbook["Milepæle"].title = "Mål fra 2025"
    site.put("a.xlsx", saved(workbook))
    site.sync(hour=9)
    for tab in ("Milepæle (2)", "Mål fra 2025"):
        assert column_of(site, tab, "Kontrol") == {}
        assert column_of(site, tab, "Milepæl")
    assert site.sync(hour=10, full=True).written == []


def test_a_tab_of_the_staffs_own_with_the_same_headers_keeps_its_notes(site: Site) -> None:
    tab = [
        ["Nr.", "Indsats nr.", "Milepæl", "Frist", "Status", "Kontrol"],
        ["1", "1", "Hold", "01-03-2027", "Nået", "OK"],
        ["2", "1", "Hold", "01-03-2027", "Nået", "Set af Lise"],
    ]
    site.put("a.xlsx", book(tabs={"Mål": tab}))
    site.sync()
    assert column_of(site, "Mål", "Kontrol") == {2: "OK", 3: "Set af Lise"}


def test_a_copied_tab_in_front_is_neither_read_nor_written(site: Site) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book(cells={"Indsatser!G4": "'31-06-2027"})))
    copy = workbook.copy_worksheet(workbook["Indsatser"])
    copy.title = "Indsatser (2)"
    copy["G4"] = "1. juni 2027"
    workbook.move_sheet(copy, -20)
    site.put("a.xlsx", saved(workbook))
    site.sync()
    assert codes(site) == [("CEL-03", "Indsatser!G4"), ("STR-09", "Indsatser!")]
    assert column_of(site, "Indsatser (2)", "Kontrol") == {}


def test_text_in_the_last_column_hinders_nothing(site: Site) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book(cells={"Indsatser!I2": "'ca. 5"})))
    at = cell_of("Indsatser", "Kontrol", 1).partition("!")[2]
    workbook["Indsatser"][at] = None
    workbook["Indsatser"]["XFD1"] = "x"
    site.put("a.xlsx", saved(workbook))
    report = site.sync()
    assert (report.written, report.problems) == (["a.xlsx"], [])
    sheet = loaded((site.sheets / "a.xlsx").read_bytes())["Indsatser"]
    assert (sheet[at].value, sheet["XFD1"].value) == ("Kontrol", "x")


def test_other_names_of_a_workbook_are_told(site: Site) -> None:
    file = site.put("a.xlsx", book(cells={"Indsatser!I2": "'ca. 5"}))
    before = file.read_bytes()
    other = site.root / "arkiv.xlsx"
    os.link(file, other)
    report = site.sync()
    ((path, note),) = report.notes
    assert (path, report.written, report.problems) == ("a.xlsx", ["a.xlsx"], [])
    assert note.startswith("Filen har flere navne (hårde links).")
    assert (other.read_bytes(), file.read_bytes() == before) == (before, False)


def test_what_could_not_be_read_again_is_not_written(site: Site) -> None:
    data = book(cells={"Indsatser!I2": "'ca. 5"})
    file = site.put("a.xlsx", data)
    store = ExcelFolder(site.sheets, limits=Limits(packed_bytes=len(data) + 100))
    version = store.fetch("a.xlsx")().version
    with pytest.raises(NeedsPerson, match="for stor til at blive læst"):
        store.write("a.xlsx", version, Owned((), "Kontrolleret", ()))
    assert file.read_bytes() == data
