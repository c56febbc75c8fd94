"""What `make chaos-google` and `make chaos-sharepoint` share: the loops over seeds and failures."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

F = TypeVar("F", bound=Enum)

RUNS = 4
"""Of the job while people are at work, for each seed; then one undisturbed, and one that looks."""


@dataclass(frozen=True)
class Failure(Generic[F]):
    """What fails: the request of this number, in the first run or in one after a change."""

    fault: F
    number: int
    in_first_run: bool = True

    def __str__(self) -> str:
        run = "first" if self.in_first_run else "later"
        return f"{self.fault.name} at request {self.number} of a {run} run"


def try_all(
    seeds: int,
    race: Callable[[Path, int], tuple[list[str], int]],
    faults: Iterable[F],
    trial: Callable[[Path, Failure[F]], list[str] | None],
) -> int:
    """Run races and failures, each with a folder of its own; how many things went wrong.

    The command line may give another number of seeds.
    """
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else seeds
    with tempfile.TemporaryDirectory() as scratch:
        return _races(Path(scratch), seeds, race) + _failures(Path(scratch), faults, trial)


def _races(scratch: Path, seeds: int, race: Callable[[Path, int], tuple[list[str], int]]) -> int:
    began, wrong, acts = time.monotonic(), 0, 0
    for seed in range(seeds):
        found, acted = race(scratch / f"race-{seed}", seed)
        acts += acted
        wrong += len(found)
        for line in found:
            print(f"seed {seed}: {line}", flush=True)
    seconds = time.monotonic() - began
    print(f"{seeds * (RUNS + 2)} runs, {acts} acts of staff in between: {wrong} things wrong")
    print(f"({seconds:.0f} s)", flush=True)
    return wrong


def _failures(
    scratch: Path, faults: Iterable[F], trial: Callable[[Path, Failure[F]], list[str] | None]
) -> int:
    tried, wrong, kinds = 0, 0, list(faults)
    for fault in kinds:
        for in_first_run in (True, False):
            for number in count(1):
                state = scratch / f"{fault.name}-{number}-{in_first_run}"
                found = trial(state, Failure(fault, number, in_first_run))
                if found is None:
                    break
                tried += 1
                wrong += len(found)
                for line in found:
                    print(line, flush=True)
    print(f"{tried} runs with a failure, {len(kinds)} kinds at every request: {wrong} things wrong")
    return wrong
