"""Judging what was read, plan by plan; and what `helhedsplan check` does, which writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rules.catalogue.catalogue import (
    Verdict,
    check_run,
    in_sheet_order,
    notice_of,
    verdict_on,
    worst_listed,
)
from rules.judging.approved import ApprovedPlan
from rules.judging.confirmed import ConfirmedPlan
from rules.judging.figures import PlanFigures
from rules.judging.rule import Context
from rules.model.finding import Finding, Notice, Severity
from rules.model.plan import Plan, Workbook
from rules.model.run_index import Entry, by_plan, conflict_copies
from sync.check.cluster import Cluster
from sync.check.fault import Fault, guarded
from sync.check.reading import (
    Inventory,
    Progress,
    ReadOutcome,
    collector_paused,
    list_workbooks,
    read_all,
)
from sync.history.readings import Checked
from sync.stores.base import ListedWorkbook, Store


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """A plan with its figures, and the findings of its workbooks by path, in sheet order.

    `unpacked` are the workbooks, where their rows were needed to judge the plan. `is_copy` says
    that it is a conflict copy, which the overview leaves out. `approved` is what stands there,
    where the fund has approved it; `confirmed` what was confirmed.
    """

    key: str
    figures: PlanFigures
    findings: Mapping[str, list[Finding]]
    unpacked: Mapping[str, Workbook]
    is_copy: bool
    approved: ApprovedPlan | None
    confirmed: ConfirmedPlan


def judged(
    readings: Iterable[ReadOutcome], context: Context
) -> Iterator[tuple[Sequence[str], JudgedPlan | Fault]]:
    """Each plan of the run after the paths of its workbooks, in the path order of the first one.

    `readings` are in path order. A workbook was judged as a plan of its own when it was read. That
    holds where no other one belongs to the plan.
    """
    with_rows = [one for one in readings if one.checked]
    alone = {one.path: one.alone for one in with_rows if one.alone}
    checked = [one.checked for one in with_rows if one.checked]
    faults, between_plans = _between_plans([one.entry for one in checked], context)
    for path, fault in faults.items():
        yield [path], fault
    checked = [one for one in checked if one.entry.path not in faults]
    by_path = {one.entry.path: one for one in checked}
    entries = [one.entry for one in checked]
    copies = conflict_copies(entries)
    for paths in by_plan(entries).values():
        members = [by_path[path] for path in paths]
        is_copy = paths[0] in copies
        yield (
            paths,
            guarded("judge", _judged, members, context, alone, between_plans, is_copy=is_copy),
        )


def _between_plans(
    entries: Sequence[Entry], context: Context
) -> tuple[dict[str, Fault], Mapping[str, list[Finding]]]:
    """What is wrong between plans, by workbook; and the workbooks that cannot be looked at so."""
    found = guarded("judge", lambda: list(check_run(entries, context)))
    faults: dict[str, Fault] = {}
    if isinstance(found, Fault):
        for entry in entries:
            alone = guarded("judge", lambda one: list(check_run([one], context)), entry)
            if isinstance(alone, Fault):
                faults[entry.path] = alone
        found = list(check_run([one for one in entries if one.path not in faults], context))
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        findings[finding.place.workbook].append(finding)
    return faults, findings


def _judged(
    members: Sequence[Checked],
    context: Context,
    alone: Mapping[str, Verdict],
    between_plans: Mapping[str, list[Finding]],
    *,
    is_copy: bool,
) -> JudgedPlan:
    verdict = None if is_copy or len(members) > 1 else alone.get(members[0].entry.path)
    unpacked: dict[str, Workbook] = {}
    if verdict is None:
        unpacked = {one.entry.path: one.workbook() for one in members}
        plan = Plan(tuple(unpacked.values()))
        # What was approved or confirmed is the plan, and not a copy of one of its workbooks.
        bare = replace(context, approved={}, confirmed={})
        verdict = verdict_on(plan, bare if is_copy else context)
    findings = {}
    for one in members:
        path = one.entry.path
        of_plan = [found for found in verdict.findings if found.place.workbook == path]
        found = [*one.findings, *between_plans.get(path, ()), *of_plan]
        findings[path] = in_sheet_order(worst_listed(found), one.tabs)
    return JudgedPlan(
        key=members[0].entry.path if is_copy else members[0].entry.plan_key,
        figures=verdict.figures,
        findings=findings,
        unpacked=unpacked,
        is_copy=is_copy,
        approved=None if is_copy else verdict.approved,
        confirmed={} if is_copy else verdict.confirmed,
    )


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
    cluster: Cluster | None = None,
) -> CheckReport:
    """Check all workbooks of the stores.

    Raises:
        TryAgain: the cluster cannot be reached.
    """
    with collector_paused():
        inventory = list_workbooks(stores)
        workbooks = inventory.workbooks
        jobs = [(store, path) for path, (_, store) in workbooks.items()]
        read = read_all(jobs, context, processes, progress, cluster=cluster)
        readings = {one.path: one for one in read}
        return _report(inventory, [readings[path] for path in workbooks], context)


def _report(inventory: Inventory, readings: Sequence[ReadOutcome], context: Context) -> CheckReport:
    failures = [("", reason) for _, reason in inventory.unreachable]
    failures += inventory.passed_over
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
