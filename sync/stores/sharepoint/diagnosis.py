"""What the doctor says of SharePoint: the permission, the library, a scratch file, the clock."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.config.section import is_open_to_others
from sync.stores.base import Line, StoreError
from sync.stores.sharepoint.graph import Identity
from sync.stores.sharepoint.items import Item
from sync.stores.sharepoint.library import Library

LEAST = {"Sites.Selected", "Files.SelectedOperations.Selected", "Lists.SelectedOperations.Selected"}
LARGEST_DIFFERENCE = timedelta(minutes=5)
_SEE = "docs/sharepoint.md tells how."


def library_lines(
    subject: str, library: Library, secret_files: Iterable[Path], now: datetime
) -> Iterator[Line]:
    """A line for each thing that a run needs, tried for real."""
    yield from _permission(subject, library.graph.identity, secret_files)
    try:
        yield Line(subject, f"the library is {library.drive['webUrl']}")
        yield from _scratch(subject, library)
    except StoreError as error:
        yield Line(subject, str(error), f"Do as it says; {_SEE}")
    difference = abs(library.graph.now - datetime.now(UTC))
    if difference > LARGEST_DIFFERENCE:
        yield Line(
            subject,
            f"this machine says {now:%Y-%m-%d %H:%M}, Microsoft {library.graph.now:%Y-%m-%d %H:%M}",
            "Set this machine's clock, and let it be kept right by a time server.",
        )
    else:
        yield Line(subject, "the clock agrees with Microsoft's")


def _permission(subject: str, identity: Identity, secret_files: Iterable[Path]) -> Iterator[Line]:
    for file in secret_files:
        if is_open_to_others(file):
            yield Line(subject, f"{file} can be read by others", f"Protect it: chmod 600 {file}")
    roles = identity.roles()
    says = f"application {identity.client_id} is signed in, with {', '.join(roles) or 'no roles'}"
    if roles and set(roles) <= LEAST:
        yield Line(subject, f"{says}: the least that is needed")
    elif roles:
        yield Line(
            subject, f"{says}: more than is needed",
            f"Sites.Selected, granted for this one site, is enough; {_SEE}",
        )  # fmt: skip
    else:
        yield Line(subject, says, f"Give it Sites.Selected, with consent; {_SEE}")


def _scratch(subject: str, library: Library) -> Iterator[Line]:
    """A file is made, replaced, looked at and removed; its name is nobody else's."""
    item = library.make(f"helhedsplan-doctor-{secrets.token_hex(4)}.txt", b"helhedsplan")
    try:
        item = library.replace(item, b"helhedsplan doctor")
        count = len(library.versions(item))
    finally:
        library.remove(_now(library, item))
    yield Line(subject, "a file was made, replaced and removed")
    if count > 1:
        yield Line(subject, "the library keeps earlier versions")
    else:
        yield Line(
            subject,
            "the library keeps no earlier versions",
            "Turn them on (library settings, Versioning settings): what the job replaces, and what "
            "somebody saves in that very second, can be brought back only from there.",
        )


def _now(library: Library, item: Item) -> Item:
    try:
        return library.look(item)
    except StoreError:
        return item
