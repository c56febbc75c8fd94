"""Reading many workbooks: store -> gate, in slices, in more than one process where that pays.

What is kept of a workbook is small and packed, so that memory does not grow with their number:
its entry in the index, its rows as bytes, and what the gate found.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import math
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rules.catalogue.verdict import Verdict, verdict_on
from rules.judging.rule import Context
from rules.model.cells import RawWorkbook
from rules.model.finding import Finding, Place
from rules.model.parameters import Parameters
from rules.model.plan import Plan
from rules.model.run_index import entry_of
from sheets_templates.template.version import version_of
from sync.check.gc_pause import collector_paused
from sync.findings.annotations import standing_digest
from sync.history.readings import Checked, packed
from sync.i18n.language import speak
from sync.stores.base import Snapshot, Store, StoreError, Unreadable, Version

if TYPE_CHECKING:
    from rules.gate.gate import Gate

SLICE = 1_000
SMALL_SLICE = 50
"""Where each reading is a request over the network, a stop is asked for more often."""
PAYS_FROM = 300
"""From about this many workbooks on a second process is worth its start."""

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one workbook: `checked`, or `unreadable` (a finding), or a `failure`.

    `alone` is the verdict on a workbook that was checked, as long as no other belongs to its plan.
    `template` is the version of our template that it was made from, None if it is of none.
    """

    path: str
    version: Version | None = None
    checked: Checked | None = None
    alone: Verdict | None = None
    unreadable: Finding | None = None
    failure: str = ""
    template: int | None = None


Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class How:
    """How to read: in how many processes (0: as many as pay), and whether to write afterwards.

    `progress` is told how many more were done.
    """

    processes: int = 0
    to_write: bool = False
    progress: Progress = lambda _: None


def read_all(
    jobs: Sequence[tuple[Store, str]],
    context: Context,
    how: How = How(),
) -> Iterator[Outcome]:
    """Read workbooks, each given by its store and path.

    Outcomes come in the same order, those of stores that only this process can read last.
    """
    yield from _read_shared([job for job in jobs if job[0].is_shared], context, how)
    apart = [job for job in jobs if not job[0].is_shared]
    yield from _read_here(list(_batched(apart, SMALL_SLICE)), context, how)


def _read_here(
    slices: Sequence[Sequence[tuple[Store, str]]], context: Context, how: How
) -> Iterator[Outcome]:
    """Read slices in this process."""
    for part in slices:
        outcomes = read_slice(part, context, to_write=how.to_write)
        how.progress(len(outcomes))
        yield from outcomes


def _read_shared(
    jobs: Sequence[tuple[Store, str]], context: Context, how: How
) -> Iterator[Outcome]:
    """Read in as many processes as pay."""
    workers = _workers(len(jobs), how.processes)
    slices = list(_batched(jobs, min(SLICE, math.ceil(len(jobs) / workers) or 1)))
    read = partial(_read_in_worker, to_write=how.to_write)
    if workers == 1:
        yield from _read_here(slices, context, how)
        return
    spawning = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        workers, mp_context=spawning, initializer=_begin_work, initargs=(context,)
    )
    done = 0
    try:
        with _signals_held():
            results = pool.map(read, slices)
        for outcomes in results:
            done += 1
            how.progress(len(outcomes))
            yield from outcomes
    except BrokenProcessPool:  # a worker was ended from outside; the work is done all the same
        yield from _read_here(slices[done:], context, how)
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals back while workers start: they begin with them held, and we get ours after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_WORK: list[Context] = []
"""In a worker, what it was started with."""


def _begin_work(context: Context) -> None:
    """Prepare a worker: it leaves it to the main process to answer a signal to the whole group."""
    atexit.register(gc.freeze)  # whoever waits for its end need not wait for memory to be cleaned
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    _WORK.append(context)
    speak(context.parameters.language)
    _gate(context.parameters)


def _read_in_worker(jobs: Sequence[tuple[Store, str]], *, to_write: bool) -> list[Outcome]:
    """Read a slice with the context that the worker was started with."""
    return read_slice(jobs, _WORK[0], to_write=to_write)


def _batched(jobs: Sequence[tuple[Store, str]], size: int) -> Iterator[Sequence[tuple[Store, str]]]:
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]


def _workers(count: int, processes: int) -> int:
    if processes:
        return min(processes, max(1, count))
    return min(os.cpu_count() or 1, 8) if count >= PAYS_FROM else 1


def read_slice(
    jobs: Sequence[tuple[Store, str]], context: Context, *, to_write: bool
) -> list[Outcome]:
    """Read some workbooks, pass them through the gate together, and judge each by itself."""
    with collector_paused():
        return _read_slice(jobs, context, to_write=to_write)


def _read_slice(
    jobs: Sequence[tuple[Store, str]], context: Context, *, to_write: bool
) -> list[Outcome]:
    outcomes: dict[str, Outcome] = {}
    snapshots: list[Snapshot] = []
    raw = _raw_workbooks(jobs, snapshots, outcomes)
    passed = _gate(context.parameters).check(raw)
    for result, snapshot in zip(passed, snapshots, strict=True):
        workbook = result.workbook
        checked = Checked(
            entry=entry_of(workbook),
            tabs=workbook.tabs,
            rows=packed(workbook),
            findings=tuple(result.findings),
            standing=standing_digest(snapshot.raw, workbook) if to_write else "",
        )
        outcomes[workbook.path] = Outcome(
            workbook.path,
            snapshot.version,
            checked,
            alone=verdict_on(Plan((workbook,)), context),
            template=version_of(snapshot.raw),
        )
    return [outcomes[path] for _, path in jobs]


def _raw_workbooks(
    jobs: Sequence[tuple[Store, str]],
    snapshots: list[Snapshot],
    outcomes: dict[str, Outcome],
) -> Iterator[RawWorkbook]:
    """Read one workbook after the other; those that cannot be read go to the outcomes."""
    for store, path in jobs:
        try:
            snapshot = store.read(path)
        except Unreadable as error:
            finding = Finding(
                "STR-03", Place(path), {"tab": error.tab}, "workbook", variant=error.variant
            )
            outcomes[path] = Outcome(path, error.version, unreadable=finding)
        except StoreError as error:
            outcomes[path] = Outcome(path, failure=str(error))
        else:
            snapshots.append(snapshot)
            yield snapshot.raw


_GATES: dict[int, tuple[Parameters, Gate]] = {}


def _gate(parameters: Parameters) -> Gate:
    """The gate for these parameters: made once in each process."""
    known = _GATES.get(id(parameters))
    if known is None or known[0] is not parameters:
        from rules.gate.gate import Gate  # noqa: PLC0415  pandera is slow to import, not always needed

        _GATES.clear()
        known = _GATES[id(parameters)] = (parameters, Gate(parameters))
    return known[1]
