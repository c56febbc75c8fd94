"""Kill runs at random moments and print what came of it: `python -m tests.chaos --kills 200`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.chaos.kills import kill_runs


def main() -> int:
    """Kill runs; ends with 1 if anything was harmed or left undone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many runs to kill")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other moments")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_runs(Path(folder, "house"), asked.kills, asked.seed)
    lines = (
        ("runs killed", tally.kills),
        ("runs that had ended before", tally.ended_before),
        ("harmed or left undone", len(tally.harm)),
    )
    for what, count in lines:
        sys.stdout.write(f"{what:<32}{count:>6}\n")
    for harm in tally.harm:
        sys.stdout.write(f"HARM {harm}\n")
    return int(bool(tally.harm))


if __name__ == "__main__":
    sys.exit(main())
