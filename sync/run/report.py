"""What a run comes to: workbooks stage by stage, the overview's lines, what stood in the way."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from rules.judging.approval_log import LoggedApproval, logged
from rules.model.finding import Severity
from rules.model.plan import Workbook
from rules.text.danish import id_key, name_key
from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.check.check import JudgedPlan
from sync.check.reading import Inventory, ReadOutcome
from sync.findings.annotations import Shown
from sync.findings.comment_lines import PlacedComment
from sync.findings.owned import SideSheet
from sync.findings.waiver_lines import TakenOver
from sync.history.database import HistoryOpening
from sync.history.history import History
from sync.history.readings import Reading
from sync.history.runs import Tally, UnchangedSituation
from sync.history.workbooks import LastSeen
from sync.i18n.language import _, spoken
from sync.overview.model import BookLine, BookState, NoticeLine, Overview, PlanBook, PlanLine
from sync.stores.base import ListedWorkbook, SideWorkbookChanges, Store

Problem = tuple[str, str]
"""A path (empty where it is of no workbook), and what stood in the way, in words."""
_NOT_COUNTED = N_("Planen {plan} er ikke talt med. {reason}")


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What came of writing into a workbook: a `problem` in words, or nothing in the way.

    `to_keep` is what stands there now, None in a dry run. What cannot be written stands in the
    `side_sheet`; where `is_undecided`, the next run will know whether it can. `is_changed` is False
    where nothing had to be changed after all; `notes` are worth knowing, and hinder nothing. `own`
    is what is known to be the job's from now on, as in `RawWorkbook.own`.
    """

    problem: str = ""
    to_keep: Reading | None = None
    side_sheet: SideSheet | None = None
    is_undecided: bool = False
    is_changed: bool = True
    notes: Sequence[str] = ()
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunWorkbook:
    """A workbook of a run.

    `reading` is what was read of it, now or before: `is_recalled` says that it was not opened this
    time, `is_reached` is False where its store is out of reach. `shown` are its findings in sheet
    order, by identity, `comments` what the secretariat writes to it; `rows` are its values, None
    where it was not judged. `written` is None where nothing had to be written. `side_workbook` is
    the name of the one beside it, `side_problem` what stood in that one's way.
    """

    listed: ListedWorkbook
    store: Store
    reading: ReadOutcome
    is_recalled: bool = False
    is_reached: bool = True
    shown: Mapping[str, Shown] = field(default_factory=dict)
    comments: Sequence[PlacedComment] = ()
    rows: Workbook | None = None
    is_copy: bool = False
    written: WriteOutcome | None = None
    side_workbook: str = ""
    side_problem: str = ""

    @property
    def path(self) -> str:
        """The workbook's path."""
        return self.listed.path

    @property
    def is_current(self) -> bool:
        """Whether what was read is what stands there now."""
        return self.is_reached and not self.reading.failure

    @property
    def has_content(self) -> bool:
        """Whether something is known of what stands in it."""
        return bool(self.reading.checked or self.reading.unreadable)

    @property
    def problem(self) -> str:
        """What stood in the way, in words; empty where nothing did."""
        of_writing = self.written.problem if self.written else ""
        problems = (str(self.reading.failure), of_writing, self.side_problem)
        return " ".join(filter(None, problems))

    @property
    def where_shown(self) -> str:
        """A sentence that says where the findings stand, if they do so in a side workbook."""
        if not self.side_workbook:
            return ""
        return _("Advarslerne står i »{file}«.").format(file=quoted(self.side_workbook, 300))

    @property
    def state(self) -> BookState:
        """What became of it."""
        if not self.is_current:
            return BookState.SKIPPED
        if self.reading.unreadable:
            return BookState.UNREADABLE
        if self.is_copy:
            return BookState.COPY
        is_refused = self.written and self.written.problem
        return BookState.NOT_WRITTEN if is_refused else BookState.CHECKED

    @property
    def reason(self) -> str:
        """Why it is in its state, in words."""
        reason = ""
        if self.reading.unreadable:
            reason = next(iter(self.shown.values())).notice.message
        elif self.state is BookState.SKIPPED and not self.problem:
            reason = _("Regnearket kan ikke nås lige nu. Tallene er fra sidste kontrol.")
        elif self.state is BookState.COPY:
            notices = [one.notice for one in self.shown.values()]
            copies = (notice.message for notice in notices if notice.code == "STR-06")
            reason = next(copies, _("Et andet regneark har samme Plan-id og boligområde."))
        return " ".join(filter(None, (reason, self.problem, self.where_shown)))


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run came to. `overview` is None where nothing has changed: nothing was judged then.

    `read` is how many workbooks were opened; `is_settled` says that the time stamps of the others
    left no doubt. `notes` are worth knowing, and hinder nothing. `old_copies` are the names of
    copies of the overview that it has caught up with, `taken_over` the waivers of the version
    before. `mails` counts those that went out, by whom they are for.
    """

    tally: Tally
    overview: Overview | None = None
    written: Sequence[str] = field(default_factory=list)
    problems: Sequence[Problem] = field(default_factory=list)
    read: int = 0
    is_settled: bool = True
    side_workbooks: Sequence[SideWorkbookChanges] = ()
    old_copies: Sequence[str] = ()
    taken_over: TakenOver = field(default_factory=TakenOver)
    history: HistoryOpening = field(default_factory=HistoryOpening)
    notes: Sequence[Problem] = ()
    mails: Counter[str] = field(default_factory=Counter)

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
    missing = [
        (plan.paths[0], _(_NOT_COUNTED).format(plan=plan.label, reason=plan.reason))
        for plan in overview.missing
    ]
    return Tally(len(overview.plans), len(overview.books_there), counts, missing)


def plan_lines(plans: Iterable[JudgedPlan], workbooks: Mapping[str, RunWorkbook]) -> list[PlanLine]:
    """A line for every plan; conflict copies are left out."""
    return [
        PlanLine(plan.figures, tuple(_plan_book(workbooks[path]) for path in plan.findings))
        for plan in plans
        if not plan.is_copy
    ]


def with_approvals(
    overview: Overview, known: Mapping[str, Sequence[LoggedApproval]], today: date
) -> list[PlanLine]:
    """The overview's plans with every approval of them that was ever seen."""
    incomplete = {id_key(one.plan_id) for one in overview.missing}
    return [
        replace(
            plan,
            approvals=logged(
                known.get(id_key(plan.key), ()),
                plan.figures.rounds,
                plan.figures.total_oere,
                today,
                is_whole=id_key(plan.key) not in incomplete,
            ),
        )
        for plan in overview.plans
    ]


def _plan_book(one: RunWorkbook) -> PlanBook:
    checked = one.reading.checked
    if one.rows is None or checked is None:
        raise RuntimeError(f"{one.path} was judged without having been read")
    digest = hashlib.blake2b(checked.rows, digest_size=16).hexdigest()
    return PlanBook(one.rows, one.listed.address, digest)


def notice_lines(workbooks: Iterable[RunWorkbook]) -> Iterator[NoticeLine]:
    """A line for every finding."""
    for one in workbooks:
        form = one.rows.form if one.rows else None
        plan_id, area = (form.plan_id, form.area) if form else (None, None)
        address = one.listed.address
        for identity, found in one.shown.items():
            yield NoticeLine(
                identity, found.notice, plan_id, area, address, found.first_seen, found.waiver
            )


def problems_of(
    inventory: Inventory,
    workbooks: Mapping[str, RunWorkbook],
    all_changes: Iterable[SideWorkbookChanges],
) -> Iterator[Problem]:
    """What stood in the way, in words; by workbook in path order."""
    yield from (("", reason) for _store, reason in inventory.unreachable)
    yield from inventory.passed_over
    for path, one in sorted(workbooks.items()):
        if one.problem:
            yield path, " ".join(filter(None, (one.problem, one.where_shown)))
    for changes in all_changes:
        yield from (problem for problem in changes.problems if problem[0] not in workbooks)


def workbook_lines(
    inventory: Inventory,
    workbooks: Mapping[str, RunWorkbook],
    before: Mapping[str, LastSeen],
    now: datetime,
) -> list[BookLine]:
    """A line for every workbook there is, and for those that were there `before`, by path."""
    lines = [_line(one, before.get(path), now) for path, one in workbooks.items()]
    lines += [BookLine(one.path, "", BookState.SKIPPED, one.reason) for one in inventory.skipped]
    here = {line.path for line in lines}
    is_unsure = bool(inventory.unreachable)
    lines += [
        _line_of_missing(known, now.date(), is_unsure=is_unsure)
        for path, known in before.items()
        if path not in here
    ]
    return sorted(lines, key=lambda line: line.path)


def _line(one: RunWorkbook, known: LastSeen | None, now: datetime) -> BookLine:
    changed_at = one.listed.changed_at.astimezone(now.tzinfo)
    placed = one.reading.checked.entry if one.reading.checked else known
    is_checked = one.has_content and one.is_current
    open_now = [found.notice.severity for found in one.shown.values() if not found.waiver]
    return BookLine(
        one.path,
        one.listed.address,
        one.state,
        one.reason,
        placed.plan_id if placed else None,
        placed.area if placed else None,
        known.edited_at if known and one.is_recalled else changed_at,
        now if is_checked else known.checked_at if known else None,
        Counter(open_now) if one.has_content else None,
    )


def _line_of_missing(known: LastSeen, today: date, *, is_unsure: bool) -> BookLine:
    """The line of a workbook that was there before; where a source is out of reach nobody knows."""
    since = spoken().day(known.missing_since or today)
    state = BookState.MISSING
    reason = _("Regnearket har manglet siden {day}.").format(day=since)
    if is_unsure:
        state, reason = BookState.SKIPPED, _("Regnearket kan ikke nås lige nu.")
    return BookLine(
        known.path, "", state, reason, known.plan_id, known.area, known.edited_at, known.checked_at
    )


def joined_plans(
    overview: Overview, before: Mapping[str, LastSeen], known: Mapping[str, date], today: date
) -> dict[str, date]:
    """The paths of workbooks that joined a plan of others in the last week, with the day."""
    a_week_ago = today - timedelta(days=7)
    found = {
        book.path: today
        for plan in overview.plans
        for book in plan.books
        if any(_was_of(before, other.path, plan) for other in plan.books)
        and not _was_of(before, book.path, plan)
    }
    return found | {path: day for path, day in known.items() if day >= a_week_ago}


def _was_of(before: Mapping[str, LastSeen], path: str, plan: PlanLine) -> bool:
    known = before.get(path)
    return known is not None and name_key(known.plan_id or "") == name_key(
        plan.figures.plan_id or ""
    )


def last_seen(
    lines: Iterable[BookLine], before: Mapping[str, LastSeen], today: date
) -> Iterator[LastSeen]:
    """What is to be remembered of the workbooks that were ever checked."""
    for line in lines:
        never_read = line.state is BookState.UNREADABLE and line.path not in before
        if line.checked_at is None or never_read:  # nobody misses it when it is gone
            continue
        missing_since = None
        if line.state is BookState.MISSING:
            known = before.get(line.path)
            missing_since = (known and known.missing_since) or today
        yield LastSeen(
            line.path, line.plan_id, line.area, line.checked_at,
            line.changed_at or line.checked_at, missing_since,
        )  # fmt: skip


def remember_situation(
    history: History, situation: str, report: RunReport, inventory: Inventory
) -> None:
    """Remember the situation where the run had nothing to read, to write or to send in it.

    Else the next run must look. So it must where something could not be done; that something is
    passed over belongs to the situation.
    """
    beside = [path for one in report.side_workbooks for path in (*one.written, *one.removed)]
    failures = [one for one in report.problems if one not in inventory.passed_over]
    done = (report.read, report.written, failures, beside)
    is_unchanged = situation and report.is_settled and not any(done)
    history.notes.unchanged = UnchangedSituation(situation, report.tally) if is_unchanged else None
