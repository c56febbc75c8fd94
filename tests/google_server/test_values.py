"""Values on their way in and out: typed in Danish, shown, rendered, and from Excel."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tests.google_server import GoogleServer
from tests.google_server.api import SHEETS, Api
from tests.google_server.entering import as_entered, serial
from tests.google_server.locales import locale_of
from tests.google_server.showing import as_date, patterned, shown

DAY = serial(date(2026, 3, 1))


@pytest.mark.parametrize(
    ("typed", "locale", "value", "kind"),
    [
        ("1.234,50", "da_DK", 1234.5, "NUMBER"),
        ("1234.50", "da_DK", "1234.50", None),
        ("1,234.50", "en_US", 1234.5, "NUMBER"),
        ("12,5", "en_US", "12,5", None),
        ("2,000,000.01", "en_US", 2000000.01, "NUMBER"),
        ("0042", "en_US", 42, None),
        ("1e3", "en_US", 1000, None),
        ("25%", "da_DK", 0.25, "PERCENT"),
        ("1.500 kr.", "da_DK", 1500, "CURRENCY"),
        ("$100.15", "en_US", 100.15, "CURRENCY"),
        ("01-03-2026", "da_DK", DAY, "DATE"),
        ("1.3.2026", "da_DK", DAY, "DATE"),
        ("3/1/2026", "en_US", DAY, "DATE"),
        ("2026-03-01", "da_DK", DAY, "DATE"),
        ("31-02-2026", "da_DK", "31-02-2026", None),
        ("12:30", "da_DK", 12.5 / 24, "TIME"),
        ("01-03-2026 12:00", "da_DK", DAY + 0.5, "DATE_TIME"),
        ("'0123", "da_DK", "0123", None),
        ("sand", "da_DK", True, None),
        ("FALSE", "en_US", False, None),
        ("=A1+1", "da_DK", "=A1+1", None),
        ("=", "da_DK", "=", None),
        ("tekst 12", "da_DK", "tekst 12", None),
    ],
)
def test_what_is_typed_becomes(typed: str, locale: str, value: object, kind: str | None) -> None:
    found, number_format = as_entered(typed, locale)
    assert next(iter(found.values())) == value
    assert (number_format or {}).get("type") == kind


@pytest.mark.parametrize(
    ("value", "number_format", "locale", "text"),
    [
        ({"numberValue": 5}, None, "da_DK", "5"),
        ({"numberValue": 0.5}, None, "da_DK", "0,5"),
        ({"numberValue": 1 / 1024}, None, "en_US", "0.0009765625"),
        ({"numberValue": 1234.5}, {"type": "NUMBER", "pattern": "#,##0.00"}, "da_DK", "1.234,50"),
        ({"numberValue": 0.625}, {"type": "PERCENT", "pattern": "0.0%"}, "da_DK", "62,5%"),
        ({"numberValue": DAY}, {"type": "DATE"}, "da_DK", "01-03-2026"),
        ({"numberValue": DAY}, {"type": "DATE", "pattern": "d. mmmm yyyy"}, "da_DK",
            "1. marts 2026"),
        ({"numberValue": DAY + 0.75}, {"type": "DATE_TIME", "pattern": "dd-mm-yy hh:mm"}, "da_DK",
            "01-03-26 18:00"),
        ({"boolValue": True}, None, "da_DK", "SAND"),
        ({"errorValue": {"type": "DIVIDE_BY_ZERO"}}, None, "da_DK", "#DIV/0!"),
        ({}, None, "da_DK", ""),
    ],
)  # fmt: skip
def test_values_are_shown(
    value: dict[str, Any], number_format: dict[str, Any] | None, locale: str, text: str
) -> None:
    assert shown(value, number_format, locale) == text


@pytest.mark.parametrize(
    ("number", "pattern", "text"),
    [
        (-1234.5, '#,##0.00" kr."', "-1.234,50 kr."),
        (-5, "0;(0)", "(5)"),
        (0.5, "0.##", "0,5"),
        (7, "000", "007"),
    ],
)
def test_patterns(number: float, pattern: str, text: str) -> None:
    assert patterned(number, pattern, locale_of("da_DK")) == text


def test_minutes_are_told_from_months_by_the_hours_before_them() -> None:
    assert as_date(DAY + 0.5, "h:mm am/pm m/d", locale_of("en_US")) == "12:00 PM 3/1"


def test_raw_text_stays_text_and_numbers_stay_numbers(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A", {"Plan": []})
    api.update(key, "A1:D1", [["=1+1", "01-03-2026", 1.5, True]])
    params = {"valueRenderOption": "UNFORMATTED_VALUE"}
    assert api.values(key, "A1:D1", **params) == [["=1+1", "01-03-2026", 1.5, True]]
    assert api.values(key, "A1:D1") == [["=1+1", "01-03-2026", "1,5", "SAND"]]


def test_dates_are_serials_unless_text_is_asked_for(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["01-03-2026", "=A1+1"]]})
    unformatted = {"valueRenderOption": "UNFORMATTED_VALUE"}
    text = {**unformatted, "dateTimeRenderOption": "FORMATTED_STRING"}
    assert api.values(key, "A1:B1", **unformatted) == [[DAY, DAY + 1]]
    assert api.values(key, "A1", **text) == [["01-03-2026"]]
    assert api.values(key, "A1:B1", valueRenderOption="FORMULA") == [[DAY, "=A1+1"]]


def test_columns_are_read_and_written_as_lines(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["a", "b"], ["c"]]})
    assert api.values(key, "A1:B2", majorDimension="COLUMNS") == [["a", "c"], ["b"]]
    data = [{"range": "C1:D2", "majorDimension": "COLUMNS", "values": [["e", "f"], ["g"]]}]
    body = {
        "valueInputOption": "RAW",
        "data": data,
        "includeValuesInResponse": True,
        "responseValueRenderOption": "UNFORMATTED_VALUE",
    }
    answer = api.send(f"{SHEETS}/{key}/values:batchUpdate", body)
    assert answer["totalUpdatedCells"] == 3
    assert answer["responses"][0]["updatedData"] == {
        "range": "Plan!C1:D2",
        "majorDimension": "COLUMNS",
        "values": [["e", "f"], ["g"]],
    }


def test_rows_and_columns_of_several_ranges_count_once(server: GoogleServer, api: Api) -> None:
    """As recorded of the real service."""
    key = server.make_spreadsheet("A", {"Plan": [["x"]]})
    data = [
        {"range": "'Plan'!A1:D1", "values": [["A1", "B1", "", "D1"]]},
        {"range": "'Plan'!A4:D4", "values": [["A4", "B4", "", "D4"]]},
    ]
    answer = api.send(
        f"{SHEETS}/{key}/values:batchUpdate", {"valueInputOption": "RAW", "data": data}
    )
    totals = {name: value for name, value in answer.items() if name.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 4,
        "totalUpdatedCells": 8,
        "totalUpdatedSheets": 1,
    }


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=4/2", 2),
        ("=1+2*3-(4-1)", 4),
        ("=-A1+1,5", -0.5),
        ("=SUM(A1:A3;10)", 16),
        ("=SUM(Plan!A1:A2)", 3),
        ("=A1/0", "#DIV/0!"),
        ("=B9*2", 0),
        ("=A4", "#DIV/0!"),
        ("=VOPSLAG(A1)", "#ERROR!"),
        ('=IF(A1>1;"ja";1/0)', "ja"),
        ('=IF(COUNT(A1:A3)=0;"";SUM(A1:A3))', 6),
        ('=IF(COUNT(D1:D9)=0;"";SUM(D1:D9))&"x"', "x"),
        ('=IFERROR(1/0;"fejl")', "fejl"),
        ('=IFERROR(VOPSLAG(A1);"fejl")', "#ERROR!"),
        ("=SUM(INDEX(A:A;1):INDEX(A:A;ROW()+1))", 3),
        ("=SUM(A3:INDEX(3:3;COLUMN()-1))", 3),
        ("=INDEX(A1:A3;2)+10", 11),
        ("=INDEX(A1:A3;9)", "#REF!"),
        ("=SUM(OFFSET(A1;1;0;2;1))", 4),
        ("=OFFSET(A1;2;0)", 3),
        ("=OFFSET(A1;-1;0)", "#REF!"),
        ('="a"&A1&"b"', "a2b"),
        ('="A"="a"', True),
        ('=A9=""', True),
        ("=ROUND(2,5;0)+INT(-1,5)", 1),
        ("=MAX(A1:A3)<>3", False),
        ('=A1+"tekst"', "#VALUE!"),
        ("=B1", "#REF!"),
    ],
)
def test_little_formulas_are_worked_out(
    server: GoogleServer, api: Api, formula: str, value: object
) -> None:
    rows: list[list[object]] = [[2, formula], [1], [3], ["=1/0"]]
    key = server.make_spreadsheet("A", {"Plan": rows})
    assert api.values(key, "B1", valueRenderOption="UNFORMATTED_VALUE") == [[value]]


def workbook() -> bytes:
    book = Workbook()
    tab = book.worksheets[0]
    tab.title = "Plan"
    tab.append(["Dag", datetime(2026, 3, 1), 12.5, True, "#N/A", "=1+1", "007"])  # noqa: DTZ001
    tab["C1"].number_format = '#,##0.00" kr."'
    tab["E1"].data_type = "e"
    tab.merge_cells("A3:B3")
    tab.freeze_panes = "A2"
    choices = DataValidation(type="list", formula1='"Ja,Nej"')
    choices.add("H1:H2")
    tab.add_data_validation(choices)
    hidden = book.create_sheet("Lister")
    hidden.sheet_state = "hidden"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_an_excel_workbook_becomes_a_spreadsheet(server: GoogleServer, api: Api) -> None:
    key = server.load_workbook("A", workbook())
    book = api.ask(f"{SHEETS}/{key}", includeGridData="true")
    plan, lists = book["sheets"]
    cells = plan["data"][0]["rowData"][0]["values"]
    assert [cell.get("effectiveValue") for cell in cells[:7]] == [
        {"stringValue": "Dag"},
        {"numberValue": DAY},
        {"numberValue": 12.5},
        {"boolValue": True},
        {"errorValue": {"type": "N_A"}},
        {"stringValue": ""},
        {"stringValue": "007"},
    ]
    assert cells[1]["userEnteredFormat"]["numberFormat"]["type"] == "DATE_TIME"
    assert cells[2]["formattedValue"] == "12,50 kr."
    assert cells[7]["dataValidation"]["condition"]["type"] == "ONE_OF_LIST"
    assert plan["merges"] == [
        {"startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    ]
    assert plan["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert lists["properties"]["hidden"] is True
