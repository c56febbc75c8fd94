"""The overview, the waivers and the calendar in the same library."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.sync.helpers import TODAY, book, saved, table
from tests.sync.stores.sharepoint.helpers import SharePointSite
from tests.sync.waiving import TYPED, waiver

NAME = "Vapnagaard.xlsx"
SLIP = {"Indsatser!I2": "'ca. 5"}


@pytest.fixture
def placed(site: SharePointSite) -> SharePointSite:
    site.configure_sharepoint(
        sections='[overview]\nsharepoint = "Overblik.xlsx"\n'
        '[waivers]\nsharepoint = "Undtagelser.xlsx"'
    )
    site.lay(NAME, book(cells=SLIP))
    return site


def test_they_are_made_there_and_are_no_plans(placed: SharePointSite) -> None:
    assert placed.sync().problems == []

    assert placed.files() == ["Frister.ics", "Overblik.xlsx", "Undtagelser.xlsx", NAME]
    (plan,) = table(placed.bytes_of("Overblik.xlsx"), "Overblik")
    assert plan["Plan-id"] == "VAP-2025"
    assert [one["name"] for one in placed.check().json["workbooks"]] == [NAME]


@pytest.mark.parametrize("rewrites", ["at once", "later"])
def test_only_the_time_is_written_anew(rewrites: str, placed: SharePointSite) -> None:
    placed.server.rewrites = rewrites  # type: ignore[assignment]
    for hour in (7, 8, 9):  # the second reads what the service made of the workbook
        placed.sync(hour=hour)
    calendar = placed.bytes_of("Frister.ics")
    placed.forget()

    result = placed.sync(hour=10)

    assert (result.is_unchanged, result.problems) == (True, [])
    asked = {"get": 7, "list": 1, "download": 3, "session": 1, "upload": 1, "look": 1}
    assert placed.kinds() == asked
    assert placed.bytes_of("Frister.ics") == calendar
    assert len(table(placed.bytes_of("Overblik.xlsx"), "Overblik")) == 1


def test_an_open_overview_gets_a_dated_copy(placed: SharePointSite) -> None:
    placed.sync()
    placed.open("Overblik.xlsx")
    placed.lay(NAME, book())

    ((name, problem),) = placed.sync(hour=9).problems

    copy = f"Overblik {TODAY.isoformat()}.xlsx"
    assert (name, copy in problem, copy in placed.files()) == ("Overblik.xlsx", True, True)
    placed.open("Overblik.xlsx", "")
    assert placed.sync(hour=10).problems == []
    assert [one["name"] for one in placed.check().json["workbooks"]] == [NAME]


def test_somebody_elses_workbook_is_not_replaced(placed: SharePointSite) -> None:
    placed.lay("Overblik.xlsx", book())
    stands = placed.bytes_of("Overblik.xlsx")

    ((name, problem),) = placed.sync().problems

    assert (name, problem[:27]) == ("Overblik.xlsx", "Filen er ikke et overblik. ")
    assert placed.bytes_of("Overblik.xlsx") == stands


def test_waivers_hold_and_are_never_written_again(placed: SharePointSite) -> None:
    placed.lay(NAME, book(cells=TYPED))
    placed.sync()
    workbook = openpyxl.load_workbook(io.BytesIO(placed.bytes_of("Undtagelser.xlsx")))
    for column, value in enumerate(waiver(), 1):
        workbook["Undtagelser"].cell(4, column).value = value  # type: ignore[assignment]
    placed.lay("Undtagelser.xlsx", saved(workbook))
    guard = placed.server.item("Planer/Undtagelser.xlsx").guard

    overview = placed.shown(hour=9)

    assert [line.notice.code for line in overview.notices if line.waiver] == ["CEL-07"]
    assert placed.server.item("Planer/Undtagelser.xlsx").guard == guard


def test_they_need_a_source_there(placed: SharePointSite) -> None:
    placed.configure(
        sources='[[sources]]\nfolder = "sheets"',
        sections='[overview]\nsharepoint = "Overblik.xlsx"',
    )

    answer = placed.command("sync")

    assert (answer.code, 'need a source with kind = "sharepoint"' in answer.err) == (2, True)
