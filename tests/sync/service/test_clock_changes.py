"""The two days a year on which the clocks change, and clocks that are set: the clock passed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from sync.config.job import ScheduleSection
from sync.service.loop import STEP, TRIED_AGAIN_AFTER, Service
from sync.service.timetable import Timetable
from tests.sync.helpers import COPENHAGEN

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPRING, AUTUMN = "2027-03-28", "2027-10-31"


class Watched:
    """A service whose clock is passed in, and when its runs began."""

    def __init__(self, now: datetime, **keys: Any) -> None:
        self.now = now.astimezone(UTC)
        self.begun: list[datetime] = []
        self.fails = False
        timetable = Timetable(ScheduleSection.model_validate(keys))
        self.service = Service(
            timetable, ["true"], clock=self.clock, since=self.clock(), longest=HOUR,
            ended=self.ended,
        )  # fmt: skip

    def clock(self) -> datetime:
        """As the job has it: on the wall, where moments an hour apart look alike."""
        return self.now.astimezone(COPENHAGEN)

    def ended(self, _code: int | None, begun_at: datetime) -> bool:
        self.begun.append(begun_at)
        return self.fails

    def goes_on(self, passes: timedelta, step: timedelta = MINUTE) -> None:
        """Let time pass, and the service look all the while."""
        end = self.now + passes
        while self.now < end:
            self.service.look()
            self.now += step
        self.service.look()

    def times(self) -> list[str]:
        """When runs began, by the clock on the wall."""
        return [f"{one:%H:%M %Z}" for one in self.begun]


def at(moment: str) -> datetime:
    """A moment by the clock on the wall, in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=COPENHAGEN).astimezone(UTC)


def midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("keys", "day", "times"),
    [
        ({"times": ["06:00"]}, SPRING, ["06:00 CEST"]),
        ({"times": ["06:00"]}, AUTUMN, ["06:00 CET"]),
        ({"times": ["01:59"]}, SPRING, ["01:59 CET"]),
        ({"times": ["02:00"]}, SPRING, ["03:00 CEST"]),
        ({"times": ["02:30"]}, SPRING, ["03:30 CEST"]),
        ({"times": ["03:00"]}, SPRING, ["03:00 CEST"]),
        ({"times": ["02:00", "02:30", "03:00"]}, SPRING, ["03:00 CEST", "03:30 CEST"]),
        ({"times": ["01:59"]}, AUTUMN, ["01:59 CEST"]),
        ({"times": ["02:00"]}, AUTUMN, ["02:00 CEST"]),
        ({"times": ["02:30"]}, AUTUMN, ["02:30 CEST"]),
        ({"times": ["02:59"]}, AUTUMN, ["02:59 CEST"]),
        ({"times": ["03:00"]}, AUTUMN, ["03:00 CET"]),
        ({"times": ["02:00", "02:30", "03:00"]}, AUTUMN,
         ["02:00 CEST", "02:30 CEST", "03:00 CET"]),
        ({"every_minutes": 60, "quiet_hours": ["05:00", "01:00"]}, SPRING,
         ["01:00 CET", "03:00 CEST", "04:00 CEST"]),
        ({"every_minutes": 60, "quiet_hours": ["05:00", "01:00"]}, AUTUMN,
         ["01:00 CEST", "02:00 CEST", "02:00 CET", "03:00 CET", "04:00 CET"]),
        ({"every_minutes": 30, "quiet_hours": ["04:00", "02:30"]}, SPRING,
         ["03:00 CEST", "03:30 CEST"]),
        ({"every_minutes": 30, "quiet_hours": ["04:00", "02:30"]}, AUTUMN,
         ["02:30 CEST", "02:30 CET", "03:00 CET", "03:30 CET"]),
        ({"every_minutes": 60, "quiet_hours": ["02:00", "03:00"]}, SPRING,
         ["01:00 CET", "03:00 CEST", "04:00 CEST"]),
    ],
)  # fmt: skip
def test_each_time_comes_once(keys: dict[str, Any], day: str, times: list[str]) -> None:
    watched = Watched(midnight(day), **keys)
    end = "06:59" if keys.get("times") == ["06:00"] else "04:59"
    watched.goes_on(at(f"{day} {end}") - watched.now)
    assert watched.times() == times


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("minutes", [7, 30, 45])
def test_steps_of_minutes_are_real_time(day: str, minutes: int) -> None:
    watched = Watched(midnight(day) - MINUTE, every_minutes=minutes)
    watched.goes_on(5 * HOUR)
    assert len(watched.begun) == (5 * 60 - 1) // minutes + 1
    begun = [one.astimezone(UTC) for one in watched.begun]
    assert {later - earlier for earlier, later in pairwise(begun)} == {minutes * MINUTE}


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_what_was_missed_in_the_night_is_made_up_for_once(day: str) -> None:
    watched = Watched(midnight(day) - HOUR, times=["02:00", "02:30"])
    watched.goes_on(MINUTE)
    watched.now = at(f"{day} 05:00")
    watched.goes_on(HOUR)
    assert watched.times() == [f"05:00 {watched.clock():%Z}"]


def test_a_service_that_starts_in_the_hour_that_comes_twice_runs_nothing_again() -> None:
    ran_at = datetime(2027, 10, 31, 2, 30, tzinfo=COPENHAGEN)
    watched = Watched(ran_at, times=["02:30"])
    watched.now = ran_at.astimezone(UTC) + 35 * MINUTE
    watched.goes_on(2 * HOUR, step=timedelta(seconds=10))
    assert watched.begun == []


def jumps() -> Iterator[Any]:
    """How a clock is set between two looks, and how many runs at 06:00 there are in three days."""
    yield pytest.param(-DAY, 3, id="a day back, which is lived again")
    yield pytest.param(365 * DAY, 4, id="a year ahead")
    yield pytest.param(-timedelta(seconds=20), 3, id="set right by some seconds")
    yield pytest.param(-STEP, 3, id="set right by some minutes")
    yield pytest.param(-HOUR, 3, id="an hour back")
    yield pytest.param(9 * DAY, 4, id="nine days asleep")


@pytest.mark.parametrize(("jump", "runs"), list(jumps()))
def test_a_clock_that_is_set(jump: timedelta, runs: int) -> None:
    watched = Watched(midnight("2027-05-03"), times=["06:00"])
    watched.goes_on(8 * HOUR)
    assert len(watched.begun) == 1
    watched.now += jump
    watched.goes_on(2 * DAY + 15 * HOUR)
    assert len(watched.begun) == runs


def test_a_clock_that_is_set_right_during_a_run_starts_no_second_one() -> None:
    watched = Watched(midnight("2027-05-03"), times=["06:00"])
    watched.goes_on(6 * HOUR)
    watched.now -= timedelta(seconds=30)
    watched.goes_on(HOUR)
    assert watched.times() == ["06:00 CEST"]


def test_a_run_that_met_a_lock_is_tried_again_within_minutes() -> None:
    watched = Watched(midnight("2027-05-03"), times=["06:00"], quiet_hours=["06:10", "07:00"])
    watched.fails = True
    watched.goes_on(6 * HOUR + 20 * MINUTE)
    assert watched.times() == ["06:00 CEST", "06:03 CEST", "06:06 CEST", "06:09 CEST"]
    assert TRIED_AGAIN_AFTER == 3 * MINUTE
    watched.goes_on(40 * MINUTE)
    assert watched.times()[4:] == ["07:00 CEST"], "nothing begins in quiet hours"
    watched.fails = False
    watched.goes_on(HOUR)
    assert watched.times()[5:] == ["07:03 CEST"]


def test_a_run_is_tried_again_although_the_clock_is_put_back() -> None:
    watched = Watched(midnight("2027-05-03"), times=["06:00"])
    watched.fails = True
    watched.goes_on(6 * HOUR)
    watched.now -= 3 * HOUR
    watched.fails = False
    watched.goes_on(MINUTE)
    assert watched.times() == ["06:00 CEST", "03:00 CEST"]
