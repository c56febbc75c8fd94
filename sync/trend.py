"""How the open findings have come and gone: what the history keeps of each week, and of each one.

A finding's stint is the latest time that it stood in its workbook, accepted or not. A finding that
went away and came back begins a new one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from rules.catalogue import Notice
from rules.finding import Severity

WEEKS_SHOWN = 26
_WEEK = timedelta(days=7)
Place = tuple[str, str]
"""A plan (its Plan-id, or its workbook's path) and an area (or nothing)."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What became of one area's findings in the last seven days, and how long they stand there.

    `days_open` is the median of those that stand there now, `days_to_solve` of those that went
    away in the weeks shown; None where there is none.
    """

    new: int = 0
    solved: int = 0
    returned: int = 0
    days_open: int | None = None
    days_to_solve: int | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """Open findings by week (its Monday) and place, this week the last; and the turns by area."""

    weeks: Mapping[date, Mapping[Place, Counter[Severity]]] = field(default_factory=dict)
    turns: Mapping[str, Turns] = field(default_factory=dict)

    def last_week(self, today: date) -> Mapping[Place, Counter[Severity]] | None:
        """The latest week before today's; None where there is none."""
        earlier = [monday for monday in self.weeks if monday < monday_of(today)]
        return self.weeks[max(earlier)] if earlier else None


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def record(
    database: sqlite3.Connection,
    counts: Mapping[Place, Counter[Severity]],
    there: Mapping[str, Notice],
    judged_paths: Iterable[str],
    today: date,
) -> None:
    """Keep the week's counts, and which findings (by identity) stand in the judged workbooks."""
    monday, day = monday_of(today).isoformat(), today.isoformat()
    weeks = [(monday, *place, *(count[s] for s in Severity)) for place, count in counts.items()]
    stints = [(identity, notice.workbook, day) for identity, notice in there.items()]
    with database:
        database.execute("DELETE FROM week WHERE monday = ?", (monday,))
        database.executemany("INSERT INTO week VALUES (?, ?, ?, ?, ?, ?)", weeks)
        database.executemany(
            "INSERT INTO stint VALUES (?, ?, ?, NULL, 0) ON CONFLICT (identity) DO UPDATE SET "
            "opened_on = excluded.opened_on, closed_on = NULL, has_returned = 1 "
            "WHERE closed_on IS NOT NULL",
            stints,
        )
        database.execute("CREATE TEMP TABLE IF NOT EXISTS stands (identity TEXT PRIMARY KEY)")
        database.execute("DELETE FROM stands")
        database.executemany("INSERT INTO stands VALUES (?)", [(one,) for one in there])
        database.executemany(
            "UPDATE stint SET closed_on = ? WHERE workbook = ? AND closed_on IS NULL "
            "AND identity NOT IN (SELECT identity FROM stands)",
            [(day, path) for path in judged_paths],
        )


def trend(database: sqlite3.Connection, areas: Mapping[str, str], today: date) -> Trend:
    """What is kept, as it stands today; `areas` are the areas of workbooks by path."""
    first = monday_of(today) - (WEEKS_SHOWN - 1) * _WEEK
    weeks: dict[date, dict[Place, Counter[Severity]]] = defaultdict(dict)
    rows = database.execute(
        "SELECT monday, plan, area, fejl, advarsel, info FROM week WHERE monday BETWEEN ? AND ? "
        "ORDER BY monday, plan, area",
        (first.isoformat(), today.isoformat()),
    )
    for monday, plan, area, *counts in rows:
        severities = Counter(dict(zip(Severity, counts, strict=True)))
        weeks[date.fromisoformat(monday)][plan, area] = severities
    return Trend(dict(weeks), _turns(database, areas, today, first))


def _turns(
    database: sqlite3.Connection, areas: Mapping[str, str], today: date, first: date
) -> dict[str, Turns]:
    new, solved, returned = Counter[str](), Counter[str](), Counter[str]()
    ages: dict[str, list[int]] = defaultdict(list)
    lasted: dict[str, list[int]] = defaultdict(list)
    since = today - _WEEK
    rows = database.execute(
        "SELECT workbook, opened_on, closed_on, has_returned FROM stint "
        "WHERE closed_on IS NULL OR closed_on >= ?",
        (first.isoformat(),),
    )
    for path, opened, closed, has_returned in rows:
        if path not in areas:
            continue
        area, opened_on = areas[path], date.fromisoformat(opened)
        if closed is None:
            ages[area].append((today - opened_on).days)
            if opened_on > since:
                (returned if has_returned else new)[area] += 1
        else:
            closed_on = date.fromisoformat(closed)
            lasted[area].append((closed_on - opened_on).days)
            solved[area] += closed_on > since
    return {
        area: Turns(
            new[area], solved[area], returned[area], _median(ages[area]), _median(lasted[area])
        )
        for area in sorted(set(areas.values()))
    }


def _median(days: list[int]) -> int | None:
    return round(median(days)) if days else None
