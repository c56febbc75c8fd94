"""A run of the job: list, read, judge, write back, publish, notify, remember."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rules.judging.rule import Context
from sync.check.gc_pause import collector_paused
from sync.check.inventory import Inventory, list_workbooks
from sync.config import Settings
from sync.findings.waivers import Waivers
from sync.history.history import History
from sync.history.readings import settings_key
from sync.history.runs import Run
from sync.locks.lock import SERVICE, alone, holder_of
from sync.overview.calendar import is_calendar_as_left, publish_calendar
from sync.overview.model import Overview
from sync.overview.published import forget_tabs, update_check_time
from sync.run.notify import is_summary_due, notify
from sync.run.options import RunOptions, Stopped
from sync.run.recall import read_workbooks
from sync.run.report import (
    RunReport,
    last_seen,
    notice_lines,
    plan_lines,
    problems_of,
    tally_of,
    workbook_lines,
)
from sync.run.status import status_of, write_status
from sync.run.unchanged import known_tally, remember_situation, situation_of
from sync.run.workbook import RunWorkbook
from sync.run.writing import (
    ReadWaivers,
    judge,
    read_waivers,
    write_back,
    write_side_workbooks,
)
from sync.stores.base import SideWorkbookChanges, StoreError
from sync.stores.configured import Configured, kept_copies


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works with while it goes on. `is_lost` says that its lock is another's now."""

    settings: Settings
    options: RunOptions
    places: Configured
    history: History
    is_lost: Callable[[], bool]

    def stop_if_asked(self) -> None:
        """Raise Stopped where somebody has asked for it, or the run is not alone any more."""
        self.options.stop_if_asked()
        if self.is_lost():
            raise Stopped


def run_once(settings: Settings, options: RunOptions) -> RunReport:
    """One run, alone. Without `writes` it says what it would write, and leaves no trace.

    Raises:
        AlreadyRunning: another process is at it.
        StateError: the state folder cannot be used.
        Stopped: the run was asked to stop; it can be begun again at any time.
        ConfigurationError: there is nothing to check.
    """
    with contextlib.closing(Configured(settings, writes=options.writes)) as places:
        places.refuse_wrong()
        if not options.writes:
            with History(settings.state, writes=False) as history:
                return _with_fate_of(history, look(places, history, options))
        with alone(settings.state) as lease, History(settings.state) as history:
            report = _run(Job(settings, options, places, history, lease.is_lost))
            return _with_fate_of(history, report)


def _run(job: Job) -> RunReport:
    """The run itself, from its first record in the history to the last."""
    settings, options, history = job.settings, job.options, job.history
    _clean_up(job)
    number = history.runs.begin(options.now)
    try:
        inventory = list_workbooks(job.places.stores)
        waivers = read_waivers(job.places.waivers(), options)
        situation = situation_of(inventory, waivers.waivers, settings, options)
        report = None
        must_judge = options.full or is_summary_due(settings, history, options)
        if not must_judge and (tally := known_tally(history, situation)):
            report = _renewed(job, inventory, RunReport(tally))
        if report is None:
            report = check_and_write(inventory, waivers, history, options, job.stop_if_asked)
            report = _published(job, report)
    except Stopped:
        _finish(history, number, options, "late" if options.is_late() else "stopped")
        raise
    if settings.mail.server:
        report = report.with_problems(notify(settings, history, options, report, number))
    if not report.is_unchanged:
        remember_situation(history, situation, report)
        history.forget(options.today, settings.state.keep_days, settings.copies.days)
    _finish(history, number, options, "problems" if report.problems else "done", report)
    if not report.is_unchanged:  # else there is nothing new that could be lost
        report = report.with_problems(history.backup_problems())
    return report.with_problems(_show_status(job))


def look(places: Configured, history: History, options: RunOptions) -> RunReport:
    """What a run would come to now; nothing is written."""
    waivers = read_waivers(places.waivers(), options)
    return check_and_write(list_workbooks(places.stores), waivers, history, options)


def check_and_write(
    inventory: Inventory,
    waivers: ReadWaivers,
    history: History,
    options: RunOptions,
    stop_if_asked: Callable[[], None] | None = None,
) -> RunReport:
    """Read, judge, write back, and say what the overview shall show.

    Raises:
        Stopped: somebody asked for it.
    """
    stop_if_asked = stop_if_asked or options.stop_if_asked
    context = Context(options.parameters, options.today, history.approved.by_key())
    ties = history.notes.waiver_ties
    accepting = Waivers(waivers.waivers or (), options.never_waived, ties, options.today)
    with collector_paused():
        read = read_workbooks(inventory, history, context, options, stop_if_asked)
        plans, workbooks = judge(read.workbooks, context, accepting, history.findings.first_seen())
        workbooks = write_back(workbooks, options, stop_if_asked)
        changes: list[SideWorkbookChanges] = []
        if options.writes:
            workbooks, changes = write_side_workbooks(inventory, workbooks, options)
        before = history.last_seen.by_path()
        overview = Overview(
            plan_lines(plans, workbooks),
            list(notice_lines(workbooks.values())),
            workbook_lines(inventory, workbooks, before, options.now),
            accepting.lines(),
            waivers.address,
            expected=options.expected_plans,
        )
        if options.writes:
            _remember(history, options, workbooks.values(), overview)
            approved = {plan.key: plan.approved for plan in plans if plan.approved}
            history.approved.record(context.approved, approved)
            history.last_seen.record(last_seen(overview.books, before, options.today))
            if waivers.waivers is not None:
                history.notes.waiver_ties = accepting.to_remember()
        areas = {book.workbook.path: book.area for _, book in overview.plan_books}
        overview = replace(overview, trend=history.trends.as_of(areas, options.today))
    return RunReport(
        tally_of(overview),
        overview,
        written=[p for p, one in workbooks.items() if one.written and not one.written.problem],
        problems=[*problems_of(inventory, workbooks, changes), *waivers.problems],
        read=read.read,
        is_settled=read.is_settled,
        side_workbooks=changes,
        taken_over=accepting.taken_over,
    )


def _remember(
    history: History,
    options: RunOptions,
    workbooks: Collection[RunWorkbook],
    overview: Overview,
) -> None:
    """Remember what was written, and what was found."""
    rewritten = [
        (one.path, one.written.version, one.written.written_at, one.written.content)
        for one in workbooks
        if one.written and one.written.version and one.written.content
    ]
    history.readings.keep(settings_key(options.parameters), rewritten)
    found = {key: finding for one in workbooks for key, finding in one.findings.items()}
    accepted = [key for one in workbooks for key, shown in one.shown.items() if shown.waiver]
    judged_paths = [one.path for one in workbooks if one.has_content]
    history.findings.record(found, accepted, judged_paths, options.today)
    history.trends.record(overview.counts_by_place(), found, judged_paths, options.today)


def _clean_up(job: Job) -> None:
    """Remove what runs left behind that were ended by force, and once a day old copies.

    Old copies go at once too where the configuration says anew how many are kept.
    """
    for store in job.places.stores:
        store.clean_up()
    job.places.overview().clean_up()
    copies = kept_copies(job.settings)
    copies.remove_leftovers()
    done = f"{job.options.today} {copies.number} {copies.days}"
    if job.history.notes.copies_cleaned != done:
        copies.clean_up(datetime.now(UTC))
        job.history.notes.copies_cleaned = done


def _renewed(job: Job, inventory: Inventory, report: RunReport) -> RunReport | None:
    """Renew the times of the check; None where the overview or the calendar must be made anew."""
    place, now = job.places.overview(), job.options.now
    try:
        is_as_left = is_calendar_as_left(job.settings.overview.calendar, job.history)
        if not is_as_left or not update_check_time(place, job.history, now):
            return None
    except StoreError as error:
        report = report.with_problems([(place.name, str(error))])
    job.history.last_seen.record_unchanged(inventory.workbooks, now)
    return report


def _published(job: Job, report: RunReport) -> RunReport:
    """Publish the overview and the calendar where something in them has changed."""
    from sync.overview.publish import publish  # noqa: PLC0415  slow to load, and not always needed

    place, calendar = job.places.overview(), job.settings.overview.calendar
    history, options, overview = job.history, job.options, report.overview
    if overview is None:
        return report
    if options.full:
        forget_tabs(history)
    try:
        old_copies = publish(
            overview, options.parameters, place,
            stores=job.places.stores, history=history, at=options.now,
        )  # fmt: skip
        report = replace(report, old_copies=old_copies)
    except StoreError as error:
        report = report.with_problems([(place.name, str(error))])
    try:
        publish_calendar(overview, calendar, history, options.now)
    except StoreError as error:
        report = report.with_problems([(calendar.name, str(error))])
    return report


def _show_status(job: Job) -> list[tuple[str, str]]:
    """Put the status where monitoring looks; what stood in the way."""
    state = job.settings.state
    file = job.settings.monitoring.status_file or state.folder / "status.json"
    try:
        write_status(file, status_of(job.history, holder_of(state, SERVICE)))
    except StoreError as error:
        return [(file.name, str(error))]
    return []


def _finish(
    history: History,
    number: int,
    options: RunOptions,
    outcome: str,
    report: RunReport | None = None,
) -> None:
    finished = Run(
        started_at=options.now,
        finished_at=datetime.now(options.now.tzinfo),
        outcome=outcome,
        workbooks=report.tally.workbooks if report else 0,
        counts=report.counts if report else {},
        problems=tuple(report.problems) if report else (),
    )
    history.runs.finish(number, finished)


def _with_fate_of(history: History, report: RunReport) -> RunReport:
    return replace(
        report,
        history_was_lost=history.was_lost,
        history_was_restored=history.was_restored,
        history_was_brought=history.was_brought,
    )
