"""How long services are waited for, and how often a request to them is sent again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import Again, TryAgain

CONNECT_SECONDS = 10.0
_OUT_OF_TIME = N_("Tiden til denne kontrol er brugt. Næste kontrol fortsætter.")
_T = TypeVar("_T")


@dataclass
class Patience:
    """How long to wait for what, in seconds.

    `attempts` is how often a request is sent at most, `answer` how long one may take, and `run`
    how long everything together may take; it begins with the first request. Whatever waits for
    longer raises TryAgain.
    """

    run: float = 3000.0
    answer: float = 180.0
    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 32.0
    _ends_at: float | None = None

    def left(self) -> float:
        """The seconds that are left of the run."""
        now = time.monotonic()
        if self._ends_at is None:
            self._ends_at = now + self.run
        left = self._ends_at - now
        if left <= 0:
            raise TryAgain(_(_OUT_OF_TIME))
        return left

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the end of the run."""
        if seconds >= self.left():
            raise TryAgain(_(_OUT_OF_TIME))
        time.sleep(seconds)

    @property
    def timeouts(self) -> tuple[float, float]:
        """How long to wait for a connection, and for an answer."""
        left = self.left()
        return min(CONNECT_SECONDS, left), min(self.answer, left)

    def repeated(self, send: Callable[[], _T]) -> _T:
        """What sending a request gives; sent again, with longer and longer waits, while Again."""
        longer = wait_exponential(multiplier=self.first_wait, max=self.longest_wait)
        backoff = longer + wait_random(0, self.first_wait)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked_for = error.after if isinstance(error, Again) else 0.0
            return max(asked_for, float(backoff(state)))

        retrying = Retrying(
            retry=retry_if_exception_type(Again),
            stop=stop_after_attempt(self.attempts),
            wait=wait,
            sleep=self.wait,
            reraise=True,
        )
        return retrying(send)
