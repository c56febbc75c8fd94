"""A few of the races and failures that `make chaos-google` tries by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.google.faults import Failure, trial
from tests.google.race import race
from tests.google_server import GoogleServer
from tests.google_server.faults import Fault


@pytest.mark.parametrize("seed", [3, 7, 11])
def test_staff_edit_between_any_two_requests(seed: int, key_file: Path, tmp_path: Path) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        wrong, edits = race(server, key_file, tmp_path, seed, runs=3)

    assert edits
    assert wrong == []


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("fault", [Fault.INTERNAL_AFTER, Fault.TOO_MANY, Fault.BROKEN, Fault.STALE])
def test_a_failure_at_any_request_of_a_first_run(
    fault: Fault, number: int, key_file: Path, tmp_path: Path
) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        assert trial(server, key_file, tmp_path, Failure(fault, number)) == []


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.BAD_GATEWAY, Fault.CUT_SHORT])
def test_a_failure_at_any_request_of_a_later_run(
    fault: Fault, number: int, key_file: Path, tmp_path: Path
) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        failure = Failure(fault, number, in_first_run=False)
        assert trial(server, key_file, tmp_path, failure) == []


def test_an_answer_that_never_comes_ends_with_the_deadline(key_file: Path, tmp_path: Path) -> None:
    with GoogleServer(key_file, check_answers=False) as server:
        assert trial(server, key_file, tmp_path, Failure(Fault.SILENT, 4)) == []
