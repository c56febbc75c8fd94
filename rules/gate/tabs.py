"""Where our tables are in a workbook: tabs, columns, fields, rows that hold data (rules STR).

A workbook may have a layout of its own, which the configuration describes: other names of tabs,
and tables that share a tab. Those are below each other, each with its own headers, or beside
each other under one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rules.gate.headers import CONTROL, FoundTab, HeaderNames, read_header
from rules.model.cells import Cell, RawRow, RawTab, RawWorkbook, cell_text, is_blank
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameters import Parameters
from rules.model.plan import TabLayout
from rules.model.tables import TABLES, Table
from rules.text.danish import name_key
from rules.text.spelling import nearest_name

_LAST_ROW = 1_048_576


def found_tabs(
    raw: RawWorkbook, names: Mapping[str, HeaderNames], parameters: Parameters
) -> dict[str, FoundTab]:
    """Our tables in a workbook, by key."""
    by_name = tabs_by_name(raw.tabs, parameters.tab_aliases, [table.tab for table in TABLES])
    sharing: dict[int, list[Table]] = defaultdict(list)
    for table in TABLES:
        if table.tab in by_name:
            sharing[by_name[table.tab][0]].append(table)
    found = {}
    for position, tables in sharing.items():
        tab = raw.tabs[position]
        if len(tables) == 1:
            key = tables[0].key
            found[key] = _found(raw.path, tab, names[key], names[key].find(tab))
        else:
            found |= _share(raw.path, tab, tables, names)
    return {table.key: found[table.key] for table in TABLES if table.key in found}


def missing_tabs(path: str, present: Iterable[str]) -> list[Finding]:
    """A finding for each tab that the workbook does not have; `present` holds table keys."""
    there = set(present)
    missing = [table for table in TABLES if table.key not in there]
    severities = {True: Severity.ERROR, False: Severity.WARNING}
    return [
        Finding("STR-01", Place(path, t.tab), {"tab": t.tab}, severity=severities[t.required])
        for t in missing
    ]


def tabs_by_name(
    tabs: Sequence[RawTab], aliases: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, tuple[int, RawTab]]:
    """For each of our tabs the workbook's own: by its name, or else by the first alias there."""
    present: dict[str, tuple[int, RawTab]] = {}
    for position, tab in enumerate(tabs):
        present.setdefault(name_key(tab.name), (position, tab))
    found = {}
    for name in names:
        spellings = (name, *aliases.get(name, ()))
        keys = [key for spelling in spellings if (key := name_key(spelling)) in present]
        if keys:
            found[name] = present[keys[0]]
    return found


def rows_by_header(rows: Sequence[RawRow], heads: Sequence[int]) -> dict[int, tuple[RawRow, ...]]:
    """The rows of each table of a shared tab: from its header row to the next table's title.

    Lines with one filled cell right above the next headers are that table's title: no table's rows.
    """
    parts = {}
    starts = sorted(set(heads))
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        part = [row for row in rows if row[0] >= start and (end is None or row[0] < end)]
        while end is not None and part and part[-1][0] > start and _is_title(part[-1]):
            part.pop()
        parts[start] = tuple(part)
    return parts


def _is_title(row: RawRow) -> bool:
    return sum(not is_blank(cell) for cell in row[1]) <= 1


def _share(
    path: str, tab: RawTab, tables: Sequence[Table], names: Mapping[str, HeaderNames]
) -> dict[str, FoundTab]:
    headers = {table.key: names[table.key].find(tab, _LAST_ROW) for table in tables}
    present = [header for header in headers.values() if header is not None]
    parts = rows_by_header(tab.rows, [row for row, _ in present])
    found = {}
    for table in tables:
        header = headers[table.key]
        part = RawTab(tab.name, parts[header[0]] if header else (), tab.comments)
        found[table.key] = _found(path, part, names[table.key], header)
    top = min(present, key=lambda header: header[0], default=(0, ()))
    controls = [one.layout.control_column for one in found.values() if one.layout]
    control = next((number for number in controls if number is not None), None)
    for one in found.values():
        if one.layout is not None:
            free = _free_column(tab, top)
            one.layout = replace(one.layout, control_column=control, free_column=free)
    return found


def _found(path: str, tab: RawTab, names: HeaderNames, header: RawRow | None) -> FoundTab:
    """A table under its header row; what is wrong with the headers becomes STR findings."""
    table = names.table
    if header is None:
        no_headers = Finding("STR-05", Place(path, tab.name), {"tab": table.tab})
        return FoundTab(table, tab, findings=[no_headers])
    row_number, cells = header
    read = read_header(names, tuple(cells))
    findings = [
        _repeated(Place(path, tab.name, row_number, number, text), first, name_key(text))
        for number, text, first in read.repeated
    ]
    columns, years = dict(read.columns), dict(read.years)
    control = columns.pop(CONTROL, None)
    free = _free_column(tab, header) if control is None else control
    rows = _filled_rows(tab.rows, row_number, (*columns.values(), *years.values()))
    filled = tuple([row for row, _ in rows])
    layout = TabLayout(tab.name, row_number, columns, years, {}, control, free, filled)
    if table.has_years and not years:
        place, facts = Place(path, tab.name), {"tab": tab.name, "column": "årstal"}
        findings.append(Finding("STR-02", place, facts, "årstal", "years"))
    findings += [
        _missing(path, tab, column.header, read.unknown)
        for column in names.required
        if column.key not in columns
    ]
    if table.is_form and "field" in columns:
        findings.extend(_fields(path, tab, layout, names))
    return FoundTab(table, tab, layout, rows, findings)


def _fields(path: str, tab: RawTab, layout: TabLayout, names: HeaderNames) -> Iterator[Finding]:
    """Add the form's fields to its layout; a required one that is missing is a finding."""
    unknown = []
    at = layout.columns["field"]
    for row, cells in tab.rows:
        label = cells[at - 1] if len(cells) >= at else None
        if row <= layout.header_row or is_blank(label):
            continue
        text = cell_text(label)
        key = names.fields.get(name_key(text))
        if key is None:
            unknown.append(text)
        elif key in layout.fields:
            yield _repeated(Place(path, tab.name, row, at, text), layout.fields[key], key, "field")
        else:
            layout.fields[key] = row
    for column in names.table.columns:
        if column.required and column.key not in layout.fields:
            yield _missing(path, tab, column.header, unknown, "field_")


def _repeated(place: Place, first: int, identity: str, variant: str = "") -> Finding:
    facts: dict[str, Fact] = {"header": place.header or "", "first": first}
    return Finding("STR-04", place, facts, identity, variant)


def _missing(path: str, tab: RawTab, header: str, own: Sequence[str], variant: str = "") -> Finding:
    facts: dict[str, Fact] = {"tab": tab.name, "column": header}
    if nearest := nearest_name(header, own):
        facts["nearest"] = nearest
        variant += "nearest"
    return Finding("STR-02", Place(path, tab.name, header=header), facts, header, variant)


def _free_column(tab: RawTab, header: RawRow) -> int:
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
            cell: Cell = padded[index]
            if cell is not None and cell != "" and not (type(cell) is str and cell.isspace()):
                filled.append((row, padded))
                break
    return filled
