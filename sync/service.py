"""Runs by the schedule: waits, starts each run as a process of its own, and stops when asked.

A run in its own process cannot end the service, whatever goes wrong in it, and leaves no memory
behind.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import schedule

from sync.config.job import ScheduleSection

LOG = logging.getLogger("helhedsplan")
LONGEST_WAIT_SECONDS = 30.0

_WEEKDAYS = {
    "mandag": "monday", "tirsdag": "tuesday", "onsdag": "wednesday", "torsdag": "thursday",
    "fredag": "friday", "lørdag": "saturday", "søndag": "sunday",
}  # fmt: skip


class Service:
    """Starts `command` at the times of the schedule until it is asked to stop."""

    def __init__(self, times: ScheduleSection, command: Sequence[str]) -> None:
        self._command = command
        self._zone = ZoneInfo(times.timezone)
        self._stopping = threading.Event()
        self._scheduler = schedule.Scheduler()
        for weekday in times.weekdays:
            for at in times.times:
                every = getattr(self._scheduler.every(), _WEEKDAYS[weekday])
                every.at(at.strftime("%H:%M:%S"), times.timezone).do(self._run)

    def stop(self) -> None:
        """Ask it to stop: between two workbooks, or at once while it waits."""
        self._stopping.set()

    def serve(self) -> None:
        """Run and wait until `stop` is called."""
        self._tell_next()
        while not self._stopping.is_set():
            if self._scheduler.idle_seconds is not None and self._scheduler.idle_seconds <= 0:
                self._scheduler.run_pending()
                self._tell_next()
            idle = self._scheduler.idle_seconds or 0.0
            self._stopping.wait(min(max(idle, 0.1), LONGEST_WAIT_SECONDS))
        LOG.info("stopped")

    def _run(self) -> None:
        """One run, from its start to its end; when asked to stop, so is the run."""
        LOG.info("run begins")
        try:
            process = subprocess.Popen(self._command)
        except OSError as error:
            LOG.error("run could not be started: %s", error)  # noqa: TRY400  no trace is needed
            return
        while process.poll() is None:
            if self._stopping.wait(0.2):
                process.terminate()
                process.wait()
        LOG.info("run ended with exit code %s", process.returncode)

    def _tell_next(self) -> None:
        next_run = self._scheduler.next_run
        if next_run is not None:
            LOG.info("next run at %s", next_run.astimezone(self._zone))
