"""Judging plans: what was read of all workbooks becomes notices and figures, plan by plan.

Only one plan's rows are unpacked at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.approved import ApprovedPlan, approved_plan
from rules.catalogue import Notice, check_plan, check_run, in_sheet_order, notice_of
from rules.figures import PlanFigures, figures_of
from rules.index import conflict_copies
from rules.plan import Plan, Workbook
from rules.rule import Case, Context
from sync.reading import Checked


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """A plan with its figures and, for each of its workbooks, the notices in sheet order.

    `is_copy` says that it is a conflict copy, which the overview leaves out. `approved` is what
    stands there, where the fund has approved it.
    """

    key: str

    figures: PlanFigures
    workbooks: tuple[tuple[Workbook, list[Notice]], ...]
    is_copy: bool
    approved: ApprovedPlan | None


def judged(checked: Sequence[Checked], context: Context) -> Iterator[JudgedPlan]:
    """Each plan of the run, in the path order of its first workbook. `checked` is in path order."""
    entries = tuple(one.entry for one in checked)
    copies = conflict_copies(entries)
    notices: dict[str, list[Notice]] = defaultdict(list)
    for finding in check_run(entries, context):
        notices[finding.place.workbook].append(notice_of(finding))
    plans: dict[str, list[Checked]] = defaultdict(list)
    for one in checked:
        path = one.entry.path
        plans[f"copy:{path}" if path in copies else one.entry.plan_key].append(one)
    for members in plans.values():
        is_copy = members[0].entry.path in copies
        yield _judged(members, context, notices, is_copy=is_copy)


def _judged(
    members: Sequence[Checked],
    context: Context,
    between_plans: Mapping[str, list[Notice]],
    *,
    is_copy: bool,
) -> JudgedPlan:
    plan = Plan(tuple(one.workbook() for one in members))
    # What was approved is the plan, and not a copy of one of its workbooks.
    case = Case(plan, replace(context, approved={}) if is_copy else context)
    notices: dict[str, list[Notice]] = defaultdict(list)
    for one in members:
        notices[one.entry.path].extend(one.notices)
        notices[one.entry.path].extend(between_plans.get(one.entry.path, ()))
    for finding in check_plan(case):
        notices[finding.place.workbook].append(notice_of(finding))
    return JudgedPlan(
        key=plan.workbooks[0].path if is_copy else members[0].entry.plan_key,
        figures=figures_of(case),
        workbooks=tuple(
            (workbook, in_sheet_order(notices[workbook.path], workbook.tabs))
            for workbook in plan.workbooks
        ),
        is_copy=is_copy,
        approved=None if is_copy else approved_plan(case),
    )
