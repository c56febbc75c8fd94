"""One request, as the methods of the services see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.google_server.fields import Mask
from tests.google_server.model import Spreadsheet
from tests.google_server.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for what: parts of the path, parameters (each a list), body, and field mask."""

    world: World
    who: str
    path: dict[str, str]
    query: dict[str, list[str]]
    body: Json
    mask: Mask
    content: bytes = b""
    content_type: str = ""
    stale: bool = False

    @property
    def is_service_account(self) -> bool:
        return self.who.endswith(".gserviceaccount.com")

    def one(self, name: str, default: str = "") -> str:
        """A parameter that is given once; the last where it is given more often."""
        return self.query.get(name, [default])[-1]

    def flag(self, name: str) -> bool:
        return self.one(name).lower() == "true"

    def options(self) -> Json:
        """The parameters by name, one value each."""
        return {name: given[-1] for name, given in self.query.items()}

    def book(self, *, to_write: bool = False) -> Spreadsheet:
        """The spreadsheet that the path names.

        Raises:
            RefusalError: it is not there, or not for the caller.
        """
        book = self.world.opened(self.path["spreadsheetId"], self.who, to_write=to_write)
        if self.stale and not to_write:
            return self.world.before.get(book.id, book)
        return book
