"""What the history forgets: what is older than it is kept for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Delete, Select, delete, not_, select

from sync.history.database import Database
from sync.history.tables import finding, run, sighting, stint, told, week, workbook


def forget(database: Database, today: date, days: int, days_of_rows: int) -> None:
    """Drop what is older than `days`, and the rows of workbooks that are gone after `days_of_rows`.

    What is still open is kept, however old it is.
    """
    with database.changing() as connection:
        for statement in _old(today - timedelta(days=days)):
            connection.execute(statement)
        gone = _gone(today - timedelta(days=days_of_rows))
        connection.execute(delete(workbook).where(workbook.c.path.in_(gone)))


def _old(before: date) -> Iterator[Delete]:
    yield delete(run).where(run.c.started_at < datetime.combine(before, time()))
    yield delete(finding).where(not_(finding.c.is_open), finding.c.last_seen < before)
    yield delete(finding).where(finding.c.last_seen < before, finding.c.workbook.in_(_gone(before)))
    yield delete(sighting).where(sighting.c.missing_since < before)
    yield delete(stint).where(stint.c.closed_on < before)
    yield delete(week).where(week.c.monday < before)
    yield delete(told).where(told.c.told_on < before, not_(told.c.is_open))


def _gone(before: date) -> Select[tuple[str]]:
    """The paths of workbooks that have been missing since before that day."""
    return select(sighting.c.path).where(sighting.c.missing_since < before)
