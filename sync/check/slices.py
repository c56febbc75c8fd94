"""Work on slices of workbooks by any executor: its own processes, or the workers of a cluster.

A worker may die. Its slice has a second try; then it goes by itself, and in halves, down to the
workbook that ends whoever works on it. That one is reported as failed, and all others are done.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

_TRIES = 2
"""So often a slice is tried beside others."""
_LOOK_SECONDS = 20.0
"""So long nothing has come when somebody looks whether there are workers at all."""


@dataclass(slots=True)
class _Slice(Generic[Job, Outcome]):
    """Some jobs, and how often a worker ended over them."""

    jobs: Sequence[Job]
    ends: int = 0
    result: Future[list[Outcome]] | None = None

    def begin(self, executor: Executor, work: Callable[[Sequence[Job]], list[Outcome]]) -> None:
        if self.result is None:
            self.result = executor.submit(work, self.jobs)

    def end(self) -> None:
        """The executor ended: what is done is kept, and all else is to be done anew."""
        result = self.result
        if result and not (result.done() and not result.cancelled() and not result.exception()):
            self.result = None
            self.ends += 1

    def halves(self) -> Iterator[_Slice[Job, Outcome]]:
        middle = len(self.jobs) // 2
        for jobs in (self.jobs[:middle], self.jobs[middle:]):
            yield _Slice(jobs, self.ends)


def batched(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    """The jobs in their order, in slices of so many."""
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]


def outcomes_of(
    slices: Iterable[Sequence[Job]],
    work: Callable[[Sequence[Job]], list[Outcome]],
    open_executor: Callable[[], AbstractContextManager[Executor]],
    failed: Callable[[Job, Exception], Outcome],
    workers: Callable[[], int] = lambda: 1,
) -> Iterator[list[Outcome]]:
    """What the work gives for each slice, in their order; `failed` gives it for a deadly job.

    The work itself raises nothing, so that whatever comes instead of its result is the end of a
    worker. An executor is opened again after each such end, and where there are no more
    `workers`.

    Raises:
        Whatever `open_executor` raises.
    """
    waiting = deque(_Slice[Job, Outcome](jobs) for jobs in slices)
    while waiting:
        with open_executor() as executor:
            ended = yield from _until_end(waiting, work, executor, workers)
        if ended is None:
            return
        for one in waiting:
            one.end()
        first = waiting[0]
        if first.ends < _TRIES or (first.ends == _TRIES and len(waiting) > 1):
            continue
        waiting.popleft()
        if len(first.jobs) > 1:
            waiting.extendleft(reversed(list(first.halves())))
            continue
        yield [failed(first.jobs[0], ended)]
        for one in waiting:
            one.ends = 0  # they were only beside it


def _until_end(
    waiting: deque[_Slice[Job, Outcome]],
    work: Callable[[Sequence[Job]], list[Outcome]],
    executor: Executor,
    workers: Callable[[], int],
) -> Generator[list[Outcome], None, Exception | None]:
    """Yield what is done, in order, until all is; return what came instead of a result."""
    while waiting:
        first = waiting[0]
        try:
            for one in [first] if first.ends >= _TRIES else waiting:
                one.begin(executor, work)
            assert first.result
            while not wait([first.result], _LOOK_SECONDS).done and workers():
                pass
            outcomes = first.result.result(timeout=0)
        except Exception as error:  # noqa: BLE001  each kind of executor has its own for this
            return error
        waiting.popleft()
        yield outcomes
    return None
