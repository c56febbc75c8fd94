"""The lock between machines: processes with nothing in common but a folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from sync.config.state import StateSection
from sync.locks.file_lease import FileLease, holder_in_folder
from sync.locks.lease import Holder, LeaseHeldError, this_process
from sync.locks.lock import RUN, alone
from sync.stores.files.exchange import put_where_nothing_is
from tests.sync.helpers import COPENHAGEN, PATIENCE_SECONDS, Site, book, process
from tests.sync.processes import ended, start, until

NOW = datetime(2026, 11, 23, 6, tzinfo=COPENHAGEN)
WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
SHORT = 2.0
"""Seconds after which a lease without a sign of life may be taken over."""

# Another machine: a process with an identity, and where the system lets us a network, of its own.
MACHINE = """
import pathlib, sys, time
from datetime import datetime
import msgspec
from sync.config.state import StateSection
from sync.locks.file_lease import FileLease
from sync.locks.lease import LeaseHeldError, this_process

folder, name, patience = pathlib.Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
me = msgspec.structs.replace(this_process(datetime(2026, 11, 23, 6)), host=name, machine=name)

def hold():
    return FileLease(folder, "run", me, patience).held()
"""
HOLD_FOR_EVER = """
with hold() as lease:
    print("held", flush=True)
    while not lease.is_lost():
        time.sleep(0.02)
print("lost", flush=True)
"""
TRY_ONCE = """
try:
    with hold():
        print("held", flush=True)
        time.sleep(float(sys.argv[4]))
except LeaseHeldError as error:
    print("refused", error, flush=True)
"""
CONTEND = """
inside, turns = folder / "inside", 0
while turns < int(sys.argv[4]):
    try:
        with hold():
            inside.touch(exist_ok=False)
            time.sleep(0.001)
            inside.unlink()
            turns += 1
    except LeaseHeldError:
        time.sleep(0.001)
print(turns)
"""


def own_network() -> list[str]:
    """What gives a process a network and a host name of its own, where that is allowed."""
    command = ["unshare", "--net", "--uts"]
    if shutil.which("unshare") is None:
        return []
    able = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return command if able else []


def machine(
    script: str, folder: Path, name: str, *arguments: object, patience: float = SHORT
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*own_network(), sys.executable, "-c", MACHINE + script, str(folder), name, str(patience),
         *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def output_of(running: subprocess.Popen[str]) -> str:
    out, err = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0, err
    return out.strip()


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def another(host: str) -> Holder:
    return msgspec.structs.replace(this_process(NOW), host=host, machine=host)


def attempt(folder: Path, host: str, patience: float = SHORT) -> bool:
    try:
        with FileLease(folder, RUN, another(host), patience).held():
            return True
    except LeaseHeldError:
        return False


@pytest.mark.slow
def test_machines_that_contend_take_turns(tmp_path: Path) -> None:
    contending = [machine(CONTEND, tmp_path, name, 40, patience=600) for name in "ABC"]
    assert [output_of(one) for one in contending] == ["40", "40", "40"]


def test_the_refusal_names_the_holder(tmp_path: Path) -> None:
    holding = machine(HOLD_FOR_EVER, tmp_path, "A", patience=600)
    try:
        assert first_line(holding) == "held"
        answer = output_of(machine(TRY_ONCE, tmp_path, "B", 0, patience=600))
        user = this_process(NOW).user
        pid = holder_in_folder(tmp_path, RUN)
        assert pid is not None
        assert answer == (f"refused process {pid.pid} of {user} on A, since 2026-11-23 06:00:00")
    finally:
        holding.kill()
        holding.communicate()


@pytest.mark.slow
def test_a_dead_machine_is_replaced_in_time_and_not_before(tmp_path: Path) -> None:
    holding = machine(HOLD_FOR_EVER, tmp_path, "A")
    assert first_line(holding) == "held"
    time.sleep(SHORT * 1.5)
    assert not attempt(tmp_path, "B"), "a living holder was replaced"
    holding.kill()
    holding.communicate()
    file = tmp_path / "run.lease"
    beaten_at = file.stat().st_mtime
    until(lambda: attempt(tmp_path, "B"), "the takeover")
    waited = tmp_path.stat().st_mtime - beaten_at
    assert SHORT <= waited < 3 * SHORT


@pytest.mark.slow
def test_one_of_many_takes_over(tmp_path: Path) -> None:
    holding = machine(HOLD_FOR_EVER, tmp_path, "A")
    assert first_line(holding) == "held"
    holding.kill()
    holding.communicate()
    os.utime(tmp_path / "run.lease", (0, 0))
    contending = [machine(TRY_ONCE, tmp_path, f"B{n}", 5, patience=600) for n in range(4)]
    answers = sorted(output_of(one).split()[0] for one in contending)
    assert answers == ["held", "refused", "refused", "refused"]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process and lets it go on")
def test_a_machine_that_slept_sees_that_it_was_replaced(tmp_path: Path) -> None:
    sleeping = machine(HOLD_FOR_EVER, tmp_path, "A")
    assert first_line(sleeping) == "held"
    sleeping.send_signal(signal.SIGSTOP)
    until(lambda: attempt(tmp_path, "B"), "the takeover")
    with FileLease(tmp_path, RUN, another("B"), 600).held() as lease:
        sleeping.send_signal(signal.SIGCONT)
        assert output_of(sleeping) == "lost"
        assert not lease.is_lost()
        assert lease.file.exists()


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "run.lease-000007").write_bytes(b"of version 0.1")
    for _ in range(3):
        with FileLease(tmp_path, RUN, another("A"), SHORT).held() as lease:
            assert [file.name for file in tmp_path.iterdir()] == [lease.file.name]
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_removed_by_its_machine(tmp_path: Path) -> None:
    mine, others = (
        tmp_path / f"run.{hashlib.blake2b(name.encode(), digest_size=6).hexdigest()}-0.tmp"
        for name in ("A", "B")
    )
    mine.touch()
    others.touch()
    with FileLease(tmp_path, RUN, another("A"), SHORT).held() as lease:
        assert not lease.is_lost()
        assert others.exists()
        assert not mine.exists()


def test_whoever_comes_late_does_not_put_away_the_new_holder(tmp_path: Path) -> None:
    """Two found the same file stale; one of them was slow to rename it."""
    stale = another("dead").packed()
    (tmp_path / "run.lease").write_bytes(stale)
    os.utime(tmp_path / "run.lease", (0, 0))
    with FileLease(tmp_path, RUN, another("fast"), 600).held() as lease:
        late = FileLease(tmp_path, RUN, another("late"), 600)
        away = late._away(hashlib.blake2b(stale, digest_size=8).hexdigest())
        assert not put_where_nothing_is(late.file, away)
        assert not lease.is_lost()


def test_the_machines_own_clock_does_not_matter(tmp_path: Path) -> None:
    off = "import time; time.time = lambda: 0.0\n"
    holding = machine(HOLD_FOR_EVER, tmp_path, "A", patience=60)
    try:
        assert first_line(holding) == "held"
        trying = subprocess.run(
            [sys.executable, "-c", off + MACHINE + TRY_ONCE, str(tmp_path), "B", "60", "0"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert trying.stdout.startswith("refused")
    finally:
        holding.kill()
        holding.communicate()


@pytest.mark.parametrize("moved", [-3600, 3600])
def test_a_file_from_another_time_is_stale(tmp_path: Path, moved: int) -> None:
    (tmp_path / "run.lease").write_bytes(b"torn")
    assert not attempt(tmp_path, "B", 600)
    at = time.time() + moved
    os.utime(tmp_path / "run.lease", (at, at))
    assert attempt(tmp_path, "B", 600)


def test_a_run_that_was_killed_here_is_replaced_at_once(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\n"
        "from sync.config.state import StateSection\n"
        "from sync.locks.lock import alone\n"
        "with alone(StateSection(folder=pathlib.Path(sys.argv[1]))): os._exit(9)\n"
    )
    assert process(tmp_path, script=script).code == 9
    with alone(StateSection(folder=tmp_path)):
        pass


@pytest.mark.slow
def test_a_run_that_another_machine_replaced_stops(site: Site) -> None:
    before = {}
    for number in range(60):
        name = f"{number:03}.xlsx"
        site.put(name, book(plan={"Plan-id": f"P-{number:03}"}, cells=WRONG))
        before[name] = (site.sheets / name).read_bytes()
    run = start(site, "sync")
    first = site.sheets / "000.xlsx"
    until(lambda: first.read_bytes() != before["000.xlsx"] or run.poll() is not None, "a write")
    lease = site.state / "run.lease"
    lease.with_name("of another machine").write_bytes(another("B").packed())
    lease.with_name("of another machine").replace(lease)
    code, err = ended(run)
    assert code == 3
    assert "lost its lock" in err
    assert (site.sheets / "059.xlsx").read_bytes() == before["059.xlsx"]


def test_a_state_folder_that_is_moved_away_stops_the_holder(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with alone(StateSection(folder=folder)) as lease:
        assert not lease.is_lost()
        folder.rename(tmp_path / "elsewhere")
        assert lease.is_lost()
    assert not folder.exists()
