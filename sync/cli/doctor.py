"""`helhedsplan doctor`: everything that a run needs, tried for real."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from sync.cli.check import Format
from sync.cli.common import UNREACHED, ConfigOption


def doctor(
    config: ConfigOption = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
) -> None:
    """Try everything that a run needs, and say what to mend. Exit code 0: all right; 3: mend."""
    from sync.doctor.examination import examined
    from sync.stores.diagnosis import as_json, as_text

    now = datetime.now(ZoneInfo("Europe/Copenhagen")).replace(microsecond=0)
    lines = []
    for line in examined(config, os.environ, now):
        lines.append(line)
        if output is Format.TEXT:
            for text in as_text([line]):
                typer.echo(text)
    if output is Format.JSON:
        typer.echo(as_json(lines, now))
    if not all(line.is_right for line in lines):
        raise typer.Exit(UNREACHED)
