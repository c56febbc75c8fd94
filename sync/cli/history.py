"""`helhedsplan history`: what the state remembers, for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sync.cli.common import ConfigOption, fail, settings_from
from sync.service.exit_codes import ExitCode


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
