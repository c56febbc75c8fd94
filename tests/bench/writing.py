"""What a write-back costs beside copying the same package: `python -m tests.bench.writing`.

Copying means: the members that a write-back changes are unpacked and packed again as they are in
the written workbook, all others are copied as they are. As a file both are put in place in the
same way: written beside it, flushed, read back, exchanged. Ratios of the best of many.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from rules.model.tables import WARNINGS_TAB
from rules.text.danish import name_key
from sync.stores.base import Unreadable
from sync.stores.excel.reading import read_tabs
from sync.stores.files.replace import replace_file
from sync.stores.files.untrusted import stamp_of
from sync.xlsx.errors import PackageError, RefusedError
from sync.xlsx.owned_column import in_free_column
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Limits, Package
from tests.chaos.kills import WRONG
from tests.corpus.trial import target
from tests.sync.helpers import book
from tests.sync.packages import with_shared_texts

TIMES = 15
_ROWS = ((OwnedCell("Prøve", bold=True),), (), (OwnedCell("Alvor"),))
PAGE = OwnedSheet(WARNINGS_TAB, _ROWS, (9.0,), frozen_rows=1)

Way = Callable[[bytes], bytes]


def ways(data: bytes) -> tuple[Way, Way]:
    """Writing back into a workbook, and copying it.

    Raises:
        Unreadable, RefusedError, PackageError: nothing can be written into it.
    """
    tabs = read_tabs(data, Limits())
    tabs = [tab for tab in tabs if name_key(tab.name) != name_key(WARNINGS_TAB)]
    column = in_free_column(Package(data), target(tabs))
    written = Package(write_owned(Package(data), [column], PAGE))
    old = Package(data)
    changed = {
        name: written.read(name)
        for name in written.names
        if name not in old or written.read(name) != old.read(name)
    }

    def copy(content: bytes) -> bytes:
        package = Package(content)
        for name in changed:
            if name in package:
                package.read(name)
        return package.replaced(changed)

    return (lambda content: write_owned(Package(content), [column], PAGE)), copy


def seconds(way: Way, data: bytes, file: Path | None) -> float:
    """The best of some times: in memory, or into a file that is put in place."""
    best = float("inf")
    for _ in range(TIMES):
        if file:
            file.write_bytes(data)
        began = time.perf_counter()
        if file:
            stands, stamp = file.read_bytes(), stamp_of(file.stat())
            replace_file(file, stands, way(stands), stamp)
        else:
            way(data)
        best = min(best, time.perf_counter() - began)
    return best


def ratios(data: bytes, file: Path) -> tuple[float, float]:
    """How much more a write-back costs than a copy: as a file, and in memory."""
    write, copy = ways(data)
    as_file = seconds(write, data, file) / seconds(copy, data, file)
    return as_file, seconds(write, data, None) / seconds(copy, data, None)


def workbooks(folder: Path | None) -> Iterator[bytes]:
    """The workbooks of a folder; without one, the example plan as two programs lay it."""
    if folder is None:
        plan = book(cells=WRONG)
        yield from (plan, with_shared_texts(plan))
        return
    for file in sorted(folder.rglob("*")):
        if file.suffix.casefold() in {".xlsx", ".xlsm"}:
            yield file.read_bytes()


def main() -> None:
    """Measure, and print a line for each of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="measure on these workbooks")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # openpyxl warns of what it would drop
    found = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as scratch:
        for data in workbooks(asked.folder):
            try:
                found.append(ratios(data, Path(scratch, "workbook.xlsx")))
            except (Unreadable, RefusedError, PackageError, IndexError):
                continue
    for name, values, wanted in (
        ("write-back of a file, against copying it", [a for a, _ in found], "2.0"),
        ("the same in memory, without the file", [b for _, b in found], ""),
    ):
        line = f"{name:<45} {len(values):>4} workbooks  {median(values):>6.2f}  {wanted:>8}"
        sys.stdout.write(line.rstrip() + "\n")


if __name__ == "__main__":
    main()
