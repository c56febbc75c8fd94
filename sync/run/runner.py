"""A whole run with its lock, its history and its overview."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rules.text.marking import N_
from sync.config import Settings
from sync.history.history import History
from sync.history.runs import Run
from sync.i18n.language import _
from sync.locks.lock import SERVICE, alone, holder_of
from sync.overview.calendar_file import is_calendar_as_left, publish_calendar
from sync.overview.published import forget_tabs, retimed
from sync.run.interrupted import endings_to_tell
from sync.run.options import Orders, Stopped
from sync.run.pipeline import run
from sync.run.result import Result
from sync.run.status import status_of, write_status
from sync.stores.base import StoreError
from sync.stores.configured import Configured, kept_copies
from sync.stores.waiver_rows import waivers_in

Problems = Sequence[tuple[str, str]]
_DAMAGED = N_("Kontrollens hukommelse var beskadiget. Se efter, om disken er ved at gå i stykker.")
_CHANGED = N_("Kontrollens tabeller i databasen var ændret. Se efter, hvem der kan skrive i dem.")


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run's result, and what became of the history before it.

    It was damaged; came back from its spare copy; was brought from its file into the database.
    """

    result: Result
    history_was_lost: bool
    history_was_restored: bool
    history_was_brought: bool = False


def run_once(settings: Settings, orders: Orders) -> RunReport:
    """One run, alone: check, write back, build the overview, remember.

    Raises:
        AlreadyRunning: another process is at it.
        StateError: the state folder cannot be used.
        Stopped: the run was asked to stop; it can be begun again at any time.
        ConfigurationError: there is nothing to check.
    """
    with contextlib.closing(Configured(settings, writes=orders.writes)) as places:
        places.refuse_wrong()
        return _run_with(settings, places, orders)


def _run_with(settings: Settings, places: Configured, orders: Orders) -> RunReport:
    if not orders.writes:
        with History(settings.state, writes=False) as history:
            result = run_with_waivers(settings, places, history, orders)
            return RunReport(result, history.was_lost, history.was_restored)
    with alone(settings.state) as lease, History(settings.state) as history:
        asked = orders.stop_asked
        orders = replace(orders, stop_asked=lambda: asked() or lease.is_lost())
        return _run_and_write(settings, places, history, orders)


def run_with_waivers(
    settings: Settings, places: Configured, history: History, orders: Orders
) -> Result:
    """The run with the secretariat's waivers; while they cannot be read, nothing is accepted."""
    stores = places.stores
    place = places.waivers()
    orders = replace(
        orders,
        never_waived=settings.waivers.never,
        expected_plans=settings.overview.expected_plans,
    )
    try:
        if orders.writes:
            place.make_if_missing(orders.parameters)
        orders = replace(orders, waivers=waivers_in(place), waivers_at=place.address)
    except StoreError as error:
        result = run(stores, history, orders)
        result.problems.append((place.name, str(error)))
        return result
    return run(stores, history, orders)


def _run_and_write(
    settings: Settings,
    places: Configured,
    history: History,
    orders: Orders,
) -> RunReport:
    stores = places.stores
    for store in stores:
        store.clean_up()
    places.overview().clean_up()
    _clean_up_copies(settings, history, orders)
    number = history.runs.begin(orders.now)
    try:
        result = run_with_waivers(settings, places, history, orders)
        _publish(settings, places, history, orders, result)
    except Stopped:
        _finish(history, number, orders, None, "late" if orders.is_late() else "stopped")
        raise
    if settings.mail.server:
        _tell(settings, history, orders, result, number)
    if not result.is_standstill:  # then a run of the same day has forgotten what is old
        history.forget(orders.today, settings.state.keep_days, settings.copies.days)
    _finish(history, number, orders, result, "problems" if result.problems else "done")
    if not result.is_standstill:  # it adds nothing that could be missed
        result.problems += history.backup_problems()
    _show_status(settings, history, result)
    return RunReport(result, history.was_lost, history.was_restored, history.was_brought)


def _tell(
    settings: Settings, history: History, orders: Orders, result: Result, number: int
) -> None:
    """Send the mails; also of what was wrong before this run."""
    from sync.notifications.delivery import Mailing  # noqa: PLC0415  mail and encryption are slow to load

    endings = endings_to_tell(history, number)
    earlier = [("", ending) for ending in endings]
    if history.was_lost:
        earlier.append(("", _(_CHANGED if settings.state.address else _DAMAGED)))
    told = [*lasting(result.problems, history), *earlier]
    mailing = Mailing(settings, history.sent_log, result.overview, told, orders.now)
    result.problems.extend(mailing.deliver())
    history.notes.interrupted_untold = [one for one in endings if not mailing.knows(("", one))]


def _clean_up_copies(settings: Settings, history: History, orders: Orders) -> None:
    """Drop old copies of workbooks: once a day, and where it is told anew how many to keep."""
    kept_copies(settings).remove_leftovers()
    copies = settings.copies
    done = f"{orders.today} {copies.number} {copies.days}"
    if history.notes.copies_cleaned != done:
        kept_copies(settings).clean_up(datetime.now(UTC))
        history.notes.copies_cleaned = done


def _publish(
    settings: Settings, places: Configured, history: History, orders: Orders, result: Result
) -> None:
    """Bring the overview and the calendar up to date; in a standstill only the time in them."""
    place, calendar, now = places.overview(), settings.overview.calendar, orders.now
    if orders.full:
        forget_tabs(history)
    try:
        is_as_left = result.is_standstill and is_calendar_as_left(calendar, history)
        if is_as_left and retimed(place, history, now):
            return
        from sync.overview.publish import publish  # noqa: PLC0415  slow to load; a standstill needs none

        result.old_copies = publish(
            result.overview, orders.parameters, place, stores=places.stores, history=history, at=now
        )
    except StoreError as error:
        result.problems.append((place.name, str(error)))
    try:
        publish_calendar(result.overview, calendar, history, now)
    except StoreError as error:
        result.problems.append((calendar.name, str(error)))


def lasting(problems: Problems, history: History) -> Problems:
    """What the operators have to know: not what only waits for the next run, as it did not before.

    A workbook that somebody has open is written next time; where it is still open then, it counts.
    """
    complete = history.runs.last_complete()
    before = complete.problems if complete else ()
    return [one for one in problems if not one[0] or one in before]


def _show_status(settings: Settings, history: History, result: Result) -> None:
    """Lay the status where monitoring looks; where that cannot be done, the run says so."""
    file = settings.monitoring.status_file or settings.state.folder / "status.json"
    try:
        write_status(file, status_of(history, holder_of(settings.state, SERVICE)))
    except StoreError as error:
        result.problems.append((file.name, str(error)))


def _finish(
    history: History, number: int, orders: Orders, result: Result | None, outcome: str
) -> None:
    finished = Run(
        started_at=orders.now,
        finished_at=datetime.now(orders.now.tzinfo),
        outcome=outcome,
        workbooks=result.tally.workbooks if result else 0,
        counts=result.counts if result else {},
        problems=tuple(result.problems) if result else (),
    )
    history.runs.finish(number, finished)
