"""A site of the job in a folder of its own: a configuration, staff's workbooks, the commands.

`book` is the example plan, which has no mistake on `TODAY`, saved as a plain workbook with some
cells typed over. A cell is typed as a person types it (see `typed`); anything that
is no text is written as it is. Row 1 holds the headers, column A the first of them.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook
from typer import testing

from rules.catalogue.example_plan import EXAMPLE, typed
from rules.model.cells import FormulaError
from sync.cli.app import app
from sync.config.settings import Settings, load
from sync.i18n.language import language_of, speak
from sync.overview.model import Overview
from sync.run.options import RunOptions
from sync.run.pipeline import run_once
from sync.run.report import RunReport

TODAY = date(2026, 11, 23)
DAY = TODAY.isoformat()
CPR = "010170-0000"
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
LONG_AGO = datetime(2026, 3, 2, 12, tzinfo=COPENHAGEN).timestamp()
CONTROL, PAGE = "Kontrol", "Advarsler"
HEADER_ROW = 3
"""Of the tab Advarsler, and of the overview's tabs."""

SOURCES = '[[sources]]\nfolder = "sheets"\n'
PATIENCE_SECONDS = 60.0
# A runner makes the command anew from all its functions' signatures, each time that one is run.
testing._get_command = lru_cache(testing._get_command)  # type: ignore[attr-defined]
_PLAN_ROWS = {row[0]: number for number, row in enumerate(EXAMPLE["Plan"], 1)}


def example(
    plan: Mapping[str, object] | None = None,
    cells: Mapping[str, object] | None = None,
    without: Sequence[str] = (),
    tabs: Mapping[str, Sequence[Sequence[object]]] | None = None,
) -> openpyxl.Workbook:
    """The example plan with fields of Plan, single cells (`Indsatser!I2`) or tabs typed over."""
    workbook = openpyxl.Workbook()
    for sheet in workbook.worksheets:
        workbook.remove(sheet)
    grids: dict[str, Sequence[Sequence[object]]] = {
        name: rows for name, rows in EXAMPLE.items() if name not in without
    }
    for name, rows in (grids | dict(tabs or {})).items():
        sheet = workbook.create_sheet(name)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                put(sheet, row, column, value)
    for name, value in (plan or {}).items():
        put(workbook["Plan"], _PLAN_ROWS[name], 2, value)
    for address, value in (cells or {}).items():
        name, _, place = address.rpartition("!")
        if name not in workbook.sheetnames:
            workbook.create_sheet(name)
        at = workbook[name][place]
        put(workbook[name], at.row, at.column, value)
    return workbook


def cell_of(tab: str, header: str, row: int) -> str:
    """Where the example plan has this header's column: `Indsatser!K6`."""
    return f"{tab}!{get_column_letter(EXAMPLE[tab][0].index(header) + 1)}{row}"


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write a cell: text as a person types it, anything else as it is."""
    value = typed(value) if isinstance(value, str) else value
    if value is None or value == "":
        sheet.cell(row, column).value = None
        return
    cell: Any = sheet.cell(row, column)
    if isinstance(value, FormulaError):
        cell.value, cell.data_type = value.text, "e"
    else:
        cell.value = value
        if isinstance(value, str) and not value.startswith("=SUM"):
            cell.data_type = "s"


def saved(workbook: openpyxl.Workbook) -> bytes:
    """The workbook as a file's bytes."""
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def book(
    plan: Mapping[str, object] | None = None,
    cells: Mapping[str, object] | None = None,
    without: Sequence[str] = (),
    tabs: Mapping[str, Sequence[Sequence[object]]] | None = None,
) -> bytes:
    """The example plan as a file's bytes; see `example`. Each is made once in a process."""
    key = repr((plan, cells, without, tabs))
    if key not in _BOOKS:
        _BOOKS[key] = saved(example(plan, cells, without, tabs))
    return _BOOKS[key]


_BOOKS: dict[str, bytes] = {}


@lru_cache(maxsize=16)
def loaded(data: bytes, *, results: bool = False) -> openpyxl.Workbook:
    """The workbook to look at; whoever wants to change it loads it anew."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=results)


def values_by_openpyxl(data: bytes, *, results: bool = True) -> dict[tuple[str, str], Any]:
    """Every cell that holds something, by tab and address; formulas' stored results or texts."""
    workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=results)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def values_by_calamine(data: bytes) -> dict[tuple[str, str], Any]:
    """Every cell that holds something, by tab and address."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (name, f"{get_column_letter(column)}{row}"): value
        for name in workbook.sheet_names
        for row, cells in enumerate(
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), 1
        )
        for column, value in enumerate(cells, 1)
        if value != ""
    }


@dataclass(frozen=True)
class Answer:
    """What a command answered: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it must be."""
        data: dict[str, Any] = json.loads(self.out)
        return data

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, in their order."""
        return [finding["code"] for finding in self.json["findings"]]


@contextmanager
def kept_signals() -> Iterator[None]:
    """Put the handlers back that a command set."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def helhedsplan(*arguments: object, env: Mapping[str, str] | None = None) -> Answer:
    """Run a command in this process; what it does not expect fails the test."""
    with kept_signals():
        result = testing.CliRunner().invoke(
            app, [str(one) for one in arguments], env=dict(env or {})
        )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "nobody foresaw" not in result.stderr, result.stderr
    return Answer(result.exit_code, result.stdout, result.stderr)


def process(
    *arguments: object,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    script: str = "",
) -> Answer:
    """Run a command in a process of its own, or a script that takes the command's place."""
    program = ["-c", script] if script else ["-m", "sync"]
    done = subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, check=False,
        timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def confined(*arguments: object) -> Answer:
    """Run a command in a process that may use thirty seconds of time and three gigabytes."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (30, 30)); "
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)); "
        "from sync.cli.app import app; app()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Site:
    """A folder with a configuration, staff's workbooks in `sheets`, a state and an overview."""

    root: Path

    def __post_init__(self) -> None:
        self.sheets.mkdir(parents=True, exist_ok=True)
        self.configure()

    @property
    def sheets(self) -> Path:
        return self.root / "sheets"

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def overview(self) -> Path:
        return self.root / "Overblik.xlsx"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def database(self) -> Path:
        return self.state / "helhedsplan.sqlite3"

    def asked(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds in the history's file, and changes there."""
        with closing(sqlite3.connect(self.database)) as database:
            rows = database.execute(query, values).fetchall()
            database.commit()
        return rows

    def configure(self, sections: str = "", top: str = "", sources: str = SOURCES) -> None:
        """Write the configuration: keys that stand before any table, the sources, the tables."""
        self.config.write_text(f"{top}\n{sources}\n{sections}\n", encoding="utf-8")

    def put(self, name: str, content: bytes, changed_at: float = LONG_AGO) -> Path:
        """Lay a workbook into the folder, as saved long ago."""
        file = self.sheets / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (changed_at, changed_at))
        return file

    def settings(self) -> Settings:
        """The configuration; as a command does, this process speaks its language from now on."""
        settings = load(self.config)
        speak(language_of(settings.language))
        return settings

    def sync(self, today: date = TODAY, hour: int = 8, **options: Any) -> RunReport:
        """One run in this process, with its history and overview."""
        settings = self.settings()
        now = datetime(today.year, today.month, today.day, hour, tzinfo=COPENHAGEN)
        return run_once(RunOptions(settings, now, **{"is_day_given": True, **options}))

    def shown(self, today: date = TODAY, hour: int = 8, **options: Any) -> Overview:
        """What the overview of a run shows in which something was judged."""
        return overview_of(self.sync(today, hour, **options))

    def age(self) -> None:
        """Let the workbooks' last change lie long ago, so that nobody is in doubt about it."""
        for file in self.sheets.rglob("*.xls*"):
            if file.stat().st_mtime != LONG_AGO:  # else that would be a change as well
                os.utime(file, (LONG_AGO, LONG_AGO))

    def command(self, name: str, *arguments: object) -> Answer:
        """Run a command (`sync`, `history export`) with this configuration."""
        return helhedsplan(*name.split(), "--config", self.config, *arguments)

    def check(self, *arguments: object) -> Answer:
        """Check the configured folder on `TODAY`, as JSON."""
        return self.command("check", "--format", "json", "--today", DAY, *arguments)

    def everything(self) -> dict[str, tuple[bytes, int, int]]:
        """Each file below the root with its bytes, time of change and inode."""
        return {
            file.relative_to(self.root).as_posix(): (
                file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino,
            )
            for file in sorted(self.root.rglob("*"))
            if file.is_file()
        }  # fmt: skip

    def bytes_of_workbooks(self) -> dict[str, bytes]:
        return {f.name: f.read_bytes() for f in sorted(self.sheets.rglob("*.xls*"))}

    def control(self, name: str, tab: str) -> dict[int, str]:
        """What the column Kontrol of a tab shows, by row, header row included."""
        return control_of((self.sheets / name).read_bytes(), tab)

    def page(self, name: str) -> list[tuple[str, ...]]:
        """The rows of the tab Advarsler, from A1; empty cells are ''."""
        return page_of((self.sheets / name).read_bytes())


def overview_of(report: RunReport) -> Overview:
    """The overview of a run in which something was judged."""
    assert report.overview is not None
    return report.overview


def mended(site: Site, name: str, tab: str, cell: str, value: str | int) -> None:
    """Type something else into a cell of a workbook that is there."""
    file = site.sheets / name
    workbook = openpyxl.load_workbook(file)
    workbook[tab][cell] = value
    file.write_bytes(saved(workbook))


def control_of(data: bytes, tab: str) -> dict[int, str]:
    """What the column Kontrol of a tab shows, by row, header row included."""
    sheet = loaded(data)[tab]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == CONTROL:
                return {
                    n: str(value)
                    for n in range(cell.row, sheet.max_row + 1)
                    if (value := sheet.cell(n, cell.column).value) is not None
                }
    return {}


def page_of(data: bytes) -> list[tuple[str, ...]]:
    """The rows of the tab Advarsler, from A1; empty cells are ''."""
    sheet = loaded(data)[PAGE]
    return [
        tuple("" if value is None else str(value) for value in row)
        for row in sheet.iter_rows(values_only=True)
    ]


def header_row_of(sheet: Worksheet) -> int:
    """The row of a table's headings: the last one that stays in view."""
    frozen = re.search(r"\d+$", sheet.freeze_panes or "")
    return int(frozen[0]) - 1 if frozen else HEADER_ROW


def table(data: bytes, tab: str) -> list[dict[str, Any]]:
    """The rows of the table of a tab of the overview, by heading."""
    sheet = loaded(data)[tab]
    header_row = header_row_of(sheet)
    headings = [cell.value for cell in sheet[header_row]]
    rows = [
        {str(name): value for name, value in zip(headings, row, strict=True) if name is not None}
        for row in sheet.iter_rows(min_row=header_row + 1, values_only=True)
    ]
    return list(takewhile(lambda row: any(value is not None for value in row.values()), rows))


def figures(data: bytes, tab: str) -> dict[str, Any]:
    """The large figures of a tab of the overview, by label."""
    sheet = loaded(data)[tab]
    labels = [cell.value for cell in sheet[HEADER_ROW]]
    values = [cell.value for cell in sheet[HEADER_ROW + 1]]
    return {str(k): v for k, v in zip(labels, values, strict=True) if k is not None}


def cell_at(sheet: Worksheet, row: int, heading: str) -> Cell:
    """The overview's cell in this row, below this heading."""
    for cell in sheet[header_row_of(sheet)]:
        if cell.value == heading:
            found = sheet.cell(row, cell.column)
            if isinstance(found, Cell):
                return found
    raise KeyError(heading)
