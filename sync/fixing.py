"""Correcting what can only have meant one thing, in one workbook, when a person asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.corrections import Corrected as Value
from rules.corrections import Correction, corrections
from rules.danish import quoted, shown_name, typed_number
from rules.gate import Gate
from sync.config import Settings
from sync.lock import alone
from sync.restoring import kept
from sync.stores.excel import ExcelFolder
from sync.stores.store import Version
from sync.xlsx.values import CellText, Corrected


@dataclass(frozen=True, slots=True)
class Proposal:
    """A workbook as it was read, and what can be corrected in it."""

    store: ExcelFolder
    path: str
    version: Version
    corrections: Sequence[Correction]


def proposal(settings: Settings, workbook: str) -> Proposal:
    """What can be corrected in a workbook, given as a file or as the overview names it.

    Raises:
        ConfigurationError: there is no such workbook among the sources.
        Unreadable: it cannot be read as a workbook.
        StoreError: it cannot be fetched.
    """
    found = kept(settings, workbook)
    snapshot = found.store.read(found.path)
    (passed,) = Gate(settings.parameters()).passed([snapshot.raw])
    found_corrections = corrections(snapshot.raw, passed.workbook, passed.findings)
    return Proposal(found.store, found.path, snapshot.version, found_corrections)


def correct(settings: Settings, asked: Proposal) -> Corrected:
    """Make the proposed corrections; a copy of the workbook is kept first.

    Raises:
        StoreError: the workbook is open, busy or changed, or may not be changed.
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
    """
    texts = [
        CellText(place.tab or "", place.row or 0, place.column or 0, one.text, one.value)
        for one in asked.corrections
        for place in (one.place,)
    ]
    with alone(settings.state.folder, takeover_seconds=settings.state.takeover_seconds):
        return asked.store.correct(asked.path, asked.version, texts)


def preview(asked: Proposal) -> Iterator[str]:
    """A line for each correction: where, what stands there, what it becomes."""
    tab = None
    for one in asked.corrections:
        if one.place.tab != tab:
            tab = one.place.tab
            yield shown_name(tab or "")
        code = f"  ({one.code})" if one.code else ""
        yield (
            f"  {one.place.cell} {one.place.header}: »{quoted(one.text)}« -> "
            f"{typed(one.value)}{code}"
        )


def typed(value: Value) -> str:
    """A value as a person would type it."""
    match value:
        case Decimal():
            return typed_number(value)
        case date():
            return f"{value:%d-%m-%Y}"
        case _:
            return f"»{value}«"
