"""Processes of their own for the tests: started, waited for, and ended however they are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from tests.sync.helpers import PATIENCE_SECONDS, Site


def until(happens: Callable[[], bool], what: str) -> None:
    """Wait for something that will happen, however slow the machine is."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < give_up, f"{what} did not happen"
        time.sleep(0.005)


def start(site: Site, command: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "sync", command, "--config", str(site.config), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def ended(run: subprocess.Popen[bytes], patience: float = PATIENCE_SECONDS) -> tuple[int, str]:
    """How it ended, and what it said; what does not end in time is killed, and fails the test."""
    try:
        _, err = run.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        raise
    return run.returncode, err.decode()
