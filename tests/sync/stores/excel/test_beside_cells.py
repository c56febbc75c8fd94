"""A CPR number beside the cells of a workbook is found, each place by itself, with its tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from rules.gate.gate import Gate
from rules.model.shipped import SHIPPED
from sync.stores.excel.reading import read_raw
from tests.sync.helpers import CPR, example, saved
from tests.sync.packages import repacked

SPLIT = ("010", "170-", "0000")
AS_NUMBER = 101_700_000


def _validated(workbook: Any, **texts: str) -> None:
    sheet = workbook["Milepæle"]
    settings: dict[str, Any] = {"type": "list", "formula1": '"Ja,Nej"'} | texts
    rule = DataValidation(**settings)
    rule.add("H9")
    sheet.add_data_validation(rule)


def _charted(workbook: Any) -> None:
    sheet = workbook["Milepæle"]
    chart = BarChart()
    chart.title = f"Barn {CPR}"
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=3))
    sheet.add_chart(chart, "K4")


def _linked(workbook: Any, target: str = "https://x.example/", tip: str = "") -> None:
    cell = workbook["Milepæle"]["H9"]
    cell.value = "Se her"
    cell.hyperlink = target
    cell.hyperlink.tooltip = tip


def _shown(workbook: Any, value: float, code: str, address: str = "H9") -> None:
    workbook["Milepæle"][address] = value
    workbook["Milepæle"][address].number_format = code


IN_THE_TAB: dict[str, Callable[[Any], object]] = {
    "the header of the page": lambda w: setattr(w["Milepæle"].oddHeader.center, "text", CPR),
    "the footer of the page": lambda w: setattr(w["Milepæle"].evenFooter.left, "text", f"S. {CPR}"),
    "an input message": lambda w: _validated(w, promptTitle="Barn", prompt=f"Skriv {CPR}"),
    "an error message": lambda w: _validated(w, errorTitle="Fejl", error=f"Ikke {CPR}"),
    "a drop-down list": lambda w: _validated(w, formula1=f'"{CPR},Ali"'),
    "a link's address": lambda w: _linked(w, f"https://x.example/{CPR}"),
    "a link's tip": lambda w: _linked(w, tip=f"Se {CPR}"),
    "a link by formula": lambda w: w["Milepæle"].cell(
        9, 8, f'=HYPERLINK("https://x.example/{CPR}","Se her")'
    ),
    "a chart's title": _charted,
    "the author of a comment": lambda w: setattr(
        w["Milepæle"]["H9"], "comment", Comment("Hej", f"Ali {CPR}")
    ),
}
IN_THE_WORKBOOK: dict[str, Callable[[Any], object]] = {
    "a name": lambda w: w.defined_names.add(DefinedName("Barn", attr_text=f'"{CPR}"')),
    "a name's note": lambda w: w.defined_names.add(
        DefinedName("Barn", attr_text="Plan!$A$1", comment=CPR)
    ),
    "a tab's name": lambda w: w.create_sheet(f"Ali {CPR}"),
    "the title": lambda w: setattr(w.properties, "title", f"Plan {CPR}"),
    "the author": lambda w: setattr(w.properties, "creator", CPR),
    "a property of its own": lambda w: w.custom_doc_props.append(
        StringProperty(name="Barn", value=CPR)
    ),
    "a number format's words": lambda w: _shown(w, 5, f'"{CPR} "0'),
}
IN_A_CELL: dict[str, Callable[[Any], object]] = {
    "a format for personal numbers": lambda w: _shown(w, AS_NUMBER, "000000-0000"),
    "the same as Excel writes it": lambda w: _shown(w, AS_NUMBER, "000000\\-0000;@"),
    "a format with blanks": lambda w: _shown(w, AS_NUMBER, "00 00 00 0000"),
    "a format with dots": lambda w: _shown(w, AS_NUMBER, '00"."00"."00\\-0000'),
    "a format without zeros": lambda w: _shown(w, AS_NUMBER, "######-####"),
    "an amount's column": lambda w: _shown(w, AS_NUMBER, "000000-0000", "H2"),
}


def found_in(data: bytes) -> list[tuple[str, str | None, str | None]]:
    """Code, tab and cell of what is found of personal data."""
    (result,) = Gate(SHIPPED).check([read_raw("Plan.xlsx", data)])
    places = [(one.code, one.place.tab, one.place.cell) for one in result.findings]
    return [place for place in places if place[0].startswith("GDP")]


@pytest.mark.parametrize("place", IN_THE_TAB)
def test_in_a_tab(place: str) -> None:
    workbook: Any = example()
    IN_THE_TAB[place](workbook)
    assert found_in(saved(workbook)) == [("GDP-01", "Milepæle", None)]


@pytest.mark.parametrize("place", IN_THE_WORKBOOK)
def test_in_the_workbook(place: str) -> None:
    workbook: Any = example()
    IN_THE_WORKBOOK[place](workbook)
    assert found_in(saved(workbook)) == [("GDP-01", None, None)]


@pytest.mark.parametrize("place", IN_A_CELL)
def test_shown_by_a_number_format(place: str) -> None:
    workbook: Any = example()
    IN_A_CELL[place](workbook)
    ((code, tab, _),) = found_in(saved(workbook))
    assert (code, tab) == ("GDP-01", "Milepæle")


def test_in_a_text_box_whose_text_is_in_pieces() -> None:
    workbook: Any = example()
    _charted(workbook)
    runs = "".join(f'<a:r><a:rPr b="1"/><a:t>{part}</a:t></a:r>' for part in SPLIT)
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:oneCellAnchor>'
        f"<xdr:sp><xdr:txBody><a:p>{runs}</a:p></xdr:txBody></xdr:sp></xdr:oneCellAnchor></xdr:wsDr>"
    )
    data = repacked(saved(workbook), {"xl/drawings/drawing1.xml": drawing.encode()})
    assert found_in(data) == [("GDP-01", "Milepæle", None)]


def test_what_is_none() -> None:
    workbook: Any = example()
    _validated(
        workbook, type="whole", formula1="1101700000", prompt="Fra 01-01-2024 til 31-12-2027"
    )
    _linked(workbook, "https://x.example/sag/1101700000")
    _shown(workbook, 1_101_700_000, '#,##0 "kr."')
    _shown(workbook, 1_101_700_000, "#,##0.00", "I9")
    workbook.properties.title = "Plan 2024-2027, 010170"
    assert found_in(saved(workbook)) == []
