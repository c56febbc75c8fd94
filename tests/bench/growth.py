"""How `check` and a first `sync` grow: `python -m tests.bench.growth 1000 10000`.

The workbooks are lean ones, each of a plan of its own. Prints for each number of them what one
takes, the largest memory of the main process, and the size of what is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.__main__ import cost
from tests.bench.workbooks import make_workbooks


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def measure(count: int, *, writes: bool) -> str:
    """A line of the table: for so many workbooks, checked and, where it `writes`, written."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        sheets, config = root / "sheets", root / "config.toml"
        make_workbooks(sheets, count, lean=True)
        config.write_text(f'[[sources]]\nfolder = "{sheets.as_posix()}"\n')
        check = cost(["check", str(sheets)])
        line = f"{count:>7}  check {check.seconds * 1_000 / count:.2f} ms {check.peak_mb:.0f} MB"
        if writes:
            sync = cost(["sync", "--config", str(config)])
            copies, state = size_of(root / "state" / "copies"), size_of(root / "state")
            line += (
                f"  sync {sync.seconds * 1_000 / count:.2f} ms {sync.peak_mb:.0f} MB"
                f"  history {(state - copies) / count / 1_000:.1f} kB"
                f"  copies {copies / count / 1_000:.1f} kB"
                f"  overview {(root / 'Overblik.xlsx').stat().st_size / 1e6:.1f} MB"
            )
        return line


def main() -> None:
    """Measure each number, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="+")
    parser.add_argument("--only-check", action="store_true", help="do not write")
    options = parser.parse_args()
    for count in options.counts:
        sys.stdout.write(measure(count, writes=not options.only_check) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
