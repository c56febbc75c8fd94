"""A line of the secretariat that accepts a finding of the example plan, for all kinds of stores."""

from __future__ import annotations

from datetime import date

PLAN = "VAP-2025"
LATER = date(2027, 6, 30)
TYPED = {"Indsatser!I2": "'1.600.000 kr."}
"""Gives CEL-07 at Indsatser!I2 and nothing else."""

HEADERS = (
    "Plan-id", "Kode", "Regneark", "Fane", "Sted", "Begrundelse", "Accepteret af", "Til og med",
)  # fmt: skip


def waiver(**other: object) -> tuple[object, ...]:
    """A line that accepts the amount typed as text, with some of its cells typed otherwise."""
    line = {
        "Plan-id": PLAN, "Kode": "CEL-07", "Regneark": "", "Fane": "Indsatser", "Sted": "I2",
        "Begrundelse": "Aftalt med fonden", "Accepteret af": "Lone", "Til og med": LATER,
    } | other  # fmt: skip
    return tuple(line[header] for header in HEADERS)
