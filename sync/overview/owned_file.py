"""Files of the job's own beside the overview, which only the job may replace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rules.text.marking import N_
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, StoreError, TryAgain
from sync.stores.document import Document
from sync.stores.files.local_file import LocalFile
from sync.stores.files.replace import NOT_A_FILE, PAGE_MARK
from sync.stores.files.untrusted import MOST_BYTES, NotRegularError


@dataclass(frozen=True, slots=True)
class OwnedFile:
    """A file of the job's own: `marker` stands in every version of it.

    `foreign` is said where somebody else's file stands there, `unreadable` where nobody can tell.
    What is remembered of it is a digest of what it shows, and its stamp.
    """

    file: Document
    marker: bytes
    foreign: str
    unreadable: str

    def is_as_left(self, remembered: str) -> bool:
        """Whether nobody has changed the file since it was put there.

        Raises:
            TryAgain: that cannot be seen now.
        """
        return remembered.endswith(f" {self.read()[1]}")

    def put(self, digest: str, remembered: str, make: Callable[[], bytes]) -> str:
        """Write it anew where it shows something else, or somebody has changed it.

        Returns what is to be remembered.

        Raises:
            StoreError: it may not be written, or is somebody else's file.
        """
        old, stamp = self.read()
        if f"{digest} {stamp}" == remembered:
            return remembered
        return self.replace(old, stamp, digest, make())

    def replace(self, old: bytes | None, stamp: str, digest: str, new: bytes) -> str:
        """Write it in place of what was read; what is to be remembered.

        Raises:
            StoreError: it may not be written, or is somebody else's file.
        """
        if old is None:
            return f"{digest} {self.file.make(new)}"
        if self.marker not in old:
            raise NeedsPerson(_(self.foreign))
        return f"{digest} {self.file.replace(old, new, stamp)}"

    def read(self) -> tuple[bytes | None, str]:
        """What stands in the file, and its stamp; None and no stamp where there is none.

        Raises:
            StoreError: it cannot be read, or is no file.
        """
        try:
            return self.file.read(MOST_BYTES)
        except FileNotFoundError:
            return None, ""
        except NotRegularError as error:
            raise NeedsPerson(_(NOT_A_FILE)) from error
        except OSError as error:
            raise TryAgain(_(self.unreadable)) from error


def page_file(file: Path) -> OwnedFile:
    """The overview as a page, as it stands beside the overview."""
    return OwnedFile(
        LocalFile(file),
        PAGE_MARK,
        N_("Filen er ikke overblikket som side. Giv siden et andet navn."),
        N_("Overblikket som side kan ikke læses lige nu."),
    )


def page_as_it_stands(file: Path) -> bytes | None:
    """The page that the job made; None where there is none now."""
    try:
        content, _stamp = page_file(file).read()
    except StoreError:
        return None
    return content if content and PAGE_MARK in content else None
