"""The command line: its commands, written out, and what holds for all of them."""

from __future__ import annotations

import atexit
import gc
import io
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from sync.cli.check import check
from sync.cli.common import with_exit_codes
from sync.cli.reports import brief, config, digest, doctor, export, rules, status
from sync.cli.service import install_service, run, uninstall_service
from sync.cli.sync import demo, sync
from sync.cli.workbooks import adopt, fix, new, restore

app = typer.Typer(
    name="helhedsplan",
    no_args_is_help=True,
    add_completion=False,
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
    """What is printed is UTF-8 wherever it goes; pipes on Windows are something else."""
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
    gc.disable()  # a command is over before collecting cycles pays; imports alone make many
    atexit.register(gc.freeze)  # nor at its end: the system takes back all memory at once
    app(prog_name="helhedsplan")
