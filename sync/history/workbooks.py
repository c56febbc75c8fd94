"""What is kept of each workbook: its last reading; when it was seen; what of it was approved or
confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import LargeBinary, cast, select, update

from rules.judging.approval_log import LoggedApproval
from rules.judging.approved import ApprovedPlan
from rules.judging.confirmed import ConfirmedPlan
from sync.history.database import Repository, approval_log, approved, confirmed, last_seen, workbook
from sync.history.readings import Reading, StoredReading, packed_content
from sync.history.values import approved_plan, confirmed_plan, logged_approvals
from sync.stores.base import Version


class StoredReadings(Repository):
    """What was read of each workbook when it was last read."""

    def under(self, settings: str) -> dict[str, StoredReading]:
        """What was read under the same settings, by path."""
        kept = workbook.c
        rows = self.database.rows(
            select(
                kept.path, kept.stamp, kept.digest, kept.read_at, cast(kept.content, LargeBinary)
            ).where(kept.settings == settings)
        )
        return {
            path: StoredReading(Version(stamp, digest), read_at, content)
            for path, stamp, digest, read_at, content in rows
        }

    def keep(self, settings: str, readings: Iterable[Reading]) -> None:
        """Keep what was read."""
        rows = [
            {"path": path, "stamp": version.stamp, "digest": version.digest, "read_at": read_at,
             "settings": settings, "content": packed_content(content)}
            for path, version, read_at, content in readings
        ]  # fmt: skip
        self.database.put(workbook, rows)


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
        return {plan: approved_plan(packed) for plan, packed in rows}

    def record(self, known: Mapping[str, ApprovedPlan], seen: Mapping[str, ApprovedPlan]) -> None:
        """Remember the plans whose approval is seen for the first time, or is a later one."""
        rows = [
            {"plan": key, "approved_on": plan.approved_on, "figures": msgspec.msgpack.encode(plan)}
            for key, plan in seen.items()
            if key not in known or plan.approved_on > known[key].approved_on
        ]
        self.database.put(approved, rows)


class ConfirmedPlans(Repository):
    """What somebody confirmed in each plan's workbooks: see rules/judging/confirmed.py."""

    def by_key(self) -> dict[str, ConfirmedPlan]:
        """Every plan that was ever judged, by its key."""
        rows = self.database.rows(select(confirmed.c.plan, confirmed.c.books))
        return {plan: confirmed_plan(packed) for plan, packed in rows}

    def record(self, known: Mapping[str, ConfirmedPlan], seen: Mapping[str, ConfirmedPlan]) -> None:
        """Remember what is confirmed now; a workbook that was not seen keeps what is known."""
        rows = [
            {"plan": key, "books": msgspec.msgpack.encode(now)}
            for key, books in seen.items()
            if (now := {**known.get(key, {}), **books}) != known.get(key)
        ]
        self.database.put(confirmed, rows)


class ApprovalLogs(Repository):
    """Every approval of each plan that was ever seen: see rules/judging/approval_log.py."""

    def by_key(self) -> dict[str, tuple[LoggedApproval, ...]]:
        """Those of every plan, by its key."""
        rows = self.database.rows(select(approval_log.c.plan, approval_log.c.entries))
        return {plan: logged_approvals(packed) for plan, packed in rows}

    def record(
        self,
        known: Mapping[str, tuple[LoggedApproval, ...]],
        seen: Mapping[str, tuple[LoggedApproval, ...]],
    ) -> None:
        """Remember what is known of the plans that were judged now."""
        rows = [
            {"plan": key, "entries": msgspec.msgpack.encode(entries)}
            for key, entries in seen.items()
            if entries != known.get(key, ())
        ]
        self.database.put(approval_log, rows)
