"""How findings come and go: what the history keeps of weeks and stints, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sync.history.findings import monday_of
from tests.sync.conftest import Asked
from tests.sync.helpers import TODAY, Site, book, figures, table
from tests.sync.old_history import put_back
from tests.sync.run.test_waivers import Secretariat
from tests.sync.waiving import waiver

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5"}
TYPED_AS_TEXT = {"Indsatser!I2": "'1.600.000"}
WEEK = timedelta(days=7)


def turns(site: Site) -> tuple[int, int, int]:
    shown = figures(site.overview.read_bytes(), "Udvikling")
    return shown["Nye på en uge"], shown["Løst på en uge"], shown["Kommet igen på en uge"]


@pytest.mark.usefixtures("asked")
def test_a_finding_that_comes_back_has_returned(site: Site) -> None:
    wrong = {"Indsatser!I2": "'ca. 5"}
    for day, cells in enumerate((wrong, {}, wrong)):
        site.put("a.xlsx", book(cells=cells), changed_at=1_700_000_000 + day)
        site.sync(TODAY + timedelta(days=10 * day))
        assert turns(site) == [(1, 0, 0), (0, 1, 0), (0, 0, 1)][day]
    (line,) = table(site.overview.read_bytes(), "Udvikling")
    assert (line["Har stået, antal dage"], line["Løst efter, antal dage"]) == (0, None)


def test_a_finding_that_is_accepted_is_not_solved(site: Site) -> None:
    office = Secretariat(site.root)
    office.put("a.xlsx", book(cells=TYPED_AS_TEXT))
    office.sync()
    office.accept(waiver())
    office.sync(TODAY + WEEK)
    assert turns(office) == (0, 0, 0)
    assert figures(office.overview.read_bytes(), "Udvikling")["Åbne nu"] == 0


@pytest.mark.parametrize("days", [0, 6])
def test_the_last_run_of_a_week_counts(site: Site, asked: Asked, days: int) -> None:
    monday = monday_of(TODAY)
    site.put("a.xlsx", book())
    site.sync(monday)
    site.put("a.xlsx", book(cells=WRONG), changed_at=1_700_000_000)
    site.sync(monday + timedelta(days=days))
    assert asked("SELECT monday, plan, area, fejl FROM week") == [
        (monday.isoformat(), "VAP-2025", "Vapnagaard", 1)
    ]


def test_a_week_without_a_run_is_no_week_before(site: Site) -> None:
    site.put("a.xlsx", book())
    site.sync(TODAY - 3 * WEEK)
    site.put("a.xlsx", book(cells=WRONG), changed_at=1_700_000_000)
    site.sync(TODAY)
    (line,) = table(site.overview.read_bytes(), "Overblik")
    assert line["Ændring siden uge 45"] == 1


def test_before_the_second_week_nothing_is_said_of_change(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    for day in (monday_of(TODAY), monday_of(TODAY) + timedelta(days=6)):
        site.sync(day)
        (line,) = table(site.overview.read_bytes(), "Overblik")
        assert line["Ændring"] is None


def test_conflict_copies_count_for_nothing(site: Site, asked: Asked) -> None:
    site.put("a.xlsx", book())
    site.put("b.xlsx", book(cells=WRONG))
    site.sync()
    assert asked("SELECT plan, area, fejl FROM week") == [("VAP-2025", "Vapnagaard", 0)]


def test_old_weeks_and_stints_are_forgotten(site: Site, asked: Asked) -> None:
    for day, cells in ((date(2023, 1, 2), WRONG), (date(2023, 1, 9), {}), (TODAY, {})):
        site.put("a.xlsx", book(cells=cells), changed_at=1_600_000_000 + day.toordinal())
        site.sync(day)
    assert [monday for monday, *_ in asked("SELECT monday FROM week")] == [
        monday_of(TODAY).isoformat()
    ]
    old = "SELECT * FROM stint WHERE closed_on < '2024-01-01'"
    assert asked(old) == []


def test_an_older_history_tells_no_old_finding_as_new(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY - 5 * WEEK)
    put_back(site.database, 2)
    site.sync()
    assert turns(site) == (0, 0, 0)
    (line,) = table(site.overview.read_bytes(), "Udvikling")
    assert line["Har stået, antal dage"] == 35
