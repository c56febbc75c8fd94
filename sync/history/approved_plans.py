"""What the history remembers of approved plans: see rules/judging/approved.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from rules.judging.approved import ApprovedPlan
from sync.history.database import Database, put
from sync.history.tables import approved


@dataclass(frozen=True, slots=True)
class ApprovedPlans:
    """The plans as the fund approved them."""

    database: Database

    def by_key(self) -> dict[str, ApprovedPlan]:
        """Every plan that is remembered, by its key."""
        rows = self.database.rows(select(approved.c.plan, approved.c.figures))
        return {plan: msgspec.msgpack.decode(packed, type=ApprovedPlan) for plan, packed in rows}

    def record(self, known: Mapping[str, ApprovedPlan], seen: Mapping[str, ApprovedPlan]) -> None:
        """Remember the plans whose approval is seen for the first time, or is a later one."""
        rows = [
            {
                "plan": key,
                "approved_on": plan.approved_on,
                "figures": msgspec.msgpack.encode(plan),
            }
            for key, plan in seen.items()
            if key not in known or plan.approved_on > known[key].approved_on
        ]
        with self.database.changing() as connection:
            put(connection, approved, rows)
