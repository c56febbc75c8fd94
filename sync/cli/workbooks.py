"""`helhedsplan new`, `restore`, `fix` and `adopt`: making workbooks, changing or adopting one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import ConfigOption, day_of, fail, now_in, number_of, settings_from
from sync.service.exit_codes import ExitCode


def new(
    area: Annotated[str, typer.Option(help="The Boligområde.")],
    plan: Annotated[str, typer.Option(help="The Plan-id, like VAP-2026.")],
    file: Annotated[
        Path | None, typer.Argument(help="The workbook to make; must not exist yet.")
    ] = None,
    google: Annotated[
        str,
        typer.Option(metavar="ID", help="Fill this empty spreadsheet in Google Sheets instead."),
    ] = "",
    name: Annotated[str, typer.Option(help="The Plannavn.")] = "",
    start: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The Startdato.")] = "",
    end: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The Slutdato.")] = "",
    programme: Annotated[str, typer.Option(help="The Program.")] = "",
    contact: Annotated[str, typer.Option(help="The Kontaktperson.")] = "",
    email: Annotated[str, typer.Option(help="The contact's E-mail.")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Make a missing folder without asking.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Make a new, empty plan workbook from the template."""
    from sheets_templates.drawing.design import Program
    from sync.stores.configured import Configured
    from sync.workbook_tools.new import new_design, new_workbook, path_of

    if (file is None) == (not google):
        fail("name either a file, or a spreadsheet with --google", ExitCode.WRONG_CALL)
    folder = path_of(file).parent if file else Path()
    if not (folder.exists() or yes or _confirmed(f"There is no folder {folder}. Make it?")):
        typer.echo("Nothing was made.")
        raise typer.Exit(ExitCode.WRONG_CALL)
    settings = settings_from(config, required=False)
    design = new_design(
        settings,
        Program.EXCEL if file else Program.GOOGLE,
        plan_id=plan,
        area=area,
        today=now_in(settings).date(),
        name=name,
        programme=programme,
        starts_on=day_of("--start", start),
        ends_on=day_of("--end", end),
        contact=contact,
        email=email,
    )
    if file:
        made = str(new_workbook(file, design))
    else:
        made = Configured(settings).fill_spreadsheet(google, design)
    typer.echo(f"Made {made}")


def restore(
    workbook: Annotated[str, typer.Argument(help="The file, or its name in the tab Regneark.")],
    version: Annotated[int, typer.Option(help="Which copy; 1 is the newest.")] = 1,
    show: Annotated[
        bool, typer.Option("--list", help="Say which copies there are; change nothing.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Bring a workbook back as it was before the job changed it.

    What stands there now is kept as version 1 first, so this can be undone in the same way.
    """
    from sync.workbook_tools import restore as restoring

    settings = settings_from(config)
    zone = ZoneInfo(settings.schedule.timezone)
    if show:
        for line in restoring.listed(settings, workbook, zone):
            typer.echo(line)
    else:
        copy = restoring.restore(settings, workbook, version)
        typer.echo(f"Restored as it was before {restoring.wall_time(copy, zone)}.")
        typer.echo("Version 1 is now what it contained until this moment.")


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
    of a spreadsheet Google keeps every version, and so does SharePoint of a workbook.
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
