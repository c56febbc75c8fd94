"""What the commands share: exit codes, options, the configuration, the clock, being stopped.

Here, and nowhere else, the job meets the clock and the environment.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from sync.config import Settings

FINE, FOUND, WRONG_CALL, UNREACHED = 0, 1, 2, 3

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration; config.toml if there is one."),
]
TodayOption = Annotated[
    str, typer.Option("--today", metavar="YYYY-MM-DD", help="Judge as on this day.")
]


def fail(message: object, code: int) -> NoReturn:
    """Say what is wrong on standard error, and end with this exit code."""
    sys.stderr.write(f"{message}\n")
    raise typer.Exit(code)


def settings_from(config: Path | None, *, required: bool = True) -> Settings:
    """The configuration; ends the command where it is wrong."""
    from sync.config import ConfigurationError, load

    try:
        settings = load(config, required=required)
    except ConfigurationError as error:
        fail(error, WRONG_CALL)
    for line in settings.old_keys:
        sys.stderr.write(f"{line}\n")
    return settings


def now_in(settings: Settings) -> datetime:
    """This moment, to the second, in the configured time zone."""
    return datetime.now(ZoneInfo(settings.schedule.timezone)).replace(microsecond=0)


def day_of(text: str, settings: Settings) -> date:
    """The day of `--today`, or today's; ends the command where it is no day."""
    if not text:
        return now_in(settings).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--today {text}: write the day as YYYY-MM-DD", WRONG_CALL)


def on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` on Ctrl-C and when the system asks the process to end (Windows: Ctrl-Break)."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        numbers.append(signal.SIGBREAK)
    for number in numbers:
        signal.signal(number, lambda *_: stop())
