"""What every kind of request works on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.google_server import protection
from tests.google_server.areas import Area, of_grid_range, on_grid
from tests.google_server.errors import invalid
from tests.google_server.model import Sheet, Spreadsheet

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """A spreadsheet (a copy, until all requests are done) and who changes it."""

    book: Spreadsheet
    who: str

    def area(self, range_: Json | None) -> tuple[Sheet, Area]:
        """A GridRange as a tab and the cells on its grid.

        Raises:
            RefusalError: no range, no such tab, or it begins beyond the grid.
        """
        if range_ is None:
            raise invalid("Must specify a range.")
        return on_grid(self.book, of_grid_range(range_))

    def changeable(self, range_: Json | None) -> tuple[Sheet, Area]:
        """The same for cells that are about to be changed.

        Raises:
            RefusalError: the same, or something in it is protected.
        """
        sheet, area = self.area(range_)
        protection.check(self.book, area, self.who)
        return sheet, area


Handler = Callable[[Edit, Json], Json | None]


def index_of(items: list[Json], name: str, wanted: object, what: str) -> int:
    """Where in a list the item with this id is.

    Raises:
        RefusalError: nowhere.
    """
    for index, item in enumerate(items):
        if item.get(name) == wanted:
            return index
    raise invalid(f"No {what} with id: {wanted}")


def home_of(book: Spreadsheet, lists: tuple[str, ...], name: str, wanted: object) -> Sheet | None:
    """The tab to which the attached thing with this id belongs."""
    for sheet in book.sheets:
        for list_name in lists:
            if any(item.get(name) == wanted for item in sheet.list_of(list_name)):
                return sheet
    return None
