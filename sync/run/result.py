"""What a run came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.model.finding import Severity
from sync.findings.waivers import TakenOver
from sync.history.notes import Tally
from sync.overview.model import Overview
from sync.stores.base import SideWorkbookChanges


@dataclass
class Result:
    """What a run came to. `problems` are paths, each with what stood in the way, in words.

    `is_standstill` says that everything is as the run before left it: then nothing was judged,
    and `judge` does so if somebody asks for the overview while the history is open. `is_still`
    says that the next run may find a standstill. `old_copies` are the names of copies of the
    overview that it has caught up with. `taken_over` are waivers of the version before.
    """

    tally: Tally
    judge: Callable[[], Overview]
    written: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    read: int = 0
    beside: Sequence[SideWorkbookChanges] = ()
    old_copies: Sequence[str] = ()
    is_still: bool = False
    is_standstill: bool = False
    taken_over: TakenOver = field(default_factory=TakenOver)

    @cached_property
    def overview(self) -> Overview:
        """What the overview shall show."""
        return self.judge()

    @property
    def counts(self) -> Counter[Severity]:
        """How many open findings of each severity there are."""
        return Counter(self.tally.counts)


def tally_of(overview: Overview) -> Tally:
    """How much an overview shows."""
    counts = Counter(line.notice.severity for line in overview.open_notices)
    return Tally(len(overview.plans), len(overview.books), counts)
