"""Adopting an area's own workbook: what the configuration must say so that it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from rules.catalogue.catalogue import severity_of
from rules.gate.adoption import AdoptedTab, Match
from rules.gate.gate import Gate
from rules.gate.headers import year_of
from rules.model.cells import RawWorkbook, cell_text
from rules.model.parameters import YEARS
from rules.model.tables import TABLES
from rules.text.cell_names import column_letters
from rules.text.danish import header_key, tab_key
from rules.text.quoting import quoted
from sync.config.section import ConfigurationError
from sync.config.settings import Settings, parsed
from sync.findings.annotations import in_short
from sync.stores.base import NeedsPerson, Unreadable
from sync.stores.configured import Configured
from sync.stores.files.replace import replace_file
from sync.stores.files.untrusted import read

_CELL_WIDTH = 18
_MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Amendment:
    """A configuration file as it was read, and as it would be with what was adopted."""

    file: Path
    before: bytes
    stamp: str
    after: bytes

    def write(self) -> None:
        """Put it into the file; comments and order stay.

        Raises:
            StoreError: it cannot be written, or has changed.
        """
        replace_file(self.file, self.before, self.after, self.stamp)


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
            return store.fetch(contents.workbooks[0].path)().raw
        except Unreadable as error:
            raise NeedsPerson(f"{file}: cannot be read; helhedsplan check says why") from error


def apply_answers(found: Sequence[AdoptedTab], answers: Mapping[str, str]) -> None:
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
            one.is_sure = tab_key(own) == tab_key(one.tab)
            continue
        known = {column.header for column in one.table.columns}
        if header not in known and not (one.table.has_years and year_of(header) is not None):
            raise ConfigurationError(f"--map {name}: {tab} has no column {header}")
        places = {header_key(text): (text, at) for text, at in one.own_headers.items()}
        if header_key(own) not in places:
            raise ConfigurationError(f"--map {name}={own}: »{one.tab}« has no such header")
        text, column = places[header_key(own)]
        one.matches = [m for m in one.matches if m.header != header and m.own != text]
        is_ours = header_key(text) == header_key(header)
        one.matches.append(Match(header, text, column, True, "you said so", is_ours))


def amended(config: Path, found: Sequence[AdoptedTab], path: str) -> Amendment:
    """The configuration with the sure matches in it; what is ours already needs nothing."""
    config = config.resolve()  # an administrator's own link
    before, stamp = read(config)
    document = tomlkit.parse(before.decode())
    for one in found:
        if not one.is_sure:
            continue
        tab = one.table.tab
        if tab_key(one.tab) != tab_key(tab):
            _append(document, one.tab, "tab_aliases", tab)
        if one.is_bare_form:
            _append(document, one.tab, "forms_without_headers")
        for match in one.matches:
            if match.is_sure and not match.is_ours:
                _append(document, match.own, "header_aliases", tab, match.header)
        for header, kroner in _units(one):
            unit = {"workbooks": path.rpartition("/")[2], "tab": tab, "column": header}
            document.setdefault("units", tomlkit.aot()).append(unit | {"kroner": kroner})
    return Amendment(config, before, stamp, tomlkit.dumps(document).encode())


def _append(table: Any, text: str, *keys: str) -> None:
    """Append a text to a list in nested tables, which are made where they are missing."""
    *tables, key = keys
    for name in tables:
        table = table.setdefault(name, tomlkit.table())
    texts = table.setdefault(key, tomlkit.array())
    if text not in texts:
        texts.append(text)


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


def description(one: AdoptedTab) -> Iterator[str]:
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


def check_summary(amendment: Amendment, raw: RawWorkbook) -> str:
    """What the cells and tabs of the workbook come to with the amended configuration.

    Raises:
        ConfigurationError: what was adopted contradicts what is configured.
    """
    settings = parsed(amendment.after.decode(), amendment.file)
    (passed,) = Gate(settings.parameters()).check([raw])
    counts = Counter(map(severity_of, passed.findings))
    read = [table.tab for table in TABLES if table.key in passed.workbook.layouts]
    return (
        f"Read would be: {', '.join(read) or 'nothing'}. In its tabs and cells: {in_short(counts)}."
    )


def apply_decision(one: AdoptedTab, match: Match, *, is_it: bool) -> None:
    """Take a person's answer about one match."""
    index = one.matches.index(match)
    if is_it:
        one.matches[index] = replace(match, is_sure=True, why="you said so")
    else:
        one.matches.pop(index)
