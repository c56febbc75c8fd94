"""A file on this machine or on a share, as a document."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.files.owner_files import opened_by
from sync.stores.files.replace import replace_file, write_new_file
from sync.stores.files.untrusted import read, stamp_of


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The file of this path; see `Document`."""

    file: Path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    @property
    def address(self) -> str:
        """The file's whole path."""
        return str(self.file.resolve())

    def way_to(self, address: str) -> str:
        """A relative path, so that both can be moved together."""
        return _relative(address, self.file)

    def beside(self, name: str) -> LocalFile:
        """Another file in the same folder."""
        return LocalFile(self.file.with_name(name))

    def stamp(self) -> str:
        """Its stamp; empty where nothing has that name."""
        try:
            return stamp_of(self.file.lstat())
        except FileNotFoundError:
            return ""

    def read(self, most_bytes: int) -> tuple[bytes, str]:
        """Its content and its stamp."""
        return read(self.file, most_bytes)

    def make(self, content: bytes, like: str = "") -> str:
        """Write it where nothing is."""
        return write_new_file(self.file, content, self.file.with_name(like) if like else None)

    def replace(self, old: bytes, new: bytes, stamp: str) -> str:
        """Replace it, unless it is open or another version."""
        return replace_file(self.file, old, new, stamp)

    def remove(self, stamp: str) -> None:
        """Remove it, unless it is open; what it holds was looked at right before."""
        del stamp
        try:
            if owner := opened_by(self.file):
                raise TryAgain(
                    _("Filen er åben hos {owner}. Luk den, så fjerner næste kontrol den.").format(
                        owner=owner
                    )
                )
            self.file.unlink(missing_ok=True)
        except PermissionError as error:
            raise NeedsPerson(_("Kontrollen må ikke slette filen. Slet den selv.")) from error
        except OSError as error:
            raise TryAgain(_("Filen kunne ikke fjernes lige nu.")) from error


@lru_cache(maxsize=65_536)
def _relative(address: str, file: Path) -> str:
    """What leads from a file to another."""
    try:
        return quote(Path(os.path.relpath(address, file.parent)).as_posix())
    except ValueError:  # on another drive of Windows
        return Path(address).absolute().as_uri()
