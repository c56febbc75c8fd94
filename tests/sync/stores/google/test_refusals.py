"""What cannot be read or written: each with what it is, and who does something about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.google_server.client import client_of
from tests.google_server.world import permission
from tests.loopback import Answer, Request
from tests.sync.helpers import book
from tests.sync.stores.google.helpers import GoogleSite

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHORTCUT = "application/vnd.google-apps.shortcut"
SLIP = {"Indsatser!I2": "'ca. 5"}


def refuse(site: GoogleSite, applies: Callable[[Request], bool], code: int, **error: Any) -> None:
    """Let the server refuse some requests in the words of Google's own."""
    answer = site.server.answer

    def refusing(request: Request) -> Answer | None:
        if not applies(request):
            return answer(request)
        body = {"error": {"code": code, "message": "refused", **error}}
        return Answer(code, json.dumps(body).encode())

    site.server.answer = refusing  # type: ignore[method-assign]


def in_sheets(request: Request) -> bool:
    return request.path.startswith("/v4")


def in_drive(request: Request) -> bool:
    return request.path.startswith("/drive")


@pytest.mark.parametrize(
    ("applies", "reason", "said"),
    [
        (in_sheets, "SERVICE_DISABLED", "Google Sheets API er ikke slået til"),
        (in_drive, "accessNotConfigured", "Google Drive API er ikke slået til"),
        (in_drive, "domainPolicy", "En administrator skal tillade den"),
        (in_drive, "insufficientPermissions", "mangler adgang"),
        (in_drive, "dailyLimitExceeded", "kvote"),
        (in_drive, "storageQuotaExceeded", "plads"),
    ],
)
def test_google_says_why(
    site: GoogleSite, applies: Callable[[Request], bool], reason: str, said: str
) -> None:
    site.spreadsheet("Vapnagaard", book())
    if applies is in_sheets:
        refuse(site, applies, 403, details=[{"reason": reason}])
    else:
        refuse(site, applies, 403, errors=[{"reason": reason}])

    checked = site.command("check")

    assert said in checked.out + checked.err
    assert "ikke delt" not in checked.out + checked.err


def test_an_excel_file_that_drive_takes_for_a_spreadsheet(site: GoogleSite) -> None:
    site.spreadsheet("Vapnagaard.xlsx", book())
    message = "This operation is not supported for this document"
    refuse(site, in_sheets, 400, message=message, status="FAILED_PRECONDITION")

    ((_, reason),) = site.sync().problems

    assert reason.startswith("Det er en Excel-fil")


@pytest.mark.parametrize("is_named", [True, False])
def test_an_excel_file_in_drive_is_named(site: GoogleSite, is_named: bool) -> None:
    folder = site.server.make_folder("Planer")
    file = in_folder(site, folder, "Vapnagaard.xlsx", XLSX)
    site.configure_google(f'spreadsheets = ["{file}"]' if is_named else f'folder = "{folder}"')

    ((path, reason),) = site.sync().problems

    assert (path, reason[:19]) == ("Vapnagaard.xlsx", "Det er en Excel-fil")


def in_folder(site: GoogleSite, folder: str, name: str, kind: str, target: str = "") -> str:
    file = site.server.world.new_file(name, "mette.holm@boliggaarden.example", kind, parent=folder)
    file.target = target
    file.permissions.append(permission("user", "writer", site.server.account))
    return file.id


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_shortcut_is_the_spreadsheet_that_it_leads_to(site: GoogleSite, is_shared: bool) -> None:
    folder = site.server.make_folder("Planer")
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    in_folder(site, folder, "Genvej til Vapnagaard", SHORTCUT, spreadsheet)
    site.configure_google(f'folder = "{folder}"')
    if not is_shared:
        site.server.unshare(spreadsheet)

    report = site.sync()

    if is_shared:
        assert (report.written, report.problems) == (["Vapnagaard"], [])
        assert site.sync(hour=9).read == 0
    else:
        ((path, reason),) = report.problems
        assert (path, "ikke delt" in reason) == ("Genvej til Vapnagaard", True)


def test_a_shortcut_beside_its_spreadsheet_adds_nothing(site: GoogleSite) -> None:
    folder = site.server.make_folder("Planer")
    spreadsheet = site.spreadsheet("Vapnagaard", book(), parent=folder)
    in_folder(site, folder, "Genvej", SHORTCUT, spreadsheet)
    site.configure_google(f'folder = "{folder}"')

    report = site.sync()

    assert (report.written, report.problems) == (["Vapnagaard"], [])


def test_a_shortcut_to_a_folder_is_told(site: GoogleSite) -> None:
    folder, other = site.server.make_folder("Planer"), site.server.make_folder("Andre")
    in_folder(site, folder, "Andre", SHORTCUT, other)
    site.configure_google(f'folder = "{folder}"')

    ((path, reason),) = site.sync().problems

    assert (path, reason.startswith("Det er en genvej")) == ("Andre", True)


def test_a_named_spreadsheet_in_the_bin_is_left_there(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    site.server.world.files[spreadsheet].trashed = True
    site.configure_google(f'spreadsheets = ["{spreadsheet}"]')

    report = site.sync()

    assert report.written == []
    ((path, reason),) = report.problems
    assert (path, "ligger i papirkurven" in reason) == ("Vapnagaard", True)


def test_a_locked_file_is_told_as_locked(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    site.server.world.files[spreadsheet].is_locked = True

    ((_, reason),) = site.sync().problems

    assert reason == "Regnearket er låst mod ændringer i Google Drev. Ejeren skal låse det op."


def test_merged_cells_in_kontrol_are_told(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    place = {
        "sheetId": site.tab(spreadsheet, "Indsatser").id, "startRowIndex": 1, "endRowIndex": 3,
        "startColumnIndex": 10, "endColumnIndex": 11,
    }  # fmt: skip
    site.batch(spreadsheet, {"mergeCells": {"range": place, "mergeType": "MERGE_ALL"}})
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")

    ((_, reason),) = site.sync(hour=9).problems

    assert "flettet" in reason
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL")


def test_advarsler_that_staff_protect_gets_no_second_protection(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    page = site.tab(spreadsheet, "Advarsler")
    (own,) = page.attached["protectedRanges"]
    theirs = {"range": {"sheetId": page.id}, "editors": {"users": [site.server.account]}}
    site.batch(
        spreadsheet,
        {"deleteProtectedRange": {"protectedRangeId": own["protectedRangeId"]}},
        {"addProtectedRange": {"protectedRange": theirs}},
    )
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")

    assert site.sync(hour=9).problems == []
    assert len(site.tab(spreadsheet, "Advarsler").attached["protectedRanges"]) == 1


@pytest.mark.slow
def test_a_copied_spreadsheet_has_a_mark_of_its_own_alone(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    site.sync()
    copy = copied(site, spreadsheet)

    assert [site.sync(hour=hour).problems for hour in (9, 10)] == [[], []]
    tab = site.tab(copy, "Indsatser")
    assert (len(tab.metadata), len(tab.attached["protectedRanges"])) == (1, 1)
    assert site.kontrol(copy, "Indsatser")[2].startswith("FEJL")


def copied(site: GoogleSite, spreadsheet: str) -> str:
    site.server.world.accounts_own_files = True
    return client_of(site.server.url, site.key_file).copy(spreadsheet, title="Kopi").id


def test_a_subject_speaks_for_the_account(site: GoogleSite) -> None:
    site.configure_google(google='subject = "plan@boliggaarden.example"')
    site.spreadsheet("Vapnagaard", book())

    said = site.command("check")
    site.server.tokens.delegated.add("plan@boliggaarden.example")
    shared_with = site.command("doctor").out

    assert "google.subject" in said.out + said.err
    assert "spreadsheets are shared with plan@boliggaarden.example" in shared_with
