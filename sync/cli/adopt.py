"""`helhedsplan adopt`: an area keeps its own workbook, and the configuration learns its names."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.common import ConfigOption, fail, settings_from
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from rules.gate.adoption import AdoptedTab


def adopt(
    workbook: Annotated[
        Path, typer.Argument(help="A workbook with a layout of its own, or a spreadsheet.")
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask: take what is sure, leave out the rest.")
    ] = False,
    answers: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="TAB.COLUMN=HEADER",
            help="What a column is called, so that nobody is asked.",
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Propose which tabs and columns of an own workbook are which; write it down if you agree.

    Nothing in the workbook changes. Asks about everything that is not sure.
    """
    from rules.gate.adoption import adopted
    from sync.config.settings import DEFAULT_FILE
    from sync.workbook_tools import adopt as adopting

    settings = settings_from(config)
    raw = adopting.own_workbook(workbook, settings)
    found = adopted(raw, settings.parameters())
    adopting.apply_answers(found, dict(map(_pair, answers or ())))
    for one in found:
        typer.echo("\n".join([*adopting.description(one), ""]))
    for line in adopting.not_found(found):
        typer.echo(line)
    if not yes and sys.stdin.isatty():
        _ask(found)
    amendment = adopting.amended(config or DEFAULT_FILE, found, raw.path)
    typer.echo(adopting.check_summary(amendment, raw))
    _print_what_is_open(found)
    if amendment.after == amendment.before:
        typer.echo("The configuration needs nothing more for this workbook.")
    elif yes or (sys.stdin.isatty() and typer.confirm("Write this into the configuration?")):
        amendment.write()
        typer.echo(f"Written into {amendment.file}.")
    else:
        typer.echo("Nothing was written. Confirm with --yes; name with --map what is not sure.")


def _pair(answer: str) -> tuple[str, str]:
    name, _, own = (part.strip() for part in answer.partition("="))
    if not name or not own:
        fail(f"--map {answer}: write TAB.COLUMN=HEADER", ExitCode.WRONG_CALL)
    return name, own


def _ask(found: Sequence[AdoptedTab]) -> None:
    from rules.text.quoting import quoted
    from sync.workbook_tools import adopt as adopting

    for one in found:
        if not one.is_sure:
            one.is_sure = typer.confirm(f"Is »{quoted(one.tab)}« the tab {one.table.tab}?")
        for match in list(one.matches) if one.is_sure else ():
            if not match.is_sure:
                question = f"{one.table.tab}: is »{quoted(match.own)}« the column {match.header}?"
                adopting.apply_decision(one, match, is_it=typer.confirm(question))


def _print_what_is_open(found: Sequence[AdoptedTab]) -> None:
    """What was left out, since nobody said that it is right."""
    for one in found:
        tab = one.table.tab
        if not one.is_sure:
            typer.echo(f'Left out, not sure: --map {tab}="{one.tab}"')
            continue
        for match in one.matches:
            if not match.is_sure:
                typer.echo(f'Left out, not sure: --map {tab}.{match.header}="{match.own}"')
        for header in one.missing:
            typer.echo(f'Not found: --map {tab}.{header}="…"')
