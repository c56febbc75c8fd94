"""From a workbook's address on the server to what its readers can open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from sync.config.job import ExcelSource

_OPENABLE = ("https://", "file://")


def link_to(address: str, sources: Sequence[ExcelSource]) -> str:
    """A link for staff's own machines; empty where the configuration names none."""
    if address.startswith(_OPENABLE):
        return address
    for source in sources:
        if source.link and address:
            try:
                within = Path(address).resolve().relative_to(source.folder.resolve())
            except ValueError:
                continue
            return f"{source.link.rstrip('/')}/{quote(within.as_posix())}"
    return ""
