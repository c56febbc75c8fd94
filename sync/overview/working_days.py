"""Working days, and when a deadline is reminded of."""

from __future__ import annotations

from datetime import date, timedelta

REMINDERS = (30, 5)
"""So many working days before a report is due it is reminded of."""
_SATURDAY = 5


def working_days_before(day: date, count: int) -> date:
    """The day that lies so many working days before; public holidays of Denmark are none."""
    from holidays import country_holidays  # noqa: PLC0415  slow to load, and seldom needed

    holidays = country_holidays("DK")
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < _SATURDAY and day not in holidays
    return day


def reminder_now(on: date, today: date) -> int | None:
    """Which of the reminders of a deadline is the latest; None before the first, and after it."""
    if today > on:
        return None
    begun = (count for count in sorted(REMINDERS) if today >= working_days_before(on, count))
    return next(begun, None)
