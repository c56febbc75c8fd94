"""What a store rests on and no test here can prove, tried with the service itself.

What is told holds no contents and no keys.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sync.stores.base import Line, StoreError
from sync.stores.patience import Patience


class Bench(Protocol):
    """A scratch workbook, and what is done with it."""

    measured: str
    """What the trial found besides yes or no; empty where there is nothing to add."""


B = TypeVar("B", bound=Bench)


@dataclass(frozen=True, slots=True)
class Trial(Generic[B]):
    """An assumption as a sentence, what it means where it does not hold, and how it is tried.

    Without a meaning it is only told.
    """

    assumption: str
    otherwise: str
    holds: Callable[[B], bool]

    def line(self, bench: B) -> Line:
        """Yes, no, or not as expected, with what that means."""
        subject, bench.measured = f"try: {self.assumption}", ""
        try:
            holds = self.holds(bench)
        except StoreError as error:
            says = f"not as expected ({type(error).__name__}: {error})"
            return Line(subject, says, self.otherwise)
        says = ("yes" if holds else "no") + (f" ({bench.measured})" if bench.measured else "")
        return Line(subject, says, "" if holds else self.otherwise)


def seconds_until(is_so: Callable[[], bool], at_most: float, patience: Patience) -> float | None:
    """How many seconds it takes until something is so; None where it takes longer."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > at_most:
            return None
        patience.wait(1.0)
    return time.monotonic() - began
