"""The first `sync` of a folder as slow as a share: `python -m tests.bench.share [COUNT]`.

A library laid before the C library (tests/chaos/faulty.c) makes every file operation in the
workbooks' folder take 5 ms more, in this one process: workers of the run would not be slowed.
Prints the seconds that the run takes on the clock.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.bench.workbooks import make_workbooks
from tests.chaos.warm import NO_FAULT, Fault, Mode, Warm, warm

_MICROSECONDS = 5_000


def first_sync(server: Warm, root: Path, count: int, *, is_slow: bool) -> float:
    """Seconds of a first run over so many lean workbooks."""
    sheets, config = root / "sheets", root / "config.toml"
    make_workbooks(sheets, count, lean=True)
    text = f'[[sources]]\nfolder = "{sheets.as_posix()}"\n[reading]\nprocesses = 1\n'
    config.write_text(text)
    slow = Fault(str(sheets), at=1, number=_MICROSECONDS, mode=Mode.SLOW)
    began = time.perf_counter()
    ended = server.run(["sync", "--config", str(config)], slow if is_slow else NO_FAULT)
    if ended.code not in {0, 1}:
        raise RuntimeError(ended.err)
    return time.perf_counter() - began


def main(count: int) -> None:
    """Print a line for a folder as it is, and for a slow one."""
    with warm() as server:
        for name, is_slow in (("as the disk is", False), ("5 ms more each operation", True)):
            with tempfile.TemporaryDirectory() as root:
                seconds = first_sync(server, Path(root), count, is_slow=is_slow)
            sys.stdout.write(f"first sync of {count}, {name}: {seconds:.2f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
