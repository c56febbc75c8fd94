"""Listing and reading workbooks: store -> gate, in slices, in several processes where that pays.

What is kept of a workbook is small and packed, so that memory does not grow with their number:
its entry in the index, its rows as bytes, and what the gate found, already in words.
"""

from __future__ import annotations

import contextlib
import gc
import math
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from importlib.metadata import version
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rules.catalogue.catalogue import Verdict, verdict_on
from rules.judging.rule import Context
from rules.model.cells import RawWorkbook
from rules.model.finding import Finding, Place
from rules.model.plan import Plan
from rules.model.run_index import entry_of
from rules.text.marking import N_
from sheets_templates.template.lists import version_of
from sync.check.cluster import Cluster
from sync.check.fault import Fault, guarded, trace_of
from sync.check.own_processes import own_processes, processes_for
from sync.check.slices import batched, outcomes_of
from sync.findings.annotations import standing_digest
from sync.history.readings import Checked, packed
from sync.i18n.language import _, speak
from sync.stores.base import (
    Contents,
    ListedWorkbook,
    Skipped,
    Snapshot,
    Store,
    StoreError,
    Unreadable,
    Version,
)

if TYPE_CHECKING:
    from rules.gate.gate import Gate, GateResult

T = TypeVar("T")

SLICE = 1_000
CLUSTER_SLICE = 250
SMALL_SLICE = 50
"""Where each reading is a request over the network, a stop is asked for more often."""
_AT_A_TIME = 8
"""So many files a process fetches at a time: on a share that is waiting."""
PAYS_FROM = 300
"""From about this many workbooks on a second process is worth its start."""

_OTHER_VERSION = N_(
    "Den maskine, der skulle læse regnearket, har en anden version af programmet. Giv den samme."
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the stores list: all workbooks with their stores, by path and in its order.

    `contents` is what each store lists; `unreachable` are those that cannot say, with the reason.
    """

    workbooks: Mapping[str, tuple[ListedWorkbook, Store]]
    contents: Sequence[tuple[Store, Contents]]
    unreachable: Sequence[tuple[Store, str]]

    @property
    def skipped(self) -> list[Skipped]:
        """What is there but is not looked at."""
        return [skipped for _, listed in self.contents for skipped in listed.skipped]

    @property
    def passed_over(self) -> list[tuple[str, str]]:
        """The path of each thing that is not looked at, and why."""
        return [(one.path, one.reason) for one in self.skipped]


def list_workbooks(stores: Sequence[Store]) -> Inventory:
    """Ask every store what is there."""
    contents: list[tuple[Store, Contents]] = []
    unreachable: list[tuple[Store, str]] = []
    for store in stores:
        try:
            contents.append((store, store.contents()))
        except StoreError as error:
            unreachable.append((store, str(error)))
    workbooks = {one.path: (one, store) for store, found in contents for one in found.workbooks}
    return Inventory(dict(sorted(workbooks.items())), contents, unreachable)


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What came of one workbook: `checked`, `unreadable` (a finding), or a `failure`.

    A failure is what the store says, in words, or a fault of our own.
    `alone` is the verdict on a workbook that was checked, as long as no other belongs to its plan.
    `template` is the version of our template that it was made from, None if it is of none.
    """

    path: str
    version: Version | None = None
    checked: Checked | None = None
    alone: Verdict | None = None
    unreadable: Finding | None = None
    failure: str | Fault = ""
    template: int | None = None


OwnPlaces = Mapping[str, Mapping[str, str]]
"""What is known to be the job's own in workbooks, by path: see `RawWorkbook.own`."""

Progress = Callable[[int, int], None]
"""Is given how many workbooks are done, and of how many."""


class Job(NamedTuple):
    """A workbook to read, and what is known to be the job's own in it."""

    store: Store
    path: str
    own: Mapping[str, str]


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """No collecting inside: a run makes no cycles, and looking for them costs a third of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_all(
    jobs: Sequence[tuple[Store, str]],
    context: Context,
    processes: int = 0,
    progress: Progress = lambda _done, _total: None,
    own: OwnPlaces = MappingProxyType({}),
    *,
    cluster: Cluster | None = None,
    to_write: bool = False,
) -> Iterator[ReadOutcome]:
    """Read workbooks, each given by its store and path, in so many processes (0: as many as pay).

    With a `cluster` its workers read what other machines can. Outcomes come in the same order,
    those of stores that only this process can read last. `own` is what is remembered of the job's
    own places, by path; `to_write` says that they are written into afterwards.

    Raises:
        TryAgain: the cluster cannot be reached.
    """
    known = [Job(store, path, own.get(path, {})) for store, path in jobs]
    shared = [job for job in known if job.store.is_shared]
    apart = batched([job for job in known if not job.store.is_shared], SMALL_SLICE)
    reader = _SliceReader(context, to_write=to_write)
    done = 0
    by_workers = _read_shared(shared, context, processes, cluster, to_write=to_write)
    for outcomes in chain(by_workers, map(reader.read, apart)):
        done += len(outcomes)
        progress(done, len(jobs))
        for outcome in outcomes:
            if isinstance(outcome.failure, Fault):
                outcome.failure.log(outcome.path)
        yield from outcomes


def _read_shared(
    jobs: Sequence[Job],
    context: Context,
    processes: int,
    cluster: Cluster | None,
    *,
    to_write: bool,
) -> Iterator[list[ReadOutcome]]:
    """Read slices in as many processes as pay, or on a cluster."""
    workers = processes_for(len(jobs), processes, PAYS_FROM)
    slices = batched(jobs, min(SLICE, math.ceil(len(jobs) / workers) or 1))
    if not jobs or (workers == 1 and not cluster):
        yield from map(_SliceReader(context, to_write=to_write).read, slices)
        return
    work = partial(_read_in_worker, pickle.dumps((version("helhedsplan"), context, to_write)))
    if not cluster:
        yield from outcomes_of(slices, work, partial(own_processes, workers), _ended_a_worker)
        return
    slices = batched(jobs, CLUSTER_SLICE)
    with cluster.connected() as connection:
        yield from outcomes_of(
            slices, work, connection.executor, _ended_a_worker, connection.workers
        )


def _ended_a_worker(job: Job, error: Exception) -> ReadOutcome:
    return ReadOutcome(job.path, failure=Fault("read", trace_of(error)))


_ONE_AT_A_TIME = threading.Lock()
"""A cluster's worker may have several threads, and the texts' language is the process's."""


def _read_in_worker(setup: bytes, jobs: Sequence[Job]) -> list[ReadOutcome]:
    """Read a slice in a worker, given the version of the program and what it reads with."""
    with _ONE_AT_A_TIME:
        release, reader = _reader(setup)
        if release != version("helhedsplan"):
            return [ReadOutcome(job.path, failure=_(_OTHER_VERSION)) for job in jobs]
        return reader.read(jobs)


@lru_cache(maxsize=1)
def _reader(setup: bytes) -> tuple[str, _SliceReader]:
    release, context, to_write = pickle.loads(setup)
    speak(context.parameters.language)
    return release, _SliceReader(context, to_write=to_write)


def _fetched(jobs: Sequence[Job]) -> Iterator[Callable[[], Snapshot] | ReadOutcome]:
    """For each workbook what reads it, once it is fetched; files are fetched some ahead."""
    fetching = [partial(_tried, job.path, partial(job.store.fetch, job.path)) for job in jobs]
    if not all(job.store.is_shared for job in jobs):
        yield from (fetch() for fetch in fetching)
        return
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        for some in batched(fetching, _AT_A_TIME):
            yield from [*threads.map(lambda fetch: fetch(), some)]


def _tried(path: str, work: Callable[[], T]) -> T | ReadOutcome:
    """Do a part of reading a workbook; an outcome where it cannot be read."""
    try:
        done = guarded("read", work)
    except Unreadable as error:
        tab = {"tab": error.tab}
        finding = Finding("STR-03", Place(path), tab, "workbook", variant=error.variant)
        return ReadOutcome(path, error.version, unreadable=finding)
    except StoreError as error:
        return ReadOutcome(path, failure=str(error))
    return ReadOutcome(path, failure=done) if isinstance(done, Fault) else done


class _SliceReader:
    """Reads slices of workbooks in this process: from the store, through the gate, each judged."""

    def __init__(self, context: Context, *, to_write: bool) -> None:
        self.context = context
        self.to_write = to_write

    @cached_property
    def _gate(self) -> Gate:
        from rules.gate.gate import Gate  # noqa: PLC0415  pandera is slow to import, not always needed

        return Gate(self.context.parameters)

    def read(self, jobs: Sequence[Job]) -> list[ReadOutcome]:
        """Read some workbooks, pass them through the gate together, and judge each by itself."""
        with collector_paused():
            outcomes: dict[str, ReadOutcome] = {}
            snapshots: list[Snapshot] = []
            raw = self._raw_workbooks(jobs, snapshots, outcomes)
            for number, result in enumerate(self._validated(raw, snapshots)):
                snapshot = snapshots[number]
                path = snapshot.raw.path
                judged = (
                    result
                    if isinstance(result, Fault)
                    else guarded("judge", self._judged_alone, snapshot, result)
                )
                if isinstance(judged, Fault):
                    judged = ReadOutcome(path, failure=judged)
                outcomes[path] = judged
            return [outcomes[job.path] for job in jobs]

    def _raw_workbooks(
        self,
        jobs: Sequence[Job],
        snapshots: list[Snapshot],
        outcomes: dict[str, ReadOutcome],
    ) -> Iterator[RawWorkbook]:
        """Read one workbook after the other; those that cannot be read go to the outcomes."""
        for (_store, path, known), fetched in zip(jobs, _fetched(jobs), strict=True):
            read = fetched if isinstance(fetched, ReadOutcome) else _tried(path, fetched)
            if isinstance(read, ReadOutcome):
                outcomes[path] = read
                continue
            raw = replace(read.raw, own={**known, **read.raw.own})
            snapshots.append(replace(read, raw=raw))
            yield raw

    def _validated(
        self, raw: Iterable[RawWorkbook], snapshots: Sequence[Snapshot]
    ) -> Iterator[GateResult | Fault]:
        """Each workbook as values. `snapshots` holds those that were taken from `raw`.

        Where the gate fails on them, each half goes by itself, down to the one that is to blame.
        """
        done = 0
        try:
            for result in self._gate.check(raw):
                yield result
                done += 1
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  the outcome of the one that it comes from
            fault = Fault("validate", trace_of(error))
        else:
            return
        for _rest in raw:
            pass  # reads those whose turn had not come
        rest = snapshots[done:]
        if len(rest) == 1:
            yield fault
            return
        middle = len(rest) // 2
        for half in (rest[:middle], rest[middle:]):
            yield from self._validated([one.raw for one in half], half)

    def _judged_alone(self, snapshot: Snapshot, result: GateResult) -> ReadOutcome:
        workbook = result.workbook
        checked = Checked(
            entry=entry_of(workbook),
            tabs=workbook.tabs,
            rows=packed(workbook),
            findings=tuple(result.findings),
            standing=standing_digest(snapshot.raw, workbook) if self.to_write else "",
        )
        return ReadOutcome(
            workbook.path,
            snapshot.version,
            checked,
            alone=verdict_on(Plan((workbook,)), self.context),
            template=version_of(snapshot.raw),
        )
