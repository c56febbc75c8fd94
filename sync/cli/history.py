"""`helhedsplan history`: what the state remembers, for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sync.cli.common import UNREACHED, WRONG_CALL, ConfigOption, fail, settings_from

history = typer.Typer(no_args_is_help=True, help="What the job remembers.")


class ExportFormat(StrEnum):
    """How the history is written."""

    JSON = "json"
    CSV = "csv"


@history.callback()
def _group() -> None:
    """What the job remembers."""


@history.command()
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
    from sync.config.state_folder import StateError
    from sync.history.export import as_csv, as_json
    from sync.history.history import History
    from sync.stores.base import StoreError
    from sync.stores.files.replace import write_new_file

    settings = settings_from(config)
    if output is ExportFormat.CSV and to is None:
        fail("--format csv writes three files: name a folder for them with --to", WRONG_CALL)
    try:
        with History(settings.state, writes=False) as remembered:
            if remembered.was_lost and not remembered.was_restored:
                fail(f"{remembered.where}: is damaged; see helhedsplan doctor", UNREACHED)
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
    except (StateError, StoreError) as error:
        fail(error, UNREACHED)
