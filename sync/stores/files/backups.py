"""Copies of workbooks as they were before the job changed them.

Each workbook has a folder of its own among the copies. A copy's name is the moment (UTC)
when it was kept and a digest of its bytes: the copies can be found and opened by hand although
nothing else of the state is left, and the same content is never kept twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from sync.i18n.language import _
from sync.stores.base import NeedsPerson, StoreError, TryAgain
from sync.stores.files.exchange import remove_if_possible
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.replace import write_new_file
from sync.stores.files.untrusted import made, read

_KEY_NAME, _KEY_BYTES, _FOR_THE_OWNER = "marks.key", 32, 0o600
_MOMENT = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"(?P<moment>(?!0001|9999)\d{8}T\d{6}\.\d{6}Z)-(?P<digest>[0-9a-f]{32})")
"""The first and the last year that there are have moments that no other time zone can tell."""
_UNSAFE = re.compile(r"[^\w-]+")
_READABLE_CHARACTERS, _SUFFIX_CHARACTERS = 60, 20
_READABLE_BYTES = 238
"""With the digest behind them no more than the 255 that a name may have."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A workbook as it was before a change. `kept_at` is an aware moment."""

    file: Path
    kept_at: datetime
    digest: str

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.file.stat().st_size

    def content(self) -> bytes:
        """The bytes that were kept.

        Raises:
            NeedsPerson: the copy cannot be read, or is not what was kept.
        """
        try:
            content = self.file.read_bytes()
        except OSError as error:
            raise NeedsPerson(_("Den gemte udgave kan ikke læses.")) from error
        if _digest(content) != self.digest:
            raise NeedsPerson(_("Den gemte udgave er beskadiget. Vælg en anden udgave."))
        return content


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies below a folder: at most `number` of a workbook, and none older than `days` but the
    newest one.
    """

    folder: Path
    number: int
    days: int

    def of(self, path: str) -> Sequence[Copy]:
        """The copies of a workbook, the newest first; `path` is as the store names it."""
        return _copies_in(self._folder_of(path))

    def key(self) -> bytes:
        """What signs the marks of files on their way; made when it is first needed.

        Raises:
            OSError: it cannot be read or made.
        """
        file = self.folder.with_name(_KEY_NAME)
        try:
            return read(file)[0]
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError), made(file, _FOR_THE_OWNER) as raw:
                raw.write(secrets.token_bytes(_KEY_BYTES))
            return read(file)[0]

    def keep(self, path: str, content: bytes) -> None:
        """Keep a workbook's content before it is changed.

        Raises:
            StoreError: it could not be kept; then the workbook must not be changed.
        """
        folder = self._folder_of(path)
        digest = _digest(content)
        now = datetime.now(UTC)
        suffix = PurePosixPath(path).suffix[:_SUFFIX_CHARACTERS]
        name = f"{now.strftime(_MOMENT)}-{digest}{suffix}"
        try:
            same = [copy for copy in _copies_in(folder, now) if copy.digest == digest]
            write_new_file(folder / name, content)
        except StoreError as error:
            sentence = _(
                "Den nuværende udgave kunne ikke gemmes først, så regnearket er ikke ændret."
            )
            raise type(error)(sentence) from error
        for copy in same:
            remove_if_possible(copy.file)
        self._drop(folder, now)

    def remove_leftovers(self) -> None:
        """Remove what a killed run left behind."""
        remove_leftovers(self.folder, subfolders=True)

    def clean_up(self, now: datetime) -> None:
        """Drop the copies that are too old or too many."""
        folders: list[Path] = []
        with contextlib.suppress(OSError):  # none yet, or they cannot be listed now
            folders = [one for one in self.folder.iterdir() if one.is_dir()]
        for folder in folders:
            with contextlib.suppress(OSError, TryAgain):  # it still holds copies, or is busy
                self._drop(folder, now, oldest=now - timedelta(days=self.days))
                folder.rmdir()

    def _drop(self, folder: Path, now: datetime, oldest: datetime | None = None) -> None:
        """Drop those that are too many or too old: by the clock of now, which may be wrong."""
        for place, copy in enumerate(_copies_in(folder, now)):
            if place >= self.number or (place and oldest and copy.kept_at < oldest):
                remove_if_possible(copy.file)

    def _folder_of(self, path: str) -> Path:
        """The workbook's own folder: its name for people, a digest of its path for the job."""
        readable = _UNSAFE.sub("_", PurePosixPath(path).stem)[:_READABLE_CHARACTERS]
        readable = readable.encode()[:_READABLE_BYTES].decode(errors="ignore")
        key = hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        return self.folder / f"{readable}-{key}"


def _copies_in(folder: Path, until: datetime | None = None) -> list[Copy]:
    """The copies of one workbook, the newest first; those of a later time than `until` left out."""
    copies: list[Copy] = []
    try:
        files = list(folder.iterdir())
    except FileNotFoundError:
        return copies
    except OSError as error:
        raise TryAgain(_("De gemte udgaver kan ikke læses lige nu.")) from error
    for file in files:
        if found := _NAME.fullmatch(file.stem):
            with contextlib.suppress(ValueError):  # somebody's own file, with no moment in its name
                kept_at = datetime.strptime(found["moment"], _MOMENT).replace(tzinfo=UTC)
                if until is None or kept_at <= until:
                    copies.append(Copy(file, kept_at, found["digest"]))
    return sorted(copies, key=lambda copy: (copy.kept_at, copy.digest), reverse=True)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
