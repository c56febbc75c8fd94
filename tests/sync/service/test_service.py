"""The service: real processes, real signals, and nothing that grows."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync.config.job import ScheduleSection
from sync.locks.file_lease import holder_in_folder
from sync.locks.lock import SERVICE, alone
from sync.service.loop import Service
from sync.service.timetable import Timetable
from tests.sync.helpers import COPENHAGEN, PATIENCE_SECONDS, TODAY, Site, book, process
from tests.sync.processes import ended, start, until

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
NOON = datetime(2026, 11, 23, 12, tzinfo=COPENHAGEN)
DAILY: Timetable = Timetable(ScheduleSection())
LONG = timedelta(hours=1)


class Clock:
    """A clock that stands until it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def writing(file: Path) -> list[str]:
    """A command that notes in a file that it ran."""
    return [sys.executable, "-S", "-c", f"open({str(file)!r}, 'a').write('x')"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_the_service_stops_when_it_is_asked_to(site: Site, number: signal.Signals) -> None:
    site.put("a.xlsx", book())
    run = start(site, "run")
    assert run.stderr is not None
    assert b"next run at" in run.stderr.readline()
    run.send_signal(number)
    code, err = ended(run)
    assert code == 0
    assert "Traceback" not in err
    assert "stopped" in err


def test_a_second_service_says_who_is_at_it(site: Site) -> None:
    site.put("a.xlsx", book())
    with alone(site.settings().state, SERVICE):
        answer = process("run", "--config", site.config)
        holder = holder_in_folder(site.state, SERVICE)
        assert holder is not None
        assert answer.code == 3
        assert answer.err.strip() == (
            f"another service holds {site.state / 'service.lock'}: process {os.getpid()} of "
            f"{holder.user} on {holder.host}, since {holder.since}"
        )
        assert process("sync", "--config", site.config).code == 0


def test_a_missed_run_is_made_up_for_once(site: Site) -> None:
    site.configure('[schedule]\ntimes = ["00:00"]')
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(TODAY)
    run = start(site, "run")
    assert run.stderr is not None
    lines = b""
    while b"run ended" not in lines:
        line = run.stderr.readline()
        assert line
        lines += line
    run.send_signal(signal.SIGTERM)
    code, err = ended(run)
    assert code == 0
    assert "was missed and is made up for" in lines.decode()
    assert "run ended with exit code 0" in lines.decode()
    assert "run begins" not in err


def test_a_run_is_started_once_for_each_time(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    clock = Clock(NOON)
    service = Service(DAILY, writing(ran), clock=clock, since=NOON, longest=LONG)
    for _ in range(72):
        clock.now += timedelta(hours=1)
        service.look()
    assert ran.read_text() == "xxx"


def test_a_clock_that_is_put_back_does_not_stop_the_service(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    clock = Clock(NOON)
    since = NOON + timedelta(days=3650)
    service = Service(DAILY, writing(ran), clock=clock, since=since, longest=LONG)
    service.look()
    assert not ran.exists()
    clock.now += timedelta(days=1)
    service.look()
    assert ran.read_text() == "x"


def waiting(ready: Path, stopped: Path, *, heeds: bool) -> list[str]:
    """A command that waits for ever; it ends when it is asked to, or does not heed that."""
    handler = "stop" if heeds else "signal.SIG_IGN"
    script = (
        "import pathlib, signal, sys\n"
        "def stop(*_): pathlib.Path(sys.argv[2]).touch(); sys.exit(3)\n"
        f"signal.signal(signal.SIGTERM, {handler})\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "while True: signal.pause()\n"
    )
    return [sys.executable, "-c", script, str(ready), str(stopped)]


def test_the_service_asks_its_run_to_stop(tmp_path: Path) -> None:
    ready, stopped = tmp_path / "ready", tmp_path / "stopped"
    command = waiting(ready, stopped, heeds=True)
    service = Service(
        DAILY, command, clock=lambda: NOON, since=NOON - timedelta(days=1), longest=LONG
    )
    run = threading.Thread(target=service.look)
    run.start()
    until(ready.exists, "the run's start")
    service.stop()
    run.join(PATIENCE_SECONDS)
    assert not run.is_alive()
    assert stopped.exists()
    service.serve()


@pytest.mark.parametrize("heeds", [True, False])
def test_a_run_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heeds: bool
) -> None:
    monkeypatch.setattr("sync.service.loop.GRACE", timedelta(seconds=0.5))
    ready, stopped = tmp_path / "ready", tmp_path / "stopped"
    command = waiting(ready, stopped, heeds=heeds)
    service = Service(
        DAILY, command, clock=lambda: NOON, since=NOON - timedelta(days=1),
        longest=timedelta(seconds=1.5),
    )  # fmt: skip
    began = time.monotonic()
    service.look()
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert ready.exists()
    assert stopped.exists() is heeds


def test_a_run_ends_itself_when_its_time_is_over(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    script = (
        "import itertools, sys, time\n"
        "moments = itertools.chain([0.0], itertools.repeat(61.0))\n"
        "time.monotonic = lambda: next(moments)\n"
        "from sync.cli.app import app\n"
        "app()\n"
    )
    site.configure("[schedule]\nlongest_minutes = 1")
    answer = process("sync", "--config", site.config, script=script)
    assert answer.code == 3
    assert "stopped between two workbooks, since it took too long" in answer.err
    assert "stoppet, fordi den tog for lang tid" in site.command("status").out


def test_a_failing_run_does_not_end_the_service(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    good = site.config.read_text()
    command = [sys.executable, "-m", "sync", "sync", "--config", str(site.config)]
    clock = Clock(NOON)
    service = Service(DAILY, command, clock=clock, since=NOON, longest=LONG)
    for broken in ("[[sources]]\nfolder = 'borte'\n", "not toml", good):
        site.config.write_text(broken)
        clock.now += timedelta(days=1)
        service.look()
    assert site.overview.exists()
    assert site.control("a.xlsx", "Indsatser")[2].startswith("FEJL ")


def test_a_command_that_cannot_be_started_does_not_end_the_service(tmp_path: Path) -> None:
    clock = Clock(NOON + timedelta(days=1))
    service = Service(DAILY, [str(tmp_path / "nothing")], clock=clock, since=NOON, longest=LONG)
    service.look()
    service.stop()
    service.serve()


def test_a_service_that_lost_its_lock_ends(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    service = Service(
        DAILY, writing(ran), clock=lambda: NOON, since=NOON - timedelta(days=1), longest=LONG,
        is_lost=lambda: True,
    )  # fmt: skip
    service.serve()
    assert not ran.exists()


def test_the_service_goes_on_looking_when_the_clock_is_put_back(tmp_path: Path) -> None:
    looks = threading.Semaphore(0)

    def is_lost() -> bool:
        looks.release()
        return False

    service = Service(
        DAILY, ["true"], clock=lambda: NOON, since=NOON, longest=LONG, is_lost=is_lost
    )
    service._look_regularly()
    (job,) = service._scheduler.jobs
    job.next_run = datetime.now() + timedelta(hours=1)  # noqa: DTZ005  as schedule keeps it
    serving = threading.Thread(target=service.serve)
    serving.start()
    assert all(looks.acquire(timeout=PATIENCE_SECONDS) for _ in range(2))
    service.stop()
    serving.join(PATIENCE_SECONDS)
    assert not serving.is_alive()


GROWTH = """
import gc, sys, tracemalloc
from datetime import timedelta
from tests.sync.service.test_service import DAILY, LONG, NOON, Clock
from sync.service.loop import Service

clock = Clock(NOON)
service = Service(DAILY, ["true"], clock=clock, since=NOON, longest=LONG)

def days(number):
    for _ in range(number):
        clock.now += timedelta(days=1)
        service.look()

def used():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]

tracemalloc.start()
days(100)
before = used()
days(int(sys.argv[1]))
print(used() - before)
"""


def test_the_service_does_not_grow() -> None:
    runs = 200
    answer = process(runs, script=GROWTH)
    assert answer.code == 0, answer.err
    # What Python itself keeps varies by some kilobytes; a run that is kept takes one or more.
    assert int(answer.out) < 100 * runs
