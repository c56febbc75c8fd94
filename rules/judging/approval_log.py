"""Every approval of a plan that was ever seen, with the plan's budget when it was seen first.

Remembered from run to run outside of the rules, with the sheet as its source: what stands there no
longer is kept, and said to be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.judging.rounds import GivenApproval, RoundFigures, State
from rules.text.danish import name_key


@dataclass(frozen=True, slots=True)
class LoggedApproval:
    """An approval; `total_oere` is None where the plan's budget could not be read that day."""

    given: GivenApproval
    total_oere: int | None
    seen_on: date
    gone_on: date | None = None


def logged(
    known: Iterable[LoggedApproval],
    rounds: Sequence[RoundFigures],
    total_oere: int | None,
    today: date,
    *,
    is_whole: bool,
) -> tuple[LoggedApproval, ...]:
    """What is known and what stands in the sheet today, by the day of the decision.

    `is_whole` says that all of the plan's workbooks were read: else nothing can be gone.
    """
    standing = {_key(given): given for one in rounds for given in one.given}
    steps = [step for one in rounds for step in one.steps]
    is_certain = is_whole and bool(steps) and all(s.state is not State.UNKNOWN for s in steps)

    def known_today() -> Iterator[LoggedApproval]:
        for entry in known:
            if given := standing.pop(_key(entry.given), None):
                yield replace(entry, given=given, gone_on=None)
            else:
                yield replace(entry, gone_on=entry.gone_on or (today if is_certain else None))

    before = [*known_today()]
    new = [LoggedApproval(given, total_oere, today) for given in standing.values()]
    return tuple(sorted([*before, *new], key=lambda one: one.given.decided_on))


def _key(given: GivenApproval) -> tuple[str, str, date]:
    """What an approval is recognised by: its round may become another one."""
    return given.step, name_key(given.body), given.decided_on
