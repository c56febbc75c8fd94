"""The gate: raw cells of many workbooks become typed rows, and STR, CEL and GDP findings.

All rows of one tab, from all workbooks of the call, stand in one frame, which pandera validates
once. What fails is mapped back to its workbook, row and column; its value is taken away where the
rule says that the cell has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa

from rules.gate import cpr_search
from rules.gate.corrections import correction_of
from rules.gate.frames import Frame, IncomingWorkbook, excuse_total_rows, identity_of, place_of
from rules.gate.headers import HeaderNames, header_names, missing_tabs, nearest_name
from rules.gate.own_layouts import units_of
from rules.gate.readers import UNDERSTAND, Reader, choice
from rules.gate.rows import TabRows, Unread, fill_in, workbook_of, years_by_row
from rules.gate.schemas import YEARS, Failure, failures, schemas
from rules.gate.tabs import found_tabs
from rules.model.cells import NO_COLUMN, Cell, RawWorkbook, cell_text
from rules.model.finding import Fact, Finding
from rules.model.parameters import Parameters
from rules.model.plan import NOTHING, PlanForm, Workbook
from rules.model.tables import FUNDING, PLAN, TABLES, ChoiceList, Column, Kind, Table
from rules.text.danish import month_that_is_too_short

_AT_A_TIME = 64
ROW_TABLES = tuple(table for table in TABLES if not table.is_form)
CORRECTED_WHERE_SURE = frozenset({"CEL-04", "CEL-09", "CEL-10"})
"""Their wording tells the correction where there is one; CEL-07 always has one."""
WITHOUT_VALUE = frozenset({"CEL-02", "CEL-03", "CEL-04", "CEL-06", "CEL-08", "CEL-09"})
_SEVEREST_FIRST = ("CEL-06", "CEL-02", "CEL-03", "CEL-04", "CEL-09", "CEL-08", "CEL-01", "CEL-05")
_YEAR_AMOUNT = Column("amount_oere", "", Kind.AMOUNT)


@dataclass(frozen=True, slots=True)
class GateResult:
    """What came out of the gate for one workbook: its values, and its STR, CEL and GDP findings."""

    workbook: Workbook
    findings: tuple[Finding, ...]


class Gate:
    """Turns raw workbooks into checked ones, by the given parameters. May be used again."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._names = header_names(parameters)
        self._readers: dict[object, Reader] = {}
        self._clean: set[Cell] = set()
        self._schemas = schemas(parameters)

    def check(self, workbooks: Iterable[RawWorkbook]) -> Iterator[GateResult]:
        """Each workbook as values, with what is wrong with its tabs and cells, in their order.

        The cells of a few workbooks are read at a time, while they lie near the processor. All
        have been read and validated when the first one comes out.
        """
        frames = {table.key: Frame(table.columns) for table in TABLES}
        years = Frame((_YEAR_AMOUNT,))
        books: list[IncomingWorkbook] = []
        for number, raw in enumerate(workbooks, 1):
            book = _look_at(raw, self._names, self._parameters, self._clean)
            books.append(book)
            _take_form(frames[PLAN.key], book)
            for table in ROW_TABLES:
                _take_rows(frames[table.key], years, table, book)
            if number % _AT_A_TIME == 0:
                self._read_cells([*frames.values(), years])
        self._read_cells([*frames.values(), years])
        self._make_forms(frames[PLAN.key])
        tabs = [self._tab_rows(frames[table.key], years, table) for table in ROW_TABLES]
        for book in books:
            yield GateResult(workbook_of(book, tabs), tuple(book.findings))

    def _read_cells(self, frames: Iterable[Frame]) -> None:
        """Read the cells that were taken; effort areas wait until the programme is known."""
        for frame in frames:
            for column in frame.columns:
                if column.choices is not ChoiceList.EFFORT_AREAS:
                    reader = self._reader(column, None)
                    frame.take(column.key, [*map(reader.__getitem__, frame.raw[column.key])])
                    frame.raw[column.key].clear()

    def _make_forms(self, frame: Frame) -> None:
        """Validate the form tabs of all workbooks, and make what they say."""
        frame.programmes = [None] * len(frame.books)
        unread = self._validate(frame, self._schemas[PLAN.key], PLAN)
        for index, book in enumerate(frame.books):
            values = {column.key: frame.values[column.key][index] for column in PLAN.columns}
            unread_here = frozenset(unread.get(index, NOTHING))
            if values["programme"] is None and "programme" not in unread_here:
                values["programme"] = self._parameters.default_programme
            form: Any = values
            book.form = PlanForm(**form, unread=unread_here)

    def _tab_rows(self, frame: Frame, year_frame: Frame, table: Table) -> TabRows:
        """Validate a tab of all workbooks; what is left of it can be made into rows."""
        frame.programmes = [book.form.programme for book in frame.books]
        for column in table.columns:
            if column.choices is ChoiceList.EFFORT_AREAS:
                readers = {p: self._reader(column, p) for p in set(frame.programmes)}
                cells = zip(frame.programmes, frame.raw[column.key], strict=True)
                frame.take(column.key, [readers[programme][cell] for programme, cell in cells])
        if table is FUNDING:
            excuse_total_rows(frame)
        unread = self._validate(frame, self._schemas[table.key], table)
        for column in table.columns:
            if column.default:
                fill_in(frame.values[column.key], column, unread)
        if not table.has_years:
            return TabRows(table, frame, unread, {})
        year_frame.programmes = [None] * len(year_frame.books)
        year_unread = self._validate(year_frame, self._schemas[YEARS], table)
        years = years_by_row(year_frame, _YEAR_AMOUNT.key, year_unread)
        return TabRows(table, frame, unread, years)

    def _reader(self, column: Column, programme: str | None) -> Reader:
        """The reader for a column: one for each kind, and for each list of choices."""
        key: object = column.choices or column.kind
        if column.choices is ChoiceList.EFFORT_AREAS:
            key = (column.choices, programme)
        if key not in self._readers:
            if column.kind is Kind.CHOICE:
                understand = choice(self._parameters.meaning(column.choices, programme))
            else:
                understand = UNDERSTAND[column.kind]
            self._readers[key] = Reader(understand)
        return self._readers[key]

    def _validate(self, frame: Frame, schema: pa.DataFrameSchema, table: Table) -> Unread:
        """Validate the frame; take away what has no value, and say which cells have none."""
        unread: Unread = defaultdict(set)
        if not frame.books:
            return unread
        kinds = {column.key: column.kind for column in frame.columns}
        worst: dict[tuple[int, str], Failure] = {}
        for failure in failures(schema, frame.frame(), kinds):
            key = (failure.frame_row, failure.column)
            if key not in worst or _severity(failure) < _severity(worst[key]):
                worst[key] = failure
        for failure in worst.values():
            index, column = failure.frame_row, failure.column
            book = frame.books[index]
            place, cell = place_of(frame, failure, table)
            if not book.sightings.is_sure(place):
                facts = self._facts(table, frame, failure, cell)
                identity = column if table.is_form else identity_of(frame, index, table)
                variant = "form" if table.is_form and failure.code == "CEL-01" else ""
                if failure.code == "CEL-04" and "nearest" in facts:
                    variant = "nearest"
                if failure.code == "CEL-03" and "month" in facts:
                    variant = "month"
                if failure.code in CORRECTED_WHERE_SURE and "correction" in facts:
                    variant = "sure"
                book.findings.append(Finding(failure.code, place, facts, identity, variant))
            if failure.code in WITHOUT_VALUE:
                unread[index].add(column)
                frame.values[column][index] = None
        return unread

    def _facts(self, table: Table, frame: Frame, failure: Failure, cell: Cell) -> dict[str, Fact]:
        """What the wording of a CEL finding needs: the column's name, the text, the choices."""
        header = str(frame.years[failure.frame_row]) if frame.years else ""
        header = header or table.column(failure.column).header
        kroner = frame.books[failure.frame_row].kroner_of(table, header)
        if frame.years:
            facts: dict[str, Fact] = {"column": str(frame.years[failure.frame_row])}
            return facts | _text_facts(failure.code, cell, kroner=kroner)
        column = table.column(failure.column)
        facts = {"column": column.header} | _text_facts(failure.code, cell, kroner=kroner)
        if failure.code == "CEL-04":
            words = self._parameters.words(column.choices, frame.programmes[failure.frame_row])
            facts["choices"] = words
            facts |= _text_facts(failure.code, cell, words)
            if nearest := nearest_name(cell_text(cell), words):
                facts["nearest"] = nearest
        return facts


def _text_facts(
    code: str, cell: Cell, words: Sequence[str] = (), kroner: int = 1
) -> dict[str, Fact]:
    """What stands in the cell, and where it can only have meant one thing, that."""
    facts: dict[str, Fact] = {"text": cell_text(cell)}
    if code == "CEL-03" and (short := month_that_is_too_short(cell_text(cell))):
        facts["month"], facts["days"] = short
    meant = correction_of(code, cell, words, kroner)
    return facts if meant is None else facts | {"correction": meant}


def _severity(failure: Failure) -> int:
    codes = _SEVEREST_FIRST
    return codes.index(failure.code) if failure.code in codes else len(codes)


def _look_at(
    raw: RawWorkbook, names: dict[str, HeaderNames], parameters: Parameters, clean: set[Cell]
) -> IncomingWorkbook:
    """Find the tabs and their headers, and look for CPR numbers everywhere."""
    tabs = found_tabs(raw, names, parameters)
    findings = [finding for found in tabs.values() for finding in found.findings]
    findings.extend(missing_tabs(raw.path, tabs))
    sightings = cpr_search.search(raw, tabs, clean)
    findings.extend(sightings.findings)
    return IncomingWorkbook(raw, tabs, findings, sightings, units_of(raw.path, parameters.units))


def _take_form(frame: Frame, book: IncomingWorkbook) -> None:
    """Take the fields of a workbook's form tab."""
    found = book.tabs.get(PLAN.key)
    if found is None or found.layout is None:
        return
    value_at = found.layout.columns.get("value")
    rows = dict(found.tab.rows)
    cells: list[Cell] = []
    for column in PLAN.columns:
        row = rows.get(found.layout.fields.get(column.key, 0), ())
        cells.append(row[value_at - 1] if value_at and len(row) >= value_at else None)
    frame.add(book, (0,), (cells,))
    for column, cell in zip(PLAN.columns, cells, strict=True):
        there = value_at is not None and column.key in found.layout.fields
        frame.raw[column.key].append(cell if there else NO_COLUMN)


def _take_rows(frame: Frame, years: Frame, table: Table, book: IncomingWorkbook) -> None:
    """Take the cells of a workbook's tab, column by column."""
    found = book.tabs.get(table.key)
    if found is None or found.layout is None or not found.rows:
        return
    numbers, rows = zip(*found.rows, strict=True)
    columns = [*zip(*rows, strict=False)]  # all of them reach to the last known column
    no_column = (NO_COLUMN,) * len(rows)
    frame.add(book, numbers, rows)
    for column in table.columns:
        at = found.layout.columns.get(column.key)
        cells = columns[at - 1] if at else no_column
        frame.raw[column.key].extend(book.in_unit(table, column.header, cells))
    for year, at in found.layout.years.items():
        years.add(book, numbers, rows)
        years.years.extend([year] * len(rows))
        years.raw[_YEAR_AMOUNT.key].extend(book.in_unit(table, str(year), columns[at - 1]))
