"""The overview on paper: letters that can be read, words that are whole, no empty pages."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.sync.helpers import Site, book, header_row_of
from tests.sync.overview.region import Region

pytestmark = pytest.mark.slow

PAGE_POINTS = (297 / 25.4 - 2 * 0.4) * 72
POINTS_OF_LIBREOFFICE, POINTS_OF_EXCEL = 5.46, 5.25
"""What one unit of a column's width is on paper: the wider, and the narrower of the two."""
SMALLEST = 8
LONG = {
    "Plan-id": "TIB-NOEJ-2025-02", "Boligområde": "Tibberupparken",
    "Plannavn": "Boligsocial helhedsplan for Tibberupparken og Ellekildehave 2025-2028",
    "Kontaktperson": "Anne-Margrethe Skovgaard-Christoffersen",
    "E-mail": "anne.skovgaard@boligorganisation.example",
}  # fmt: skip
BODY = "Social-, Integrations- og Beskæftigelsesudvalget"
CELLS = {"Godkendelser!B4": BODY, "Godkendelser!D4": "Afventer", "Godkendelser!E4": "",
         "Indsatser!E2": "Integrationskonsulenten", "Indsatser!D2": "Uddannelsesvejledningen",
         "Indsatser!I2": "'ca. 5", "Milepæle!C3": "Beskæftigelseskonsulenten er klar"}  # fmt: skip


@pytest.fixture
def printed(site: Site) -> openpyxl.Workbook:
    """The overview of a plan with the longest Danish names, and of a workbook with a long one."""
    site.put("Helhedsplan_Tibberupparken.xlsx", book(plan=LONG, cells=CELLS))
    site.sync()
    return openpyxl.load_workbook(site.overview)


def areas_of(sheet: Any) -> list[Any]:
    return [range_boundaries(one.rpartition("!")[2]) for one in str(sheet.print_area).split(",")]


def scale_of(sheet: Any) -> float:
    """How much the widest of the sheet's areas is made smaller, so that it fits the page."""
    widths = [
        sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(left, right + 1))
        for left, _top, right, _bottom in areas_of(sheet)
    ]
    return min(1.0, PAGE_POINTS / (float(max(widths)) * POINTS_OF_LIBREOFFICE))


def cells_of(sheet: Any) -> list[Any]:
    return [
        cell
        for left, top, right, bottom in areas_of(sheet)
        for row in sheet.iter_rows(top, bottom, left, right)
        for cell in row
        if cell.value is not None
    ]


def smallest_type(workbook: openpyxl.Workbook) -> dict[str, float]:
    found = {}
    for sheet in workbook.worksheets:
        sizes = [cell.font.sz for cell in cells_of(sheet)]
        texts = [one.txPr.p[0].pPr.defRPr.sz / 100 for chart in sheet._charts  # type: ignore[attr-defined]
                 for one in (chart.x_axis, chart.y_axis, chart.legend)]  # fmt: skip
        found[sheet.title] = scale_of(sheet) * min([*sizes, *texts], default=SMALLEST)
    return found


def test_the_smallest_printed_type_can_be_read(printed: openpyxl.Workbook, region: Region) -> None:
    for workbook in (printed, openpyxl.load_workbook(io.BytesIO(region.after))):
        sizes = smallest_type(workbook)
        assert {tab: size for tab, size in sizes.items() if size < SMALLEST} == {}


def test_no_word_is_broken(printed: openpyxl.Workbook, region: Region) -> None:
    broken = []
    for workbook in (printed, openpyxl.load_workbook(io.BytesIO(region.after))):
        for sheet in workbook.worksheets:
            merged = {area.min_row for area in sheet.merged_cells.ranges}
            for row in sheet.iter_rows(min_row=header_row_of(sheet)):
                for cell in row:
                    if isinstance(cell.value, str) and cell.row not in merged:
                        font = "Helvetica-Bold" if cell.font.b else "Helvetica"
                        words = max(stringWidth(one, font, 10) for one in cell.value.split())
                        width = sheet.column_dimensions[cell.column_letter].width
                        if cell.column <= areas_of(sheet)[0][2] and words > width * POINTS_OF_EXCEL:
                            broken.append((sheet.title, cell.value))
    assert broken == []


def test_a_tab_with_nothing_in_it_prints_no_page(printed: openpyxl.Workbook) -> None:
    sheet = printed["Undtagelser"]
    assert cells_of(sheet) == []
    assert sheet.print_title_rows is None
