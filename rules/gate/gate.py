"""The gate: raw cells of many workbooks become typed rows, and STR, CEL and GDP findings.

All rows of one tab, from all workbooks of the call, stand in one frame, which pandera validates
once. What fails is mapped back to its workbook, row and column; its value is taken away where the
rule says that the cell has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.gate import cpr_search
from rules.gate.cell_errors import EMPTY, NO_RESULT, BadCell, CellError
from rules.gate.frames import Frame, IncomingWorkbook
from rules.gate.headers import header_names
from rules.gate.own_places import own_tab
from rules.gate.readers import UNDERSTAND, Reader, choice, row_number
from rules.gate.schemas import NOT_NAMED, YEARS, failures, schemas
from rules.gate.tabs import former_tabs, found_tabs, missing_tabs
from rules.model.cells import Cell, RawWorkbook, Read, cell_text
from rules.model.choices import OF_PROGRAMME
from rules.model.finding import Finding
from rules.model.parameters import Parameters
from rules.model.plan import NOTHING, PlanForm, Workbook
from rules.model.tables import FUNDING, PLAN, TABLES, YEAR_AMOUNT, Column, Kind

_AT_A_TIME = 64
_ROW_NUMBERS = frozenset({"number", "activity_number"})
_FEW = 2
"""So many empty cells of a row have a finding each; more are one finding."""


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

        The cells of a few workbooks are read at a time, while the processor's cache holds them.
        All have been read and validated before the first result is yielded.
        """
        form = Frame(PLAN, PLAN.columns)
        frames = [Frame(table, table.columns) for table in TABLES if not table.is_form]
        years = Frame(FUNDING, (YEAR_AMOUNT,))
        incoming: list[IncomingWorkbook] = []
        for number, raw in enumerate(workbooks, 1):
            workbook = self._look_at(raw)
            incoming.append(workbook)
            for frame in (form, *frames):
                found = workbook.tabs.get(frame.table.key)
                if found is None or found.layout is None:
                    continue
                if frame is form:
                    frame.add_form(workbook, found, found.layout)
                elif found.rows:
                    frame.add_rows(workbook, found, found.layout, years)
            if number % _AT_A_TIME == 0:
                self._read_cells([form, *frames, years])
        self._read_cells([form, *frames, years])
        self._make_forms(form)
        for frame in frames:
            self._validate_rows(frame, years)
        for workbook in incoming:
            yield GateResult(workbook.workbook(frames), tuple(workbook.all_findings))

    def _look_at(self, raw: RawWorkbook) -> IncomingWorkbook:
        tabs = found_tabs(raw, self._names, self._parameters)
        warnings_tab, of_staff = own_tab(raw, self._parameters)
        searched = cpr_search.search(raw, tabs, self._clean, warnings_tab)
        if any(searched.cells.values()):
            raw = cpr_search.without_numbers(raw, searched.cells)
            tabs = found_tabs(raw, self._names, self._parameters)
        findings = [finding for found in tabs.values() for finding in found.findings]
        findings.extend(missing_tabs(raw, tabs))
        findings.extend(of_staff)
        findings.extend(searched.findings)
        return IncomingWorkbook(
            raw, tabs, findings, searched.cells, self._parameters.units_of(raw.path),
            warnings_tab=warnings_tab, former_tabs=former_tabs(raw, tabs, self._names),
        )  # fmt: skip

    def _read_cells(self, frames: Iterable[Frame]) -> None:
        """Read the cells that were added; a programme's words only after it is known."""
        for frame in frames:
            for column in frame.columns:
                if column.choices not in OF_PROGRAMME:
                    reader = self._reader(column, None)
                    frame.add_read(column.key, [*map(reader.__getitem__, frame.raw[column.key])])
                    frame.raw[column.key].clear()

    def _make_forms(self, frame: Frame) -> None:
        """Validate the form tabs of all workbooks, and make their objects."""
        frame.programmes = [None] * len(frame.workbooks)
        self._validate(frame, PLAN.key)
        for index, workbook in enumerate(frame.workbooks):
            values: dict[str, Any] = {c.key: frame.values[c.key][index] for c in frame.columns}
            unread = frozenset(frame.unread.get(index, NOTHING))
            workbook.form = PlanForm(**values, unread=unread)
            if "programme" not in unread:
                workbook.programme = workbook.form.programme or NOT_NAMED

    def _validate_rows(self, frame: Frame, years: Frame) -> None:
        """Validate a tab of all workbooks, so that its rows can be made."""
        frame.programmes = [workbook.programme for workbook in frame.workbooks]
        for column in frame.columns:
            if column.choices in OF_PROGRAMME:
                readers = {p: self._reader(column, p) for p in set(frame.programmes)}
                cells = zip(frame.programmes, frame.raw[column.key], strict=True)
                frame.add_read(column.key, [readers[programme][cell] for programme, cell in cells])
        if frame.table.has_years:
            frame.excuse_total_rows()
        self._validate(frame, frame.table.key)
        frame.fill_in_defaults()
        if frame.table.has_years:
            years.programmes = [None] * len(years.workbooks)
            self._validate(years, YEARS)
            frame.amounts = years.by_row()

    def _reader(self, column: Column, programme: str | None) -> Reader:
        """The reader for a column: one for each kind, and for each list of choices."""
        is_number = column.key in _ROW_NUMBERS
        key = (column.choices or column.kind, programme, is_number)
        if key not in self._readers:
            understand: Callable[[Cell], Read]
            if is_number:
                understand = row_number
            elif column.kind is Kind.CHOICE:
                understand = choice(self._parameters.meaning(column.choices, programme))
            else:
                understand = UNDERSTAND[column.kind]
            self._readers[key] = Reader(understand)
        return self._readers[key]

    def _validate(self, frame: Frame, schema: str) -> None:
        """Validate the frame: every broken cell is a finding, and what hides its value has none."""
        if not frame.workbooks:
            return
        columns = {column.key: column for column in frame.columns}
        errors = failures(self._schemas[schema], frame.frame(), columns)
        empty = _mostly_empty(errors, columns)
        for (index, key), error in errors.items():
            workbook = frame.workbooks[index]
            place, cell = frame.place_of(index, key)
            together = empty.get(index, ()) if error is EMPTY and not frame.table.is_form else ()
            is_said = bool(together) and key != together[0]
            if is_said or workbook.certainly_holds_cpr(place):
                pass
            elif workbook.is_full and error is not NO_RESULT:
                workbook.left_out += 1
            else:
                header = place.header or ""
                programme = frame.programmes[index]
                if programme == NOT_NAMED:
                    programme = self._parameters.default_programme
                words = self._parameters.words(columns[key].choices, programme)
                kroner = workbook.kroner_of(frame.table, header, place.column)
                bad = BadCell(cell, words, kroner, is_field=frame.table.is_form)
                variant, facts = error.explain(bad)
                facts |= {"column": header, "text": cell_text(cell)}
                if together:
                    headers = tuple(columns[one].header for one in together)
                    variant, facts = "several", {"columns": headers}
                identity = frame.identity_of(index, key)
                workbook.add(Finding(error.code, place, facts, identity, variant))
            if error.hides_value:
                frame.unread[index].add(key)
                frame.values[key][index] = None


def _mostly_empty(
    errors: Mapping[tuple[int, str], CellError], columns: Mapping[str, Column]
) -> dict[int, tuple[str, ...]]:
    """The rows in which three or more required cells are empty, with the keys of their columns."""
    empty: dict[int, list[str]] = defaultdict(list)
    for (index, key), error in errors.items():
        if error is EMPTY:
            empty[index].append(key)
    order = [*columns].index
    return {i: tuple(sorted(keys, key=order)) for i, keys in empty.items() if len(keys) > _FEW}
