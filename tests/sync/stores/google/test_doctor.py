"""What the doctor says of Google: the key, the quota, what the account may not write."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from tests.sync.helpers import book
from tests.sync.stores.google.helpers import GoogleSite


@pytest.fixture
def spreadsheet(site: GoogleSite) -> str:
    return site.spreadsheet("Vapnagaard", book())


def doctor_says(site: GoogleSite) -> str:
    return site.command("doctor").out


def mends(site: GoogleSite) -> list[str]:
    """What is to be mended in the source, remedies included."""
    lines = doctor_says(site).splitlines()
    return [
        f"{line.removeprefix('MEND  source ')} {lines[number + 1].strip()}"
        for number, line in enumerate(lines)
        if line.startswith("MEND  source")
    ]


def test_all_is_right(site: GoogleSite, spreadsheet: str) -> None:
    out = doctor_says(site)

    assert mends(site) == []
    assert f"spreadsheets are shared with {site.server.account}" in out
    assert "in 1 of 1 spreadsheets the account may write Kontrol and Advarsler" in out
    assert "1 never read so far; a first run takes about 1 min\n" in out
    site.sync()
    assert "every spreadsheet was read by a run before" in doctor_says(site)


def test_a_key_that_is_older_than_a_year(site: GoogleSite, spreadsheet: str) -> None:
    def written(days: int) -> list[str]:
        then = (datetime.now(UTC) - timedelta(days=days, hours=1)).timestamp()
        os.utime(site.key_file, (then, then))
        found = mends(site)
        os.utime(site.key_file)
        return found

    assert written(364) == []
    (line,) = written(365)
    assert "was written 365 days ago, and its key is as old or older → Make a new key" in line


def test_a_key_that_others_can_read(site: GoogleSite, spreadsheet: str) -> None:
    site.key_file.chmod(0o644)
    (line,) = mends(site)
    site.key_file.chmod(0o600)

    assert f"can be read by others → Protect it: chmod 600 {site.key_file}" in line


def test_a_first_run_that_takes_several(site: GoogleSite) -> None:
    for number in range(7):
        site.spreadsheet(f"Plan {number}", book(plan={"Plan-id": f"P-{number}"}))
    site.configure_google(
        google="reads_per_minute = 60\nwrites_per_minute = 2\ndeadline_minutes = 5"
    )

    out = doctor_says(site)

    assert "at most 60 reads and 2 writes a minute\n" in out
    first = "7 never read so far; a first run takes about 7 min, so 2 runs of 5 min"
    assert first in out


def test_a_quota_beyond_what_google_gives_is_told(site: GoogleSite, spreadsheet: str) -> None:
    site.configure_google(google="reads_per_minute = 61")

    assert "61 reads and 55 writes a minute; Google gives 60 of each unless" in doctor_says(site)


def test_one_that_may_only_be_read(site: GoogleSite) -> None:
    site.spreadsheet("Læse", book(), role="reader")

    (line,) = mends(site)

    assert line.startswith("Google, Læse: the account may only read it → Share it with ")
    assert site.server.account in line


@pytest.mark.parametrize("is_marked", [False, True], ids=["at first sight", "marked before"])
def test_a_protected_range_over_kontrol_leaves_the_account_out(
    site: GoogleSite, is_marked: bool
) -> None:
    cells = {"Indsatser!K1": "Kontrol"}
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=cells))
    if is_marked:
        site.sync()
    protect(site, spreadsheet, "Indsatser", startColumnIndex=8, endColumnIndex=11)

    (line,) = mends(site)

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
def test_a_protected_range_elsewhere_bars_nothing(site: GoogleSite, range_: dict[str, int]) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells={"Indsatser!K1": "Kontrol"}))
    protect(site, spreadsheet, "Indsatser", **range_)

    assert mends(site) == []
    assert site.sync().problems == []


def test_a_protected_tab_that_leaves_kontrol_open(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells={"Indsatser!K1": "Kontrol"}))
    gid = site.tab(spreadsheet, "Indsatser").id
    kontrol = {"sheetId": gid, "startColumnIndex": 10, "endColumnIndex": 11}
    protected = {"range": {"sheetId": gid}, "unprotectedRanges": [kontrol]}
    site.batch(spreadsheet, {"addProtectedRange": {"protectedRange": protected}})

    assert mends(site) == []
    assert site.sync().problems == []
    assert site.kontrol(spreadsheet, "Indsatser")[2] == "OK"


def test_advarsler_that_somebody_locked(site: GoogleSite, spreadsheet: str) -> None:
    site.sync()
    site.tab(spreadsheet, "Advarsler").attached.pop(
        "protectedRanges"
    )  # staff may take the job's away
    protect(site, spreadsheet, "Advarsler")

    (line,) = mends(site)

    assert "a protected range of the tab Advarsler bars the account from the tab itself" in line
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    ((_, reason),) = site.sync(hour=12).problems
    assert reason == (
        "Kontrollen må ikke skrive i fanen Advarsler. "
        f"Lad {site.server.account} redigere det beskyttede område."
    )
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL Budget")


@pytest.mark.parametrize("is_marked", [False, True], ids=["at first sight", "marked before"])
def test_a_run_says_who_has_to_be_let_in(site: GoogleSite, is_marked: bool) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells={"Indsatser!K1": "Kontrol"}))
    if is_marked:
        site.sync()
    protect(site, spreadsheet, "Indsatser", startColumnIndex=10, endColumnIndex=11)
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    site.forget()

    ((_, reason),) = site.sync(hour=12).problems

    assert reason == (
        "I fanen Indsatser må kontrollen ikke skrive i kolonnen Kontrol. "
        f"Lad {site.server.account} redigere det beskyttede område."
    )
    assert site.kontrol(spreadsheet, "Plan")[2] == "OK"
    assert any("Advarsler" in sheet.title for sheet in site.server.book(spreadsheet).sheets)


def protect(site: GoogleSite, spreadsheet: str, tab: str, **range_: int) -> None:
    """Let staff protect a part of a tab, and forget about the account."""
    area = {"sheetId": site.tab(spreadsheet, tab).id, **range_}
    site.batch(spreadsheet, {"addProtectedRange": {"protectedRange": {"range": area}}})
