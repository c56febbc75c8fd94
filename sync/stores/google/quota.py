"""Keeping below Google's quotas, and within the time that a run may take."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import TryAgain

MINUTE = 60.0
OUT_OF_TIME = N_("Tiden til denne kontrol er brugt. Næste kontrol fortsætter.")


@dataclass
class Bucket:
    """Lets at most `a_minute` requests begin within any sixty seconds."""

    a_minute: int
    _begun: deque[float] = field(default_factory=deque)

    def delay(self, now: float) -> float:
        """How many seconds the next request must wait."""
        while self._begun and self._begun[0] <= now - MINUTE:
            self._begun.popleft()
        if len(self._begun) < self.a_minute:
            return 0.0
        return self._begun[0] + MINUTE - now

    def take(self, now: float) -> None:
        """Count a request that begins now."""
        self._begun.append(now)


@dataclass
class Patience:
    """How long to wait for what; seconds.

    `attempts` is how often a request is sent at most, `answer` how long one may take, and `run`
    how long everything together may take; it begins with the first request.
    """

    run: float = 3000.0
    answer: float = 60.0
    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 32.0
    _ends_at: float | None = None

    def left(self) -> float:
        """The seconds that are left of the run.

        Raises:
            TryAgain: none.
        """
        now = time.monotonic()
        if self._ends_at is None:
            self._ends_at = now + self.run
        left = self._ends_at - now
        if left <= 0:
            raise TryAgain(_(OUT_OF_TIME))
        return left

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the end of the run.

        Raises:
            TryAgain: the run would be over by then.
        """
        if seconds >= self.left():
            raise TryAgain(_(OUT_OF_TIME))
        time.sleep(seconds)
