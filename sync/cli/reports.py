"""What holds, how it stands, what leaves the job: `rules`, `status`, `digest`, `brief` and more."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import (
    ConfigOption,
    Format,
    FormatOption,
    ProgressLine,
    RememberOption,
    TodayOption,
    fail,
    is_tried_only,
    load_settings,
    mails_sent,
    now_on,
    say,
    settings_from,
)
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.stores.base import Line

TryOption = Annotated[
    str | None,
    typer.Option(
        "--try",
        metavar="SOURCE",
        help="Try what the job rests on with an empty spreadsheet in Google, given by its address "
        "or id, or in a source in SharePoint, given by its name or number, and take it back.",
    ),
]
_EXAMINATION_FORM = 1
"""Of the doctor's JSON; grows when a key is removed or changes its meaning."""


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


def doctor(
    config: ConfigOption = None, output: FormatOption = Format.TEXT, try_: TryOption = None
) -> None:
    """Try everything that a run needs, and say what to mend. Exit code 0: all right; 3: mend."""
    from sync.doctor.examination import examined
    from sync.doctor.workbooks import tried_lines

    now = datetime.now(ZoneInfo("Europe/Copenhagen")).replace(microsecond=0)
    lines = []
    found = (
        tried_lines(settings_from(config), try_, _asked)
        if try_
        else examined(lambda: load_settings(config), os.environ, now)
    )
    for line in found:
        lines.append(line)
        if output is Format.TEXT:
            say(_as_text(line))
    if output is Format.JSON:
        typer.echo(_as_json(lines, now))
    if not all(line.is_right for line in lines):
        raise typer.Exit(ExitCode.UNREACHED)


def _asked(what: str) -> bool:
    """Tell a person what to do, and wait for Enter; False where nobody is there."""
    if not sys.stdin.isatty():
        return False
    typer.prompt(what, default="", show_default=False, err=True)
    return True


def _as_text(line: Line) -> str:
    """The line for people, its remedy below it."""
    from rules.text.quoting import shown_name

    text = f"{'ok  ' if line.is_right else 'MEND'}  {shown_name(f'{line.subject}: {line.says}')}"
    return f"{text}\n      → {shown_name(line.remedy)}" if line.remedy else text


def _as_json(lines: Sequence[Line], at: datetime) -> str:
    """One object for programs."""
    from rules.text.personal_numbers import masked
    from rules.text.quoting import shown_json

    wrong = sum(not line.is_right for line in lines)
    data = {
        "version": _EXAMINATION_FORM,
        "examined_at": at.isoformat(),
        "lines": [
            {"ok": line.is_right, **{key: masked(text) for key, text in asdict(line).items()}}
            for line in lines
        ],
        "summary": {"ok": len(lines) - wrong, "mend": wrong},
    }
    return shown_json(data)


def digest(
    config: ConfigOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the mails; send and remember nothing.")
    ] = False,
    today: TodayOption = "",
    remember: RememberOption = False,
) -> None:
    """Send the mails that are due now; a run does so by itself."""
    from sync.notifications.letter import as_text
    from sync.run.on_request import deliver, letters_due
    from sync.run.options import RunOptions

    settings = settings_from(config)
    if not settings.mail.server and not dry_run:
        fail("mail.server: no mail server is configured", ExitCode.WRONG_CALL)
    options = RunOptions(settings, now_on(today, settings), writes=False)
    if dry_run or is_tried_only(today, settings, remember=remember):
        with ProgressLine("reading the workbooks"):
            letters = letters_due(options)
        for letter in letters:
            typer.echo(f"To: {letter.to}\nSubject: {letter.subject}\n\n{as_text(letter)}")
            typer.echo("-" * 72)
        typer.echo(f"{len(letters)} mails; nothing was sent.")
        return
    with ProgressLine("reading the workbooks, and sending"):
        failed = deliver(options, sent := Counter[str]())
    typer.echo(mails_sent(sent))
    if failed:
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
    with ProgressLine("reading the workbooks"):
        made = make_brief(options, plan, to)
    typer.echo(f"Made {made}")


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
        if remembered.opening.was_lost and not remembered.opening.was_restored:
            fail(f"{remembered.where}: is damaged; see helhedsplan doctor", ExitCode.UNREACHED)
        if to is None:
            typer.echo(as_json(remembered))
            return
        if output is ExportFormat.JSON:
            files = {to: as_json(remembered).encode()}
        else:
            files = {to / name: data for name, data in as_csv(remembered).items()}
    for file, data in files.items():
        write_new_file(file, data, replaces=True)
        typer.echo(f"Written: {file}")
