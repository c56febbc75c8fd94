"""Reading and judging without writing anything: what `helhedsplan check` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rules.catalogue.catalogue import notice_of
from rules.catalogue.verdict import Verdict
from rules.judging.figures import PlanFigures
from rules.judging.notice import Notice
from rules.judging.rule import Context
from rules.model.finding import Finding, Severity
from sync.check.gc_pause import collector_paused
from sync.check.judging import judged
from sync.check.reading import How, Progress, read_all
from sync.stores.base import ListedWorkbook, Store, StoreError


@dataclass(frozen=True, slots=True)
class CheckedBook:
    """A workbook that was looked at; `template` is the version that it was made from."""

    listed: ListedWorkbook
    status: Literal["checked", "unreadable"]
    plan_id: str | None = None
    area: str | None = None
    template: int | None = None


@dataclass(slots=True)
class Report:
    """What a check came to; notices in the order workbook, tab, row, column, code.

    `failures` are paths with what stood in the way, in words.
    """

    books: list[CheckedBook] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    plans: list[PlanFigures] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def counts(self) -> Counter[Severity]:
        """How many notices of each severity there are."""
        return Counter(notice.severity for notice in self.notices)


def check(
    stores: Sequence[Store],
    context: Context,
    processes: int = 0,
    on_start: Callable[[int], None] = lambda _: None,
    progress: Progress = lambda _: None,
) -> Report:
    """Check all workbooks of the stores. `on_start` is told how many there are."""
    report = Report()
    with collector_paused():
        _check(report, stores, context, on_start, How(processes, progress=progress))
    return report


def _check(
    report: Report,
    stores: Sequence[Store],
    context: Context,
    on_start: Callable[[int], None],
    how: How,
) -> None:
    listed: dict[str, tuple[ListedWorkbook, Store]] = {}
    for store in stores:
        try:
            contents = store.contents()
        except StoreError as error:
            report.failures.append(("", str(error)))
            continue
        report.failures += [(skipped.path, skipped.reason) for skipped in contents.skipped]
        listed |= {one.path: (one, store) for one in contents.workbooks}
    on_start(len(listed))
    jobs = [(listed[path][1], path) for path in sorted(listed)]
    checked = []
    alone: dict[str, Verdict] = {}
    findings: dict[str, list[Finding]] = {}
    for outcome in read_all(jobs, context, how):
        one, _ = listed[outcome.path]
        if outcome.checked:
            checked.append(outcome.checked)
            if outcome.alone:
                alone[outcome.path] = outcome.alone
            entry = outcome.checked.entry
            report.books.append(
                CheckedBook(one, "checked", entry.plan_id, entry.area, outcome.template)
            )
            continue
        report.books.append(CheckedBook(one, "unreadable"))
        if outcome.unreadable:
            findings[outcome.path] = [outcome.unreadable]
        else:
            report.failures.append((outcome.path, outcome.failure))
    checked.sort(key=lambda one: one.entry.path)
    report.books.sort(key=lambda book: book.listed.path)
    for plan in judged(checked, context, alone):
        if not plan.is_copy:
            report.plans.append(plan.figures)
        findings |= {book.path: book.findings for book in plan.books}
    language = context.parameters.language
    in_order = [one for path in sorted(findings) for one in findings[path]]
    report.notices = [notice_of(one, language) for one in in_order]
