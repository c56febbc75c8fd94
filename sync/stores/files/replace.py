"""Replacing a file that other people own: wholly the old one or wholly the new one, never between.

Nothing is written while somebody has the file open, or when it changed since it was read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from rules.text.marking import N_
from rules.text.quoting import quoted, shown_name
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.files.exchange import (
    TEMPORARY_PREFIX,
    TEMPORARY_SUFFIX,
    ExchangeMark,
    digest,
    exchange,
    patiently,
    put_back,
    put_in_place,
    remove_if_possible,
)

CHANGED = N_("Regnearket blev ændret under kontrollen. Næste kontrol skriver.")
READ_ONLY = N_(
    "Filen er skrivebeskyttet. "
    "Højreklik på filen, vælg »Egenskaber«, og fjern fluebenet ved »Skrivebeskyttet«."
)
_IN_USE = N_("Regnearket er i brug. Luk det, så skriver næste kontrol.")
_ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""A file that nobody may write is meant to be left alone, although renaming could replace it."""


def stamp_of(status: os.stat_result) -> str:
    """What changes whenever the file may have changed."""
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ino}"


def is_busy(error: OSError) -> bool:
    """Whether Windows says that another program holds the file (a violation of its sharing)."""
    return getattr(error, "winerror", None) in {32, 33}


def opened_by(path: Path) -> str | None:
    """Who has the workbook open, as far as its lock file tells; None when nobody has.

    Excel lays `~$name` beside an open workbook, LibreOffice `.~lock.name#`. Crashes leave such
    files behind; then a person must delete them, since nothing tells the difference for sure.
    """
    excel = path.with_name(f"~${path.name}")
    libreoffice = path.with_name(f".~lock.{path.name}#")
    if _is_there(excel):
        return quoted(_excel_owner(excel)) or "en kollega"
    if _is_there(libreoffice):
        return quoted(_libreoffice_owner(libreoffice)) or "en kollega"
    return None


def _is_there(lock: Path) -> bool:
    try:
        return lock.exists()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # then nobody could lay one there
            return False
        raise


def _excel_owner(lock: Path) -> str:
    """The name in Excel's owner file: its length at byte 0, then the name in ANSI."""
    content = _content(lock)
    return content[1 : 1 + content[0]].decode("cp1252", "replace").strip() if content else ""


def _libreoffice_owner(lock: Path) -> str:
    fields = _content(lock).decode("utf-8", "replace").split(",")
    return fields[1].strip() if len(fields) > 1 else ""


def _content(lock: Path) -> bytes:
    try:
        return lock.read_bytes()[:500]
    except OSError:
        return b""


def replace_file(path: Path, old: bytes, new: bytes, stamp: str) -> str:
    """Put `new` in the place of the file whose content was `old` and whose stamp `stamp`.

    Gives the new stamp. Mode and owner are kept. The modification time is the time of writing:
    synchronisation of shared folders relies on it.

    Raises:
        TryAgain: the file is open, busy, gone, or not the one that was read.
        NeedsPerson: the file or its folder does not permit writing.
    """
    temporary = _temporary(path)
    try:
        status = path.stat()
        _refuse_if_changed(path, stamp)
        if not status.st_mode & _ANYBODY_WRITES or not os.access(path, os.W_OK):
            raise NeedsPerson(_(READ_ONLY))
        new_stamp = _written(temporary, new, status)
        _refuse_if_changed(path, stamp)
        _put_in_place(temporary, path, old, new)
        _sync_folder(path.parent)
    except PermissionError as error:
        raise NeedsPerson(_("Kontrollen må ikke ændre filen eller mappen.")) from error
    except OSError as error:
        raise TryAgain(_("Filen kunne ikke gemmes lige nu.")) from error
    finally:
        remove_if_possible(temporary)
    return new_stamp


def _put_in_place(temporary: Path, path: Path, old: bytes, new: bytes) -> None:
    """The last step; here a file that may be written refuses only because it is in use."""
    try:
        is_done = put_in_place(temporary, path, old, new)
    except PermissionError as error:
        if error.errno == errno.EPERM:
            raise
        raise TryAgain(_(_IN_USE)) from error
    if not is_done:
        raise TryAgain(_(CHANGED))


def write_new_file(path: Path, content: bytes, like: os.stat_result | None = None) -> str:
    """Write a file that is not there yet, wholly or not at all; its stamp.

    Who may read and write the file `like` may do so with the new one; the owner may always write.

    Raises:
        TryAgain: it could not be written now.
        NeedsPerson: the folder does not permit writing.
    """
    temporary = _temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new_stamp = _written(temporary, content, like)
        patiently(lambda: temporary.replace(path))
        _sync_folder(path.parent)
    except PermissionError as error:
        raise NeedsPerson(
            _("I mappen {parent} må kontrollen ikke gemme filer.").format(
                parent=shown_name(str(path.parent))
            )
        ) from error
    except OSError as error:
        raise TryAgain(
            _("Filen {name} kunne ikke gemmes lige nu.").format(name=shown_name(path.name))
        ) from error
    finally:
        remove_if_possible(temporary)
    return new_stamp


def _temporary(path: Path) -> Path:
    """Where a file is written before it is renamed; its name is short however long the other is."""
    name = digest(os.fsencode(path.name))
    return path.with_name(f"{TEMPORARY_PREFIX}{name}{TEMPORARY_SUFFIX}")


def refuse_if_open(path: Path) -> None:
    """Leave a workbook alone that somebody has open.

    Raises:
        TryAgain: somebody has.
        OSError: it cannot be told.
    """
    if owner := opened_by(path):
        raise TryAgain(
            _("Regnearket er åbent hos {owner}. Luk det, så skriver næste kontrol.").format(
                owner=owner
            )
        )


def _refuse_if_changed(path: Path, stamp: str) -> None:
    refuse_if_open(path)
    if stamp_of(path.stat()) != stamp:
        raise TryAgain(_(CHANGED))


def _written(temporary: Path, content: bytes, like: os.stat_result | None = None) -> str:
    """Write the temporary file down to the disk, with mode and owner `like`; its stamp."""
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if like is not None:
        temporary.chmod(stat.S_IMODE(like.st_mode) | stat.S_IWUSR)
        if hasattr(os, "chown"):
            with contextlib.suppress(PermissionError):
                os.chown(temporary, like.st_uid, like.st_gid)
    if temporary.read_bytes() != content:
        raise TryAgain(_("Filen kunne ikke gemmes rigtigt."))
    return stamp_of(temporary.stat())


def _sync_folder(folder: Path) -> None:
    """Make the renaming last through a power cut, where the system can; it is done either way."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):  # some shares know no such thing
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_leftovers(folder: Path, *, subfolders: bool) -> None:
    """Remove files that a killed run left on their way; what somebody saved is put back first.

    What cannot be done now is done by the next run.
    """
    for leftover in _leftovers(folder, subfolders=subfolders):
        with contextlib.suppress(OSError):
            mark = ExchangeMark.of(leftover.name)
            if mark is None or _is_settled(leftover, mark):
                leftover.unlink()


def _leftovers(folder: Path, *, subfolders: bool) -> Iterator[Path]:
    """Unlike `glob`, `walk` passes over a folder that cannot be read."""
    for here, inside, names in os.walk(folder):
        if not subfolders:
            inside.clear()
        for name in names:
            if name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX):
                yield Path(here, name)


def _is_settled(leftover: Path, mark: ExchangeMark) -> bool:
    """Whether nothing is lost when it is removed; somebody's own file is put back first.

    It is somebody's when it is neither what the job had read nor what it had written. It
    belongs into its place while what the job wrote, or something older, stands there.
    """
    content = leftover.read_bytes()
    if digest(content) in {mark.old, mark.new}:
        return True
    target = _target(leftover.parent, mark)
    if target is None or opened_by(target):
        return False
    standing = target.read_bytes()
    # The latest save stays: a file in place that is newer, and not the job's, is one.
    is_older = target.stat().st_mtime_ns < leftover.stat().st_mtime_ns
    if digest(standing) != mark.new and not is_older:
        return True
    if not exchange(leftover, target):
        return False
    if leftover.read_bytes() != standing:
        put_back(leftover, target, content)
    return True


def _target(folder: Path, mark: ExchangeMark) -> Path | None:
    """The file whose name the mark tells; None where it is gone."""
    for file in folder.iterdir():
        if digest(os.fsencode(file.name)) == mark.target:
            return file
    return None
