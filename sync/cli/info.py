"""`helhedsplan rules` and `status`: what holds, and what the last run came to."""

from __future__ import annotations

from typing import Annotated

import typer

from sync.cli.check import Format
from sync.cli.common import UNREACHED, WRONG_CALL, ConfigOption, fail, settings_from


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
        fail(f"{code}: there is no such rule; see helhedsplan rules", WRONG_CALL)
    typer.echo("\n".join(lines))


def status(
    config: ConfigOption = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
) -> None:
    """The last run, what is open per plan, what is skipped and why."""
    from sync.config.state_folder import StateError
    from sync.run.status import status_in, status_json, status_lines

    settings = settings_from(config)
    try:
        found = status_in(settings.state)
    except StateError as error:
        fail(error, UNREACHED)
    typer.echo(status_json(found) if output is Format.JSON else "\n".join(status_lines(found)))
