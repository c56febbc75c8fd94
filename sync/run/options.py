"""What a run shall do, the clock it goes by, and when it is to stop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from rules.model.parameters import Parameters
from sync.check.reading import Progress
from sync.config import Settings


class Stopped(Exception):  # noqa: N818  named by what happened
    """The run was asked to stop; everything written so far is whole."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run shall do, and the clock it goes by.

    `writes` False only says what would be written; `full` looks at unchanged workbooks too.
    `stop_asked` is asked between two workbooks, and then `is_late` whether the run's time was over.
    `never_waived` are the codes that no waiver can accept, `expected_plans` the Plan-ids that the
    overview asks for where they are missing.
    """

    parameters: Parameters
    now: datetime
    writes: bool = True
    full: bool = False
    processes: int = 0
    progress: Progress = lambda _: None
    stop_asked: Callable[[], bool] = lambda: False
    is_late: Callable[[], bool] = lambda: False
    never_waived: Collection[str] = ()
    expected_plans: Sequence[str] = ()

    @classmethod
    def of(cls, settings: Settings, now: datetime, **others: Any) -> Self:
        """The options that the configuration says, and others."""
        said: dict[str, Any] = {
            "processes": settings.reading.processes,
            "never_waived": settings.waivers.never,
            "expected_plans": settings.overview.expected_plans,
        }
        return cls(settings.parameters(), now, **(said | others))

    @property
    def today(self) -> date:
        """The run's day, in the schedule's time zone."""
        return self.now.date()

    def stop_if_asked(self) -> None:
        """Raise Stopped where somebody has asked for it."""
        if self.stop_asked():
            raise Stopped
