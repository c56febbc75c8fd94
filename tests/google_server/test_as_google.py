"""What Google refuses and takes, as others reported or recorded it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google_server.api import SHEETS, Api
from tests.google_server.server import GoogleServer

Json = dict[str, Any]
GRID = {
    "sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2,
}  # fmt: skip
BANDS = {"firstBandColor": {"red": 1}, "secondBandColor": {"blue": 1}}
WHOLE = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}}}}
BANDED = {"addBanding": {"bandedRange": {"range": GRID, "rowProperties": BANDS}}}
TABLE = {"addTable": {"table": {"name": "T", "range": GRID}}}


@pytest.fixture
def key(server: GoogleServer) -> str:
    rows: list[list[object]] = [["a", "b", "c"], ["1", "2", "3"]]
    return server.make_spreadsheet("x", {"Sheet1": rows}, locale="en_US")


def grid(**properties: int) -> Json:
    fields = ",".join(f"gridProperties.{name}" for name in properties)
    changed = {"sheetId": 0, "gridProperties": properties}
    return {"updateSheetProperties": {"properties": changed, "fields": fields}}


@pytest.mark.parametrize(
    ("before", "refused", "message"),
    [
        (WHOLE, WHOLE, 'Sheet "Sheet1" already has sheet protection.'),
        (
            None,
            {"addProtectedRange": {"protectedRange": {
                "range": GRID, "warningOnly": True, "editors": {"users": ["a@b.dk"]}}}},
            "ProtectedRange is warningOnly. Editors cannot be set on it.",
        ),
        (
            grid(frozenRowCount=1, rowCount=2),
            {"deleteDimension": {"range": {
                "sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}},
            "Sorry, it is not possible to delete all non-frozen rows.",
        ),
        (BANDED, BANDED, "You cannot add alternating background colors to a range that already"),
        (TABLE, {"setBasicFilter": {"filter": {"range": GRID}}}, "that has a table"),
        (
            {"mergeCells": {"range": GRID, "mergeType": "MERGE_ALL"}},
            {"sortRange": {"range": GRID, "sortSpecs": [{"dimensionIndex": 0}]}},
            "You can't sort a range containing vertical merges.",
        ),
        (None, grid(rowCount=2, columnCount=18_279), "18278 columns"),
    ],
)  # fmt: skip
def test_is_refused(api: Api, key: str, before: Json | None, refused: Json, message: str) -> None:
    if before:
        api.batch(key, before)

    assert (
        message
        in api.refusal(f"{SHEETS}/{key}:batchUpdate", {"requests": [refused]}, "POST")["message"]
    )


def test_a_cell_takes_fifty_thousand_characters(api: Api, key: str) -> None:
    url = f"{SHEETS}/{key}/values/A1"
    error = api.refusal(url, {"values": [["x" * 50_001]]}, "PUT", valueInputOption="RAW")
    assert "more than the maximum of 50000 characters" in error["message"]


@pytest.mark.parametrize(
    "rows",
    [
        [{"values": [{"userEnteredValue": {"numberValue": "10"}}]}],
        {"values": [{"userEnteredValue": {"numberValue": 10}}]},
    ],
    ids=["a number as a text", "one object for a list"],
)
def test_a_body_is_taken_as_proto_json(api: Api, key: str, rows: object) -> None:
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    api.batch(key, {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})

    assert api.values(key, "A1", valueRenderOption="UNFORMATTED_VALUE") == [[10]]
    assert api.ask(f"{SHEETS}/{key}/", includeGridData="true")["spreadsheetId"] == key


def test_a_title_with_an_apostrophe_needs_no_quotes(api: Api, key: str) -> None:
    properties = {"sheetId": 0, "title": "Bob's Sheet"}
    api.batch(key, {"updateSheetProperties": {"properties": properties, "fields": "title"}})
    assert api.values(key, "Bob's Sheet!A1") == [["a"]]


def test_a_cell_that_is_merged_away_keeps_nothing(api: Api, key: str) -> None:
    api.batch(key, {"mergeCells": {"range": GRID, "mergeType": "MERGE_ALL"}})
    api.update(key, "B2", [["hidden"]])
    assert api.values(key, "A1:C2") == [["a", "", "c"], ["", "", "3"]]


def test_thousands_keep_their_separators(api: Api, key: str) -> None:
    api.update(key, "A1", [["2,000,000.01"]], "USER_ENTERED")
    assert api.values(key, "A1") == [["2,000,000.01"]]
