"""Where our tables are in a workbook: tabs, columns, fields, rows that hold data (rules STR).

A workbook may have a layout of its own, which the configuration describes: other names of tabs,
and tables that share a tab. Those are below each other, each with its own headers, or beside
each other under one row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, pairwise, zip_longest

from rules.gate.headers import (
    FoundTab,
    HeaderNames,
    HeaderRow,
    has_year,
    own_years_named,
    read_header,
)
from rules.gate.lines import lines_of
from rules.gate.own_places import former_tab, own_column, staff_column_findings
from rules.gate.readers import amount
from rules.model.cells import (
    NO_RESULT,
    Cell,
    FormulaError,
    RawRow,
    RawTab,
    RawWorkbook,
    ReadState,
    cell_text,
    is_blank,
)
from rules.model.finding import Fact, Finding, Place, Severity
from rules.model.parameters import Parameters
from rules.model.plan import FormerTab, TabLayout
from rules.model.tables import CONTROL_HEADER, HEADER_SEARCH_ROWS, TABLES, WARNINGS_TAB, Table
from rules.text.cell_names import LAST_COLUMN, column_letters
from rules.text.danish import header_key, name_key, spaced, tab_key
from rules.text.job_texts import own_number
from rules.text.spelling import nearest_name

_LAST_ROW = 1_048_576
_MUCH_ALIKE = 0.75
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
    ours: dict[str, FoundTab] = {}
    for position, tables in sharing.items():
        tab = raw.tabs[position]
        found: dict[str, FoundTab] = {}
        if len(tables) == 1:
            key = tables[0].key
            found[key] = _found(raw.path, tab, names[key], names[key].find(tab))
        else:
            found = _share(raw.path, tab, tables, names)
        own = [found[one.key] for one in tables if found[one.key].layout or not one.is_voluntary]
        if not own:
            continue
        _place_kontrol(raw.path, tab, own, raw.own.get(tab.name, ""))
        others = [one.name for at, one in enumerate(raw.tabs) if at not in sharing]
        own[0].findings += _look_alikes(raw.path, tab, own[0].table, others)
        ours |= {one.table.key: one for one in own}
    return {table.key: ours[table.key] for table in TABLES if table.key in ours}


def missing_tabs(raw: RawWorkbook, present: Mapping[str, FoundTab]) -> list[Finding]:
    """A finding for each tab that the workbook does not have, with the name that is nearest."""
    known = {tab_key(found.tab.name) for found in present.values()} | {tab_key(WARNINGS_TAB)}
    others = [tab.name for tab in raw.tabs if tab_key(tab.name) not in known]
    findings = []
    for table in TABLES:
        if table.key not in present and not table.is_voluntary:
            facts: dict[str, Fact] = {"tab": table.tab}
            nearest = _called_like(table.tab, others)
            if nearest:
                facts["nearest"] = nearest
            variant = "nearest" if nearest else "" if table.required else "optional"
            severity = Severity.ERROR if table.required else Severity.INFO
            place = Place(raw.path, table.tab)
            findings.append(Finding("STR-01", place, facts, "", variant, severity))
    return findings


def _called_like(name: str, others: Sequence[str]) -> str | None:
    """Of some names one that begins or ends with this one, or is spelled much like it."""
    key = header_key(name)
    for other in others:
        own = tab_key(other)
        if own.startswith(key) or own.endswith(key):
            return other
    return nearest_name(name, others, cutoff=0.7)


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
        part = replace(tab, rows=parts[header[0]] if header else ())
        found[table.key] = _found(path, part, names[table.key], header)
    return found


def _place_kontrol(path: str, tab: RawTab, found: Sequence[FoundTab], known: str) -> None:
    """Say where the one column Kontrol of a tab stands, whose tables may be several."""
    layouts = [(one, one.layout) for one in found if one.layout]
    layouts.sort(key=lambda placed: placed[1].header_row)
    filled = {row for _, layout in layouts for row in layout.filled_rows}
    columns = [
        (own_column(one.header, (row for row in tab.rows if row[0] in filled), known), layout)
        for one, layout in layouts
    ]
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
    below = names.second_row(tab, header)
    headers = _combined(cells, below[1]) if below else tuple(cells)
    if table.has_years:
        groups = cells if below else dict(tab.rows).get(row_number - 1, ())
        headers = own_years_named(headers, groups)
    read = read_header(names, headers)
    columns, years = dict(read.columns), dict(read.years)
    lines = lines_of(tab, names, columns, [*years.values()], below[0] if below else row_number)
    layout = TabLayout(
        tab.name, row_number, columns, years, filled_rows=tuple(lines.filled),
        prefilled_rows=tuple(row for row, _ in lines.prefilled),
        units=dict(read.units), lower_headers=_filled(below[1]) if below else frozenset(),
    )  # fmt: skip
    findings = [
        _repeated(_header_place(path, layout, number, text), first, name_key(text))
        for number, text, first in read.repeated
    ]
    if table.has_years:
        unread = [*_unread_years(path, tab, layout, read, headers)]
        layout = replace(layout, hides_amounts=bool(unread))
        findings += unread
        if not years and not unread:
            place, facts = Place(path, tab.name), {"tab": tab.name, "column": "årstal"}
            findings.append(Finding("STR-02", place, facts, "årstal", "years"))
    missing = [column for column in names.needed if column.key not in columns]
    own = [text for number, text in read.unknown.items() if number not in read.year_like]
    findings += [_missing(path, tab, column.header, own) for column in missing]
    if table.is_form and "field" in columns:
        findings.extend(_fields(path, tab, layout, names))
    elif not table.is_form:
        findings.extend(_renamed(path, layout, table, read))
        findings.extend(_notes(path, tab, table, layout, lines.notes))
    totals = lines.totals if table.has_years else []
    more = [*totals, *lines.prefilled]
    rows = sorted([*lines.entries, *more], key=lambda one: one[0]) if more else lines.entries
    on_total = frozenset(row for row, _ in totals)
    return FoundTab(table, tab, layout, rows, on_total, findings, cells)


def _filled(cells: Sequence[Cell]) -> frozenset[int]:
    return frozenset(number for number, cell in enumerate(cells, 1) if not is_blank(cell))


def _header_place(path: str, layout: TabLayout, column: int, text: str | None) -> Place:
    return Place(path, layout.name, layout.row_of_header(column), column, text)


def _combined(above: Sequence[Cell], below: Sequence[Cell]) -> tuple[Cell, ...]:
    """Two rows of headers as one: what stands in the lower one counts."""
    return tuple(
        lower if not is_blank(lower) else upper
        for upper, lower in zip_longest(above, below, fillvalue=None)
    )


def _unread_years(
    path: str, tab: RawTab, layout: TabLayout, read: HeaderRow, headers: Sequence[Cell]
) -> Iterator[Finding]:
    """STR-08: headers with a year that is not read though amounts stand under it."""
    last = layout.header_row + bool(layout.lower_headers)
    below = [cells for row, cells in tab.rows if row > last]
    for number, text, first in read.repeated_years:
        facts: dict[str, Fact] = {"header": text, "first": column_letters(first)}
        place = _header_place(path, layout, number, text)
        yield Finding("STR-08", place, facts, text, "repeated")
    for number in sorted(read.year_like):
        if any(_is_amount(cells, number) for cells in below):
            text = read.unknown[number]
            place = _header_place(path, layout, number, text)
            yield Finding("STR-08", place, {"header": text}, name_key(text))
    gaps = _gaps(layout.years)
    for number, cell in enumerate(headers, 1):
        code = "CEL-11" if cell == NO_RESULT else "STR-08"
        has_none = is_blank(cell) and number in gaps
        hides = cell == NO_RESULT or isinstance(cell, FormulaError) or has_none
        if hides and any(_is_amount(cells, number) for cells in below):
            text, letters = cell_text(cell), column_letters(number)
            place = _header_place(path, layout, number, text or None)
            facts = {"header": text, "letters": letters}
            yield Finding(code, place, facts, letters, "no_header" if has_none else "")


def _gaps(years: Mapping[int, int]) -> set[int]:
    """The columns that stand where a year is left out: between those of 2025 and 2027."""
    by_column = sorted((column, year) for year, column in years.items())
    return {
        number
        for (left, first), (right, last) in pairwise(by_column)
        if abs(last - first) > 1
        for number in range(left + 1, right)
    }


def _is_amount(cells: Sequence[Cell], column: int) -> bool:
    cell = cells[column - 1] if len(cells) >= column else None
    return cell == NO_RESULT or (not is_blank(cell) and amount(cell)[1] != ReadState.UNREADABLE)


def _renamed(path: str, layout: TabLayout, table: Table, read: HeaderRow) -> Iterator[Finding]:
    """STR-07: a header of the staff's own that looks like an optional column that is missing."""
    own = {
        text: number
        for number, text in read.unknown.items()
        if number not in read.year_like and not has_year(text)
    }
    for column in table.columns:
        if column.required or column.must_be_there or column.key in layout.columns or not own:
            continue
        if (text := _like_a_column(column.header, own)) is not None:
            place = _header_place(path, layout, own.pop(text), text)
            facts: dict[str, Fact] = {"header": text, "column": column.header}
            yield Finding("STR-07", place, facts, column.header)


def _like_a_column(header: str, own: Iterable[str]) -> str | None:
    """Of some headers one that holds this one as a word, or is spelled much like it."""
    word = re.compile(rf"\b{re.escape(spaced(header).rstrip('.'))}(?:er|en)?\b", re.IGNORECASE)
    held = next((text for text in own if word.search(spaced(text))), None)
    return held or nearest_name(header, own, cutoff=_MUCH_ALIKE)


def _notes(
    path: str, tab: RawTab, table: Table, layout: TabLayout, notes: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    """CEL-12: rows with one text and nothing else."""
    if not notes:
        return
    headers = {layout.columns[c.key]: c.header for c in table.columns if c.key in layout.columns}
    headers |= {column: str(year) for year, column in layout.years.items()}
    rows = dict(tab.rows)
    for row, column in notes:
        text = cell_text(rows[row][column - 1])
        place = Place(path, tab.name, row, column, headers[column])
        yield Finding("CEL-12", place, {"text": text}, name_key(text))


def _fields(path: str, tab: RawTab, layout: TabLayout, names: HeaderNames) -> Iterator[Finding]:
    """Add the form's fields to its layout; a required one that is missing is a finding."""
    unknown = []
    at = layout.columns["field"]
    for row, cells in tab.rows:
        label = cells[at - 1] if len(cells) >= at else None
        if row <= layout.header_row or is_blank(label):
            continue
        text = cell_text(label)
        key = names.fields.get(header_key(text))
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
