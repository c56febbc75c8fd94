"""What a run found, in the lines from which the overview is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from rules.judging.approval_log import LoggedApproval
from rules.judging.figures import PlanFigures
from rules.model.finding import Notice, Severity
from rules.model.plan import Activity, Employee, Workbook
from rules.text.marking import N_
from sheets_templates.report.description import Link
from sync.findings.annotations import counted
from sync.findings.comment_lines import CommentLine, CommentStatus, PlacedComment
from sync.findings.waiver_lines import Waiver, WaiverLine
from sync.history.findings import Place, Trend
from sync.i18n.language import _, plural


def cell_reference(tab: str, cell: str) -> str:
    """A cell as links name it: `'Indsatser'!C4`."""
    quoted = tab.replace("'", "''")
    return f"'{quoted}'!{cell}"


def area_name(area: str) -> str:
    """An area as it is shown, which is empty where it cannot be read."""
    return area or _("(intet område)")


class BookState(StrEnum):
    """What became of a workbook in this run."""

    CHECKED = N_("Kontrolleret")
    NOT_WRITTEN = N_("Kontrolleret, men ikke skrevet i")
    COPY = N_("Kopi, tæller ikke med")
    UNREADABLE = N_("Kan ikke læses")
    SKIPPED = N_("Sprunget over")
    MISSING = N_("Findes ikke længere")
    NEVER_SEEN = N_("Aldrig set")


@dataclass(frozen=True, slots=True)
class BookLine:
    """A workbook of the run, or one that was there before."""

    path: str
    address: str
    state: BookState
    reason: str = ""
    plan_id: str | None = None
    area: str | None = None
    changed_at: datetime | None = None
    checked_at: datetime | None = None
    counts: Mapping[Severity, int] | None = None

    @property
    def link(self) -> Link | str:
        """The path, leading to the workbook where it is within reach."""
        return Link(self.path, self.address) if self.address else self.path


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice, the identity of its finding, and what the overview shows beside it."""

    identity: str
    notice: Notice
    plan_id: str | None
    area: str | None
    address: str
    first_seen: date
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class PlanBook:
    """One of a plan's workbooks: its rows, and where it lies (empty: out of reach).

    `digest` changes with its values; empty where nobody made it.
    """

    workbook: Workbook
    address: str
    digest: str = ""

    @property
    def path(self) -> str:
        """By what the job knows the workbook."""
        return self.workbook.path

    @property
    def area(self) -> str:
        """The housing area; empty where it cannot be read."""
        return self.workbook.form.area or ""

    def link(self, text: str, table: str, row: int, key: str) -> Link:
        """Text that leads to the cell in this row under this column."""
        place = self.workbook.place(table, row, key)
        return self.link_to(text, place.tab, place.cell)

    def link_to(self, text: str, tab: str | None, cell: str | None) -> Link:
        """Text that leads to a cell of this workbook."""
        return Link(text, self.address, cell_reference(tab or "", cell or "A1"))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan of the overview: its figures, and the workbooks that they come from.

    `approvals` are all that were ever seen, by the day of the decision.
    """

    figures: PlanFigures
    books: tuple[PlanBook, ...]
    approvals: tuple[LoggedApproval, ...] = ()

    @property
    def key(self) -> str:
        """By what the history knows the plan: its Plan-id, or its workbook's path."""
        return self.figures.plan_id or self.books[0].workbook.path

    @property
    def name(self) -> str:
        """The plan's name; empty where there is none."""
        return self.figures.name or ""

    @property
    def link(self) -> Link:
        """The Plan-id, leading to the plan's first workbook."""
        return Link(self.figures.plan_id or _("(uden Plan-id)"), self.books[0].address)


@dataclass(frozen=True, slots=True)
class MissingPlan:
    """A plan, or a part of one, whose workbooks are gone: as it was when they were last read.

    Amounts are øre, None where they are not known; `reason` says what became of the workbooks.
    """

    plan_id: str
    name: str
    areas: tuple[str, ...]
    ends_on: date | None
    total_oere: int | None
    local_oere: int | None
    paths: tuple[str, ...]
    reason: str

    @property
    def label(self) -> str:
        """The Plan-id, or words in its place."""
        return self.plan_id or _("(uden Plan-id)")


R = TypeVar("R", Activity, Employee)


@dataclass(frozen=True, slots=True)
class PlacedRow(Generic[R]):
    """A row of a workbook, with the workbook and its plan."""

    plan: PlanLine
    book: PlanBook
    row: R

    def link(self, text: str | None, table: str, key: str) -> Link:
        """Text that leads to the row's cell in this column."""
        return self.book.link(text or _("(uden navn)"), table, self.row.row, key)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline; `on` is None where the day is missing or cannot be read.

    `key` is its own, and stays the same as long as it is the same deadline.
    `path` is the workbook's of a milestone, empty for all else. The day of one that `is_reckoned`
    is worked out from what is usual, and may move. One that `is_expiry` comes of a plan's end, one
    that `is_report` of what the programme demands.
    """

    on: date | None
    kind: str
    what: Link
    who: str
    plan: PlanLine
    area: str
    key: str
    path: str = ""
    is_reckoned: bool = False
    is_expiry: bool = False
    is_report: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the overview shows, conflict copies left out of `plans`.

    `missing` are plans that were counted before and belong to no sum now; `deadlines` are those
    that are near or overdue, the earliest first.
    `waivers_at` is where the waivers and the comments are opened; `placed` are the comments that
    can be seen, by workbook. `expected` are the Plan-ids that the configuration says must be there;
    `joined` are the paths of workbooks that newly joined a plan of others, with the day.
    """

    plans: Sequence[PlanLine]
    notices: Sequence[NoticeLine]
    books: Sequence[BookLine]
    waivers: Sequence[WaiverLine] = ()
    waivers_at: str = ""
    trend: Trend = field(default_factory=Trend)
    expected: Sequence[str] = ()
    joined: Mapping[str, date] = field(default_factory=dict)
    missing: Sequence[MissingPlan] = ()
    deadlines: Sequence[Deadline] = ()
    comments: Sequence[CommentLine] = ()
    placed: Mapping[str, Sequence[PlacedComment]] = field(default_factory=dict)

    @property
    def open_comments(self) -> list[CommentLine]:
        """The secretariat's comments that are not settled."""
        return [line for line in self.comments if line.standing is not CommentStatus.SETTLED]

    @property
    def open_notices(self) -> list[NoticeLine]:
        """The notices that the secretariat has not accepted."""
        return [line for line in self.notices if not line.waiver]

    @property
    def figures(self) -> list[PlanFigures]:
        """The figures of every plan."""
        return [plan.figures for plan in self.plans]

    @property
    def plan_books(self) -> Iterator[tuple[PlanLine, PlanBook]]:
        """Every workbook of every plan, with its plan."""
        return ((plan, book) for plan in self.plans for book in plan.books)

    def area_link(self, area: str) -> Link:
        """The area, leading to its first workbook; nowhere where there is none."""
        addresses = (book.address for _plan, book in self.plan_books if book.area == area)
        return Link(area_name(area), next(addresses, ""))

    def counts_by_place(self) -> dict[Place, Counter[Severity]]:
        """How many findings are open in each area of each plan, conflict copies left out."""
        of_book = Counter((one.notice.workbook, one.notice.severity) for one in self.open_notices)
        counts: dict[Place, Counter[Severity]] = {}
        for plan, book in self.plan_books:
            place = plan.key, book.area
            own = Counter({severity: of_book[book.path, severity] for severity in Severity})
            counts[place] = counts.get(place, Counter()) + own
        return counts

    @property
    def books_there(self) -> Sequence[BookLine]:
        """The workbooks but those that were only there before."""
        return [line for line in self.books if line.state is not BookState.MISSING]

    def summary(self) -> str:
        """How many plans, workbooks and findings there are."""
        counts = Counter(line.notice.severity for line in self.open_notices)
        plans = plural("{count} plan", "{count} planer", len(self.plans))
        books = plural("{count} regneark", "{count} regneark", len(self.books_there))
        text = f"{plans}, {books}, {counted(counts)}"
        gone = plural("{count} plan mangler", "{count} planer mangler", len(self.missing))
        return f"{text}; {gone}" if self.missing else text
