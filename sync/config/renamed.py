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


@dataclass(frozen=True, slots=True)
class Change:
    """A key (`section.key`) that has been called otherwise since a version, or is gone since then.

    `new` is its name now; where it is empty, `instead` says what to do.
    """

    old: str
    since: str
    new: str = ""
    instead: str = ""


CHANGES: Sequence[Change] = ()
"""All that ever changed; a line stays for as long as the old name works."""


def with_current_names(
    data: Mapping[str, Any], changes: Sequence[Change] = CHANGES
) -> tuple[dict[str, Any], list[str]]:
    """The configuration with the names of today, and a line for each old one in it.

    Raises:
        ConfigurationError: an old key is gone for good, or stands beside the new one.
    """
    renewed = deepcopy(dict(data))
    lines = [line for change in changes for line in _renamed(renewed, change)]
    return renewed, list(dict.fromkeys(lines))


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


def _renamed(data: dict[str, Any], change: Change) -> Iterator[str]:
    """Rename one key, in every table of its section; a line where it was there."""
    (section, _, old), (new_section, _, new) = (
        name.rpartition(".") for name in (change.old, change.new)
    )
    there = data.get(section) if section else data
    for table in there if isinstance(there, list) else [there]:
        if not isinstance(table, dict) or old not in table:
            continue
        if not new:
            gone = f"{change.old}: is gone since {change.since}: delete it. {change.instead}"
            raise ConfigurationError(gone.rstrip())
        moved_to = data.setdefault(new_section, {}) if new_section else data
        place = table if section == new_section else moved_to
        called = f"is called {change.new} since {change.since}"
        if new in place:
            raise ConfigurationError(
                f"{change.old}: {called}, and both are there: delete {change.old}"
            )
        place[new] = table.pop(old)
        yield f"{change.old} {called}. The old name still works: write the new one"
