"""Every kind of request of a batch update, done and looked at; bodies and answers as published.

The server of these tests checks each body against the discovery document before it is done, and
each answer after; leaving a test with an answer that does not fit fails it.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.google_server import GoogleServer, discovery
from tests.google_server.api import SHEETS, Api, grid, span
from tests.google_server.requests import HANDLERS

Json = dict[str, Any]
LEFT_OUT = {
    "addDataSource", "cancelDataSourceRefresh", "deleteCommentReply", "deleteDataSource",
    "refreshDataSource",
    "updateCommentPost", "updateDataSource",
}  # fmt: skip


@pytest.fixture
def key(server: GoogleServer) -> str:
    rows: list[list[object]] = [["Nr.", "Navn"], [3, "c"], [1, "a"], [2, "b"], [2, "b"]]
    return server.make_spreadsheet("A", {"Plan": rows, "Andet": [["x"]]}, locale="en_US")


def test_every_published_kind_is_done_or_left_out_on_purpose() -> None:
    published = discovery.document("sheets")
    assert published is not None
    assert set(published["schemas"]["Request"]["properties"]) == {*HANDLERS, *LEFT_OUT}


def shown(api: Api, key: str, range_: str) -> list[list[Any]]:
    return api.values(key, range_, valueRenderOption="UNFORMATTED_VALUE")


def cell(api: Api, key: str, range_: str) -> Json:
    """One cell, all of it."""
    answer = api.ask(f"{SHEETS}/{key}", ranges=range_, includeGridData="true")
    data = answer["sheets"][0]["data"][0]
    found: Json = data["rowData"][0]["values"][0] if "rowData" in data else {}
    return found


RED = {"red": 1}
SOLID = {"style": "SOLID", "color": RED}
CORNER = {"sheetId": 0, "rowIndex": 1, "columnIndex": 3}


@pytest.mark.parametrize(
    ("request_", "range_", "values"),
    [
        ({"updateCells": {"start": CORNER, "fields": "userEnteredValue", "rows": [
            {"values": [{"userEnteredValue": {"boolValue": False}}]}]}}, "D2", [[False]]),
        ({"repeatCell": {"range": grid(5, 7, 0, 2), "fields": "userEnteredValue", "cell": {
            "userEnteredValue": {"numberValue": 0}}}}, "A6:B7", [[0, 0], [0, 0]]),
        ({"appendCells": {"sheetId": 0, "fields": "*", "rows": [
            {"values": [{"userEnteredValue": {"stringValue": "ny"}}]}]}}, "A6", [["ny"]]),
        ({"copyPaste": {"source": grid(1, 2, 0, 2), "destination": grid(6, 8, 0, 2),
            "pasteType": "PASTE_NORMAL"}}, "A7:B8", [[3, "c"], [3, "c"]]),
        ({"copyPaste": {"source": grid(1, 3, 0, 1), "destination": grid(6, 7, 0, 1),
            "pasteOrientation": "TRANSPOSE"}}, "A7:B7", [[3, 1]]),
        ({"cutPaste": {"source": grid(1, 2, 0, 2), "destination": CORNER}}, "A2:E2",
            [["", "", "", 3, "c"]]),
        ({"pasteData": {"coordinate": CORNER, "data": "1,5;x", "delimiter": ";"}}, "D2:E2",
            [["1,5", "x"]]),
        ({"textToColumns": {"source": grid(0, 1, 0, 1), "delimiter": "r", "delimiterType":
            "CUSTOM"}}, "A1:B1", [["N", "."]]),
        ({"findReplace": {"find": "B", "replacement": "Z", "sheetId": 0}}, "B4:B5",
            [["Z"], ["Z"]]),
        ({"findReplace": {"find": "(.)", "replacement": "$1$1", "searchByRegex": True,
            "range": grid(1, 2, 1, 2)}}, "B2", [["cc"]]),
        ({"trimWhitespace": {"range": grid(0, 5, 0, 2)}}, "A1", [["Nr."]]),
        ({"deleteDuplicates": {"range": grid(1, 5, 0, 2)}}, "A2:B5",
            [[3, "c"], [1, "a"], [2, "b"]]),
        ({"sortRange": {"range": grid(1, 5, 0, 2), "sortSpecs": [{"dimensionIndex": 1}]}}, "A2:A5",
            [[1], [2], [2], [3]]),
        ({"autoFill": {"sourceAndDestination": {"source": grid(2, 4, 0, 1), "dimension": "ROWS",
            "fillLength": 2}}}, "A3:A6", [[1], [2], [3], [4]]),
        ({"insertRange": {"range": grid(0, 1, 0, 1), "shiftDimension": "COLUMNS"}}, "A1:C1",
            [["", "Nr.", "Navn"]]),
        ({"deleteRange": {"range": grid(0, 1, 0, 1), "shiftDimension": "COLUMNS"}}, "A1:B1",
            [["Navn"]]),
        ({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}}, "A1001:A1005", []),
        ({"mergeCells": {"range": grid(1, 3, 0, 2), "mergeType": "MERGE_ALL"}}, "A2:B3", [[3]]),
        ({"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "To"}}, "To!B2", [["c"]]),
    ],
)  # fmt: skip
def test_a_request_leaves_these_values(
    api: Api, key: str, request_: Json, range_: str, values: list[list[Any]]
) -> None:
    api.batch(key, request_)
    assert shown(api, key, range_) == values


def test_random_order_keeps_every_row(api: Api, key: str) -> None:
    before = shown(api, key, "A2:B5")
    api.batch(key, {"randomizeRange": {"range": grid(1, 5, 0, 2)}})
    assert sorted(shown(api, key, "A2:B5")) == sorted(before)


def test_formats_notes_and_drop_downs(api: Api, key: str) -> None:
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Ja"}]},
        "strict": True,
        "showCustomUi": True,
    }
    format_ = {"textFormat": {"bold": True}, "backgroundColor": RED}
    fields = "userEnteredFormat(textFormat.bold,backgroundColor),note"
    api.batch(
        key,
        {"repeatCell": {"range": grid(1, 2, 1, 2), "fields": fields, "cell": {
            "userEnteredFormat": format_, "note": "husk"}}},
        {"setDataValidation": {"range": grid(1, 2, 1, 2), "rule": rule}},
        {"updateBorders": {"range": grid(1, 3, 1, 3), "top": SOLID, "innerVertical": SOLID}},
    )  # fmt: skip
    found = cell(api, key, "B2")
    assert found["userEnteredValue"] == {"stringValue": "c"}
    assert found["note"] == "husk"
    assert found["dataValidation"] == rule
    user_format = found["userEnteredFormat"]
    assert user_format["backgroundColorStyle"] == {"rgbColor": RED}
    assert user_format["borders"].keys() == {"top", "right"}
    assert found["effectiveFormat"]["textFormat"]["bold"] is True
    assert found["effectiveFormat"]["textFormat"]["fontSize"] == 10
    api.batch(key, {"setDataValidation": {"range": grid(1, 2, 1, 2)}})
    assert "dataValidation" not in cell(api, key, "B2")


def test_a_conditional_format_shows_where_it_holds(api: Api, key: str) -> None:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "C"}]}
    rule = {"condition": condition, "format": {"textFormat": {"italic": True}}}
    new = {"ranges": [grid(0, 9, 1, 2)], "booleanRule": rule}
    api.batch(key, {"addConditionalFormatRule": {"rule": new, "index": 0}})
    italics = [
        cell(api, key, place)["effectiveFormat"]["textFormat"]["italic"] for place in ("B2", "B3")
    ]
    assert italics == [True, False]
    moved = api.batch(
        key,
        {"addConditionalFormatRule": {"rule": new, "index": 0}},
        {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "newIndex": 1}},
        {
            "updateConditionalFormatRule": {
                "index": 0,
                "rule": {**new, "ranges": [grid(0, 1, 0, 1)]},
            }
        },
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 1}},
    )
    assert moved[1]["updateConditionalFormatRule"]["newIndex"] == 1
    rules = api.sheet(key, "conditionalFormats")["conditionalFormats"]
    assert [one["ranges"][0]["endRowIndex"] for one in rules] == [1]


def test_tabs_are_made_moved_renamed_and_deleted(api: Api, key: str) -> None:
    replies = api.batch(
        key,
        {"addSheet": {"properties": {"title": "Ny", "index": 0, "sheetId": 7, "hidden": True}}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "index": 3}, "fields": "index"}},
        {"updateSheetProperties": {"fields": "title,tabColorStyle", "properties": {
            "sheetId": 0, "title": "Sidst", "tabColorStyle": {"rgbColor": RED}}}},
        {"updateSpreadsheetProperties": {"properties": {"title": "B"}, "fields": "title"}},
    )  # fmt: skip
    assert replies[0]["addSheet"]["properties"]["hidden"] is True
    book = api.ask(f"{SHEETS}/{key}")
    assert book["properties"]["title"] == "B"
    assert [one["properties"]["title"] for one in book["sheets"]] == ["Ny", "Andet", "Sidst"]
    assert [one["properties"]["index"] for one in book["sheets"]] == [0, 1, 2]
    assert book["sheets"][2]["properties"]["tabColor"] == RED
    api.batch(key, {"deleteSheet": {"sheetId": 0}})
    error = api.batch_refusal(
        key, {"deleteSheet": {"sheetId": book["sheets"][1]["properties"]["sheetId"]}}
    )
    assert error["message"].endswith("You can't remove all the sheets in a document.")


def test_what_lies_beside_cells_is_added_changed_and_deleted(api: Api, key: str) -> None:
    chart = {"title": "Diagram", "basicChart": {"chartType": "COLUMN"}}
    at = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 2, "columnIndex": 4}}}
    band = {"headerColor": RED, "firstBandColor": RED, "secondBandColor": {}}
    replies = api.batch(
        key,
        {"addChart": {"chart": {"spec": chart, "position": at}}},
        {"addSlicer": {"slicer": {"spec": {"title": "s", "dataRange": grid(0, 5, 0, 2)},
            "position": at}}},
        {"addBanding": {"bandedRange": {"range": grid(0, 5, 0, 2), "rowProperties": band}}},
        {"addFilterView": {"filter": {"title": "v", "range": grid(0, 5, 0, 2)}}},
        {"addTable": {"table": {"name": "T", "range": grid(0, 5, 0, 2)}}},
        {"addNamedRange": {"namedRange": {"name": "N", "range": grid(0, 1, 0, 1)}}},
        {"addProtectedRange": {"protectedRange": {"range": grid(0, 1, 0, 1)}}},
        {"addDimensionGroup": {"range": span(1, 4)}},
        {"setBasicFilter": {"filter": {"range": grid(0, 5, 2, 4)}}},
    )  # fmt: skip
    chart_id = replies[0]["addChart"]["chart"]["chartId"]
    slicer_id = replies[1]["addSlicer"]["slicer"]["slicerId"]
    band_id = replies[2]["addBanding"]["bandedRange"]["bandedRangeId"]
    view_id = replies[3]["addFilterView"]["filter"]["filterViewId"]
    table_id = replies[4]["addTable"]["table"]["tableId"]
    named_id = replies[5]["addNamedRange"]["namedRange"]["namedRangeId"]
    protected_id = replies[6]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    api.batch(
        key,
        {"updateChartSpec": {"chartId": chart_id, "spec": {"title": "Nyt",
            "pieChart": {"legendPosition": "NO_LEGEND"}}}},
        {"updateEmbeddedObjectPosition": {"objectId": chart_id, "fields": "anchorCell",
            "newPosition": at}},
        {"updateEmbeddedObjectBorder": {"objectId": chart_id, "border": {"color": RED},
            "fields": "color"}},
        {"updateSlicerSpec": {"slicerId": slicer_id, "spec": {"title": "t"}, "fields": "title"}},
        {"updateBanding": {"bandedRange": {"bandedRangeId": band_id, "range": grid(0, 4, 0, 2)},
            "fields": "range"}},
        {"updateFilterView": {"filter": {"filterViewId": view_id, "title": "w"},
            "fields": "title"}},
        {"duplicateFilterView": {"filterId": view_id}},
        {"updateTable": {"table": {"tableId": table_id, "name": "U"}, "fields": "name"}},
        {"updateNamedRange": {"namedRange": {"namedRangeId": named_id, "name": "M"},
            "fields": "name"}},
        {"updateProtectedRange": {"protectedRange": {"protectedRangeId": protected_id,
            "description": "d"}, "fields": "description"}},
        {"updateDimensionGroup": {"dimensionGroup": {"range": span(1, 4), "depth": 1,
            "collapsed": True}, "fields": "collapsed"}},
    )  # fmt: skip
    book = api.ask(f"{SHEETS}/{key}")
    sheet = book["sheets"][0]
    assert sheet["charts"][0]["spec"]["title"] == "Nyt"
    assert sheet["charts"][0]["border"]["colorStyle"] == {"rgbColor": RED}
    assert sheet["slicers"][0]["spec"]["title"] == "t"
    assert sheet["bandedRanges"][0]["range"]["endRowIndex"] == 4
    assert [one["title"] for one in sheet["filterViews"]] == ["w", "Copy of w"]
    assert sheet["tables"][0]["name"] == "U"
    assert book["namedRanges"][0]["name"] == "M"
    assert sheet["protectedRanges"][0]["description"] == "d"
    assert sheet["rowGroups"][0]["collapsed"] is True
    copy_id = sheet["filterViews"][1]["filterViewId"]
    api.batch(
        key,
        {"deleteEmbeddedObject": {"objectId": chart_id}},
        {"deleteEmbeddedObject": {"objectId": slicer_id}},
        {"deleteBanding": {"bandedRangeId": band_id}},
        {"deleteFilterView": {"filterId": view_id}},
        {"deleteFilterView": {"filterId": copy_id}},
        {"deleteTable": {"tableId": table_id}},
        {"deleteNamedRange": {"namedRangeId": named_id}},
        {"deleteProtectedRange": {"protectedRangeId": protected_id}},
        {"deleteDimensionGroup": {"range": span(1, 4)}},
        {"clearBasicFilter": {"sheetId": 0}},
    )
    after = api.ask(f"{SHEETS}/{key}")
    assert after["sheets"][0].keys() == {"properties"}
    assert "namedRanges" not in after


def test_rows_and_columns_get_sizes_and_hide(api: Api, key: str) -> None:
    api.batch(
        key,
        {"updateDimensionProperties": {"range": span(0, 1, "COLUMNS"), "fields": "*",
            "properties": {"pixelSize": 50, "hiddenByUser": True}}},
        {"autoResizeDimensions": {"dimensions": span(1, 2, "COLUMNS")}},
        {"unmergeCells": {"range": grid(0, 1, 0, 1)}},
    )  # fmt: skip
    columns = api.sheet(key, "data.columnMetadata")["data"][0]["columnMetadata"]
    assert columns[0] == {"hiddenByUser": True, "pixelSize": 50}
    assert columns[2] == {"pixelSize": 100}


def test_developer_metadata_is_made_found_changed_and_deleted(api: Api, key: str) -> None:
    def make(location: Json, value: str) -> Json:
        return {"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": "k", "metadataValue": value, "visibility": "DOCUMENT",
            "location": location}}}  # fmt: skip

    replies = api.batch(
        key,
        make({"spreadsheet": True}, "hele"),
        make({"sheetId": 0}, "ark"),
        make({"dimensionRange": span(1, 2)}, "række"),
        make({"dimensionRange": span(1, 2, "COLUMNS")}, "kolonne"),
    )
    kinds = [
        one["createDeveloperMetadata"]["developerMetadata"]["location"]["locationType"]
        for one in replies
    ]
    assert kinds == ["SPREADSHEET", "SHEET", "ROW", "COLUMN"]

    def found(**lookup: Any) -> list[str]:
        body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
        answer = api.send(f"{SHEETS}/{key}/developerMetadata:search", body)
        matched = answer.get("matchedDeveloperMetadata", [])
        return [one["developerMetadata"]["metadataValue"] for one in matched]

    assert found(metadataKey="k") == ["hele", "ark", "række", "kolonne"]
    assert found(locationType="COLUMN") == ["kolonne"]
    place = {"dimensionRange": span(1, 2)}
    exact = "EXACT_LOCATION"
    assert found(metadataLocation=place, locationMatchingStrategy=exact) == ["række"]
    assert found(metadataLocation=place) == ["ark", "række", "kolonne"]
    assert found(metadataLocation={"spreadsheet": True}) == ["hele"]
    number = replies[3]["createDeveloperMetadata"]["developerMetadata"]["metadataId"]
    lookup = {"developerMetadataLookup": {"metadataId": number}}
    change = {"metadataValue": "ny", "location": {"dimensionRange": span(4, 5, "COLUMNS")}}
    api.batch(key, {"updateDeveloperMetadata": {
        "dataFilters": [lookup], "developerMetadata": change,
        "fields": "metadataValue,location"}})  # fmt: skip
    one = api.ask(f"{SHEETS}/{key}/developerMetadata/{number}")
    assert one["metadataValue"] == "ny"
    assert one["location"]["dimensionRange"] == {
        "dimension": "COLUMNS",
        "startIndex": 4,
        "endIndex": 5,
    }
    reply = api.batch(key, {"deleteDeveloperMetadata": {"dataFilter": lookup}})[0]
    assert len(reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]) == 1
    assert api.refusal(f"{SHEETS}/{key}/developerMetadata/{number}")["code"] == 404


def test_data_filters_read_and_write_where_they_point(api: Api, key: str) -> None:
    body: Json = {
        "dataFilters": [{"gridRange": {"sheetId": 0}}, {"a1Range": "Andet!A1"}],
        "valueRenderOption": "UNFORMATTED_VALUE",
    }
    answer = api.send(f"{SHEETS}/{key}/values:batchGetByDataFilter", body)
    ranges = [one["valueRange"]["range"] for one in answer["valueRanges"]]
    assert ranges == ["Plan!A1:Z1000", "Andet!A1"]
    assert answer["valueRanges"][0]["dataFilters"] == [{"gridRange": {}}]
    assert answer["valueRanges"][0]["valueRange"]["values"][1] == [3, "c"]
    answer = api.send(f"{SHEETS}/{key}:getByDataFilter", {"dataFilters": body["dataFilters"][1:]})
    assert [one["properties"]["title"] for one in answer["sheets"]] == ["Andet"]
    cleared = api.send(
        f"{SHEETS}/{key}/values:batchClearByDataFilter", {"dataFilters": [{"a1Range": "A1:B1"}]}
    )
    assert cleared["clearedRanges"] == ["Plan!A1:B1"]


def test_a_protected_range_keeps_others_out(server: GoogleServer, api: Api, key: str) -> None:
    server.protect(key, grid(0, 5, 1, 2), editors=["en.anden@boliggaarden.example"])
    for error in (
        api.batch_refusal(key, {"repeatCell": {
            "range": grid(0, 9, 0, 9), "fields": "note", "cell": {"note": "x"}}}),
        api.refusal(f"{SHEETS}/{key}/values/B2", {"values": [["x"]]}, "PUT",
            valueInputOption="RAW"),
        api.batch_refusal(key, {"deleteDimension": {"range": span(1, 2)}}),
    ):  # fmt: skip
        assert error["code"] == 400
        assert "You are trying to edit a protected cell or object." in error["message"]
    assert api.update(key, "A2", [["fri"]])["updatedCells"] == 1
    seen = api.sheet(key, "protectedRanges")["protectedRanges"][0]
    assert "editors" not in seen
    assert "requestingUserCanEdit" not in seen


def test_a_copied_tab_goes_to_another_spreadsheet(server: GoogleServer, api: Api, key: str) -> None:
    other = server.make_spreadsheet("B")
    answer = api.send(f"{SHEETS}/{key}/sheets/0:copyTo", {"destinationSpreadsheetId": other})
    assert answer["title"] == "Copy of Plan"
    assert api.values(other, "'Copy of Plan'!B2") == [["c"]]


def test_the_spreadsheet_comes_along_when_asked_for(api: Api, key: str) -> None:
    body = {
        "requests": [{"addSheet": {"properties": {"title": "Ny"}}}],
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["Plan!A1"],
        "responseIncludeGridData": True,
    }
    answer = api.send(f"{SHEETS}/{key}:batchUpdate", body)
    assert len(answer["updatedSpreadsheet"]["sheets"]) == 1
    assert answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]


def test_requests_inside_a_list_of_their_own_are_taken(api: Api, key: str) -> None:
    body = {"requests": [[{"addSheet": {"properties": {"title": "Ny"}}}]]}
    assert len(api.send(f"{SHEETS}/{key}:batchUpdate", body)["replies"]) == 1


def test_comments_go_along_and_are_shown_to_editors_who_ask(
    api: Api, key: str, server: GoogleServer
) -> None:
    (made,) = api.batch(
        key,
        {"insertComment": {"content": "Ring til mig",
            "coordinate": {"sheetId": 0, "rowIndex": 2, "columnIndex": 1}}},
    )  # fmt: skip
    thread = made["insertComment"]["commentThread"]["commentId"]
    api.batch(
        key,
        {"addCommentReply": {"commentId": thread, "post": {"content": "Det gør jeg"}}},
        {"insertDimension": {"range": span(0, 1)}},
    )

    def seen(mode: str) -> Json:
        fields = "comments(anchorId,headPost(content),replies(content)),sheets(commentAnchors)"
        parameters = {"fields": fields, "commentsViewMode": f"COMMENTS_VIEW_MODE_{mode}"}
        return api.ask(f"{SHEETS}/{key}", **parameters)

    assert seen("OMITTED") == {"sheets": [{}, {}]}
    assert seen("DEFAULT_FOR_CURRENT_ACCESS") == seen("INCLUDED")
    (comment,) = seen("INCLUDED")["comments"]
    assert comment["headPost"] == {"content": "Ring til mig"}
    assert comment["replies"] == [{"content": "Det gør jeg"}]
    (anchor,) = seen("INCLUDED")["sheets"][0]["commentAnchors"]
    assert anchor["anchorId"] == comment["anchorId"]
    assert anchor["range"]["startRowIndex"] == 3
    api.batch(key, {"deleteComment": {"commentId": thread}})
    assert seen("INCLUDED") == {"sheets": [{}, {}]}
