"""The command line: its commands, written out, and what holds for all of them."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from sync.cli.check import check
from sync.cli.common import complain, unforeseen, with_exit_codes
from sync.cli.reports import brief, config, digest, doctor, export, rules, status
from sync.cli.service import install_service, run, uninstall_service
from sync.cli.sync import demo, sync
from sync.cli.workbooks import adopt, fix, new, restore
from sync.service.exit_codes import ExitCode

_STANDARD_ERROR = 2

app = typer.Typer(
    name="helhedsplan",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Checks the workbooks of boligsociale helhedsplaner, writes warnings back in plain "
    "Danish and builds one overview. Exit codes: 0 fine, 1 at least one fejl (check), 2 the "
    "configuration or the call is wrong, 3 something could not be reached or written.",
)
history = typer.Typer(no_args_is_help=True, help="What the job remembers.")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"helhedsplan {version('helhedsplan')}")
        raise typer.Exit


@app.callback()
def _prepare(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """What is printed is UTF-8 wherever it goes; what is made not everybody may write.

    Pipes on Windows are something else, and a service's mask may let everybody.
    """
    os.umask(os.umask(0o002) | 0o002)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")


@history.callback()
def _history() -> None:
    """Keeps `history` a group, although it has one command."""


COMMANDS: Sequence[Callable[..., None]] = (
    check, sync, run, rules, status, doctor, digest, brief, restore, fix, adopt, new, config,
    demo, install_service, uninstall_service,
)  # fmt: skip
for command in COMMANDS:
    app.command()(with_exit_codes(command))
history.command()(with_exit_codes(export))
app.add_typer(history, name="history")


def main() -> None:
    """Run the command line as a process of its own."""
    _stand_in_for_closed_streams()
    gc.disable()  # a command is over before collecting cycles pays; imports alone make many
    atexit.register(gc.freeze)  # nor at its end: the system takes back all memory at once
    threading.excepthook = lambda failed: _say(failed.exc_value)
    sys.unraisablehook = lambda failed: _say(failed.exc_value)
    try:
        app(prog_name="helhedsplan")
    except Exception as error:  # noqa: BLE001  outside all commands: in the help, in reading the call
        _say(error)
        sys.exit(ExitCode.UNREACHED)
    finally:
        _end_output()


def _stand_in_for_closed_streams() -> None:
    """Whoever started it may have closed them: no file that is opened shall take their numbers."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STANDARD_ERROR:
        pass
    os.close(descriptor)
    sys.stdout, sys.stderr = (
        stream or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  until the end
        for stream in (sys.stdout, sys.stderr)
    )


def _say(error: BaseException | None) -> None:
    if error is not None:
        complain(unforeseen(error))


def _end_output() -> None:
    """Print what is still held back; what cannot be printed is no matter for the interpreter.

    It would print a trace at its end.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if not isinstance(error, BrokenPipeError):
                complain(f"the output cannot be printed: {error.strerror}")
                sys.exit(ExitCode.UNREACHED)
