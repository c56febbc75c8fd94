"""A folder of Excel workbooks, on this machine or on a share."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rules.text.marking import N_
from rules.text.quoting import shown_name
from sync.i18n.language import _
from sync.stores.base import ListedWorkbook, NeedsPerson, Skipped, TryAgain, Unreadable, Version
from sync.stores.excel.cloud_placeholders import (
    ONLY_IN_THE_CLOUD,
    is_placeholder,
    named_as_placeholder,
)
from sync.stores.excel.editing import ExcelStore
from sync.stores.excel.names import (
    CLOSED,
    NO_FOLDER,
    PATTERNS,
    SHORTCUT,
    is_copy_of_any,
    workbooks_among,
)
from sync.stores.files.backups import Copies
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.local_file import LocalFile
from sync.stores.files.replace import (
    NO_KEY,
    NOT_A_FILE,
    is_busy,
    refuse_if_open,
    replace_file,
    write_new_file,
)
from sync.stores.files.shares import walk
from sync.stores.files.untrusted import (
    NotRegularError,
    TooLargeError,
    changed_at,
    read,
    stamp_of,
)
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits

_OTHER_NAMES = N_(
    "Filen har flere navne (hårde links). Kun den, der ligger her, er den nye; de andre er, "
    "som de var."
)


@dataclass(frozen=True)
class ExcelFolder(ExcelStore):
    """The workbooks of a folder and its subfolders, or only the named ones.

    `patterns` are matched without regard to case; hidden, temporary and lock files never are.
    `not_these` are files that are none of them, nor are copies of `not_copies_of` by their names.
    `copies` keeps a workbook as it was before it is changed; without it no copy is kept.
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

    def document(self, path: str) -> LocalFile:
        """The file of this path."""
        return LocalFile(self.file_of(path))

    def _found(self) -> Iterator[ListedWorkbook | Skipped]:
        """What may be a workbook.

        Raises:
            NeedsPerson: the folder is missing or may not be opened.
        """
        if not os.path.isdir(self.folder):  # noqa: PTH112  unlike Path.is_dir it never raises
            raise NeedsPerson(_(NO_FOLDER).format(folder=shown_name(str(self.folder))))
        skipped: list[Skipped] = []
        yield from map(self._look_at, self._matching(skipped))
        yield from skipped

    def _matching(self, skipped: list[Skipped]) -> Iterator[str]:
        """Relative paths with `/` of the files whose names match, or of the named ones.

        Folders inside that cannot be opened are added to `skipped`.

        Raises:
            NeedsPerson: the folder itself cannot be opened.
        """
        left_out = {os.path.realpath(path) for path in self.not_these}
        copied = [path.name for path in self.not_copies_of]
        if self.only:
            yield from (p for p in self.only if os.path.realpath(self.folder / p) not in left_out)
            return

        def fail(error: OSError) -> None:
            place = Path(error.filename)
            if place == self.folder:
                name = shown_name(str(place))
                raise NeedsPerson(_("Mappen {name} kan ikke åbnes.").format(name=name)) from error
            path = _readable(self._path(place.relative_to(self.folder).as_posix()))
            reason = _(CLOSED)
            if error.errno == errno.ENAMETOOLONG:
                reason = _("Mapperne i den ligger for dybt. Flyt dem højere op.")
            skipped.append(Skipped(path, reason))

        for folder, subfolders, names in walk(self.folder, fail):
            real_folder = os.path.realpath(folder)
            stand_ins = {named_as_placeholder(name): name for name in names}
            shown_names = {named: name for named, name in stand_ins.items() if named}
            shown_names |= {name: name for name in names if not named_as_placeholder(name)}
            for name in map(shown_names.__getitem__, workbooks_among(shown_names, self.patterns)):
                path = os.path.join(real_folder, name)  # noqa: PTH118  fast
                if path not in left_out and not is_copy_of_any(name, copied):
                    yield Path(folder, name).relative_to(self.folder).as_posix()
            for name in subfolders:
                if os.path.islink(Path(folder, name)):  # noqa: PTH114  unlike Path's it never raises
                    yield Path(folder, name).relative_to(self.folder).as_posix()

    def file_of(self, path: str) -> Path:
        """Where the workbook lies that is known by this path."""
        return self.folder / self._below(path)

    def _look_at(self, relative: str) -> ListedWorkbook | Skipped:
        path = self._path(relative)
        file = self.folder / relative
        try:
            path.encode()
        except UnicodeEncodeError:
            return Skipped(_readable(path), _("Filens navn kan ikke læses. Giv filen et nyt navn."))
        try:
            status = _status_of(file)
        except FileNotFoundError:
            return Skipped(path, _("Filen forsvandt under kontrollen."))
        except PermissionError:
            return Skipped(path, _("Kontrollen må ikke læse filen. Giv den adgang."))
        except OSError:
            return Skipped(path, _("Filen kan ikke åbnes lige nu."))
        if stat.S_ISLNK(status.st_mode):
            return Skipped(path, _(SHORTCUT))
        if not stat.S_ISREG(status.st_mode):
            return Skipped(path, _(NOT_A_FILE))
        if named_as_placeholder(file.name) or is_placeholder(file, status):
            return Skipped(path, _(ONLY_IN_THE_CLOUD))
        return ListedWorkbook(path, stamp_of(status), changed_at(status), file.as_posix())

    def _fetched(self, path: str) -> tuple[bytes, Version]:
        """The file's bytes, and their version."""
        data, stamp = self._bytes(path)
        return data, _version(stamp, data)

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

    def _same(self, path: str, version: Version) -> tuple[bytes, Version]:
        _refuse_if_open(self.file_of(path))
        return super()._same(path, version)

    def _put(
        self, path: str, old: bytes, new: bytes, standing: Version
    ) -> tuple[Version, Sequence[str]]:
        notes = [_(_OTHER_NAMES)] if _has_more_names(self.file_of(path)) else []
        return _version(self._replace(path, old, new, standing.stamp), new), notes

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


def _version(stamp: str, data: bytes) -> Version:
    return Version(stamp, hashlib.sha256(data).hexdigest())  # processors help with it


def _readable(path: str) -> str:
    """The path as text; a name of an old zip file may be none."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
