"""`python -m tests.sync.stores.google.compare FOLDER`: Excel and Google compared.

Every folder that holds workbooks is checked as a folder of Excel files, and again as spreadsheets
of the server. Findings must be the same, cell by cell.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rules.judging.rule import Context
from rules.model.finding import Notice
from rules.model.shipped import SHIPPED
from sync.check.check import CheckReport, check
from sync.config.job import GoogleSection, GoogleSource
from sync.stores.excel.folder import ExcelFolder
from sync.stores.google.connection import Connection
from sync.stores.google.store import GoogleSheets
from tests.google_server import GoogleServer
from tests.google_server.keys import write_key_file

PLENTY = 100_000


def in_excel(folder: Path, day: date) -> CheckReport:
    """The findings of a folder."""
    return check([ExcelFolder(folder)], Context(SHIPPED, day), processes=1)


def in_google(folder: Path, day: date, paths: set[str]) -> CheckReport:
    """The findings of those of a folder's workbooks that can be imported, once in the server."""
    with tempfile.TemporaryDirectory() as scratch:
        key_file = write_key_file(Path(scratch, "key.json"))
        with GoogleServer(key_file, check_answers=False) as server:
            for path in sorted(paths):
                server.load_workbook(path, (folder / path).read_bytes())
            connection = Connection(
                GoogleSection(
                    credentials=key_file,
                    reads_per_minute=PLENTY,
                    writes_per_minute=PLENTY,
                    address=server.url,
                ),
                Path(scratch),
            )
            store = GoogleSheets(connection, GoogleSource(kind="google"))
            return check([store], Context(SHIPPED, day))


def differences(folder: Path, day: date) -> Iterator[str]:
    """What is found in one of the two only, as far as the workbooks can be imported at all."""
    excel = in_excel(folder, day)
    readable = {book.listed.path for book in excel.workbooks if book.status == "checked"}
    google = in_google(folder, day, readable)
    yield from (f"Google: {path}: {reason}" for path, reason in google.failures)
    here = Counter(_line(one) for one in excel.notices if one.workbook in readable)
    there = Counter(_line(one) for one in google.notices)
    yield from (f"Excel only: {line}" for line in sorted((here - there).elements()))
    yield from (f"Google only: {line}" for line in sorted((there - here).elements()))


def _line(notice: Notice) -> str:
    place = (notice.workbook, notice.tab, notice.cell, notice.column)
    return f"{notice.code} {place}: {notice.message}"


def main() -> None:
    folder = Path(sys.argv[1])
    day = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else date(2026, 11, 23)
    folders = sorted({file.parent for file in folder.rglob("*.xls*")})
    differing = 0
    for one in folders:
        found = list(differences(one, day))
        differing += len(found)
        name = one.relative_to(folder)
        print(f"{name}: {'the same' if not found else f'{len(found)} differences'}", flush=True)
        for line in found:
            print(f"  {line}")
    print(f"{len(folders)} folders, {differing} differences")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
