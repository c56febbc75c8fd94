"""The example plan as a workbook of the template, and ways to read one back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from rules.catalogue.example_plan import EXAMPLE, FOLLOW_UP, typed
from rules.model.cells import RawTab, RawWorkbook
from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from rules.model.tables import HEADER_ROW
from sheets_templates.drawing.design import Entry
from sheets_templates.template.plan_design import (
    Row,
    plan_workbook,
)

MASTER = PlanForm(
    plan_id="VAP-2025",
    name="Helhedsplan Vapnagaard 2025-2028",
    area="Vapnagaard",
    organisation="Boliggården",
    other_organisations=None,
    programme="2011-14",
    starts_on=date(2025, 1, 1),
    ends_on=date(2028, 12, 31),
    status="I gang",
    contact="Mette Holm",
    email="mette.holm@boliggaarden.example",
)


def example_rows() -> dict[str, list[Row]]:
    """The rows of the example plan by tab, without the total row, which the template has."""
    return {
        tab: [
            {header: _entry(text) for header, text in zip(rows[0], row, strict=True) if text}
            for row in rows[1:]
            if row[0] != "I alt"
        ]
        for tab, rows in (EXAMPLE | FOLLOW_UP).items()
        if tab != "Plan"
    }


def _entry(text: str) -> Entry:
    value = typed(text)
    assert isinstance(value, str | float | date)
    return value


@cache
def empty_book() -> bytes:
    return plan_workbook(SHIPPED, MASTER)


@cache
def example_book() -> bytes:
    return plan_workbook(SHIPPED, MASTER, example_rows())


def funded(*rows: Row, years: Sequence[int] = (2025, 2026)) -> bytes:
    """A workbook with these rows in Finansiering."""
    return plan_workbook(SHIPPED, MASTER, {"Finansiering": rows}, years)


def opened(data: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(data), data_only=values)


def raw(data: bytes) -> RawWorkbook:
    """The workbook as the job reads it: stored results only."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    tabs = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        tabs.append(RawTab(name, [(n, row) for n, row in enumerate(rows, 1) if any(row)]))
    return RawWorkbook("Vapnagaard.xlsx", tabs)


def grid(data: bytes, tab: str, first: int, last: int) -> list[list[object]]:
    """The stored values of these rows, from column A to the last header."""
    sheet = opened(data, values=True)[tab]
    return [
        [_plain(cell) for cell in row]
        for row in sheet.iter_rows(min_row=first, max_row=last, values_only=True)
    ]


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float | Decimal) and value == int(value) else value


def headers(sheet: Worksheet) -> list[object]:
    return [cell.value for cell in sheet[HEADER_ROW] if cell.value is not None]


def validation_at(sheet: Worksheet, place: str) -> DataValidation:
    """The one validation of a cell."""
    found: list[DataValidation] = [
        each for each in sheet.data_validations.dataValidation if place in each.sqref
    ]
    assert len(found) == 1, f"{sheet.title}!{place} has {len(found)} validations"
    return found[0]
