"""When each workbook was last seen and where it went missing; its plan as it was approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import select, update

from rules.judging.approved import ApprovedPlan
from sync.history.database import Repository
from sync.history.tables import approved, last_seen


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


class LastSeenWorkbooks(Repository):
    """Every workbook that was ever checked."""

    def by_path(self) -> dict[str, LastSeen]:
        """Each of them, by path."""
        columns = [last_seen.c[name] for name in LastSeen.__slots__]
        rows = self.database.rows(select(*columns).order_by(last_seen.c.path))
        return {row[0]: LastSeen(*row) for row in rows}

    def record(self, workbooks: Iterable[LastSeen]) -> None:
        """Record when workbooks were last checked, or that they are missing."""
        self.database.put(last_seen, [asdict(one) for one in workbooks])

    def record_unchanged(self, paths: Iterable[str], at: datetime) -> None:
        """Record that workbooks were found as they were when they were last checked."""
        found = set(paths)
        with self.database.changing() as connection:
            others = [p for p in connection.scalars(select(last_seen.c.path)) if p not in found]
            here = last_seen.c.path.not_in(others)  # few, in a run that finds all as it was
            connection.execute(update(last_seen).where(here).values(checked_at=at))


class ApprovedPlans(Repository):
    """The plans as the fund approved them: see rules/judging/approved.py."""

    def by_key(self) -> dict[str, ApprovedPlan]:
        """Every plan that is remembered, by its key."""
        rows = self.database.rows(select(approved.c.plan, approved.c.figures))
        return {plan: msgspec.msgpack.decode(packed, type=ApprovedPlan) for plan, packed in rows}

    def record(self, known: Mapping[str, ApprovedPlan], seen: Mapping[str, ApprovedPlan]) -> None:
        """Remember the plans whose approval is seen for the first time, or is a later one."""
        rows = [
            {"plan": key, "approved_on": plan.approved_on, "figures": msgspec.msgpack.encode(plan)}
            for key, plan in seen.items()
            if key not in known or plan.approved_on > known[key].approved_on
        ]
        self.database.put(approved, rows)
