"""Drive: lists, changes, sharing, shared drives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.google_server import GoogleServer
from tests.google_server.api import DRIVE, SHEETS, Api
from tests.google_server.client import session_of
from tests.google_server.exports import FORMATS, ODS, XLSX
from tests.google_server.server import PERSON
from tests.google_server.world import SPREADSHEET, permission_id

FILES = f"{DRIVE}/files"
EVERYWHERE = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}


def names(api: Api, **params: Any) -> list[str]:
    return sorted(one["name"] for one in api.ask(FILES, **params)["files"])


def test_a_file_is_four_fields_unless_more_are_asked_for(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A")
    assert api.ask(f"{FILES}/{key}") == {
        "kind": "drive#file",
        "id": key,
        "name": "A",
        "mimeType": SPREADSHEET,
    }
    listed = api.ask(FILES, fields="nextPageToken,files(id,modifiedTime,trashed)")
    assert listed["files"][0]["trashed"] is False
    assert listed["files"][0]["modifiedTime"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Mappe", "Nøjsomhed 2024", "Vapnagaard 2024", "Vapnagaard 2025"]),
        (f"mimeType = '{SPREADSHEET}'", ["Nøjsomhed 2024", "Vapnagaard 2024", "Vapnagaard 2025"]),
        (f'mimeType != "{SPREADSHEET}"', ["Mappe"]),
        ("name = 'vapnagaard 2024'", ["Vapnagaard 2024"]),
        ("name contains '2024' and trashed = false", ["Nøjsomhed 2024", "Vapnagaard 2024"]),
        ("name contains 'Vapna' and not name contains '2025'", ["Vapnagaard 2024"]),
        ("name contains 'gaard'", []),
        ("'MAPPE' in parents", ["Vapnagaard 2025"]),
        ("(name contains 'Nøj' or 'MAPPE' in parents) and trashed=false",
            ["Nøjsomhed 2024", "Vapnagaard 2025"]),
        ("modifiedTime > '2026-11-25T08:01:30'", ["Vapnagaard 2025"]),
        ("sharedWithMe and trashed = true", []),
        (f"'{PERSON}' in owners and name contains 'M'", ["Mappe"]),
    ],
)  # fmt: skip
def test_queries_find_what_they_mean(key_file: Path, query: str, found: list[str]) -> None:
    clock = Clock()
    with GoogleServer(key_file, clock=clock) as server:
        clock.now = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
        folder = server.make_folder("Mappe")
        for name, parent in (
            ("Nøjsomhed 2024", None),
            ("Vapnagaard 2024", None),
            ("Vapnagaard 2025", folder),
        ):
            clock.now += timedelta(seconds=40)
            server.make_spreadsheet(name, parent=parent)
        server.make_spreadsheet("Privat", role=None)
        clock.now = datetime.now(UTC)
        api = Api(session_of(server.url, key_file))
        assert names(api, q=query.replace("MAPPE", folder)) == found


class Clock:
    """A time that moves when the test says so."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("query", ["name", "name ~ 'x'", "name = x", "(name = 'x'", "nej = 'x'"])
def test_a_query_that_cannot_be_read_is_refused(api: Api, query: str) -> None:
    error = api.refusal(FILES, q=query)
    assert error["errors"][0] == {
        "message": "Invalid Value",
        "domain": "global",
        "reason": "invalid",
        "location": "q",
        "locationType": "parameter",
    }


def test_lists_come_in_pages_of_at_most_a_thousand(server: GoogleServer, api: Api) -> None:
    for number in range(5):
        server.make_spreadsheet(f"P{number}")
    first = api.ask(FILES, pageSize=3, orderBy="name")
    second = api.ask(FILES, pageSize=3, orderBy="name", pageToken=first["nextPageToken"])
    assert [one["name"] for one in first["files"] + second["files"]] == [
        "P0",
        "P1",
        "P2",
        "P3",
        "P4",
    ]
    assert "nextPageToken" not in second
    assert api.refusal(FILES, pageSize=1001)["code"] == 400


def test_changes_tell_of_edits_and_of_lost_access(server: GoogleServer, api: Api) -> None:
    kept, lost, deleted = (server.make_spreadsheet(name) for name in "ABC")
    token = api.ask(f"{DRIVE}/changes/startPageToken")["startPageToken"]
    assert api.ask(f"{DRIVE}/changes", pageToken=token) == {
        "kind": "drive#changeList",
        "newStartPageToken": token,
        "changes": [],
    }
    api.update(kept, "A1", [["x"]])
    api.update(kept, "A2", [["y"]])
    server.unshare(lost)
    server.delete(deleted)
    server.make_spreadsheet("Privat", role=None)
    answer = api.ask(f"{DRIVE}/changes", pageToken=token)
    told = {one["fileId"]: one["removed"] for one in answer["changes"]}
    assert told == {kept: False, lost: True, deleted: True}
    assert answer["changes"][0]["file"]["name"] == "A"
    assert int(answer["newStartPageToken"]) > int(token)
    assert api.refusal(f"{DRIVE}/changes", pageToken="x")["code"] == 400


def test_changes_come_in_pages(server: GoogleServer, api: Api) -> None:
    token = api.ask(f"{DRIVE}/changes/startPageToken")["startPageToken"]
    made = [server.make_spreadsheet(str(number)) for number in range(5)]
    seen: list[str] = []
    while token:
        answer = api.ask(f"{DRIVE}/changes", pageToken=token, pageSize=2)
        seen += [one["fileId"] for one in answer["changes"]]
        token = answer.get("nextPageToken")
    assert seen == made


def test_a_service_account_cannot_own_files(api: Api) -> None:
    body = {"name": "Ny", "mimeType": SPREADSHEET}
    error = api.refusal(FILES, body, "POST")
    assert (error["code"], error["errors"][0]["reason"]) == (403, "storageQuotaExceeded")
    assert api.refusal(SHEETS, {}, "POST")["status"] == "PERMISSION_DENIED"


def test_in_a_shared_drive_it_can_make_copy_and_delete(server: GoogleServer, api: Api) -> None:
    drive = server.make_shared_drive("Boliggården", role="organizer")
    assert [one["name"] for one in api.ask(f"{DRIVE}/drives")["drives"]] == ["Boliggården"]
    body = {"name": "Ny", "mimeType": SPREADSHEET, "parents": [drive]}
    made = api.send(FILES, body, supportsAllDrives="true")["id"]
    api.update(made, "A1", [["x"]])
    copy = {"name": "Kopi", "parents": [drive]}
    copied = api.send(f"{FILES}/{made}/copy", copy, supportsAllDrives="true")["id"]
    assert api.values(copied, "A1") == [["x"]]
    assert names(api) == []
    assert names(api, **EVERYWHERE) == ["Kopi", "Ny"]
    assert names(api, **EVERYWHERE, corpora="drive", driveId=drive) == ["Kopi", "Ny"]
    assert api.refusal(f"{FILES}/{made}")["code"] == 404
    gone = api.session.delete(f"{FILES}/{copied}", params={"supportsAllDrives": "true"})
    assert (gone.status_code, gone.content) == (204, b"")
    assert names(api, **EVERYWHERE) == ["Ny"]


def test_changes_of_a_shared_drive_have_a_log_of_their_own(server: GoogleServer, api: Api) -> None:
    drive = server.make_shared_drive("Boliggården")
    token = api.ask(f"{DRIVE}/changes/startPageToken")["startPageToken"]
    key = server.make_spreadsheet("I drevet", parent=drive, role=None)
    own = api.ask(f"{DRIVE}/changes", pageToken=token)["changes"]
    drives = api.ask(f"{DRIVE}/changes", pageToken=token, driveId=drive, **EVERYWHERE)["changes"]
    assert own == []
    assert [one["fileId"] for one in drives] == [key]


def test_sharing(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A")
    body = {"type": "user", "role": "reader", "emailAddress": "ida@boliggaarden.example"}
    made = api.send(f"{FILES}/{key}/permissions", body)
    assert made == {
        "kind": "drive#permission",
        "id": permission_id("ida@boliggaarden.example"),
        "type": "user",
        "role": "reader",
    }
    listed = api.ask(f"{FILES}/{key}/permissions", fields="permissions(emailAddress,role)")
    assert {one["emailAddress"]: one["role"] for one in listed["permissions"]} == {
        PERSON: "owner",
        server.account: "writer",
        "ida@boliggaarden.example": "reader",
    }
    changed = api.send(f"{FILES}/{key}/permissions/{made['id']}", {"role": "writer"}, "PATCH")
    assert changed["role"] == "writer"
    own = permission_id(server.account)
    assert api.session.delete(f"{FILES}/{key}/permissions/{own}").status_code == 204
    assert api.refusal(f"{SHEETS}/{key}")["code"] == 403


def test_files_are_renamed_binned_and_fetched_as_excel(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["Beløb", 12.5], ["Dag", "31-12-2024"]]})
    assert api.send(f"{FILES}/{key}", {"name": "B", "trashed": True}, "PATCH")["name"] == "B"
    assert api.ask(f"{SHEETS}/{key}")["properties"]["title"] == "B"
    assert names(api, q="trashed = true") == ["B"]
    content = api.session.get(f"{FILES}/{key}/export", params={"mimeType": XLSX}).content
    tab = load_workbook(BytesIO(content)).worksheets[0]
    assert [[cell.value for cell in row] for row in tab.iter_rows()] == [
        ["Beløb", 12.5],
        ["Dag", datetime(2024, 12, 31)],  # noqa: DTZ001 Excel's dates have no zone
    ]
    error = api.refusal(f"{FILES}/{key}/export", mimeType="image/png")
    assert error["code"] == 400


def test_looking_needs_metadata_scope_and_reading_needs_spreadsheets(
    server: GoogleServer, key_file: Path
) -> None:
    key = server.make_spreadsheet("A")
    scopes = ("https://www.googleapis.com/auth/drive.metadata.readonly",)
    api = Api(session_of(server.url, key_file, scopes))
    assert names(api) == ["A"]
    error = api.refusal(f"{SHEETS}/{key}")
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert api.refusal(FILES, {"name": "x"}, "POST")["code"] == 403


def test_spreadsheets_are_handed_out_in_every_format(server: GoogleServer, api: Api) -> None:
    key = server.make_spreadsheet("A", {"Plan": [["Beløb & <b>", 12.5]], "To": [["x"]]})
    made = {
        kind: api.session.get(f"{FILES}/{key}/export", params={"mimeType": kind}).content
        for kind in FORMATS
    }
    assert made["text/tab-separated-values"].decode() == "Beløb & <b>\t12,5"
    assert made["application/pdf"].startswith(b"%PDF")
    with ZipFile(BytesIO(made["application/zip"])) as pages:
        assert pages.namelist() == ["Plan.html", "To.html"]
    with ZipFile(BytesIO(made[ODS])) as package:
        assert package.read("mimetype").decode() == ODS
        assert "Beløb &amp; &lt;b&gt;" in package.read("content.xml").decode()
