"""Runs by the schedule: waits, starts each run as a process of its own, and stops when asked.

A run in its own process cannot end the service, whatever goes wrong in it, and leaves no memory
behind. When it is time is the timetable's business; this looks at it again and again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import schedule

from sync.service.timetable import Timetable

LOG = logging.getLogger("helhedsplan")
LOOK_SECONDS = 10
TURN_SECONDS = 1.0
GRACE = timedelta(seconds=60)
"""How long a run that is asked to end has for the workbook that it is working on."""

Clock = Callable[[], datetime]


class Service:
    """Starts `command` whenever the timetable says so, until it is asked to stop.

    `since` is when the last complete run began: what was missed after it is made up for, once.
    A run that takes longer than `longest` is ended; `is_lost` says that another service has taken
    over. `ended` is called with each run's exit code, and when it began.
    """

    def __init__(
        self,
        timetable: Timetable,
        command: Sequence[str],
        *,
        clock: Clock,
        since: datetime,
        longest: timedelta,
        is_lost: Callable[[], bool] = lambda: False,
        ended: Callable[[int | None, datetime], None] = lambda _code, _begun_at: None,
    ) -> None:
        self._timetable, self._command, self._clock = timetable, command, clock
        self._since, self._longest = since, longest
        self._is_lost, self._ended = is_lost, ended
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._scheduler = schedule.Scheduler()

    def stop(self) -> None:
        """Ask it to stop: between two workbooks, or at once while it waits."""
        self._stopping.set()
        if self._process is not None:
            _ask_to_end(self._process)

    def serve(self) -> None:
        """Run and wait until `stop` is called, or another service has taken over."""
        self._log_next()
        self._look_regularly()
        while not self._stopping.is_set():
            self._scheduler.run_pending()
            idle = self._scheduler.idle_seconds or 0.0
            if idle > 2 * LOOK_SECONDS:  # the clock was put back; schedule would wait for it
                self._look_regularly()
                idle = 0.0
            self._stopping.wait(max(idle, 0.0))
        LOG.info("stopped")

    def look(self) -> None:
        """Start a run if one is due."""
        if self._is_lost():
            LOG.error("another service has taken over; this one ends")
            self._stopping.set()
            return
        now = self._clock()
        if now < self._since:
            LOG.warning("the clock was put back from %s to %s", self._since, now)
            self._since = now
        due = self._timetable.due(now, self._since)
        if due is None:
            return
        self._since = now
        if now - due > timedelta(seconds=3 * LOOK_SECONDS):
            LOG.info("the run of %s was missed and is made up for", due)
        self._run(now)
        self._log_next()

    def _look_regularly(self) -> None:
        self._scheduler.clear()
        self._scheduler.every(LOOK_SECONDS).seconds.do(self.look)
        self._scheduler.run_all()

    def _run(self, begun_at: datetime) -> None:
        """One run, from its start to its end; when asked to stop, so is the run."""
        LOG.info("run begins")
        try:
            self._process = process = _started(self._command)
        except OSError as error:
            LOG.error("run could not be started: %s", error)  # noqa: TRY400  no trace is needed
            return
        if self._stopping.is_set():
            _ask_to_end(process)
        code = self._end_of(process)
        self._process = None
        LOG.info("run ended with exit code %s", code)
        if not self._stopping.is_set():
            self._ended(code, begun_at)

    def _end_of(self, process: subprocess.Popen[bytes]) -> int | None:
        """The exit code; a run that takes too long is asked to end, and then made to."""
        if (code := _waited(process, self._longest + GRACE)) is not None:
            return code
        LOG.error("run takes longer than %s and is ended", self._longest)
        _ask_to_end(process)
        if (code := _waited(process, GRACE)) is not None:
            return code
        LOG.error("run does not end and is killed")
        _kill(process)
        return _waited(process, GRACE)

    def _log_next(self) -> None:
        following = self._timetable.next_after(self._clock())
        LOG.info("next run at %s", following or "no time: the schedule never comes")


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """The command in a group of processes of its own, so that signals reach all of it or none."""
    if sys.platform == "win32":
        return subprocess.Popen(command, creationflags=subprocess.CREATE_NEW_PROCESS_GROUP)
    return subprocess.Popen(command, start_new_session=True)


def _waited(process: subprocess.Popen[bytes], longest: timedelta) -> int | None:
    """The exit code, None where it has not ended by then.

    In short turns: Windows lets no signal through while it waits.
    """
    ends_at = time.monotonic() + longest.total_seconds()
    while (left := ends_at - time.monotonic()) > 0:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(min(left, TURN_SECONDS))
    return process.poll()


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):  # it has just ended
        if sys.platform == "win32":
            process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            process.terminate()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the run and the processes that read for it."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
