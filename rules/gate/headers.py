"""Where things stand in a tab: its header row, its columns, its rows that hold data (rules STR)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rules.model.cells import Cell, RawRow, RawTab, cell_text, is_blank
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameters import Parameters
from rules.model.plan import TabLayout
from rules.model.tables import (
    CONTROL_HEADER,
    FIRST_YEAR,
    HEADER_SEARCH_ROWS,
    LAST_YEAR,
    PLAN_FIELD,
    PLAN_VALUE,
    TABLES,
    Column,
    Table,
)
from rules.text.danish import name_key
from rules.text.spelling import nearest_name

_CONTROL_KEY = name_key(CONTROL_HEADER)
_REMEMBERED = 2_000
_YEAR = re.compile(r"20\d\d", re.ASCII)


@dataclass(frozen=True)
class HeaderNames:
    """What the headers of a tab may be called: name key to column key; Plan's fields apart.

    `years` are headers that mean a year, besides the year itself; `bare_forms` are the tabs (by
    name key) whose form has no headers above it.

    Rows of cells that were looked at before are remembered: most workbooks have the same headers.
    """

    columns: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    required: tuple[Column, ...] = ()
    years: Mapping[str, int] = field(default_factory=dict)
    bare_forms: frozenset[str] = frozenset()
    _headers: dict[tuple[Cell, ...], _HeaderRow] = field(default_factory=dict)
    _answers: dict[tuple[Cell, ...], bool] = field(default_factory=dict)

    def header_row(self, cells: tuple[Cell, ...], *, has_years: bool) -> _HeaderRow:
        """What the cells of a header row say."""
        if cells not in self._headers:
            if len(self._headers) >= _REMEMBERED:
                self._headers.clear()
            self._headers[cells] = _read_header(cells, self, has_years=has_years)
        return self._headers[cells]

    def is_header(self, cells: tuple[Cell, ...]) -> bool:
        """Whether the row holds at least half of the required columns."""
        if cells not in self._answers:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            required = {column.key for column in self.required}
            keys = {self.columns.get(name_key(cell_text(c))) for c in cells if not is_blank(c)}
            self._answers[cells] = 2 * len(required & keys) >= len(required)
        return self._answers[cells]


@dataclass(slots=True)
class FoundTab:
    """A tab of the workbook with its layout (None without a header row) and its filled rows."""

    table: Table
    tab: RawTab
    layout: TabLayout | None
    rows: list[RawRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def header_names(parameters: Parameters) -> dict[str, HeaderNames]:
    """For each table (by key) what its headers may be called, configured aliases included."""
    return {table.key: _names_of(table, parameters) for table in TABLES}


def _names_of(table: Table, parameters: Parameters) -> HeaderNames:
    aliases = parameters.header_aliases.get(table.tab) or {}

    def spelled(columns: Iterable[Column]) -> dict[str, str]:
        names = {}
        for column in columns:
            for spelling in (column.header, *aliases.get(column.header, ())):
                names[name_key(spelling)] = column.key
        return names

    if table.is_form:
        form = (PLAN_FIELD, PLAN_VALUE)
        bare = frozenset(map(name_key, parameters.forms_without_headers))
        return HeaderNames(spelled(form), spelled(table.columns), form, bare_forms=bare)
    required = tuple(column for column in table.columns if column.required)
    known = {column.header for column in table.columns}
    years = {
        name_key(spelling): int(year)
        for year, spellings in aliases.items()
        if year not in known
        for spelling in spellings
    }
    return HeaderNames(spelled(table.columns), required=required, years=years)


def year_of(cell: Cell) -> int | None:
    """The year that a header cell is (`2024` as number or text), or None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        year = int(cell) if float(cell).is_integer() else 0
    elif isinstance(cell, str) and _YEAR.fullmatch(key := name_key(cell)):
        year = int(key)
    else:
        return None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class _HeaderRow:
    """What the cells of a header row say: columns, years, what stands twice, what is unknown.

    `repeated` holds, for each header that stands again: its column, its text, and the column that
    counts.
    """

    columns: Mapping[str, int]
    years: Mapping[int, int]
    repeated: tuple[tuple[int, str, int], ...]
    unknown: tuple[str, ...]


def find_tab(
    path: str,
    table: Table,
    tab: RawTab,
    position: int,
    names: HeaderNames,
    *,
    last: int = HEADER_SEARCH_ROWS,
) -> FoundTab:
    """Look for the tab's header row and columns; what is wrong with them becomes STR findings.

    The headers stand in one of the rows down to `last`.
    """
    found = FoundTab(table, tab, None)
    header = header_row(tab.rows, names, last)
    if header is None and table.is_form and name_key(tab.name) in names.bare_forms:
        header = above_labels(tab.rows, names)
    if header is None:
        place = Place(path, tab.name)
        found.findings.append(Finding("STR-05", place, {"tab": table.tab}))
        return found
    row_number, cells = header
    read = names.header_row(tuple(cells), has_years=table.has_years)
    for number, text, first in read.repeated:
        place = Place(path, tab.name, row_number, number, text)
        facts: dict[str, Fact] = {"header": text, "first": first}
        found.findings.append(Finding("STR-04", place, facts, identity=name_key(text)))
    columns = dict(read.columns)
    control = columns.pop("control", None)
    free = free_column(tab, header) if control is None else control
    years = dict(read.years)
    found.rows = _filled_rows(tab.rows, row_number, (*columns.values(), *years.values()))
    filled = tuple([row for row, _ in found.rows])
    found.layout = TabLayout(
        tab.name, position, row_number, columns, years, {}, control, free, filled
    )
    _find_missing(path, found, names, read.unknown)
    if table.is_form:
        _find_fields(path, found, names)
    return found


def _read_header(cells: Sequence[Cell], names: HeaderNames, *, has_years: bool) -> _HeaderRow:
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    repeated: list[tuple[int, str, int]] = []
    unknown: list[str] = []
    for number, cell in enumerate(cells, 1):
        if is_blank(cell):
            continue
        text = cell_text(cell)
        key = name_key(text)
        year = (year_of(cell) or names.years.get(key)) if has_years else None
        column = "control" if key == _CONTROL_KEY else names.columns.get(key)
        if year is not None:
            if years.setdefault(year, number) != number:
                repeated.append((number, str(year), years[year]))
        elif column is None:
            unknown.append(text)
        elif columns.setdefault(column, number) != number:
            repeated.append((number, text, columns[column]))
    return _HeaderRow(columns, years, tuple(repeated), tuple(unknown))


def header_row(
    rows: Sequence[RawRow], names: HeaderNames, last: int = HEADER_SEARCH_ROWS
) -> RawRow | None:
    """The first row down to `last` that holds at least half of the required columns."""
    for number, cells in rows:
        if number > last:
            break
        if names.is_header(tuple(cells)):
            return number, cells
    return None


def above_labels(rows: Sequence[RawRow], names: HeaderNames) -> RawRow | None:
    """For a form without headers the row above its first label, as if the headers stood there.

    The labels stand in the column that has most of the fields' names, the values in the next one.
    Row 0 where the first label stands in row 1: then there is no place for a header Kontrol.
    """
    places = [
        (number, column)
        for number, cells in rows
        for column, cell in enumerate(cells, 1)
        if not is_blank(cell) and name_key(cell_text(cell)) in names.fields
    ]
    counts = Counter(column for _, column in places)
    if not counts:
        return None
    label_at = counts.most_common(1)[0][0]
    above = min(number for number, column in places if column == label_at) - 1
    there = dict(rows).get(above, ())
    headers: list[Cell] = [
        cell if isinstance(cell, str) and name_key(cell) == _CONTROL_KEY else None for cell in there
    ]
    headers += [None] * (label_at + 1 - len(headers))
    headers[label_at - 1 : label_at + 1] = [PLAN_FIELD.header, PLAN_VALUE.header]
    return above, headers


def free_column(tab: RawTab, header: RawRow) -> int:
    """The first column right of the last header that is empty from the header row down."""
    row_number, cells = header
    free = max(number for number, cell in enumerate(cells, 1) if not is_blank(cell)) + 1
    taken = {
        number
        for row, row_cells in tab.rows
        if row > row_number and len(row_cells) >= free
        for number, cell in enumerate(row_cells[free - 1 :], free)
        if not is_blank(cell)
    }
    while free in taken:
        free += 1
    return free


def _find_missing(path: str, found: FoundTab, names: HeaderNames, unknown: Sequence[str]) -> None:
    layout = found.layout
    if layout is None:
        return
    missing = [c.header for c in names.required if c.key not in layout.columns]
    if found.table.has_years and not layout.years:
        _report_missing(path, found, "årstal", unknown, "years")
    for header in missing:
        _report_missing(path, found, header, unknown)


def _report_missing(
    path: str, found: FoundTab, header: str, unknown: Sequence[str], variant: str = ""
) -> None:
    facts: dict[str, Fact] = {"tab": found.tab.name, "column": header}
    nearest = nearest_name(header, unknown)
    if nearest and variant != "years":
        facts["nearest"] = nearest
        variant += "nearest"
    place = Place(path, found.tab.name, header=header if variant != "years" else None)
    found.findings.append(Finding("STR-02", place, facts, identity=header, variant=variant))


def _find_fields(path: str, found: FoundTab, names: HeaderNames) -> None:
    """Find the form's fields; what is required and not there is a finding too."""
    layout = found.layout
    if layout is None or "field" not in layout.columns:
        return
    unknown = []
    for row, cells in found.tab.rows:
        label = cells[layout.columns["field"] - 1] if _reaches(cells, layout, "field") else None
        if row <= layout.header_row or is_blank(label):
            continue
        text = cell_text(label)
        key = names.fields.get(name_key(text))
        if key is None:
            unknown.append(text)
        elif key in layout.fields:
            place = Place(path, found.tab.name, row, layout.columns["field"], text)
            facts: dict[str, Fact] = {"header": text, "first": layout.fields[key]}
            found.findings.append(Finding("STR-04", place, facts, identity=key, variant="field"))
        else:
            layout.fields[key] = row
    for column in found.table.columns:
        if column.required and column.key not in layout.fields:
            _report_missing(path, found, column.header, unknown, "field_")


def _reaches(cells: Sequence[Cell], layout: TabLayout, key: str) -> bool:
    return len(cells) >= layout.columns[key]


def _filled_rows(rows: Sequence[RawRow], header_row: int, columns: Sequence[int]) -> list[RawRow]:
    """The rows that hold something in these columns, padded to the width that is needed."""
    known = [number - 1 for number in columns]
    width = max(known, default=-1) + 1
    filled: list[RawRow] = []
    for row, cells in rows:
        if row <= header_row:
            continue
        padded = cells if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
        for index in known:
            cell = padded[index]
            if cell is not None and cell != "" and not (type(cell) is str and cell.isspace()):
                filled.append((row, padded))
                break
    return filled


def missing_tabs(path: str, present: Iterable[str]) -> list[Finding]:
    """A finding for each tab that the workbook does not have; `present` holds table keys."""
    there = set(present)
    return [
        Finding(
            "STR-01",
            Place(path, table.tab),
            {"tab": table.tab},
            severity=Severity.ERROR if table.required else Severity.WARNING,
        )
        for table in TABLES
        if table.key not in there
    ]
