"""Where our tables are in a workbook: tabs, columns, fields, rows that hold data (rules STR).

A workbook may have a layout of its own, which the configuration describes: other names of tabs,
and tables that share a tab. Those are below each other, each with its own headers, or beside
each other under one row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from rules.gate.headers import FoundTab, HeaderNames, read_header
from rules.gate.own_places import former_tab, own_column, staff_column_findings
from rules.model.cells import Cell, RawRow, RawTab, RawWorkbook, cell_text, is_blank
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameters import Parameters
from rules.model.plan import FormerTab, TabLayout
from rules.model.tables import CONTROL_HEADER, HEADER_SEARCH_ROWS, TABLES, Table
from rules.text.cell_names import LAST_COLUMN
from rules.text.danish import name_key, tab_key
from rules.text.job_texts import own_number
from rules.text.spelling import nearest_name

_LAST_ROW = 1_048_576
_NEAR_TAB = 0.8
"""Tabs have short names; those that have less in common are other tabs."""
_COPY = re.compile(
    r"(?:kopi|copy)(?: \d+)? (?:af|of) (.+)|(.+?)(?:[ _-]+(?:kopi|copy)(?: \d+)?|_\d{1,2})"
)
"""What Google Sheets, LibreOffice and people call the copy of a tab."""


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
        own = [found[table.key] for table in tables]
        _place_kontrol(raw.path, tab, own, raw.own.get(tab.name, ""))
        others = [one.name for at, one in enumerate(raw.tabs) if at not in sharing]
        own[0].findings += _look_alikes(raw.path, tab, tables[0], others)
    return {table.key: found[table.key] for table in TABLES if table.key in found}


def missing_tabs(raw: RawWorkbook, found: Mapping[str, FoundTab]) -> list[Finding]:
    """A finding for each tab that the workbook does not have, with the one that looks like it."""
    taken = {one.tab.name for one in found.values()}
    others = [tab.name for tab in raw.tabs if tab.name not in taken]
    there = set(found)
    missing = [table for table in TABLES if table.key not in there]
    severities = {True: Severity.ERROR, False: Severity.WARNING}
    return [
        replace(_missing_tab(raw.path, table.tab, others), severity=severities[table.required])
        for table in missing
    ]


def _missing_tab(path: str, name: str, others: Sequence[str]) -> Finding:
    facts: dict[str, Fact] = {"tab": name}
    begins = (one for one in others if name_key(one).startswith(f"{name_key(name)} "))
    alike = (one for one in others if _looks_like(one, {name_key(name)}))
    nearest = next(alike, None) or next(begins, None) or nearest_name(name, others, _NEAR_TAB)
    if nearest is None:
        return Finding("STR-01", Place(path, name), facts)
    return Finding("STR-01", Place(path, name), facts | {"nearest": nearest}, variant="nearest")


def _look_alikes(path: str, tab: RawTab, table: Table, others: Sequence[str]) -> Iterator[Finding]:
    """STR-09: tabs that look like one of ours and are not read."""
    keys = {name_key(tab.name), name_key(table.tab)}
    for other in others:
        if _looks_like(other, keys):
            facts: dict[str, Fact] = {"tab": tab.name, "other": other}
            yield Finding("STR-09", Place(path, tab.name), facts, other)


def _looks_like(name: str, keys: Collection[str]) -> bool:
    """Whether a name is one of these with a parenthesis behind it, or that of a copy."""
    key = name_key(name)
    copy = _COPY.fullmatch(key)
    return key in keys or bool(copy and (copy[1] or copy[2]) in keys)


def former_tabs(
    raw: RawWorkbook, found: Mapping[str, FoundTab], names: Mapping[str, HeaderNames]
) -> tuple[FormerTab, ...]:
    """The tabs that are none of ours, but have the headers of one, and old verdicts."""
    taken = {one.tab.name for one in found.values()}
    former = []
    for tab in raw.tabs:
        if tab.name not in taken and _has_kontrol(tab):
            headers = filter(None, (one.find(tab) for one in names.values()))
            former.append(next(filter(None, (former_tab(tab, header) for header in headers)), None))
    return tuple(filter(None, former))


def _has_kontrol(tab: RawTab) -> bool:
    return any(
        isinstance(cell, str) and own_number(cell, CONTROL_HEADER)
        for row, cells in tab.rows[:HEADER_SEARCH_ROWS]
        for cell in cells
    )


def tabs_by_name(
    tabs: Sequence[RawTab], aliases: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, tuple[int, RawTab]]:
    """For each of our tabs the workbook's own: by its name, or else by the first alias there."""
    present: dict[str, tuple[int, RawTab]] = {}
    for position, tab in enumerate(tabs):
        present.setdefault(tab_key(tab.name), (position, tab))
    exact = {tab.name: (position, tab) for position, tab in enumerate(tabs)}
    found = {}
    for name in names:
        spellings = (name, *aliases.get(name, ()))
        known = [one for one in spellings if tab_key(one) in present]
        if known:
            found[name] = exact.get(known[0], present[tab_key(known[0])])
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
    return found


def _place_kontrol(path: str, tab: RawTab, found: Sequence[FoundTab], known: str) -> None:
    """Say where the one column Kontrol of a tab stands, whose tables may be several."""
    layouts = [(one, one.layout) for one in found if one.layout]
    layouts.sort(key=lambda placed: placed[1].header_row)
    rows = [row for one, _ in layouts for row in one.rows]
    columns = [(own_column(one.header, rows, known), layout) for one, layout in layouts]
    for own, layout in columns:
        found[0].findings += staff_column_findings(path, tab.name, layout.header_row, own)
    if not columns:
        return
    own = next((own for own, _ in columns if own.column), columns[0][0])
    top, layout = layouts[0]
    free = own.column or _free_column(tab, (layout.header_row, top.header), layout)
    for one, layout in layouts:
        one.layout = replace(
            layout, control_column=own.column, control_header=own.header, free_column=free
        )


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
    rows = _filled_rows(tab.rows, row_number, (*columns.values(), *years.values()))
    filled = tuple([row for row, _ in rows])
    layout = TabLayout(tab.name, row_number, columns, years, filled_rows=filled)
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
    return FoundTab(table, tab, layout, rows, findings, cells)


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


def _free_column(tab: RawTab, header: RawRow, layout: TabLayout) -> int:
    """The first column right of the last header that is empty from the header row down.

    Where something stands in the last column of all, the first one right of the columns we know.
    """
    row_number, cells = header
    last = max(number for number, cell in enumerate(cells, 1) if not is_blank(cell))
    last_known = max((*layout.columns.values(), *layout.years.values()), default=last)
    taken = {
        number
        for row, row_cells in tab.rows
        if row >= row_number and len(row_cells) > last_known
        for number, cell in enumerate(row_cells[last_known:], last_known + 1)
        if not is_blank(cell)
    }
    behind_all, behind_known = (
        next(number for number in count(start + 1) if number not in taken)
        for start in (last, last_known)
    )
    return behind_all if behind_all <= LAST_COLUMN else behind_known


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
