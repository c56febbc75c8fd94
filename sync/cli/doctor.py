"""`helhedsplan doctor`: everything that a run needs, tried for real."""

from __future__ import annotations

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import ConfigOption, Format, FormatOption, load_settings
from sync.service.exit_codes import ExitCode


def doctor(config: ConfigOption = None, output: FormatOption = Format.TEXT) -> None:
    """Try everything that a run needs, and say what to mend. Exit code 0: all right; 3: mend."""
    from sync.doctor.examination import examined
    from sync.stores.diagnosis import as_json, as_text

    now = datetime.now(ZoneInfo("Europe/Copenhagen")).replace(microsecond=0)
    lines = []
    for line in examined(lambda: load_settings(config), os.environ, now):
        lines.append(line)
        if output is Format.TEXT:
            typer.echo("\n".join(as_text([line])))
    if output is Format.JSON:
        typer.echo(as_json(lines, now))
    if not all(line.is_right for line in lines):
        raise typer.Exit(ExitCode.UNREACHED)
