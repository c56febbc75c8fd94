"""Large tabs of the overview stay as they stand while nothing in them has changed."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rules.model.shipped import SHIPPED
from sheets_templates.report.description import Link, ReportSheet, SheetOutline
from sync.history.history import History
from sync.overview.workbook import OverviewSheets, OverviewTab, overview_tabs
from sync.stores.excel.overview import ExcelOverview
from sync.stores.files.local_file import LocalFile
from tests.sync.helpers import TODAY, Site, mended

pytestmark = pytest.mark.slow

LARGE = {"Tidslinje", "Indsatsområder", "Indsatser", "Erfaringer", "Medarbejdere"}


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tabs(site: Site, day: date, before: Sequence[OverviewTab] = ()) -> tuple[OverviewTab, ...]:
    """The tabs on a day; `before` are those that stand in the overview."""
    overview = site.shown(day, full=True)
    now = datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))
    written = {tab.written.key: tab.written for tab in before}
    sheets = OverviewSheets(overview, SHIPPED, now)
    return overview_tabs(sheets, lambda link: link, made_for="", written=written)


def left(some: Sequence[OverviewTab]) -> set[str]:
    """The names of the tabs that stay as they are."""
    return {tab.written.outline.name for tab in some if tab.sheet is None}


@pytest.mark.parametrize("days", [1, 7, 40, 100, 900])
def test_an_overview_of_which_a_part_stays_is_the_one_made_anew(demo: Site, days: int) -> None:
    demo.sync()
    demo.sync()
    day = TODAY + timedelta(days=days)
    demo.sync(day)
    stays = parts(demo.overview)
    demo.overview.unlink()
    demo.sync(day)
    assert parts(demo.overview) == stays


def test_a_tab_is_made_again_on_the_day_that_changes_it(demo: Site) -> None:
    last_day = date(2026, 12, 20)
    mended(demo, "Ellekildehave.xlsx", "Medarbejdere", "E4", "20-12-2026")
    before = tabs(demo, last_day)
    assert left(before) == set()
    assert left(tabs(demo, last_day, before)) == LARGE
    assert "Medarbejdere" not in left(tabs(demo, last_day + timedelta(days=1), before))
    next_quarter = tabs(demo, last_day + timedelta(days=92), before)
    assert "Tidslinje" not in left(next_quarter)
    assert "Indsatser" in left(next_quarter)


@pytest.mark.parametrize(("tab", "cell"), [("Indsatser", "C4"), ("Plan", "B12")])
def test_all_are_made_again_when_a_workbook_has_changed(demo: Site, tab: str, cell: str) -> None:
    before = tabs(demo, TODAY)
    name = next(iter(sorted(demo.sheets.glob("*.xlsx")))).name
    mended(demo, name, tab, cell, "Noget andet")
    assert left(tabs(demo, TODAY, before)) == set()


def test_all_are_made_again_where_links_lead_elsewhere(demo: Site) -> None:
    before = tabs(demo, TODAY)
    now = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))
    written = {tab.written.key: tab.written for tab in before}

    def elsewhere(link: Link) -> Link:
        return Link(link.text, f"../{link.address}", link.cell)

    sheets = OverviewSheets(demo.shown(full=True), SHIPPED, now)
    made = overview_tabs(sheets, elsewhere, made_for="", written=written)
    assert left(made) == set()


@pytest.mark.parametrize("told", ['[{"inputs": "", "shown": {}}]', "[", "{}"])
def test_what_another_version_remembered_is_made_again(demo: Site, told: str) -> None:
    demo.sync()
    with History(demo.settings().state) as history:
        history.notes.overview_tabs = told
    day = TODAY + timedelta(days=1)
    demo.sync(day)
    stands = parts(demo.overview)
    demo.overview.unlink()
    demo.sync(day)
    assert parts(demo.overview) == stands


def test_a_tab_with_more_rows_than_anybody_opens_says_so_and_counts_them_all(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))
    sheets = OverviewSheets(demo.shown(TODAY, full=True), SHIPPED, now)
    monkeypatch.setattr("sync.overview.workbook.MOST_ROWS", 2)
    for one in overview_tabs(sheets, lambda link: link, made_for="", written={}):
        sheet, whole = one.sheet, sheets[one.written.key]
        assert sheet
        assert len(sheet.rows) == min(2, len(whole.rows))
        assert (sheet.figures, len(sheet.charts)) == (whole.figures, len(whole.charts))
        says = f"Her står de første 2 af {len(whole.rows)} rækker. Alle tæller med i tallene."
        assert sheet.line.endswith(says) is (len(whole.rows) > 2)
        assert one.written.outline.last_row == sheet.last_row


def test_of_very_many_plans_the_most_urgent_ones_activities_are_listed(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.sync()
    every = {tab.written.key: tab for tab in tabs(demo, TODAY)}
    monkeypatch.setattr("sync.overview.workbook.MOST_PLANS", 2)
    few = {tab.written.key: tab for tab in tabs(demo, TODAY, [*every.values()])}
    plans = every["plans"].sheet
    assert plans
    urgent = {str(row[1].text) for row in plans.rows[:2] if isinstance(row[1], Link)}
    assert len(urgent) == 2
    for key in ("activities", "lessons"):
        sheet = few[key].sheet
        assert sheet
        assert sheet.line.endswith("Her står kun de 2 planer, der haster mest.")
        assert 0 < len(sheet.rows) < every[key].written.outline.last_row - sheet.header_row
    listed = few["activities"].sheet
    assert listed
    assert {row[3].text for row in listed.rows if isinstance(row[3], Link)} == urgent
    assert left([*few.values()]) == LARGE - {"Indsatser", "Erfaringer"}  # areas count all plans
    books = few["books"].sheet
    assert books
    left_out = [row for row in books.rows if row[1] not in urgent]
    assert left_out
    for row in books.rows:
        why, count = str(row[4]), str(row[11])
        reason = f"Indsatser: {count[5:]} er i en plan, der haster mindre."
        assert count.startswith("0 af ") is (reason in why) is (row in left_out)
        assert "uden forklaring" not in why


def test_nothing_is_taken_out_of_another_workbook(demo: Site) -> None:
    made = [tab.sheet for tab in tabs(demo, TODAY) if tab.sheet]
    some: list[ReportSheet | SheetOutline] = [
        one.outline if one.name in LARGE else one for one in made
    ]
    file = demo.root / "Andet.xlsx"
    other = ExcelOverview(LocalFile(file))
    assert other.replace(some, is_known=True, today=TODAY) is None
    assert not file.exists()
    other.replace(made[:-1], is_known=True, today=TODAY)
    stands = file.read_bytes()
    assert other.replace(some, is_known=True, today=TODAY) is None
    assert file.read_bytes() == stands
