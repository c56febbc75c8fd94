"""What the history remembers of approved plans: see rules/approved.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import msgspec

from rules.approved import ApprovedPlan

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ApprovedPlan)


def approved_plans(database: sqlite3.Connection) -> dict[str, ApprovedPlan]:
    """Every plan that is remembered, by its key."""
    rows = database.execute("SELECT plan, figures FROM approved")
    return {plan: _DECODER.decode(figures) for plan, figures in rows}


def remember_approved(
    database: sqlite3.Connection,
    known: Mapping[str, ApprovedPlan],
    seen: Mapping[str, ApprovedPlan],
) -> None:
    """Remember the plans whose approval is seen for the first time, or is a later one."""
    rows = [
        (key, plan.approved_on.isoformat(), _ENCODER.encode(plan))
        for key, plan in seen.items()
        if key not in known or plan.approved_on > known[key].approved_on
    ]
    with database:
        database.executemany("REPLACE INTO approved VALUES (?, ?, ?)", rows)
