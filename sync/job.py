"""One run of the job: list -> read -> judge -> write back -> overview -> history.

What is unchanged since the last run is not opened: what was read then is judged again, since
findings depend on the day and on other plans.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from rules import danish
from rules.catalogue import Notice
from rules.figures import PlanFigures
from rules.finding import Severity
from rules.parameters import Parameters
from rules.plan import Workbook
from rules.rule import Context
from sync.history import Content, History, Reading, Sighting, identity_of, settings_key
from sync.judgement import judged
from sync.kontrol import Owned, owned_by_job
from sync.overview import BookLine, BookState, NoticeLine, Overview
from sync.pause import collector_paused
from sync.reading import Checked, How, Outcome, Progress, packed, read_all
from sync.stores.store import Listed, Skipped, Store, StoreError, Unreadable, Version

DOUBT_SECONDS = 2.0
"""A file changed this shortly before it was read may have changed again within its time stamp."""


class Stopped(Exception):  # noqa: N818  named by what happened
    """The run was asked to stop; everything written so far is whole."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run shall do, and the clock it goes by.

    `writes` False only says what would be written; `full` looks at unchanged workbooks too.
    `stop_asked` is asked between two workbooks.
    """

    parameters: Parameters
    now: datetime
    writes: bool = True
    full: bool = False
    processes: int = 0
    progress: Progress = lambda _: None
    stop_asked: Callable[[], bool] = lambda: False

    @property
    def today(self) -> date:
        """The run's day, in the schedule's time zone."""
        return self.now.date()


@dataclass(slots=True)
class Result:
    """What a run came to. `problems` are paths, each with what stood in the way, in Danish."""

    overview: Overview
    written: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    read: int = 0

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings of each severity there are."""
        return Counter(line.notice.severity for line in self.overview.notices)


@dataclass(slots=True)
class _Book:
    """A workbook on its way through a run."""

    listed: Listed
    store: Store
    version: Version | None = None
    content: Content | None = None
    problem: str = ""
    state: BookState = BookState.CHECKED

    @property
    def checked(self) -> Checked | None:
        """What was read of it, where it could be read."""
        return self.content.checked if self.content else None


def run(stores: Sequence[Store], history: History, orders: Orders) -> Result:
    """Check all workbooks, write back what differs, and say what the overview shall show.

    Raises:
        Stopped: `stop_asked` said so.
    """
    with collector_paused():
        return _Run(history, orders).result(stores)


class _Run:
    """The state of one run while it goes on."""

    def __init__(self, history: History, orders: Orders) -> None:
        self._history = history
        self._orders = orders
        self._settings = settings_key(orders.parameters)
        self._books: dict[str, _Book] = {}
        self._skipped: list[Skipped] = []
        self._unreachable: list[str] = []
        self._known = history.readings(self._settings)
        self._first_sights = history.first_sights()
        self._open: dict[str, Notice] = {}
        self._lines: list[NoticeLine] = []
        self._written: list[str] = []
        self._alike: Counter[str] = Counter()
        self._settled: list[tuple[str, Version, float, Content]] = []
        self._unread: set[str] = set()
        self._rewritten: list[tuple[str, Version, float, Content]] = []

    def result(self, stores: Sequence[Store]) -> Result:
        """Do the whole run."""
        self._list(stores)
        read = self._read()
        plans = self._judge_and_write()
        self._add_unreadable()
        if self._orders.writes:
            self._history.remember(self._settings, self._rewritten)
            judged_paths = [path for path, book in self._books.items() if book.content]
            self._history.saw(self._open, judged_paths, self._orders.today)
        overview = Overview(plans, self._lines, self._book_lines())
        problems = [("", reason) for reason in self._unreachable]
        problems += [(b.listed.path, b.problem) for b in self._books.values() if b.problem]
        return Result(overview, self._written, problems, read)

    def _list(self, stores: Sequence[Store]) -> None:
        for store in stores:
            try:
                contents = store.contents()
            except StoreError as error:
                self._unreachable.append(str(error))
                self._recall(store)
                continue
            self._skipped.extend(contents.skipped)
            for listed in contents.workbooks:
                self._books[listed.path] = _Book(listed, store)
        self._books = dict(sorted(self._books.items()))

    def _recall(self, store: Store) -> None:
        """Show the workbooks of a store that cannot be reached as they were seen last."""
        prefix = f"{store.name}/" if store.name else ""
        for path, reading in self._known.items():
            if path.startswith(prefix):
                changed_at = datetime.fromtimestamp(reading.read_at, UTC)
                book = _Book(Listed(path, "", changed_at, ""), store, state=BookState.SKIPPED)
                book.content = reading.content()
                self._books[path] = book
                self._unread.add(path)

    def _read(self) -> int:
        """Take what is unchanged from the history and read the rest; how many were read."""
        known = {} if self._orders.full else self._known
        to_read = []
        for path, book in self._books.items():
            reading = known.get(path)
            if book.state is BookState.SKIPPED:
                continue
            content = self._unchanged_content(book, reading) if reading else None
            if reading and content:
                book.version, book.content = reading.version, content
                self._unread.add(path)
                if content.unreadable:
                    book.state = BookState.UNREADABLE
            else:
                to_read.append((book.store, path))
        orders = self._orders
        read_at = time.time()
        fresh = []
        how = How(orders.processes, to_write=True, progress=orders.progress)
        for outcome in read_all(to_read, orders.parameters, how):
            book = self._books[outcome.path]
            self._take(book, outcome)
            if book.version and book.content:
                fresh.append((outcome.path, book.version, read_at, book.content))
            self._stop_if_asked()
        if orders.writes:
            self._history.remember(self._settings, [*fresh, *self._settled])
        return len(to_read)

    def _unchanged_content(self, book: _Book, reading: Reading) -> Content | None:
        """What was read of the workbook before, where it has not changed since.

        Size and time tell; where the time is too close to the reading, the content does.
        """
        if book.listed.stamp != reading.version.stamp:
            return None
        changed_at = book.listed.changed_at.timestamp()
        content = reading.content()
        if content is None or changed_at < reading.read_at - DOUBT_SECONDS:
            return content
        looked_at = time.time()
        try:
            digest = book.store.digest(book.listed.path)
        except (StoreError, Unreadable):
            return None
        if digest != reading.version.digest:
            return None
        self._settled.append((book.listed.path, reading.version, looked_at, content))
        return content

    def _take(self, book: _Book, outcome: Outcome) -> None:
        """Take what was read; what could not be reached is shown as it was seen last."""
        book.version = outcome.version
        if outcome.failure:
            book.problem, book.state = outcome.failure, BookState.SKIPPED
            known = self._known.get(outcome.path)
            book.content = known.content() if known else None
        elif outcome.unreadable:
            book.content, book.state = Content(unreadable=outcome.unreadable), BookState.UNREADABLE
        else:
            book.content = Content(checked=outcome.checked)

    def _stop_if_asked(self) -> None:
        if self._orders.stop_asked():
            raise Stopped

    def _judge_and_write(self) -> list[PlanFigures]:
        """Judge every plan and write its workbooks; the figures of all but conflict copies."""
        context = Context(self._orders.parameters, self._orders.today)
        checked = [book.checked for book in self._books.values() if book.checked]
        plans = []
        for plan in judged(checked, context):
            if not plan.is_copy:
                plans.append(plan.figures)
            for workbook, notices in plan.workbooks:
                self._stop_if_asked()
                book = self._books[workbook.path]
                if plan.is_copy and book.state is BookState.CHECKED:
                    book.state = BookState.COPY
                first_seen = [self._note(n, book, workbook) for n in notices]
                owned = owned_by_job(workbook, notices, first_seen, self._orders.now)
                stands = book.checked.standing if book.checked else None
                if book.state is not BookState.SKIPPED and stands != owned.digest():
                    self._write(book, owned, workbook)
        return plans

    def _note(self, notice: Notice, book: _Book, workbook: Workbook | None) -> date:
        """Take a notice into the overview and the history; the day when it was first seen."""
        identity = identity_of(notice)
        self._alike[identity] += 1
        if self._alike[identity] > 1:
            identity = f"{identity}-{self._alike[identity]}"
        self._open[identity] = notice
        first_seen = self._first_sights.get(identity, self._orders.today)
        plan_id = workbook.form.plan_id if workbook else None
        area = workbook.form.area if workbook else None
        self._lines.append(NoticeLine(notice, plan_id, area, book.listed.address, first_seen))
        return first_seen

    def _write(self, book: _Book, owned: Owned, workbook: Workbook) -> None:
        path = workbook.path
        if not self._orders.writes:
            self._written.append(path)
            return
        if book.version is None or book.checked is None:
            raise RuntimeError(f"{path} was judged without having been read")
        try:
            version = book.store.write(path, book.version, owned)
        except StoreError as error:
            book.problem = str(error)
            if book.state is BookState.CHECKED:
                book.state = BookState.NOT_WRITTEN
            return
        self._written.append(path)
        now_there = replace(
            book.checked, rows=packed(_with_columns(workbook)), standing=owned.digest()
        )
        self._rewritten.append((path, version, time.time(), Content(checked=now_there)))

    def _add_unreadable(self) -> None:
        for book in self._books.values():
            if book.content and book.content.unreadable:
                self._note(book.content.unreadable, book, None)

    def _book_lines(self) -> list[BookLine]:
        """A line for every workbook there is, and for those that were there before."""
        counts: dict[str, Counter[Severity]] = defaultdict(Counter)
        for line in self._lines:
            counts[line.notice.workbook][line.notice.severity] += 1
        before = self._history.sightings()
        lines = [
            self._book_line(book, before.get(path), counts[path])
            for path, book in self._books.items()
        ]
        lines += [BookLine(one.path, "", BookState.SKIPPED, one.reason) for one in self._skipped]
        lines += self._missing(before)
        self._remember_sightings(lines, before)
        return sorted(lines, key=lambda line: line.path)

    def _book_line(
        self, book: _Book, known: Sighting | None, counts: Counter[Severity]
    ) -> BookLine:
        line = BookLine(
            path=book.listed.path,
            address=book.listed.address,
            state=book.state,
            reason=self._reason(book),
            changed_at=book.listed.changed_at.astimezone(self._orders.now.tzinfo),
        )
        if known and book.listed.path in self._unread:
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
            line = replace(line, checked_at=self._orders.now)
        return line

    def _reason(self, book: _Book) -> str:
        if book.content and book.content.unreadable:
            return book.content.unreadable.message
        if book.state is BookState.SKIPPED and not book.problem:
            return "Mappen kan ikke nås lige nu. Tallene er fra sidste kontrol."
        if book.state is BookState.COPY:
            return "Et andet regneark har samme Plan-id og boligområde."
        return book.problem

    def _missing(self, before: Mapping[str, Sighting]) -> list[BookLine]:
        """The workbooks that were there before; not where a whole folder cannot be reached."""
        here = {*self._books, *(one.path for one in self._skipped)}
        lines = []
        for path, known in before.items():
            if path in here:
                continue
            since = known.missing_since or self._orders.today
            reason = f"Filen har manglet siden {danish.day(since)}."
            if self._unreachable:
                reason = "Mappen kan ikke nås lige nu."
            state = BookState.SKIPPED if self._unreachable else BookState.MISSING
            lines.append(
                BookLine(
                    path,
                    "",
                    state,
                    reason,
                    known.plan_id,
                    known.area,
                    known.edited_at,
                    known.checked_at,
                )
            )
        return lines

    def _remember_sightings(
        self, lines: Sequence[BookLine], before: Mapping[str, Sighting]
    ) -> None:
        if not self._orders.writes:
            return
        changed = []
        for line in lines:
            missing_since = None
            if line.state is BookState.MISSING:
                known = before.get(line.path)
                missing_since = (known and known.missing_since) or self._orders.today
            if line.checked_at is not None:
                changed.append(
                    Sighting(
                        line.path,
                        line.plan_id,
                        line.area,
                        line.checked_at,
                        line.changed_at or line.checked_at,
                        missing_since,
                    )
                )
        self._history.sighted(changed)


def _with_columns(workbook: Workbook) -> Workbook:
    """The workbook as it is once the column Kontrol has been added where it was missing."""
    return replace(
        workbook,
        layouts={
            key: replace(layout, control_column=layout.control_column or layout.free_column)
            for key, layout in workbook.layouts.items()
        },
    )
