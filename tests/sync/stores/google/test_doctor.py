"""What the doctor says of Google: the key, the quota, what the account may not write."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from tests.sync.helpers import book
from tests.sync.stores.google.helpers import GoogleHouse


@pytest.fixture
def spreadsheet(house: GoogleHouse) -> str:
    return house.spreadsheet("Vapnagaard", book())


def said(house: GoogleHouse) -> str:
    return house.command("doctor").out


def mends(house: GoogleHouse) -> list[str]:
    """What is to be mended in the source, remedies included."""
    lines = said(house).splitlines()
    return [
        f"{line.removeprefix('MEND  source ')} {lines[number + 1].strip()}"
        for number, line in enumerate(lines)
        if line.startswith("MEND  source")
    ]


def test_all_is_right(house: GoogleHouse, spreadsheet: str) -> None:
    out = said(house)

    assert mends(house) == []
    assert f"spreadsheets are shared with {house.server.account}" in out
    assert "in 1 of 1 spreadsheets the account may write Kontrol and Advarsler" in out
    assert "1 never read so far; a first run takes about 1 min\n" in out
    house.sync()
    assert "every spreadsheet was read by a run before" in said(house)


def test_a_key_that_is_older_than_a_year(house: GoogleHouse, spreadsheet: str) -> None:
    def written(days: int) -> list[str]:
        then = (datetime.now(UTC) - timedelta(days=days, hours=1)).timestamp()
        os.utime(house.key_file, (then, then))
        found = mends(house)
        os.utime(house.key_file)
        return found

    assert written(364) == []
    (line,) = written(365)
    assert "was written 365 days ago, and its key is as old or older → Make a new key" in line


def test_a_key_that_others_can_read(house: GoogleHouse, spreadsheet: str) -> None:
    house.key_file.chmod(0o644)
    (line,) = mends(house)
    house.key_file.chmod(0o600)

    assert f"can be read by others → Protect it: chmod 600 {house.key_file}" in line


def test_a_first_run_that_takes_several(house: GoogleHouse) -> None:
    for number in range(7):
        house.spreadsheet(f"Plan {number}", book(plan={"Plan-id": f"P-{number}"}))
    house.configure_google(
        google="reads_per_minute = 60\nwrites_per_minute = 2\ndeadline_minutes = 5"
    )

    out = said(house)

    assert "at most 60 reads and 2 writes a minute\n" in out
    first = "7 never read so far; a first run takes about 7 min, so 2 runs of 5 min"
    assert first in out


def test_a_quota_beyond_what_google_gives_is_told(house: GoogleHouse, spreadsheet: str) -> None:
    house.configure_google(google="reads_per_minute = 61")

    assert "61 reads and 55 writes a minute; Google gives 60 of each unless" in said(house)


def test_one_that_may_only_be_read(house: GoogleHouse) -> None:
    house.spreadsheet("Læse", book(), role="reader")

    (line,) = mends(house)

    assert line.startswith("Google, Læse: the account may only read it → Share it with ")
    assert house.server.account in line


@pytest.mark.parametrize("is_marked", [False, True], ids=["at first sight", "marked before"])
def test_a_protected_range_over_kontrol_leaves_the_account_out(
    house: GoogleHouse, is_marked: bool
) -> None:
    cells = {"Indsatser!K1": "Kontrol"}
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells=cells))
    if is_marked:
        house.sync()
    protect(house, spreadsheet, "Indsatser", startColumnIndex=8, endColumnIndex=11)

    (line,) = mends(house)

    assert (
        "Vapnagaard: a protected range of the tab Indsatser bars the account from its column "
        "Kontrol (K) → In Google: Data, Protect sheets and ranges; let "
    ) in line


@pytest.mark.parametrize(
    "range_",
    [
        {"startColumnIndex": 0, "endColumnIndex": 10},
        {"startRowIndex": 900, "endRowIndex": 950},
    ],
    ids=["beside it", "far below"],
)
def test_a_protected_range_elsewhere_bars_nothing(
    house: GoogleHouse, range_: dict[str, int]
) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells={"Indsatser!K1": "Kontrol"}))
    protect(house, spreadsheet, "Indsatser", **range_)

    assert mends(house) == []
    assert house.sync().problems == []


def test_a_protected_tab_that_leaves_kontrol_open(house: GoogleHouse) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells={"Indsatser!K1": "Kontrol"}))
    gid = house.tab(spreadsheet, "Indsatser").id
    kontrol = {"sheetId": gid, "startColumnIndex": 10, "endColumnIndex": 11}
    protected = {"range": {"sheetId": gid}, "unprotectedRanges": [kontrol]}
    house.batch(spreadsheet, {"addProtectedRange": {"protectedRange": protected}})

    assert mends(house) == []
    assert house.sync().problems == []
    assert house.kontrol(spreadsheet, "Indsatser")[2] == "OK"


def test_advarsler_that_somebody_locked(house: GoogleHouse, spreadsheet: str) -> None:
    house.sync()
    protect(house, spreadsheet, "Advarsler")

    (line,) = mends(house)

    assert "a protected range of the tab Advarsler bars the account from the tab itself" in line
    house.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    ((_, reason),) = house.sync(hour=12).problems
    assert reason == (
        "Kontrollen må ikke skrive i fanen Advarsler. "
        f"Lad {house.server.account} redigere det beskyttede område."
    )
    assert house.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL Budget")


@pytest.mark.parametrize("is_marked", [False, True], ids=["at first sight", "marked before"])
def test_a_run_says_who_has_to_be_let_in(house: GoogleHouse, is_marked: bool) -> None:
    spreadsheet = house.spreadsheet("Vapnagaard", book(cells={"Indsatser!K1": "Kontrol"}))
    if is_marked:
        house.sync()
    protect(house, spreadsheet, "Indsatser", startColumnIndex=10, endColumnIndex=11)
    house.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    house.forget()

    ((_, reason),) = house.sync(hour=12).problems

    assert reason == (
        "I fanen Indsatser må kontrollen ikke skrive i kolonnen Kontrol. "
        f"Lad {house.server.account} redigere det beskyttede område."
    )
    assert house.kontrol(spreadsheet, "Plan")[2] == "OK"
    assert any("Advarsler" in sheet.title for sheet in house.server.book(spreadsheet).sheets)


def protect(house: GoogleHouse, spreadsheet: str, tab: str, **range_: int) -> None:
    """Let staff protect a part of a tab, and forget about the account."""
    area = {"sheetId": house.tab(spreadsheet, tab).id, **range_}
    house.batch(spreadsheet, {"addProtectedRange": {"protectedRange": {"range": area}}})
