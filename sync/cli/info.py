"""`helhedsplan rules`, `status`, `config` and `doctor`: what holds, how it stands."""

from __future__ import annotations

import os
from datetime import datetime
from importlib.resources import files
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import ConfigOption, Format, FormatOption, fail, load_settings, settings_from
from sync.service.exit_codes import ExitCode


def rules(
    code: Annotated[str | None, typer.Argument(help="A rule's code, like FIN-01.")] = None,
    config: ConfigOption = None,
) -> None:
    """The rules; one rule explained."""
    from sync.cli.rule_pages import in_full, listed

    settings_from(config, required=False)
    try:
        lines = in_full(code) if code else listed()
    except KeyError:
        fail(f"{code}: there is no such rule; see helhedsplan rules", ExitCode.WRONG_CALL)
    typer.echo("\n".join(lines))


def status(config: ConfigOption = None, output: FormatOption = Format.TEXT) -> None:
    """The last run, what is open per plan, what is skipped and why."""
    from sync.run.status import status_in, status_json, status_lines

    found = status_in(settings_from(config).state)
    typer.echo(status_json(found) if output is Format.JSON else "\n".join(status_lines(found)))


def config() -> None:
    """Print the example configuration: every key, explained, with its shipped value."""
    example = files("sync") / "config" / "config.example.toml"
    typer.echo(example.read_text(encoding="utf-8"), nl=False)


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
