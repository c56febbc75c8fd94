"""Findings into workbooks: what each shall show, and writing it where it differs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from rules.catalogue.catalogue import notice_of
from rules.judging.rule import Context
from rules.model.finding import Finding
from rules.model.plan import Workbook
from rules.text.language import Language
from sync.check.check import JudgedPlan, judged
from sync.check.fault import Fault, guarded, trace_of
from sync.check.own_processes import own_processes, processes_for
from sync.check.reading import Inventory, ReadOutcome, collector_paused
from sync.check.slices import batched, outcomes_of
from sync.findings.annotations import (
    Shown,
    owned_by_job,
    unreadable,
    unwritable,
    without_page,
)
from sync.findings.comment_lines import Comment
from sync.findings.comments import Comments
from sync.findings.owned import Owned, SideSheet, own_places
from sync.findings.waiver_lines import Waiver
from sync.findings.waivers import Waivers
from sync.history.findings import by_identity
from sync.history.readings import Content, packed
from sync.i18n.language import speak
from sync.run.options import RunOptions
from sync.run.report import RunWorkbook, WriteOutcome
from sync.stores.base import HeldOpen, NeedsPerson, SideWorkbookChanges, StoreError, WaiverPlace
from sync.stores.waiver_rows import comments_in, tabs_of, waivers_in

_AT_A_TIME = 8
"""So many files a process writes at a time: on a share most of that is waiting."""
_SLICE = 32
"""Between slices somebody may stop the run."""
_PAYS_FROM = 100
"""From about this many workbooks on a second process is worth its start."""


@dataclass(frozen=True, slots=True)
class ReadWaivers:
    """The secretariat's waivers and comments, and where they are opened.

    While they cannot be read they are None, nothing is accepted, and the `problems` say why.
    """

    waivers: Sequence[Waiver] | None = None
    comments: Sequence[Comment] | None = None
    address: str = ""
    problems: Sequence[tuple[str, str]] = ()


def read_waivers(place: WaiverPlace, options: RunOptions) -> ReadWaivers:
    """Read what the secretariat wrote. A place that is missing is made where the run may write."""
    problems = []
    waivers, comments = None, None
    try:
        if options.writes:
            place.make_if_missing(options.parameters)
        tabs = tabs_of(place)
    except StoreError as error:
        return ReadWaivers(problems=[(place.name, str(error))])
    try:
        waivers = waivers_in(tabs)
    except StoreError as error:
        problems.append((place.name, str(error)))
    try:
        comments = comments_in(tabs)
    except StoreError as error:
        problems.append((place.name, str(error)))
    return ReadWaivers(waivers, comments, place.address, problems)


def judge(
    workbooks: Mapping[str, RunWorkbook],
    context: Context,
    waivers: Waivers,
    comments: Comments,
    first_seen: Mapping[str, date],
) -> tuple[list[JudgedPlan], dict[str, RunWorkbook]]:
    """The plans, and the workbooks with what each shows: plan by plan, then those in no plan.

    Those that cannot be judged through a fault of ours say so.
    """

    def shown(findings: Mapping[str, Finding], accepted: Mapping[str, Waiver]) -> dict[str, Shown]:
        return {
            identity: Shown(
                notice_of(finding, context.parameters.language),
                min(first_seen.get(identity, context.today), context.today),
                accepted.get(identity),
            )
            for identity, finding in findings.items()
        }

    plans: list[JudgedPlan] = []
    done: dict[str, RunWorkbook] = {}

    def add(plan: JudgedPlan) -> None:
        by_path = {path: by_identity(findings) for path, findings in plan.findings.items()}
        of_plan = {identity: one for own in by_path.values() for identity, one in own.items()}
        accepted = {} if plan.is_copy else waivers.accepted(plan.figures.plan_id, of_plan)
        rows = dict(plan.unpacked)
        for path in by_path:
            checked = workbooks[path].reading.checked
            if checked and path not in rows:
                rows[path] = checked.workbook()
        to_plan = (
            {} if plan.is_copy else comments.placed(plan.figures.plan_id, [*rows.values()], of_plan)
        )
        judged_now = {
            path: replace(
                workbooks[path],
                shown=shown(findings, accepted),
                comments=to_plan.get(path, ()),
                rows=rows.get(path),
                is_copy=plan.is_copy,
            )
            for path, findings in by_path.items()
        }
        plans.append(plan)
        done.update(judged_now)

    for paths, plan in judged([one.reading for one in workbooks.values()], context):
        fault = plan if isinstance(plan, Fault) else guarded("judge", add, plan)
        if fault:
            fault.log(*paths)
            done |= {
                path: replace(workbooks[path], reading=ReadOutcome(path, failure=fault))
                for path in paths
            }
    for path, one in workbooks.items():
        if path not in done:
            own = by_identity([one.reading.unreadable] if one.reading.unreadable else [])
            done[path] = replace(one, shown=shown(own, {}))
    return plans, done


def write_back(workbooks: Mapping[str, RunWorkbook], options: RunOptions) -> dict[str, RunWorkbook]:
    """Write into each workbook what it shall show, where it does not; into files several at a time.

    Raises:
        Stopped: somebody asked for it; what was begun is finished.
    """
    outcomes: dict[str, WriteOutcome | Fault | None] = {}
    in_files: list[RunWorkbook] = []
    for path, one in workbooks.items():
        options.stop_if_asked()
        owned = guarded("write", _to_write, one, options.now)
        if not isinstance(owned, Owned):
            outcomes[path] = owned
        elif not options.writes:
            outcomes[path] = WriteOutcome()
        elif one.store.is_shared:
            in_files.append(_packed(one))
        else:
            outcomes[path] = guarded("write", _written, one, owned)
    for slice_ in _written_in_slices(in_files, options):
        outcomes |= slice_
        options.stop_if_asked()
    written = {}
    for path, one in workbooks.items():
        outcome = outcomes[path]
        if isinstance(outcome, Fault):
            outcome.log(path)
            outcome = WriteOutcome(str(outcome), is_undecided=True)
        written[path] = replace(one, written=outcome)
    return written


def _written_in_slices(
    workbooks: Sequence[RunWorkbook], options: RunOptions
) -> Iterator[list[tuple[str, WriteOutcome | Fault | None]]]:
    """Write into files, in as many processes as pay.

    Where a worker dies its slice is tried again. What it had written is found changed then, and
    is as it shall be at the next run.
    """
    work = partial(_write_slice, options.now, options.parameters.language)
    slices = batched(workbooks, _SLICE)
    workers = processes_for(len(workbooks), options.settings.reading.processes, _PAYS_FROM)
    if workers == 1:
        yield from map(work, slices)
    else:
        yield from outcomes_of(slices, work, partial(own_processes, workers), _ended_a_worker)


def _packed(one: RunWorkbook) -> RunWorkbook:
    """The workbook with what writing takes, and its rows packed only: it may go to a worker."""
    return replace(one, rows=None, reading=replace(one.reading, alone=None))


def _ended_a_worker(one: RunWorkbook, error: Exception) -> tuple[str, Fault]:
    return one.path, Fault("write", trace_of(error))


def _write_slice(
    now: datetime, language: Language, workbooks: Sequence[RunWorkbook]
) -> list[tuple[str, WriteOutcome | Fault | None]]:
    """Write into some files, several at a time, in this process."""
    speak(language)
    with collector_paused(), ThreadPoolExecutor(_AT_A_TIME) as threads:
        paths = [one.path for one in workbooks]
        return [*zip(paths, threads.map(partial(_write_file, now), workbooks), strict=True)]


def _write_file(now: datetime, one: RunWorkbook) -> WriteOutcome | Fault | None:
    if one.reading.checked:
        one = replace(one, rows=one.reading.checked.workbook())
    owned = guarded("write", _to_write, one, now)
    return guarded("write", _written, one, owned) if isinstance(owned, Owned) else owned


def _to_write(one: RunWorkbook, now: datetime) -> Owned | None:
    """What is to be written into the workbook; None where nothing is, or it stands there."""
    checked = one.reading.checked
    if one.rows is None or checked is None or not one.is_current:
        return None
    owned = owned_by_job(one.rows, list(one.shown.values()), now, one.comments)
    return None if checked.standing == owned.digest() else owned


def _written(one: RunWorkbook, owned: Owned) -> WriteOutcome:
    checked, version = one.reading.checked, one.reading.version
    if one.rows is None or checked is None or version is None:
        raise RuntimeError(f"{one.path} was judged without having been read")
    try:
        written = one.store.write(one.path, version, owned)
    except (NeedsPerson, HeldOpen) as error:
        side_sheet = unwritable(one.path, str(error), owned) if owned.rows else None
        return WriteOutcome(str(error), side_sheet=side_sheet, notes=error.notes)
    except StoreError as error:
        return WriteOutcome(str(error), is_undecided=True, notes=error.notes)
    rows_now = _with_columns(one.rows, written.added)
    rows = packed(rows_now)
    standing = checked.standing if written.lacks_page else owned.digest()
    content = Content(checked=replace(checked, rows=rows, standing=standing))
    return WriteOutcome(
        to_keep=(one.path, written.version, time.time(), content),
        side_sheet=without_page(one.path, owned) if written.lacks_page and owned.rows else None,
        is_changed=written.is_changed,
        notes=written.notes,
        own=own_places(rows_now, has_page=not written.lacks_page),
    )


def _with_columns(workbook: Workbook, added: Mapping[str, int]) -> Workbook:
    """The workbook as it is once the column Kontrol has been added where it was missing."""
    return replace(
        workbook,
        layouts={
            key: replace(layout, control_column=layout.control_column or added.get(layout.name))
            for key, layout in workbook.layouts.items()
        },
    )


def write_side_workbooks(
    inventory: Inventory, workbooks: Mapping[str, RunWorkbook], options: RunOptions
) -> tuple[dict[str, RunWorkbook], list[SideWorkbookChanges]]:
    """Write the findings of workbooks that cannot be written into beside them, store by store."""
    sheets: dict[str, SideSheet] = {}
    undecided = set()
    for path, one in workbooks.items():
        if one.reading.unreadable:
            (found,) = one.shown.values()
            sheets[path] = unreadable(path, found, options.now)
        elif one.written and one.written.side_sheet:
            sheets[path] = one.written.side_sheet
        if not one.is_current or (one.written and one.written.is_undecided):
            undecided.add(path)
    all_changes = []
    with_them = dict(workbooks)
    for store, contents in inventory.contents:
        here = {one.path for one in contents.workbooks}
        own = {path: sheet for path, sheet in sheets.items() if path in here}
        changes = guarded("write", store.write_side_workbooks, contents, own, here & undecided)
        if isinstance(changes, Fault):
            changes.log(store.name)
            changes = SideWorkbookChanges(problems=[(store.name, str(changes))])
        for path, name in changes.names.items():
            with_them[path] = replace(with_them[path], side_workbook=name)
        for path, problem in changes.problems:
            if path in with_them:
                with_them[path] = replace(with_them[path], side_problem=problem)
        all_changes.append(changes)
    return with_them, all_changes
