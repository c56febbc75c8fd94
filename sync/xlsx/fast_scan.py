"""Rows and cells as spreadsheet programs lay them, found without a handler for each tag.

Nearly every sheet is plain: no prefixes, comments or rich text among its cells, double quotation
marks, rows and cells in order and with their places. Then regular expressions find all that is
asked of it in a fifth of the time. Whatever is not plain is left to the parser's handlers; both
give the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from xml.parsers import expat

from rules.text.cell_names import column_number
from sync.xlsx.addresses import LAST_COLUMN, LAST_ROW, CellArea, parse_area
from sync.xlsx.grid import Cell, Row

_ATTRIBUTES = rb'(?: [A-Za-z][\w:.]*+="[^"<>&\r\n\t]*+")*+'
_TEXT = rb"<v>[^<]*+</v>|<is><t>[^<]*+</t></is>"
_CONTENTS = (
    rb"(?:" + _TEXT + rb"|(?:<f" + _ATTRIBUTES + rb" ?+(?:/>|>[^<]*+</f>))?+"
    rb"(?:" + _TEXT + rb"|<v ?+/>|<is><t xml:space=\"preserve\">[^<]*+</t></is>)?+)"
)  # fmt: skip
_CELL = (
    rb'<c r="[A-Z]{1,3}+[1-9]\d{0,6}+"' + rb"[^<>&'\r\n\t]*+"
    rb"(?:(?<=/)>|(?<!/)>" + _CONTENTS + rb"</c>)"
)  # fmt: skip
_ROW = re.compile(rb"\s*+(<row" + _ATTRIBUTES + rb") ?+(?:/>|>((?:" + _CELL + rb")*+)(</row>))")
_CELLS = re.compile(rb'<c r="([A-Z]{1,3}+)(\d++)"[^<>]*+>(<[fvi])?+')
_NUMBER = re.compile(rb' r="([1-9]\d{0,6})"')
_STYLE = re.compile(rb' s="([^"]*)"')
_IS_STYLED = re.compile(rb' customFormat="(?:1|true)"')
_SPANS = re.compile(rb' spans="([^"]*)"')
_KIND = re.compile(rb' t="([^"]*)"')
_FORMULA = re.compile(rb"<f(" + _ATTRIBUTES + rb")")
_AREA_KIND = re.compile(rb' t="(?:array|dataTable|shared)"')
_REFERENCE = re.compile(rb' ref="([^"]*)"')
_VALUE = re.compile(rb"<(v|t)(?: [^<>]*)?>([^<]*)</\1>")
_OPEN = b"<sheetData>"
_ENCODING = re.compile(rb"""encoding=["']([^"']*)""")


@dataclass(slots=True)
class PlainRows:
    """All rows of a sheet, and what was found in them."""

    start: int
    stop: int
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    formula_areas: list[CellArea] = field(default_factory=list)
    last_rows: dict[int, int] = field(default_factory=dict)
    used: CellArea | None = None


def plain_rows(data: bytes, column: int) -> PlainRows | None:
    """The rows of a sheet with the cells of `column`; None where the sheet is not plain."""
    start = data.find(_OPEN) + len(_OPEN)
    stop = data.find(b"</sheetData>", start)
    encoding = _ENCODING.search(data, 0, 200)
    is_utf8 = encoding is None or encoding[1].lower() == b"utf-8"
    if start < len(_OPEN) or stop < 0 or not is_utf8:
        return None
    reader = _Reader(data, column, PlainRows(start, stop))
    try:
        return reader.found if reader.read() else None
    except (UnicodeDecodeError, expat.ExpatError):
        return None


class _Reader:
    """Goes from row to row; rows with the same columns are alike, and known from the first on."""

    def __init__(self, data: bytes, column: int, found: PlainRows) -> None:
        self.found = found
        self._data = data
        self._column = column
        self._columns: dict[tuple[bytes, ...], tuple[int, ...]] = {}
        self._filled: dict[tuple[tuple[bytes, ...], tuple[bytes, ...]], tuple[int, ...]] = {}

    def read(self) -> bool:
        """Read all rows; false where one is not plain."""
        found = self.found
        at, last = found.start, 0
        while match := _ROW.match(self._data, at, found.stop):
            number = _NUMBER.search(match[1])
            if number is None or not last < int(number[1]) <= LAST_ROW:
                return False
            last = int(number[1])
            if not self._row(match, number[1]):
                return False
            at = match.end()
        if self._data[at : found.stop].strip():
            return False
        self._measure()
        return True

    def _row(self, match: re.Match[bytes], digits: bytes) -> bool:
        style = _STYLE.search(match[1]) if _IS_STYLED.search(match[1]) else None
        spans = _SPANS.search(match[1])
        stop = match.end() if match[3] is None else match.start(3)
        row = Row(
            int(digits), match.start(1), style[1].decode() if style else None,
            spans[1].decode() if spans else "", stop, stop,
        )  # fmt: skip
        self.found.rows.append(row)
        return not match[2] or self._cells(row, match, digits)

    def _cells(self, row: Row, match: re.Match[bytes], digits: bytes) -> bool:
        start, stop = match.span(2)
        letters, numbers, filled = zip(*_CELLS.findall(self._data, start, stop), strict=True)
        columns = self._known_columns(letters)
        if columns is None or numbers.count(digits) != len(numbers):
            return False
        for column in self._known_filled(letters, filled, columns):
            self.found.last_rows[column] = row.number
        place = bisect_right(columns, self._column)
        if place < len(columns):
            row.gap = self._data.index(b'<c r="%s%s"' % (letters[place], digits), start)
        if place and columns[place - 1] == self._column:
            begin = self._data.index(b'<c r="%s%s"' % (letters[place - 1], digits), start)
            end = row.gap if place < len(columns) else stop
            self.found.cells.append(_cell((row.number, self._column), self._data, begin, end))
        return b" ref=" not in match[2] or self._areas(match[2])

    def _known_columns(self, letters: tuple[bytes, ...]) -> tuple[int, ...] | None:
        """The numbers of the columns; None where they are not in order."""
        if letters not in self._columns:
            columns = tuple(column_number(one.decode()) for one in letters)
            in_order = all(a < b for a, b in pairwise(columns))
            self._columns[letters] = columns if in_order and columns[-1] <= LAST_COLUMN else ()
        return self._columns[letters] or None

    def _known_filled(
        self, letters: tuple[bytes, ...], filled: tuple[bytes, ...], columns: tuple[int, ...]
    ) -> tuple[int, ...]:
        """The columns of the row's cells that hold something."""
        key = letters, filled
        if key not in self._filled:
            pairs = zip(columns, filled, strict=True)
            self._filled[key] = tuple(column for column, holds in pairs if holds)
        return self._filled[key]

    def _areas(self, cells: bytes) -> bool:
        """The areas of formulas that fill several cells; false where one has no place."""
        for attributes in _FORMULA.findall(cells):
            reference = _REFERENCE.search(attributes)
            if reference and _AREA_KIND.search(attributes):
                area = parse_area(reference[1].decode("utf-8", "replace"))
                if area is None:
                    return False
                self.found.formula_areas.append(area)
        return True

    def _measure(self) -> None:
        """The smallest range that holds every cell with something in it."""
        last_rows = self.found.last_rows
        if last_rows:
            top = self._first_filled_row()
            self.found.used = CellArea(top, min(last_rows), max(last_rows.values()), max(last_rows))

    def _first_filled_row(self) -> int:
        for row in self.found.rows:
            cells = self._data[row.start : row.stop]
            if any(filled for _, _, filled in _CELLS.findall(cells)):
                return row.number
        return 0


def _cell(place: tuple[int, int], data: bytes, begin: int, end: int) -> Cell:
    """One cell from its first byte to the one behind its last."""
    xml = data[begin:end]
    tag = xml[: xml.index(b">") + 1]
    style, kind = _STYLE.search(tag), _KIND.search(tag)
    value = _VALUE.search(xml)
    return Cell(
        row=place[0],
        column=place[1],
        start=begin,
        style=style[1].decode() if style else None,
        kind=kind[1].decode() if kind else "n",
        stop=end if tag.endswith(b"/>") else end - len(b"</c>"),
        raw=_text(value[2]) if value else "" if b"<v" in xml else None,
        has_formula=b"<f" in xml,
    )


def _text(raw: bytes) -> str:
    """The characters that the bytes of a text stand for."""
    if b"&" not in raw and b"\r" not in raw:
        return raw.decode()
    words: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.CharacterDataHandler = words.append
    parser.Parse(b"<t>" + raw + b"</t>", True)
    return "".join(words)
