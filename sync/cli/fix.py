"""`helhedsplan fix`: corrections that a person has looked at, made in a workbook's cells."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sync.cli.common import ConfigOption, number_of, settings_from


def fix(
    workbook: Annotated[
        str,
        typer.Argument(
            help="The file, or its name in the tab Regneark, or a spreadsheet's address."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Correct without asking.")] = False,
    config: ConfigOption = None,
) -> None:
    """Correct what can only have meant one thing: amounts and dates typed as text, slips in words.

    Shows what it would do and asks first. A copy of a file is kept, so that restore undoes it;
    of a spreadsheet Google keeps every version.
    """
    from rules.text.quoting import shown_name
    from sync.workbook_tools import fix as fixing

    settings = settings_from(config)
    proposal = fixing.proposal(settings, workbook)
    if not proposal.corrections:
        typer.echo("There is nothing that can be corrected without asking whoever typed it.")
        return
    for line in fixing.preview(proposal):
        typer.echo(line)
    count = number_of(len(proposal.corrections), "correction")
    if not yes and not _confirmed(f"{count}. Write into the workbook?"):
        typer.echo("Nothing was written.")
        return
    outcome = fixing.correct(settings, proposal)
    for text, reason in outcome.left:
        typer.echo(f"Left as it is: {shown_name(text.tab)} {text.cell}: {reason.value}.")
    done = len(proposal.corrections) - len(outcome.left)
    typer.echo(f"{number_of(done, 'cell')} corrected. Undo with: {proposal.undo}")
    if done and outcome.has_old_sums:
        typer.echo("Open the workbook and save it, so that its sums are recalculated.")


def _confirmed(question: str) -> bool:
    """Ask at a terminal; where nobody can answer, nobody has agreed."""
    if not sys.stdin.isatty():
        typer.echo(f"{question} Say --yes.")
        return False
    return typer.confirm(question)
