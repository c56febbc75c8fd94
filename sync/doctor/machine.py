"""The clock, the time zone and the schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sync.config import Settings
from sync.doctor.file_probe import written_at
from sync.locks.lock import SERVICE, holder_of
from sync.service.timetable import timetable_of
from sync.stores.base import Line

LARGEST_DIFFERENCE = timedelta(minutes=5)
RELEASED = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier day."""


def clock_lines(settings: Settings, now: datetime) -> Iterator[Line]:
    """The machine's clock, beside the clocks of the file systems."""
    zone = settings.schedule.timezone
    now = now.astimezone(ZoneInfo(zone))
    if now < RELEASED:
        yield Line(
            "clock",
            f"it shows {now:%Y-%m-%d %H:%M}, which is before this program was made",
            "Set the machine's clock, and let it be kept right (Linux: timedatectl set-ntp true).",
        )
        return
    for folder in _folders(settings):
        try:
            there = datetime.fromtimestamp(written_at(folder), now.tzinfo)
        except OSError:
            continue  # what is wrong with the folder is said where it is examined
        difference = abs(there - datetime.now(now.tzinfo))
        if difference > LARGEST_DIFFERENCE:
            yield Line(
                "clock",
                f"this machine says {now:%Y-%m-%d %H:%M}, the file system of {folder} "
                f"{there:%Y-%m-%d %H:%M}",
                "Set the clock that is wrong, and let both be kept right by a time server.",
            )
            return
    yield Line("clock", f"{now:%Y-%m-%d %H:%M} in {zone}, as on the file systems")


def _folders(settings: Settings) -> Iterator[Path]:
    yield settings.state.folder
    yield from (source.folder for source in settings.folders)


def schedule_lines(settings: Settings, now: datetime) -> Iterator[Line]:
    """Whether the schedule ever comes, and whether somebody waits for it."""
    following = timetable_of(settings.schedule).next_after(now)
    if following is None:
        yield Line(
            "schedule",
            "it never comes: quiet_hours or skip_holidays leave no time of it",
            "Change times, every_minutes, weekdays or quiet_hours in [schedule].",
        )
        return
    holder = holder_of(settings.state, SERVICE)
    waits = f"the service waits for it: {holder}" if holder else "no service is waiting"
    yield Line("schedule", f"the next time is {following:%Y-%m-%d %H:%M}; {waits}")
