"""How far a plan's approvals are: for each step whether it is approved, since when, or not known.

The steps and their order are parameters. For a step and a body the latest decision counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from rules.model.parameters import ApprovalStep, Parameters
from rules.model.plan import Approval, Plan, Workbook
from rules.model.tables import Decision
from rules.text.danish import name_key

PlacedApproval = tuple[Workbook, Approval]


class State(StrEnum):
    """How far a step is, or one body's decision in it."""

    APPROVED = "approved"
    REJECTED = "rejected"
    PENDING = "pending"
    NOT_RELEVANT = "not relevant"
    ABSENT = "absent"
    UNKNOWN = "unknown"


# Tuples and lists: a member of an enumeration is slow to hash, and quick to compare.
_MOST_IMPORTANT_FIRST = (State.REJECTED, State.PENDING, State.UNKNOWN, State.APPROVED)


class StepStatus(NamedTuple):
    """A step of one plan: the rows whose decision counts, and the latest day of them."""

    step: ApprovalStep
    state: State
    counting: tuple[PlacedApproval, ...] = ()
    decided_on: date | None = None

    @property
    def is_lacking(self) -> bool:
        """Whether it is certain that the step is not approved though it should be."""
        if self.state is State.ABSENT:
            return self.step.mandatory
        return self.state in (State.REJECTED, State.PENDING)

    @property
    def is_done(self) -> bool:
        """Whether nothing more has to happen in this step."""
        if self.state is State.ABSENT:
            return not self.step.mandatory
        return self.state in (State.APPROVED, State.NOT_RELEVANT)


@dataclass(frozen=True, slots=True)
class Procedure:
    """All steps of one plan, in the configured order."""

    steps: dict[str, StepStatus]

    def next_step(self) -> str | None:
        """The first mandatory step that is not approved and whose requirements are."""
        for name, status in self.steps.items():
            ready = all(self.steps[other].is_done for other in status.step.requires)
            if status.step.mandatory and not status.is_done and ready:
                return name
        return None


def procedure_of(plan: Plan, parameters: Parameters, today: date) -> Procedure | None:
    """How far the plan is, or None where no workbook of it has the columns for it.

    A decision dated after `today` counts as one without a date.
    """
    if plan.first_with("approvals", "step", "decision") is None:
        return None
    bodies: dict[str | None, list[list[PlacedApproval]]] = defaultdict(list)
    for rows in by_body(plan.rows(Approval)):
        bodies[rows[0][1].step].append(rows)
    without_rows = State.UNKNOWN if None in bodies else State.ABSENT
    return Procedure(
        {
            step.name: _status(step, bodies[step.name], today)
            if step.name in bodies
            else StepStatus(step, without_rows)
            for step in parameters.steps
        }
    )


def effective_date(approval: Approval, today: date) -> date | None:
    """The day of a decision; None without one, or where it is in the future."""
    decided_on = approval.decided_on
    return decided_on if decided_on and decided_on <= today else None


def by_body(rows: Iterable[PlacedApproval]) -> list[list[PlacedApproval]]:
    """The rows of each body in each step; a row without a body's name is a body of its own."""
    bodies: dict[tuple[str | None, str], list[PlacedApproval]] = defaultdict(list)
    for workbook, approval in rows:
        body = name_key(approval.body) if approval.body else f"{workbook.path}:{approval.row}"
        bodies[approval.step, body].append((workbook, approval))
    return list(bodies.values())


def current(rows: Sequence[PlacedApproval], today: date) -> Approval:
    """Of one body's rows the one that counts: the latest decision, or else the last row."""
    return (_latest(rows, today) or rows)[-1][1]


def _status(step: ApprovalStep, bodies: list[list[PlacedApproval]], today: date) -> StepStatus:
    states, latest = zip(*[_body_state(rows, today) for rows in bodies], strict=True)
    counting = tuple(chain(*latest))
    dates = [day for _, approval in counting if (day := effective_date(approval, today))]
    # All bodies must approve, but those that are not relevant.
    state = next((s for s in _MOST_IMPORTANT_FIRST if s in states), State.NOT_RELEVANT)
    return StepStatus(step, state, counting, max(dates, default=None))


def _body_state(rows: Sequence[PlacedApproval], today: date) -> tuple[State, list[PlacedApproval]]:
    if any(approval.decision is None for _, approval in rows):
        return State.UNKNOWN, []
    latest = _latest(rows, today)
    if not latest:
        is_irrelevant = rows[-1][1].decision == Decision.NOT_RELEVANT
        return (State.NOT_RELEVANT if is_irrelevant else State.PENDING), []
    is_approved = latest[-1][1].decision == Decision.APPROVED
    return (State.APPROVED if is_approved else State.REJECTED), latest


def _latest(rows: Iterable[PlacedApproval], today: date) -> list[PlacedApproval]:
    """The rows with the latest decision, more than one where workbooks repeat it.

    A decision without a date counts as later than those in the rows above it, and any decision
    counts as later than one without a date.
    """
    latest: list[PlacedApproval] = []
    for workbook, approval in rows:
        if not approval.is_decided:
            continue
        day = effective_date(approval, today)
        known = effective_date(latest[-1][1], today) if latest else None
        if latest and (approval.decision, day) == (latest[-1][1].decision, known):
            latest.append((workbook, approval))
        elif day is None or known is None or day >= known:
            latest = [(workbook, approval)]
    return latest
