"""`helhedsplan brief`: two pages about one plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sync.cli.common import ConfigOption, TodayOption, now_on, settings_from


def brief(
    plan: Annotated[str, typer.Argument(help="The Plan-id, like VAP-2026.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The file; without it, named by plan and day.")
    ] = None,
    config: ConfigOption = None,
    today: TodayOption = "",
) -> None:
    """Make the two pages about a plan for its steering group, as a PDF."""
    from sync.run.brief import make_brief
    from sync.run.options import RunOptions

    settings = settings_from(config)
    options = RunOptions(settings, now_on(today, settings), writes=False)
    typer.echo(f"Made {make_brief(options, plan, to)}")
