"""`helhedsplan rules`, `status`, `config` and `doctor`: what holds, how it stands."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import ConfigOption, Format, FormatOption, fail, load_settings, settings_from
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.stores.base import Line

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


def doctor(config: ConfigOption = None, output: FormatOption = Format.TEXT) -> None:
    """Try everything that a run needs, and say what to mend. Exit code 0: all right; 3: mend."""
    from sync.doctor.examination import examined

    now = datetime.now(ZoneInfo("Europe/Copenhagen")).replace(microsecond=0)
    lines = []
    for line in examined(lambda: load_settings(config), os.environ, now):
        lines.append(line)
        if output is Format.TEXT:
            typer.echo(_as_text(line))
    if output is Format.JSON:
        typer.echo(_as_json(lines, now))
    if not all(line.is_right for line in lines):
        raise typer.Exit(ExitCode.UNREACHED)


def _as_text(line: Line) -> str:
    """The line for people, its remedy below it."""
    from rules.text.quoting import shown_name

    text = f"{'ok  ' if line.is_right else 'MEND'}  {shown_name(f'{line.subject}: {line.says}')}"
    return f"{text}\n      → {shown_name(line.remedy)}" if line.remedy else text


def _as_json(lines: Sequence[Line], at: datetime) -> str:
    """One object for programs."""
    from rules.text.personal_numbers import masked

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
    return json.dumps(data, ensure_ascii=False, indent=1)
