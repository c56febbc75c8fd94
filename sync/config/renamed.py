"""Keys of the configuration that had another name in an earlier version, or are gone.

An old name goes on working for a year at least, and each command says since when it is old and what
to write instead. A key that nothing takes the place of is refused with what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sync.config.section import ConfigurationError

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A key (`section.key`) that has been called otherwise since a version, or is gone since then.

    `new` is its name now; where it is empty, `instead` says what to do.
    """

    old: str
    since: str
    new: str = ""
    instead: str = ""


_STILL = "The old name still works: write the new one"
CHANGES: Sequence[Change] = ()
"""All that ever changed; a line stays for as long as the old name works."""


def brought_forward(
    data: Mapping[str, Any], changes: Sequence[Change] = CHANGES
) -> tuple[Table, list[str]]:
    """The configuration with the names of today, and a line for each old one in it.

    Raises:
        ConfigurationError: an old key is gone for good, or stands beside the new one.
    """
    renewed = deepcopy(dict(data))
    told: dict[str, None] = {}
    for change in changes:
        *section, key = change.old.split(".")
        for table in _tables(renewed, section):
            if key in table:
                told[_renamed(renewed, table, key, change)] = None
    return renewed, list(told)


def refuse_old_variables(
    environment: Mapping[str, str], prefix: str, changes: Sequence[Change] = CHANGES
) -> None:
    """Refuse variables that name an old key: they would have no effect.

    Raises:
        ConfigurationError: there is one; the message says what to call it.
    """
    for change in changes:
        old, new = (prefix + name.upper().replace(".", "__") for name in (change.old, change.new))
        if old in environment:
            now = f"call it {new}" if change.new else f"remove it. {change.instead}"
            raise ConfigurationError(f"{old}: is old since {change.since}: {now}")


def _tables(table: Table, section: Sequence[str]) -> Iterator[Table]:
    """The tables of a section; of a list of tables, each."""
    if not section:
        yield table
        return
    inner = table.get(section[0])
    for one in inner if isinstance(inner, list) else [inner]:
        if isinstance(one, dict):
            yield from _tables(one, section[1:])


def _renamed(whole: Table, table: Table, key: str, change: Change) -> str:
    if not change.new:
        raise ConfigurationError(
            f"{change.old}: is gone since {change.since}: delete it. {change.instead}".rstrip()
        )
    *section, new = change.new.split(".")
    place = table if section == change.old.split(".")[:-1] else _made(whole, section)
    if new in place:
        raise ConfigurationError(
            f"{change.old}: is called {change.new} since {change.since}, and both are there: "
            f"delete {change.old}"
        )
    place[new] = table.pop(key)
    return f"{change.old} is called {change.new} since {change.since}. {_STILL}"


def _made(whole: Table, section: Sequence[str]) -> Table:
    place = whole
    for name in section:
        place = place.setdefault(name, {})
    return place
