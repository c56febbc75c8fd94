"""When the job is due: tables of days and moments, the clock passed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from sync.config.job import ScheduleSection
from sync.service.timetable import Timetable, public_holidays
from tests.sync.helpers import COPENHAGEN

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
NIGHT = ["22:00", "05:00"]


def timetable(**keys: Any) -> Timetable:
    return Timetable(ScheduleSection.model_validate(keys))


def at(text: str) -> datetime:
    """A moment of the clock on the wall: `2026-11-23 06:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def local_time(moment: datetime | None) -> str | None:
    return moment.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M %Z") if moment else None


@pytest.mark.parametrize(
    ("keys", "day", "times"),
    [
        ({}, "2026-11-23", ["06:00 CET"]),
        ({"times": ["12:30", "06:00"]}, "2026-11-23", ["06:00 CET", "12:30 CET"]),
        ({"times": ["06:00", "06:00"]}, "2026-11-23", ["06:00 CET"]),
        ({"weekdays": ["mandag"]}, "2026-11-24", []),
        ({"weekdays": ["tirsdag"]}, "2026-11-24", ["06:00 CET"]),
        ({"every_minutes": 720}, "2026-11-23", ["00:00 CET", "12:00 CET"]),
        ({"every_minutes": 1000}, "2026-11-23", ["00:00 CET", "16:40 CET"]),
        ({"every_minutes": 360, "quiet_hours": ["22:00", "06:00"]}, "2026-11-23",
         ["06:00 CET", "12:00 CET", "18:00 CET"]),
        ({"times": ["12:00", "13:00"], "quiet_hours": ["12:30", "13:30"]}, "2026-11-23",
         ["12:00 CET"]),
        ({"times": ["02:30"]}, "2026-03-29", ["03:30 CEST"]),
        ({"times": ["02:30", "03:30"]}, "2026-03-29", ["03:30 CEST"]),
        ({"times": ["01:59", "03:00"]}, "2026-03-29", ["01:59 CET", "03:00 CEST"]),
        ({"times": ["02:30"]}, "2026-10-25", ["02:30 CEST"]),
        ({"times": ["03:00"]}, "2026-10-25", ["03:00 CET"]),
        ({"every_minutes": 60, "quiet_hours": ["04:00", "00:00"]}, "2026-03-29",
         ["00:00 CET", "01:00 CET", "03:00 CEST"]),
        ({"every_minutes": 60, "quiet_hours": ["04:00", "00:00"]}, "2026-10-25",
         ["00:00 CEST", "01:00 CEST", "02:00 CEST", "02:00 CET", "03:00 CET"]),
        ({"skip_holidays": True}, "2026-12-25", []),
        ({"skip_holidays": False}, "2026-12-25", ["06:00 CET"]),
        ({"skip_holidays": True}, "2026-12-28", ["06:00 CET"]),
    ],
)  # fmt: skip
def test_the_times_of_a_day(keys: dict[str, Any], day: str, times: list[str]) -> None:
    moments = timetable(**keys).on(date.fromisoformat(day))
    assert [local_time(moment) for moment in moments] == [f"{day} {one}" for one in times]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 23), 24)])
def test_a_day_has_as_many_steps_as_hours(day: date, hours: int) -> None:
    moments = timetable(every_minutes=60).on(day)
    assert len(moments) == hours
    assert {b - a for a, b in pairwise(moments)} == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("keys", "now", "following"),
    [
        ({}, "2026-11-23 05:59", "2026-11-23 06:00 CET"),
        ({}, "2026-11-23 06:00", "2026-11-24 06:00 CET"),
        ({"weekdays": ["mandag"]}, "2026-11-23 06:00", "2026-11-30 06:00 CET"),
        ({"skip_holidays": True}, "2026-04-01 07:00", "2026-04-04 06:00 CEST"),
        ({"skip_holidays": True, "weekdays": ["torsdag"]}, "2026-12-24 07:00",
         "2026-12-31 06:00 CET"),
        ({"times": ["02:30"]}, "2026-03-28 12:00", "2026-03-29 03:30 CEST"),
        ({"times": ["02:30"]}, "2026-10-25 02:30", "2026-10-26 02:30 CET"),
        ({"every_minutes": 30}, "2026-11-23 23:45", "2026-11-24 00:00 CET"),
        ({"every_minutes": 30, "quiet_hours": NIGHT}, "2026-11-23 21:45", "2026-11-24 05:00 CET"),
        ({"times": ["23:00"], "quiet_hours": NIGHT}, "2026-11-23 12:00", None),
    ],
)  # fmt: skip
def test_the_next_time(keys: dict[str, Any], now: str, following: str | None) -> None:
    assert local_time(timetable(**keys).next_after(at(now))) == following


@pytest.mark.parametrize(
    ("keys", "since", "now", "due"),
    [
        ({}, "2026-11-23 05:00", "2026-11-23 05:59", None),
        ({}, "2026-11-23 05:00", "2026-11-23 06:00", "2026-11-23 06:00 CET"),
        ({}, "2026-11-23 06:00", "2026-11-23 06:01", None),
        ({}, "2026-11-23 06:01", "2026-11-24 05:59", None),
        ({}, "2026-11-20 06:00", "2026-11-23 09:13", "2026-11-23 06:00 CET"),
        ({}, "2024-01-01 06:00", "2026-11-23 05:13", "2026-11-22 06:00 CET"),
        ({"weekdays": ["fredag"]}, "2026-11-19 06:00", "2026-11-22 12:00", "2026-11-20 06:00 CET"),
        ({"every_minutes": 15}, "2026-11-23 08:00", "2026-11-23 11:59", "2026-11-23 11:45 CET"),
        ({"quiet_hours": NIGHT}, "2026-11-22 05:00", "2026-11-22 23:00", None),
        ({"quiet_hours": NIGHT}, "2026-11-22 05:00", "2026-11-23 05:00", "2026-11-22 06:00 CET"),
        ({"skip_holidays": True}, "2026-12-24 06:00", "2026-12-27 05:00", None),
    ],
)  # fmt: skip
def test_what_is_due(keys: dict[str, Any], since: str, now: str, due: str | None) -> None:
    assert local_time(timetable(**keys).due(at(now), at(since))) == due


@pytest.mark.parametrize("zone", [UTC, COPENHAGEN], ids=str)
@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        (["22:00", "05:00"], ["22:00", "00:00", "04:59"], ["05:00", "21:59"]),
        (["12:00", "13:00"], ["12:00", "12:59"], ["11:59", "13:00"]),
    ],
)
def test_quiet_hours_begin_with_the_first_and_end_before_the_second(
    hours: list[str], quiet: list[str], loud: list[str], zone: Any
) -> None:
    table = timetable(quiet_hours=hours)
    for clock in [*quiet, *loud]:
        moment = at(f"2026-11-23 {clock}").astimezone(zone)
        assert table.is_quiet(moment) is (clock in quiet)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "nytårsdag"), ("2026-04-02", "skærtorsdag"), ("2026-04-03", "langfredag"),
        ("2026-04-06", "anden påskedag"), ("2026-05-14", "Kristi himmelfartsdag"),
        ("2026-05-25", "anden pinsedag"), ("2026-12-25", "juledag"),
        ("2023-05-05", "store bededag"),
    ],
)  # fmt: skip
def test_danish_holidays(day: str, name: str) -> None:
    assert public_holidays()(date.fromisoformat(day)), name


@pytest.mark.parametrize("day", ["2024-04-26", "2026-06-05", "2026-12-24", "2026-12-31"])
def test_what_is_no_public_holiday(day: str) -> None:
    assert not public_holidays()(date.fromisoformat(day))


def test_a_year_of_looks_starts_each_run_once() -> None:
    """Every quarter of an hour of a year, both clock changes among them."""
    table = timetable(times=["02:30", "06:00"])
    since = now = datetime(2026, 1, 1, tzinfo=COPENHAGEN).astimezone(UTC)
    begun: list[datetime] = []
    while now < datetime(2027, 1, 1, tzinfo=COPENHAGEN):
        if table.due(now, since):
            begun.append(now.astimezone(COPENHAGEN))
            since = now
        now += timedelta(minutes=15)
    assert len(begun) == 2 * 365
    assert len({(run.date(), run.time()) for run in begun}) == 2 * 365
    assert {run.time() for run in begun} == {time(2, 30), time(3, 30), time(6, 0)}
