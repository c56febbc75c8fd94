"""What a run is told: what it shall do, the clock it goes by, and when it is to stop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.model.parameters import Parameters
from sync.check.reading import Progress
from sync.findings.waivers import Waiver


class Stopped(Exception):  # noqa: N818  named by what happened
    """The run was asked to stop; everything written so far is whole."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run shall do, and the clock it goes by.

    `writes` False only says what would be written; `full` looks at unchanged workbooks too.
    `stop_asked` is asked between two workbooks, and then `is_late` whether the run's time was over.
    `waivers` are the secretariat's, None where
    they cannot be read; `waivers_at` is where they are opened; `never_waived` are the codes that
    none of them can accept.
    `expected_plans` are Plan-ids that the overview asks for where they are missing.
    """

    parameters: Parameters
    now: datetime
    writes: bool = True
    full: bool = False
    processes: int = 0
    progress: Progress = lambda _: None
    stop_asked: Callable[[], bool] = lambda: False
    is_late: Callable[[], bool] = lambda: False
    waivers: Sequence[Waiver] | None = None
    waivers_at: str = ""
    never_waived: Collection[str] = ()
    expected_plans: Sequence[str] = ()

    @property
    def today(self) -> date:
        """The run's day, in the schedule's time zone."""
        return self.now.date()
