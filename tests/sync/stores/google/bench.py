"""`make bench-google`: how many requests a run sends, beside a plain gspread script.

`python -m tests.sync.stores.google.bench [N…]` measures so many spreadsheets (4, 100 and
10,000), none of which the job has seen before.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import gspread

from tests.google_server import GoogleServer
from tests.google_server.client import client_of
from tests.google_server.keys import write_key_file
from tests.google_server.requests import applied
from tests.loopback import Request
from tests.sync.helpers import book
from tests.sync.stores.google.race import Race, quick

SIZES = (4, 100, 10_000)
PLAIN_UP_TO = 100
"""The plain script is measured so far; beyond, its requests for each spreadsheet stay the same."""


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    kept = True
    with tempfile.TemporaryDirectory() as scratch:
        key_file = write_key_file(Path(scratch, "key.json"))
        for size in sizes:
            with GoogleServer(key_file, check_answers=False) as server:
                kept &= measure(server, key_file, Path(scratch, str(size)), size)
    sys.exit(not kept)


def measure(server: GoogleServer, key_file: Path, state: Path, size: int) -> bool:
    """Print the requests of each kind of run; whether all are as few as they have to be."""
    bench = Race(server, key_file, state)
    fill(bench, size)
    pages = math.ceil(size / 1000)
    changed = max(1, size // 100)
    print(f"{size:,} spreadsheets")
    cold = run(bench, "cold")
    unchanged = run(bench, "unchanged")
    for spreadsheet_id in bench.ids[:changed]:
        type_in(server, spreadsheet_id)
    some = run(bench, f"{changed} changed")
    plain = plain_script(server, key_file, bench.ids[: min(size, PLAIN_UP_TO)])
    each = {kind: count / min(size, PLAIN_UP_TO) for kind, count in plain.items()}
    note = "" if size <= PLAIN_UP_TO else f", by {PLAIN_UP_TO} of them"
    tell(f"plain gspread script{note}", Counter({k: round(n * size) for k, n in each.items()}))
    return all(
        (
            cold["read"] + cold["drive"] <= size + pages + 1,
            cold["write"] + cold["look"] <= 2 * size,
            unchanged.total() <= pages + 2,
            some.total() <= pages + 2 + 2 * changed,
        )
    )


def fill(bench: Race, size: int) -> None:
    """So many spreadsheets; the contents are loaded once and shared."""
    first = bench.server.load_workbook("Plan 1", book())
    template = bench.server.book(first)
    bench.ids.append(first)
    for number in range(2, size + 1):
        spreadsheet_id = bench.server.make_spreadsheet(f"Plan {number}")
        copy = template.copied()
        copy.id = spreadsheet_id
        copy.properties = {**template.properties, "title": f"Plan {number}"}
        (form,) = [sheet for sheet in copy.sheets if sheet.title == "Plan"]
        for place, cell in list(form.cells.items()):
            if cell.get("userEnteredValue") == {"stringValue": "VAP-2025"}:
                value = {"stringValue": f"P-{number}"}
                form.cells[place] = {**cell, "userEnteredValue": value}
        bench.server.world.books[spreadsheet_id] = copy
        bench.ids.append(spreadsheet_id)


def type_in(server: GoogleServer, spreadsheet_id: str) -> None:
    """Let staff type something wrong into a spreadsheet."""
    now = server.book(spreadsheet_id)
    sheet = now.titled("Indsatser")
    assert sheet is not None
    start = {"sheetId": sheet.id, "rowIndex": 1, "columnIndex": 8}
    rows = [{"values": [{"userEnteredValue": {"stringValue": "ca. 5"}}]}]
    update = {"start": start, "rows": rows, "fields": "userEnteredValue"}
    changed, _ = applied(now, [{"updateCells": update}], now.owner)
    server.world.replace_book(changed, now.owner)


def run(bench: Race, name: str) -> Counter[str]:
    """One run of the job; its requests by their kind."""
    bench.server.asked.clear()
    began = time.monotonic()
    bench.run(patience=quick(run=36_000.0, answer=60.0))
    counted = kinds(bench.server.asked)
    tell(f"{name} ({time.monotonic() - began:.1f} s)", counted)
    return counted


def kinds(asked: Sequence[Request]) -> Counter[str]:
    """Requests by kind; a reading after a write of the same spreadsheet is a look at it."""
    counted: Counter[str] = Counter()
    written: set[str] = set()
    for one in asked:
        where = one.path.removeprefix("/v4/spreadsheets/").partition("/")[0].partition(":")[0]
        if one.path.startswith("/drive/"):
            counted["drive"] += 1
        elif one.path.endswith((":batchUpdate", "ByDataFilter")) or one.verb == "PUT":
            counted["write"] += 1
            written.add(where)
        elif one.path.startswith("/v4/"):
            counted["look" if where in written else "read"] += 1
    return counted


def tell(name: str, counted: Counter[str]) -> None:
    parts = ", ".join(f"{counted[kind]:,} {kind}" for kind in ("drive", "read", "write", "look"))
    print(f"  {name:<44} {counted.total():>9,} requests: {parts}", flush=True)


def plain_script(server: GoogleServer, key_file: Path, ids: Sequence[str]) -> Counter[str]:
    """What somebody writes first: open each, read each tab, update cell by cell."""
    server.asked.clear()
    client = client_of(server.url, key_file)
    for spreadsheet_id in ids:
        spreadsheet = client.open_by_key(spreadsheet_id)
        for worksheet in spreadsheet.worksheets():
            if worksheet.title == "Advarsler":
                continue
            update(worksheet, worksheet.get_all_values())
    counted: Counter[str] = Counter()
    for one in server.asked:
        if one.path.startswith("/v4/"):
            counted["write" if one.verb in ("PUT", "POST") else "read"] += 1
    return counted


def update(worksheet: gspread.Worksheet, rows: list[list[str]]) -> None:
    """Write a text into the column Kontrol of each row, cell by cell."""
    if not rows or "Kontrol" not in rows[0]:
        return
    column = rows[0].index("Kontrol") + 1
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            worksheet.update_cell(number, column, "OK")


if __name__ == "__main__":
    main()
