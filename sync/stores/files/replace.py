"""Replacing a file that other people own: wholly the old one or wholly the new one, never between.

Nothing is written while somebody has the file open, or when it changed since it was read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from rules.text.marking import N_
from rules.text.quoting import shown_name
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.files.access import carry_over
from sync.stores.files.exchange import (
    TemporaryName,
    patiently,
    put_in_place,
    put_where_nothing_is,
    remove_if_possible,
)
from sync.stores.files.owner_files import opened_by
from sync.stores.files.shares import share_kind
from sync.stores.files.untrusted import content_of, made, opened, stamp_of

CHANGED = N_("Regnearket blev ændret under kontrollen. Næste kontrol skriver.")
READ_ONLY = N_(
    "Filen er skrivebeskyttet. "
    "Højreklik på filen, vælg »Egenskaber«, og fjern fluebenet ved »Skrivebeskyttet«."
)
NOT_A_FILE = N_("Det er ikke en almindelig fil.")
_LESS_ACCESS = N_(
    "Kontrollen kan ikke skrive i filen, uden at nogen mister adgangen til den. "
    "Bed it-afdelingen give kontrollen og filens ejer adgang gennem samme gruppe."
)
_NAME_TOO_LONG = N_(
    "Filens navn er for langt til, at kontrollen kan skrive i filen på dette drev. "
    "Giv filen et kortere navn."
)
CALENDAR_MARK, STATUS_MARK = b"-//helhedsplan//Frister//DA", b'"last_success"'
PAGE_MARK = b'<meta name="generator" content="helhedsplan">'
"""What stands in the job's own files of these kinds; no other file in their place is replaced."""
NO_KEY = b""
_IN_USE = N_("Regnearket er i brug. Luk det, så skriver næste kontrol.")
_MODE = 0o664
"""Of a new file, less what the system takes from it: not everybody may write."""
_FOR_THE_OWNER = stat.S_IRUSR | stat.S_IWUSR
_ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""A file that nobody may write is meant to be left alone, although renaming could replace it."""


def is_busy(error: OSError) -> bool:
    """Whether Windows says that another program holds the file (a violation of its sharing)."""
    return getattr(error, "winerror", None) in {32, 33}


def is_write_protected(path: Path) -> bool:
    """Whether nobody is meant to change the file, or the job may not.

    Raises:
        OSError: it cannot be seen.
    """
    return not path.lstat().st_mode & _ANYBODY_WRITES or not os.access(path, os.W_OK)


def replace_file(path: Path, old: bytes, new: bytes, stamp: str, key: bytes = NO_KEY) -> str:
    """Put `new` in the place of the file whose content was `old` and whose stamp `stamp`.

    Gives the new stamp. Who may read and write it is kept. The modification time is the time of
    writing: synchronisation of shared folders relies on it. After a kill only who knows the key
    puts back what was on its way.

    Raises:
        TryAgain: the file is open, busy, gone, or not the one that was read.
        NeedsPerson: the file or its folder does not permit writing, or somebody would lose access.
    """
    temporary = path.with_name(str(TemporaryName.fresh()))
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise NeedsPerson(_(NOT_A_FILE))
        _refuse_if_changed(path, stamp)
        if is_write_protected(path):
            raise NeedsPerson(_(READ_ONLY))
        written = _written(temporary, new, like=path)
        _refuse_if_changed(path, stamp)
        _put_in_place(temporary, written, path, TemporaryName.marked(path, old, new, key))
        _sync_folder(path.parent)
        return _stamp_after(path, written)
    except PermissionError as error:
        raise NeedsPerson(_("Kontrollen må ikke ændre filen eller mappen.")) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise NeedsPerson(_(_NAME_TOO_LONG)) from error
        raise TryAgain(_("Filen kunne ikke gemmes lige nu.")) from error
    finally:
        remove_if_possible(temporary)


def _put_in_place(
    temporary: Path, written: os.stat_result, path: Path, name: TemporaryName
) -> None:
    """The last step; here a file that may be written refuses only because it is in use."""
    try:
        is_done = put_in_place(temporary, written, path, name)
    except PermissionError as error:
        if error.errno == errno.EPERM:
            raise
        raise TryAgain(_(_IN_USE)) from error
    if not is_done:
        raise TryAgain(_(CHANGED))


def write_new_file(
    path: Path, content: bytes, like: Path | None = None, *, replaces: bool = False
) -> str:
    """Write a file that is not there yet, wholly or not at all; its stamp.

    Who may read and write the file `like` may do so with the new one. With `replaces` a file of
    the job's own that stands there is replaced.

    Raises:
        TryAgain: it could not be written now, or something stands there.
        NeedsPerson: the folder does not permit writing.
    """
    temporary = path.with_name(str(TemporaryName.fresh()))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = _written(temporary, content, like, may_differ=True)
        if replaces:
            patiently(lambda: temporary.replace(path))
        elif not patiently(lambda: put_where_nothing_is(temporary, path)):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        _sync_folder(path.parent)
        return _stamp_after(path, written)
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


def _written(
    temporary: Path, content: bytes, like: Path | None, *, may_differ: bool = False
) -> os.stat_result:
    """Make a file with this content, down on the disk, with the access of `like`; its status.

    `may_differ`: that somebody may do less with it than with `like` is no harm.
    """
    with made(temporary, _MODE if may_differ else _FOR_THE_OWNER) as raw:
        raw.write(content)
        os.fsync(raw.fileno())
        with contextlib.suppress(*([OSError] if may_differ else [])):
            if like is not None and not _shared_like(like, raw) and not may_differ:
                raise NeedsPerson(_(_LESS_ACCESS))
        if content_of(raw, len(content)) != content:
            raise TryAgain(_("Filen kunne ikke gemmes rigtigt."))
        return os.fstat(raw.fileno())


def _shared_like(model: Path, new: BinaryIO) -> bool:
    """Let those have access to a new file that have it to another; whether they all do."""
    with opened(model) as old:
        return carry_over(old, new, on_share=bool(share_kind(model.parent)))


def _stamp_after(path: Path, written: os.stat_result) -> str:
    """The stamp of a file that was put in place; of what was written where it has changed since.

    Renaming changes the time of a file's last change.
    """
    try:
        status = path.lstat()
    except OSError:
        status = written
    unchanged = (status.st_ino, status.st_size, status.st_mtime_ns)
    is_it = unchanged == (written.st_ino, written.st_size, written.st_mtime_ns)
    return stamp_of(status if is_it else written)


def refuse_if_open(path: Path) -> None:
    """Leave a workbook alone that somebody has open.

    Raises:
        TryAgain: somebody has.
        OSError: it cannot be seen.
    """
    if owner := opened_by(path):
        raise TryAgain(
            _("Regnearket er åbent hos {owner}. Luk det, så skriver næste kontrol.").format(
                owner=owner
            )
        )


def _refuse_if_changed(path: Path, stamp: str) -> None:
    refuse_if_open(path)
    if stamp_of(path.lstat()) != stamp:
        raise TryAgain(_(CHANGED))


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
