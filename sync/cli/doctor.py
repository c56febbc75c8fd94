"""`helhedsplan doctor`: everything that a run needs, tried for real."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import ConfigOption, Format, FormatOption, load_settings
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.stores.base import Line

FORM = 1
"""Of the JSON; grows when a key is removed or changes its meaning."""


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
        "version": FORM,
        "examined_at": at.isoformat(),
        "lines": [
            {"ok": line.is_right, **{key: masked(text) for key, text in asdict(line).items()}}
            for line in lines
        ],
        "summary": {"ok": len(lines) - wrong, "mend": wrong},
    }
    return json.dumps(data, ensure_ascii=False, indent=1)
