"""`make chaos-google`: many runs with staff editing in between, and with every kind of failure.

`python -m tests.sync.stores.google [SEEDS]` tries so many seeds of the race
(500), then every failure.
"""

from __future__ import annotations

import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from tests.google_server import GoogleServer
from tests.google_server.faults import Fault
from tests.google_server.keys import write_key_file
from tests.sync.stores.google.faults import Failure, trial
from tests.sync.stores.google.race import race

RUNS = 4
"""Of the job while staff edit, for each seed; then one undisturbed, and one that looks."""


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as scratch:
        key_file = write_key_file(Path(scratch, "key.json"))
        wrong = races(key_file, Path(scratch), seeds) + failures(key_file, Path(scratch))
    sys.exit(bool(wrong))


def races(key_file: Path, scratch: Path, seeds: int) -> int:
    began, wrong, edits = time.monotonic(), 0, 0
    for seed in range(seeds):
        with GoogleServer(key_file, check_answers=False) as server:
            found, edited = race(server, key_file, scratch / f"race-{seed}", seed, RUNS)
        edits += edited
        wrong += len(found)
        for line in found:
            print(f"seed {seed}: {line}", flush=True)
    seconds = time.monotonic() - began
    print(f"{seeds * (RUNS + 1)} runs, {edits} edits by staff in between: {wrong} things wrong")
    print(f"({seconds:.0f} s)", flush=True)
    return wrong


def failures(key_file: Path, scratch: Path) -> int:
    tried, wrong = 0, 0
    for fault in Fault:
        for in_first_run in (True, False):
            for number in count(1):
                state = scratch / f"{fault.name}-{number}-{in_first_run}"
                with GoogleServer(key_file, check_answers=False) as server:
                    found = trial(server, key_file, state, Failure(fault, number, in_first_run))
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
