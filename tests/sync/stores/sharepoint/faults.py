"""Runs of the job in which one request fails, each kind of failure at each request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from sync.stores.patience import Patience
from tests.graph_server import GraphServer
from tests.graph_server.faults import Fault
from tests.sync.stores.chaos import Failure
from tests.sync.stores.sharepoint.helpers import kinds
from tests.sync.stores.sharepoint.race import Race

DEADLINE = 6.0
ALLOWED = 15.0
"""How many seconds more than its deadline a run may take: its own work, on a slow machine."""


def trial(server: GraphServer, state: Path, failure: Failure[Fault]) -> list[str] | None:
    """What goes wrong in a run that meets with the failure, or after it.

    None where a run has no request of this number.
    """
    server.faults.silence_seconds = 0.8
    one = Race(server, state)
    one.begin({"Indsatser!I2": "'ca. 5"})
    if not failure.in_first_run:
        one.run()
        one.save()
        server.tick(3600)
    server.faults.at(failure.number, failure.fault)
    began = time.monotonic()
    one.run(patience=Patience(DEADLINE, 0.5, attempts=3, first_wait=0.001, longest_wait=0.002))
    is_late = time.monotonic() - began > DEADLINE + ALLOWED
    if not server.faults.happened:
        server.faults.clear()
        return None
    wrong = ["the run took longer than its deadline"] if is_late else []
    server.tick(3600)
    return [f"{failure}: {what}" for what in [*wrong, *_left_over(one)]]


def _left_over(one: Race) -> Iterator[str]:
    """What the run after the failed one did not put right."""
    first = one.run()
    one.server.tick(3600)
    yield from (f"{path}: {problem}" for path, problem in first.problems)
    uploads = kinds(one.server.asked)["upload"]
    if one.run().written or kinds(one.server.asked)["upload"] != uploads:
        yield "written twice"
    if len(one.server.sessions) > 1:
        yield "sessions were left open"
    yield from one.settle()
