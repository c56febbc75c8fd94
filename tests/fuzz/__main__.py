"""Try generated inputs and print one table: `python -m tests.fuzz`.

Ends with 1 if anything that is claimed did not hold; the number of such an input makes it again.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib.util
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

BATCHES = {"amounts": 50_000, "dates": 50_000, "workbooks": 250, "runs": 10}
"""So many inputs are tried in one process, which a hostile workbook might end."""
PATIENCE_SECONDS = 900
MOST_SHOWN = 5


def tried(kind: str, first: int, count: int) -> list[str]:
    """What is wrong with these inputs, tried in a process of their own."""
    command = [sys.executable, "-m", "tests.fuzz", "--only", kind, str(first), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode in {0, 1}:
        return done.stdout.splitlines()
    return [f"{kind} {first} to {first + count}: the process ended with {done.returncode}: "
            f"{done.stderr[-300:]}"]  # fmt: skip


def guided(kind: str, runs: int) -> list[str]:
    """What coverage led to that is wrong."""
    command = [sys.executable, "-m", "tests.fuzz.guided", kind, f"-runs={runs}", "-max_len=256"]
    with tempfile.TemporaryDirectory() as folder:
        found = f"-artifact_prefix={folder}/"
        done = subprocess.run([*command, found], capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines() if done.returncode else []
    return [line for line in lines if "Error" in line][:MOST_SHOWN] or lines[-1:]


def only(kind: str, first: int, count: int) -> int:
    """Try these inputs in this process."""
    from tests.fuzz.kinds import KINDS, wrong_with  # noqa: PLC0415  only the children need them

    warnings.simplefilter("ignore")  # openpyxl warns of what it would drop
    faulthandler.dump_traceback_later(PATIENCE_SECONDS, exit=True)
    code = 0
    for seed in range(first, first + count):
        if wrong := wrong_with(KINDS[kind], seed):
            sys.stdout.write(f"{kind} {seed}: {wrong}\n")
            code = 1
    return code


def table(counts: dict[str, int], runs: int, seed: int) -> Iterator[tuple[str, int, list[str]]]:
    """A line for each kind: what, how many, what was wrong."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for kind, count in counts.items():
            size = BATCHES[kind]
            starts = range(seed, seed + count, size)
            sizes = [min(size, seed + count - start) for start in starts]
            wrong = pool.map(partial(tried, kind), starts, sizes)
            yield kind, count, [line for lines in wrong for line in lines]
        if importlib.util.find_spec("atheris"):
            for kind in counts.keys() - {"runs"}:
                some = max(runs // BATCHES["amounts"] * BATCHES[kind], 1)
                yield f"{kind}, guided by coverage", some, guided(kind, some)


def main() -> int:
    """Try so many of each and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--amounts", type=int, default=700_000)
    parser.add_argument("--dates", type=int, default=400_000)
    parser.add_argument("--workbooks", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=300, help="whole runs, over folders of them")
    parser.add_argument("--guided", type=int, default=500_000, help="runs guided by coverage")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", nargs=3, metavar=("KIND", "FIRST", "COUNT"), help="here")
    asked = parser.parse_args()
    if asked.only:
        return only(asked.only[0], int(asked.only[1]), int(asked.only[2]))
    counts = {kind: getattr(asked, kind) for kind in BATCHES}
    code = 0
    for what, count, wrong in table(counts, asked.guided, asked.seed):
        sys.stdout.write(f"{what:<40}{count:>10}{len(wrong):>8} wrong\n")
        for line in wrong[:MOST_SHOWN]:
            sys.stdout.write(f"WRONG {line}\n")
        sys.stdout.flush()
        code |= bool(wrong)
    return code


if __name__ == "__main__":
    sys.exit(main())
