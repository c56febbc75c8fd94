"""`helhedsplan check`: reading and judging without writing."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from sync.cli.common import (
    ConfigOption,
    Format,
    FormatOption,
    ProgressLine,
    TodayOption,
    now_on,
    say,
    settings_from,
    with_path,
)
from sync.service.exit_codes import ExitCode


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Workbooks or folders, with their subfolders; addresses of spreadsheets.",
        ),
    ] = None,
    config: ConfigOption = None,
    output: FormatOption = Format.TEXT,
    today: TodayOption = "",
    select: Annotated[
        list[str] | None, typer.Option(help="Only these codes or families, like FIN.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these codes or families.")] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if there are fejl.")
    ] = False,
) -> None:
    """Read and check workbooks; writes nothing."""
    from rules.judging.rule import Context
    from rules.model.finding import Severity
    from sync.check import check as checking
    from sync.check.cluster import cluster_at
    from sync.cli.check_output import as_json, as_text, selected_codes
    from sync.stores.configured import Configured

    settings = settings_from(config, required=not paths)
    day = now_on(today, settings).date()
    with closing(Configured(settings)) as places:
        stores = places.named(paths) if paths else places.stores
        codes = selected_codes(select or (), ignore or ())
        with ProgressLine("reading and checking workbooks") as line:
            context = Context(settings.parameters(), day)
            reading = settings.reading
            cluster = cluster_at(*reading.cluster_files)
            found = checking.check(stores, context, reading.processes, line.show, cluster)
    found.notices = [notice for notice in found.notices if notice.code in codes]
    if output is Format.JSON:
        typer.echo(as_json(found, day))
        for path, reason in found.failures:
            sys.stderr.write(f"{with_path(path, reason)}\n")
    else:
        for text in as_text(found):
            say(text)
    if found.failures:
        raise typer.Exit(ExitCode.UNREACHED)
    if found.counts[Severity.ERROR] and not exit_zero:
        raise typer.Exit(ExitCode.FINDINGS)
