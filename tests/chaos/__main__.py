"""Disturb runs in every way there is, and print one table: `python -m tests.chaos`.

Ends with 1 if anything was harmed, lost or left undone.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.chaos.faults import Tally as Faults
from tests.chaos.faults import one_each, operations_of, trials, tried
from tests.chaos.kills import kill_runs
from tests.chaos.over_shares import save_meanwhile
from tests.chaos.people import Tally as Edits
from tests.chaos.people import work_together
from tests.chaos.scenes import SCENES, MakeScene
from tests.chaos.strangers import a_jumping_clock, a_lost_bit, a_stranger, two_installations
from tests.chaos.warm import Warm, warm, why_not

MEMORY = Path("/dev/shm")
"""Where the sites stand if it is there: SQLite waits for the disk after each of its steps."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How much of each."""

    kills: int
    edits: int
    seed: int
    every_way: bool
    strangers: int
    one_in: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was done, how often, and what harm came of it."""

    what: str
    count: int
    harm: list[str] | None = None


def random_kills(folder: Path, asked: Asked) -> Iterator[Line]:
    """Whole runs, with all their imports, killed at random moments."""
    tally = kill_runs(folder / "site", asked.kills, asked.seed)
    yield Line("kills at random moments", tally.kills, tally.harm)
    yield Line("  runs that had ended before", tally.ended_before)


def faults(folder: Path, asked: Asked) -> Iterator[Line]:
    """Every file operation of every command, by as many servers as there are processors."""
    workers = os.cpu_count() or 1
    roots = [folder / str(number) for number in range(workers)]
    shares = [slice(number, None, workers) for number in range(workers)]
    for root in roots:
        root.mkdir()
    with ExitStack() as stack:
        servers = [stack.enter_context(warm()) for _ in roots]
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        for make in SCENES:
            one = partial(_part, make, asked)
            tallies = [*pool.map(one, roots, servers, shares)]
            harm = [harm for tally in tallies for harm in tally.harm]
            yield Line(f"file operations: {tallies[0].scene}", tallies[0].operations)
            yield Line("  faults", sum(tally.faults for tally in tallies), harm)
            yield Line("  kills", sum(tally.kills for tally in tallies), [])


def _part(make: MakeScene, asked: Asked, root: Path, server: Warm, share: slice) -> Faults:
    """One worker's part of a scene's trials."""
    scene = make(root, server)
    operations = operations_of(server, scene)
    chosen = list(trials(operations, scene.site.root))
    if not asked.every_way:
        chosen = list(one_each(chosen))[:: asked.one_in]
    tally = tried(server, scene, chosen[share])
    tally.scene, tally.operations = scene.name, len(operations)
    return tally


def people(folder: Path, asked: Asked) -> Iterator[Line]:
    """Somebody edits while run follows run."""
    with warm() as warmed:
        tally: Edits = work_together(warmed, folder / "people", asked.edits, asked.seed)
    yield Line("concurrent edits", tally.edits, tally.lost)
    yield Line("  runs meanwhile", tally.runs)
    yield Line("  workbooks that they wrote", tally.written)
    yield Line("  saves of the last moment, put back", tally.put_back)


def strangers(folder: Path, asked: Asked) -> Iterator[Line]:
    """Others in the folder, a clock that jumps, a state that loses a bit."""
    runs, seed = asked.strangers, asked.seed
    with warm() as one, warm() as other:
        tally = two_installations((one, other), folder / "two", runs // 4)
        yield Line("runs of two installations", tally.runs, tally.harm)
        tally = a_stranger(one, folder / "stranger", runs, seed)
        yield Line("runs beside a stranger", tally.runs, tally.harm)
        tally = a_jumping_clock(one, folder / "clock", runs // 4, seed)
        yield Line("runs after jumps of the clock", tally.runs, tally.harm)
        tally = a_lost_bit(one, folder / "bits", runs, seed)
        yield Line("runs with a lost bit", tally.runs, tally.harm)


def shares(folder: Path, asked: Asked) -> Iterator[Line]:
    """Somebody saves on the server's side of a share; SMB has no way that loses none."""
    for tally in save_meanwhile(folder / "shares", asked.edits // 20, asked.seed):
        harm = tally.lost if tally.way != "SMB" else None
        yield Line(f"saves beside writes over {tally.way}", tally.saves, harm)
        yield Line("  in the middle of one", tally.met)
        yield Line("  lost", len(tally.lost))


PARTS = {
    "kills": random_kills, "faults": faults, "people": people, "strangers": strangers,
    "shares": shares,
}  # fmt: skip


def main() -> int:
    """Do all of it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how many runs to kill at random")
    parser.add_argument("--edits", type=int, default=3_000, help="how many edits to make")
    parser.add_argument("--strangers", type=int, default=400, help="how many runs beside others")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other moments")
    parser.add_argument(
        "--every-way", action="store_true",
        help="let each operation fail in all ways, not in one of them: five times as long",
    )  # fmt: skip
    parser.add_argument(
        "--one-in", type=int, default=1, help="disturb only one in so many file operations"
    )
    parser.add_argument("--only", choices=PARTS, help="only this part of it")
    options = parser.parse_args()
    asked = Asked(
        options.kills, options.edits, options.seed, options.every_way, options.strangers,
        options.one_in,
    )  # fmt: skip
    parts = [PARTS[options.only]] if options.only else [*PARTS.values()]
    if reason := why_not():
        sys.stdout.write(f"Only kills, since {reason}.\n")
        parts = [random_kills]
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for part in parts:
            for line in part(Path(folder), asked):
                lines.append(line)
                harmed = "" if line.harm is None else str(len(line.harm))
                sys.stdout.write(f"{line.what:<38}{line.count:>8}{harmed:>8}\n")
                sys.stdout.flush()
    harm = [one for line in lines for one in line.harm or ()]
    sys.stdout.write(f"{'harmed or lost':<46}{len(harm):>8}\n")
    for one in harm:
        sys.stdout.write(f"HARM {one}\n")
    return int(bool(harm))


if __name__ == "__main__":
    sys.exit(main())
