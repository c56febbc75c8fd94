"""Lines for cron, for systems that have nothing better: each starts one run."""

from __future__ import annotations

import shlex
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sync.service.install.steps import InstallError, InstallPlan, RunCommand
from sync.service.timetable import Timetable

_ORDINARY_DAYS = [date(2026, 11, 23 + number) for number in range(7)]
"""A week, beginning with a Monday, in which no clock changes."""


def plan(timetable: Timetable, command: Sequence[str], name: str) -> InstallPlan:
    """Add the lines to the user's crontab, in place of earlier ones of the same name.

    Raises:
        InstallError: the crontab cannot be read.
    """
    note = (
        "cron goes by the machine's own time zone, makes up for nothing that was missed, and "
        "knows no public holidays."
    )
    return InstallPlan([_crontab_with(lines(timetable, command, name), name)], [note])


def removal(name: str) -> InstallPlan:
    """Take the lines away.

    Raises:
        InstallError: the crontab cannot be read.
    """
    return InstallPlan([_crontab_with((), name)])


def lines(timetable: Timetable, command: Sequence[str], name: str) -> Iterator[str]:
    """The lines: as few as there are different sets of hours."""
    minutes_at: dict[int, list[int]] = defaultdict(list)
    day = next((day for day in _ORDINARY_DAYS if timetable.on(day)), _ORDINARY_DAYS[0])
    for moment in timetable.on(day):
        clock = moment.astimezone(timetable.zone)
        minutes_at[clock.hour].append(clock.minute)
    hours_with: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for hour, minutes in minutes_at.items():
        hours_with[tuple(minutes)].append(hour)
    weekdays = _listed(sorted((weekday + 1) % 7 for weekday in timetable.weekdays))
    called = shlex.join(command).replace("%", r"\%")
    for at, hours in hours_with.items():
        yield f"{_listed(at)} {_listed(hours)} * * {weekdays} {called} {_mark(name)}"


def _mark(name: str) -> str:
    """What our lines end with; for the shell it is a comment."""
    return f"# {name}"


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _crontab_with(own_lines: Iterable[str], name: str) -> RunCommand:
    """The crontab written anew: everybody else's lines, then these."""
    try:
        done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise InstallError(f"crontab could not be run: {error.strerror}") from error
    there = done.stdout.splitlines() if done.returncode == 0 else []
    kept = [line for line in there if not line.endswith(_mark(name))]
    return RunCommand(["crontab", "-"], "".join(f"{line}\n" for line in [*kept, *own_lines]))
