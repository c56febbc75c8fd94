"""A few of the races and failures that `make chaos-sharepoint` tries by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph_server import GraphServer
from tests.graph_server.faults import Fault
from tests.sync.stores.chaos import Failure
from tests.sync.stores.sharepoint.faults import trial
from tests.sync.stores.sharepoint.race import race

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [3, 11])
def test_staff_save_and_open_between_any_two_requests(
    seed: int, server: GraphServer, tmp_path: Path
) -> None:
    wrong, acts = race(server, tmp_path, seed, runs=3)

    assert acts
    assert wrong == []


@pytest.mark.parametrize(
    ("number", "fault", "in_first_run"),
    [
        (1, Fault.BROKEN, True), (2, Fault.GATEWAY_PAGE, True), (4, Fault.TOO_MANY, True),
        (5, Fault.CUT_SHORT, True), (7, Fault.CUT_SHORT, True), (8, Fault.UNAVAILABLE, True),
        (9, Fault.INTERNAL_AFTER, True), (9, Fault.BROKEN_AFTER, False),
        (9, Fault.BANDWIDTH, False), (10, Fault.INTERNAL, False), (9, Fault.SILENT_AFTER, False),
        (8, Fault.UNAUTHENTICATED, True), (9, Fault.UNAUTHENTICATED, False),
    ],
)  # fmt: skip
def test_a_failure_at_any_request(
    number: int, fault: Fault, in_first_run: bool, server: GraphServer, tmp_path: Path
) -> None:
    assert trial(server, tmp_path, Failure(fault, number, in_first_run)) == []
