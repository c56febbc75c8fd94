"""gspread against the server."""

from __future__ import annotations

import gspread
from gspread.utils import ValueInputOption, ValueRenderOption

from tests.google_server import GoogleServer


def test_values_written_by_gspread_are_read_back(
    server: GoogleServer, client: gspread.Client
) -> None:
    rows: list[list[object]] = [["Plan-id", "VAP-2024"], ["Fra", "31-12-2024"]]
    key = server.make_spreadsheet("Vapnagaard", {"Plan": rows})
    tab = client.open_by_key(key).worksheet("Plan")
    assert tab.get_all_values() == rows
    tab.update([["=1+1", "1,5"]], "A3:B3", value_input_option=ValueInputOption.raw)
    assert tab.get("A2:B3", value_render_option=ValueRenderOption.unformatted) == [
        ["Fra", 45657],
        ["=1+1", "1,5"],
    ]


def test_a_column_found_by_metadata_is_written_where_it_stands_now(
    server: GoogleServer, client: gspread.Client
) -> None:
    book = client.open_by_key(server.make_spreadsheet("A", {"Plan": [["a", "b", "c"]]}))
    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    metadata = {
        "metadataKey": "kontrol",
        "visibility": "PROJECT",
        "location": {"dimensionRange": column},
    }
    book.batch_update({"requests": [{"createDeveloperMetadata": {"developerMetadata": metadata}}]})
    column = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    book.batch_update({"requests": [{"insertDimension": {"range": column}}]})
    answer = client.http_client.request(
        "post",
        f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}/values:batchUpdateByDataFilter",
        json={
            "valueInputOption": "RAW",
            "data": [
                {
                    "dataFilter": {"developerMetadataLookup": {"metadataKey": "kontrol"}},
                    "majorDimension": "COLUMNS",
                    "values": [[None, "Se her"]],
                }
            ],
        },
    ).json()
    assert answer["responses"][0]["updatedRange"] == "Plan!D1:D2"
    assert book.worksheet("Plan").get("A1:D2") == [["a", "", "b", "c"], ["", "", "", "Se her"]]
