"""How far a plan's approvals are: for each step whether it is approved, since when, or not known.

The steps and their order are parameters. For a step and a body the latest decision counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import NamedTuple

from rules.judging.rounds import State
from rules.model.choices import Decision
from rules.model.parameter_types import ApprovalStep
from rules.model.parameters import Parameters
from rules.model.plan import Approval, Plan, Workbook
from rules.text.danish import name_key

PlacedApproval = tuple[Workbook, Approval]


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
    """All steps of one round of a plan's approval, in the configured order.

    `number` counts the rounds from 1; `rows` are those that belong to this one.
    """

    number: int
    rows: tuple[PlacedApproval, ...]
    steps: dict[str, StepStatus]

    def next_step(self) -> str | None:
        """The first mandatory step that is not approved and whose requirements are."""
        for name, status in self.steps.items():
            ready = all(self.steps[other].is_done for other in status.step.requires)
            if status.step.mandatory and not status.is_done and ready:
                return name
        return None


def procedures_of(plan: Plan, parameters: Parameters, today: date) -> tuple[Procedure, ...]:
    """Each round of the plan's approval; none where no workbook has the columns for it.

    A decision dated after `today` counts as one without a date. A later round needs only the
    steps that have rows in it.
    """
    if plan.first_with("approvals", "step", "decision") is None:
        return ()
    rounds = rounds_of(tuple(plan.rows(Approval)), parameters, today)
    return tuple(_procedure(number, rows, parameters, today) for number, rows in rounds.items())


def _procedure(
    number: int, rows: Sequence[PlacedApproval], parameters: Parameters, today: date
) -> Procedure:
    bodies: dict[str | None, list[list[PlacedApproval]]] = defaultdict(list)
    for of_body in by_body(rows):
        bodies[of_body[0][1].step].append(of_body)
    without_rows = State.UNKNOWN if None in bodies else State.ABSENT
    steps = {}
    for step in parameters.steps:
        if step.name in bodies:
            is_final = step.name == parameters.final_step
            steps[step.name] = _status(step, bodies[step.name], today, is_final=is_final)
        else:
            wanted = step if number == 1 else replace(step, mandatory=False)
            steps[step.name] = StepStatus(wanted, without_rows)
    return Procedure(number, tuple(rows), steps)


def rounds_of(
    rows: Sequence[PlacedApproval], parameters: Parameters, today: date
) -> dict[int, tuple[PlacedApproval, ...]]:
    """The rows of each round of approval, by its number; always the first, without rows too.

    A round is closed on the day on which the final approval in it is complete. What is decided or
    waits again after that belongs to the next one; the column Runde decides where it is filled.
    """
    named = {row.round_number for _, row in rows if row.round_number}
    unnamed = [placed for placed in rows if not placed[1].round_number]
    rounds: dict[int, tuple[PlacedApproval, ...]] = {}
    number = 1
    while unnamed or number <= max(named, default=1):
        own = [placed for placed in rows if placed[1].round_number == number]
        later = _after_closing([*unnamed, *own], parameters, today) if unnamed else []
        here = [*own, *(placed for placed in unnamed if placed not in later)]
        if here or number == 1:
            rounds[number] = tuple(placed for placed in rows if placed in here)
        unnamed = [placed for placed in unnamed if placed in later]
        number += 1
    return rounds


def _after_closing(
    rows: Sequence[PlacedApproval], parameters: Parameters, today: date
) -> list[PlacedApproval]:
    """Of the rows of a round and what may come after it: those of the next round."""
    closed_on = _closing_day([p for p in rows if p[1].step == parameters.final_step], today)
    if closed_on is None:
        return []
    decided = [placed for placed in rows if placed[1].is_decided]
    after = [placed for placed in decided if (_day(placed[1], today) or closed_on) > closed_on]
    before = [placed for placed in decided if placed not in after]
    bodies = {(row.step, name_key(row.body or "")) for _, row in before}
    again = [
        (workbook, row)
        for workbook, row in rows
        if not row.is_decided
        and (row.step, name_key(row.body or "")) in bodies
        and (row.sent_on is None or row.sent_on >= closed_on)
    ]
    stay = [placed for placed in rows if placed not in after and placed not in again]
    steps = {row.step for _, row in after}
    approved = {
        step.name
        for step in parameters.steps
        if step.name in steps
        and (own := [placed for placed in stay if placed[1].step == step.name])
        and _status(step, by_body(own), today).state is State.APPROVED
    }
    return [placed for placed in after if placed[1].step in approved] + again


def _closing_day(final: Sequence[PlacedApproval], today: date) -> date | None:
    """The first day on which every body had given its final approval; None without one.

    A body's rows that wait do not count once it has decided.
    """
    bodies = by_body(final)
    for day in sorted({day for _, row in final if (day := effective_date(row, today))}):
        states = []
        for rows in bodies:
            known = [p for p in rows if (effective_date(p[1], today) or day) <= day]
            states.append(_body_state(known, today)[0] if known else State.PENDING)
        if states and all(state is State.APPROVED for state in states):
            return day
    return None


def _day(approval: Approval, today: date) -> date | None:
    return approval.sent_on or effective_date(approval, today)


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


def _status(
    step: ApprovalStep, bodies: list[list[PlacedApproval]], today: date, *, is_final: bool = False
) -> StepStatus:
    states, latest = zip(*[_body_state(rows, today) for rows in bodies], strict=True)
    if is_final:  # the final approval is always relevant
        states = tuple(State.PENDING if s is State.NOT_RELEVANT else s for s in states)
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
