"""What the stores list: the first stage of a check and of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync.stores.base import Contents, ListedWorkbook, Skipped, Store, StoreError


@dataclass(frozen=True, slots=True)
class Inventory:
    """What each store lists. `unreachable` are the stores that cannot say, with the reason."""

    contents: Sequence[tuple[Store, Contents]]
    unreachable: Sequence[tuple[Store, str]]

    @property
    def workbooks(self) -> dict[str, tuple[ListedWorkbook, Store]]:
        """Every workbook with its store, by path and in its order."""
        found = {
            one.path: (one, store) for store, listed in self.contents for one in listed.workbooks
        }
        return dict(sorted(found.items()))

    @property
    def skipped(self) -> list[Skipped]:
        """What is there but is not looked at."""
        return [skipped for _, listed in self.contents for skipped in listed.skipped]


def list_workbooks(stores: Sequence[Store]) -> Inventory:
    """Ask every store what is there."""
    contents: list[tuple[Store, Contents]] = []
    unreachable: list[tuple[Store, str]] = []
    for store in stores:
        try:
            contents.append((store, store.contents()))
        except StoreError as error:
            unreachable.append((store, str(error)))
    return Inventory(contents, unreachable)
