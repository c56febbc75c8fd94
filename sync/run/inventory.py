"""The ledger of a run: every workbook that there is or was, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from rules.catalogue.catalogue import notice_of
from rules.model.finding import Severity
from rules.text.quoting import quoted
from sync.history.last_seen import LastSeen
from sync.history.readings import Checked, Content
from sync.i18n.language import _, spoken
from sync.overview.model import BookLine, BookState
from sync.stores.base import ListedWorkbook, Skipped, Store, Version


@dataclass(slots=True)
class Book:
    """A workbook on its way through a run.

    `beside` is the name of its side workbook; `copy_of` says of which other it is a copy.
    """

    listed: ListedWorkbook
    store: Store
    version: Version | None = None
    content: Content | None = None
    problem: str = ""
    beside: str = ""
    copy_of: str = ""
    state: BookState = BookState.CHECKED

    @property
    def where_told(self) -> str:
        """A sentence that says where the findings stand, if they do so in a side workbook."""
        if not self.beside:
            return ""
        return _("Advarslerne står i »{file}«.").format(file=quoted(self.beside, 300))

    @property
    def checked(self) -> Checked | None:
        """What was read of it, where it could be read."""
        return self.content.checked if self.content else None


@dataclass
class Ledger:
    """The lines of a run's workbooks. `before` are the workbooks of earlier runs, by path."""

    now: datetime
    before: Mapping[str, LastSeen]
    lines: list[BookLine] = field(default_factory=list)

    def add(self, book: Book, counts: Counter[Severity], *, is_unread: bool) -> None:
        """Add a workbook of this run; `is_unread` says that it was not opened this time."""
        known = self.before.get(book.listed.path)
        line = BookLine(
            path=book.listed.path,
            address=book.listed.address,
            state=book.state,
            reason=" ".join(_reasons(book)),
            changed_at=book.listed.changed_at.astimezone(self.now.tzinfo),
        )
        if known and is_unread:
            line = replace(line, changed_at=known.edited_at)
        if known:
            line = replace(
                line, plan_id=known.plan_id, area=known.area, checked_at=known.checked_at
            )
        if book.checked:
            entry = book.checked.entry
            line = replace(line, plan_id=entry.plan_id, area=entry.area)
        if book.content:
            line = replace(line, counts=counts)
        if book.content and book.state is not BookState.SKIPPED:
            line = replace(line, checked_at=self.now)
        self.lines.append(line)

    def add_skipped(self, skipped: Iterable[Skipped]) -> None:
        """Add what is there but is not looked at."""
        self.lines += [BookLine(one.path, "", BookState.SKIPPED, one.reason) for one in skipped]

    def add_missing(self, *, some_unreachable: bool) -> None:
        """Add the workbooks that were there before; where a source is out of reach nobody knows."""
        here = {line.path for line in self.lines}
        for path, known in self.before.items():
            if path in here:
                continue
            since = known.missing_since or self.now.date()
            reason = _("Regnearket har manglet siden {day}.").format(day=spoken().day(since))
            if some_unreachable:
                reason = _("Regnearket kan ikke nås lige nu.")
            self.lines.append(
                BookLine(
                    path,
                    "",
                    BookState.SKIPPED if some_unreachable else BookState.MISSING,
                    reason,
                    known.plan_id,
                    known.area,
                    known.edited_at,
                    known.checked_at,
                )
            )

    def last_seen(self) -> list[LastSeen]:
        """What is to be remembered of the workbooks that were ever checked."""
        return [
            LastSeen(
                line.path,
                line.plan_id,
                line.area,
                line.checked_at,
                line.changed_at or line.checked_at,
                self._missing_since(line),
            )
            for line in self.lines
            if line.checked_at is not None
        ]

    def _missing_since(self, line: BookLine) -> date | None:
        if line.state is not BookState.MISSING:
            return None
        known = self.before.get(line.path)
        return (known and known.missing_since) or self.now.date()


def _reasons(book: Book) -> Iterator[str]:
    if book.content and book.content.unreadable:
        yield notice_of(book.content.unreadable, spoken()).message
    elif book.state is BookState.SKIPPED and not book.problem:
        yield _("Regnearket kan ikke nås lige nu. Tallene er fra sidste kontrol.")
    elif book.state is BookState.COPY:
        yield book.copy_of or _("Et andet regneark har samme Plan-id og boligområde.")
    if book.problem:
        yield book.problem
    if book.where_told:
        yield book.where_told
