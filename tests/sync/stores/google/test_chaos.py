"""A few of the races and failures that `make chaos-google` tries by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.google_server import GoogleServer
from tests.google_server.faults import Fault
from tests.sync.stores.chaos import Failure
from tests.sync.stores.google.faults import trial
from tests.sync.stores.google.race import race

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [3, 11])
def test_staff_edit_between_any_two_requests(seed: int, key_file: Path, tmp_path: Path) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        wrong, edits = race(server, key_file, tmp_path, seed, runs=3)

    assert edits
    assert wrong == []


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (1, Fault.BROKEN), (2, Fault.TOO_MANY), (3, Fault.UNAVAILABLE), (4, Fault.STALE),
        (5, Fault.INTERNAL_AFTER), (6, Fault.BROKEN_AFTER), (6, Fault.CUT_SHORT),
    ],
)  # fmt: skip
def test_a_failure_at_any_request_of_a_first_run(
    fault: Fault, number: int, key_file: Path, tmp_path: Path
) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        assert trial(server, key_file, tmp_path, Failure(fault, number)) == []


@pytest.mark.parametrize(
    ("number", "fault"),
    [(3, Fault.BAD_GATEWAY), (4, Fault.BROKEN_AFTER), (4, Fault.INTERNAL_AFTER)],
)
def test_a_failure_at_any_request_of_a_later_run(
    fault: Fault, number: int, key_file: Path, tmp_path: Path
) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        failure = Failure(fault, number, in_first_run=False)
        assert trial(server, key_file, tmp_path, failure) == []


def test_an_answer_that_never_comes_ends_with_the_deadline(key_file: Path, tmp_path: Path) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        assert trial(server, key_file, tmp_path, Failure(Fault.SILENT, 4)) == []
