"""Protected ranges: who may change what."""

from __future__ import annotations

from typing import Any

from tests.google_server.areas import Area, of_grid_range
from tests.google_server.errors import invalid
from tests.google_server.model import Sheet, Spreadsheet

Json = dict[str, Any]
REFUSED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)


def may_edit(book: Spreadsheet, protected: Json, who: str) -> bool:
    """Whether a person or account may change what is protected."""
    if protected.get("warningOnly") or who == book.owner:
        return True
    editors = protected.get("editors") or {}
    return who.casefold() in {user.casefold() for user in editors.get("users", ())}


def place_of(book: Spreadsheet, protected: Json) -> Area:
    """The protected area; of a named range where it is one."""
    for named in book.named_ranges:
        if named["namedRangeId"] == protected.get("namedRangeId"):
            return of_grid_range(named["range"])
    return of_grid_range(protected.get("range") or {})


def check(book: Spreadsheet, area: Area, who: str) -> None:
    """Refuse a change of an area in which something is protected from this person.

    Raises:
        RefusalError: it is.
    """
    for protected in book.sheet(area.sheet_id).list_of("protectedRanges"):
        if not place_of(book, protected).meets(area) or may_edit(book, protected, who):
            continue
        if not _left_open(book.sheet(area.sheet_id), protected, area):
            raise invalid(REFUSED)


def _left_open(sheet: Sheet, protected: Json, area: Area) -> bool:
    """Whether the whole area is one that the protection of the tab leaves open."""
    top, bottom, left, right = area.clamped(sheet).box()
    return any(
        open_.holds(top, left) and open_.holds(bottom - 1, right - 1)
        for open_ in map(of_grid_range, protected.get("unprotectedRanges") or ())
    )
