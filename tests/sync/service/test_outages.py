"""The service while the place of its lock is away, and after the machine slept."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from sync.locks.file_lease import FileLease
from sync.locks.lease import Holder, LeaseHeldError
from sync.locks.lock import SERVICE
from tests.sync.helpers import PATIENCE_SECONDS, Site, book
from tests.sync.postgres import Server
from tests.sync.processes import until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="moves and stops what is in use")

# The service with little patience: `takeover_minutes` are no less than two.
IMPATIENT = """
import sys
from sync.config.state import StateSection
from sync.service import loop

seconds = float(sys.argv.pop())
StateSection.takeover_seconds = property(lambda self: seconds)
loop.LOOK_SECONDS = 0.1
from sync.cli.app import app
app()
"""


class Running:
    """A service that runs, and what it says."""

    def __init__(self, site: Site, patience: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", IMPATIENT, "run", "--config", str(site.config), str(patience)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def says(self, text: str, times: int = 1) -> None:
        until(lambda: "".join(self.lines).count(text) >= times, f"{text!r}")

    def ended(self) -> tuple[int, str]:
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code, "".join(self.lines)


@contextlib.contextmanager
def running(site: Site, patience: float = 600) -> Iterator[Running]:
    site.put("a.xlsx", book())
    service = Running(site, patience)
    try:
        service.says("next run at")
        yield service
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.ended()
        assert service.process.stderr is not None
        service.process.stderr.close()


@pytest.mark.slow
def test_a_state_folder_that_comes_back_is_gone_on_with(site: Site) -> None:
    away = site.root / "away"
    with running(site) as service:
        site.state.rename(away)
        service.says("It is tried again until it is back.")
        assert not site.state.exists(), "an empty one would be taken for a new beginning"
        away.rename(site.state)
        service.says("next run at", 2)
        service.process.send_signal(signal.SIGTERM)
        code, said = service.ended()
    assert code == 0
    assert said.count("the lock was lost") == 1
    assert said.count("kan ikke bruges til kontrollens hukommelse") == 1
    assert "another service holds" not in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_state_folder_that_stays_away_ends_the_service_with_3(site: Site) -> None:
    with running(site, patience=1) as service:
        shutil.rmtree(site.state)
        code, said = service.ended()
    assert code == 3
    assert "kan ikke bruges til kontrollens hukommelse" in said.splitlines()[-1]
    assert "another service holds" not in said
    with running(site) as service:  # as its unit does
        assert service.process.poll() is None


@pytest.mark.slow
def test_a_service_that_slept_takes_its_lock_again(site: Site) -> None:
    with running(site, patience=0.5) as service:
        service.process.send_signal(signal.SIGSTOP)
        slept = threading.Event()
        assert not slept.wait(1.5)
        service.process.send_signal(signal.SIGCONT)
        service.says("the lock was lost")
        service.says("next run at", 2)
        service.process.send_signal(signal.SIGTERM)
        assert service.ended()[0] == 0


@pytest.mark.slow
def test_a_service_that_was_replaced_while_it_slept_says_by_whom(site: Site) -> None:
    other = Holder("elsewhere", 1, "somebody", "2026-11-23 06:00:00", "another", "token")
    with running(site, patience=1) as service:
        service.process.send_signal(signal.SIGSTOP)
        with contextlib.ExitStack() as stack:

            def is_taken() -> bool:
                with contextlib.suppress(LeaseHeldError):
                    stack.enter_context(FileLease(site.state, SERVICE, other, 1).held())
                    return True
                return False

            until(is_taken, "the takeover")
            service.process.send_signal(signal.SIGCONT)
            code, said = service.ended()
    assert code == 3
    last = said.splitlines()[-1]
    assert "another service holds" in last
    assert "process 1 of somebody on elsewhere" in last


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_database_that_comes_back_is_gone_on_with(site: Site, server: Server) -> None:
    with running(site, patience=3) as service, server.connected() as connection:
        connection.execute("ALTER ROLE job NOLOGIN")
        try:
            service.says("It is tried again until it is back.")
        finally:
            connection.execute("ALTER ROLE job LOGIN")
        service.says("next run at", 2)
        service.process.send_signal(signal.SIGTERM)
        code, said = service.ended()
    assert code == 0
    assert "Databasen plans på denne maskine kan ikke bruges" in said
    assert "another service" not in said.replace("or another service has it", "")


@pytest.mark.slow
@pytest.mark.usefixtures("heard_hangup")
def test_the_service_stops_when_its_terminal_goes(site: Site) -> None:
    with running(site) as service:
        service.process.send_signal(signal.SIGHUP)
        code, said = service.ended()
    assert code == 0
    assert said.splitlines()[-1].endswith("stopped")


HANGING = """
import os, sys
from sync.cli import sync
from sync.run import pipeline

sync.STOP_SECONDS = 0.2
pipe = sys.argv.pop()
pipeline.list_workbooks = lambda _stores: open(pipe)
from sync.cli.app import app
app()
"""


@pytest.mark.slow
def test_a_run_that_hangs_in_a_call_of_the_system_ends_when_it_is_asked_to(site: Site) -> None:
    site.put("a.xlsx", book())
    pipe = site.root / "pipe"
    os.mkfifo(pipe)
    run = subprocess.Popen(
        [sys.executable, "-c", HANGING, "sync", "--config", str(site.config), str(pipe)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until((site.state / "run.lease").exists, "the run's beginning")
    run.send_signal(signal.SIGTERM)
    _, said = run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == 3
    assert said == "the run hangs, and is ended; the next run goes on\n"
    assert site.command("sync").code == 0
