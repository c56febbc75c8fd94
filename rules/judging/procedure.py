"""How far a plan's approvals are: for each step whether it is approved, since when, or not known.

The steps and their order are parameters. For a step and a body the latest decision counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rules.model.parameters import ApprovalStep, Parameters
from rules.model.plan import Approval, Plan, Workbook
from rules.model.vocabulary import Decision
from rules.text.danish import name_key

PlacedApproval = tuple[Workbook, Approval]


class State(StrEnum):
    """Where a step, or one body's decision in it, stands."""

    APPROVED = "approved"
    REJECTED = "rejected"
    PENDING = "pending"
    NOT_RELEVANT = "not relevant"
    ABSENT = "absent"
    UNKNOWN = "unknown"


# Tuples and lists: a member of an enumeration is slow to hash, and quick to compare.
_DONE = (State.APPROVED, State.NOT_RELEVANT)
_REFUSED_OR_PENDING = (State.REJECTED, State.PENDING)
_MOST_TELLING_FIRST = (State.REJECTED, State.PENDING, State.UNKNOWN, State.APPROVED)


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
        return self.state in _REFUSED_OR_PENDING

    @property
    def is_done(self) -> bool:
        """Whether nothing more has to happen in this step."""
        if self.state is State.ABSENT:
            return not self.step.mandatory
        return self.state in _DONE


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
    by_step: dict[str, list[PlacedApproval]] = defaultdict(list)
    any_step_unknown = False
    for workbook, approval in plan.approval_rows():
        if approval.step is None:
            any_step_unknown = True
        else:
            by_step[approval.step].append((workbook, approval))
    steps = {}
    for step in parameters.steps:
        if rows := by_step.get(step.name):
            steps[step.name] = _status(step, rows, today)
        else:
            state = State.UNKNOWN if any_step_unknown else State.ABSENT
            steps[step.name] = StepStatus(step, state)
    return Procedure(steps)


def effective_date(approval: Approval, today: date) -> date | None:
    """The day of a decision; None without one, or where it lies in the future."""
    decided_on = approval.decided_on
    return decided_on if decided_on and decided_on <= today else None


def current(workbook: Workbook, rows: Sequence[Approval], today: date) -> Approval:
    """Of one body's rows in one workbook the one that counts: the latest decision, or the last."""
    decided = [(workbook, approval) for approval in rows if approval.is_decided]
    return _latest(decided, today)[-1][1] if decided else rows[-1]


def _body_key(placed: PlacedApproval) -> str:
    """What the rows of one body have in common; a row without a name is a body of its own."""
    workbook, approval = placed
    return name_key(approval.body) if approval.body else f"{workbook.path}:{approval.row}"


def _status(step: ApprovalStep, rows: Sequence[PlacedApproval], today: date) -> StepStatus:
    bodies: dict[str, list[PlacedApproval]] = defaultdict(list)
    for placed in rows:
        bodies[_body_key(placed)].append(placed)
    states = []
    counting: list[PlacedApproval] = []
    for body_rows in bodies.values():
        state, latest = _body_state(body_rows, today)
        states.append(state)
        counting.extend(latest)
    dates = [day for _, approval in counting if (day := effective_date(approval, today))]
    return StepStatus(step, _joined(states), tuple(counting), max(dates, default=None))


def _joined(states: Iterable[State]) -> State:
    """The step's state from its bodies': all must approve, those not relevant aside."""
    known = list(states)
    for state in _MOST_TELLING_FIRST:
        if state in known:
            return state
    return State.NOT_RELEVANT


def _body_state(rows: Sequence[PlacedApproval], today: date) -> tuple[State, list[PlacedApproval]]:
    if any(approval.decision is None for _, approval in rows):
        return State.UNKNOWN, []
    decided = [placed for placed in rows if placed[1].is_decided]
    if not decided:
        all_irrelevant = all(a.decision == Decision.NOT_RELEVANT for _, a in rows)
        return (State.NOT_RELEVANT if all_irrelevant else State.PENDING), []
    latest = _latest(decided, today)
    is_approved = latest[-1][1].decision == Decision.APPROVED
    return (State.APPROVED if is_approved else State.REJECTED), latest


def _latest(decided: Sequence[PlacedApproval], today: date) -> list[PlacedApproval]:
    """The rows that hold the latest decision: more than one where workbooks repeat the same."""
    latest = [decided[0]]
    for placed in decided[1:]:
        day, known = effective_date(placed[1], today), effective_date(latest[-1][1], today)
        if (placed[1].decision, day) == (latest[-1][1].decision, known):
            latest.append(placed)
        elif day is None or known is None or day >= known:
            latest = [placed]
    return latest
