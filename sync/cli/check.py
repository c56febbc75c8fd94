"""`helhedsplan check`: reading and judging without writing."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sync.cli.common import (
    FOUND,
    UNREACHED,
    WRONG_CALL,
    ConfigOption,
    TodayOption,
    day_of,
    fail,
    settings_from,
)
from sync.cli.progress import progress


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Workbooks or folders, with their subfolders; addresses of spreadsheets.",
        ),
    ] = None,
    config: ConfigOption = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    today: TodayOption = "",
    select: Annotated[
        list[str] | None, typer.Option(help="Only these codes or families, like FIN.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these codes or families.")] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 although there are fejl.")
    ] = False,
) -> None:
    """Read and check workbooks; writes nothing."""
    from rules.judging.rule import Context
    from rules.model.finding import Severity
    from rules.text.quoting import shown_name
    from sync.check import check as checking
    from sync.cli import check_output as report
    from sync.config import ConfigurationError
    from sync.stores import configured as sources
    from sync.stores.base import StoreError

    settings = settings_from(config, required=not paths)
    day = day_of(today, settings)
    places = sources.Configured(settings)
    try:
        stores = places.named(paths) if paths else places.stores
        report.selected((), select or (), ignore or ())
        with progress() as line:
            found = checking.check(
                stores,
                Context(settings.parameters(), day),
                settings.reading.processes,
                line.start,
                line.advance,
            )
        found.notices = report.selected(found.notices, select or (), ignore or ())
    except ConfigurationError as error:
        fail(error, WRONG_CALL)
    except StoreError as error:
        fail(error, UNREACHED)
    finally:
        places.close()
    if output is Format.JSON:
        typer.echo(report.as_json(found, day))
        for path, reason in found.failures:
            sys.stderr.write(f"{shown_name(path) or '-'}: {reason}\n")
    else:
        typer.echo("\n".join(report.as_text(found)))
    if found.failures:
        raise typer.Exit(UNREACHED)
    if found.counts[Severity.ERROR] and not exit_zero:
        raise typer.Exit(FOUND)
