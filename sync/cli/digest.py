"""`helhedsplan digest`: the mails of this moment."""

from __future__ import annotations

from typing import Annotated

import typer

from sync.cli.common import ConfigOption, TodayOption, fail, now_on, settings_from
from sync.service.exit_codes import ExitCode


def digest(
    config: ConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the mails; send and remember nothing.")
    ] = False,
    today: TodayOption = "",
) -> None:
    """Send the mails that are due now; a run does so by itself."""
    from sync.notifications.letter import as_text
    from sync.run.digest import deliver, letters_due
    from sync.run.options import RunOptions

    settings = settings_from(config)
    if not settings.mail.server and not dry_run:
        fail("mail.server: no mail server is configured", ExitCode.WRONG_CALL)
    options = RunOptions(settings, now_on(today, settings), writes=False)
    if dry_run:
        letters = letters_due(options)
        for letter in letters:
            typer.echo(f"To: {letter.to}\nSubject: {letter.subject}\n\n{as_text(letter)}")
            typer.echo("-" * 72)
        typer.echo(f"{len(letters)} mails; nothing was sent.")
    elif failed := deliver(options):
        fail("\n".join(reason for _, reason in failed), ExitCode.UNREACHED)
