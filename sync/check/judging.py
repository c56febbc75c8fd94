"""Judging plans: what was read of all workbooks becomes findings and figures, plan by plan.

Only one plan's rows are unpacked at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.catalogue.catalogue import check_run, in_sheet_order
from rules.catalogue.verdict import Verdict, verdict_on
from rules.judging.approved import ApprovedPlan
from rules.judging.figures import PlanFigures
from rules.judging.rule import Context
from rules.model.finding import Finding
from rules.model.plan import Plan, Workbook
from rules.model.run_index import conflict_copies
from sync.history.readings import Checked


@dataclass(frozen=True, slots=True)
class JudgedBook:
    """A workbook of a judged plan, with its findings in sheet order.

    `unpacked` are its rows, where they were needed to judge the plan.
    """

    checked: Checked
    findings: list[Finding]
    unpacked: Workbook | None

    @property
    def path(self) -> str:
        """The workbook's path."""
        return self.checked.entry.path

    def workbook(self) -> Workbook:
        """The workbook's values."""
        return self.unpacked or self.checked.workbook()


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """A plan with its figures and its workbooks.

    `is_copy` says that it is a conflict copy, which the overview leaves out. `approved` is what
    stands there, where the fund has approved it.
    """

    key: str
    figures: PlanFigures
    books: tuple[JudgedBook, ...]
    is_copy: bool
    approved: ApprovedPlan | None


def judged(
    checked: Sequence[Checked], context: Context, alone: Mapping[str, Verdict] = {}
) -> Iterator[JudgedPlan]:
    """Each plan of the run, in the path order of its first workbook. `checked` is in path order.

    `alone` are verdicts, by path, on workbooks as plans of their own: what was made while they
    were read need not be made again, where no other workbook belongs to the plan.
    """
    entries = tuple(one.entry for one in checked)
    copies = conflict_copies(entries)
    between_plans: dict[str, list[Finding]] = defaultdict(list)
    for finding in check_run(entries, context):
        between_plans[finding.place.workbook].append(finding)
    plans: dict[str, list[Checked]] = defaultdict(list)
    for one in checked:
        path = one.entry.path
        plans[f"copy:{path}" if path in copies else one.entry.plan_key].append(one)
    for members in plans.values():
        first = members[0].entry.path
        is_copy = first in copies
        verdict = alone.get(first) if len(members) == 1 and not is_copy else None
        workbooks: Sequence[Workbook | None] = [None]
        if verdict is None:
            plan = Plan(tuple(one.workbook() for one in members))
            # What was approved is the plan, and not a copy of one of its workbooks.
            verdict = verdict_on(plan, replace(context, approved={}) if is_copy else context)
            workbooks = plan.workbooks
        yield _judged(members, workbooks, verdict, between_plans, is_copy=is_copy)


def _judged(
    members: Sequence[Checked],
    workbooks: Sequence[Workbook | None],
    verdict: Verdict,
    between_plans: Mapping[str, list[Finding]],
    *,
    is_copy: bool,
) -> JudgedPlan:
    books = []
    for one, workbook in zip(members, workbooks, strict=True):
        path = one.entry.path
        findings = [*one.findings, *between_plans.get(path, ())]
        findings += [found for found in verdict.findings if found.place.workbook == path]
        books.append(JudgedBook(one, in_sheet_order(findings, one.tabs), workbook))
    return JudgedPlan(
        key=members[0].entry.path if is_copy else members[0].entry.plan_key,
        figures=verdict.figures,
        books=tuple(books),
        is_copy=is_copy,
        approved=None if is_copy else verdict.approved,
    )
