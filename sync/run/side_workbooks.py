"""What a run has to tell beside its workbooks: gathered while it goes on, laid there at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sync.findings.owned import Owned, SideSheet
from sync.findings.side_sheets import unwritable
from sync.overview.model import BookState
from sync.run.inventory import Book
from sync.stores.base import Contents, NeedsPerson, SideWorkbookChanges, Store, StoreError


@dataclass(slots=True)
class Asides:
    """What is to be told, by the workbooks' paths; `undecided` are those of the next run."""

    told: dict[str, SideSheet] = field(default_factory=dict)
    undecided: set[str] = field(default_factory=set)

    def not_written(self, path: str, error: StoreError, owned: Owned) -> None:
        """Take in what could not be written; what is only busy now is the next run's business."""
        if not isinstance(error, NeedsPerson):
            self.undecided.add(path)
        elif owned.rows:
            self.told[path] = unwritable(path, str(error), owned)

    def lay(
        self, listings: Iterable[tuple[Store, Contents]], books: Mapping[str, Book]
    ) -> list[SideWorkbookChanges]:
        """Tell it beside the workbooks, and note at each book where, or why not."""
        skipped = {path for path, book in books.items() if book.state is BookState.SKIPPED}
        all_beside = []
        for store, contents in listings:
            here = {one.path for one in contents.workbooks}
            asides = {path: aside for path, aside in self.told.items() if path in here}
            beside = store.write_side_workbooks(contents, asides, here & (skipped | self.undecided))
            all_beside.append(beside)
            for path, name in beside.names.items():
                books[path].beside = name
            for path, reason in beside.problems:
                if book := books.get(path):
                    book.problem = f"{book.problem} {reason}".lstrip()
        return all_beside
