"""`make chaos-sharepoint`: many runs with people at work in between, and every kind of failure.

`python -m tests.sync.stores.sharepoint [SEEDS]` tries so many seeds of the race (200), then every
failure at every request.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.graph_server import GraphServer
from tests.graph_server.faults import Fault
from tests.sync.stores.chaos import RUNS, Failure, try_all
from tests.sync.stores.sharepoint.faults import trial
from tests.sync.stores.sharepoint.race import race


def raced(state: Path, seed: int) -> tuple[list[str], int]:
    with GraphServer() as server:
        return race(server, state, seed, RUNS)


def tried(state: Path, failure: Failure[Fault]) -> list[str] | None:
    with GraphServer() as server:
        return trial(server, state, failure)


if __name__ == "__main__":
    sys.exit(bool(try_all(200, raced, Fault, tried)))
