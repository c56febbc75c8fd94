"""What goes wrong with one workbook ends that workbook, and never the run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from rules.catalogue.catalogue import RULES
from rules.judging.rule import Context
from rules.model.shipped import SHIPPED
from sync.check.check import check
from sync.check.fault import guarded
from sync.check.reading import list_workbooks
from sync.findings.owned import Owned
from sync.history.history import History
from sync.history.readings import Content, settings_key
from sync.overview.model import BookState
from sync.run.logs import KeyValue
from sync.run.options import RunOptions
from sync.run.pipeline import check_and_write
from sync.run.report import RunReport
from sync.run.writing import ReadWaivers
from sync.stores.base import Snapshot, Version, Written
from sync.stores.excel.folder import ExcelFolder
from tests.sync.helpers import COPENHAGEN, TODAY, Site, book, loaded, overview_of

FAULTY, SECRET = "a.xlsx", "hemmelige"
OTHER = {"Plan-id": "B-1", "Boligområde": "Nøjsomhed"}
WRONG = {"Indsatser!I2": "'ca. 5"}
TO_XFD = {"Indsatser!K1": "", "Indsatser!K2": "", "Indsatser!K3": "", "Indsatser!K4": ""}
NOT_CHECKED = "Der er en fejl i kontrollen, så regnearket blev ikke kontrolleret."
NOT_WRITTEN = "Der er en fejl i kontrollen, så der blev ikke skrevet i regnearket."
WHAT_TO_DO = (
    "Den, der passer kontrollen, skal sende regnearkets navn og kontrollens log til dem, "
    "der har lavet programmet."
)


@pytest.mark.parametrize("value", ["x", 5])
def test_what_stands_in_the_last_column_stops_nothing(site: Site, value: object) -> None:
    file = site.put("a.xlsx", book(cells={**WRONG, **TO_XFD, "Indsatser!XFD1": value}))
    site.put("b.xlsx", book(OTHER, cells=WRONG))
    said = site.command("sync")
    assert (said.code, said.err) == (0, "")
    assert "written: a.xlsx" in said.out
    assert "written: b.xlsx" in said.out
    assert loaded(file.read_bytes())["Indsatser"]["XFD1"].value == value
    assert any("FEJL" in text for text in site.control("a.xlsx", "Indsatser").values())


@dataclass(frozen=True)
class FaultyFolder(ExcelFolder):
    """A folder in which the code trips over one workbook, at one stage."""

    stage: str = ""

    def fetch(self, path: str) -> Callable[[], Snapshot]:
        """The workbook; of the faulty one nothing, or a tab that has no rows at all."""
        if path == FAULTY and self.stage == "fetch":
            raise ValueError(SECRET)
        return partial(self._faulty, path, super().fetch(path))

    def _faulty(self, path: str, read: Callable[[], Snapshot]) -> Snapshot:
        snapshot = read()
        if path != FAULTY:
            return snapshot
        if self.stage == "read":
            raise ValueError(SECRET)
        if self.stage == "validate":
            first, *others = snapshot.raw.tabs
            impossible: Any = None
            raw = replace(snapshot.raw, tabs=(replace(first, rows=impossible), *others))
            return replace(snapshot, raw=raw)
        return snapshot

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write, but not into the faulty one."""
        if path == FAULTY and self.stage == "write":
            raise LookupError(SECRET)
        return super().write(path, version, owned)


@pytest.fixture
def three(site: Site) -> Site:
    for name, plan in ((FAULTY, {}), ("b.xlsx", OTHER), ("c.xlsx", {"Plan-id": "C-1"})):
        site.put(name, book(plan, cells=WRONG))
    return site


def one_run(site: Site, stage: str) -> RunReport:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=COPENHAGEN)
    with History(site.settings().state) as history:
        inventory = list_workbooks([FaultyFolder(site.sheets, stage=stage)])
        options = RunOptions(site.settings(), now)
        return check_and_write(inventory, ReadWaivers(), history, options)


@pytest.mark.parametrize("stage", ["fetch", "read", "validate", "judge", "write"])
def test_a_fault_ends_the_workbook_and_not_the_run(
    three: Site, stage: str, caplog: pytest.LogCaptureFixture
) -> None:
    if stage == "judge":
        damage_rows(three)
        caplog.clear()
    report = one_run(three, stage)
    sentence = f"{NOT_WRITTEN if stage == 'write' else NOT_CHECKED} {WHAT_TO_DO}"
    assert report.problems == [(FAULTY, sentence)]
    assert report.written == ["b.xlsx", "c.xlsx"]
    first, *others = overview_of(report).books
    state = BookState.NOT_WRITTEN if stage == "write" else BookState.SKIPPED
    named = "read" if stage == "fetch" else stage
    assert (first.state, first.reason) == (state, sentence)
    assert {line.state for line in others} == {BookState.CHECKED}
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.__dict__["keys"] == {"path": FAULTY, "stage": named}
    line = KeyValue().format(record)
    assert 'event="workbook failed"' in line
    assert 'trace="  File ' in line
    assert SECRET not in line


def damage_rows(site: Site) -> None:
    """Let the rows that are kept of the faulty workbook be damaged before they are sealed."""
    one_run(site, "write")
    for name in ("b.xlsx", "c.xlsx"):
        site.put(name, book({"Plan-id": name}, cells=WRONG))
    key = settings_key(SHIPPED, RULES)
    with History(site.settings().state) as history:
        reading = history.readings.under(key)[FAULTY]
        content = reading.content()
        assert content is not None
        assert content.checked is not None
        damaged = Content(checked=replace(content.checked, rows=b"damaged"))
        history.readings.keep(key, [(FAULTY, reading.version, reading.read_at, damaged)])


@pytest.mark.slow
@pytest.mark.parametrize(("stage", "processes"), [("read", 1), ("validate", 1), ("validate", 2)])
def test_check_says_which_workbook_failed(three: Site, stage: str, processes: int) -> None:
    store = FaultyFolder(three.sheets, stage=stage)
    report = check([store], Context(SHIPPED, TODAY), processes)
    statuses = {one.listed.path: one.status for one in report.workbooks}
    assert statuses == {FAULTY: "failed", "b.xlsx": "checked", "c.xlsx": "checked"}
    assert report.failures == [(FAULTY, f"{NOT_CHECKED} {WHAT_TO_DO}")]


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
def test_what_is_no_fault_of_one_workbook_goes_through(error: type[BaseException]) -> None:
    def work() -> None:
        raise error

    with pytest.raises(error):
        guarded("judge", work)
