"""Runs of the job in which one request fails, each kind of failure at each request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from sync.stores.patience import Patience
from tests.google_server import GoogleServer
from tests.google_server.faults import Fault
from tests.sync.stores.chaos import Failure
from tests.sync.stores.google.race import Race

DEADLINE = 6.0
ALLOWED = 2.0
"""How many seconds more than its deadline a run may take: its own work, on a slow machine."""
BEFORE = {"Indsatser!I2": "'ca. 5"}


def patience() -> Patience:
    """Short waits; an answer that does not come is waited for half a second."""
    return Patience(run=DEADLINE, answer=0.5, attempts=3, first_wait=0.001, longest_wait=0.002)


def trial(
    server: GoogleServer, key_file: Path, state: Path, failure: Failure[Fault]
) -> list[str] | None:
    """What goes wrong in a run that meets with the failure, or after it.

    None where a run has no request of this number.
    """
    server.faults.silence_seconds, server.faults.delay_seconds = 0.7, 0.7
    one = Race(server, key_file, state)
    one.begin([BEFORE])
    words = []
    if not failure.in_first_run:
        one.run()
        words.append(one.type_something())
    server.faults.at(failure.number, failure.fault)
    began = time.monotonic()
    one.run(patience=patience())
    is_late = time.monotonic() - began > DEADLINE + ALLOWED
    if not server.faults.happened:
        server.faults.clear()
        return None
    wrong = ["the run took longer than its deadline"] if is_late else []
    words.append(one.type_something())
    one.run()
    return [f"{failure}: {what}" for what in [*wrong, *_left_over(one, words)]]


def _left_over(one: Race, words: list[str]) -> Iterator[str]:
    """What the run after the failed one did not put right."""
    writes = count_writes(one)
    result = one.run()
    if result.problems or result.written:
        yield "the run after the next had something left to do"
    if count_writes(one) != writes:
        yield "written twice"
    yield from one.wrong()
    yield from (f"{word} was lost" for word in words if not one.stands(word))


def count_writes(one: Race) -> int:
    """How many requests that change a spreadsheet were sent so far."""
    return sum(is_write(request.path) for request in one.server.asked)


def is_write(path: str) -> bool:
    """Whether a request changes a spreadsheet."""
    return path.endswith((":batchUpdate", ":batchUpdateByDataFilter"))
