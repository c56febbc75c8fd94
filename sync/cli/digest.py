"""`helhedsplan digest`: the mails of this moment."""

from __future__ import annotations

import sys
from datetime import datetime
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


def digest(
    config: ConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the mails; send and remember nothing.")
    ] = False,
    today: TodayOption = "",
) -> None:
    """Send the mails that are due now; a run does so by itself."""
    from sync.config import ConfigurationError
    from sync.config.state_folder import StateError
    from sync.locks.lock import AlreadyRunning
    from sync.notifications.letter import as_text
    from sync.run.digest import deliver, letters_due
    from sync.run.options import Orders

    settings = settings_from(config)
    if not settings.mail.server and not dry_run:
        fail("mail.server: no mail server is configured", WRONG_CALL)
    now = datetime.combine(day_of(today, settings), now_in(settings).timetz())
    orders = Orders(settings.parameters(), now, processes=settings.reading.processes)
    try:
        if dry_run:
            letters = letters_due(settings, orders)
            for letter in letters:
                typer.echo(f"To: {letter.to}\nSubject: {letter.subject}\n\n{as_text(letter)}")
                typer.echo("-" * 72)
            typer.echo(f"{len(letters)} mails; nothing was sent.")
            return
        failed = deliver(settings, orders)
    except ConfigurationError as error:
        fail(error, WRONG_CALL)
    except (AlreadyRunning, StateError) as error:
        fail(error, UNREACHED)
    for _, reason in failed:
        sys.stderr.write(f"{reason}\n")
    if failed:
        raise typer.Exit(UNREACHED)
