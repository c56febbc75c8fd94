"""`make chaos-google`: many runs with staff editing in between, and with every kind of failure.

`python -m tests.sync.stores.google [SEEDS]` tries so many seeds of the race (500), then every
failure at every request.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.google_server import GoogleServer
from tests.google_server.faults import Fault
from tests.google_server.keys import write_key_file
from tests.sync.stores.chaos import RUNS, Failure, try_all
from tests.sync.stores.google.faults import trial
from tests.sync.stores.google.race import race


def main(key_file: Path) -> int:
    def raced(state: Path, seed: int) -> tuple[list[str], int]:
        with GoogleServer(key_file, check_answers=False) as server:
            return race(server, key_file, state, seed, RUNS)

    def tried(state: Path, failure: Failure[Fault]) -> list[str] | None:
        with GoogleServer(key_file, check_answers=False) as server:
            return trial(server, key_file, state, failure)

    return try_all(500, raced, Fault, tried)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as keys:
        sys.exit(bool(main(write_key_file(Path(keys, "key.json")))))
