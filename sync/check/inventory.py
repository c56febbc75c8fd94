"""What the stores list: the first stage of a check and of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.stores.base import Contents, ListedWorkbook, Skipped, Store, StoreError


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the stores list: all workbooks with their stores, by path and in its order.

    `contents` is what each store lists; `unreachable` are those that cannot say, with the reason.
    """

    workbooks: Mapping[str, tuple[ListedWorkbook, Store]]
    contents: Sequence[tuple[Store, Contents]]
    unreachable: Sequence[tuple[Store, str]]

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
    workbooks = {one.path: (one, store) for store, found in contents for one in found.workbooks}
    return Inventory(dict(sorted(workbooks.items())), contents, unreachable)
