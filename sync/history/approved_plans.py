"""What the history remembers of approved plans: see rules/judging/approved.py."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from rules.judging.approved import ApprovedPlan
from sync.history.database import Database, put
from sync.history.tables import approved

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ApprovedPlan)


def approved_plans(database: Database) -> dict[str, ApprovedPlan]:
    """Every plan that is remembered, by its key."""
    rows = database.rows(select(approved.c.plan, approved.c.figures))
    return {plan: _DECODER.decode(figures) for plan, figures in rows}


def remember_approved(
    database: Database,
    known: Mapping[str, ApprovedPlan],
    seen: Mapping[str, ApprovedPlan],
) -> None:
    """Remember the plans whose approval is seen for the first time, or is a later one."""
    rows = [
        {"plan": key, "approved_on": plan.approved_on, "figures": _ENCODER.encode(plan)}
        for key, plan in seen.items()
        if key not in known or plan.approved_on > known[key].approved_on
    ]
    with database.changing() as connection:
        put(connection, approved, rows)
