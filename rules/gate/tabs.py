"""Our tables in a workbook: each in a tab of its own, or several that share one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rules.gate.headers import (
    FoundTab,
    HeaderNames,
    above_labels,
    find_tab,
    free_column,
    header_row,
)
from rules.gate.own_layouts import stretches, tabs_by_name
from rules.model.cells import RawRow, RawTab, RawWorkbook
from rules.model.parameters import Parameters
from rules.model.tables import TABLES, Table
from rules.text.danish import name_key

LAST_ROW = 1_048_576


def found_tabs(
    raw: RawWorkbook, names: Mapping[str, HeaderNames], parameters: Parameters
) -> dict[str, FoundTab]:
    """Our tables in a workbook, by key; several of them may share a tab."""
    by_name = tabs_by_name(raw.tabs, parameters.tab_aliases, [table.tab for table in TABLES])
    sharing: dict[int, list[Table]] = defaultdict(list)
    for table in TABLES:
        if table.tab in by_name:
            sharing[by_name[table.tab][0]].append(table)
    found = {}
    for position, tables in sharing.items():
        tab = raw.tabs[position]
        if len(tables) == 1:
            (table,) = tables
            found[table.key] = find_tab(raw.path, table, tab, position, names[table.key])
        else:
            found |= _share(raw.path, tab, position, tables, names)
    return {table.key: found[table.key] for table in TABLES if table.key in found}


def _share(
    path: str, tab: RawTab, position: int, tables: Sequence[Table], names: Mapping[str, HeaderNames]
) -> dict[str, FoundTab]:
    """The tables that share a tab, each with the rows that are its own."""
    headers = {table.key: _header_in(tab, table, names[table.key]) for table in tables}
    starts = [header[0] for header in headers.values() if header is not None]
    parts = stretches(tab.rows, starts)
    found = {}
    for table in tables:
        header = headers[table.key]
        rows = parts[header[0]] if header is not None else ()
        part = RawTab(tab.name, rows, tab.comments)
        last = header[0] if header is not None else 0
        found[table.key] = find_tab(path, table, part, position, names[table.key], last=last)
    top = min((h for h in headers.values() if h is not None), default=None)
    controls = [one.layout.control_column for one in found.values() if one.layout]
    control = next((number for number in controls if number is not None), None)
    for one in found.values():
        if one.layout is not None and top is not None:
            free = free_column(tab, top)
            one.layout = replace(one.layout, control_column=control, free_column=free)
    return found


def _header_in(tab: RawTab, table: Table, names: HeaderNames) -> RawRow | None:
    """The table's header row, wherever in the tab it stands."""
    header = header_row(tab.rows, names, LAST_ROW)
    if header is None and table.is_form and name_key(tab.name) in names.bare_forms:
        return above_labels(tab.rows, names)
    return header
