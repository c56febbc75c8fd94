"""Working days before a deadline: weekends and Danish holidays are none."""

from __future__ import annotations

from datetime import date

import pytest

from sync.overview.working_days import reminder_now, working_days_before


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (date(2026, 6, 30), 5, date(2026, 6, 23)),  # over a weekend
        (date(2027, 3, 30), 5, date(2027, 3, 18)),  # Maundy Thursday to Easter Monday
        (date(2027, 1, 4), 5, date(2026, 12, 24)),  # New Year, Christmas Day and the day after
        (date(2028, 3, 1), 1, date(2028, 2, 29)),
        (date(2026, 6, 30), 30, date(2026, 5, 18)),  # Whit Monday is the 25th of May
    ],
)
def test_working_days_before(day: date, count: int, before: date) -> None:
    assert working_days_before(day, count) == before


@pytest.mark.parametrize(
    ("today", "reminder"),
    [
        (date(2026, 5, 17), None),
        (date(2026, 5, 18), 30),
        (date(2026, 6, 22), 30),
        (date(2026, 6, 23), 5),
        (date(2026, 6, 30), 5),
        (date(2026, 7, 1), None),
    ],
)
def test_a_deadline_is_reminded_of_twice(today: date, reminder: int | None) -> None:
    assert reminder_now(date(2026, 6, 30), today) == reminder
