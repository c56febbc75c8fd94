"""`helhedsplan run`: stays, and runs the job by its schedule."""

from __future__ import annotations

import contextlib
import gc
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sync.cli.common import ConfigOption, now_in, on_stop, settings_from

if TYPE_CHECKING:
    from sync.config import Settings


def run(config: ConfigOption = None) -> None:
    """Stay, and run the job by the configuration's schedule."""
    from sync.config import DEFAULT_FILE
    from sync.locks.lock import SERVICE, alone
    from sync.notifications.to_operators import FailureWatch
    from sync.run.logs import log_to_file, log_to_stderr
    from sync.service.loop import Service
    from sync.service.timetable import timetable_of
    from sync.stores.configured import Configured

    settings = settings_from(config)
    Configured(settings).refuse_wrong()
    log_to_stderr()
    log_to_file(settings.monitoring, "service")
    command = [sys.executable, "-m", "sync", "sync", "--config", str(config or DEFAULT_FILE)]
    gc.enable()
    now = now_in(settings)
    with alone(settings.state, SERVICE) as lease:
        watch = FailureWatch(
            settings.mail,
            lambda: _last_complete_start(settings),
            lambda: _remember_that_operators_know(settings),
        )
        service = Service(
            timetable_of(settings.schedule),
            command,
            clock=lambda: now_in(settings),
            since=_last_complete_start(settings) or now,
            longest=timedelta(minutes=settings.schedule.longest_minutes),
            is_lost=lease.is_lost,
            ended=watch.ended,
        )
        on_stop(service.stop)
        service.serve()


def _remember_that_operators_know(settings: Settings) -> None:
    from sync.config.state import StateError
    from sync.history.history import History

    with contextlib.suppress(StateError), History(settings.state) as history:
        history.notes.interrupted_reported_at = now_in(settings)


def _last_complete_start(settings: Settings) -> datetime | None:
    from sync.config.state import StateError
    from sync.history.history import History

    try:
        with History(settings.state, writes=False) as history:
            complete = history.runs.last_complete()
            return complete.started_at if complete else None
    except StateError:
        return None
