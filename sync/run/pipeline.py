"""A run of the job: list, read, judge, write back, publish, notify, remember."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from rules.judging.rule import Context
from rules.text.marking import N_
from sync.check.fault import problems_in
from sync.check.reading import Inventory, collector_paused, list_workbooks
from sync.findings.comments import Comments
from sync.findings.waivers import Waivers
from sync.history.history import History
from sync.history.runs import Run, Tally
from sync.i18n.language import _
from sync.locks.lock import alone
from sync.overview.calendar import is_calendar_as_left, publish_calendar
from sync.overview.deadlines import deadlines_near
from sync.overview.missing_plans import missing_plans
from sync.overview.model import BookState, Overview
from sync.overview.published import (
    forget_tabs,
    is_page_as_left,
    update_check_time,
    update_page_time,
)
from sync.run.clock import doubt_of_clock
from sync.run.notify import is_summary_due, notify
from sync.run.options import RunOptions, Stopped
from sync.run.recall import read_workbooks, situation_of
from sync.run.remembering import Judged, Known, known_before, remember
from sync.run.report import (
    Problem,
    RunReport,
    joined_plans,
    notice_lines,
    plan_lines,
    problems_of,
    remember_situation,
    tally_of,
    with_approvals,
    workbook_lines,
)
from sync.run.status import write_status
from sync.run.writing import (
    ReadWaivers,
    judge,
    read_waivers,
    write_back,
    write_side_workbooks,
)
from sync.stores.base import SideWorkbookChanges, StoreError
from sync.stores.configured import Configured, kept_copies
from sync.stores.files.leftovers import remove_leftovers

_NO_WORKBOOKS = N_(
    "Der er ingen regneark i de mapper, som indstillingerne nævner, så overblikket er, som det var."
)

_NOT_THERE = (BookState.MISSING, BookState.NEVER_SEEN)


def run_once(options: RunOptions) -> RunReport:
    """One run, alone. Without `writes` it says what it would write, and leaves no trace.

    Raises:
        AlreadyRunning: another process is at it.
        StateError: the state folder cannot be used.
        Stopped: the run was asked to stop, or its lock is another's now; it can be begun again at
            any time.
        ConfigurationError: there is nothing to check.
    """
    state = options.settings.state
    with contextlib.closing(
        Configured(options.settings, options.now, writes=options.writes)
    ) as places:
        places.refuse_wrong()
        if options.writes:
            with alone(state) as lease, History(state) as history:
                watched = replace(
                    options, stop_asked=lambda: options.stop_asked() or lease.is_lost()
                )
                report = _run(places, history, watched)
        else:
            with History(state, writes=False) as history:
                report = look(places, history, options)
    return replace(report, history=history.opening)


def _run(places: Configured, history: History, options: RunOptions) -> RunReport:
    """The run itself, from its first record in the history to the last."""
    settings = options.settings
    doubt = doubt_of_clock(history, options)
    _clean_up(places, history, options, deletes_old=not doubt)
    number = history.runs.begin(options.now)
    try:
        inventory = list_workbooks(places.stores)
        waivers = read_waivers(places.waivers(), options)
        situation = situation_of(inventory, (waivers.waivers, waivers.comments), options)
        report = None
        must_judge = options.full or is_summary_due(history, options)
        known = history.notes.unchanged
        if not must_judge and known and known.situation == situation:
            report = _renewed(places, history, options, inventory, known.tally)
            report = report and report.with_problems(inventory.passed_over)
        if report is None:
            report = check_and_write(inventory, waivers, history, options)
            report = _published(places, history, options, report)
    except Stopped:
        _finish(history, number, options, "late" if options.is_late() else "stopped")
        raise
    if doubt:
        report = report.with_problems([("", doubt)])
    if settings.mail.server:
        sent = Counter[str]()
        failed = problems_in("mail", notify, history, options, report, number, sent)
        report = replace(report.with_problems(failed), mails=sent)
    with history.together():
        if not report.is_unchanged:
            remember_situation(history, situation, report, inventory)
            if not doubt:
                history.forget(options.today, settings.state.keep_days, settings.copies.days)
        _finish(history, number, options, "problems" if report.problems else "done", report)
    if not report.is_unchanged:  # else there is nothing new that could be lost
        report = report.with_problems(history.backup_problems())
    return report.with_problems(problems_in("status", write_status, history, settings))


def look(places: Configured, history: History, options: RunOptions) -> RunReport:
    """What a run would come to now; nothing is written."""
    waivers = read_waivers(places.waivers(), options)
    return check_and_write(list_workbooks(places.stores), waivers, history, options)


def check_and_write(
    inventory: Inventory, waivers: ReadWaivers, history: History, options: RunOptions
) -> RunReport:
    """Read, judge, write back, and say what the overview shall show.

    Raises:
        Stopped: somebody asked for it.
    """
    context = Context(
        options.parameters,
        options.today,
        history.approved.by_key(),
        history.confirmed.by_key(),
    )
    never, ties = options.settings.waivers.never, history.notes.waiver_ties
    accepting = Waivers(waivers.waivers or (), never, ties, options.today)
    comments = Comments(waivers.comments, history.notes.comments)
    changes: list[SideWorkbookChanges] = []
    with collector_paused():
        workbooks, read, is_settled = read_workbooks(inventory, history, context, options)
        first_seen = history.findings.first_seen()
        plans, workbooks = judge(workbooks, context, accepting, comments, first_seen)
        workbooks = write_back(workbooks, options)
        if options.writes:
            workbooks, changes = write_side_workbooks(inventory, workbooks, options)
        judged = Judged(context, plans, workbooks, accepting, comments)
        known = known_before(history, judged)
        overview = _overview(inventory, waivers.address, known, judged, options)
        if options.writes:
            with history.together():
                remember(history, known, judged, overview, options)
                if waivers.waivers is not None:
                    history.notes.waiver_ties = accepting.to_remember()
        areas = {book.workbook.path: book.area for _, book in overview.plan_books}
        overview = replace(overview, trend=history.trends.as_of(areas, options.today))
    written = {path: one.written for path, one in workbooks.items() if one.written}
    return RunReport(
        tally_of(overview),
        overview,
        written=[path for path, one in written.items() if one.is_changed and not one.problem],
        problems=[*problems_of(inventory, workbooks, changes), *waivers.problems],
        read=read,
        is_settled=is_settled,
        side_workbooks=changes,
        taken_over=accepting.taken_over,
        notes=[(path, note) for path, one in sorted(written.items()) for note in one.notes],
    )


def _overview(
    inventory: Inventory, waivers_at: str, known: Known, judged: Judged, options: RunOptions
) -> Overview:
    """What the overview shall show of this run and of what was known before."""
    workbooks, parameters, today = judged.workbooks, options.parameters, options.today
    overview = Overview(
        plan_lines(judged.plans, workbooks),
        list(notice_lines(workbooks.values())),
        workbook_lines(inventory, workbooks, known.last_seen, options.now),
        judged.waivers.lines(),
        waivers_at,
        expected=[one.plan_id for one in parameters.expected_plans],
        comments=judged.comments.lines(),
        placed={path: one.comments for path, one in workbooks.items() if one.comments},
    )
    missing = missing_plans(overview.books, overview.plans, known.figures)
    near = deadlines_near(overview.plans, parameters, today)
    overview = replace(overview, missing=missing, deadlines=near)
    return replace(
        overview,
        plans=with_approvals(overview, known.approvals, today),
        joined=joined_plans(overview, known.last_seen, known.joined, today),
    )


def _clean_up(
    places: Configured, history: History, options: RunOptions, *, deletes_old: bool
) -> None:
    """Remove what runs left behind that were ended by force, and once a day old copies.

    Old copies go at once too where the configuration says anew how many are kept.
    """
    for store in places.stores:
        store.clean_up()
    settings = options.settings
    for folder in settings.own_folders:
        remove_leftovers(folder, subfolders=False)
    copies = kept_copies(settings)
    copies.remove_leftovers()
    done = f"{options.today} {copies.number} {copies.days}"
    if deletes_old and history.notes.copies_cleaned != done:
        copies.clean_up(datetime.now(UTC))
        history.notes.copies_cleaned = done


def _renewed(
    places: Configured, history: History, options: RunOptions, inventory: Inventory, tally: Tally
) -> RunReport | None:
    """Renew the times of the check; None where something must be made anew."""
    report, place, page = RunReport(tally), places.overview(), options.settings.overview.page
    try:
        is_as_left = is_calendar_as_left(places.calendar(), history)
        is_as_left = is_as_left and is_page_as_left(page, history)
        if not is_as_left or not update_check_time(place, history, options.now):
            return None
    except StoreError as error:
        report = report.with_problems([(place.name, str(error))])
    if page:
        renew = partial(update_page_time, page, history, options.now)
        report = report.with_problems(_refused(page.name, renew))
    history.last_seen.record_unchanged(inventory.workbooks, options.now)
    return report


def _published(
    places: Configured, history: History, options: RunOptions, report: RunReport
) -> RunReport:
    """Publish the overview, the calendar and the page where something in them has changed."""
    from sync.overview.publish import publish  # noqa: PLC0415  slow to load, and not always needed
    from sync.overview.workbook import OverviewSheets  # noqa: PLC0415

    place, calendar, section = places.overview(), places.calendar(), options.settings.overview
    overview, at = report.overview, options.now
    if overview is None:
        return report
    if all(book.state in _NOT_THERE for book in overview.books):
        return report.with_problems([("", _(_NO_WORKBOOKS))])
    if options.full:
        forget_tabs(history)
    sheets = OverviewSheets(overview, options.parameters, at)
    old_copies: list[str] = []

    def make_overview() -> None:
        old_copies.extend(publish(sheets, place, stores=places.stores, history=history))

    def make_page() -> None:
        from sync.overview.page import publish_page  # noqa: PLC0415  Jinja2 is slow to load

        assert section.page is not None
        publish_page(
            sheets, section.page, stores=places.stores,
            folders=[source.folder for source in options.settings.folders], history=history,
        )  # fmt: skip

    def make_calendar() -> None:
        publish_calendar(overview, calendar, history, at)

    report = report.with_problems(problems_in("overview", _refused, place.name, make_overview))
    report = report.with_problems(problems_in("calendar", _refused, calendar.name, make_calendar))
    if section.page:
        report = report.with_problems(problems_in("page", _refused, section.page.name, make_page))
    return replace(report, old_copies=old_copies)


def _refused(name: str, work: Callable[[], object]) -> list[Problem]:
    """Do the work; what the world has against it, by the name of what was to be written."""
    try:
        work()
    except StoreError as error:
        return [(name, str(error))]
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
