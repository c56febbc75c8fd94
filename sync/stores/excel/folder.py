"""A folder of Excel workbooks, on this machine or on a share."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

from rules.model.finding import Correction
from rules.text.marking import N_
from rules.text.quoting import quoted, shown_name
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
from sync.stores.excel.cloud_placeholders import (
    ONLY_IN_THE_CLOUD,
    is_placeholder,
    named_as_placeholder,
)
from sync.stores.excel.overview import undated
from sync.stores.excel.owned import owned_columns, owned_sheet
from sync.stores.excel.reading import read_raw
from sync.stores.excel.side_workbook import (
    SideWorkbook,
    is_side_workbook,
    may_be_side_workbook,
    side_name,
)
from sync.stores.files.backups import Copies
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.replace import (
    CHANGED,
    NO_KEY,
    NOT_A_FILE,
    is_busy,
    refuse_if_open,
    replace_file,
    write_new_file,
)
from sync.stores.files.shares import is_service_folder
from sync.stores.files.untrusted import NotRegularError, TooLargeError, read, stamp_of
from sync.xlsx.corrections import CorrectionOutcome
from sync.xlsx.errors import PackageError, Reason, RefusedError
from sync.xlsx.owned_column import OwnedColumn, in_free_column, overwritten
from sync.xlsx.write_corrections import write_values
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits, Package

_MOST_CELLS = 5
"""How many cells a refusal names."""
_OTHER_NAMES = N_(
    "Filen har flere navne (hårde links). Kun den, der ligger her, er den nye; de andre er, "
    "som de var."
)
_TOO_LARGE_THEN = N_(
    "Med kontrollens tekster ville filen blive for stor til at blive læst. "
    "Ret nogle af fejlene, eller del regnearket i flere."
)
PATTERNS = ("*.xlsx", "*.xlsm", "*.xls")
_READ = (".xlsx", ".xlsm", ".xls")
_OTHER_FORMATS = (".ods", ".xlsb", ".numbers", ".csv")
"""In which a workbook may be saved by mistake; without a word it would only be missing."""


@dataclass(frozen=True)
class ExcelFolder:
    """The workbooks of a folder and its subfolders, or only the named ones.

    `patterns` are matched without regard to case; hidden, temporary and lock files never are.
    `name`, where given, begins every path, to tell this folder's workbooks from another's.
    `not_these` are files that are none of them, and `not_copies_of` those whose dated copies are
    none. `copies` keeps a workbook as it was before it is changed; without it no copy is kept.
    """

    folder: Path
    patterns: tuple[str, ...] = PATTERNS
    limits: Limits = DEFAULT_LIMITS
    only: tuple[str, ...] = ()
    not_these: tuple[Path, ...] = ()
    not_copies_of: tuple[Path, ...] = ()
    name: str = ""
    copies: Copies | None = None

    @property
    def is_shared(self) -> bool:
        """Files can be read by several processes."""
        return True

    def opening_link(self, link: Link) -> Link:
        """Files are led to by their paths, which the links hold already."""
        return link

    def contents(self) -> Contents:
        """The workbooks that are there, in path order.

        Raises:
            NeedsPerson: the folder is missing or may not be opened.
        """
        if not os.path.isdir(self.folder):  # noqa: PTH112  unlike Path.is_dir it never raises
            folder = shown_name(str(self.folder))
            raise NeedsPerson(
                _("Mappen {folder} findes ikke eller kan ikke nås.").format(folder=folder)
            )
        workbooks: list[ListedWorkbook] = []
        skipped: list[Skipped] = []
        beside: list[str] = []
        for path in sorted(self._matching(skipped)):
            found = self._look_at(path)
            if isinstance(found, Skipped):
                skipped.append(found)
            elif may_be_side_workbook(path) and is_side_workbook(self.folder / path):
                beside.append(found.path)
            else:
                workbooks.append(found)
        return Contents(workbooks, skipped, beside)

    def _matching(self, skipped: list[Skipped]) -> Iterator[str]:
        """Relative paths with `/` of the files whose names match, or of the named ones.

        Folders inside that cannot be opened are added to `skipped`.

        Raises:
            NeedsPerson: the folder itself cannot be opened.
        """
        patterns = [pattern.casefold() for pattern in self.patterns]
        left_out = {os.path.realpath(path) for path in self.not_these}
        copied = {os.path.realpath(path) for path in self.not_copies_of}
        if self.only:
            yield from (p for p in self.only if os.path.realpath(self.folder / p) not in left_out)
            return

        def fail(error: OSError) -> None:
            place = Path(error.filename)
            if place == self.folder:
                name = shown_name(str(place))
                raise NeedsPerson(_("Mappen {name} kan ikke åbnes.").format(name=name)) from error
            path = self._path(place.relative_to(self.folder).as_posix())
            skipped.append(Skipped(path, _("Mappen kan ikke åbnes. Giv kontrollen adgang.")))

        for folder, subfolders, names in os.walk(self.folder, onerror=fail):
            subfolders[:] = [name for name in subfolders if not is_service_folder(name)]
            stems = {Path(name).stem for name in names if Path(name).suffix.casefold() in _READ}
            real_folder = os.path.realpath(folder)
            for name in names:
                if name.startswith(("~$", ".")) or name.casefold().endswith(".tmp"):
                    continue
                shown = named_as_placeholder(name) or name
                matches = any(fnmatch(shown.casefold(), pattern) for pattern in patterns) or (
                    is_other_format(shown) and Path(shown).stem not in stems
                )
                path = os.path.join(real_folder, name)  # noqa: PTH118  fast
                if matches and path not in left_out and undated(path) not in copied:
                    yield Path(folder, name).relative_to(self.folder).as_posix()
            for name in subfolders:
                if os.path.islink(Path(folder, name)):  # noqa: PTH114  unlike Path's it never raises
                    yield Path(folder, name).relative_to(self.folder).as_posix()

    def _path(self, relative: str) -> str:
        return f"{self.name}/{relative}" if self.name else relative

    def file_of(self, path: str) -> Path:
        """Where the workbook lies that is known by this path."""
        return self.folder / path.removeprefix(f"{self.name}/" if self.name else "")

    def _look_at(self, relative: str) -> ListedWorkbook | Skipped:
        path = self._path(relative)
        file = self.folder / relative
        try:
            path.encode()
        except UnicodeEncodeError:  # as that of a file from an old zip file may be
            shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            return Skipped(shown, _("Filens navn kan ikke læses. Giv filen et nyt navn."))
        try:
            status = _status_of(file)
        except FileNotFoundError:
            return Skipped(path, _("Filen forsvandt under kontrollen."))
        except PermissionError:
            return Skipped(path, _("Kontrollen må ikke læse filen. Giv den adgang."))
        except OSError:
            return Skipped(path, _("Filen kan ikke åbnes lige nu."))
        if stat.S_ISLNK(status.st_mode):
            return Skipped(path, _("Det er en genvej. Læg selve filen eller mappen her."))
        if not stat.S_ISREG(status.st_mode):
            return Skipped(path, _(NOT_A_FILE))
        if named_as_placeholder(file.name) or is_placeholder(file, status):
            return Skipped(path, _(ONLY_IN_THE_CLOUD))
        changed_at = datetime.fromtimestamp(status.st_mtime, UTC)
        return ListedWorkbook(path, stamp_of(status), changed_at, file.as_posix())

    def digest(self, path: str) -> str:
        """A digest of the file's bytes.

        Raises:
            TryAgain: the file cannot be read now.
        """
        return _digest(self._bytes(path)[0])

    def read(self, path: str) -> Snapshot:
        """The workbook's cells.

        Raises:
            Unreadable: it is no workbook that can be read.
            TryAgain: the file cannot be read now.
        """
        data, stamp = self._bytes(path)
        version = Version(stamp, _digest(data))
        if is_other_format(path):
            raise Unreadable("other_format", version=version)
        try:
            raw = read_raw(path, data, self.limits)
        except Unreadable as error:
            raise Unreadable(error.variant, error.tab, version) from error
        return Snapshot(raw, version)

    def _bytes(self, path: str) -> tuple[bytes, str]:
        """The file's bytes and stamp, of one and the same version."""
        file = self.file_of(path)
        try:
            return read(file, self.limits.packed_bytes, below=self.folder)
        except TooLargeError as error:
            raise Unreadable("too_large") from error
        except NotRegularError as error:
            raise NeedsPerson(_(NOT_A_FILE)) from error
        except OSError as error:
            if isinstance(error, PermissionError) and not is_busy(error):
                raise NeedsPerson(_("Kontrollen må ikke læse filen. Giv den adgang.")) from error
            raise TryAgain(_("Filen kan ikke åbnes lige nu.")) from error

    def write(self, path: str, version: Version, owned: Owned) -> Written:
        """Write the columns Kontrol and the tab Advarsler into the version that was read.

        Raises:
            TryAgain: the file is open, busy or changed.
            NeedsPerson: writing could harm it, or is not permitted.
        """
        data, stamp = self._same(path, version)
        lacks_page = False
        with _in_danish():
            package = Package(data, self.limits)
            columns = [in_free_column(package, column) for column in owned_columns(owned)]
            try:
                edited = write_owned(package, columns, owned_sheet(owned))
            except RefusedError as error:
                if error.reason is not Reason.STRUCTURE_LOCKED:
                    raise
                edited, lacks_page = write_owned(package, columns, None), True
            notes = [note for one in columns for note in _overwritten(package, one)]
        added = {column.tab: column.column for column in columns if column.header}
        if edited == data:
            same = Version(stamp, version.digest)
            return Written(same, added, is_changed=False, lacks_page=lacks_page)
        self._refuse_unreadable(edited)
        if _has_more_names(self.file_of(path)):
            notes.append(_(_OTHER_NAMES))
        new_stamp = self._replace(path, data, edited, stamp)
        return Written(
            Version(new_stamp, _digest(edited)), added, notes=notes, lacks_page=lacks_page
        )

    def _refuse_unreadable(self, edited: bytes) -> None:
        """Raise NeedsPerson where what is written is beyond the limits of what is read."""
        try:
            Package(edited, self.limits)
        except PackageError as error:
            raise NeedsPerson(_(_TOO_LARGE_THEN)) from error

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts that a person typed, in the version that was read.

        Raises:
            TryAgain: the file is open, busy or changed.
            NeedsPerson: writing could harm it, or is not permitted.
        """
        data, stamp = self._same(path, version)
        with _in_danish():
            corrected, outcome = write_values(Package(data, self.limits), texts)
        if corrected != data:
            self._refuse_unreadable(corrected)
            self._replace(path, data, corrected, stamp)
        return outcome

    def _same(self, path: str, version: Version) -> tuple[bytes, str]:
        """The file's bytes and stamp, if nobody has it open and it is the version that was read."""
        _refuse_if_open(self.file_of(path))
        try:
            data, stamp = self._bytes(path)
        except Unreadable as error:
            raise TryAgain(_(CHANGED)) from error
        if _digest(data) != version.digest:
            raise TryAgain(_(CHANGED))
        return data, stamp

    def path_of(self, file: Path) -> str | None:
        """The path by which this store knows a file; None for a file that lies elsewhere."""
        try:
            relative = file.resolve().relative_to(self.folder.resolve()).as_posix()
        except ValueError:
            return None
        return self._path(relative)

    def restore(self, path: str, content: bytes) -> None:
        """Put a workbook back as it was; what stands there now is kept first.

        Raises:
            TryAgain: the file is open, busy or changed.
            NeedsPerson: writing is not permitted.
        """
        file = self.file_of(path)
        _refuse_if_open(file)
        if not os.path.lexists(file):
            write_new_file(file, content)
            return
        try:
            now_there, stamp = self._bytes(path)
        except Unreadable as error:
            raise NeedsPerson(_("Filen er for stor. Flyt den et andet sted hen først.")) from error
        self._replace(path, now_there, content, stamp)

    def write_side_workbooks(
        self, contents: Contents, side_sheets: Mapping[str, SideSheet], undecided: Collection[str]
    ) -> SideWorkbookChanges:
        """Tell these things in side workbooks, and remove those that are not needed any more."""
        names = _side_paths(contents)
        names_now: dict[str, str] = {}
        written, removed, problems = [], [], []
        for path, side_sheet in side_sheets.items():
            side = names[path]
            try:
                if SideWorkbook(self.file_of(side)).write(self.file_of(path), side_sheet):
                    written.append(side)
                names_now[path] = PurePosixPath(side).name
            except StoreError as error:
                problems.append((path, str(error)))
        skipped = [one.path for one in contents.skipped]
        stays = {names[path] for path in [*side_sheets, *undecided, *skipped] if path in names}
        for side in contents.side_workbooks:
            try:
                if side not in stays and SideWorkbook(self.file_of(side)).remove():
                    removed.append(side)
            except StoreError as error:
                problems.append((side, str(error)))
        return SideWorkbookChanges(names_now, written, removed, problems)

    def _replace(self, path: str, old: bytes, new: bytes, stamp: str) -> str:
        """Keep a copy of the old content before the file is replaced; the new stamp."""
        if self.copies:
            self.copies.keep(path, old)
        return replace_file(self.file_of(path), old, new, stamp, self._key)

    @cached_property
    def _key(self) -> bytes:
        """What signs the job's marks; none where that cannot be had now."""
        with contextlib.suppress(OSError):
            return self.copies.key() if self.copies else NO_KEY
        return NO_KEY

    def clean_up(self) -> None:
        """Remove temporary files of a run that was ended by force."""
        remove_leftovers(self.folder, subfolders=True, key=self._key)


def is_other_format(name: str) -> bool:
    """Whether a file is a spreadsheet of a kind that is not read."""
    return name.casefold().endswith(_OTHER_FORMATS)


def _side_paths(contents: Contents) -> dict[str, str]:
    """Where the side workbook of each workbook would lie; no two have the same."""
    there: list[ListedWorkbook | Skipped] = [*contents.workbooks, *contents.skipped]
    paths = [PurePosixPath(one.path) for one in there]
    stems = Counter((path.parent, path.stem.casefold()) for path in paths)
    return {
        str(path): str(
            path.with_name(
                side_name(path.name, with_suffix=stems[path.parent, path.stem.casefold()] > 1)
            )
        )
        for path in paths
    }


def _refuse_if_open(file: Path) -> None:
    try:
        refuse_if_open(file)
    except OSError as error:
        raise TryAgain(_("Filen kan ikke åbnes lige nu.")) from error


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


def _has_more_names(file: Path) -> bool:
    try:
        return file.lstat().st_nlink > 1
    except OSError:
        return False


def _status_of(file: Path) -> os.stat_result:
    """What the system knows of the file; asked twice, since saving takes it away for a moment."""
    try:
        return file.lstat()
    except OSError:
        return file.lstat()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()  # processors help with it
