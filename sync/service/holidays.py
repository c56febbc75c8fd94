"""The configured schedule as a timetable, with the Danish public holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from holidays import country_holidays

from sync.config.job import WEEKDAYS, ScheduleSection
from sync.service.timetable import Timetable


def timetable_of(section: ScheduleSection) -> Timetable:
    """The timetable that the section describes."""
    return Timetable(
        zone=ZoneInfo(section.timezone),
        times=section.times,
        every_minutes=section.every_minutes,
        weekdays=[WEEKDAYS.index(weekday) for weekday in section.weekdays],
        quiet=(section.quiet_hours[0], section.quiet_hours[1]) if section.quiet_hours else None,
        is_day_off=public_holidays() if section.skip_holidays else lambda _: False,
    )


def public_holidays() -> Callable[[date], bool]:
    """Whether a day is a public holiday in Denmark."""
    days = country_holidays("DK")
    return lambda day: day in days
