"""What a run came to: the lines of the overview, and what stood in the way."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from rules.model.finding import Severity
from rules.text.quoting import quoted
from sync.check.inventory import Inventory
from sync.check.judging import JudgedPlan
from sync.findings.waivers import TakenOver
from sync.history.last_seen import LastSeen
from sync.history.notes import Tally
from sync.i18n.language import _, spoken
from sync.overview.model import BookLine, BookState, NoticeLine, Overview, PlanBook, PlanLine
from sync.run.recall import RunWorkbook
from sync.run.writing import ShownWorkbook, WriteOutcome
from sync.stores.base import SideWorkbookChanges

Problem = tuple[str, str]
"""A path (empty where it is of no workbook), and what stood in the way, in words."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to. `overview` is None where nothing has changed: nothing was judged then.

    `read` is how many workbooks were opened; `is_settled` says that the time stamps of the others
    left no doubt. `old_copies` are the names of copies of the overview that it has caught up with,
    `taken_over` the waivers of the version before. The last three say what became of the history
    before the run: it was damaged; came back from its spare copy; was brought from its file into
    the database.
    """

    tally: Tally
    overview: Overview | None = None
    written: Sequence[str] = field(default_factory=list)
    problems: Sequence[Problem] = field(default_factory=list)
    read: int = 0
    is_settled: bool = True
    beside: Sequence[SideWorkbookChanges] = ()
    old_copies: Sequence[str] = ()
    taken_over: TakenOver = field(default_factory=TakenOver)
    history_was_lost: bool = False
    history_was_restored: bool = False
    history_was_brought: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether everything is as the run before left it."""
        return self.overview is None

    @property
    def counts(self) -> Counter[Severity]:
        """How many open findings of each severity there are."""
        return Counter(self.tally.counts)

    def with_problems(self, more: Iterable[Problem]) -> RunReport:
        """The report, and what stood in the way besides."""
        return replace(self, problems=[*self.problems, *more])


def tally_of(overview: Overview) -> Tally:
    """How much an overview shows."""
    counts = Counter(line.notice.severity for line in overview.open_notices)
    return Tally(len(overview.plans), len(overview.books), counts)


def plan_lines(results: WorkbookResults) -> list[PlanLine]:
    """A line for every plan; conflict copies are left out."""
    return [
        PlanLine(plan.figures, tuple(_plan_book(results.shown[book.path]) for book in plan.books))
        for plan in results.plans
        if not plan.is_copy
    ]


def _plan_book(one: ShownWorkbook) -> PlanBook:
    checked = one.workbook.reading.checked
    if one.rows is None or checked is None:
        raise RuntimeError(f"{one.path} was judged without having been read")
    digest = hashlib.blake2b(checked.rows, digest_size=16).hexdigest()
    return PlanBook(one.rows, one.workbook.listed.address, digest)


def notice_lines(shown: Iterable[ShownWorkbook]) -> Iterator[NoticeLine]:
    """A line for every finding."""
    for one in shown:
        form = one.rows.form if one.rows else None
        plan_id, area = (form.plan_id, form.area) if form else (None, None)
        address = one.workbook.listed.address
        for identity, found in one.shown.items():
            yield NoticeLine(
                identity, found.notice, plan_id, area, address, found.first_seen, found.waiver
            )


@dataclass(frozen=True, slots=True)
class WorkbookResults:
    """What became of all workbooks of a run, stage by stage."""

    inventory: Inventory
    workbooks: Mapping[str, RunWorkbook]
    plans: Sequence[JudgedPlan]
    shown: Mapping[str, ShownWorkbook]
    outcomes: Mapping[str, WriteOutcome]
    beside: Sequence[SideWorkbookChanges]

    @property
    def judged_paths(self) -> list[str]:
        """The workbooks of which the findings are known."""
        return [path for path, one in self.workbooks.items() if one.has_content]

    def problems(self) -> Iterator[Problem]:
        """What stood in the way, in words."""
        yield from (("", reason) for _, reason in self.inventory.unreachable)
        for path in self.workbooks:
            if problem := self.problem_with(path):
                yield path, " ".join(filter(None, (problem, self.where_shown(path))))
        for changes in self.beside:
            yield from (one for one in changes.problems if one[0] not in self.workbooks)

    def problem_with(self, path: str) -> str:
        """What stood in the way of one workbook; empty where nothing did."""
        outcome = self.outcomes.get(path, WriteOutcome())
        beside = (reason for one in self.beside for of, reason in one.problems if of == path)
        failure = str(self.workbooks[path].reading.failure)
        return " ".join(filter(None, (failure, outcome.problem, *beside)))

    def where_shown(self, path: str) -> str:
        """A sentence that says where the findings stand, if they do so in a side workbook."""
        for changes in self.beside:
            if name := changes.names.get(path):
                return _("Advarslerne står i »{file}«.").format(file=quoted(name, 300))
        return ""

    def state_of(self, path: str) -> BookState:
        """What became of one workbook."""
        workbook, shown, outcome = (
            self.workbooks[path], self.shown.get(path), self.outcomes.get(path),
        )  # fmt: skip
        if not workbook.is_current:
            return BookState.SKIPPED
        if workbook.reading.unreadable:
            return BookState.UNREADABLE
        if shown and shown.is_copy:
            return BookState.COPY
        return BookState.NOT_WRITTEN if outcome and outcome.problem else BookState.CHECKED

    def reason_of(self, path: str) -> str:
        """Why a workbook is in its state, in words."""
        state, problem = self.state_of(path), self.problem_with(path)
        notices = (
            [one.notice for one in self.shown[path].shown.values()] if path in self.shown else []
        )
        reason = ""
        if self.workbooks[path].reading.unreadable:
            reason = notices[0].message
        elif state is BookState.SKIPPED and not problem:
            reason = _("Regnearket kan ikke nås lige nu. Tallene er fra sidste kontrol.")
        elif state is BookState.COPY:
            copies = (notice.message for notice in notices if notice.code == "STR-06")
            reason = next(copies, _("Et andet regneark har samme Plan-id og boligområde."))
        return " ".join(filter(None, (reason, problem, self.where_shown(path))))


def workbook_lines(
    results: WorkbookResults,
    notices: Iterable[NoticeLine],
    before: Mapping[str, LastSeen],
    now: datetime,
) -> list[BookLine]:
    """A line for every workbook there is, and for those that were there `before`, by path."""
    counts: dict[str, Counter[Severity]] = defaultdict(Counter)
    for line in notices:
        if not line.waiver:
            counts[line.notice.workbook][line.notice.severity] += 1
    lines = [
        _line(results, path, counts[path], before.get(path), now) for path in results.workbooks
    ]
    lines += [
        BookLine(one.path, "", BookState.SKIPPED, one.reason) for one in results.inventory.skipped
    ]
    here = {line.path for line in lines}
    is_unsure = bool(results.inventory.unreachable)
    lines += [
        _line_of_missing(known, now.date(), is_unsure=is_unsure)
        for path, known in before.items()
        if path not in here
    ]
    return sorted(lines, key=lambda line: line.path)


def _line(
    results: WorkbookResults,
    path: str,
    counts: Counter[Severity],
    known: LastSeen | None,
    now: datetime,
) -> BookLine:
    workbook, state = results.workbooks[path], results.state_of(path)
    line = BookLine(
        path=path,
        address=workbook.listed.address,
        state=state,
        reason=results.reason_of(path),
        changed_at=workbook.listed.changed_at.astimezone(now.tzinfo),
    )
    if known and workbook.is_recalled:
        line = replace(line, changed_at=known.edited_at)
    if known:
        line = replace(line, plan_id=known.plan_id, area=known.area, checked_at=known.checked_at)
    if checked := workbook.reading.checked:
        line = replace(line, plan_id=checked.entry.plan_id, area=checked.entry.area)
    if workbook.has_content:
        line = replace(line, counts=counts)
        if state is not BookState.SKIPPED:
            line = replace(line, checked_at=now)
    return line


def _line_of_missing(known: LastSeen, today: date, *, is_unsure: bool) -> BookLine:
    """The line of a workbook that was there before; where a source is out of reach nobody knows."""
    since = spoken().day(known.missing_since or today)
    state, reason = (
        (BookState.SKIPPED, _("Regnearket kan ikke nås lige nu."))
        if is_unsure
        else (
            BookState.MISSING,
            _("Regnearket har manglet siden {day}.").format(day=since),
        )
    )
    return BookLine(
        known.path, "", state, reason, known.plan_id, known.area, known.edited_at, known.checked_at
    )


def last_seen(
    lines: Iterable[BookLine], before: Mapping[str, LastSeen], today: date
) -> Iterator[LastSeen]:
    """What is to be remembered of the workbooks that were ever checked."""
    for line in lines:
        if line.checked_at is None:
            continue
        missing_since = None
        if line.state is BookState.MISSING:
            known = before.get(line.path)
            missing_since = (known and known.missing_since) or today
        yield LastSeen(
            line.path, line.plan_id, line.area, line.checked_at,
            line.changed_at or line.checked_at, missing_since,
        )  # fmt: skip
