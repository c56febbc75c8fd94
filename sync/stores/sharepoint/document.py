"""A file of a library as a document: the overview, its calendar, the waivers, side workbooks."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.i18n.language import _
from sync.stores.base import TryAgain
from sync.stores.files.replace import CHANGED
from sync.stores.sharepoint.items import Item
from sync.stores.sharepoint.library import Library

_OWN = "own"


@dataclass
class SharePointDocument:
    """A file of the library, by its path below the folder; see `Document`.

    The service rewrites what it is sent, and tells of another version then. So the stamp of a file
    that the job was the last to change is always the same.
    """

    library: Library
    path: str
    _seen: Item | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]

    @property
    def address(self) -> str:
        """Where it is opened."""
        return self.library.address(self.path)

    def way_to(self, address: str) -> str:
        """Nothing: from the library no file on this machine can be reached."""
        del address
        return ""

    def beside(self, name: str) -> SharePointDocument:
        """Another file in the same folder."""
        return SharePointDocument(self.library, beside(self.path, name))

    def clean_up(self) -> None:
        """Nothing is left behind: an upload that was not finished ends by itself."""

    def stamp(self) -> str:
        """Its stamp; empty where there is none."""
        self._seen = self.library.find(self.path)
        return self._stamp_of(self._seen) if self._seen else ""

    def read(self, most_bytes: int) -> tuple[bytes, str]:
        """Its content and its stamp."""
        stamp = self.stamp()
        if self._seen is None:
            raise FileNotFoundError(self.path)
        return self.library.content(self._seen, most_bytes), stamp

    def make(self, content: bytes, like: str = "") -> str:
        """Make it where nothing is; who may open it is the library's business."""
        del like
        return self._stamp_of(self.library.make(self.path, content))

    def replace(self, old: bytes, new: bytes, stamp: str) -> str:
        """Replace it, if it is the version that was read last."""
        del old
        return self._stamp_of(self.library.replace(self._same(stamp), new))

    def remove(self, stamp: str) -> None:
        """Remove it, if it is the version that was read last."""
        self.library.remove(self._same(stamp))

    def _same(self, stamp: str) -> Item:
        if self._seen is None or self._stamp_of(self._seen) != stamp:
            raise TryAgain(_(CHANGED))
        return self._seen

    def _stamp_of(self, item: Item) -> str:
        return _OWN if self.library.is_own(item) else item.stamp


def beside(path: str, name: str) -> str:
    """The path of another file in the same folder."""
    folder = path.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name
