"""What others do in the folder, and what befalls the machine, while run follows run.

- A second installation, with a state of its own, writes into the same workbooks at the same time.
- A stranger lays links, pipes and endless files under every name that the job may look at or make.

    python -m tests.chaos.strangers FOLDER SECRET SEED

  is one; it goes on until its standard input is closed.
- The machine's clock jumps from run to run.
- The state loses a single bit.

No workbook may be harmed, no run may hang or end with a trace, and nothing of what lies elsewhere
may be told.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.chaos.kills import ENDS_WITHIN_SECONDS, WRONG, staff_values
from tests.chaos.warm import NO_FAULT, Ended, Fault, Mode, Warm
from tests.sync.helpers import SOURCES, Site, book, control_of

NAMES = tuple(f"{letter}.xlsx" for letter in "abcdefgh")
DAYS = tuple(f"2026-11-{day:02}" for day in range(2, 30))
SECRET = "root:$6$hemmelig:19000"
HUGE = 6_000_000_000
FARTHEST_JUMP_SECONDS = 40 * 365 * 86_400


@dataclass
class Tally:
    """How many runs there were, and every harm that was found."""

    runs: int = 0
    harm: list[str] = field(default_factory=list)


class Trial:
    """A site with workbooks that have to be written, and what counts as harm to it."""

    def __init__(self, root: Path) -> None:
        self.site = Site(root)
        self.original = book(cells=WRONG)
        self.staffs = staff_values(self.original)
        self.tally = Tally()
        self.lay()

    def lay(self) -> None:
        """Lay the workbooks as staff left them."""
        for number, name in enumerate(NAMES):
            file = self.site.sheets / name
            if file.is_fifo() or file.is_socket() or file.is_dir():
                self.tally.harm.append(f"{name} is no file any more")
                _remove(file)
            if not file.is_symlink():
                plan_id = {"Plan-id": f"P-{number}"}
                self.site.put(name, book(plan=plan_id, cells=WRONG))

    def run(
        self, warmed: Warm, day: str, fault: Fault = NO_FAULT, config: Path | None = None
    ) -> Ended:
        """Run a sync; what is wrong with how it ended is noted down."""
        command = [
            "sync",
            "--config",
            str(config or self.site.config),
            "--remember",
            "--today",
            day,
        ]
        with _hanging_is_told():
            ended = warmed.run(command, fault)
        self.tally.runs += 1
        if ended.code not in {0, 3}:
            self.tally.harm.append(f"a run ended with {ended.code}: {ended.err[-200:]}")
        if "Traceback" in ended.err:
            self.tally.harm.append(f"a trace: {ended.err[-300:]}")
        if SECRET in ended.out + ended.err:
            self.tally.harm.append("a secret was told")
        return ended

    def look(self, when: str, *, is_done: bool = True) -> None:
        """Note down what is wrong with the workbooks."""
        for number, name in enumerate(NAMES):
            file = self.site.sheets / name
            if not file.is_file():
                self.tally.harm.append(f"{when}: {name} is gone")
                continue
            values = staff_values(file.read_bytes())
            wanted = {
                place: f"P-{number}" if value == self._plan_id else value
                for place, value in self.staffs.items()
            }
            if values != wanted:
                self.tally.harm.append(f"{when}: {name} holds other values")
            told = control_of(file.read_bytes(), "Indsatser").get(2, "")
            if is_done and not told.startswith("FEJL"):
                self.tally.harm.append(f"{when}: {name} has no Kontrol")

    @property
    def _plan_id(self) -> object:
        return next(
            value for (tab, at), value in self.staffs.items() if (tab, at) == ("Plan", "B2")
        )


@contextlib.contextmanager
def _hanging_is_told() -> Iterator[None]:
    """Raise TimeoutError where a run does not end."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("a run hangs")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(ENDS_WITHIN_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def two_installations(servers: Sequence[Warm], root: Path, rounds: int) -> Tally:
    """Let two installations write into the same workbooks at the same time."""
    trial = Trial(root)
    other = Site(root.with_name(f"{root.name} of others"))
    other.configure(sources=SOURCES.replace('"sheets"', f'"{trial.site.sheets}"'))
    configs = (trial.site.config, other.config)
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            trial.lay()
            day = DAYS[number % len(DAYS)]
            commands = [
                ["sync", "--config", str(one), "--remember", "--today", day] for one in configs
            ]
            for ended in pool.map(lambda s, c: s.run(c, NO_FAULT), servers, commands):
                trial.tally.runs += 1
                if ended.code not in {0, 3} or "Traceback" in ended.err:
                    trial.tally.harm.append(f"round {number}: {ended.code} {ended.err[-200:]}")
            for config in configs:  # what one left for the other
                trial.run(servers[0], day, config=config)
            trial.look(f"round {number}")
            trial.tally.harm += [f"{one.name} is left" for one in trial.site.sheets.glob("*.tmp")]
    return trial.tally


def a_stranger(warmed: Warm, root: Path, runs: int, seed: int) -> Tally:
    """Let a stranger lay what is no file under all names while run follows run."""
    trial = Trial(root)
    secret = root.with_suffix(".secret")
    secret.write_text(f"x,{SECRET},y\n")
    before = (secret.read_bytes(), secret.stat().st_mode, secret.stat().st_mtime_ns)
    command = [sys.executable, "-m", "tests.chaos.strangers", str(root), str(secret), str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as stranger:
        for number in range(runs):
            if number % 4 == 0:
                trial.lay()
            trial.run(warmed, DAYS[number % len(DAYS)])
        if stranger.stdin:
            stranger.stdin.close()
    trial.run(warmed, DAYS[runs % len(DAYS)])
    trial.look("afterwards")
    if (secret.read_bytes(), secret.stat().st_mode, secret.stat().st_mtime_ns) != before:
        trial.tally.harm.append("a file elsewhere was changed")
    for file in root.rglob("*"):
        is_file = file.is_file() and not file.is_symlink() and file.stat().st_size < HUGE
        if is_file and SECRET.encode() in file.read_bytes():
            trial.tally.harm.append(f"{file.name} tells a secret")
    return trial.tally


def a_jumping_clock(warmed: Warm, root: Path, runs: int, seed: int) -> Tally:
    """Let the clock jump by up to decades before each run; the newest copies stay."""
    chance = random.Random(seed)
    trial = Trial(root)
    trial.run(warmed, DAYS[0])
    for number in range(runs):
        trial.lay()
        jump = int(chance.choice((-1, 1)) * FARTHEST_JUMP_SECONDS ** chance.random())
        trial.run(warmed, DAYS[0], Fault(str(root), 0, jump, Mode.CLOCK))
        trial.run(warmed, DAYS[0])
        trial.look(f"jump {number} by {jump} s")
        for name in NAMES:
            if not [*(trial.site.state / "copies").glob(f"{Path(name).stem}-*/*")]:
                trial.tally.harm.append(f"jump {number} by {jump} s: no copy of {name} is left")
    return trial.tally


def a_lost_bit(warmed: Warm, root: Path, runs: int, seed: int) -> Tally:
    """Turn one bit of the history over before each run."""
    chance = random.Random(seed)
    trial = Trial(root)
    trial.run(warmed, DAYS[0])
    kept = root.with_suffix(".kept")
    shutil.copytree(trial.site.state, kept)
    for number in range(runs):
        shutil.rmtree(trial.site.state)
        shutil.copytree(kept, trial.site.state)
        data = bytearray(trial.site.database.read_bytes())
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        data[at] ^= 1 << bit
        trial.site.database.write_bytes(data)
        trial.run(warmed, DAYS[1])
        trial.look(f"bit {bit} of byte {at} ({number})")
    return trial.tally


def _link(place: Path, secret: Path) -> None:
    place.symlink_to(secret)


def _dangling(place: Path, _: Path) -> None:
    place.symlink_to(place.with_name("nowhere"))


def _pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def _endless(place: Path, _: Path) -> None:
    with place.open("xb") as out:
        out.truncate(HUGE)


def _folder(place: Path, _: Path) -> None:
    place.mkdir()


def _socket(place: Path, _: Path) -> None:
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as one:
        one.bind(f"{short}/s")
        shutil.move(f"{short}/s", place)


def _noise(place: Path, _: Path) -> None:
    with place.open("xb") as out:
        out.write(os.urandom(2_000))


WAYS: tuple[Callable[[Path, Path], None], ...] = (
    _link, _dangling, _pipe, _endless, _folder, _socket, _noise,
)  # fmt: skip


def _places(root: Path, chance: random.Random) -> Path:
    """A place where the job may look, or make something."""
    sheets = root / "sheets"
    name = chance.choice(NAMES)
    digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    marks = f"{digest}-{'0' * 16}-{'1' * 16}"
    seen = [one for one in sheets.iterdir() if one.name.startswith("~$helhedsplan-")]
    return chance.choice(
        [
            sheets / f"~${name}",
            sheets / f".~lock.{name}#",
            sheets / f"{Path(name).stem} – advarsler.xlsx",
            sheets / f"~$helhedsplan-{digest}.tmp",
            sheets / f"~$helhedsplan-{marks}.tmp",
            sheets / f"x{name}",
            root / "Frister.ics",
            root / "Undtagelser.xlsx",
            root / f"~$helhedsplan-{digest}.tmp",
            *seen,
        ]
    )


def _lay_things(root: Path, secret: Path, seed: int) -> None:
    """Lay things and take them away again until the standard input is closed."""
    chance = random.Random(seed)
    mine: list[Path] = []
    while not select.select([sys.stdin], [], [], 0)[0]:
        with contextlib.suppress(OSError):
            if chance.random() < 0.1:
                _put_link_in_place(root / "sheets" / chance.choice(NAMES), secret)
                continue
            place = _places(root, chance)
            if place.name.startswith("~$helhedsplan-"):
                _remove(place)
            chance.choice(WAYS)(place, secret)
            mine.append(place)
        time.sleep(chance.uniform(0, 0.01))
        if len(mine) > 6:
            _remove(mine.pop(0))
    for place in mine:
        _remove(place)


def _put_link_in_place(workbook: Path, secret: Path) -> None:
    """Put a link in the place of a workbook for a moment, as after it was listed."""
    aside = workbook.with_name(f".{workbook.name}.aside")
    workbook.rename(aside)
    try:
        workbook.symlink_to(secret)
        time.sleep(0.005)
        if workbook.is_symlink():
            workbook.unlink()
    finally:
        aside.rename(workbook)


def _remove(place: Path) -> None:
    with contextlib.suppress(OSError):
        if place.is_dir() and not place.is_symlink():
            place.rmdir()
        else:
            place.unlink()


if __name__ == "__main__":
    _lay_things(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
