"""Commands that take a workbook take a spreadsheet too: by its name, its id or its address."""

from __future__ import annotations

import pytest

from tests.sync.helpers import DAY, book
from tests.sync.stores.google.helpers import GoogleHouse

ADDRESS = "https://docs.google.com/spreadsheets/d/{}/edit?usp=sharing#gid=0"
SLIP = {"Indsatser!I2": "'ca. 5"}


@pytest.mark.parametrize("named", ["Vapnagaard", "{}", ADDRESS], ids=["name", "id", "address"])
def test_one_spreadsheet_is_checked(house: GoogleHouse, named: str) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    house.spreadsheet("Nøjsomhed", book(plan={"Boligområde": "Nøjsomhed"}, cells=SLIP))

    said = house.command("check", named.format(spreadsheet), "--format", "json", "--today", DAY)

    assert {finding["workbook"] for finding in said.json["findings"]} == {"Vapnagaard"}


def test_one_that_is_no_source_is_checked_when_it_is_shared(house: GoogleHouse) -> None:
    other = house.spreadsheet("Andet", book())
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    house.configure_google(f'spreadsheets = ["{other}"]')

    said = house.command("check", ADDRESS.format(spreadsheet), "--format", "json", "--today", DAY)

    assert {finding["workbook"] for finding in said.json["findings"]} == {"Vapnagaard"}


def test_files_and_spreadsheets_together(house: GoogleHouse) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells=SLIP))
    file = house.put("Nøjsomhed.xlsx", book(plan={"Boligområde": "Nøjsomhed"}, cells=SLIP))

    said = house.command("check", file, spreadsheet, "--format", "json", "--today", DAY)

    found = {finding["workbook"] for finding in said.json["findings"]}
    assert found == {"Nøjsomhed.xlsx", "Google/Vapnagaard"}


def test_what_is_neither_is_told(house: GoogleHouse) -> None:
    said = house.command("check", "Nordkysten", "--today", DAY)

    assert (said.code, "there is no such file or folder" in said.err) == (2, True)


def test_one_that_is_not_shared_is_told(house: GoogleHouse) -> None:
    spreadsheet = house.spreadsheet("Hemmelig", book(), role=None)

    said = house.command("check", ADDRESS.format(spreadsheet), "--today", DAY)

    assert said.code == 3
    assert house.server.account in said.out + said.err


def test_an_own_layout_is_adopted(house: GoogleHouse) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells={"Indsatser!E1": "Ansvarlig person"}))

    said = house.command("adopt", ADDRESS.format(spreadsheet))

    assert said.code == 0
    assert "Indsatser <- tab »Indsatser«" in said.out
    assert "Ansvarlig <- »Ansvarlig person« in E" in said.out
