"""Commands in processes of their own that need no second for their imports.

A server imports the program once, with the shim `faulty.c` laid before the C library, and forks
for every command: what runs is the command itself, from its arguments to its exit code, in a
process that may be killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("faulty.c")
NEEDED = (
    "pandera.backends.polars.builtin_checks",
    "pandera.strategies.base_strategies",
    "rules.gate.gate",
    "sheets_templates.report.excel",
    "sheets_templates.template.waiver_sheet",
    "sync.run.pipeline",
    "sync.workbook_tools.restore",
)
"""What commands import when they need it; imported before the first fork, it costs only once."""


class Mode(IntEnum):
    """What happens at the chosen operation; the numbers are those of the shim."""

    FAIL_ONCE = 0
    FAIL_FROM = 1
    FAIL_SPACE_FROM = 2
    KILL = 3
    HOLD_UP = 4
    CLOCK = 5
    SLOW = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong at operation `at` (from 1; 0: nothing) below the folder.

    `number` is an error number, the microseconds for which renaming is held up or by which every
    operation takes longer, or the seconds by which the clock is wrong.
    """

    folder: str
    at: int = 0
    number: int = 0
    mode: Mode = Mode.FAIL_ONCE
    log: str = ""


NO_FAULT = Fault("")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (negative: the signal), and what it said."""

    code: int
    out: str
    err: str


def why_not() -> str:
    """Why faults cannot be made on this machine; empty where they can."""
    if sys.platform != "linux":
        return "the shim is made for Linux"
    return "" if shutil.which("cc") else "there is no C compiler"


class Warm:
    """The server, as those see it who want commands run."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def run(self, arguments: list[str], fault: Fault) -> Ended:
        """Run `helhedsplan` with these arguments, and wait for its end."""
        if self._server.stdin is None or self._server.stdout is None:
            raise RuntimeError("the server was started without pipes")
        self._server.stdin.write(json.dumps([arguments, asdict(fault)]) + "\n")
        self._server.stdin.flush()
        return Ended(**json.loads(self._server.stdout.readline()))


@contextlib.contextmanager
def warm() -> Iterator[Warm]:
    """Compile the shim, start the server, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        shim = Path(folder, "faulty.so")
        compiling = ["cc", "-O1", "-shared", "-fPIC", "-o", str(shim), str(SOURCE), "-ldl"]
        subprocess.run(compiling, check=True)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.warm"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"LD_PRELOAD": str(shim)},
        ) as server:  # fmt: skip
            yield Warm(server)
            if server.stdin:
                server.stdin.close()


def _serve() -> None:
    """Fork for each command that is asked for on standard input, and say how it ended."""
    for name in NEEDED:
        importlib.import_module(name)
    from sync.cli import app  # noqa: PLC0415  only the server runs commands

    for line in sys.stdin:
        arguments, fault = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if not child:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                _arm(Fault(**fault))
                sys.argv = ["helhedsplan", *arguments]
                app.main()
                sys.exit()
            _, status = os.waitpid(child, 0)
            out.seek(0)
            err.seek(0)
            ended = Ended(
                os.waitstatus_to_exitcode(status),
                out.read().decode(errors="replace"),
                err.read().decode(errors="replace"),
            )
        sys.stdout.write(json.dumps(asdict(ended)) + "\n")
        sys.stdout.flush()


def _arm(fault: Fault) -> None:
    ctypes.CDLL(None).faulty_arm(
        os.fsencode(fault.folder),
        ctypes.c_long(fault.at),
        fault.number,
        int(fault.mode),
        os.fsencode(fault.log),
    )


if __name__ == "__main__":
    _serve()
