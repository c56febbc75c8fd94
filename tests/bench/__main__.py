"""Measure the job against plain scripts, as ratios in one run: `python -m tests.bench`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.bench.workbooks import make_workbooks

COMMAND = [sys.executable, "-m", "sync"]
PLAIN_COUNT = 25
ROUNDS = 5
_PROCESSES = "HELHEDSPLAN_READING__PROCESSES"
OVERVIEW_PLANS = 500
STAGED = 300
"""So many workbooks show the share of each stage."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: seconds on the clock, of processors, and its own peak memory in MB."""

    seconds: float
    busy_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was measured, how much, the ratio, and what it should be."""

    what: str
    measured: str
    ratio: str = ""
    wanted: str = ""


def cost(arguments: Sequence[str], environment: Mapping[str, str] = {}) -> Cost:
    """Run the command and measure it; it may end with the exit codes 0 and 1."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.DEVNULL,
        env=os.environ | dict(environment),
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def plain(way: str, folder: Path, count: int) -> tuple[float, float]:
    """Seconds that a plain script takes for so many workbooks: on the clock, of the processor."""
    command = [sys.executable, "-m", "tests.bench.plain", way, str(folder), str(count)]
    seconds, busy = subprocess.check_output(command, text=True).split()
    return float(seconds), float(busy)


def best(arguments: Sequence[str], environment: Mapping[str, str], times: int) -> Cost:
    """The quickest of some runs: what else the machine does is no part of the ratio."""
    return min((cost(arguments, environment) for _ in range(times)), key=lambda c: c.seconds)


def check_lines(
    kind: str, folder: Path, few: Path, count: int, aims: tuple[str, str]
) -> Iterator[Line]:
    """Reading workbooks of this kind alone, and the check by one process and by itself.

    They take turns, so that what else the machine does troubles them alike.
    """
    alone, by_itself = ({_PROCESSES: number} for number in ("1", "0"))
    calls = {
        "alone": (["check", str(folder)], alone),
        "alone, start": (["check", str(few)], alone),
        "by itself": (["check", str(folder)], by_itself),
        "by itself, start": (["check", str(few)], {_PROCESSES: "2"}),
    }
    reading: list[tuple[float, float]] = []
    costs: dict[str, list[Cost]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        reading.append(plain("calamine", folder, count))
        for name, (arguments, environment) in calls.items():
            costs[name].append(cost(arguments, environment))
    yardstick = min(seconds for seconds, _ in reading)
    busy_yardstick = min(busy for _, busy in reading)
    yield Line(f"{kind}: python-calamine reads the tabs, one process", f"{yardstick:.2f} s", "1.0")
    shown_names = ("one process", "by itself")
    for name, shown, wanted in zip(("alone", "by itself"), shown_names, aims, strict=True):
        whole, start = costs[name], costs[f"{name}, start"]
        seconds = min(c.seconds for c in whole) - min(c.seconds for c in start)
        busy = min(c.busy_seconds for c in whole) - min(c.busy_seconds for c in start)
        yield Line(f"{kind}: check, {shown}, start-up aside", f"{seconds:.2f} s",
                   f"{seconds / yardstick:.2f}", wanted)  # fmt: skip
        yield Line("  of processor time", f"{busy:.2f} s", f"{busy / busy_yardstick:.2f}")


def plain_lines(folder: Path, count: int) -> Iterator[Line]:
    """What plain scripts take for the same workbooks."""
    yardstick, _ = plain("calamine", folder, count)
    for way, name in (("pandas", "read and validated"), ("pandas-save", "and saved")):
        ratio = plain(way, folder, PLAIN_COUNT)[0] / PLAIN_COUNT * count / yardstick
        yield Line(f"pandas, openpyxl, pandera: each {name}", f"{ratio * yardstick:.0f} s",
                   f"{ratio:.0f}")  # fmt: skip


def memory_lines(folder: Path, large: Path, count: int) -> Iterator[Line]:
    """The peak over four times as many workbooks."""
    for processes, name in (("1", "one process"), ("0", "by itself")):
        environment = {_PROCESSES: processes}
        small = cost(["check", str(folder)], environment).peak_mb
        peak = cost(["check", str(large)], environment).peak_mb
        yield Line(f"peak memory, {4 * count} against {count}, {name}",
                   f"{peak:.0f} / {small:.0f} MB", f"{peak / small:.2f}", "1.5")  # fmt: skip


def sync_lines(folder: Path, count: int, work: Path) -> Iterator[Line]:
    """A run over workbooks of which none has changed."""
    config = work / "config.toml"
    config.write_text(f'[[sources]]\nfolder = "{folder.as_posix()}"\n')
    check = best(["check", str(folder)], {}, 3)
    first_check = check.seconds
    written = cost(["sync", "-c", str(config)]).seconds
    settled = cost(["sync", "-c", str(config)]).seconds
    unchanged = best(["sync", "-c", str(config)], {}, 3).seconds
    yield Line(f"first sync of {count}, writing all", f"{written:.2f} s")
    yield Line("second sync", f"{settled:.2f} s")
    # From in two days on: where the plans are, it may be tomorrow already.
    days = [date.today() + timedelta(days=days) for days in (2, 3, 4)]  # noqa: DTZ011  any will do
    other_days = [
        cost(["sync", "-c", str(config), "--remember", "--today", str(day)]) for day in days
    ]
    other_day = min(one.seconds for one in other_days)
    busy = min(one.busy_seconds for one in other_days)
    ratio = unchanged / first_check
    yield Line("sync, all unchanged, against the first check", f"{unchanged:.2f} s",
               f"{ratio:.2f}", "0.25")  # fmt: skip
    yield Line("the first sync of another day", f"{other_day:.2f} s",
               f"{other_day / first_check:.2f}")  # fmt: skip
    yield Line("  of processor time", f"{busy:.2f} s", f"{busy / check.busy_seconds:.2f}")


def overview_lines(folder: Path) -> Iterator[Line]:
    """The overview of OVERVIEW_PLANS plans, beyond the check itself, and then its page."""
    command = [sys.executable, "-m", "tests.bench.overview", str(folder)]
    runs = [subprocess.check_output(command, text=True).splitlines() for _ in range(3)]
    for name, most, lines in zip(
        ("overview", "page"), ("3 s", "1 s"), zip(*runs, strict=True), strict=True
    ):
        seconds, size = min(tuple(map(float, line.split())) for line in lines)
        what = f"{name} of {OVERVIEW_PLANS} plans, {size / 1e6:.1f} MB, beyond what comes before"
        yield Line(what, f"{seconds:.2f} s", "", most)


def stage_lines(folder: Path) -> Iterator[Line]:
    """What a first `sync` of workbooks spends its time on, in one process."""
    command = [sys.executable, "-m", "tests.bench.stages", str(folder)]
    yield Line("first sync, lean, one process, for a workbook:", "", "share")
    for line in subprocess.check_output(command, text=True).splitlines():
        stage, milliseconds, share = line.split("\t")
        yield Line(f"  {stage}", f"{milliseconds} ms", share)


def start_lines(one: Path) -> Iterator[Line]:
    """How long a person waits for small things."""
    for arguments, wanted in ((["--help"], "0.3 s"), (["check", str(one)], "1.5 s")):
        seconds = best(arguments, {}, 5).seconds
        name = " ".join(["helhedsplan", *arguments[:1], *(["one workbook"] * len(arguments[1:]))])
        yield Line(name, f"{seconds:.2f} s", "", wanted)


def main() -> None:
    """Make the workbooks, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, default=None, help="keep the workbooks here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        base = options.folder or work
        count: int = options.count
        folder, large, few = base / f"n{count}", base / f"n{4 * count}", base / "n2"
        for one, number in ((folder, count), (large, 4 * count), (few, 2)):
            make_workbooks(one, number)
        lean, few_lean = base / f"lean{count}", base / "lean2"
        make_workbooks(lean, count, lean=True)
        make_workbooks(few_lean, 2, lean=True)
        plans = base / f"n{OVERVIEW_PLANS}"
        make_workbooks(plans, OVERVIEW_PLANS)
        copies = work / "synced"
        make_workbooks(copies, count)
        lean_copies = work / "lean"
        make_workbooks(lean_copies, min(count, STAGED), lean=True)
        lines = [
            *check_lines("formatted", folder, few, count, ("1.6", "0.9")),
            *check_lines("lean", lean, few_lean, count, ("2.2", "1.3")),
            *plain_lines(folder, count),
            *memory_lines(folder, large, count),
            *sync_lines(copies, count, work),
            *stage_lines(lean_copies),
            *overview_lines(plans),
            *start_lines(few / "plan00000.xlsx"),
        ]
    width = max(len(line.what) for line in lines)
    sys.stdout.write(f"{'':{width}}  {'measured':>16}  {'ratio':>6}  {'at most':>8}\n")
    for line in lines:
        row = f"{line.what:{width}}  {line.measured:>16}  {line.ratio:>6}  {line.wanted:>8}"
        sys.stdout.write(row.rstrip() + "\n")


if __name__ == "__main__":
    main()
