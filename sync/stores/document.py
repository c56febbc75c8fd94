"""A file that is read and replaced as a whole, wherever it lies: in a folder or in a library."""

from __future__ import annotations

from typing import Protocol


class Document(Protocol):
    """One file. A stamp changes whenever the file may have changed.

    What looks for it or reads it raises FileNotFoundError where there is none, TooLargeError,
    NotRegularError or another OSError where it cannot be read, and StoreError where a service
    stands in the way. What changes it raises StoreError: TryAgain while it is in use or where it
    is not the version that was read, NeedsPerson where it may not be changed.
    """

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def address(self) -> str:
        """Where it is opened."""

    def way_to(self, address: str) -> str:
        """What leads from it to a file of this address; empty where nothing does."""
        del address
        return ""

    def beside(self, name: str) -> Document:
        """Another file in the same folder."""

    def stamp(self) -> str:
        """Its stamp; empty where there is no such file."""

    def read(self, most_bytes: int) -> tuple[bytes, str]:
        """Its content and its stamp, of one and the same version."""

    def make(self, content: bytes, like: str = "") -> str:
        """Make it where nothing is; its stamp. Who may open the file `like` may open it."""

    def replace(self, old: bytes, new: bytes, stamp: str) -> str:
        """Put `new` in the place of the version `old` of this stamp; the new stamp."""

    def remove(self, stamp: str) -> None:
        """Remove the version of this stamp."""
