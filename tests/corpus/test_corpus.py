"""The trial of the corpus, on a few workbooks made here: it tries, refuses, and sees harm."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from sync.xlsx.owned_column import OwnedColumn
from tests.corpus.__main__ import has_lost
from tests.corpus.trial import READERS, formula_places, part_harm, trial, value_harm
from tests.sync.helpers import saved
from tests.sync.packages import repacked

ROWS = (("Nr.", "Navn", "Budget"), (1, "Café", 12.5), (2, "=1+1", "=C2*2"), (None, "Æble", 3))


def workbook() -> openpyxl.Workbook:
    """Three columns, three rows, formulas, and a title that is merged over all of them."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    return made


def charted() -> bytes:
    made = workbook()
    chart = BarChart()
    chart.add_data(Reference(made.worksheets[0], min_col=3, min_row=2, max_row=4))
    made.worksheets[0].add_chart(chart, "F2")
    return saved(made)


def with_table() -> bytes:
    made = workbook()
    made.worksheets[0].add_table(Table(displayName="Indsatser", ref="A1:C4"))
    return saved(made)


def with_array() -> bytes:
    made = workbook()
    made.worksheets[0]["E3"] = ArrayFormula("E3:E4", "=C2:C3*2")
    return saved(made)


def merged() -> bytes:
    made = workbook()
    made.worksheets[0].merge_cells("C1:F1")
    return saved(made)


def locked() -> bytes:
    made = workbook()
    made.security.lockStructure = True
    return saved(made)


WORKBOOKS = {
    "plain.xlsx": saved(workbook()),
    "charted.xlsx": charted(),
    "table.xlsx": with_table(),
    "array.xlsx": with_array(),
    "merged.xlsx": merged(),
    "empty.xlsx": saved(openpyxl.Workbook()),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_what_can_be_written_is_written_without_harm(name: str) -> None:
    found, written = trial(WORKBOOKS[name])
    assert (found.outcome, found.harm) == ("written", [])
    assert written is not None
    assert written != WORKBOOKS[name]


@pytest.mark.parametrize(
    ("data", "outcome", "reason"),
    [
        (locked(), "refused", "structure_locked"),
        (b"no workbook", "unreadable", "not_a_workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "unreadable", "password_protected"),
    ],
    ids=["locked", "no-workbook", "password"],
)
def test_what_cannot_be_written_says_why(data: bytes, outcome: str, reason: str) -> None:
    found, written = trial(data)
    assert (found.outcome, found.reason, written) == (outcome, reason, None)


def test_the_cells_that_formulas_fill_are_known() -> None:
    assert formula_places(with_array()) == {
        ("Sheet", 3, 2), ("Sheet", 3, 3), ("Sheet", 3, 5), ("Sheet", 4, 5),
    }  # fmt: skip


COLUMN = OwnedColumn("Sheet", 4, 1, "Kontrol", {2: "OK"})


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b"Calibri", b"Arial"),
        ("xl/workbook.xml", b"<sheets>", b"<Sheets>"),
        ("xl/worksheets/sheet1.xml", b"<pageMargins", b"<pageMargin"),
    ],
)
def test_a_changed_part_is_seen(part: str, old: bytes, new: bytes) -> None:
    before = WORKBOOKS["plain.xlsx"]
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        content = archive.read(part)
    assert old in content
    after = repacked(before, {part: content.replace(old, new)})
    assert list(part_harm(before, after, COLUMN))
    assert not list(part_harm(before, before, COLUMN))


@pytest.mark.parametrize(("cell", "value"), [("A2", 2), ("B3", "=1+2"), ("C1", None), ("D1", "x")])
@pytest.mark.parametrize("name", ["openpyxl"])
def test_a_changed_value_is_seen_unless_it_is_owned(
    name: str, cell: str, value: str | int | None
) -> None:
    before = workbook()
    after = workbook()
    after.worksheets[0][cell] = value
    seen = list(value_harm(saved(before), saved(after), COLUMN, READERS["openpyxl"]))
    assert bool(seen) is (cell != "D1")


@pytest.mark.parametrize(
    ("before", "after", "is_lost"),
    [("plain.xlsx", "plain.xlsx", False), ("", "plain.xlsx", False), ("plain.xlsx", "", True)],
)
def test_what_calamine_cannot_read_ends_no_trial(*, before: str, after: str, is_lost: bool) -> None:
    original = WORKBOOKS["plain.xlsx"]
    assert has_lost(original, *(WORKBOOKS.get(one, b"x") for one in (before, after))) is is_lost


@pytest.mark.slow
@pytest.mark.parametrize(("harmful", "code"), [(False, 0), (True, 1)])
def test_the_table_and_the_exit_code(tmp_path: Path, *, harmful: bool, code: int) -> None:
    for name in ("plain.xlsx", "table.xlsx"):
        (tmp_path / name).write_bytes(WORKBOOKS[name])
    if harmful:
        (tmp_path / "merged-array.xlsx").write_bytes(unwritable())
    done = subprocess.run(
        [sys.executable, "-m", "tests.corpus", str(tmp_path)],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    lines = {
        line.rsplit(maxsplit=1)[0].strip(): line.split()[-1]
        for line in done.stdout.decode().splitlines()
    }
    assert lines["workbooks"] == str(2 + harmful)
    assert (lines["written"], lines["harmed"]) == ("2", "0")
    assert done.returncode == code, "less than 97 % were written"


def unwritable() -> bytes:
    """Cells that stand in no order: nobody's lock, and still refused."""
    data = WORKBOOKS["plain.xlsx"]
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(part)
    first, second = b'<row r="2"', b'<row r="3"'
    assert first in xml
    return repacked(data, {part: xml.replace(first, b"<row>").replace(second, first)})
