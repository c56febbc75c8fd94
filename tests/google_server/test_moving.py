"""Rows and columns that are inserted, deleted, moved and sorted, and what goes along with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.google_server import GoogleServer
from tests.google_server.api import SHEETS, Api, grid, span
from tests.google_server.formulas import displaced, rewritten
from tests.google_server.moving import deletion, insertion, move

Json = dict[str, Any]
ROWS: list[list[object]] = [
    ["a1", "b1", "c1", "d1"],
    ["a2", "b2", "c2", "d2"],
    ["a3", "b3", "c3", "d3"],
]


@pytest.fixture
def key(server: GoogleServer) -> str:
    return server.make_spreadsheet("A", {"Plan": ROWS, "Andet": [["=Plan!C2", "x"]]})


def with_all(api: Api, key: str) -> None:
    """Attach one of each kind to column C (and row 2)."""
    c = grid(0, 3, 2, 3)
    rule = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$C1=1"}]}}
    anchor = {"sheetId": 0, "rowIndex": 1, "columnIndex": 2}
    series = {"sourceRange": {"sources": [c]}}
    chart = {"basicChart": {"chartType": "LINE", "series": [{"series": series}]}}
    api.batch(
        key,
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": "kontrol", "visibility": "PROJECT",
            "location": {"dimensionRange": span(2, 3, "COLUMNS")}}}},
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": "linje", "visibility": "DOCUMENT",
            "location": {"dimensionRange": span(1, 2)}}}},
        {"addNamedRange": {"namedRange": {"name": "Navn", "range": c}}},
        {"addProtectedRange": {"protectedRange": {"range": c, "description": "p"}}},
        {"addConditionalFormatRule": {"index": 0, "rule": {
            "ranges": [c], "booleanRule": {**rule, "format": {"textFormat": {"bold": True}}}}}},
        {"setDataValidation": {"range": grid(1, 2, 2, 3), "rule": {
            "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Ja"}]}}}},
        {"mergeCells": {"range": grid(5, 6, 2, 4), "mergeType": "MERGE_ALL"}},
        {"setBasicFilter": {"filter": {"range": grid(0, 3, 0, 4)}}},
        {"addFilterView": {"filter": {"title": "v", "range": c}}},
        {"addBanding": {"bandedRange": {"range": c, "rowProperties": {
            "firstBandColor": {"red": 1}, "secondBandColor": {}}}}},
        {"addChart": {"chart": {"spec": chart, "position": {
            "overlayPosition": {"anchorCell": anchor}}}}},
        {"addDimensionGroup": {"range": span(2, 3, "COLUMNS")}},
    )  # fmt: skip


def columns(range_: Json) -> tuple[int, int]:
    return range_["startColumnIndex"], range_["endColumnIndex"]


def places(api: Api, key: str) -> dict[str, object]:
    """Where everything that was attached stands now, in columns."""
    book = api.ask(f"{SHEETS}/{key}", fields="*")
    sheet = book["sheets"][0]
    found = api.send(
        f"{SHEETS}/{key}/developerMetadata:search",
        {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "kontrol"}}]},
    ).get("matchedDeveloperMetadata", [])
    metadata = [one["developerMetadata"]["location"]["dimensionRange"] for one in found]
    chart = sheet["charts"][0]
    series = chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
    validated = [
        column
        for row in sheet["data"][0]["rowData"]
        for column, cell in enumerate(row.get("values", []))
        if "dataValidation" in cell
    ]
    return {
        "metadata": [(one["startIndex"], one["endIndex"]) for one in metadata],
        "named": [columns(one["range"]) for one in book.get("namedRanges", [])],
        "protected": [columns(one["range"]) for one in sheet.get("protectedRanges", [])],
        "rules": [columns(r) for one in sheet.get("conditionalFormats", []) for r in one["ranges"]],
        "validated": validated,
        "merges": [columns(one) for one in sheet.get("merges", [])],
        "filter": columns(sheet["basicFilter"]["range"]),
        "views": [columns(one["range"]) for one in sheet.get("filterViews", [])],
        "bands": [columns(one["range"]) for one in sheet.get("bandedRanges", [])],
        "chart": [columns(one) for one in series],
        "anchor": chart["position"]["overlayPosition"]["anchorCell"].get("columnIndex", 0),
        "groups": [
            (one["range"]["startIndex"], one["range"]["endIndex"])
            for one in sheet.get("columnGroups", [])
        ],
    }


def expected(at: int, wide: dict[str, tuple[int, int]]) -> dict[str, object]:
    """All at one column, but for the merge and the filter, which are wider."""
    one = [(at, at + 1)]
    return {
        "metadata": one, "named": one, "protected": one, "rules": one, "validated": [at],
        "merges": [wide["merge"]], "filter": wide["filter"], "views": one, "bands": one,
        "chart": one, "anchor": at, "groups": one,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "at", "wide"),
    [
        (
            {"insertDimension": {"range": span(1, 3, "COLUMNS")}},
            4, {"merge": (4, 6), "filter": (0, 6)},
        ),
        (
            {"insertDimension": {"range": span(3, 4, "COLUMNS")}},
            2, {"merge": (2, 5), "filter": (0, 5)},
        ),
        (
            {"deleteDimension": {"range": span(0, 1, "COLUMNS")}},
            1, {"merge": (1, 3), "filter": (0, 3)},
        ),
        (
            {"moveDimension": {"source": span(2, 4, "COLUMNS"), "destinationIndex": 0}},
            0, {"merge": (0, 2), "filter": (0, 4)},
        ),
        (
            {"moveDimension": {"source": span(0, 1, "COLUMNS"), "destinationIndex": 10}},
            1, {"merge": (1, 3), "filter": (0, 3)},
        ),
    ],
)  # fmt: skip
def test_what_is_attached_to_a_column_goes_along_with_it(
    api: Api, key: str, change: Json, at: int, wide: dict[str, tuple[int, int]]
) -> None:
    with_all(api, key)
    api.batch(key, change)
    assert places(api, key) == expected(at, wide)


def test_what_is_attached_to_a_deleted_column_is_gone(api: Api, key: str) -> None:
    with_all(api, key)
    api.batch(key, {"deleteDimension": {"range": span(2, 3, "COLUMNS")}})
    book = api.ask(f"{SHEETS}/{key}", fields="*")
    sheet = book["sheets"][0]
    gone = {"protectedRanges", "conditionalFormats", "filterViews", "bandedRanges", "columnGroups"}
    assert not gone & sheet.keys()
    assert "namedRanges" not in book
    assert columns(sheet["basicFilter"]["range"]) == (0, 3)
    search = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "kontrol"}}]}
    assert api.send(f"{SHEETS}/{key}/developerMetadata:search", search) == {}


def test_sorting_moves_contents_and_leaves_metadata(api: Api, key: str) -> None:
    with_all(api, key)
    spec = {"dimensionIndex": 0, "sortOrder": "DESCENDING"}
    api.batch(key, {"sortRange": {"range": grid(0, 3, 0, 4), "sortSpecs": [spec]}})
    assert api.values(key, "Plan!A1:A3") == [["a3"], ["a2"], ["a1"]]
    fields = "data.rowMetadata.developerMetadata.metadataKey"
    rows = api.sheet(key, fields)["data"][0]["rowMetadata"]
    assert rows[1] == {"developerMetadata": [{"metadataKey": "linje"}]}


def test_sorting_puts_numbers_before_words_and_empty_cells_last(
    server: GoogleServer, api: Api
) -> None:
    rows: list[list[object]] = [["b", 1], [10, 2], ["", 3], ["A", 4], [9, 5]]
    key = server.make_spreadsheet("A", {"Plan": rows})
    for order, expected_order in (
        ("ASCENDING", [5, 2, 4, 1, 3]),
        ("DESCENDING", [1, 4, 2, 5, 3]),
    ):
        spec = {"dimensionIndex": 0, "sortOrder": order}
        api.batch(key, {"sortRange": {"range": grid(0, 5, 0, 2), "sortSpecs": [spec]}})
        shown = api.values(key, "B1:B5", valueRenderOption="UNFORMATTED_VALUE")
        assert [row[0] for row in shown] == expected_order


def test_formulas_follow_what_they_mean_from_other_tabs_too(api: Api, key: str) -> None:
    api.batch(key, {"insertDimension": {"range": span(0, 1)}})
    api.batch(key, {"moveDimension": {"source": span(2, 3, "COLUMNS"), "destinationIndex": 0}})
    shown = api.values(key, "Andet!A1", valueRenderOption="FORMULA")
    assert shown == [["=Plan!A3"]]


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=A1+A5", "=A1+A6"),
        ("=SUM(A1:A9)", "=SUM(A1:A10)"),
        ('=$A$5&"A5"', '=$A$6&"A5"'),
        ("=Andet!A5+'Plan'!A5", "=Andet!A5+'Plan'!A6"),
        ("=LOG10(A5)", "=LOG10(A6)"),
        ("=A5:A7", "=A6:A8"),
    ],
)
def test_references_after_a_row_was_inserted(formula: str, after: str) -> None:
    shift = insertion(0, "ROWS", 4, 1)
    assert rewritten(formula, "Plan", "Plan", True, shift.span) == after


def test_references_to_deleted_cells_are_errors() -> None:
    shift = deletion(0, "ROWS", 4, 5)
    assert rewritten("=A5+A9+SUM(A4:A6)", "P", "P", True, shift.span) == "=#REF!+A8+SUM(A4:A5)"


def test_a_copied_formula_keeps_what_has_a_dollar() -> None:
    assert displaced("=A1+$B$2+C$3", 1, 1) == "=B2+$B$2+D$3"


@pytest.mark.parametrize(
    ("start", "end", "to", "order"),
    [(0, 1, 3, "bcad"), (2, 3, 0, "cabd"), (1, 3, 4, "adbc"), (0, 2, 2, "abcd"), (3, 4, 1, "adbc")],
)
def test_a_move_is_counted_before_anything_moves(start: int, end: int, to: int, order: str) -> None:
    shift = move(0, "ROWS", start, end, to)
    after = {shift.index(old): letter for old, letter in enumerate("abcd")}
    assert "".join(after[index] for index in range(4)) == order


def test_cells_pushed_aside_and_pulled_up(api: Api, key: str) -> None:
    api.batch(key, {"insertRange": {"range": grid(0, 1, 1, 2), "shiftDimension": "ROWS"}})
    assert api.values(key, "Plan!B1:B4") == [[], ["b1"], ["b2"], ["b3"]]
    api.batch(key, {"deleteRange": {"range": grid(0, 2, 1, 2), "shiftDimension": "ROWS"}})
    assert api.values(key, "Plan!A1:B3") == [["a1", "b2"], ["a2", "b3"], ["a3"]]


def test_frozen_rows_and_the_grid_keep_count(api: Api, key: str) -> None:
    properties = {"sheetId": 0, "gridProperties": {"frozenRowCount": 2}}
    fields = "gridProperties.frozenRowCount"
    api.batch(key, {"updateSheetProperties": {"properties": properties, "fields": fields}})
    api.batch(key, {"insertDimension": {"range": span(1, 2)}})
    grid_properties = api.sheet(key, "properties")["properties"]["gridProperties"]
    assert grid_properties == {"rowCount": 1001, "columnCount": 26, "frozenRowCount": 3}
