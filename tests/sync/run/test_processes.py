"""Real processes and real signals: never two runs at once, and never half a workbook."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sync.locks.lock import alone
from tests.sync.helpers import DAY, PAGE, Site, book, control_of, process  # fmt: skip
from tests.sync.processes import ended, start, until

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
MANY = 60
HANGS = """
import signal, time
from sync.cli.common import end_for_sure, on_stop
on_stop(lambda: None)
with end_for_sure(600, 0.1):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGHUP])
    print("hangs", flush=True)
    time.sleep(600)
"""
"""Its main thread can no more answer a signal than one that waits for a dead share."""
ASKED_TWICE = """
import signal, time
from sync.cli.common import end_for_sure, on_stop
asked = []
on_stop(lambda: asked.append(1))
with end_for_sure(600, 600):
    signal.raise_signal(signal.SIGINT)
    time.sleep(0.5)  # until the thread that watches has seen it
    signal.raise_signal(signal.SIGINT)
print(len(asked))
"""
PROC = Path("/proc")
HAS_PROC = (PROC / "self/task").is_dir()


@pytest.fixture
def many(site: Site) -> Site:
    """Sixty workbooks, each of a plan of its own."""
    for number in range(MANY):
        plan = {"Plan-id": f"P-{number:03}"}
        site.put(f"{number:03}.xlsx", book(plan=plan, cells=WRONG, without=["Medarbejdere"]))
    return site


def test_a_run_waits_for_nobody_and_says_so(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    before = site.bytes_of_workbooks()
    with alone(site.settings().state):
        answer = process("sync", "--config", site.config)
        assert (answer.code, answer.out) == (3, "")
        assert answer.err.startswith("another run holds ")
        assert answer.err.count("\n") == 1
        assert site.bytes_of_workbooks() == before
        assert not site.overview.exists()
        assert process("check", site.sheets).code == 1
    assert process("sync", "--config", site.config).code == 0
    assert site.bytes_of_workbooks() != before


def whole(site: Site, before: dict[str, bytes]) -> int:
    """Each workbook is the old one or a whole new one; how many are new."""
    new = 0
    for name, content in site.bytes_of_workbooks().items():
        if content != before[name]:
            new += 1
            assert control_of(content, "Indsatser")[2].startswith("FEJL ")
            assert PAGE in openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    return new


def workers_of(run: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a run has started to share its work."""
    children = (PROC / f"{run.pid}/task/{run.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in (PROC / pid / "cmdline").read_bytes()]


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda n: n.name
)
def test_a_run_that_is_stopped_leaves_every_workbook_whole(
    many: Site, number: signal.Signals
) -> None:
    before = many.bytes_of_workbooks()
    first = many.sheets / "000.xlsx"
    run = start(many, "sync")
    until(lambda: first.read_bytes() != before["000.xlsx"] or run.poll() is not None, "a write")
    run.send_signal(number)
    code, err = ended(run)
    written = whole(many, before)
    assert written >= 1
    if number is signal.SIGKILL:
        assert code in {0, -number}
    else:
        assert code in {0, 3}
        assert "Traceback" not in err
    if code == 3:
        assert "stopped between two workbooks" in err
        assert "stoppet undervejs" in many.command("status").out
    assert many.command("sync").code == 0
    assert whole(many, before) == MANY
    assert many.overview.exists()
    names = {file.name for file in many.sheets.iterdir()}
    assert names == set(before)


@pytest.mark.skipif(not HAS_PROC, reason="asks /proc for the workers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_a_signal_to_all_processes_stops_the_run_cleanly(
    many: Site, number: signal.Signals
) -> None:
    many.configure("[reading]\nprocesses = 2")
    run = start(many, "sync")
    until(lambda: run.poll() is not None or len(workers_of(run)) >= 2, "workers")
    os.killpg(run.pid, number)
    code, err = ended(run)
    assert code in {0, 3}
    assert "Traceback" not in err


@pytest.mark.skipif(not HAS_PROC, reason="asks /proc for the workers")
def test_where_a_worker_dies_over_its_writing_every_workbook_is_written_in_the_end(
    many: Site,
) -> None:
    many.configure("[reading]\nprocesses = 2")
    before = many.bytes_of_workbooks()
    first = many.sheets / "000.xlsx"
    run = start(many, "sync")
    until(lambda: first.read_bytes() != before["000.xlsx"] or run.poll() is not None, "a write")
    for pid in workers_of(run):
        os.kill(pid, signal.SIGKILL)
    code, err = ended(run)
    assert code in {0, 3}
    assert "Traceback" not in err
    assert whole(many, before) == MANY
    assert many.command("sync").code == 0


@pytest.mark.skipif(not HAS_PROC, reason="asks /proc for the workers")
def test_the_workers_of_a_run_that_is_killed_end_and_leave_every_workbook_whole(many: Site) -> None:
    many.configure("[reading]\nprocesses = 2")
    before = many.bytes_of_workbooks()
    first = many.sheets / "000.xlsx"
    run = start(many, "sync")
    until(lambda: first.read_bytes() != before["000.xlsx"] or run.poll() is not None, "a write")
    workers = workers_of(run)
    run.kill()
    ended(run)
    until(lambda: not any((PROC / str(pid) / "exe").exists() for pid in workers), "the workers")
    written = whole(many, before)
    assert many.command("sync").code == 0
    assert written <= whole(many, before) == MANY


@pytest.fixture
def slices(site: Site) -> Site:
    """So many workbooks that they are read in more than one slice."""
    kinds = [
        book(cells=WRONG),
        book(plan={"Plan-id": "A-1", "Boligområde": "Nøjsomhed", "Slutdato": "31-12-2024"}),
        book(plan={"Plan-id": ""}),
        b"no workbook",
    ]
    for number in range(256):
        site.put(f"{number:03}.xlsx", kinds[number % 16 if number % 16 < 4 else 3])
    return site


def test_several_processes_give_the_same_as_one(slices: Site) -> None:
    answers = []
    for processes in (1, 2):
        slices.configure(f"[reading]\nprocesses = {processes}")
        answers.append(slices.check())
    assert answers[0] == answers[1]
    assert answers[0].json["summary"]["workbooks"] == 256


def test_several_processes_write_the_same_as_one(site: Site) -> None:
    written = []
    books = [book(plan={"Plan-id": f"P-{number}"}, cells=WRONG) for number in range(4)]
    for processes in (1, 2):
        for number, content in enumerate(books):
            site.put(f"{number}.xlsx", content)
        site.configure(f"[reading]\nprocesses = {processes}")
        result = site.sync(date(2026, 11, 23), full=True)
        assert len(result.written) == 4
        written.append(site.bytes_of_workbooks())
    assert written[0] == written[1]
    assert DAY == "2026-11-23"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.usefixtures("heard_hangup")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_hangs_in_the_system_can_be_ended(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HANGS], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == b"hangs\n"
        run.send_signal(number)
        code, said = ended(run)
    assert code == 3
    assert said == "the run hangs, and is ended; the next run goes on\n"


def test_who_asks_twice_for_a_stop_is_not_told_of_a_fault() -> None:
    command = [sys.executable, "-c", ASKED_TWICE]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "2\n", "")


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_nobody_else_may_write_what_a_run_makes_under_any_mask(site: Site) -> None:
    site.configure('[monitoring]\nlog_folder = "logs"')
    site.put("a.xlsx", book(cells=WRONG))
    script = "import os; os.umask(0); from sync.cli.app import main; main()"
    assert process("sync", "--config", site.config, script=script).code == 0
    made = {*site.root.rglob("*")} - {site.sheets, site.config}
    assert site.root / "logs" / "run.log" in made
    assert [one for one in made if one.stat().st_mode & 0o002 and one.parent != site.sheets] == []
