"""Reading and judging without writing anything: what `helhedsplan check` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rules.catalogue.catalogue import notice_of
from rules.judging.figures import PlanFigures
from rules.judging.rule import Context
from rules.model.finding import Notice, Severity
from sync.check.fault import Fault, guarded
from sync.check.judging import judged
from sync.check.reading import (
    Inventory,
    Progress,
    ReadOutcome,
    collector_paused,
    list_workbooks,
    read_all,
)
from sync.stores.base import ListedWorkbook, Store


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """A workbook that was looked at; `template` is the version that it was made from."""

    listed: ListedWorkbook
    status: Literal["checked", "unreadable", "failed"]
    plan_id: str | None = None
    area: str | None = None
    template: int | None = None


@dataclass(slots=True)
class CheckReport:
    """What a check came to; notices in the order workbook, tab, row, column, code.

    `failures` are paths with what stood in the way, in words.
    """

    workbooks: list[CheckedWorkbook]
    notices: list[Notice]
    plans: list[PlanFigures]
    failures: list[tuple[str, str]]

    @property
    def counts(self) -> Counter[Severity]:
        """How many notices of each severity there are."""
        return Counter(notice.severity for notice in self.notices)


def check(
    stores: Sequence[Store],
    context: Context,
    processes: int = 0,
    progress: Progress = lambda _done, _total: None,
) -> CheckReport:
    """Check all workbooks of the stores."""
    with collector_paused():
        inventory = list_workbooks(stores)
        workbooks = inventory.workbooks
        jobs = [(store, path) for path, (_, store) in workbooks.items()]
        readings = {one.path: one for one in read_all(jobs, context, processes, progress)}
        return _report(inventory, [readings[path] for path in workbooks], context)


def _report(inventory: Inventory, readings: Sequence[ReadOutcome], context: Context) -> CheckReport:
    failures = [("", reason) for _, reason in inventory.unreachable]
    failures += [(skipped.path, skipped.reason) for skipped in inventory.skipped]
    failed = {one.path: str(one.failure) for one in readings if one.failure}
    findings = {one.path: [one.unreadable] for one in readings if one.unreadable}
    figures = []
    for paths, plan in judged(readings, context):
        if isinstance(plan, Fault):
            plan.log(*paths)
            failed |= dict.fromkeys(paths, str(plan))
            continue
        if not plan.is_copy:
            figures.append(plan.figures)
        findings |= plan.findings
    notices: list[Notice] = []
    language = context.parameters.language
    for path in sorted(findings):
        words = guarded(
            "judge", lambda own: [notice_of(one, language) for one in own], findings[path]
        )
        if isinstance(words, Fault):
            words.log(path)
            failed[path] = str(words)
        else:
            notices += words
    return CheckReport(
        [_checked(inventory.workbooks[one.path][0], one, one.path in failed) for one in readings],
        notices,
        figures,
        [*failures, *failed.items()],
    )


def _checked(listed: ListedWorkbook, reading: ReadOutcome, is_failed: bool) -> CheckedWorkbook:
    if is_failed or not reading.checked:
        return CheckedWorkbook(listed, "failed" if is_failed else "unreadable")
    entry = reading.checked.entry
    return CheckedWorkbook(listed, "checked", entry.plan_id, entry.area, reading.template)
