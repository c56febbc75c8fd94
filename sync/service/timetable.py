"""When the job is due, by the configured schedule. Pure: the clock is passed in.

Times are those of the clock on the wall. In spring a time that the clock skips comes as much later
as the clock was put forward; in autumn a time that comes twice is taken the first time. A step of
minutes counts real time from each midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

from sync.config.job import WEEKDAYS, ScheduleSection

FARTHEST_DAYS = 370
"""No schedule has a longer gap, unless it never comes."""


class Timetable:
    """The times of day (or every so many minutes) on the schedule's weekdays, except on days off.

    Within the quiet hours, from the first up to the second, nothing begins.
    """

    def __init__(self, section: ScheduleSection) -> None:
        self.zone = ZoneInfo(section.timezone)
        self.weekdays = [WEEKDAYS.index(weekday) for weekday in section.weekdays]
        """Monday is 0."""
        self._section = section
        self._is_day_off = public_holidays() if section.skip_holidays else lambda _: False

    def due(self, now: datetime, since: datetime) -> datetime | None:
        """The latest time between `since` and now; None where there is none, or in quiet hours.

        However many have been missed, it is one.
        """
        if self.is_quiet(now):
            return None
        last = now.astimezone(self.zone).date()
        first = max(since.astimezone(self.zone).date(), last - timedelta(days=FARTHEST_DAYS))
        while last >= first - timedelta(days=1):
            if missed := [moment for moment in self.on(last) if since < moment <= now]:
                return missed[-1].astimezone(self.zone)
            last -= timedelta(days=1)
        return None

    def next_after(self, now: datetime) -> datetime | None:
        """The first time that is still to come; None where the schedule never comes."""
        first = now.astimezone(self.zone).date() - timedelta(days=1)
        for days in range(FARTHEST_DAYS):
            for moment in self.on(first + timedelta(days=days)):
                if moment > now:
                    return moment.astimezone(self.zone)
        return None

    def on(self, day: date) -> list[datetime]:
        """The times of a day, in their order."""
        if day.weekday() not in self.weekdays or self._is_day_off(day):
            return []
        moments = (
            self._steps(day)
            if self._section.every_minutes
            else map(self._at(day), self._section.times)
        )
        return sorted({moment for moment in moments if not self.is_quiet(moment)})

    def is_quiet(self, moment: datetime) -> bool:
        """Whether the moment lies in the quiet hours."""
        if not self._section.quiet_hours:
            return False
        begin, end = self._section.quiet_hours
        clock = moment.astimezone(self.zone).time()
        return begin <= clock < end if begin < end else clock >= begin or clock < end

    def _at(self, day: date) -> Callable[[time], datetime]:
        return lambda clock: datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _steps(self, day: date) -> Iterator[datetime]:
        moment, end = self._at(day)(time()), self._at(day + timedelta(days=1))(time())
        while moment < end:
            yield moment
            moment += timedelta(minutes=self._section.every_minutes)


def public_holidays() -> Callable[[date], bool]:
    """Whether a day is a public holiday in Denmark."""
    days = country_holidays("DK")
    return lambda day: day in days
