"""Correcting what can only have meant one thing, in one workbook, when a person asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from rules.gate.cell_errors import corrections
from rules.gate.gate import Gate
from rules.model.finding import CorrectedValue, Correction
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted, shown_name, typed_number
from sync.config.section import ConfigurationError
from sync.config.settings import Settings
from sync.i18n.language import spoken
from sync.locks.lock import alone
from sync.stores.base import NeedsPerson, Snapshot, Unreadable, Version
from sync.stores.configured import Configured
from sync.workbook_tools.restore import IN_GOOGLE, IN_SHAREPOINT, copies_of
from sync.xlsx.corrections import CorrectionOutcome


class Correctable(Protocol):
    """A store in whose workbooks cells can be corrected."""

    def fetch(self, path: str) -> Callable[[], Snapshot]:
        """Fetch a workbook; what is returned reads its cells."""
        ...

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts, in the version that was read."""
        ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """A workbook as it was read, what can be corrected in it, and how that is undone."""

    workbook: str
    version: Version
    corrections: Sequence[Correction]
    undo: str


def proposal(settings: Settings, workbook: str) -> Proposal:
    """What can be corrected in a workbook.

    It is given as a file, as the overview names it, or by a spreadsheet's address or id.

    Raises:
        ConfigurationError: there is no such workbook among the sources.
        StoreError: it cannot be fetched, or not be read as a workbook.
    """
    with closing(Configured(settings)) as places:
        store, path, undo = _found(settings, places, workbook)
        try:
            snapshot = store.fetch(path)()
        except Unreadable as error:
            raise NeedsPerson(f"{workbook}: cannot be read; helhedsplan check says why") from error
    (passed,) = Gate(settings.parameters()).check([snapshot.raw])
    found_corrections = corrections(snapshot.raw, passed.workbook, passed.findings)
    return Proposal(workbook, snapshot.version, found_corrections, undo)


def correct(settings: Settings, proposed: Proposal) -> CorrectionOutcome:
    """Make the proposed corrections; of a file a copy is kept first.

    Raises:
        StoreError: the workbook is open, busy or changed, or may not be changed.
        AlreadyRunning: a run is going on.
        StateError: the state folder cannot be used.
    """
    with alone(settings.state), closing(Configured(settings, writes=True)) as places:
        store, path, _ = _found(settings, places, proposed.workbook)
        return store.correct(path, proposed.version, proposed.corrections)


def _found(settings: Settings, places: Configured, workbook: str) -> tuple[Correctable, str, str]:
    """The store that has a workbook, its path there, and how a correction is undone."""
    try:
        found = copies_of(settings, workbook)
    except ConfigurationError:
        if spreadsheet := places.spreadsheet(workbook):
            return *spreadsheet, IN_GOOGLE
        if in_library := places.workbook_in_library(workbook):
            return *in_library, IN_SHAREPOINT
        raise
    return found.store, found.path, f'helhedsplan restore "{workbook}"'


def preview(proposed: Proposal) -> Iterator[str]:
    """A line for each correction: where, what stands there, what it becomes."""
    tab = None
    for one in proposed.corrections:
        if one.tab != tab:
            tab = one.tab
            yield shown_name(tab)
        code = f"  ({one.code})" if one.code else ""
        where = f"  {one.cell} {one.header}"
        yield f"{where}: {spoken().quote(quoted(one.text))} -> {masked(typed(one.value))}{code}"


def typed(value: CorrectedValue) -> str:
    """A value as a person would type it."""
    match value:
        case Decimal():
            return typed_number(value)
        case date():
            return f"{value:%d-%m-%Y}"
        case _:
            return spoken().quote(value)
