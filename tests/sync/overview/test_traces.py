"""Every number in the overview can be traced: a click leads to where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from tests.sync.helpers import TODAY, Site, header_row_of
from tests.sync.overview.region import Region
from tests.sync.waiving import waiver

GONE = "Findes ikke længere"
"""What is still known of a workbook that is gone leads nowhere any more."""
CHARTS_OF_THE_PAST = {"Udvikling"}
"""Their numbers are of weeks gone by, kept in the history; the workbooks stand otherwise now."""


@pytest.fixture
def after_two_runs(demo: Site) -> Site:
    """The demonstration, a waiver, a workbook that cannot be read, and one that is gone."""
    site = demo
    site.put("Væk.xlsx", (site.sheets / "Vapnagaard.xlsx").read_bytes())
    site.sync(TODAY - timedelta(days=7))
    (site.sheets / "Væk.xlsx").unlink()
    site.put("Ødelagt.xlsx", b"no workbook")
    accept(site, waiver(**{"Plan-id": "TIB-2025", "Sted": "I4"}))
    site.sync()
    return site


def accept(site: Site, line: tuple[Any, ...]) -> None:
    file = site.root / "Undtagelser.xlsx"
    workbook = openpyxl.load_workbook(file)
    workbook["Undtagelser"].append(line)
    workbook.save(file)


def is_number(cell: Any) -> bool:
    return cell.data_type in {"n", "d"} and cell.value is not None


def links(sheet: Worksheet) -> dict[str, Hyperlink]:
    return {
        cell.coordinate: cell.hyperlink
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.hyperlink
    }


def untraced(sheet: Worksheet) -> Iterator[str]:
    """The numbers of a tab without a link in their row; of a large figure, in the cell above."""
    header_row = header_row_of(sheet)
    width = max(cell.column for cell in sheet[header_row] if cell.value is not None)
    linked = links(sheet)
    rows = {cell.row for cell in map(sheet.__getitem__, linked)}
    for number, row in enumerate(sheet.iter_rows(max_col=width), 1):
        for column, cell in enumerate(row, 1):
            if not is_number(cell) or GONE in {one.value for one in row}:
                continue
            above = sheet.cell(number - 1, column).coordinate
            is_traced = number in rows if number > header_row else above in linked
            if not is_traced:
                yield f"{sheet.title}!{cell.coordinate}"


def misled(workbook: openpyxl.Workbook, file: Path) -> Iterator[str]:
    """The links that lead to no file, or to rows of the overview that lead no further."""
    for sheet in workbook.worksheets:
        for place, link in links(sheet).items():
            if link.target:
                if not (file.parent / unquote(link.target)).is_file():
                    yield f"{sheet.title}!{place} -> {link.target}"
                continue
            tab, _, cells = (link.location or "").rpartition("!")
            there = workbook[tab.strip("'")]
            first, top, last, bottom = range_boundaries(cells)
            if cells == "A1":
                first, top = 1, header_row_of(there) + 1
                last, bottom = there.max_column, there.max_row
            shown = there.iter_rows(top, bottom, first, last)
            found = [cell for row in shown for cell in row if cell.value is not None]
            if found and not any(cell.hyperlink and cell.hyperlink.target for cell in found):
                yield f"{sheet.title}!{place} -> {link.location}"


@pytest.mark.slow
def test_every_number_leads_on(after_two_runs: Site) -> None:
    workbook = openpyxl.load_workbook(after_two_runs.overview)
    numbers = sum(is_number(cell) for s in workbook.worksheets for row in s for cell in row)
    assert numbers > 300
    assert [place for sheet in workbook.worksheets for place in untraced(sheet)] == []
    assert list(misled(workbook, after_two_runs.overview)) == []


@pytest.mark.slow
def test_every_number_of_a_whole_region_leads_on(region: Region) -> None:
    workbook = openpyxl.load_workbook(region.site.overview)
    assert [place for sheet in workbook.worksheets for place in untraced(sheet)] == []
    assert list(misled(workbook, region.site.overview)) == []


@pytest.mark.slow
def test_what_a_chart_is_drawn_from_stands_in_the_table_beside_it(after_two_runs: Site) -> None:
    workbook = openpyxl.load_workbook(after_two_runs.overview)
    drawn = [workbook[tab] for tab in ("Finansiering", "Udvikling")]
    for sheet in drawn:
        header_row = header_row_of(sheet)
        width = max(cell.column for cell in sheet[header_row] if cell.value is not None)
        linked = {str(sheet[place].value) for place in links(sheet)}
        beside = [
            cell.value
            for row in sheet.iter_rows(header_row + 1, min_col=width + 1)
            for cell in row
            if isinstance(cell.value, str)
        ]
        if sheet.title not in CHARTS_OF_THE_PAST:
            plans = {text for text in beside if "-20" in text}
            assert plans
            assert plans <= linked
