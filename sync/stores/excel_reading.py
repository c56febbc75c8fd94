"""Reading a workbook's bytes: python-calamine where the bytes are harmless, openpyxl elsewhere.

calamine is fast, but hides error cells, and aborts the whole process on a sheet whose cells span
too large an area. So the bytes are looked at first; what is not plain is read by openpyxl, which
goes row by row.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any
from xml.etree.ElementTree import ParseError

import python_calamine
from python_calamine import CalamineWorkbook

from rules.cells import FALSE, TRUE, Cell, FormulaError, RawRow, RawTab
from sync.stores.store import Unreadable
from sync.xlsx.package import Damage, Limits, Package, UnreadablePackage
from sync.xlsx.parts import Sheet, comments_by_cell, sheets

LARGEST_AREA = 5_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL, _ROW = rb"<c(?![a-zA-Z])", rb"<row(?![a-zA-Z])"
_NOT_PLAIN = re.compile(
    _CELL + rb'(?! r="[A-Z]{1,2}[1-9]\d{0,3}"[ />])|' + _ROW + rb'(?! r="[1-9]\d{0,3}"[ />])'
)
_NOT_REGULAR = re.compile(
    _CELL + rb'(?! r="[A-Z]{1,3}[1-9]\d{0,6}"[ />])|' + _ROW + rb'(?! r="[1-9]\d{0,6}"[ />])'
)
_FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^>/]|/(?!>))*>')
_PLAIN_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<worksheet[\s>]")
_ERROR_OR_BOOLEAN = re.compile(rb"""t=["'][eb]["']""")
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\st=["\']e["\'][^>]*>(.*?)</c>', re.DOTALL
)
_ERROR_VALUE = re.compile(rb"<v>([^<]*)</v>")
_PLAIN_STRINGS = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<sst(?:\s[^>]*)?>")
_UNIQUE_COUNT = re.compile(rb'\suniqueCount="(\d{1,9})"')
_SMALLEST_STRING = len("<si/>")
_OPENPYXL_FAILURES = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, ParseError,
    zipfile.BadZipFile, NotImplementedError, OverflowError, EOFError,
)  # fmt: skip


class _Way(Enum):
    """How a sheet may be read."""

    FAST = auto()
    ROW_BY_ROW = auto()


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What a workbook must keep within; sizes in bytes, rows counted where they hold something."""

    packed_bytes: int = 50_000_000
    unpacked_bytes: int = 256_000_000
    filled_rows: int = 200_000

    def for_package(self) -> Limits:
        """The limits of the zip file."""
        return Limits(
            packed_bytes=self.packed_bytes,
            unpacked_bytes=self.unpacked_bytes,
            part_bytes=self.unpacked_bytes,
        )


def read_tabs(data: bytes, limits: ReadingLimits) -> list[RawTab]:
    """All tabs of a workbook with their cells and comments, hidden ones included.

    Raises:
        Unreadable: it is no workbook, damaged, protected, empty or too large.
    """
    try:
        package = Package(data, limits.for_package())
        worksheets = [sheet for sheet in sheets(package) if sheet.kind == "worksheet"]
        ways = {sheet.part: _way_to_read(package.read(sheet.part)) for sheet in worksheets}
        plain = _is_plain(package)
        fast = plain and all(way is _Way.FAST for way in ways.values())
        tabs = _read_fast(package, worksheets) if fast else None
        if tabs is None:
            tabs = _read_row_by_row(package, worksheets)
        if any("comment" in name.casefold() for name in package.names):
            pairs = zip(tabs, worksheets, strict=True)
            tabs = [replace(tab, comments=comments_by_cell(package, sh)) for tab, sh in pairs]
    except UnreadablePackage as error:
        damage = "" if error.damage is Damage.DAMAGED else str(error.damage)
        raise Unreadable(damage) from error
    for tab in tabs:
        if len(tab.rows) > limits.filled_rows:
            raise Unreadable("too_many_rows", tab.name)
    return tabs


def _way_to_read(xml: bytes) -> _Way:
    """How this sheet may be read; nearly every sheet passes the first look."""
    if b"<!DOCTYPE" in xml[:2000] or not _PLAIN_ROOT.match(xml):
        return _Way.ROW_BY_ROW
    if not _NOT_PLAIN.search(xml):
        return _Way.FAST
    if _NOT_REGULAR.search(xml):
        return _Way.ROW_BY_ROW
    rows: set[int] = set()
    columns: set[bytes] = set()
    for letters, row in _FILLED_CELL.findall(xml):
        rows.add(int(row))
        columns.add(letters)
    if not rows:
        return _Way.FAST
    numbers = [_column_number(letters.decode()) for letters in columns]
    if max(rows) > LAST_ROW or max(numbers) > LAST_COLUMN:
        raise UnreadablePackage(Damage.DAMAGED, "a cell lies beyond the last row or column")
    return _Way.FAST if max(rows) * max(numbers) <= LARGEST_AREA else _Way.ROW_BY_ROW


def _is_plain(package: Package) -> bool:
    """Whether calamine sees the same parts as we do, and believes no false count in them."""
    keys = {name.casefold() for name in package.names}
    if len(keys) != len(package.names):
        return False
    if "xl/sharedStrings.xml" not in package:
        return True
    beginning, size = package.beginning("xl/sharedStrings.xml", 4_000)
    root = _PLAIN_STRINGS.match(beginning)
    if root is None:
        return False
    count = _UNIQUE_COUNT.search(root[0])
    if count is None:
        return b"uniqueCount" not in root[0]
    return int(count[1]) <= size // _SMALLEST_STRING


def _read_fast(package: Package, worksheets: Sequence[Sheet]) -> list[RawTab] | None:
    """Read with calamine; None where it cannot, though openpyxl may."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        found: dict[str, list[list[Any]]] = {
            sheet.name: workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            for sheet in worksheets
        }
    except python_calamine.CalamineError:
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, which cannot be imported
            raise
        return None
    return [_fast_tab(package, sheet, found[sheet.name]) for sheet in worksheets]


def _fast_tab(package: Package, sheet: Sheet, rows: Sequence[list[Cell]]) -> RawTab:
    xml = package.read(sheet.part)
    if _ERROR_OR_BOOLEAN.search(xml):
        rows = [[_in_words(cell) for cell in row] for row in rows]
        for letters, row, inside in _ERROR_CELL.findall(xml):
            cells = rows[int(row) - 1] if int(row) <= len(rows) else []
            column = _column_number(letters.decode())
            shown = _ERROR_VALUE.search(inside)
            if column <= len(cells):
                cells[column - 1] = FormulaError(shown[1].decode() if shown else "#N/A")
    filled = [(n, row) for n, row in enumerate(rows, 1) if row.count("") != len(row)]
    return RawTab(sheet.name, filled)


def _in_words(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return TRUE if cell else FALSE
    return cell


def _read_row_by_row(package: Package, worksheets: Sequence[Sheet]) -> list[RawTab]:
    """Read with openpyxl, one row after the other.

    Raises:
        UnreadablePackage: openpyxl cannot read it either.
    """
    from openpyxl import load_workbook  # noqa: PLC0415  slow to import, and seldom needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that openpyxl does not know
            workbook = load_workbook(io.BytesIO(package.data), read_only=True, data_only=True)
            with contextlib.closing(workbook):
                tabs = []
                for sheet in worksheets:
                    worksheet = workbook[sheet.name]
                    worksheet.reset_dimensions()
                    tabs.append(RawTab(sheet.name, list(_rows_of(worksheet.iter_rows()))))
    except _OPENPYXL_FAILURES as error:
        raise UnreadablePackage(Damage.DAMAGED, "neither reader can read it") from error
    return tabs


def _rows_of(rows: Iterable[Sequence[object]]) -> Iterable[RawRow]:
    for number, cells in enumerate(rows, 1):
        if number > LAST_ROW:
            raise UnreadablePackage(Damage.DAMAGED, "a row lies beyond the last one")
        values = [_openpyxl_value(cell) for cell in cells]
        if any(value not in {None, ""} for value in values):
            yield number, values


def _openpyxl_value(cell: object) -> Cell:
    value: Cell = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "e" and isinstance(value, str):
        return FormulaError(value)
    return _in_words(value)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
