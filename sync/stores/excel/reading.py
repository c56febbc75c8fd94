"""Reading a workbook's bytes: python-calamine where the bytes are harmless, openpyxl elsewhere.

calamine is fast, but hides error cells, and aborts the whole process on a sheet whose cells span
too large an area. So the bytes are looked at first; what is not plain is read by openpyxl, which
goes row by row.
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import python_calamine
from python_calamine import CalamineWorkbook

from rules.model.cells import FALSE, TRUE, Cell, FormulaError, RawRow, RawTab, RawWorkbook
from rules.text.cell_names import LAST_ROW, cell_name, column_number
from rules.text.number_formats import shown_number
from sync.stores.base import Unreadable
from sync.stores.excel.beside_cells import numbers_as_shown, texts_beside
from sync.stores.excel.calamine_input import (
    PlainSheet,
    fit_together,
    may_repeat_much_text,
    package_for_calamine,
    plain_sheet,
)
from sync.stores.excel.sheet_marks import with_marks
from sync.xlsx.errors import Damage, PackageError
from sync.xlsx.markup import cells_in
from sync.xlsx.parts import (
    SharedStrings,
    Sheet,
    WorkbookParts,
    comments_by_cell,
    read_workbook,
    refuse_document_types,
)
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits, Package

_ERROR_CELL = re.compile(
    rb"""<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*\st\s*=\s*["']e["'][^<>]*>"""
    rb"""((?:[^<]++|<(?!/?c[ />]))*+)</c>"""
)
_MOST_CELLS, _MOST_WRITTEN = 20_000_000, 500_000
"""How many cells are looked at one by one, and how many of them stand in the file.

Each is some seconds' work, and far beyond any plan.
"""
_SMALLEST_CPR = 100_000_000
_ERROR_VALUE = re.compile(rb"<v>([^<]*)</v>")
_OPENPYXL_FAILURES = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError,
    zipfile.BadZipFile, NotImplementedError, OverflowError, EOFError, zlib.error, struct.error,
    LookupError, RecursionError,
)  # fmt: skip
"""What it raises on damaged parts; errors of XML are a SyntaxError, with lxml and without it."""


def read_tabs(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Sequence[RawTab]:
    """All tabs of a workbook with their cells and comments, hidden ones included.

    Raises:
        Unreadable: it is no workbook, damaged, protected, empty or too large.
    """
    return read_raw("", data, limits).tabs


def read_raw(path: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawWorkbook:
    """A workbook with all its tabs, and what stands beside their cells.

    Raises:
        Unreadable: it is no workbook, damaged, protected, empty or too large.
    """
    try:
        package = Package(data, limits)
        workbook = read_workbook(package)
        worksheets = [sheet for sheet in workbook.sheets if sheet.kind == "worksheet"]
        tabs = _read_fast(package, workbook, worksheets, limits.characters)
        if tabs is None:
            tabs = _read_row_by_row(package, worksheets, limits.characters)
        by_sheet, beside = texts_beside(package, workbook)
        has_comments = any("comment" in name.casefold() for name in package.names)
        for number, sheet in enumerate(worksheets):
            if has_comments and (comments := comments_by_cell(package, sheet)):
                tabs[number] = replace(tabs[number], comments=comments)
            if texts := by_sheet[sheet.part]:
                tabs[number] = replace(tabs[number], beside=texts)
    except PackageError as error:
        damage = "" if error.damage is Damage.DAMAGED else str(error.damage)
        raise Unreadable(damage) from error
    for tab in tabs:
        if len(tab.rows) > limits.filled_rows:
            raise Unreadable("too_many_rows", tab.name)
    charts = [sheet.name for sheet in workbook.sheets if sheet.kind != "worksheet"]
    return RawWorkbook(path, tabs, beside, charts=charts)


def _read_fast(
    package: Package, workbook: WorkbookParts, worksheets: Sequence[Sheet], most_characters: int
) -> list[RawTab] | None:
    """Read with calamine; None where it must not, or where it cannot though openpyxl may."""
    looked_at = []
    for sheet in worksheets:
        plain = plain_sheet(package.read(sheet.part))
        if plain is None:
            return None
        looked_at.append(plain)
    strings = SharedStrings(package, workbook)
    if not fit_together(looked_at) or may_repeat_much_text(strings, looked_at, most_characters):
        return None
    given = package_for_calamine(package, workbook, looked_at)
    if given is None:
        return None
    try:
        reader = CalamineWorkbook.from_filelike(io.BytesIO(given))
        found: list[list[list[Any]]] = [
            reader.get_sheet_by_index(number).to_python(skip_empty_area=False)
            for number in range(len(worksheets))
        ]
    except python_calamine.CalamineError:
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, which cannot be imported
            raise
        return None
    tabs = []
    for sheet, plain, rows in zip(worksheets, looked_at, found, strict=True):
        shown = numbers_as_shown(package, workbook, plain.xml, plain.filled)
        tab = _fast_tab(sheet.name, plain, rows, shown)
        tabs.append(with_marks(package, sheet, tab, plain.filled))
    return tabs


def _fast_tab(
    name: str, plain: PlainSheet, rows: Sequence[list[Cell]], shown: Mapping[str, str]
) -> RawTab:
    if plain.hides_cells:
        rows = [[_in_words(cell) for cell in row] for row in rows]
        for letters, row, inside in _ERROR_CELL.findall(plain.xml, plain.start, plain.end):
            cells = rows[int(row) - 1] if int(row) <= len(rows) else []
            column = column_number(letters.decode())
            error = _ERROR_VALUE.search(inside)
            if column <= len(cells):
                cells[column - 1] = FormulaError(error[1].decode() if error else "#N/A")
    filled = [(n, row) for n, row in enumerate(rows, 1) if row.count("") != len(row)]
    return RawTab(name, filled, shown=shown)


def _in_words(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return TRUE if cell else FALSE
    return cell


def _read_row_by_row(
    package: Package, worksheets: Sequence[Sheet], most_characters: int
) -> list[RawTab]:
    """Read with openpyxl, one row after the other."""
    from openpyxl import load_workbook  # noqa: PLC0415  slow to import, and seldom needed

    refuse_document_types(package)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that openpyxl does not know
            workbook = load_workbook(io.BytesIO(package.data), read_only=True, data_only=True)
            with contextlib.closing(workbook):
                tabs = []
                budget = _Budget(most_characters)
                for sheet in worksheets:
                    worksheet = workbook[sheet.name]
                    worksheet.reset_dimensions()
                    shown: dict[str, str] = {}
                    rows = list(_rows_of(worksheet.iter_rows(), budget, shown))
                    tabs.append(RawTab(sheet.name, rows, shown=shown))
    except _OPENPYXL_FAILURES as error:
        raise PackageError(Damage.DAMAGED, "neither reader can read it") from error
    return [
        with_marks(package, sheet, tab, cells_in(package.read(sheet.part)))
        for sheet, tab in zip(worksheets, tabs, strict=True)
    ]


@dataclass(slots=True)
class _Budget:
    """How much more may be read of a workbook."""

    characters: int
    cells: int = _MOST_CELLS
    written: int = _MOST_WRITTEN

    def spend(self, values: Sequence[Cell], written: int) -> None:
        """Take away what a row takes, or raise PackageError where so much is not left."""
        self.cells -= len(values) + 1
        self.written -= written
        self.characters -= sum(len(value) for value in values if value and isinstance(value, str))
        if min(self.cells, self.written, self.characters) < 0:
            raise PackageError(Damage.TOO_LARGE, "more cells or text than can be read")


def _rows_of(
    rows: Iterable[Sequence[object]], budget: _Budget, shown: dict[str, str]
) -> Iterable[RawRow]:
    """The rows that hold something; into `shown` come large numbers as their formats show them."""
    from openpyxl.cell.read_only import EMPTY_CELL  # noqa: PLC0415  as in _read_row_by_row

    for number, cells in enumerate(rows, 1):
        if number > LAST_ROW:
            raise PackageError(Damage.DAMAGED, "a row lies beyond the last one")
        if not cells:  # a million of them lie above a cell in the far corner
            budget.cells -= 1
            continue
        values = [None if cell is EMPTY_CELL else _openpyxl_value(cell) for cell in cells]
        budget.spend(values, sum(cell is not EMPTY_CELL for cell in cells))
        for column, value in enumerate(values, 1):
            if isinstance(value, float | int) and value >= _SMALLEST_CPR:
                code = str(getattr(cells[column - 1], "number_format", ""))
                shown[cell_name(number, column)] = shown_number(value, code)
        while values and values[-1] in {None, ""}:
            values.pop()
        if values:
            yield number, values


def _openpyxl_value(cell: object) -> Cell:
    value: Cell = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "e" and isinstance(value, str):
        return FormulaError(value)
    return _in_words(value)
