"""`make chaos-sharepoint`: many runs with people at work in between, and every kind of failure.

`python -m tests.sync.stores.sharepoint [SEEDS]` tries so many seeds of the race (200), then every
failure at every request.
"""

from __future__ import annotations

import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from tests.graph_server import GraphServer
from tests.graph_server.faults import Fault
from tests.sync.stores.sharepoint.faults import Failure, trial
from tests.sync.stores.sharepoint.race import race

RUNS = 4
"""Of the job while people are at work, for each seed; then one undisturbed, and one that looks."""


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as scratch:
        wrong = races(Path(scratch), seeds) + failures(Path(scratch))
    sys.exit(bool(wrong))


def races(scratch: Path, seeds: int) -> int:
    began, wrong, acts = time.monotonic(), 0, 0
    for seed in range(seeds):
        with GraphServer() as server:
            found, acted = race(server, scratch / f"race-{seed}", seed, RUNS)
        acts += acted
        wrong += len(found)
        for line in found:
            print(f"seed {seed}: {line}", flush=True)
    seconds = time.monotonic() - began
    print(f"{seeds * (RUNS + 2)} runs, {acts} acts of staff in between: {wrong} things wrong")
    print(f"({seconds:.0f} s)", flush=True)
    return wrong


def failures(scratch: Path) -> int:
    tried, wrong = 0, 0
    for fault in Fault:
        for in_first_run in (True, False):
            for number in count(1):
                state = scratch / f"{fault.name}-{number}-{in_first_run}"
                with GraphServer() as server:
                    found = trial(server, state, Failure(fault, number, in_first_run))
                if found is None:
                    break
                tried += 1
                wrong += len(found)
                for line in found:
                    print(line, flush=True)
    print(f"{tried} runs with a failure, {len(Fault)} kinds at every request: {wrong} things wrong")
    return wrong


if __name__ == "__main__":
    main()
