"""Workers that share a database and no folder: never two runs at once, the dead replaced."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.config.state import StateSection
from sync.locks.lock import RUN, AlreadyRunning, alone, holder_of
from tests.sync.helpers import PATIENCE_SECONDS, Site, book, process
from tests.sync.postgres import Server
from tests.sync.processes import ended, start, until

pytestmark = pytest.mark.postgresql

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
SHORT = 2.0
"""Seconds after which a lock without a sign of life may be taken over."""

# A worker: a process with a state folder of its own, and a host's name.
WORKER = """
import os, pathlib, sys, time
from sync.config.state import StateSection
from sync.locks.lock import AlreadyRunning, alone
from sync.config.state import StateError

state = StateSection.model_construct(
    folder=pathlib.Path(sys.argv[1]), database=os.environ["HELHEDSPLAN_STATE__DATABASE"],
    password_file=None, takeover_minutes=float(sys.argv[2]) / 60,
)
"""
HOLD_FOR_EVER = """
with alone(state) as lock:
    print("held", flush=True)
    while not lock.is_lost():
        time.sleep(0.02)
print("lost", flush=True)
"""
DIE = "with alone(state): os._exit(9)\n"
CONTEND = """
inside, turns = pathlib.Path(sys.argv[3]), 0
while turns < 15:
    try:
        with alone(state):
            inside.touch(exist_ok=False)
            time.sleep(0.001)
            inside.unlink()
            turns += 1
    except AlreadyRunning:
        time.sleep(0.001)
print(turns)
"""


def worker(script: str, folder: Path, *arguments: object, patience: float = SHORT) -> Running:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER + script, str(folder), str(patience), *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


Running = subprocess.Popen[str]


def output_of(running: Running) -> str:
    out, err = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0, err
    return out.strip()


@contextlib.contextmanager
def holding(folder: Path, patience: float = SHORT) -> Iterator[Running]:
    """A worker that holds the lock until it is lost, or it is killed."""
    running = worker(HOLD_FOR_EVER, folder, patience=patience)
    try:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == "held"
        yield running
    finally:
        running.kill()
        running.communicate()


def state_in(folder: Path, server: Server, patience: float = SHORT) -> StateSection:
    return StateSection.model_construct(
        folder=folder,
        database=server.address,
        takeover_minutes=patience / 60,  # type: ignore[arg-type]
    )


def attempt(state: StateSection) -> bool:
    try:
        with alone(state):
            return True
    except AlreadyRunning:
        return False


@pytest.mark.slow
def test_workers_that_contend_take_turns(tmp_path: Path, server: Server) -> None:
    inside = tmp_path / "inside"
    contending = [worker(CONTEND, tmp_path / name, inside, patience=600) for name in "ABC"]
    assert [output_of(one) for one in contending] == ["15", "15", "15"]


@pytest.mark.slow
def test_a_run_beside_another_worker_is_refused_and_names_it(site: Site, server: Server) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    with holding(site.root / "elsewhere", patience=600) as other:
        before = site.everything()
        refused = site.command("sync")
        assert refused.code == 3
        assert "another run holds the lock in plans on this machine: process" in refused.err
        assert f"process {other.pid} of" in refused.err
        assert "a run is going on" in site.command("doctor").out
        changed = {n for n, seen in site.everything().items() if before.get(n) != seen}
        assert all(name.startswith("state/") for name in changed)


@pytest.mark.slow
def test_a_dead_worker_is_replaced_in_time_and_not_before(tmp_path: Path, server: Server) -> None:
    state = state_in(tmp_path / "B", server)
    with holding(tmp_path / "A") as dying:
        time.sleep(SHORT * 1.5)
        assert not attempt(state), "a living holder was replaced"
        dying.kill()
        dying.communicate()
        ((beaten_at,),) = server.asked("SELECT beaten_at FROM lease")
        until(lambda: attempt(state), "the takeover")
        ((taken_at,),) = server.asked("SELECT beaten_at FROM lease")
    assert SHORT <= (taken_at - beaten_at).total_seconds() < 4 * SHORT


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process and lets it go on")
def test_a_worker_that_slept_sees_that_it_was_replaced(tmp_path: Path, server: Server) -> None:
    state = state_in(tmp_path / "B", server)
    with holding(tmp_path / "A") as sleeping:
        sleeping.send_signal(signal.SIGSTOP)
        until(lambda: attempt(state), "the takeover")
        with alone(state_in(tmp_path / "B", server, 600)) as lock:
            sleeping.send_signal(signal.SIGCONT)
            assert output_of(sleeping) == "lost"
            assert not lock.is_lost()
            held = holder_of(state, RUN)
            assert held is not None
            assert held.pid == os.getpid()


def test_a_run_that_was_killed_here_is_replaced_at_once(tmp_path: Path, server: Server) -> None:
    script = WORKER + DIE
    assert process(tmp_path / "A", 600, script=script).code == 9
    assert not attempt(state_in(tmp_path / "B", server, 600))
    assert attempt(state_in(tmp_path / "A", server, 600))


@pytest.mark.slow
def test_a_worker_that_cannot_reach_the_server_takes_itself_for_replaced(
    tmp_path: Path, server: Server
) -> None:
    with holding(tmp_path / "A") as cut_off, server.connected() as connection:
        connection.execute("ALTER ROLE job NOLOGIN")
        try:
            assert output_of(cut_off) == "lost"
        finally:
            connection.execute("ALTER ROLE job LOGIN")


@pytest.mark.slow
def test_two_first_runs_at_once_make_the_tables_once(site: Site, server: Server) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    others = [Site(site.root / name) for name in ("b", "c")]
    for other in others:
        other.put("a.xlsx", book(cells=WRONG))
    runs = [start(one, "sync") for one in (site, *others)]
    outcomes = [ended(run) for run in runs]
    assert {code for code, _ in outcomes} <= {0, 3}
    assert 0 in {code for code, _ in outcomes}
    for code, err in outcomes:
        assert code == 0 or "another run holds the lock" in err
    assert server.asked("SELECT COUNT(*) FROM fact WHERE key = 'form'") == [(1,)]
