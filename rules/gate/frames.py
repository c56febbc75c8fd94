"""The rows of one table from all workbooks as they pass the gate, with where each came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat
from typing import Any

import polars as pl

from rules.gate.cell_errors import NO_RESULT
from rules.gate.cpr_search import CellsByTab
from rules.gate.headers import FoundTab
from rules.gate.schemas import PROGRAMME, READING_SUFFIX, frame_types
from rules.model.cells import (
    NO_COLUMN,
    AmountCell,
    Cell,
    RawWorkbook,
    Read,
    ReadState,
    Value,
    cell_text,
)
from rules.model.finding import LEFT_OUT, MOST_FINDINGS, Finding, Place
from rules.model.parameters import YEARS
from rules.model.plan import NOTHING, ROW_TYPES, FormerTab, PlanForm, TabLayout, Workbook
from rules.model.tables import WARNINGS_TAB, YEAR_AMOUNT, Column, Kind, Table
from rules.text.amounts import LARGEST_AMOUNT_OERE
from rules.text.danish import name_key
from rules.text.personal_numbers import CprMatch, masked

TOTAL = "total_oere"
YearAmounts = tuple[dict[int, int], set[int]]
"""A row's readable amounts in øre by year, and the years whose amounts cannot be read."""


@dataclass(slots=True)
class IncomingWorkbook:
    """A workbook on its way through the gate.

    `left_out` counts the findings for which there is no room in the list. `programme` is the one
    whose words count, None where it cannot be read.
    `cpr_cells` hold a CPR number, by tab, row and column. In `raw` a mask stands in its place, so
    that whatever is made of the cells repeats none.
    """

    raw: RawWorkbook
    tabs: dict[str, FoundTab]
    findings: list[Finding]
    cpr_cells: CellsByTab
    units: Mapping[tuple[str, str], int] = field(default_factory=dict)
    form: PlanForm = field(default_factory=PlanForm)
    programme: str | None = None
    warnings_tab: str = WARNINGS_TAB
    former_tabs: tuple[FormerTab, ...] = ()
    left_out: int = 0
    without_result: dict[str | None, Finding] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for further findings."""
        return len(self.findings) >= MOST_FINDINGS

    def add(self, finding: Finding) -> None:
        """Add a finding; of formulas without a result the first one of each tab."""
        place = finding.place
        if finding.code != NO_RESULT.code:
            self.findings.append(finding)
            return
        first = self.without_result.setdefault(place.tab, finding).place
        if (place.row or 0, place.column or 0) < (first.row or 0, first.column or 0):
            self.without_result[place.tab] = finding

    @property
    def all_findings(self) -> Iterator[Finding]:
        """The findings, as many as are listed, and how many more there are."""
        yield from self.findings[:MOST_FINDINGS]
        yield from self.without_result.values()
        if left_out := self.left_out + len(self.findings[MOST_FINDINGS:]):
            yield Finding(LEFT_OUT, Place(self.raw.path), {"count": left_out}, LEFT_OUT)

    def certainly_holds_cpr(self, place: Place) -> bool:
        """Whether a CPR number stands in the cell: then it has no other finding."""
        match = self.cpr_cells.get(place.tab or "", {}).get((place.row or 0, place.column or 0))
        return match is CprMatch.WRITTEN_AS_CPR

    def kroner_of(self, table: Table, header: str, at: int | None) -> int:
        """What 1 means in a column of amounts, by our name of it, and by its own header."""
        layout = self.tabs[table.key].layout
        own = layout.units.get(at or 0, 1) if layout else 1
        if not self.units:
            return own
        by_year = self.units.get((table.tab, YEARS), own) if header.isdecimal() else own
        return self.units.get((table.tab, header), by_year)

    def in_unit(self, table: Table, header: str, at: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """A column's cells, those that hold something with their unit where it has one."""
        kroner = self.kroner_of(table, header, at)
        if kroner == 1:
            return cells
        return [
            AmountCell(cell, kroner) if isinstance(cell, int | float | str) and cell != "" else cell
            for cell in cells
        ]

    def workbook(self, frames: Iterable[Frame]) -> Workbook:
        """The workbook with its rows, made of the frames of all tables but the form."""
        rows: dict[str, Any] = {frame.table.key: frame.rows_of(self) for frame in frames}
        layouts = {key: one.layout for key, one in self.tabs.items() if one.layout is not None}
        return Workbook(
            path=self.raw.path,
            tabs=tuple(masked(tab.name) for tab in self.raw.tabs),
            headless=frozenset(self.tabs.keys() - layouts.keys()),
            layouts=layouts,
            form=self.form,
            warnings_tab=self.warnings_tab,
            former_tabs=self.former_tabs,
            **rows,
        )


@dataclass(slots=True)
class Frame:
    """The rows of one table from all workbooks, column by column, with where each came from.

    `raw` are cells that are not read yet; `values` and `readings` are what was read. `spans` gives,
    by the workbook's `id`, which rows are its own: the first, and the one after the last. `years`
    is the year of each row in the frame of all years' amounts. `unread` are the rows with cells
    whose value is not known, and the keys of their columns.
    """

    table: Table
    columns: Sequence[Column]
    raw: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    readings: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    programmes: Sequence[str | None] = ()
    workbooks: list[IncomingWorkbook] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    cells: list[Sequence[Cell]] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    unread: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    amounts: Mapping[tuple[int, int], YearAmounts] = field(default_factory=dict)

    def add_form(self, workbook: IncomingWorkbook, found: FoundTab, layout: TabLayout) -> None:
        """Add the fields of a workbook's form tab as a row."""
        value_at = layout.columns.get("value", 0)
        rows = dict(found.tab.rows)
        cells: list[Cell] = []
        for column in self.columns:
            row = rows.get(layout.fields.get(column.key, 0), ())
            cells.append(row[value_at - 1] if 0 < value_at <= len(row) else None)
            is_there = value_at and column.key in layout.fields
            self.raw[column.key].append(cells[-1] if is_there else NO_COLUMN)
        self._add(workbook, (0,), (cells,))

    def add_rows(
        self, workbook: IncomingWorkbook, found: FoundTab, layout: TabLayout, years: Frame
    ) -> None:
        """Add the rows of a workbook's tab, and the amounts of its years to their own frame."""
        numbers, rows = zip(*found.rows, strict=True)
        columns = [*zip(*rows, strict=False)]  # all of them reach to the last known column
        no_column = (NO_COLUMN,) * len(rows)
        self._add(workbook, numbers, rows)
        for column in self.columns:
            at = layout.columns.get(column.key)
            cells: Sequence[Cell] = no_column
            if at:
                cells = columns[at - 1]
                if column.kind is Kind.AMOUNT:
                    cells = workbook.in_unit(self.table, column.header, at, cells)
            self.raw[column.key].extend(cells)
        for year, at in layout.years.items():
            years._add(workbook, numbers, rows)
            years.years.extend([year] * len(rows))
            cells = workbook.in_unit(self.table, str(year), at, columns[at - 1])
            years.raw[YEAR_AMOUNT.key].extend(cells)

    def _add(
        self, workbook: IncomingWorkbook, numbers: Sequence[int], cells: Sequence[Sequence[Cell]]
    ) -> None:
        start = len(self.workbooks)
        self.workbooks.extend([workbook] * len(numbers))
        self.spans[id(workbook)] = start, len(self.workbooks)
        self.rows.extend(numbers)
        self.cells.extend(cells)

    def add_read(self, key: str, reads: Sequence[Read]) -> None:
        """Add what was read of a column's next cells."""
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
            if column.kind is Kind.NUMBER:  # decimals are slow in polars
                data[column.key] = [None if v is None else float(v) for v in data[column.key]]
        data |= {
            key + READING_SUFFIX: readings
            for key, readings in self.readings.items()
            if readings.count(ReadState.READ) != len(readings)
        }
        return pl.DataFrame(data, schema={key: types[key] for key in data})

    def place_of(self, index: int, key: str) -> tuple[Place, Cell]:
        """A cell's place and contents."""
        workbook = self.workbooks[index]
        layout = workbook.tabs[self.table.key].layout
        if layout is None:
            raise RuntimeError(f"a row of {self.table.tab} without a layout")
        header = str(self.years[index]) if self.years else self.table.column(key).header
        if self.table.is_form:
            row, number = layout.fields[key], layout.columns["value"]
            at = [column.key for column in self.columns].index(key)
        else:
            row = self.rows[index]
            number = layout.years[self.years[index]] if self.years else layout.columns[key]
            at = number - 1
        return Place(workbook.raw.path, layout.name, row, number, header), self.cells[index][at]

    def identity_of(self, index: int, key: str) -> str:
        """What a cell's row is recognised by when it has been moved: the text of its key cells."""
        layout = self.workbooks[index].tabs[self.table.key].layout
        if self.table.is_form or layout is None:
            return key
        cells = self.cells[index]
        numbers = [layout.columns.get(c.key) for c in self.table.columns if c.identifies]
        return "|".join(name_key(cell_text(cells[n - 1])) if n else "" for n in numbers)

    def fill_in_defaults(self) -> None:
        """Give every empty cell its column's default."""
        for column in self.columns:
            values = self.values[column.key]
            for index, value in enumerate(values) if column.default else ():
                if value is None and column.key not in self.unread.get(index, NOTHING):
                    values[index] = column.default

    def excuse_total_rows(self) -> None:
        """In a total row only the amounts matter: its other required cells may be empty."""
        for index in range(len(self.workbooks)):
            if self._is_total_row(index):
                for column in self.columns:
                    readings = self.readings[column.key]
                    if column.required and readings[index] == ReadState.EMPTY:
                        readings[index] = int(ReadState.NO_COLUMN)

    def _is_total_row(self, index: int) -> bool:
        return self.rows[index] in self.workbooks[index].tabs[self.table.key].totals

    def _amount_columns(self, index: int) -> dict[str, int]:
        """Where a row's amounts stand, by year or I alt."""
        layout = self.workbooks[index].tabs[self.table.key].layout
        if layout is None:
            return {}
        columns = {str(year): at for year, at in layout.years.items()}
        if TOTAL in layout.columns:
            columns[TOTAL] = layout.columns[TOTAL]
        return columns

    def _texts(self, index: int) -> frozenset[str]:
        """Which of a row's amounts, by year or I alt, are typed as text."""
        cells = self.cells[index]
        columns = self._amount_columns(index)
        return frozenset(key for key, at in columns.items() if type(cells[at - 1]) is str)

    def _unrounded(self, index: int) -> dict[str, Decimal]:
        """The øre of a row's amounts that hold more than two decimals, by year or I alt."""
        workbook, cells = self.workbooks[index], self.cells[index]
        if all(type(cell) is not float or cell.is_integer() for cell in cells):
            return {}
        columns = self._amount_columns(index)
        finer = {}
        for key, at in columns.items():
            cell = cells[at - 1]
            header = key if key != TOTAL else self.table.column(TOTAL).header
            if type(cell) is float and abs(cell) < LARGEST_AMOUNT_OERE:
                oere = Decimal(repr(cell)) * 100 * workbook.kroner_of(self.table, header, at)
                if oere % 1:
                    finer[key] = oere
        return finer

    def by_row(self) -> Mapping[tuple[int, int], YearAmounts]:
        """The years of each row, by the workbook's `id` and the row, of the frame of all years."""
        years: dict[tuple[int, int], YearAmounts] = defaultdict(lambda: ({}, set()))
        for index, amount in enumerate(self.values[YEAR_AMOUNT.key]):
            amounts, unread = years[id(self.workbooks[index]), self.rows[index]]
            if index in self.unread:
                unread.add(self.years[index])
            elif isinstance(amount, int):
                amounts[self.years[index]] = amount
        return years

    def rows_of(self, workbook: IncomingWorkbook) -> tuple[Any, ...]:
        """A workbook's rows as objects.

        They are made one workbook at a time, so that the caller may use them while they are in the
        processor's cache, and drop them before the next ones are made.
        """
        start, stop = self.spans.get(id(workbook), (0, 0))
        if start == stop:
            return ()
        numbers = self.rows[start:stop]
        parts: list[Iterable[Any]] = [numbers]
        parts += [self.values[column.key][start:stop] for column in self.columns]
        parts.append(
            [frozenset(self.unread.get(index, NOTHING)) for index in range(start, stop)]
            if self.unread
            else repeat(NOTHING)
        )
        if self.table.has_years:
            years = [self.amounts[id(workbook), row] for row in numbers]
            parts.append([amounts for amounts, _ in years])
            parts.append([frozenset(missing) for _, missing in years])
            parts.append([self._is_total_row(index) for index in range(start, stop)])
            parts.append([self._unrounded(index) for index in range(start, stop)])
            parts.append([self._texts(index) for index in range(start, stop)])
        return tuple(map(ROW_TYPES[self.table.key], *parts))
