"""`make bench-sharepoint`: how many requests a run sends.

`python -m tests.sync.stores.sharepoint.bench [N…]` measures so many workbooks (4, 100 and 1,000),
none of which the job has seen before.
"""

from __future__ import annotations

import io
import math
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from tests.graph_server import GraphServer
from tests.sync.helpers import book
from tests.sync.stores.sharepoint.helpers import kinds
from tests.sync.stores.sharepoint.race import FOLDER, Race, quick

SIZES = (4, 100, 1_000)
PAGE = 200


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    kept = True
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch, GraphServer() as server:
            kept &= measure(server, Path(scratch), size)
    sys.exit(not kept)


def measure(server: GraphServer, state: Path, size: int) -> bool:
    """Print the requests of each kind of run; whether all are as few as they have to be."""
    server.page_size = PAGE
    bench = Race(server, state)
    for number in range(size):
        server.put(f"{FOLDER}/Plan {number}.xlsx", numbered(book(), number))
    server.tick(3600)
    pages, changed = math.ceil(size / PAGE), max(1, size // 100)
    print(f"{size:,} workbooks, {PAGE} on a page")
    cold = run(bench, "first run")
    unchanged = run(bench, "unchanged")
    for number in range(changed):
        data = book(cells={"Indsatser!I2": "'ca. 5"})
        server.put(f"{FOLDER}/Plan {number}.xlsx", numbered(data, number))
    server.tick(3600)
    some = run(bench, f"{changed} changed")
    each = Counter({"download": 1, "session": 1, "upload": 1, "look": 1})
    return all(
        (
            cold.total() <= pages + 2 + 4 * size,
            unchanged.total() <= pages + 2,
            all(some[kind] <= changed * count for kind, count in each.items()),
        )
    )


def numbered(data: bytes, number: int) -> bytes:
    """The workbook with a Plan-id of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"VAP-2025", b"VAP-%04d" % number))
    return out.getvalue()


def run(bench: Race, name: str) -> Counter[str]:
    """One run of the job; its requests by their kind, all but those for a token."""
    bench.server.asked.clear()
    began = time.monotonic()
    bench.run(patience=quick(run=36_000.0, answer=60.0))
    counted = kinds(bench.server.asked)
    parts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(counted.items()))
    seconds = time.monotonic() - began
    print(f"  {name} ({seconds:.1f} s): {counted.total():,} requests: {parts}", flush=True)
    return counted


if __name__ == "__main__":
    main()
