"""A workbook on its way through a run: each stage gives it back with what came of it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.model.finding import Finding
from rules.model.plan import Workbook
from rules.text.quoting import quoted
from sync.check.reading import ReadOutcome
from sync.findings.annotations import Shown
from sync.findings.owned import SideSheet
from sync.history.readings import Content
from sync.i18n.language import _
from sync.overview.model import BookState
from sync.stores.base import ListedWorkbook, Store, Version


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What came of writing into a workbook: a `problem` in words, or nothing in the way.

    `version` and `content` are what stands there now, None in a dry run. What cannot be written
    stands in the `side_sheet`; where `is_undecided`, the next run will know whether it can.
    """

    problem: str = ""
    version: Version | None = None
    content: Content | None = None
    written_at: float = 0.0
    side_sheet: SideSheet | None = None
    is_undecided: bool = False


@dataclass(frozen=True, slots=True)
class RunWorkbook:
    """A workbook of a run.

    `reading` is what was read of it, now or before: `is_recalled` says that it was not opened this
    time, `is_reached` is False where its store is out of reach. `findings` are by identity in sheet
    order, `shown` the same as they are shown; `rows` are its values, None where it was not judged.
    `written` is None where nothing had to be written. `side_workbook` is the name of the one
    beside it, `side_problem` what stood in that one's way.
    """

    listed: ListedWorkbook
    store: Store
    reading: ReadOutcome
    is_recalled: bool = False
    is_reached: bool = True
    findings: Mapping[str, Finding] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
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
