"""What the commands share: options, the configuration, the clock, exit codes, progress.

Here, and nowhere else, the job meets the clock and the environment.
"""

from __future__ import annotations

import errno
import functools
import os
import select
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, NoReturn, ParamSpec, Self
from zoneinfo import ZoneInfo

import typer

from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.config.settings import Settings

PATIENCE_SECONDS = 1.0
"""Work that is done sooner shows no progress."""
_P = ParamSpec("_P")


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration; config.toml if there is one."),
]
TodayOption = Annotated[
    str, typer.Option("--today", metavar="YYYY-MM-DD", help="Judge as on this day.")
]
RememberOption = Annotated[
    bool,
    typer.Option("--remember", help="With --today: write, send and remember, as if it were so."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]


def with_exit_codes(command: Callable[_P, None]) -> Callable[_P, None]:
    """The command; what it cannot do ends it with a message and the exit code for that error.

    So does what nobody foresaw; where that happened is in a file, and never on the terminal.
    """

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            from sync.config.section import ConfigurationError
            from sync.config.state import StateError
            from sync.locks.lock import AlreadyRunning
            from sync.service.install import InstallError
            from sync.stores.base import StoreError

            if isinstance(error, ConfigurationError):
                fail(error, ExitCode.WRONG_CALL)
            if isinstance(error, StoreError | StateError | AlreadyRunning | InstallError):
                fail(error, ExitCode.UNREACHED)
            if isinstance(error, BrokenPipeError):
                raise  # who read the output has seen enough, and Typer ends in silence
            if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
                fail(f"{error.filename}: the name is too long", ExitCode.WRONG_CALL)
            fail(unforeseen(error), ExitCode.UNREACHED)

    return run


def unforeseen(error: BaseException) -> str:
    """What is said of an exception that nobody foresaw; where it happened is logged."""
    from sync.run.logs import log_fault

    what = error.strerror if isinstance(error, OSError) else type(error).__name__
    return (
        f"the program failed in a way that nobody foresaw ({what}); where, is in {log_fault(error)}"
    )


def fail(message: object, code: ExitCode) -> NoReturn:
    """Say what is wrong on standard error, and end with this exit code."""
    from rules.text.quoting import shown_name

    for line in str(message).split("\n"):
        complain(shown_name(line))
    raise typer.Exit(code)


def complain(line: str) -> None:
    """Write a line on standard error, where it takes one."""
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")


def settings_from(config: Path | None, *, required: bool = True) -> Settings:
    """The configuration, in use from now on; old names of keys are named on standard error.

    Raises:
        ConfigurationError: it is missing or wrong.
    """
    settings = load_settings(config, required=required)
    for line in settings.old_keys:
        sys.stderr.write(f"{line}\n")
    return settings


def load_settings(config: Path | None, *, required: bool = True) -> Settings:
    """The configuration; from now on this process speaks its language."""
    from sync.config.settings import load
    from sync.i18n.language import language_of, speak
    from sync.run.logs import keep_faults

    settings = load(config, required=required)
    keep_faults(settings.state.folder)
    speak(language_of(settings.language))
    return settings


def now_in(settings: Settings) -> datetime:
    """This moment, to the second, in the configured time zone."""
    return datetime.now(ZoneInfo(settings.schedule.timezone)).replace(microsecond=0)


def now_on(today: str, settings: Settings) -> datetime:
    """This moment, on the day of `--today` where there is one."""
    now = now_in(settings)
    day = day_of("--today", today)
    return datetime.combine(day, now.timetz()) if day else now


def is_tried_only(today: str, settings: Settings, *, remember: bool) -> bool:
    """Whether `--today` names another day, as which nothing is to be written, sent or remembered.

    What is remembered of a day to come would stand in the way of every day until then.
    """
    if remember or now_on(today, settings).date() == now_in(settings).date():
        return False
    sys.stderr.write(f"{today} is not today: nothing is kept without --remember\n")
    return True


def day_of(option: str, text: str) -> date | None:
    """The day of an option, None where it is not given; ends the command if it is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail(f"{option} {text}: write the day as YYYY-MM-DD", ExitCode.WRONG_CALL)


def on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` on Ctrl-C, and when the system asks the process to end or its terminal is gone.

    On Windows on Ctrl-Break too.
    """
    for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
        number = getattr(signal, name, None)
        # nohup has a process ignore that its terminal goes, and so does this one.
        if number and not (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            signal.signal(number, lambda *_: stop())


@contextmanager
def end_for_sure(longest: float, grace: float) -> Iterator[None]:
    """End this process with a message `grace` seconds after it was asked to, however it hangs.

    After `longest` seconds it counts as asked. What it writes is whole at any moment, so that
    nothing is lost but its place in the work. A thread that hangs in the system cannot answer a
    signal; the one that watches can.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    done = Event()

    def watch() -> None:
        from multiprocessing import active_children

        with reader:  # open to the end: what a second signal writes needs a reader too
            select.select([reader], [], [], longest)
            if done.wait(grace):
                return
        sys.stderr.write("the run hangs, and is ended; the next run goes on\n")
        sys.stderr.flush()
        for child in active_children():
            child.kill()
        os._exit(ExitCode.UNREACHED)

    Thread(target=watch, name="end for sure", daemon=True).start()
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(before)
        writer.close()


def number_of(count: int, noun: str) -> str:
    """A count with its noun in English: `1 plan`, `2 plans`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def with_path(path: str, reason: str) -> str:
    """What stood in the way, behind the path of the workbook if it is of one."""
    from rules.text.quoting import shown_name

    return f"{shown_name(path)}: {reason}" if path else reason


def mails_sent(sent: Counter[str]) -> str:
    """How many mails went out, and to whom."""
    to = [f"{about} ({count})" if count > 1 else about for about, count in sent.items()]
    more = f", and {len(to) - _MOST_NAMED} others" if len(to) > _MOST_NAMED else ""
    names = ", ".join(to[:_MOST_NAMED])
    return f"{number_of(sent.total(), 'mail')} sent{names and f' to {names}'}{more}"


_MOST_NAMED = 10
_COLOURS = {
    "FEJL": "red", "ERROR": "red", "MEND": "red", "ADVARSEL": "yellow", "WARNING": "yellow",
    "INFO": "blue", "ok": "green",
}  # fmt: skip


def say(line: str) -> None:
    """Print a line; on a terminal the word that it begins with may have a colour."""
    word = next(iter(line.split()), "")
    if word in _COLOURS and "NO_COLOR" not in os.environ:
        line = line.replace(word, typer.style(word, fg=_COLOURS[word], bold=True), 1)
    typer.echo(line)


class ProgressLine:
    """A line on standard error, gone at the end; only on a terminal, and only after a second."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._ended = Event()
        self._ticker = Thread(target=self._tick, name="progress", daemon=True)

    def show(self, done: int, total: int) -> None:
        """Say that so many workbooks of all are read."""
        self._doing = f"{done} of {total} workbooks read"

    def _tick(self) -> None:
        began = time.monotonic()
        while not self._ended.wait(PATIENCE_SECONDS):
            sys.stderr.write(f"\r{self._doing}, {time.monotonic() - began:.0f} s\x1b[K")
            sys.stderr.flush()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._ticker.is_alive():
            self._ticker.join()
