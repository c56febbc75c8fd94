"""Check and sync each hostile workbook in one process that may use little: what came of each.

    python -m tests.sync.hostile_run FOLDER PART PARTS

goes through one part of them and prints one JSON object a line; where the process dies the last
line tells at which workbook.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
from pathlib import Path

from tests.sync.helpers import DAY, Site, helhedsplan
from tests.sync.hostile_cases import all_cases

GIGABYTE = 1 << 30
MOST_SECONDS = 120
NAME = "a.xlsx"


def peak_megabytes() -> int:
    """The largest this process was since `begin_peak`, as the system counts it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10


def begin_peak() -> None:
    """Let the system forget how large this process was."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main(root: Path, part: int, parts: int) -> None:
    """Go through every so many cases."""
    resource.setrlimit(resource.RLIMIT_AS, (3 * GIGABYTE, 3 * GIGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    helhedsplan("check", Site(root / "warm").sheets)
    for title, make, _ in all_cases()[part::parts]:
        data = make()
        shutil.rmtree(root / "site", ignore_errors=True)
        site = Site(root / "site")
        site.configure("[reading]\nprocesses = 1")
        file = site.put(NAME, data)
        _say(title=title)
        begin_peak()
        check = helhedsplan("check", "--config", site.config, "--format", "json", "--today", DAY)
        findings = [(one["code"], one["message"]) for one in check.json["findings"]]
        sync = helhedsplan("sync", "--config", site.config, "--remember", "--today", DAY)
        _say(
            title=title,
            findings=findings,
            code=sync.code,
            problems=sync.err,
            peak=peak_megabytes(),
            is_changed=file.read_bytes() != data,
            files=sorted(f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file()),
        )


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
