"""Everything that gspread can do over HTTP, done once; a new method must be added here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import gspread
import pytest
from gspread.utils import (
    Dimension,
    ExportFormat,
    MergeType,
    ValidationConditionType,
    ValueInputOption,
    ValueRenderOption,
)

from tests.google_server import GoogleServer
from tests.google_server.client import client_of
from tests.google_server.world import permission_id

IDA = "ida@boliggaarden.example"
USER_ENTERED = ValueInputOption.user_entered
Called = set[tuple[str, str]]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Called:
    """The public methods of gspread that were called."""
    seen: Called = set()
    for kind in (gspread.Client, gspread.Spreadsheet, gspread.Worksheet):
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_"):
                monkeypatch.setattr(kind, name, noted(seen, kind.__name__, name, method))
    return seen


def noted(seen: Called, kind: str, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        seen.add((kind, name))
        return method(*arguments, **named)

    return call


@pytest.fixture
def own(key_file: Path, called: Called) -> Iterator[gspread.Client]:
    """gspread for an account that owns its files; `called` is kept before it."""
    with GoogleServer(key_file, accounts_own_files=True) as server:
        yield client_of(server.url, key_file)


def test_gspread_can_do_all_it_can_do(own: gspread.Client, called: Called) -> None:
    book = own.create("Vapnagaard")
    do_files(own, book)
    do_sharing(own, book)
    do_spreadsheet(own, book)
    do_values(book.sheet1)
    do_rows_and_columns(book.add_worksheet("Linjer", 20, 10))
    do_looks(book.add_worksheet("Udseende", 20, 10), book)
    every = {
        (kind.__name__, name)
        for kind in (gspread.Client, gspread.Spreadsheet, gspread.Worksheet)
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert every - called == set()


def do_files(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    client.set_timeout(20)
    assert client.open("Vapnagaard").id == client.open_by_key(book.id).id == book.id
    assert client.open_by_url(book.url).title == "Vapnagaard"
    assert [one.id for one in client.openall()] == [book.id]
    assert client.list_spreadsheet_files()[0]["name"] == "Vapnagaard"
    assert client.get_file_drive_metadata(book.id)["name"] == "Vapnagaard"
    client.import_csv(book.id, "a,1\nb,2")
    assert book.sheet1.get_all_values() == [["a", "1"], ["b", "2"]]
    for format_, start in (
        (ExportFormat.CSV, b"a,1"),
        (ExportFormat.TSV, b"a\t1"),
        (ExportFormat.EXCEL, b"PK"),
        (ExportFormat.OPEN_OFFICE_SHEET, b"PK"),
        (ExportFormat.ZIPPED_HTML, b"PK"),
    ):
        assert client.export(book.id, format_).startswith(start)
    assert book.export().startswith(b"%PDF")
    copy = client.copy(book.id, "Kopi", copy_permissions=True)
    assert copy.sheet1.acell("B2").value == "2"
    assert book.sheet1.copy_to(copy.id)["title"] == "Copy of Vapnagaard"
    client.del_spreadsheet(copy.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(copy.id)


def do_sharing(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.share(IDA, perm_type="user", role="reader")
    assert {one["role"] for one in book.list_permissions()} == {"owner", "reader"}
    assert len(client.list_permissions(book.id)) == 2
    client.insert_permission(book.id, None, perm_type="anyone", role="reader")
    client.remove_permission(book.id, permission_id("anyone"))
    assert len(book.remove_permissions(IDA)) == 1
    book.share(IDA, perm_type="user", role="writer")
    book.transfer_ownership(permission_id(IDA))
    book.accept_ownership(permission_id(IDA))
    roles = {one["emailAddress"]: one["role"] for one in book.list_permissions()}
    assert roles[IDA] == "owner"


def do_spreadsheet(client: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.update_title("Nyt navn")
    book.update_locale("da_DK")
    book.update_timezone("Europe/Copenhagen")
    book.update_drive_metadata()
    assert book.get_lastUpdateTime()
    properties = book.fetch_sheet_metadata()["properties"]
    assert (properties["title"], properties["locale"]) == ("Nyt navn", "da_DK")
    extra = book.add_worksheet("Ekstra", 5, 5, index=0)
    other = book.duplicate_sheet(extra.id, new_sheet_name="Kopi")
    assert {one.title for one in book.worksheets()} == {"Ekstra", "Kopi", "Vapnagaard"}
    book.reorder_worksheets([book.worksheet("Vapnagaard"), other, extra])
    assert book.get_worksheet(0).title == "Vapnagaard"
    assert book.get_worksheet_by_id(extra.id).title == "Ekstra"
    book.del_worksheet(other)
    book.del_worksheet_by_id(extra.id)
    raw: dict[str, Any] = {"valueInputOption": "RAW"}
    book.values_update("Vapnagaard!D1:E1", raw, {"values": [["x", "y"]]})
    book.values_append("Vapnagaard!D1", raw, {"values": [["z"]]})
    assert book.values_get("Vapnagaard!D1:E2")["values"] == [["x", "y"], ["z"]]
    data = [{"range": "Vapnagaard!D3", "values": [["w"]]}]
    book.values_batch_update({"valueInputOption": "RAW", "data": data})
    assert book.values_batch_get(["Vapnagaard!D3"])["valueRanges"][0]["values"] == [["w"]]
    book.values_clear("Vapnagaard!D3")
    book.values_batch_clear(body={"ranges": ["Vapnagaard!D1:E2"]})
    assert "values" not in book.values_get("Vapnagaard!D1:E3")
    book.batch_update({"requests": [{"addSheet": {"properties": {"title": "Til sidst"}}}]})
    assert client.open_by_key(book.id).worksheet("Til sidst").index == 1


def do_values(tab: gspread.Worksheet) -> None:
    tab.clear()
    tab.update([["Nr.", "Navn"], [1, "a"], [2, "b"]], "A1")
    assert tab.get("A1:B2") == [["Nr.", "Navn"], ["1", "a"]]
    assert tab.get_values("B2") == [["a"]]
    assert tab.get_all_values() == [["Nr.", "Navn"], ["1", "a"], ["2", "b"]]
    assert tab.get_all_records()[1] == {"Nr.": 2, "Navn": "b"}
    assert [cell.value for cell in tab.range("A1:B1")] == ["Nr.", "Navn"]
    assert len(tab.get_all_cells()) == tab.row_count * tab.col_count
    assert tab.expand("A1") == [["Nr.", "Navn"], ["1", "a"], ["2", "b"]]
    assert (tab.row_values(2), tab.col_values(2)) == (["1", "a"], ["Navn", "a", "b"])
    tab.update_acell("C2", "1,5")
    tab.update_cell(3, 3, "01-03-2026")
    unformatted = ValueRenderOption.unformatted
    typed: list[Any] = [tab.acell("C2", unformatted).value, tab.cell(3, 3, unformatted).value]
    assert typed == [1.5, 46082]
    tab.update_cells([gspread.Cell(4, 1, "c")], USER_ENTERED)
    found, missing = tab.find("b"), tab.find("nej")
    assert (found.address if found else None, missing) == ("B3", None)
    assert len(tab.findall("a")) == 1
    tab.batch_update([{"range": "A5:B5", "values": [["d", "e"]]}])
    assert tab.batch_get(["A5:B5", "A1"]) == [[["d", "e"]], [["Nr."]]]
    tab.batch_clear(["A4:B5"])
    tab.append_row([3, "f"], table_range="A1")
    tab.append_rows([[4, "g"]], USER_ENTERED, table_range="A1")
    assert tab.get("A4:B5") == [["3", "f"], ["4", "g"]]


def do_rows_and_columns(tab: gspread.Worksheet) -> None:
    tab.update([["b", 2], ["a", 1]], "A1")
    tab.sort((2, "asc"), range="A1:B2")
    assert tab.get_all_values() == [["a", "1"], ["b", "2"]]
    tab.insert_row(["ny"], 1)
    tab.insert_rows([["x"], ["y"]], 2)
    tab.insert_cols([["k"]], 1)
    assert tab.get("A1:B4") == [["k", "ny"], ["", "x"], ["", "y"], ["", "a"]]
    tab.delete_rows(1, 3)
    tab.delete_columns(1)
    tab.delete_dimension(Dimension.rows, 2)
    assert tab.get_all_values() == [["a", "1"]]
    tab.copy_range("A1:B1", "A3:B3")
    tab.cut_range("A1:B1", "A5")
    assert tab.get("A1:B5") == [[], [], ["a", "1"], [], ["a", "1"]]
    tab.add_rows(5)
    tab.add_cols(2)
    tab.resize(30, 12)
    tab.freeze(rows=1, cols=1)
    tab.hide_rows(0, 1)
    tab.unhide_rows(0, 1)
    tab.hide_columns(0, 1)
    tab.unhide_columns(0, 1)
    tab.rows_auto_resize(0, 2)
    tab.columns_auto_resize(0, 2)
    tab.add_dimension_group_rows(1, 3)
    tab.add_dimension_group_columns(1, 3)
    assert len(tab.list_dimension_group_rows()) == len(tab.list_dimension_group_columns()) == 1
    tab.delete_dimension_group_rows(1, 3)
    tab.delete_dimension_group_columns(1, 3)
    assert tab.list_dimension_group_rows() == []


def do_looks(tab: gspread.Worksheet, book: gspread.Spreadsheet) -> None:
    tab.format("A1", {"textFormat": {"bold": True}})
    tab.batch_format([{"range": "A2", "format": {"backgroundColor": {"red": 1}}}])
    tab.merge_cells("A1:B1")
    tab.batch_merge([{"range": "A3:B4", "mergeType": MergeType.merge_rows}])
    tab.unmerge_cells("A1:B1")
    tab.set_basic_filter("A1:B5")
    tab.clear_basic_filter()
    tab.add_validation("C1", ValidationConditionType.one_of_list, ["Ja", "Nej"], strict=True)
    tab.insert_note("A1", "husk")
    tab.update_note("A1", "husk nu")
    tab.insert_notes({"B1": "b"})
    tab.update_notes({"B1": "c"})
    assert (tab.get_note("A1"), tab.get_notes()[0][:2]) == ("husk nu", ["husk nu", "c"])
    tab.clear_note("A1")
    tab.clear_notes(["B1"])
    tab.update_tab_color("#ff0000")
    assert tab.get_tab_color() == "#FF0000"
    tab.clear_tab_color()
    tab.hide_gridlines()
    tab.show_gridlines()
    tab.hide()
    assert tab.title not in {one.title for one in book.worksheets(exclude_hidden=True)}
    tab.show()
    tab.update_title("Pænt")
    tab.update_index(0)
    assert book.get_worksheet(0).title == "Pænt"
    named = tab.define_named_range("A1:B1", "Navn")["replies"][0]["addNamedRange"]["namedRange"]
    assert len(book.named_range("Navn")) == 2
    assert [one["name"] for one in book.list_named_ranges()] == ["Navn"]
    tab.delete_named_range(named["namedRangeId"])
    tab.add_protected_range("A1:B2", [IDA])
    (protected,) = book.list_protected_ranges(tab.id)
    assert IDA in protected["editors"]["users"]
    tab.delete_protected_range(protected["protectedRangeId"])
    assert tab.duplicate(new_sheet_name="Kopi").get_all_values() in ([], [[]])


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
