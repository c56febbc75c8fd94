"""A workbook's bytes with what the job writes spliced in, wherever the file lies."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.model.finding import Correction
from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.findings.owned import Owned, overwritten_note
from sync.i18n.language import _, spoken
from sync.stores.base import NeedsPerson, Snapshot, Unreadable, Version, Written
from sync.stores.excel.names import is_other_format
from sync.stores.excel.owned import owned_columns, owned_sheet
from sync.stores.excel.reading import read_raw
from sync.xlsx.corrections import CorrectionOutcome
from sync.xlsx.errors import PackageError, Reason, RefusedError
from sync.xlsx.owned_column import OwnedColumn, in_free_column, overwritten
from sync.xlsx.write_corrections import write_values
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Limits, Package

_MOST_CELLS = 5
"""How many cells a refusal names."""
_TOO_LARGE_THEN = N_(
    "Med kontrollens tekster ville filen blive for stor til at blive læst. "
    "Ret nogle af fejlene, eller del regnearket i flere."
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A workbook with what the job writes: see `Written`."""

    data: bytes
    added: Mapping[str, int]
    notes: Sequence[str]
    lacks_page: bool

    def written(
        self, version: Version, notes: Sequence[str] = (), *, is_changed: bool = True
    ) -> Written:
        """What the write came to, once that version stands there."""
        all_notes = [*self.notes, *notes] if is_changed else []
        return Written(version, self.added, all_notes, is_changed, self.lacks_page)


def edited(data: bytes, owned: Owned, limits: Limits) -> Edit:
    """The workbook with what the job owns; the same bytes where that stands there already.

    Raises:
        NeedsPerson: writing could harm it.
    """
    lacks_page = False
    with _in_danish():
        package = Package(data, limits)
        columns = [in_free_column(package, column) for column in owned_columns(owned)]
        try:
            new = write_owned(package, columns, owned_sheet(owned))
        except RefusedError as error:
            if error.reason is not Reason.STRUCTURE_LOCKED:
                raise
            new, lacks_page = write_owned(package, columns, None), True
        notes = [note for one in columns for note in _overwritten(package, one)]
    _refuse_unreadable(new, limits)
    added = {column.tab: column.column for column in columns if column.header}
    return Edit(new, added, notes, lacks_page)


def with_corrections(
    data: bytes, texts: Sequence[Correction], limits: Limits
) -> tuple[bytes, CorrectionOutcome]:
    """The workbook with values in the place of texts that a person typed.

    Raises:
        NeedsPerson: writing could harm it.
    """
    with _in_danish():
        corrected, outcome = write_values(Package(data, limits), texts)
    _refuse_unreadable(corrected, limits)
    return corrected, outcome


def _refuse_unreadable(new: bytes, limits: Limits) -> None:
    """Refuse what is beyond the limits of what is read."""
    try:
        Package(new, limits)
    except PackageError as error:
        raise NeedsPerson(_(_TOO_LARGE_THEN)) from error


def snapshot_of(path: str, data: bytes, version: Version, limits: Limits) -> Snapshot:
    """The cells of a workbook whose bytes in this version are these.

    Raises:
        Unreadable: it is no workbook that can be read.
    """
    if is_other_format(path):
        raise Unreadable("other_format", version=version)
    try:
        return Snapshot(read_raw(path, data, limits), version)
    except Unreadable as error:
        raise Unreadable(error.variant, error.tab, version) from error


def digest_of(data: bytes) -> str:
    """A digest of a workbook's bytes."""
    return hashlib.sha256(data).hexdigest()  # processors help with it


@contextlib.contextmanager
def _in_danish() -> Iterator[None]:
    """What stands in the way of writing into a package needs a person, who is told what to do."""
    try:
        yield
    except RefusedError as error:
        raise NeedsPerson(f"{_(error.reason.value)}{_place_of(error)}") from error
    except PackageError as error:
        raise NeedsPerson(_(Reason.UNUSUAL_PACKAGE.value)) from error


def _place_of(error: RefusedError) -> str:
    """Behind the reason of a refusal: the tab and the cells that are meant."""
    if not error.tab:
        return ""
    tab = quoted(error.tab)
    if not error.cells:
        return " " + _("Det gælder fanen »{tab}«.").format(tab=tab)
    shown = spoken().listed([*error.cells[:_MOST_CELLS], *["…"][: len(error.cells) - _MOST_CELLS]])
    return " " + _("Det gælder {cells} i fanen »{tab}«.").format(cells=shown, tab=tab)


def _overwritten(package: Package, column: OwnedColumn) -> Iterator[str]:
    """Sentences about what somebody typed over the job's texts, which it writes again."""
    for cell, text in overwritten(package, column):
        yield overwritten_note(column.tab, cell, text)
