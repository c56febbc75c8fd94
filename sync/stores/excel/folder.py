"""A folder of Excel workbooks, on this machine or on a share."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rules.model.finding import Correction
from rules.text.marking import N_
from rules.text.quoting import shown_name
from sheets_templates.report.description import Link
from sync.findings.owned import Owned, SideSheet
from sync.i18n.language import _
from sync.stores.base import (
    Contents,
    ListedWorkbook,
    NeedsPerson,
    SideWorkbookChanges,
    Skipped,
    Snapshot,
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
from sync.stores.excel.editing import digest_of, edited, snapshot_of, with_corrections
from sync.stores.excel.names import PATTERNS, workbooks_among
from sync.stores.excel.overview import undated
from sync.stores.excel.side_workbook import (
    is_side_workbook,
    may_be_side_workbook,
    write_side_workbooks,
)
from sync.stores.files.backups import Copies
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.local_file import LocalFile
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
from sync.stores.files.untrusted import (
    NotRegularError,
    TooLargeError,
    changed_at,
    read,
    stamp_of,
)
from sync.xlsx.corrections import CorrectionOutcome
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits

_OTHER_NAMES = N_(
    "Filen har flere navne (hårde links). Kun den, der ligger her, er den nye; de andre er, "
    "som de var."
)


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
            elif may_be_side_workbook(path) and is_side_workbook(LocalFile(self.folder / path)):
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
            real_folder = os.path.realpath(folder)
            shown_names = {named_as_placeholder(name) or name: name for name in names}
            for name in map(shown_names.__getitem__, workbooks_among(shown_names, self.patterns)):
                path = os.path.join(real_folder, name)  # noqa: PTH118  fast
                if path not in left_out and undated(path) not in copied:
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
        return ListedWorkbook(path, stamp_of(status), changed_at(status), file.as_posix())

    def digest(self, path: str) -> str:
        """A digest of the file's bytes.

        Raises:
            TryAgain: the file cannot be read now.
        """
        return digest_of(self._bytes(path)[0])

    def read(self, path: str) -> Snapshot:
        """The workbook's cells.

        Raises:
            Unreadable: it is no workbook that can be read.
            TryAgain: the file cannot be read now.
        """
        data, stamp = self._bytes(path)
        return snapshot_of(path, data, Version(stamp, digest_of(data)), self.limits)

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
        edit = edited(data, owned, self.limits)
        if edit.data == data:
            return edit.written(Version(stamp, version.digest), is_changed=False)
        notes = [_(_OTHER_NAMES)] if _has_more_names(self.file_of(path)) else []
        new_stamp = self._replace(path, data, edit.data, stamp)
        return edit.written(Version(new_stamp, digest_of(edit.data)), notes)

    def correct(
        self, path: str, version: Version, texts: Sequence[Correction]
    ) -> CorrectionOutcome:
        """Put values in the place of texts that a person typed, in the version that was read.

        Raises:
            TryAgain: the file is open, busy or changed.
            NeedsPerson: writing could harm it, or is not permitted.
        """
        data, stamp = self._same(path, version)
        corrected, outcome = with_corrections(data, texts, self.limits)
        if corrected != data:
            self._replace(path, data, corrected, stamp)
        return outcome

    def _same(self, path: str, version: Version) -> tuple[bytes, str]:
        """The file's bytes and stamp, if nobody has it open and it is the version that was read."""
        _refuse_if_open(self.file_of(path))
        try:
            data, stamp = self._bytes(path)
        except Unreadable as error:
            raise TryAgain(_(CHANGED)) from error
        if digest_of(data) != version.digest:
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
        return write_side_workbooks(
            contents, side_sheets, undecided, lambda side: LocalFile(self.file_of(side))
        )

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


def _refuse_if_open(file: Path) -> None:
    try:
        refuse_if_open(file)
    except OSError as error:
        raise TryAgain(_("Filen kan ikke åbnes lige nu.")) from error


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
