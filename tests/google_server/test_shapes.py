"""Answers to the letter, as they were recorded from the service."""

from __future__ import annotations

import json

import pytest

from tests.google_server import GoogleServer
from tests.google_server.api import DRIVE, SHEETS, Api, grid, span

BEYOND = "exceeds grid limits. Max rows: 1000, max columns: 26"
WHOLE = [["A1", "B1", "", "D1"], ["", "b2"], [], ["A4", "B4", "", "D4"]]


@pytest.fixture
def key(server: GoogleServer) -> str:
    tabs: dict[str, list[list[object]]] = {"Sheet1": [list(row) for row in WHOLE]}
    return server.make_spreadsheet("Test", tabs, locale="en_US", time_zone="Etc/GMT")


def test_a_new_spreadsheet_is_described_to_the_letter(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("Ny", {"Sheet1": []}, locale="en_US", time_zone="Etc/GMT")
    answer = api.session.get(
        f"{SHEETS}/{key}", params={"fields": "sheets.properties,spreadsheetUrl"}
    )
    assert answer.text == (
        "{\n"
        '  "sheets": [\n'
        "    {\n"
        '      "properties": {\n'
        '        "sheetId": 0,\n'
        '        "title": "Sheet1",\n'
        '        "index": 0,\n'
        '        "sheetType": "GRID",\n'
        '        "gridProperties": {\n'
        '          "rowCount": 1000,\n'
        '          "columnCount": 26\n'
        "        }\n"
        "      }\n"
        "    }\n"
        "  ],\n"
        f'  "spreadsheetUrl": "https://docs.google.com/spreadsheets/d/{key}/edit"\n'
        "}\n"
    )
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_black_is_an_empty_object_and_false_is_said_of_text_formats(api: Api, key: str) -> None:
    format_ = api.ask(f"{SHEETS}/{key}")["properties"]["defaultFormat"]
    assert format_["textFormat"]["foregroundColor"] == {}
    assert format_["textFormat"]["foregroundColorStyle"] == {"rgbColor": {}}
    assert format_["textFormat"]["bold"] is False


@pytest.mark.parametrize(
    ("asked", "range_", "values"),
    [
        ("A1:D4", "Sheet1!A1:D4", WHOLE),
        ("Sheet1", "Sheet1!A1:Z1000", WHOLE),
        ("sheet1!A2:ZZ2", "Sheet1!A2:Z2", [["", "b2"]]),
        ("B2:A1", "Sheet1!A1:B2", [["A1", "B1"], ["", "b2"]]),
        ("C2", "Sheet1!C2", None),
        ("B:B", "Sheet1!B1:B1000", [["B1"], ["b2"], [], ["B4"]]),
        ("4:4", "Sheet1!A4:Z4", [["A4", "B4", "", "D4"]]),
        ("A4:B", "Sheet1!A4:B1000", [["A4", "B4"]]),
        ("R1C1:R2C2", "Sheet1!A1:B2", [["A1", "B1"], ["", "b2"]]),
        ("'Sheet1'!$D$4", "Sheet1!D4", [["D4"]]),
    ],
)  # fmt: skip
def test_read_ranges_are_clamped_and_trailing_empties_dropped(
    api: Api, key: str, asked: str, range_: str, values: list[list[str]] | None
) -> None:
    answer = api.ask(f"{SHEETS}/{key}/values/{asked}")
    expected = {"range": range_, "majorDimension": "ROWS"}
    assert answer == (expected if values is None else {**expected, "values": values})


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Plan", "Plan!A1"),
        ("Mit ark", "'Mit ark'!A1"),
        ("Milepæle", "'Milepæle'!A1"),
        ("Peter's", "'Peter''s'!A1"),
        ("D3", "'D3'!A1"),
        ("2024", "'2024'!A1"),
    ],
)
def test_titles_are_quoted_where_they_must_be(
    server: GoogleServer, api: Api, title: str, written: str
) -> None:
    key = server.make_spreadsheet("A", {title: [["x"]]})
    assert api.ask(f"{SHEETS}/{key}/values/{written}")["range"] == written


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("Nej!A1", "Unable to parse range: Nej!A1"),
        ("A1:", "Unable to parse range: A1:"),
        ("A1001", f"Range (Sheet1!A1001) {BEYOND}"),
        ("AA1:AB", f"Range (Sheet1!AA1:AB) {BEYOND}"),
    ],
)
def test_ranges_that_are_none_are_refused(api: Api, key: str, asked: str, message: str) -> None:
    error = api.refusal(f"{SHEETS}/{key}/values/{asked}")
    assert error == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}


def test_missing_and_forbidden_spreadsheets(server: GoogleServer, api: Api) -> None:
    private = server.make_spreadsheet("Privat", role=None)
    assert api.refusal(f"{SHEETS}/findes-ikke") == {
        "code": 404,
        "message": "Requested entity was not found.",
        "status": "NOT_FOUND",
    }
    assert api.refusal(f"{SHEETS}/{private}") == {
        "code": 403,
        "message": "The caller does not have permission",
        "status": "PERMISSION_DENIED",
    }
    assert api.refusal(f"{DRIVE}/files/{private}") == {
        "code": 404,
        "message": f"File not found: {private}.",
        "errors": [
            {
                "message": f"File not found: {private}.",
                "domain": "global",
                "reason": "notFound",
                "location": "fileId",
                "locationType": "parameter",
            }
        ],
    }


def test_a_reader_may_read_but_not_write(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("Læs", {"Sheet1": [["x"]]}, role="reader")
    assert api.values(key, "A1") == [["x"]]
    error = api.refusal(f"{SHEETS}/{key}/values/A1", {}, "PUT", valueInputOption="RAW")
    assert error["code"] == 403


def test_a_named_range_is_found_with_and_without_its_tab(api: Api, key: str) -> None:
    api.batch(key, {"addNamedRange": {"namedRange": {"name": "Navn", "range": grid(0, 1, 0, 2)}}})
    assert api.values(key, "navn") == api.values(key, "Sheet1!Navn") == [["A1", "B1"]]


def test_updated_cells_count_what_was_written_and_null_skips_a_cell(api: Api, key: str) -> None:
    """As recorded of the real service: rows and columns count where something was written."""
    answer = api.update(key, "A1:C2", [[None, "ny"], ["", None, 7]])
    assert answer == {
        "spreadsheetId": key,
        "updatedRange": "Sheet1!A1:C2",
        "updatedRows": 2,
        "updatedColumns": 3,
        "updatedCells": 3,
    }
    assert api.values(key, "A1:D2") == [["A1", "ny", "", "D1"], ["", "b2", "7"]]


def test_a_single_cell_is_a_corner_and_more_than_a_range_holds_is_refused(
    api: Api, key: str
) -> None:
    assert api.update(key, "B2", [[1, 2], [3, 4]])["updatedRange"] == "Sheet1!B2:C3"
    for asked, values, where in (
        ("A1:B1", [[1, 2, 3]], "column [C]"),
        ("A1:B1", [[1], [2]], "row [2]"),
        ("A1000", [[1], [2]], "row [1001]"),
    ):
        url = f"{SHEETS}/{key}/values/{asked}"
        error = api.refusal(url, {"values": values}, "PUT", valueInputOption="RAW")
        message = f"Requested writing within range [{asked}], but tried writing to {where}"
        assert error["message"] == message


def test_requests_without_a_reply_answer_an_empty_object(api: Api, key: str) -> None:
    replies = api.batch(
        key,
        {"addSheet": {"properties": {"title": "Ny"}}},
        {"mergeCells": {"range": grid(5, 6, 0, 2), "mergeType": "MERGE_ALL"}},
    )
    assert replies[1] == {}
    assert replies[0]["addSheet"]["properties"]["title"] == "Ny"
    merges = api.sheet(key, "merges")["merges"]
    expected = {"startRowIndex": 5, "endRowIndex": 6, "startColumnIndex": 0, "endColumnIndex": 2}
    assert merges == [expected]  # the first tab's id is 0, and left out


def test_one_bad_request_voids_the_batch(api: Api, key: str) -> None:
    error = api.batch_refusal(
        key,
        {"addSheet": {"properties": {"title": "Ny"}}},
        {"deleteDimension": {"range": span(0, 1, sheet_id=99)}},
    )
    message = "Invalid requests[1].deleteDimension: No grid with id: 99"
    assert error == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
    assert len(api.ask(f"{SHEETS}/{key}")["sheets"]) == 1


def test_a_taken_title_is_refused(api: Api, key: str) -> None:
    error = api.batch_refusal(key, {"addSheet": {"properties": {"title": "sheet1"}}})
    assert error["message"] == (
        'Invalid requests[0].addSheet: A sheet with the name "sheet1" already exists. '
        "Please enter another name."
    )


def test_unknown_names_in_a_body_are_refused_with_their_place(api: Api, key: str) -> None:
    error = api.batch_refusal(key, {"addSheet": {"properties": {"titel": "x"}}})
    text = (
        'Invalid JSON payload received. Unknown name "titel" at '
        "'requests[0].add_sheet.properties': Cannot find field."
    )
    assert error["message"] == text
    violations = [{"field": "requests[0].add_sheet.properties", "description": text}]
    kind = "type.googleapis.com/google.rpc.BadRequest"
    assert error["details"] == [{"@type": kind, "fieldViolations": violations}]


def test_unknown_parameters_and_fields_are_refused(api: Api, key: str) -> None:
    assert 'Unknown name "nej"' in api.refusal(f"{SHEETS}/{key}", nej="1")["message"]
    error = api.refusal(f"{SHEETS}/{key}", fields="sheets.nej")
    assert "path 'sheets.nej'" in error["details"][0]["fieldViolations"][0]["description"]


def test_field_masks_choose_what_is_answered(api: Api, key: str) -> None:
    fields = "properties.title,sheets(properties/sheetId,data(rowData/values/formattedValue))"
    answer = api.ask(f"{SHEETS}/{key}", ranges="A1:B2", fields=fields)
    rows = [
        {"values": [{"formattedValue": "A1"}, {"formattedValue": "B1"}]},
        {"values": [{}, {"formattedValue": "b2"}]},
    ]
    sheet = {"properties": {"sheetId": 0}, "data": [{"rowData": rows}]}
    assert answer == {"properties": {"title": "Test"}, "sheets": [sheet]}


def test_a_cell_tells_what_was_put_in_and_what_comes_of_it(api: Api, key: str) -> None:
    api.update(key, "F1:F3", [["=A6+2"], ["1.5"], ["12/31/2024"]], "USER_ENTERED")
    data = api.ask(f"{SHEETS}/{key}", ranges="F1:F3", includeGridData="true")["sheets"][0]["data"][
        0
    ]
    cells = [row["values"][0] for row in data["rowData"]]
    assert data["startColumn"] == 5
    assert "startRow" not in data
    assert cells[0]["userEnteredValue"] == {"formulaValue": "=A6+2"}
    assert cells[0]["effectiveValue"] == {"numberValue": 2}
    assert cells[2]["userEnteredFormat"] == {
        "numberFormat": {"type": "DATE", "pattern": "m/d/yyyy"}
    }
    assert [cell["formattedValue"] for cell in cells] == ["2", "1.5", "12/31/2024"]


def test_appending_finds_the_table(api: Api, key: str) -> None:
    def append(range_: str, values: list[list[object]], **params: str) -> dict[str, object]:
        url = f"{SHEETS}/{key}/values/{range_}:append"
        return api.send(url, {"values": values}, valueInputOption="RAW", **params)

    first = append("Sheet1", [["x", "y"]])
    assert first["tableRange"] == "Sheet1!D4"
    assert first["updates"] == {
        "spreadsheetId": key,
        "updatedRange": "Sheet1!D5:E5",
        "updatedRows": 1,
        "updatedColumns": 2,
        "updatedCells": 2,
    }
    pushed = append("A1", [["ny"]], insertDataOption="INSERT_ROWS")
    assert pushed["tableRange"] == "Sheet1!A1:B2"
    assert api.values(key, "A1:B5") == [["A1", "B1"], ["", "b2"], ["ny"], [], ["A4", "B4"]]


def test_clearing_takes_values_only(api: Api, key: str) -> None:
    note = {"note": "husk"}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    api.batch(
        key, {"updateCells": {"start": start, "rows": [{"values": [note]}], "fields": "note"}}
    )
    answer = api.send(f"{SHEETS}/{key}/values/A1:D1:clear", {})
    assert answer == {"spreadsheetId": key, "clearedRange": "Sheet1!A1:D1"}
    assert api.values(key, "A1:D1") == []
    sheet = api.sheet(key, "data.rowData.values.note")
    assert sheet["data"][0]["rowData"][0] == {"values": [note]}


def test_answers_are_pretty_unless_asked_not_to_be(api: Api, key: str) -> None:
    plain = api.session.get(f"{SHEETS}/{key}/values/D4", params={"prettyPrint": "false"}).text
    assert plain == json.dumps(
        {"range": "Sheet1!D4", "majorDimension": "ROWS", "values": [["D4"]]}, separators=(",", ":")
    )
