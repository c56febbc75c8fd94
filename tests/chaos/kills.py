"""Kill a run at a random moment, look at every file, and let the next run finish the work."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync.helpers import CONTROL, PAGE, Site, book, control_of, values_by_openpyxl

WORKBOOKS = 12
ENDS_WITHIN_SECONDS = 600
"""However slow the machine is: what takes longer hangs."""
WRONG = {"Indsatser!I2": "'1.600.000 kr.", "Indsatser!E2": "", "Milepæle!B3": "9"}


@dataclass
class Tally:
    """How many runs were killed, how many had ended already, and every harm that was found."""

    kills: int = 0
    ended_before: int = 0
    harm: list[str] = field(default_factory=list)


def kill_runs(root: Path, count: int, seed: int = 1) -> Tally:
    """Kill so many runs, each over workbooks that all have to be written.

    The moments lie anywhere in the time that an undisturbed run takes.
    """
    chance = random.Random(seed)
    tally = Tally()
    original = book(cells=WRONG)
    staffs = staff_values(original)
    site = Site(root)
    _lay(site, original)
    began = time.perf_counter()
    tally.harm += [f"undisturbed: {one}" for one in _unfinished(site, staffs)]
    takes = time.perf_counter() - began
    for number in range(count):
        _lay(site, original)
        _killed(site, chance.uniform(0.0, takes), tally)
        tally.harm += [f"kill {number}: {one}" for one in _halves(site, original, staffs)]
        tally.harm += [f"after kill {number}: {one}" for one in _unfinished(site, staffs)]
    return tally


def _lay(site: Site, original: bytes) -> None:
    for place in range(WORKBOOKS):
        site.put(f"{place:02}.xlsx", original)


def _killed(site: Site, seconds: float, tally: Tally) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "sync", "sync", "-c", str(site.config)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
        tally.kills += 1
    else:
        tally.ended_before += 1
    run.wait()


def _halves(site: Site, original: bytes, staffs: Mapping[tuple[str, str], Any]) -> Iterator[str]:
    """Workbooks that are neither the old nor the new one, and an overview that is half."""
    for name, data in site.bytes_of_workbooks().items():
        if data != original and (harm := _harm(data, staffs)):
            yield f"{name}: {harm}"
    if site.overview.exists() and not zipfile.is_zipfile(site.overview):
        yield "the overview is no workbook"


def _harm(data: bytes, staffs: Mapping[tuple[str, str], Any]) -> str:
    """What is wrong with a workbook that the job wrote; empty where nothing is."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return "is no workbook"
    if staff_values(data) != staffs:
        return "holds other values"
    return "" if control_of(data, "Indsatser").get(2, "").startswith("FEJL") else "has no Kontrol"


def _unfinished(site: Site, staffs: Mapping[tuple[str, str], Any]) -> Iterator[str]:
    """What the next run leaves undone, or does not clear away."""
    done = subprocess.run(
        [sys.executable, "-m", "sync", "sync", "-c", str(site.config)],
        capture_output=True, check=False, timeout=ENDS_WITHIN_SECONDS,
    )  # fmt: skip
    if done.returncode:
        yield f"the next run ended with {done.returncode}: {done.stderr.decode()[-200:]}"
    for name, data in site.bytes_of_workbooks().items():
        if harm := _harm(data, staffs):
            yield f"{name}: {harm}"
    for leftover in site.root.rglob("*.tmp"):
        yield f"{leftover.name} is left"


def staff_values(data: bytes) -> dict[tuple[str, str], Any]:
    """Every cell of the staff's, by tab and address."""
    values = values_by_openpyxl(data)
    columns = {
        (tab, place.rstrip("0123456789"))
        for (tab, place), text in values.items()
        if text == CONTROL
    }
    return {
        (tab, place): value
        for (tab, place), value in values.items()
        if tab != PAGE and (tab, place.rstrip("0123456789")) not in columns
    }
