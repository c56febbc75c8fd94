"""`helhedsplan sync` and `run`: the job once, and by its schedule."""

from __future__ import annotations

import contextlib
import gc
import sys
import time
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from sync.commands.common import (
    UNREACHED,
    WRONG_CALL,
    ConfigOption,
    TodayOption,
    day_of,
    fail,
    now_in,
    on_stop,
    settings_from,
)
from sync.console import progress

if TYPE_CHECKING:
    from sync.config import Settings
    from sync.config.state import StateSection
    from sync.result import Result


def sync(
    config: ConfigOption = None,
    today: TodayOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="Look at unchanged workbooks too, and make the overview anew."),
    ] = False,
) -> None:
    """Run the job once: read, check, write back, build the overview, remember."""
    from sync.config import ConfigurationError
    from sync.lock import AlreadyRunning
    from sync.onerun import run_once
    from sync.orders import Orders, Stopped
    from sync.state import StateError

    settings = settings_from(config)
    now = now_in(settings)
    now = datetime.combine(day_of(today, settings), now.timetz())
    stopping = Event()
    on_stop(stopping.set)
    began = time.monotonic()
    ends_at = began + 60 * settings.schedule.longest_minutes
    try:
        with progress() as line:
            orders = Orders(
                parameters=settings.parameters(),
                now=now,
                writes=not dry_run,
                full=full,
                processes=settings.reading.processes,
                progress=line.advance,
                stop_asked=lambda: stopping.is_set() or time.monotonic() > ends_at,
                is_late=lambda: not stopping.is_set() and time.monotonic() > ends_at,
            )
            done = run_once(settings, orders)
    except ConfigurationError as error:
        fail(error, WRONG_CALL)
    except (AlreadyRunning, StateError) as error:
        fail(error, UNREACHED)
    except Stopped:
        why = "" if stopping.is_set() else ", since it took too long or lost its lock"
        fail(f"stopped between two workbooks{why}; the next run goes on", UNREACHED)
    if done.history_was_lost:
        restored = done.history_was_restored
        goes_on = "its spare copy takes its place" if restored else "a new one is begun"
        sys.stderr.write(f"The history was damaged and has been laid aside; {goes_on}.\n")
    if done.history_was_brought:
        sys.stderr.write("The history is in the database now; its file was laid aside.\n")
    _tell(done.result, settings, dry_run=dry_run)
    if not dry_run:
        _log(done.result, settings, began)
    if done.result.problems:
        raise typer.Exit(UNREACHED)


def _tell(result: Result, settings: Settings, *, dry_run: bool) -> None:
    """Say in a few lines what the run found, wrote, and could not do."""
    from rules.danish import shown_name
    from sync.kontrol import counted
    from sync.language import _
    from sync.report import number_of
    from sync.sources import Configured

    plans = number_of(result.tally.plans, "plan")
    books = number_of(result.tally.workbooks, "workbook")
    typer.echo(f"{plans}, {books}: {counted(result.counts)}")
    verb = "would be written" if dry_run else "written"
    for path in sorted(result.written):
        typer.echo(f"  {verb}: {shown_name(path)}")
    for beside in result.beside:
        for path in beside.written:
            typer.echo(f"  written beside: {shown_name(path)}")
        for path in beside.removed:
            typer.echo(f"  not needed any more: {shown_name(path)}")
    for path, reason in result.problems:
        sys.stderr.write(f"{shown_name(path) or '-'}: {reason}\n")
    if not dry_run:
        typer.echo(f"Overview: {Configured(settings).overview().address}")
    for name in result.old_copies:
        told = _("Overblikket var åbent ved en tidligere kontrol. Kopien »{file}« kan slettes nu.")
        typer.echo(told.format(file=name))


def _log(result: Result, settings: Settings, began: float) -> None:
    """The run in the log file: one line, and one for each thing that stood in the way."""
    from rules.personal_numbers import masked
    from sync.logs import LOG, log_to_file

    if settings.monitoring.log_folder is None:
        return
    log_to_file(settings.monitoring, "run")
    keys = {
        "seconds": f"{time.monotonic() - began:.1f}",
        "workbooks": result.tally.workbooks,
        "read": result.read,
        "written": len(result.written),
        "problems": len(result.problems),
        **{severity.value: count for severity, count in sorted(result.counts.items())},
    }
    LOG.info("run done", extra={"keys": keys})
    for path, reason in result.problems:
        LOG.warning("not done", extra={"keys": {"path": masked(path), "reason": reason}})


def run(config: ConfigOption = None) -> None:
    """Stay, and run the job by the configuration's schedule."""
    from sync.config import DEFAULT_FILE, ConfigurationError
    from sync.lock import SERVICE, AlreadyRunning, alone
    from sync.logs import log_to_file, log_to_stderr
    from sync.mail.failure import FailureWatch
    from sync.service import Service
    from sync.sources import Configured
    from sync.state import StateError
    from sync.working_days import timetable_of

    settings = settings_from(config)
    try:
        Configured(settings).refuse_wrong()
    except ConfigurationError as error:
        fail(error, WRONG_CALL)
    log_to_stderr()
    log_to_file(settings.monitoring, "service")
    command = [sys.executable, "-m", "sync", "sync", "--config", str(config or DEFAULT_FILE)]
    gc.enable()
    state, now = settings.state, now_in(settings)
    try:
        with alone(state, SERVICE) as lease:
            watch = FailureWatch(
                settings.mail,
                lambda: _last_complete_start(state),
                lambda: _remember_that_it_was_told(settings),
            )
            service = Service(
                timetable_of(settings.schedule),
                command,
                clock=lambda: now_in(settings),
                since=_last_complete_start(state) or now,
                longest=timedelta(minutes=settings.schedule.longest_minutes),
                is_lost=lease.is_lost,
                ended=watch.ended,
            )
            on_stop(service.stop)
            service.serve()
    except (AlreadyRunning, StateError) as error:
        fail(error, UNREACHED)


def _remember_that_it_was_told(settings: Settings) -> None:
    from sync.endings import remember_that_it_was_told
    from sync.history import History
    from sync.state import StateError

    with contextlib.suppress(StateError), History(settings.state) as history:
        remember_that_it_was_told(history, now_in(settings))


def _last_complete_start(state: StateSection) -> datetime | None:
    from sync.history import History
    from sync.state import StateError

    try:
        with History(state, writes=False) as history:
            return history.last_complete_start()
    except StateError:
        return None
