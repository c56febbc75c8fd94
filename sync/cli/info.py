"""`helhedsplan rules`, `status` and `config`: what holds, how it stands, what can be set."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

import typer

from sync.cli.common import ConfigOption, Format, FormatOption, fail, settings_from
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
