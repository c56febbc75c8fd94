"""`helhedsplan digest`, `brief` and `history`: what leaves the job."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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
    from sync.run.on_request import deliver, letters_due
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


def brief(
    plan: Annotated[str, typer.Argument(help="The Plan-id, like VAP-2026.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The file; without it, named by plan and day.")
    ] = None,
    config: ConfigOption = None,
    today: TodayOption = "",
) -> None:
    """Make the two pages about a plan for its steering group, as a PDF."""
    from sync.run.on_request import make_brief
    from sync.run.options import RunOptions

    settings = settings_from(config)
    options = RunOptions(settings, now_on(today, settings), writes=False)
    typer.echo(f"Made {make_brief(options, plan, to)}")


class ExportFormat(StrEnum):
    """How the history is written."""

    JSON = "json"
    CSV = "csv"


def export(
    to: Annotated[
        Path | None,
        typer.Option(help="The file (json; without it, standard output) or the folder (csv)."),
    ] = None,
    output: Annotated[
        ExportFormat, typer.Option("--format", help="How to write it.")
    ] = ExportFormat.JSON,
    config: ConfigOption = None,
) -> None:
    """Write runs, findings and workbooks for other programs; no cell contents."""
    from sync.history.export import as_csv, as_json
    from sync.history.history import History
    from sync.stores.files.replace import write_new_file

    settings = settings_from(config)
    if output is ExportFormat.CSV and to is None:
        unnamed = "--format csv writes three files: name a folder for them with --to"
        fail(unnamed, ExitCode.WRONG_CALL)
    with History(settings.state, writes=False) as remembered:
        if remembered.was_lost and not remembered.was_restored:
            fail(f"{remembered.where}: is damaged; see helhedsplan doctor", ExitCode.UNREACHED)
        if to is None:
            typer.echo(as_json(remembered))
            return
        if output is ExportFormat.JSON:
            files = {to: as_json(remembered).encode()}
        else:
            files = {to / name: data for name, data in as_csv(remembered).items()}
    for file, data in files.items():
        write_new_file(file, data)
        typer.echo(f"Written: {file}")
