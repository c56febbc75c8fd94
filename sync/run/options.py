"""What a run shall do, the clock it goes by, and when it is to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from rules.model.parameters import Parameters
from sync.check.reading import Progress
from sync.config.settings import Settings


class Stopped(Exception):  # noqa: N818  named by what happened
    """The run was asked to stop; everything written so far is whole."""


@dataclass(frozen=True)
class RunOptions:
    """What a run shall do, and the clock it goes by.

    `writes` False only says what would be written; `full` looks at unchanged workbooks too.
    `is_day_given` says that a person named the day of `now`, so that it tells nothing of the clock.
    `stop_asked` is asked between two workbooks, and then `is_late` whether the run's time was over.
    """

    settings: Settings
    now: datetime
    writes: bool = True
    full: bool = False
    is_day_given: bool = False
    progress: Progress = lambda _done, _total: None
    stop_asked: Callable[[], bool] = lambda: False
    is_late: Callable[[], bool] = lambda: False

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters of the rules."""
        return self.settings.parameters()

    @property
    def today(self) -> date:
        """The run's day, in the schedule's time zone."""
        return self.now.date()

    def stop_if_asked(self) -> None:
        """Raise Stopped where somebody has asked for it."""
        if self.stop_asked():
            raise Stopped
