"""`helhedsplan brief`: two pages about one plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from sync.cli.common import (
    UNREACHED,
    WRONG_CALL,
    ConfigOption,
    TodayOption,
    day_of,
    fail,
    now_in,
    settings_from,
)


def brief(
    plan: Annotated[str, typer.Argument(help="The Plan-id, like VAP-2026.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The file; without it, named by plan and day.")
    ] = None,
    config: ConfigOption = None,
    today: TodayOption = "",
) -> None:
    """Make the two pages about a plan for its steering group, as a PDF."""
    from sync.config import ConfigurationError
    from sync.config.state_folder import StateError
    from sync.run.brief import NoSuchPlanError, make_brief
    from sync.run.options import Orders
    from sync.stores.base import StoreError

    settings = settings_from(config)
    now = datetime.combine(day_of(today, settings), now_in(settings).timetz())
    orders = Orders(settings.parameters(), now, processes=settings.reading.processes, writes=False)
    try:
        made = make_brief(settings, orders, plan, to)
    except (ConfigurationError, NoSuchPlanError) as error:
        fail(error, WRONG_CALL)
    except (StateError, StoreError) as error:
        fail(error, UNREACHED)
    typer.echo(f"Made {made}")
