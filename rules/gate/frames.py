"""The rows of one table from all workbooks as they pass the gate, with where each came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from rules.gate import cpr_search
from rules.gate.headers import FoundTab
from rules.gate.schemas import PROGRAMME, READING_SUFFIX, Failure, frame_types
from rules.model.cells import Cell, InUnit, RawWorkbook, Read, ReadState, Value, cell_text
from rules.model.finding import Finding, Place
from rules.model.parameters import YEARS
from rules.model.plan import PlanForm
from rules.model.tables import TOTAL_ROW_NAMES, Column, Kind, Table
from rules.text.danish import name_key
from rules.text.personal_numbers import masked

_TOTAL_KEYS = frozenset(name_key(name) for name in TOTAL_ROW_NAMES)


@dataclass(slots=True)
class IncomingWorkbook:
    """A workbook on its way through the gate."""

    raw: RawWorkbook
    tabs: dict[str, FoundTab]
    findings: list[Finding]
    sightings: cpr_search.CprFindings
    units: Mapping[tuple[str, str], int] = field(default_factory=dict)
    form: PlanForm = field(default_factory=PlanForm)

    def kroner_of(self, table: Table, header: str) -> int:
        """What 1 means in a column of amounts, by our name of it."""
        if not self.units:
            return 1
        by_year = self.units.get((table.tab, YEARS), 1) if header.isdecimal() else 1
        return self.units.get((table.tab, header), by_year)

    def in_unit(self, table: Table, header: str, cells: Sequence[Cell]) -> Sequence[Cell]:
        """A column's cells, those that hold something with their unit where it has one."""
        if not self.units:
            return cells
        kroner = self.kroner_of(table, header)
        if kroner == 1:
            return cells
        return [
            InUnit(cell, kroner) if isinstance(cell, int | float | str) and cell != "" else cell
            for cell in cells
        ]


@dataclass(slots=True)
class Frame:
    """The rows of one table from all workbooks, column by column, with where each came from.

    `raw` are cells that wait to be read; `values` and `readings` are what was read. `spans` tell,
    by the workbook's `id`, which rows are its own: the first, and the one after the last.
    """

    columns: Sequence[Column]
    raw: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    readings: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    programmes: Sequence[str | None] = ()
    books: list[IncomingWorkbook] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    cells: list[Sequence[Cell]] = field(default_factory=list)
    years: list[int] = field(default_factory=list)

    def add(
        self, book: IncomingWorkbook, numbers: Sequence[int], cells: Sequence[Sequence[Cell]]
    ) -> None:
        """Note where a workbook's rows come from."""
        start = len(self.books)
        self.books.extend([book] * len(numbers))
        self.spans[id(book)] = start, len(self.books)
        self.rows.extend(numbers)
        self.cells.extend(cells)

    def take(self, key: str, reads: Sequence[Read]) -> None:
        """Take what was read of a column's next cells."""
        self.values[key].extend([value for value, _ in reads])
        self.readings[key].extend([reading for _, reading in reads])

    def frame(self) -> pl.DataFrame:
        """The values and readings as a polars frame, for pandera.

        Where every cell of a column was read there is nothing to validate in the readings.
        """
        data: dict[str, Sequence[Any]] = {PROGRAMME: self.programmes}
        types = frame_types(self.columns)
        data |= {key: values for key, values in self.values.items() if key in types}
        for column in self.columns:
            if column.kind is Kind.NUMBER:  # polars takes long to take in decimals
                data[column.key] = [None if v is None else float(v) for v in data[column.key]]
        data |= {
            key + READING_SUFFIX: readings
            for key, readings in self.readings.items()
            if readings.count(ReadState.READ) != len(readings)
        }
        return pl.DataFrame(data, schema={key: types[key] for key in data})


def _is_total(source: Value) -> bool:
    return isinstance(source, str) and name_key(source) in _TOTAL_KEYS


def excuse_total_rows(frame: Frame) -> None:
    """In a total row only the amounts matter: its other required cells may be empty."""
    for index in range(len(frame.books)):
        if is_total_row(frame, index):
            for column in frame.columns:
                readings = frame.readings[column.key]
                if column.required and readings[index] == ReadState.EMPTY:
                    readings[index] = int(ReadState.NO_COLUMN)


def is_total_row(frame: Frame, index: int) -> bool:
    """Whether it is named as one; without the column Kilde, whether nothing else is filled in."""
    if frame.readings["source"][index] != ReadState.NO_COLUMN:
        return _is_total(frame.values["source"][index])
    return frame.values["type"][index] is None and frame.values["commitment"][index] is None


def place_of(frame: Frame, failure: Failure, table: Table) -> tuple[Place, Cell]:
    """The broken cell's place and contents."""
    index = failure.frame_row
    book = frame.books[index]
    found = book.tabs[table.key]
    layout = found.layout
    if layout is None:
        raise RuntimeError(f"a row of {table.tab} without a layout")
    if table.is_form:
        keys = [column.key for column in table.columns]
        column = table.column(failure.column)
        row, number = layout.fields[column.key], layout.columns["value"]
        cell = frame.cells[index][keys.index(column.key)]
        return Place(book.raw.path, layout.name, row, number, column.header), cell
    row = frame.rows[index]
    if frame.years:
        year = frame.years[index]
        number, header = layout.years[year], str(year)
    else:
        number, header = layout.columns[failure.column], table.column(failure.column).header
    place = Place(book.raw.path, layout.name, row, number, header)
    return place, frame.cells[index][number - 1]


def identity_of(frame: Frame, index: int, table: Table) -> str:
    """What tells the row from its neighbours when it has been moved: its key cells' text."""
    layout = frame.books[index].tabs[table.key].layout
    if layout is None:
        return ""
    cells = frame.cells[index]
    numbers = [layout.columns.get(c.key) for c in table.columns if c.identifies]
    return masked("|".join(name_key(cell_text(cells[n - 1])) if n else "" for n in numbers))
