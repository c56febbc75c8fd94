"""Processes of this program's own: a signal to the whole group is for the main one."""

from __future__ import annotations

import atexit
import contextlib
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_STOP = ("SIGINT", "SIGTERM", "SIGHUP")
STOP_SIGNALS = tuple(getattr(signal, name) for name in _STOP if hasattr(signal, name))


def processes_for(jobs: int, wanted: int, pays_from: int) -> int:
    """How many processes share the jobs: so many as are wanted, or for 0 as many as pay."""
    if wanted:
        return min(wanted, max(1, jobs))
    return min(os.cpu_count() or 1, 8) if jobs >= pays_from else 1


@contextlib.contextmanager
def own_processes(workers: int) -> Iterator[Executor]:
    """So many processes, started where there is work; what is not begun at the end is given up."""
    spawning = multiprocessing.get_context("spawn")
    pool = _OwnProcesses(workers, mp_context=spawning, initializer=_begin_work)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class _OwnProcesses(ProcessPoolExecutor):
    """Holds signals back while a worker starts: it begins with them held, and we get ours after."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if not hasattr(signal, "pthread_sigmask"):
            return super().submit(fn, *args, **kwargs)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_work() -> None:
    """Prepare a worker: it leaves it to the main process to answer a signal to the whole group."""
    atexit.register(gc.freeze)  # whoever waits for its end need not wait for memory to be cleaned
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    Thread(target=_end_with_the_run, daemon=True).start()


def _end_with_the_run() -> None:
    """End this worker where the main process was killed: it would wait for work for ever.

    What it writes is whole at any moment.
    """
    run = multiprocessing.parent_process()
    assert run is not None
    run.join()
    os._exit(1)
