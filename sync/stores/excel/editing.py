"""What stores of Excel workbooks share: bytes judged, read, spliced, and told of beside them."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rules.model.finding import Correction
from rules.text.marking import N_
from rules.text.quoting import quoted
from sheets_templates.report.description import Link
from sync.findings.owned import Owned, SideSheet, overwritten_note
from sync.i18n.language import _, spoken
from sync.stores.base import (
    Contents,
    ListedWorkbook,
    NeedsPerson,
    SideWorkbookChanges,
    Skipped,
    Snapshot,
    StoreError,
    TryAgain,
    Unreadable,
    Version,
    Written,
)
from sync.stores.document import Document
from sync.stores.excel.names import is_other_format
from sync.stores.excel.owned import owned_columns, owned_sheet
from sync.stores.excel.reading import read_raw
from sync.stores.excel.side_workbook import (
    is_side_workbook,
    may_be_side_workbook,
    write_side_workbooks,
)
from sync.stores.files.replace import CHANGED
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


class ExcelStore(ABC):
    """Excel workbooks, wherever they lie. A store says what is there, fetches and replaces it.

    `name`, where given, begins every path, to tell this store's workbooks from another's.
    """

    name: str
    limits: Limits

    @property
    def is_shared(self) -> bool:
        """Whether other processes may read from it too: not where all requests share a limit."""
        return False

    def clean_up(self) -> None:
        """Remove what a run that was ended by force left behind; some leave nothing."""
        return

    @abstractmethod
    def document(self, path: str) -> Document:
        """The file of this path."""

    @abstractmethod
    def _found(self) -> Iterator[ListedWorkbook | Skipped]:
        """Whatever may be a workbook, in any order."""

    @abstractmethod
    def _fetched(self, path: str) -> tuple[bytes, Version]:
        """A workbook's bytes, and which version of it they are.

        Raises:
            Unreadable: it is too large.
            StoreError: it cannot be fetched now.
        """

    @abstractmethod
    def _put(
        self, path: str, old: bytes, new: bytes, standing: Version
    ) -> tuple[Version, Sequence[str]]:
        """Put `new` in the place of the version that was fetched; the new one, and notes on it."""

    def _path(self, below: str) -> str:
        return f"{self.name}/{below}" if self.name else below

    def _below(self, path: str) -> str:
        return path.removeprefix(f"{self.name}/" if self.name else "")

    def opening_link(self, link: Link) -> Link:
        """Workbooks are led to by their addresses, which the links hold already."""
        return link

    def contents(self) -> Contents:
        """The workbooks that are there, in path order.

        Raises:
            StoreError: the place cannot be reached.
        """
        workbooks: list[ListedWorkbook] = []
        skipped: list[Skipped] = []
        beside: list[str] = []
        for found in sorted(self._found(), key=lambda one: one.path):
            if isinstance(found, Skipped):
                skipped.append(found)
                continue
            try:
                is_beside = may_be_side_workbook(found.path) and self._is_beside(found.path)
            except StoreError as error:  # nobody knows now what it is, and no other waits for it
                skipped.append(Skipped(found.path, str(error)))
                continue
            if is_beside:
                beside.append(found.path)
            else:
                workbooks.append(found)
        return Contents(workbooks, skipped, beside)

    def _is_beside(self, path: str) -> bool:
        """Whether a file is the job's own side workbook: it is looked into for the mark."""
        return is_side_workbook(self.document(path))

    def digest(self, path: str) -> str:
        """A digest of the workbook's content.

        Raises:
            StoreError: it cannot be fetched now.
        """
        return self._fetched(path)[1].digest

    def fetch(self, path: str) -> Callable[[], Snapshot]:
        """Fetch the workbook's bytes.

        Raises:
            Unreadable: it is too large.
            StoreError: it cannot be fetched now.
        """
        return partial(self._snapshot, path, *self._fetched(path))

    def _snapshot(self, path: str, data: bytes, version: Version) -> Snapshot:
        """The workbook's cells.

        Raises:
            Unreadable: it is no workbook that can be read.
        """
        if is_other_format(path):
            raise Unreadable("other_format", version=version)
        try:
            return Snapshot(read_raw(path, data, self.limits), version)
        except Unreadable as error:
            raise Unreadable(error.variant, error.tab, version) from error

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write the columns Kontrol and the tab Advarsler into the version that was read.

        Raises:
            TryAgain: it is open, busy or changed.
            NeedsPerson: writing could harm it, or is not permitted.
        """
        data, standing = self._same(path, version)
        edit = _edited(data, owned, self.limits)
        is_changed = edit.data != data
        notes: Sequence[str] = ()
        if is_changed:
            standing, more = self._put(path, data, edit.data, standing)
            notes = [*edit.notes, *more]
        return Written(standing, edit.added, notes, is_changed, edit.lacks_page)

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts that a person typed, in the version that was read.

        Raises:
            TryAgain: it is open, busy or changed.
            NeedsPerson: writing could harm it, or is not permitted.
        """
        data, standing = self._same(path, version)
        with _in_danish():
            corrected, outcome = write_values(Package(data, self.limits), texts)
        _refuse_unreadable(corrected, self.limits)
        if corrected != data:
            self._put(path, data, corrected, standing)
        return outcome

    def _same(self, path: str, version: Version) -> tuple[bytes, Version]:
        """What is there, if it is the version that was read."""
        try:
            data, standing = self._fetched(path)
        except Unreadable as error:
            raise TryAgain(_(CHANGED)) from error
        if standing.digest != version.digest:
            raise TryAgain(_(CHANGED))
        return data, standing

    def write_side_workbooks(
        self, contents: Contents, side_sheets: Mapping[str, SideSheet], undecided: Collection[str]
    ) -> SideWorkbookChanges:
        """Tell these things in side workbooks, and remove those that are not needed any more."""
        return write_side_workbooks(contents, side_sheets, undecided, self.document)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A workbook with what the job writes: see `Written`."""

    data: bytes
    added: Mapping[str, int]
    notes: Sequence[str]
    lacks_page: bool


def _edited(data: bytes, owned: Owned, limits: Limits) -> _Edit:
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
    return _Edit(new, added, notes, lacks_page)


def _refuse_unreadable(new: bytes, limits: Limits) -> None:
    """Refuse what is beyond the limits of what is read."""
    try:
        Package(new, limits)
    except PackageError as error:
        raise NeedsPerson(_(_TOO_LARGE_THEN)) from error


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
