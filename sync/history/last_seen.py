"""When each workbook was last seen, and where it was when it went missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from sync.history.database import Database, put
from sync.history.tables import last_seen


@dataclass(frozen=True, slots=True)
class LastSeen:
    """When a workbook was last checked, and when people changed it, as far as could be seen.

    `missing_since` is None where it is there.
    """

    path: str
    plan_id: str | None
    area: str | None
    checked_at: datetime
    edited_at: datetime
    missing_since: date | None


@dataclass(frozen=True, slots=True)
class LastSeenWorkbooks:
    """Every workbook that was ever checked."""

    database: Database

    def by_path(self) -> dict[str, LastSeen]:
        """Each of them, by path."""
        columns = [last_seen.c[name] for name in LastSeen.__slots__]
        rows = self.database.rows(select(*columns).order_by(last_seen.c.path))
        return {row[0]: LastSeen(*row) for row in rows}

    def record(self, workbooks: Iterable[LastSeen]) -> None:
        """Record when workbooks were last checked, or that they are missing."""
        with self.database.changing() as connection:
            put(connection, last_seen, [asdict(one) for one in workbooks])

    def record_unchanged(self, paths: Iterable[str], at: datetime) -> None:
        """Record that workbooks were found as they were when they were last checked."""
        found = set(paths)
        with self.database.changing() as connection:
            others = [p for p in connection.scalars(select(last_seen.c.path)) if p not in found]
            here = last_seen.c.path.not_in(others)  # few, in a run that finds all as it was
            connection.execute(update(last_seen).where(here).values(checked_at=at))
