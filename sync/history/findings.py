"""Every finding that was ever seen, by its identity; and how they have come and gone, by week.

A finding's open interval is the latest time that it stood in its workbook, accepted or not. A
finding that went away and came back begins a new one.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from sqlalchemy import case, delete, func, insert, or_, select, update

from rules.model.finding import Finding, Notice, Severity
from rules.text.quoting import quoted
from sync.history.database import (
    Repository,
    finding,
    interval,
    last_seen,
    update_each,
    upsert,
    week,
)


class Findings(Repository):
    """The findings of all runs."""

    def first_seen(self) -> dict[str, date]:
        """The day since which each finding stands in its workbook, by identity.

        One that was mended and comes back may have another cause, so it begins anew.
        """
        stands = interval.c.closed_on.is_(None)
        rows = self.database.rows(select(interval.c.identity, interval.c.opened_on).where(stands))
        return {identity: day for identity, day in rows}  # noqa: C416  rows are no pairs to mypy

    def record(
        self,
        found: Mapping[str, Notice],
        accepted: Iterable[str],
        judged_paths: Iterable[str],
        today: date,
    ) -> None:
        """Record the findings (by identity) of the workbooks that were judged today.

        They are open, but for those whose identities are among the accepted ones.
        """
        rows = [
            {"identity": identity, "workbook": one.workbook, "code": one.code,
             "severity": one.severity, "first_seen": today, "last_seen": today,
             "is_open": True}
            for identity, one in found.items()
        ]  # fmt: skip
        judged = set(judged_paths)
        with self.database.changing() as connection:
            if rows:
                new = upsert(connection, finding)
                first = case((finding.c.first_seen > today, today), else_=finding.c.first_seen)
                again = {"first_seen": first, "last_seen": today, "is_open": True,
                         "severity": new.excluded.severity}  # fmt: skip
                keys = [finding.c.identity]
                connection.execute(new.on_conflict_do_update(index_elements=keys, set_=again), rows)
            still_open = connection.execute(
                select(finding.c.identity, finding.c.workbook).where(finding.c.is_open)
            )
            gone = [key for key, path in still_open if path in judged and key not in found]
            close = update(finding).values(is_open=False)
            update_each(connection, close, finding.c.identity, [*gone, *accepted])

    def open_by_plan(self) -> dict[str, Counter[Severity]]:
        """How many findings are open in each plan, by Plan-id (or path where there is none)."""
        found, seen = finding.c, last_seen.c
        plan_of = func.coalesce(seen.plan_id, found.workbook)
        open_now = (
            select(plan_of, found.severity, func.count())
            .select_from(finding.outerjoin(last_seen, seen.path == found.workbook))
            .where(found.is_open, seen.missing_since.is_(None))
            .group_by(plan_of, found.severity)
        )
        counts: dict[str, Counter[Severity]] = defaultdict(Counter)
        for plan, severity, count in self.database.rows(open_now):
            counts[plan][Severity(severity)] += count
        return dict(sorted(counts.items()))


def by_identity(findings: Iterable[Finding]) -> dict[str, Finding]:
    """A workbook's findings, by what each is known again when its row has been moved.

    Those that are alike are numbered.
    """
    alike: Counter[str] = Counter()
    found = {}
    for one in findings:
        place = one.place
        column = quoted(place.header) if place.header else ""
        parts = (place.workbook, place.tab or "", one.code, column, one.identity)
        identity = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
        alike[identity] += 1
        found[f"{identity}-{alike[identity]}" if alike[identity] > 1 else identity] = one
    return found


WEEKS_SHOWN = 26
_WEEK = timedelta(days=7)
Place = tuple[str, str]
"""A plan (its Plan-id, or its workbook's path) and an area (or nothing)."""


@dataclass(frozen=True, slots=True)
class AreaTrend:
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
    """Open findings by week (its Monday) and place, this week the last; and by area.

    `seen` is how many fejl and advarsler of each rule there were in the weeks shown, by code.
    """

    weeks: Mapping[date, Mapping[Place, Counter[Severity]]] = field(default_factory=dict)
    areas: Mapping[str, AreaTrend] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)

    def week_before(self, today: date) -> date | None:
        """The Monday of the latest week before today's; None where there is none."""
        return max((monday for monday in self.weeks if monday < monday_of(today)), default=None)

    def last_week(self, today: date) -> Mapping[Place, Counter[Severity]] | None:
        """The latest week before today's; None where there is none."""
        monday = self.week_before(today)
        return self.weeks[monday] if monday else None


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


class Trends(Repository):
    """What is kept of each week, and of each finding."""

    def record(
        self,
        counts: Mapping[Place, Counter[Severity]],
        there: Mapping[str, Notice],
        judged_paths: Iterable[str],
        today: date,
    ) -> None:
        """Keep the week's counts, and which findings (by identity) the judged workbooks have."""
        monday, judged = monday_of(today), set(judged_paths)
        weeks = [
            {"monday": monday, "plan": plan, "area": area, **{s.value: count[s] for s in Severity}}
            for (plan, area), count in counts.items()
        ]
        intervals = [
            {"identity": identity, "workbook": notice.workbook, "opened_on": today,
             "closed_on": None, "has_returned": False}
            for identity, notice in there.items()
        ]  # fmt: skip
        with self.database.changing() as connection:
            # What is dated later was noted while the clock was wrong.
            connection.execute(delete(week).where(week.c.monday >= monday))
            for day in (interval.c.opened_on, interval.c.closed_on):
                connection.execute(update(interval).where(day > today).values({day: today}))
            if weeks:
                connection.execute(insert(week), weeks)
            if intervals:
                returned = {"opened_on": today, "closed_on": None, "has_returned": True}
                connection.execute(
                    upsert(connection, interval).on_conflict_do_update(
                        index_elements=[interval.c.identity],
                        set_=returned,
                        where=interval.c.closed_on.is_not(None),
                    ),
                    intervals,
                )
            is_open = interval.c.closed_on.is_(None)
            still_open = connection.execute(
                select(interval.c.identity, interval.c.workbook).where(is_open)
            )
            gone = [key for key, path in still_open if path in judged and key not in there]
            close = update(interval).values(closed_on=today)
            update_each(connection, close, interval.c.identity, gone)

    def as_of(self, areas: Mapping[str, str], today: date) -> Trend:
        """What is kept, as it stands today; `areas` are the areas of workbooks by path."""
        first = monday_of(today) - (WEEKS_SHOWN - 1) * _WEEK
        weeks: dict[date, dict[Place, Counter[Severity]]] = defaultdict(dict)
        key = (week.c.monday, week.c.plan, week.c.area)
        kept = (
            select(*key, *(week.c[severity.value] for severity in Severity))
            .where(week.c.monday.between(first, today))
            .order_by(*key)
        )
        for monday, plan, area, *counts in self.database.rows(kept):
            weeks[monday][plan, area] = Counter(dict(zip(Severity, counts, strict=True)))
        return Trend(dict(weeks), self._by_area(areas, today, first), self._seen(areas, first))

    def _seen(self, areas: Mapping[str, str], first: date) -> dict[str, int]:
        """How many findings of each rule were there since the first day, infos left out."""
        found = finding.c
        kept = select(found.code, found.workbook, func.count()).where(
            found.last_seen >= first, found.severity != Severity.INFO.value
        )
        counts: Counter[str] = Counter()
        for code, path, count in self.database.rows(kept.group_by(found.code, found.workbook)):
            counts[code] += count if path in areas else 0
        return dict(counts)

    def _by_area(self, areas: Mapping[str, str], today: date, first: date) -> dict[str, AreaTrend]:
        new, solved, returned = Counter[str](), Counter[str](), Counter[str]()
        ages: dict[str, list[int]] = defaultdict(list)
        lasted: dict[str, list[int]] = defaultdict(list)
        since = today - _WEEK
        shown = select(
            interval.c.workbook, interval.c.opened_on, interval.c.closed_on, interval.c.has_returned
        ).where(or_(interval.c.closed_on.is_(None), interval.c.closed_on >= first))
        for path, opened_on, closed_on, has_returned in self.database.rows(shown):
            if path not in areas:
                continue
            area = areas[path]
            if closed_on is None:
                ages[area].append((today - opened_on).days)
                if opened_on > since:
                    (returned if has_returned else new)[area] += 1
            else:
                lasted[area].append((closed_on - opened_on).days)
                solved[area] += closed_on > since
        return {
            area: AreaTrend(
                new[area], solved[area], returned[area], _median(ages[area]), _median(lasted[area])
            )
            for area in sorted(set(areas.values()))
        }


def _median(days: list[int]) -> int | None:
    return round(median(days)) if days else None
