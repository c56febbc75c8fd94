"""Days that are not today's, and clocks that are wrong: nothing is forgotten or deleted by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sync.stores.configured import kept_copies
from tests.sync.conftest import Asked
from tests.sync.helpers import TODAY, Site, book, mended, overview_of

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
ONE = timedelta(days=1)
NAME = "a.xlsx"
SPRANG = "sprang maskinens ur fra"


def test_another_day_is_looked_at_and_not_kept(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    assert site.command("sync").code == 0
    before = site.everything()
    for day in ("2030-01-01", "2019-01-01"):
        answer = site.command("sync", "--today", day)
        assert answer.code == 0
        assert answer.err == f"{day} is not today: nothing is kept without --remember\n"
        assert f"would be written: {NAME}" in answer.out
        assert site.everything() == before
    mended(site, NAME, "Milepæle", "B3", 2)
    assert site.command("sync").code == 0
    open_now = site.command("status", "--format", "json").json["open"]
    checked = site.command("check", "--format", "json", "--exit-zero").json["summary"]
    assert [plan["fejl"] for plan in open_now] == [checked["fejl"]]


def test_a_first_run_on_another_day_leaves_no_trace(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    before = site.everything()
    assert site.command("sync", "--today", "2030-01-01", "--full").code == 0
    assert site.everything() == before
    assert not site.state.exists()


def test_today_by_its_name_is_today(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    answer = site.command("sync", "--today", datetime.now(UTC).date().isoformat(), "--full")
    assert site.state.exists() or "is not today" in answer.err, "at midnight it may be another"


def test_the_option_named_for_it_keeps_the_day(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    answer = site.command("sync", "--today", "2027-03-01", "--remember")
    assert answer.err == ""
    assert f"written: {NAME}" in answer.out
    assert site.asked("SELECT DISTINCT last_seen FROM finding") == [("2027-03-01",)]


def test_what_was_seen_on_a_day_to_come_is_put_right_today(site: Site, asked: Asked) -> None:
    site.put(NAME, book(cells=WRONG))
    site.sync(TODAY + 3 * ONE)
    mended(site, NAME, "Milepæle", "B3", 2)
    report = site.sync(TODAY)
    assert asked("SELECT code, is_open, first_seen, last_seen FROM finding ORDER BY code") == [
        ("CEL-02", 1, "2026-11-23", "2026-11-23"),
        ("MIL-02", 0, "2026-11-26", "2026-11-26"),
    ]
    assert {line.first_seen for line in overview_of(report).notices} == {TODAY}
    assert asked("SELECT opened_on, closed_on FROM stint ORDER BY closed_on IS NULL") == [
        ("2026-11-23", "2026-11-23"), ("2026-11-23", None),
    ]  # fmt: skip
    assert asked("SELECT DISTINCT monday FROM week") == [("2026-11-23",)]


def by_the_clock(site: Site, day: date, hour: int = 8) -> list[str]:
    """What stood in the way of a run whose day is the machine's own."""
    return [text for _, text in site.sync(day, hour, is_day_given=False, full=True).problems]


@pytest.mark.parametrize("days", [-8000, -1, 15, 40, 1500])
def test_a_clock_that_leaps_is_told_and_nothing_is_forgotten(site: Site, days: int) -> None:
    site.put(NAME, book(cells=WRONG))
    assert by_the_clock(site, TODAY) == []
    mended(site, NAME, "Milepæle", "B3", 2)
    assert by_the_clock(site, TODAY, 9) == []
    aged_copies(site)
    before = {copy.file for copy in kept_copies(site.settings()).of(NAME)}
    assert len(before) == 2
    site.asked("INSERT INTO run (id, started_at) VALUES (0, '1900-01-01T00:00:00+00:00')")
    leapt = TODAY + days * ONE
    (told,) = by_the_clock(site, leapt)
    assert SPRANG in told
    assert "23. november 2026 kl. 9.00" in told
    assert by_the_clock(site, leapt, 9) == [told], "it is told until somebody can have looked"
    assert all(file.exists() for file in before)
    assert site.asked("SELECT COUNT(*) FROM run WHERE started_at < '1901'") == [(1,)]


def aged_copies(site: Site) -> None:
    """Let the copies be as old as those that are dropped."""
    for number, copy in enumerate(kept_copies(site.settings()).of(NAME)):
        moment = datetime(2020, 1, 9 - number, tzinfo=UTC)
        name = f"{moment:%Y%m%dT%H%M%S.%fZ}-{copy.digest}{copy.file.suffix}"
        copy.file.rename(copy.file.with_name(name))


def test_a_clock_that_goes_on_as_clocks_do_is_believed(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    by_the_clock(site, TODAY)
    mended(site, NAME, "Milepæle", "B3", 2)
    by_the_clock(site, TODAY, 9)
    newest = kept_copies(site.settings()).of(NAME)[0].content()
    aged_copies(site)
    assert by_the_clock(site, TODAY + 14 * ONE) == []
    assert [one.content() for one in kept_copies(site.settings()).of(NAME)] == [newest]


def test_after_a_leap_the_clock_is_believed_again(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    by_the_clock(site, TODAY)
    leapt = TODAY + 40 * ONE
    assert SPRANG in "".join(by_the_clock(site, leapt))
    assert SPRANG in "".join(by_the_clock(site, leapt + 2 * ONE))
    assert by_the_clock(site, leapt + 3 * ONE) == []


def test_a_clock_that_is_set_right_is_told_once_more(site: Site) -> None:
    site.put(NAME, book(cells=WRONG))
    by_the_clock(site, TODAY)
    by_the_clock(site, TODAY + 40 * ONE)
    (told,) = by_the_clock(site, TODAY, 9)
    assert "til 23. november 2026 kl. 9.00" in told
    assert by_the_clock(site, TODAY + 4 * ONE) == []
