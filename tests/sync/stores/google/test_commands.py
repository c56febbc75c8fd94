"""Commands that take a workbook take a spreadsheet too: by its name, its id or its address."""

from __future__ import annotations

import pytest

from tests.sync.helpers import DAY, book
from tests.sync.stores.google.helpers import GoogleSite

ADDRESS = "https://docs.google.com/spreadsheets/d/{}/edit?usp=sharing#gid=0"
SLIP = {"Indsatser!I2": "'ca. 5"}


@pytest.mark.parametrize("named", ["Vapnagaard", "{}", ADDRESS], ids=["name", "id", "address"])
def test_one_spreadsheet_is_checked(site: GoogleSite, named: str) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    site.spreadsheet("Nøjsomhed", book(plan={"Boligområde": "Nøjsomhed"}, cells=SLIP))

    answer = site.command("check", named.format(spreadsheet), "--format", "json", "--today", DAY)

    assert {finding["workbook"] for finding in answer.json["findings"]} == {"Vapnagaard"}


def test_one_that_is_no_source_is_checked_when_it_is_shared(site: GoogleSite) -> None:
    other = site.spreadsheet("Andet", book())
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    site.configure_google(f'spreadsheets = ["{other}"]')

    answer = site.command("check", ADDRESS.format(spreadsheet), "--format", "json", "--today", DAY)

    assert {finding["workbook"] for finding in answer.json["findings"]} == {"Vapnagaard"}


def test_files_and_spreadsheets_together(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    file = site.put("Nøjsomhed.xlsx", book(plan={"Boligområde": "Nøjsomhed"}, cells=SLIP))

    answer = site.command("check", file, spreadsheet, "--format", "json", "--today", DAY)

    found = {finding["workbook"] for finding in answer.json["findings"]}
    assert found == {"Nøjsomhed.xlsx", "Google/Vapnagaard"}


def test_what_is_neither_is_told(site: GoogleSite) -> None:
    answer = site.command("check", "Nordkysten", "--today", DAY)

    assert (answer.code, "there is no such file or folder" in answer.err) == (2, True)


def test_one_that_is_not_shared_is_told(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Hemmelig", book(), role=None)

    answer = site.command("check", ADDRESS.format(spreadsheet), "--today", DAY)

    assert answer.code == 3
    assert site.server.account in answer.out + answer.err


def test_an_own_layout_is_adopted(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells={"Indsatser!E1": "Ansvarlig person"}))

    answer = site.command("adopt", ADDRESS.format(spreadsheet))

    assert answer.code == 0
    assert "Indsatser <- tab »Indsatser«" in answer.out
    assert "Ansvarlig <- »Ansvarlig person« in E" in answer.out
