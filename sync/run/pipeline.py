"""One run of the job: list -> read -> judge -> write back -> overview -> history.

What is unchanged since the last run is not opened: what was read then is judged again, since
findings depend on the day and on other plans.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rules.catalogue.catalogue import notice_of, texts_key
from rules.catalogue.verdict import Verdict
from rules.judging.rule import Context
from rules.model.finding import Finding, Severity
from rules.model.plan import Workbook
from sync.check.fault import Fault, guarded
from sync.check.gc_pause import collector_paused
from sync.check.judging import FailedPlan, JudgedPlan, JudgedWorkbook, judged
from sync.check.reading import How, ReadOutcome, read_all
from sync.findings.annotations import Shown, owned_by_job
from sync.findings.identity import identities_of
from sync.findings.owned import Owned
from sync.findings.side_sheets import unreadable
from sync.findings.waivers import Waiver, Waivers
from sync.history.history import History
from sync.history.readings import Content, StoredReading, packed, settings_key
from sync.history.trend import Trend
from sync.overview.model import BookLine, BookState, NoticeLine, Overview, PlanBook, PlanLine
from sync.run.inventory import Book, Ledger
from sync.run.options import Orders, Stopped
from sync.run.result import Result, tally_of
from sync.run.side_workbooks import Asides
from sync.run.unchanged import Listing, known_tally, list_all, paths_of, remember, situation_of
from sync.stores.base import (
    Contents,
    ListedWorkbook,
    Skipped,
    Store,
    StoreError,
    Unreadable,
    Version,
)

DOUBT_SECONDS = 2.0
"""A file changed this shortly before it was read may have changed again within its time stamp."""


def run(stores: Sequence[Store], history: History, orders: Orders) -> Result:
    """Check all workbooks, write back what differs, and say what the overview shall show.

    Where everything is as the run before left it, nothing is judged until somebody asks for it.

    Raises:
        Stopped: `stop_asked` said so.
    """
    with collector_paused():
        listed = list_all(stores)
        if not orders.writes:
            return _Run(history, orders).result(listed)
        told = (orders.waivers, sorted(orders.never_waived), orders.expected_plans)
        words = texts_key(orders.parameters.language)
        key = settings_key(orders.parameters)
        situation = situation_of(listed, (key, words), orders.today, told)
        if not orders.full and (known := known_tally(history, situation)):
            history.last_seen.record_unchanged(paths_of(listed), orders.now)

            def judge() -> Overview:
                return _Run(history, orders).result(listed).overview

            return Result(known, judge, is_standstill=True)
        result = _Run(history, orders).result(listed)
        remember(history, situation if result.is_still else "", result.tally)
        return result


class _Run:
    """The state of one run while it goes on."""

    def __init__(self, history: History, orders: Orders) -> None:
        self._history = history
        self._orders = orders
        known = history.approved.by_key()
        self._context = Context(orders.parameters, orders.today, known)
        self._settings = settings_key(orders.parameters)
        self._books: dict[str, Book] = {}
        self._skipped: list[Skipped] = []
        self._unreachable: list[str] = []
        self._known = history.readings.under(self._settings)
        self._first_sights = history.findings.first_seen()
        self._alone: dict[str, Verdict] = {}
        self._seen: dict[str, Finding] = {}
        self._waivers = Waivers(
            orders.waivers or (), orders.never_waived, history.notes.waiver_ties, orders.today
        )
        self._accepted: dict[str, Waiver] = {}
        self._lines: list[NoticeLine] = []
        self._written: list[str] = []
        self._settled: list[tuple[str, Version, float, Content]] = []
        self._unread: set[str] = set()
        self._rewritten: list[tuple[str, Version, float, Content]] = []
        self._contents: list[tuple[Store, Contents]] = []
        self._asides = Asides()

    def result(self, listed: Sequence[Listing]) -> Result:
        """Do the whole run."""
        self._list(listed)
        read = self._read()
        plans = self._judge_and_write()
        self._add_unreadable()
        beside = self._asides.lay(self._contents, self._books) if self._orders.writes else []
        if self._orders.writes:
            self._history.readings.keep(self._settings, self._rewritten)
            judged_paths = [path for path, book in self._books.items() if book.content]
            self._history.findings.record(
                self._seen, self._accepted, judged_paths, self._orders.today
            )
            if self._orders.waivers is not None:
                self._history.notes.waiver_ties = self._waivers.to_remember()
        waivers, where = self._waivers.lines(), self._orders.waivers_at
        overview = Overview(plans, self._lines, self._book_lines(), waivers, where)
        overview = replace(
            overview, trend=self._trend(overview), expected=self._orders.expected_plans
        )
        problems = [("", reason) for reason in self._unreachable]
        problems += [
            (path, " ".join(filter(None, (book.problem, book.where_told))))
            for path, book in self._books.items()
            if book.problem
        ]
        problems += [one for laid in beside for one in laid.problems if one[0] not in self._books]
        laid = [path for one in beside for path in (*one.written, *one.removed)]
        return Result(
            tally_of(overview), lambda: overview, self._written, problems, read, beside,
            is_still=not any((read, self._settled, self._written, problems, laid)),
            taken_over=self._waivers.taken_over,
        )  # fmt: skip

    def _trend(self, overview: Overview) -> Trend:
        """How the findings have come and gone, this run among them where it may write."""
        trends, today = self._history.trends, self._orders.today
        if self._orders.writes:
            judged_paths = [path for path, book in self._books.items() if book.content]
            trends.record(overview.counts_by_place(), self._seen, judged_paths, today)
        areas = {book.workbook.path: book.area for _, book in overview.plan_books}
        return trends.as_of(areas, today)

    def _list(self, listed: Sequence[Listing]) -> None:
        for store, contents in listed:
            if isinstance(contents, StoreError):
                self._unreachable.append(str(contents))
                self._recall(store)
                continue
            self._contents.append((store, contents))
            self._skipped.extend(contents.skipped)
            for workbook in contents.workbooks:
                self._books[workbook.path] = Book(workbook, store)
        self._books = dict(sorted(self._books.items()))

    def _recall(self, store: Store) -> None:
        """Show the workbooks of a store that cannot be reached as they were seen last."""
        prefix = f"{store.name}/" if store.name else ""
        for path, reading in self._known.items():
            if path.startswith(prefix):
                changed_at = datetime.fromtimestamp(reading.read_at, UTC)
                book = Book(
                    ListedWorkbook(path, "", changed_at, ""), store, state=BookState.SKIPPED
                )
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
        for outcome in read_all(to_read, self._context, how):
            book = self._books[outcome.path]
            self._take(book, outcome)
            if outcome.alone:
                self._alone[outcome.path] = outcome.alone
            if book.version and book.content:
                fresh.append((outcome.path, book.version, read_at, book.content))
            self._stop_if_asked()
        if orders.writes:
            self._history.readings.keep(self._settings, [*fresh, *self._settled])
        return len(to_read)

    def _unchanged_content(self, book: Book, reading: StoredReading) -> Content | None:
        """What was read of the workbook before, where it has not changed since.

        Size and time tell; where the time is too close to the reading, the content does.
        """
        if book.listed.stamp != reading.version.stamp:
            return None
        changed_at = book.listed.changed_at.timestamp()
        content = reading.content()
        is_certain = book.listed.is_certain or changed_at < reading.read_at - DOUBT_SECONDS
        if content is None or is_certain:
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

    def _take(self, book: Book, outcome: ReadOutcome) -> None:
        """Take what was read; what could not be reached is shown as it was seen last."""
        book.version = outcome.version
        if outcome.failure:
            book.problem, book.state = str(outcome.failure), BookState.SKIPPED
            known = self._known.get(outcome.path)
            book.content = known.content() if known else None
        elif outcome.unreadable:
            book.content, book.state = Content(unreadable=outcome.unreadable), BookState.UNREADABLE
        else:
            book.content = Content(checked=outcome.checked)

    def _stop_if_asked(self) -> None:
        if self._orders.stop_asked():
            raise Stopped

    def _judge_and_write(self) -> list[PlanLine]:
        """Judge every plan and write its workbooks; the lines of all but conflict copies."""
        readings = [
            ReadOutcome(path, checked=book.checked, alone=self._alone.get(path))
            for path, book in self._books.items()
        ]
        plans = []
        seen = {}
        for plan in judged(readings, self._context):
            if isinstance(plan, FailedPlan):
                for path in plan.paths:
                    book = self._books[path]
                    book.problem, book.content = str(plan.fault), None
                    book.state = BookState.SKIPPED
                continue
            workbooks = [judged_book.workbook() for judged_book in plan.books]
            if plan.approved:
                seen[plan.key] = plan.approved
            if not plan.is_copy:
                own = tuple(map(self._plan_book, workbooks, plan.books))
                plans.append(PlanLine(plan.figures, own))
                self._accept(plan)
            for workbook, judged_book in zip(workbooks, plan.books, strict=True):
                findings = judged_book.findings
                self._stop_if_asked()
                book = self._books[workbook.path]
                if plan.is_copy and book.state is BookState.CHECKED:
                    book.state = BookState.COPY
                    book.copy_of = self._copy_of(findings)
                owned = owned_by_job(
                    workbook, self._noted(findings, book, workbook), self._orders.now
                )
                stands = book.checked.standing if book.checked else None
                if book.state is not BookState.SKIPPED and stands != owned.digest():
                    self._write(book, owned, workbook)
        if self._orders.writes:
            self._history.approved.record(self._context.approved, seen)
        return plans

    def _copy_of(self, findings: Sequence[Finding]) -> str:
        """What is said of a conflict copy, where something is."""
        language = self._orders.parameters.language
        said = (notice_of(one, language).message for one in findings if one.code == "STR-06")
        return next(said, "")

    def _plan_book(self, workbook: Workbook, judged_book: JudgedWorkbook) -> PlanBook:
        digest = hashlib.blake2b(judged_book.checked.rows, digest_size=16).hexdigest()
        return PlanBook(workbook, self._books[workbook.path].listed.address, digest)

    def _accept(self, plan: JudgedPlan) -> None:
        """Look which of a plan's findings the secretariat has accepted."""
        by_identity = {
            identity: finding
            for book in plan.books
            for identity, finding in zip(identities_of(book.findings), book.findings, strict=True)
        }
        self._accepted |= self._waivers.accepted(plan.figures.plan_id, by_identity)

    def _noted(
        self, findings: Sequence[Finding], book: Book, workbook: Workbook | None
    ) -> list[Shown]:
        """Take a workbook's findings into the history, and in words into the overview."""
        plan_id = workbook.form.plan_id if workbook else None
        area = workbook.form.area if workbook else None
        all_shown = []
        language = self._orders.parameters.language
        for identity, finding in zip(identities_of(findings), findings, strict=True):
            self._seen[identity] = finding
            notice = notice_of(finding, language)
            first_seen = self._first_sights.get(identity, self._orders.today)
            waiver = self._accepted.get(identity)
            all_shown.append(Shown(notice, first_seen, waiver))
            self._lines.append(
                NoticeLine(identity, notice, plan_id, area, book.listed.address, first_seen, waiver)
            )
        return all_shown

    def _write(self, book: Book, owned: Owned, workbook: Workbook) -> None:
        path = workbook.path
        if not self._orders.writes:
            self._written.append(path)
            return
        if book.version is None or book.checked is None:
            raise RuntimeError(f"{path} was judged without having been read")
        try:
            written = guarded("write", book.store.write, path, book.version, owned)
        except StoreError as error:
            book.problem = str(error)
            self._asides.not_written(path, error, owned)
            if book.state is BookState.CHECKED:
                book.state = BookState.NOT_WRITTEN
            return
        if isinstance(written, Fault):
            written.log(path)
            book.problem = str(written)
            book.state = BookState.NOT_WRITTEN
            self._asides.undecided.add(path)
            return
        self._written.append(path)
        now_there = replace(
            book.checked,
            rows=packed(_with_columns(workbook, written.added)),
            standing=owned.digest(),
        )
        self._rewritten.append((path, written.version, time.time(), Content(checked=now_there)))

    def _add_unreadable(self) -> None:
        for book in self._books.values():
            if book.content and book.content.unreadable:
                (found,) = self._noted([book.content.unreadable], book, None)
                path = book.listed.path
                self._asides.told[path] = unreadable(path, found, self._orders.now)

    def _book_lines(self) -> list[BookLine]:
        """A line for every workbook there is, and for those that were there before."""
        counts: dict[str, Counter[Severity]] = defaultdict(Counter)
        for line in self._lines:
            if not line.waiver:
                counts[line.notice.workbook][line.notice.severity] += 1
        ledger = Ledger(self._orders.now, self._history.last_seen.by_path())
        for path, book in self._books.items():
            ledger.add(book, counts[path], is_unread=path in self._unread)
        ledger.add_skipped(self._skipped)
        ledger.add_missing(some_unreachable=bool(self._unreachable))
        if self._orders.writes:
            self._history.last_seen.record(ledger.last_seen())
        return sorted(ledger.lines, key=lambda line: line.path)


def _with_columns(workbook: Workbook, added: Mapping[str, int]) -> Workbook:
    """The workbook as it is once the column Kontrol has been added where it was missing."""
    return replace(
        workbook,
        layouts={
            key: replace(layout, control_column=layout.control_column or added.get(layout.name))
            for key, layout in workbook.layouts.items()
        },
    )
