"""How far the approvals of a plan are, step by step and round by round."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How far a step is, or one body's decision in it."""

    APPROVED = "approved"
    REJECTED = "rejected"
    PENDING = "pending"
    NOT_RELEVANT = "not relevant"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class StepFigures(NamedTuple):
    """One approval step of a plan, with the day of its latest decision."""

    name: str
    state: State
    decided_on: date | None
    mandatory: bool


class GivenApproval(NamedTuple):
    """One body's approval in a step, on a day that is known."""

    round_number: int
    step: str
    body: str
    decided_on: date


class RoundFigures(NamedTuple):
    """One round of a plan's approval: its steps, and its rows by workbook and row number."""

    number: int
    steps: tuple[StepFigures, ...]
    given: tuple[GivenApproval, ...]
    rows: frozenset[tuple[str, int]]
