"""`helhedsplan run`: stays, and runs the job by its schedule."""

from __future__ import annotations

import contextlib
import gc
import sys
from datetime import datetime, timedelta

from sync.cli.common import (
    UNREACHED,
    WRONG_CALL,
    ConfigOption,
    fail,
    now_in,
    on_stop,
    settings_from,
)
from sync.config import Settings
from sync.config.state import StateSection


def run(config: ConfigOption = None) -> None:
    """Stay, and run the job by the configuration's schedule."""
    from sync.config import DEFAULT_FILE, ConfigurationError
    from sync.config.state_folder import StateError
    from sync.locks.lock import SERVICE, AlreadyRunning, alone
    from sync.notifications.failure_watch import FailureWatch
    from sync.run.logs import log_to_file, log_to_stderr
    from sync.service.holidays import timetable_of
    from sync.service.loop import Service
    from sync.stores.configured import Configured

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
    from sync.config.state_folder import StateError
    from sync.history.history import History
    from sync.run.interrupted import remember_that_it_was_told

    with contextlib.suppress(StateError), History(settings.state) as history:
        remember_that_it_was_told(history, now_in(settings))


def _last_complete_start(state: StateSection) -> datetime | None:
    from sync.config.state_folder import StateError
    from sync.history.history import History

    try:
        with History(state, writes=False) as history:
            return history.last_complete_start()
    except StateError:
        return None
