"""Sites in which a command has something to do, and what of it counts as harm afterwards."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.chaos.kills import WRONG, staff_values
from tests.chaos.warm import NO_FAULT, Warm
from tests.sync.helpers import DAY, TODAY, Site, book, control_of

BESIDE = " – advarsler"
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()

Verdict = Callable[[str, bytes], str]
"""What is wrong with a workbook, given by name and content, when all is done; '' for nothing."""


class Scene:
    """A site with something to do for a command, kept as it was before.

    `then` is what follows once more after the command was disturbed; the same, if not said.
    """

    def __init__(
        self,
        site: Site,
        command: Sequence[str],
        verdict: Verdict | None = None,
        then: Scene | None = None,
    ) -> None:
        self.site = site
        self.name = site.root.name
        self.command = [*command, "--config", str(site.config)]
        self.then = then or self
        self._before = site.root.with_name(f"{self.name}, before {command[0]}")
        shutil.copytree(site.root, self._before)
        self.workbooks = self._there()
        self._verdict = verdict or _Written(self.workbooks)
        self._overview = _content(site.overview)
        self._known: dict[tuple[str, bytes], str] = {}

    def reset(self) -> None:
        """Lay everything as it was before the command."""
        shutil.rmtree(self.site.root)
        shutil.copytree(self._before, self.site.root)

    def halves(self) -> Iterator[str]:
        """Workbooks that are neither the old nor the new one, and an overview that is half."""
        there = self._there()
        yield from (f"{name} is gone" for name in self.workbooks.keys() - there.keys())
        for name, data in there.items():
            if data != self.workbooks.get(name) and (harm := self._harm(name, data)):
                yield f"{name} {harm}"
        for side in self.site.sheets.glob(f"[!~.]*{BESIDE}.xlsx"):
            if not zipfile.is_zipfile(side):
                yield f"{side.name} is half"
        overview = _content(self.site.overview)
        if overview not in {None, self._overview} and not _is_an_overview(overview or b""):
            yield "the overview is half"

    def undone(self) -> Iterator[str]:
        """What a command that says it is done has not done."""
        yield from self.halves()
        for name, data in self._there().items():
            if harm := self._harm(name, data):
                yield f"{name} {harm}"
        if self.command[0] == "sync" and not self.site.overview.exists():
            yield "there is no overview"

    def leftovers(self) -> Iterator[str]:
        """Files that a command should not leave behind."""
        for pattern in ("*.tmp", "*-journal"):
            yield from (f"{one.name} is left" for one in self.site.root.rglob(pattern))

    def _there(self) -> dict[str, bytes]:
        """The workbooks of staff, by name."""
        files = self.site.sheets.glob("[!~.]*.xlsx")
        return {one.name: one.read_bytes() for one in files if not one.stem.endswith(BESIDE)}

    def _harm(self, name: str, data: bytes) -> str:
        if (name, data) not in self._known:
            self._known[name, data] = self._verdict(name, data)
        return self._known[name, data]


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def _is_an_overview(data: bytes) -> bool:
    is_whole = zipfile.is_zipfile(io.BytesIO(data))
    return is_whole and "Regneark" in load_workbook(io.BytesIO(data)).sheetnames


class _Written:
    """A workbook shall hold what staff wrote and its Kontrol; what is none shall be left alone."""

    def __init__(self, before: dict[str, bytes]) -> None:
        self._before = before
        self._staffs: dict[str, dict[tuple[str, str], Any]] = {
            name: staff_values(data)
            for name, data in before.items()
            if zipfile.is_zipfile(io.BytesIO(data))
        }

    def __call__(self, name: str, data: bytes) -> str:
        if name not in self._staffs:
            return "" if data == self._before.get(name) else "is no workbook and was changed"
        if not zipfile.is_zipfile(io.BytesIO(data)):
            return "is half"
        if staff_values(data) != self._staffs[name]:
            return "holds other values"
        shown = control_of(data, "Indsatser")
        return "" if shown.get(2, "").startswith("FEJL") else "lacks its Kontrol"


def first_run(root: Path, warmed: Warm) -> Scene:
    """Nothing is there yet but two files; one is no workbook."""
    site = Site(root / "first run")
    site.put("a.xlsx", book(cells=WRONG))
    site.put("b.xlsx", b"PK no workbook")
    return Scene(site, ["sync", "--remember", "--today", DAY])


def later_run(root: Path, warmed: Warm) -> Scene:
    """There was a run; since then a workbook changed, and a killed run left a file behind."""
    site = _after_a_run(root / "later run", warmed)
    site.put("a.xlsx", book(cells=WRONG))
    site.put("~$helhedsplan-a.xlsx.tmp", b"half")
    return Scene(site, ["sync", "--remember", "--today", DAY])


def dry_run(root: Path, warmed: Warm) -> Scene:
    """There was a run; since then a workbook changed, and nothing shall be written."""
    site = _after_a_run(root / "dry run", warmed)
    site.put("a.xlsx", book(cells=WRONG))
    return Scene(site, ["sync", "--today", DAY, "--dry-run"], _as_now(site))


def status(root: Path, warmed: Warm) -> Scene:
    """There was a run, and somebody asks after it."""
    site = _after_a_run(root / "status", warmed)
    return Scene(site, ["status"], _as_now(site))


def check(root: Path, warmed: Warm) -> Scene:
    """Workbooks are only checked; that there is a mistake ends it with 1."""
    site = Site(root / "check")
    site.put("a.xlsx", book(cells=WRONG))
    return Scene(site, ["check", "--today", DAY, "--exit-zero"], _as_now(site))


def restoring(root: Path, warmed: Warm) -> Scene:
    """A workbook is brought back as it was before the job wrote into it."""
    site = _after_a_run(root / "restore", warmed)
    (copy,) = (site.state / "copies").glob("a-*/*.xlsx")
    wanted = {file.name: file.read_bytes() for file in site.sheets.iterdir()}
    wanted["a.xlsx"] = copy.read_bytes()
    file = str(site.sheets / "a.xlsx")
    version = copy.read_bytes()

    def verdict(name: str, data: bytes) -> str:
        return "" if data == (version if name == "a.xlsx" else wanted[name]) else "is another"

    return Scene(
        site, ["restore", file], verdict, Scene(site, ["sync", "--remember", "--today", DAY])
    )


def _after_a_run(root: Path, warmed: Warm) -> Site:
    site = Site(root)
    site.configure("[copies]\nnumber = 1")
    site.put("a.xlsx", book(cells=WRONG | {"Milepæle!C2": "x"}))
    site.put("b.xlsx", book(plan={"Plan-id": "P-2"}, cells=WRONG))
    ended = warmed.run(
        ["sync", "--config", str(site.config), "--remember", "--today", YESTERDAY], NO_FAULT
    )
    if ended.code:
        raise RuntimeError(f"the run before failed: {ended.err}")
    site.age()
    return site


def _as_now(site: Site) -> Verdict:
    """Nothing may be changed at all."""
    now = {file.name: file.read_bytes() for file in site.sheets.iterdir()}
    return lambda name, data: "" if data == now[name] else "was changed"


MakeScene = Callable[[Path, Warm], Scene]
SCENES: tuple[MakeScene, ...] = (first_run, later_run, dry_run, status, check, restoring)
