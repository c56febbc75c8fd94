"""People who edit and save workbooks while the job writes into them: no edit may be lost.

    python -m tests.chaos.people FOLDER EDITS SEED

is one of them: it opens a workbook, looks whether its last edit still stands there, types the
next number, and saves as Excel, LibreOffice or another program does. It prints what it saved last
in each workbook, and what it missed, as JSON.
"""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.kills import WRONG, staff_values
from tests.chaos.warm import NO_FAULT, Fault, Mode, Warm
from tests.sync.helpers import DAY, Site, book, control_of

WORKBOOKS = tuple(f"{letter}.xlsx" for letter in "abcdefgh")
_PART = "xl/worksheets/sheet3.xml"
_EDIT = re.compile(rb"ca\. (\d{6})")
LONGEST_EDIT_SECONDS = 0.02
HELD_UP_MICROSECONDS = 20_000
"""For so long the job stops before it renames, so that many a save falls into that moment."""


@dataclass
class Tally:
    """How often was edited and synced, what came in each other's way, and what was lost.

    `put_back` are the saves of the very last moment, which the job had already taken out.
    """

    edits: int = 0
    runs: int = 0
    written: int = 0
    put_back: int = 0
    lost: list[str] = field(default_factory=list)


def work_together(warmed: Warm, root: Path, edits: int, seed: int = 1) -> Tally:
    """Let somebody make so many edits while run follows run; look at every workbook at the end."""
    site = Site(root)
    for number, name in enumerate(WORKBOOKS):
        cells = WRONG | {"Indsatser!I2": "'ca. 000000"}
        site.put(name, book(plan={"Plan-id": f"P-{number}"}, cells=cells))
    before = {name: _others(site.sheets / name) for name in WORKBOOKS}
    run = ["sync", "--config", str(site.config), "--remember", "--today", DAY]
    log = root.with_suffix(".log")
    slow = Fault(str(site.sheets), 1, HELD_UP_MICROSECONDS, Mode.HOLD_UP, str(log))
    tally = Tally()
    command = [sys.executable, "-m", "tests.chaos.people", str(site.sheets), str(edits), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as person:
        while person.poll() is None:
            ended = warmed.run(run, slow)
            tally.runs += 1
            tally.written += ended.out.count("written: ")
            if "Traceback" in ended.err:
                tally.lost.append(f"a traceback: {ended.err[-200:]}")
        answer = json.loads(person.stdout.read() if person.stdout else "")
    warmed.run(run, NO_FAULT)
    exchanges = log.read_text().count("renameat2")
    tally.put_back = (exchanges - tally.written) // 2
    tally.edits = answer["edits"]
    tally.lost += answer["missed"]
    for name in WORKBOOKS:
        file = site.sheets / name
        last = answer["saved"][name]
        if serial_of(file.read_bytes()) != last:
            tally.lost.append(f"{name}: edit {last} is not there at the end")
        if _others(file) != before[name]:
            tally.lost.append(f"{name}: other cells have changed")
        if f"ca. {last:06}" not in control_of(file.read_bytes(), "Indsatser").get(2, ""):
            tally.lost.append(f"{name}: Kontrol does not tell of the last edit")
    tally.lost += [f"{file.name} is left" for file in site.sheets.glob("*.tmp")]
    return tally


def _others(file: Path) -> dict[tuple[str, str], Any]:
    """Every cell of staff's but the one that is edited."""
    values = staff_values(file.read_bytes())
    return {place: value for place, value in values.items() if place != ("Indsatser", "I2")}


def serial_of(data: bytes) -> int:
    """The number of the edit that a workbook holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = _EDIT.search(archive.read(_PART))
    if found is None:
        raise ValueError("the workbook has lost the cell that is edited")
    return int(found[1])


def edited(data: bytes, serial: int) -> bytes:
    """The workbook with the next number typed in, packed anew as programs do."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == _PART:
                content = _EDIT.sub(b"ca. %06d" % serial, content, count=1)
            new.writestr(name, content)
    return out.getvalue()


Edit = Callable[[bytes], bytes]


def _by_renaming(file: Path, edit: Edit) -> None:
    """Write a file beside it and rename it over the old one."""
    beside = file.with_name("5F3A9C10.tmp")
    beside.write_bytes(edit(file.read_bytes()))
    beside.replace(file)


def _by_two_renames(file: Path, edit: Edit) -> None:
    """Lay the old one aside first; for a moment there is none of the name."""
    beside, aside = file.with_name("5F3A9C10.tmp"), file.with_name("7B21D004.tmp")
    beside.write_bytes(edit(file.read_bytes()))
    file.rename(aside)
    beside.rename(file)
    aside.unlink()


def _in_place(file: Path, edit: Edit) -> None:
    """Empty the file and write into it."""
    new = edit(file.read_bytes())
    with file.open("wb") as opened:
        opened.write(new[: len(new) // 2])
        opened.flush()
        opened.write(new[len(new) // 2 :])


def _through_an_open_file(file: Path, edit: Edit) -> None:
    """Hold the file open all the while, and write into it at the end."""
    with file.open("r+b") as opened:
        new = edit(opened.read())
        opened.seek(0)
        opened.write(new)
        opened.truncate()


@contextmanager
def _lock_file(file: Path, content: bytes) -> Iterator[None]:
    file.write_bytes(content)
    try:
        yield
    finally:
        file.unlink()


def _excels(file: Path) -> AbstractContextManager[None]:
    return _lock_file(file.with_name(f"~${file.name}"), b"\x03Eva" + bytes(161))


def _libreoffices(file: Path) -> AbstractContextManager[None]:
    return _lock_file(file.with_name(f".~lock.{file.name}#"), b",eva,pc,23.11.2026 08:00,;")


def _no_lock(_: Path) -> AbstractContextManager[None]:
    return nullcontext()


WAYS: tuple[
    tuple[Callable[[Path], AbstractContextManager[None]], Callable[[Path, Edit], None]], ...
] = (
    (_excels, _by_two_renames),
    (_excels, _by_renaming),
    (_no_lock, _by_two_renames),  # who opened it through SharePoint
    (_no_lock, _by_renaming),
    (_libreoffices, _by_renaming),
    (_libreoffices, _in_place),
    (_no_lock, _in_place),
    (_no_lock, _through_an_open_file),
)


def edit_away(folder: Path, edits: int, seed: int) -> dict[str, Any]:
    """Make so many edits; what was saved last in each workbook, and which edits were missed."""
    chance = random.Random(seed)
    saved = dict.fromkeys(WORKBOOKS, 0)
    missed = []
    for serial in range(1, edits + 1):
        name = chance.choice(WORKBOOKS)
        lock, save = chance.choice(WAYS)

        def edit(data: bytes) -> bytes:
            if (stands := serial_of(data)) != saved[name]:  # noqa: B023  called at once
                missed.append(f"{name}: edit {saved[name]} is gone, {stands} stands there")  # noqa: B023
            time.sleep(chance.uniform(0, LONGEST_EDIT_SECONDS))
            return edited(data, serial)  # noqa: B023

        with lock(folder / name):
            save(folder / name, edit)
        saved[name] = serial
        time.sleep(chance.uniform(0, LONGEST_EDIT_SECONDS))
    return {"edits": edits, "saved": saved, "missed": missed}


if __name__ == "__main__":
    told = edit_away(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(told))
