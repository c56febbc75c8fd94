"""Where the time of a first `sync` goes: `python -m tests.bench.stages FOLDER`.

Runs it in this process alone, and looks now and then, by the time of processors, at what it is in.
Prints each stage with its milliseconds for a workbook and its share of the whole.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import CodeType, FrameType
from zoneinfo import ZoneInfo

from rules.catalogue.catalogue import verdict_on
from rules.gate.gate import Gate
from sync.check.reading import list_workbooks
from sync.config.job import ExcelSource, ReadingSection
from sync.config.settings import Settings
from sync.config.state import StateSection
from sync.history.readings import packed
from sync.overview.publish import publish
from sync.run.options import RunOptions
from sync.run.pipeline import run_once
from sync.run.remembering import remember
from sync.run.writing import judge, write_back
from sync.stores.excel.reading import read_raw

NOW = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/Copenhagen"))
EVERY = 0.004
"""Seconds of processor time from one look to the next; many systems count no finer."""
STAGES: tuple[tuple[str, Callable[..., object]], ...] = (
    ("list the workbooks", list_workbooks),
    ("read the cells", read_raw),
    ("tables, rows and values (the gate)", Gate.check),
    ("pack what was read", packed),
    ("judge", verdict_on),
    ("join plans and findings", judge),
    ("write back", write_back),
    ("make the overview", publish),
    ("remember", remember),
    ("all the rest", run_once),
)


def shares(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Each stage of a first `sync`, its milliseconds for a workbook, and its share of the run."""
    stage_of: dict[CodeType, str] = {work.__code__: name for name, work in STAGES}
    spent: dict[str, float] = dict.fromkeys((name for name, _ in STAGES), 0.0)
    last = time.process_time()

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        while frame is not None and frame.f_code not in stage_of:
            frame = frame.f_back
        since, last = last, time.process_time()
        if frame is not None:
            spent[stage_of[frame.f_code]] += last - since  # the system may leave out looks

    folder = folder.resolve()
    with tempfile.TemporaryDirectory() as temporary, contextlib.chdir(temporary):
        settings = Settings(
            sources=(ExcelSource(folder=folder),),
            state=StateSection(folder=Path("state")),
            reading=ReadingSection(processes=1),
        )
        signal.signal(signal.SIGPROF, look)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        report = run_once(RunOptions(settings, NOW))
        signal.setitimer(signal.ITIMER_PROF, 0)
    for name, _ in STAGES:
        yield name, spent[name] * 1_000 / report.read, spent[name] / sum(spent.values())


if __name__ == "__main__":
    for stage, milliseconds, share in shares(Path(sys.argv[1])):
        sys.stdout.write(f"{stage}\t{milliseconds:.2f}\t{share:.3f}\n")
