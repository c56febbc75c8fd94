"""The gate: raw cells of many workbooks become typed rows, and STR, CEL and GDP findings.

All rows of one tab, from all workbooks of the call, stand in one frame, which pandera validates
once. What fails is mapped back to its workbook, row and column; its value is taken away where the
rule says that the cell has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa

from rules import personal_data
from rules.cells import (
    NO_COLUMN,
    UNDERSTAND,
    Cell,
    RawTab,
    RawWorkbook,
    Reader,
    Value,
    cell_text,
    choice,
)
from rules.choices import Choices
from rules.danish import name_key
from rules.finding import Fact, Finding
from rules.frames import Book, Frame, excuse_total_rows, identity_of, is_total_row, place_of
from rules.headers import (
    FoundTab,
    HeaderNames,
    find_tab,
    header_names,
    missing_tabs,
    nearest_name,
)
from rules.parameters import Parameters
from rules.plan import (
    NOTHING,
    Activity,
    Approval,
    Dialogue,
    Employee,
    Funding,
    Milestone,
    PlanForm,
    Workbook,
)
from rules.schemas import (
    YEARS,
    Failure,
    failures,
    schemas,
)
from rules.tables import FUNDING, PLAN, TABLES, Column, Kind, Listed, Table

ROW_TYPES: dict[str, type[Any]] = {
    "preparation": Dialogue,
    "activities": Activity,
    "funding": Funding,
    "approvals": Approval,
    "staff": Employee,
    "milestones": Milestone,
}
WITHOUT_VALUE = frozenset({"CEL-02", "CEL-03", "CEL-04", "CEL-06", "CEL-08", "CEL-09"})
_SEVEREST_FIRST = ("CEL-06", "CEL-02", "CEL-03", "CEL-04", "CEL-09", "CEL-08", "CEL-01", "CEL-05")
_YEAR_AMOUNT = Column("amount_oere", "", Kind.AMOUNT)


@dataclass(frozen=True, slots=True)
class Passed:
    """What came out of the gate for one workbook: its values, and its STR, CEL and GDP findings."""

    workbook: Workbook
    findings: tuple[Finding, ...]


class Gate:
    """Turns raw workbooks into checked ones, by the given parameters. May be used again."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._names = header_names(parameters)
        self._choices = Choices(parameters)
        self._readers: dict[object, Reader] = {}
        self._schemas = schemas(parameters)

    def passed(self, workbooks: Iterable[RawWorkbook]) -> list[Passed]:
        """Each workbook as values, with what is wrong with its tabs and cells, in their order."""
        books = [_look_at(raw, self._names) for raw in workbooks]
        self._read_forms(books)
        for table in TABLES:
            if not table.is_form:
                self._read_rows(table, books)
        return [Passed(_workbook(book), tuple(book.findings)) for book in books]

    def _read_forms(self, books: Sequence[Book]) -> None:
        frame = Frame(PLAN.columns)
        for book in books:
            found = book.tabs.get(PLAN.key)
            if found is None or found.layout is None:
                continue
            value_at = found.layout.columns.get("value")
            rows = dict(found.tab.rows)
            cells: list[Cell] = []
            for column in PLAN.columns:
                row = rows.get(found.layout.fields.get(column.key, 0), ())
                cells.append(row[value_at - 1] if value_at and len(row) >= value_at else None)
            frame.books.append(book)
            frame.rows.append(0)
            frame.cells.append(cells)
            frame.programmes.append(None)
            for column, cell in zip(PLAN.columns, cells, strict=True):
                there = value_at is not None and column.key in found.layout.fields
                frame.raw[column.key].append(cell if there else NO_COLUMN)
        self._read_cells(frame)
        unread = self._validate(frame, self._schemas[PLAN.key], PLAN)
        for index, book in enumerate(frame.books):
            values = {column.key: frame.values[column.key][index] for column in PLAN.columns}
            if values["programme"] is None and "programme" not in unread[index]:
                values["programme"] = self._parameters.default_programme
            form: Any = values
            book.form = PlanForm(**form, unread=frozenset(unread[index]))

    def _read_rows(self, table: Table, books: Sequence[Book]) -> None:
        frame = Frame(table.columns)
        year_frame = Frame((_YEAR_AMOUNT,))
        for book in books:
            found = book.tabs.get(table.key)
            if found is None or found.layout is None or not found.rows:
                continue
            cells = [cells for _, cells in found.rows]
            numbers = found.layout.columns
            _add_rows(frame, book, found, cells)
            for column in table.columns:
                frame.raw[column.key].extend(_column(cells, numbers.get(column.key)))
            for year, number in found.layout.years.items():
                _add_rows(year_frame, book, found, cells)
                year_frame.years.extend([year] * len(cells))
                year_frame.raw[_YEAR_AMOUNT.key].extend(_column(cells, number))
        if not frame.books:
            return
        self._read_cells(frame)
        if table is FUNDING:
            excuse_total_rows(frame)
        unread = self._validate(frame, self._schemas[table.key], table)
        if table.has_years:
            self._read_cells(year_frame)
            year_unread = self._validate(year_frame, self._schemas[YEARS], table)
            _make_rows(table, frame, unread, _years_by_row(year_frame, year_unread))
        else:
            _make_rows(table, frame, unread, {})

    def _read_cells(self, frame: Frame) -> None:
        """Read every cell of the frame, column by column for all workbooks at once."""
        for column in frame.columns:
            cells = frame.raw[column.key]
            if column.choices is Listed.EFFORT_AREAS:
                readers = {p: self._reader(column, p) for p in set(frame.programmes)}
                pairs = [readers[p][c] for p, c in zip(frame.programmes, cells, strict=True)]
            else:
                pairs = [*map(self._reader(column, None).__getitem__, cells)]
            frame.values[column.key] = [value for value, _ in pairs]
            frame.readings[column.key] = [reading for _, reading in pairs]

    def _reader(self, column: Column, programme: str | None) -> Reader:
        """The reader for a column: one for each kind, and for each list of choices."""
        key: object = column.choices or column.kind
        if column.choices is Listed.EFFORT_AREAS:
            key = (column.choices, programme)
        if key not in self._readers:
            if column.kind is Kind.CHOICE:
                understand = choice(self._choices.meaning(column, programme))
            else:
                understand = UNDERSTAND[column.kind]
            self._readers[key] = Reader(understand)
        return self._readers[key]

    def _validate(self, frame: Frame, schema: pa.DataFrameSchema, table: Table) -> list[set[str]]:
        """Validate the frame; take away what has no value. For each row: its unread columns."""
        unread: list[set[str]] = [set() for _ in frame.books]
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
                book.findings.append(Finding(failure.code, place, facts, identity, variant))
            if failure.code in WITHOUT_VALUE:
                unread[index].add(column)
                frame.values[column][index] = None
        return unread

    def _facts(self, table: Table, frame: Frame, failure: Failure, cell: Cell) -> dict[str, Fact]:
        """What the wording of a CEL finding needs: the column's name, the text, the choices."""
        if frame.years:
            return {"column": str(frame.years[failure.frame_row]), "text": cell_text(cell)}
        column = table.column(failure.column)
        facts: dict[str, Fact] = {"column": column.header, "text": cell_text(cell)}
        if failure.code == "CEL-04":
            words = self._choices.words(column, frame.programmes[failure.frame_row])
            facts["choices"] = words
            if nearest := nearest_name(cell_text(cell), words):
                facts["nearest"] = nearest
        return facts


def _severity(failure: Failure) -> int:
    codes = _SEVEREST_FIRST
    return codes.index(failure.code) if failure.code in codes else len(codes)


def _look_at(raw: RawWorkbook, names: dict[str, HeaderNames]) -> Book:
    """Find the tabs and their headers, and look for CPR numbers everywhere."""
    by_name: dict[str, tuple[int, RawTab]] = {}
    for position, tab in enumerate(raw.tabs):
        by_name.setdefault(name_key(tab.name), (position, tab))
    tabs: dict[str, FoundTab] = {}
    findings: list[Finding] = []
    for table in TABLES:
        if match := by_name.get(name_key(table.tab)):
            position, tab = match
            found = find_tab(raw.path, table, tab, position, names[table.key])
            tabs[table.key] = found
            findings.extend(found.findings)
    findings.extend(missing_tabs(raw.path, tabs))
    sightings = personal_data.search(raw, tabs)
    findings.extend(sightings.findings)
    return Book(raw, tabs, findings, sightings)


def _add_rows(frame: Frame, book: Book, found: FoundTab, cells: Sequence[Sequence[Cell]]) -> None:
    """Note where a workbook's rows come from."""
    frame.books.extend([book] * len(cells))
    frame.rows.extend([row for row, _ in found.rows])
    frame.cells.extend(cells)
    frame.programmes.extend([book.form.programme] * len(cells))


def _column(cells: Sequence[Sequence[Cell]], number: int | None) -> Sequence[Cell]:
    """One column's cells of all rows."""
    if number is None:
        return [NO_COLUMN] * len(cells)
    return [row[number - 1] for row in cells]


def _years_by_row(
    frame: Frame, unread: Sequence[set[str]]
) -> dict[tuple[int, int], tuple[dict[int, int], set[int]]]:
    """For each workbook (by id) and row: the readable amounts by year, and the unread years."""
    years: dict[tuple[int, int], tuple[dict[int, int], set[int]]] = defaultdict(lambda: ({}, set()))
    for index, amount in enumerate(frame.values[_YEAR_AMOUNT.key]):
        amounts, missing = years[id(frame.books[index]), frame.rows[index]]
        if unread[index]:
            missing.add(frame.years[index])
        elif isinstance(amount, int):
            amounts[frame.years[index]] = amount
    return years


def _make_rows(
    table: Table,
    frame: Frame,
    unread: Sequence[set[str]],
    years: dict[tuple[int, int], tuple[dict[int, int], set[int]]],
) -> None:
    """Make a row object of each frame row and hand it to its workbook."""
    make = ROW_TYPES[table.key]
    for column in table.columns:
        if column.default:
            _fill_in(frame.values[column.key], column, unread)
    columns = [frame.values[column.key] for column in table.columns]
    for index, (book, row, values) in enumerate(
        zip(frame.books, frame.rows, zip(*columns, strict=True), strict=True)
    ):
        unread_here = frozenset(unread[index]) if unread[index] else NOTHING
        if table.has_years:
            amounts, unread_years = years[id(book), row]
            is_total = is_total_row(frame, index)
            year_parts = (amounts, frozenset(unread_years), is_total)
            book.rows[table.key].append(make(row, *values, unread_here, *year_parts))
        else:
            book.rows[table.key].append(make(row, *values, unread_here))


def _fill_in(values: list[Value], column: Column, unread: Sequence[set[str]]) -> None:
    """Give every empty cell of a column its default."""
    for index, value in enumerate(values):
        if value is None and column.key not in unread[index]:
            values[index] = column.default


def _workbook(book: Book) -> Workbook:
    layouts = {key: found.layout for key, found in book.tabs.items() if found.layout is not None}
    return Workbook(
        path=book.raw.path,
        tabs=tuple(tab.name for tab in book.raw.tabs),
        headless=frozenset(key for key, found in book.tabs.items() if found.layout is None),
        layouts=layouts,
        form=book.form,
        preparation=tuple(book.rows["preparation"]),
        activities=tuple(book.rows["activities"]),
        funding=tuple(book.rows["funding"]),
        approvals=tuple(book.rows["approvals"]),
        staff=tuple(book.rows["staff"]),
        milestones=tuple(book.rows["milestones"]),
    )
