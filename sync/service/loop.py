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
from datetime import UTC, datetime, timedelta

import schedule

from sync.service.timetable import Timetable

LOG = logging.getLogger("helhedsplan")
LOOK_SECONDS = 10
TURN_SECONDS = 1.0
GRACE = timedelta(seconds=60)
"""How long a run that is asked to end has for the workbook that it is working on."""
TRIED_AGAIN_AFTER = timedelta(minutes=3)
"""When a run is tried again that could not begin, or not go on."""
STEP = timedelta(minutes=5)
"""By so much a clock may be set right without being taken for one that was put back."""

Clock = Callable[[], datetime]


class Service:
    """Starts `command` whenever the timetable says so, until it is asked to stop.

    `since` is when the last complete run began: what was missed after it is made up for, once.
    A run that takes longer than `longest` is ended. `is_lost` says that the service's lock is held
    no more. `ended` is called with each run's exit code, and when it began; it says whether the run
    is to be tried again soon.
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
        ended: Callable[[int | None, datetime], bool] = lambda _code, _begun_at: False,
    ) -> None:
        self._timetable, self._command, self._clock = timetable, command, clock
        # Moments are compared in UTC: of the wall's clock two that are an hour apart look alike.
        self._since, self._longest = since.astimezone(UTC), longest
        self.is_lost, self._ended = is_lost, ended
        self._again_at: datetime | None = None
        self._is_serving = False
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._scheduler = schedule.Scheduler()

    def stop(self) -> None:
        """Ask it to stop: between two workbooks, or at once while it waits."""
        self._stopping.set()
        if self._process is not None:
            _ask_to_end(self._process)

    def stops_within(self, seconds: float) -> bool:
        """Wait so long, or until it is asked to stop; whether it was."""
        return self._stopping.wait(seconds)

    def serve(self) -> None:
        """Run and wait until `stop` is called, or the lock is lost."""
        self._log_next()
        self._is_serving = True
        self._look_regularly()
        while self._is_serving and not self._stopping.is_set():
            self._scheduler.run_pending()
            idle = self._scheduler.idle_seconds or 0.0
            if idle > 2 * LOOK_SECONDS:  # the clock was put back; schedule would wait for it
                self._look_regularly()
                idle = 0.0
            self._stopping.wait(max(idle, 0.0))

    def look(self) -> None:
        """Start a run if one is due."""
        if self.is_lost():
            LOG.warning("the lock was lost: its place was out of reach, or another service has it")
            self._is_serving = False
            return
        clock = self._clock()
        now = clock.astimezone(UTC)
        if now < self._since - STEP:
            LOG.warning("the clock was put back from %s to %s", self._since, now)
            self._since, self._again_at = now, self._again_at and now
        due = self._timetable.due(now, self._since)
        if due is not None:
            self._since = now
            if now - due.astimezone(UTC) > timedelta(seconds=3 * LOOK_SECONDS):
                LOG.info("the run of %s was missed and is made up for", due)
        elif not self._again_at or now < self._again_at or self._timetable.is_quiet(now):
            return
        self._again_at = now + TRIED_AGAIN_AFTER if self._run(clock) else None
        self._log_next()

    def _look_regularly(self) -> None:
        self._scheduler.clear()
        self._scheduler.every(LOOK_SECONDS).seconds.do(self.look)
        self._scheduler.run_all()

    def _run(self, begun_at: datetime) -> bool:
        """One run, from its start to its end; whether it is to be tried again soon."""
        LOG.info("run begins")
        try:
            self._process = process = _started(self._command)
        except OSError as error:
            LOG.error("run could not be started: %s", error)  # noqa: TRY400  no trace is needed
            return True
        if self._stopping.is_set():
            _ask_to_end(process)
        code = self._end_of(process)
        self._process = None
        LOG.info("run ended with exit code %s", code)
        return not self._stopping.is_set() and self._ended(code, begun_at)

    def _end_of(self, process: subprocess.Popen[bytes]) -> int | None:
        """The exit code; a run that takes too long is asked to end, and then made to."""
        if (code := _waited(process, self._longest + GRACE, self._stopping)) is not None:
            return code
        if not self._stopping.is_set():
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


def _waited(
    process: subprocess.Popen[bytes], longest: timedelta, asked: threading.Event | None = None
) -> int | None:
    """The exit code, None where it has not ended by then, or when it was `asked` to.

    In short turns: Windows lets no signal through while it waits.
    """
    ends_at = time.monotonic() + longest.total_seconds()
    while (left := ends_at - time.monotonic()) > 0 and not (asked and asked.is_set()):
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
