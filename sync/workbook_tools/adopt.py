"""Adopting an area's own workbook: what the configuration must say so that it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import tomlkit
from tomlkit.items import Array, InlineTable, Table
from tomlkit.toml_document import TOMLDocument

from rules.catalogue.catalogue import severity_of
from rules.gate.adoption import AdoptedTab, Match
from rules.gate.gate import Gate
from rules.gate.headers import year_of
from rules.model.cells import RawWorkbook, cell_text
from rules.model.finding import Severity
from rules.model.parameters import YEARS
from rules.model.tables import TABLES
from rules.text.cell_names import column_letters
from rules.text.danish import name_key
from rules.text.quoting import quoted
from sync.config import ConfigurationError, Settings, load
from sync.i18n.language import counted
from sync.stores.base import NeedsPerson, Unreadable
from sync.stores.configured import Configured
from sync.stores.files.replace import replace_file, stamp_of

_CELL_WIDTH = 18
_MOST_COLUMNS = 6


@dataclass(slots=True)
class Additions:
    """What is added to the configuration; `kroner` by tab and column of ours."""

    tabs: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    bare_forms: list[str] = field(default_factory=list)
    kroner: dict[tuple[str, str], int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tabs or self.headers or self.bare_forms or self.kroner)


def own_workbook(file: Path, settings: Settings) -> RawWorkbook:
    """The workbook as it is read.

    Raises:
        ConfigurationError: there is none, or it is not looked at: a link, say.
        StoreError: it cannot be fetched, or not be read as a workbook.
    """
    with closing(Configured(settings)) as places:
        (store,) = places.named([file])
        contents = store.contents()
        if not contents.workbooks:
            reasons = [skipped.reason for skipped in contents.skipped]
            raise ConfigurationError(f"{file}: {' '.join(reasons) or 'is no workbook'}")
        try:
            return store.read(contents.workbooks[0].path).raw
        except Unreadable as error:
            raise NeedsPerson(f"{file}: cannot be read; helhedsplan check says why") from error


def answered(found: Sequence[AdoptedTab], answers: Mapping[str, str]) -> None:
    """Take what a person said beforehand: `Indsatser.Ansvarlig` is »Who«, `Indsatser` is »Work«.

    Raises:
        ConfigurationError: there is no such column, or no such header in its tab.
    """
    by_tab = {one.table.tab: one for one in found}
    for name, own in answers.items():
        tab, _, header = name.partition(".")
        one = by_tab.get(tab)
        if one is None:
            raise ConfigurationError(f"--map {name}: {tab} was not found in the workbook")
        if not header:
            one.is_sure = name_key(own) == name_key(one.tab)
            continue
        known = {column.header for column in one.table.columns}
        if header not in known and not (one.table.has_years and year_of(header) is not None):
            raise ConfigurationError(f"--map {name}: {tab} has no column {header}")
        places = {name_key(text): (text, at) for text, at in one.own_headers.items()}
        if name_key(own) not in places:
            raise ConfigurationError(f"--map {name}={own}: »{one.tab}« has no such header")
        text, column = places[name_key(own)]
        one.matches = [m for m in one.matches if m.header != header and m.own != text]
        is_ours = name_key(text) == name_key(header)
        one.matches.append(Match(header, text, column, True, "you said so", is_ours))
        one.missing = [missing for missing in one.missing if missing != header]


def additions(found: Sequence[AdoptedTab]) -> Additions:
    """What the sure matches come to; what is ours already needs nothing."""
    added = Additions()
    for one in found:
        if not one.is_sure:
            continue
        tab = one.table.tab
        if name_key(one.tab) != name_key(tab):
            added.tabs[tab] = one.tab
        if one.is_bare_form:
            added.bare_forms.append(one.tab)
        for match in one.matches:
            if match.is_sure and not match.is_ours:
                added.headers.setdefault(tab, {}).setdefault(match.header, []).append(match.own)
        for header, kroner in _units(one):
            added.kroner[tab, header] = kroner
    return added


def _units(one: AdoptedTab) -> Iterator[tuple[str, int]]:
    """The units of sure columns; one for all years where they share it."""
    sure = {match.header for match in one.matches if match.is_sure}
    years = {header for header in sure if header.isdecimal()}
    units = {one.kroner.get(header, 1) for header in years}
    if len(units) == 1 and units != {1}:
        yield YEARS, units.pop()
        years = set()
    else:
        years &= set(one.kroner)
    for header, kroner in one.kroner.items():
        if header in sure and (header in years or not header.isdecimal()):
            yield header, kroner


def not_found(found: Sequence[AdoptedTab]) -> Iterator[str]:
    """A line for each of our tabs that nothing in the workbook looks like."""
    there = {one.table.key for one in found}
    for table in TABLES:
        if table.key not in there:
            yield f"{table.tab}: no tab looks like it" + (" (required)" if table.required else "")


def in_words(one: AdoptedTab) -> Iterator[str]:
    """One of our tabs as it was found, and its first rows."""
    doubt = "" if one.is_sure else "  (not sure)"
    where = f"headers in row {one.header_row}" if not one.is_bare_form else "a form without headers"
    yield f"{one.table.tab} <- tab »{quoted(one.tab)}«, {where}{doubt}"
    for match in one.matches:
        place = column_letters(match.column) if match.column else "?"
        mark = "" if match.is_sure else "? "
        unit = one.kroner.get(match.header, 1)
        in_unit = f", 1 means {unit} kr." if unit > 1 else ""
        yield f"  {mark}{match.header} <- »{quoted(match.own)}« in {place}: {match.why}{in_unit}"
    yield from (f"  not found: {header}" for header in one.missing)
    yield from _sample(one)


def _sample(one: AdoptedTab) -> Iterator[str]:
    if one.table.is_form or not one.samples:
        return
    shown = sorted(one.matches, key=lambda match: match.column)[:_MOST_COLUMNS]
    shown = [match for match in shown if match.column]
    yield "    " + " | ".join(_cut(match.header) for match in shown)
    for _, cells in one.samples:
        values = [cell_text(cells[m.column - 1]) if len(cells) >= m.column else "" for m in shown]
        yield "    " + " | ".join(_cut(quoted(value)) for value in values)


def _cut(text: str) -> str:
    return (text if len(text) <= _CELL_WIDTH else text[: _CELL_WIDTH - 1] + "…").ljust(_CELL_WIDTH)


def checked_with(settings: Settings, added: Additions, raw: RawWorkbook) -> str:
    """What the cells and tabs of the workbook come to with the additions.

    Raises:
        ConfigurationError: the additions contradict what is configured.
    """
    parameters = _with(settings, added, raw.path).parameters()
    (passed,) = Gate(parameters).check([raw])
    counts = dict.fromkeys(Severity, 0)
    for finding in passed.findings:
        counts[severity_of(finding)] += 1
    read = [table.tab for table in TABLES if table.key in passed.workbook.layouts]
    return (
        f"Read would be: {', '.join(read) or 'nothing'}. In its tabs and cells: {counted(counts)}."
    )


def _with(settings: Settings, added: Additions, path: str) -> Settings:
    document = tomlkit.document()
    _add(document, added, path)
    data = document.unwrap()
    aliases = {tab: dict(headers) for tab, headers in settings.header_aliases.items()}
    for tab, headers in data.get("header_aliases", {}).items():
        for header, spellings in headers.items():
            known = aliases.setdefault(tab, {})
            known[header] = (*known.get(header, ()), *spellings)
    tabs = dict(settings.tab_aliases)
    for tab, names in data.get("tab_aliases", {}).items():
        tabs[tab] = (*tabs.get(tab, ()), *names)
    units = [unit.model_dump() for unit in settings.units] + data.get("units", [])
    values = settings.model_dump() | {
        "header_aliases": aliases,
        "tab_aliases": tabs,
        "forms_without_headers": (*settings.forms_without_headers, *added.bare_forms),
        "units": units,
    }
    return Settings(**values)


def write(config: Path, added: Additions, path: str) -> None:
    """Put the additions into the configuration file; its comments and its order stay.

    Raises:
        ConfigurationError: the file would make no sense; then it is as it was.
        StoreError: it cannot be written.
    """
    before = config.read_bytes()
    stamp = stamp_of(config.stat())
    document = tomlkit.parse(before.decode())
    _add(document, added, path)
    after = tomlkit.dumps(document).encode()
    trial = config.with_name(f".{config.name}.adopt")
    try:
        trial.write_bytes(after)
        load(trial)
    finally:
        trial.unlink(missing_ok=True)
    replace_file(config, before, after, stamp)


def _add(document: TOMLDocument, added: Additions, path: str) -> None:
    for form in added.bare_forms:
        if "forms_without_headers" not in document:
            document["forms_without_headers"] = tomlkit.array()
        _append(document["forms_without_headers"], form)
    for tab, own in added.tabs.items():
        _append(_list_in(_table_in(document, "tab_aliases"), tab), own)
    for tab, headers in added.headers.items():
        of_tab = _table_in(_table_in(document, "header_aliases"), tab)
        for header, spellings in headers.items():
            for spelling in spellings:
                _append(_list_in(of_tab, header), spelling)
    for (tab, column), kroner in added.kroner.items():
        unit = tomlkit.table()
        unit.update(
            {"workbooks": path.rpartition("/")[2], "tab": tab, "column": column, "kroner": kroner}
        )
        if "units" not in document:
            document["units"] = tomlkit.aot()
        units = document["units"]
        if not isinstance(units, list):
            raise ConfigurationError("units: must be a list, written as [[units]]")
        units.append(unit)


def _table_in(parent: TOMLDocument | Table, key: str) -> Table:
    if key not in parent:
        parent[key] = tomlkit.table()
    found = parent[key]
    if not isinstance(found, Table | InlineTable):
        raise ConfigurationError(f"{key}: must be a table of keys")
    return found  # type: ignore[return-value]  # an inline table is filled in the same way


def _list_in(parent: Table, key: str) -> Array:
    if key not in parent:
        parent[key] = tomlkit.array()
    found = parent[key]
    if not isinstance(found, Array):
        raise ConfigurationError(f"{key}: must be a list")
    return found


def _append(values: object, text: str) -> None:
    if isinstance(values, Array) and text not in values:
        values.append(text)


def decided(one: AdoptedTab, match: Match, *, is_it: bool) -> None:
    """Take a person's answer about one match."""
    index = one.matches.index(match)
    if is_it:
        one.matches[index] = replace(match, is_sure=True, why="you said so")
    else:
        one.matches.pop(index)
        if match.header in one.table.required_headers:
            one.missing.append(match.header)
