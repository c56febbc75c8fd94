"""`helhedsplan sync`: the job, once."""

from __future__ import annotations

import sys
import time
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.common import (
    ConfigOption,
    TodayOption,
    fail,
    now_on,
    number_of,
    on_stop,
    settings_from,
)
from sync.cli.progress import progress
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.config import Settings
    from sync.findings.waivers import TakenOver
    from sync.run.result import Result


def sync(
    config: ConfigOption = None,
    today: TodayOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="Look at unchanged workbooks too, and make the overview anew."),
    ] = False,
) -> None:
    """Run the job once: read, check, write back, build the overview, remember."""
    from sync.run.options import Orders, Stopped
    from sync.run.runner import run_once

    settings = settings_from(config)
    now = now_on(today, settings)
    stopping = Event()
    on_stop(stopping.set)
    began = time.monotonic()
    ends_at = began + 60 * settings.schedule.longest_minutes
    try:
        with progress() as line:
            orders = Orders(
                parameters=settings.parameters(),
                now=now,
                writes=not dry_run,
                full=full,
                processes=settings.reading.processes,
                progress=line.advance,
                stop_asked=lambda: stopping.is_set() or time.monotonic() > ends_at,
                is_late=lambda: not stopping.is_set() and time.monotonic() > ends_at,
            )
            done = run_once(settings, orders)
    except Stopped:
        why = "" if stopping.is_set() else ", since it took too long or lost its lock"
        fail(f"stopped between two workbooks{why}; the next run goes on", ExitCode.UNREACHED)
    if done.history_was_lost:
        restored = done.history_was_restored
        goes_on = "its backup takes its place" if restored else "a new one is begun"
        sys.stderr.write(f"The history was damaged and has been moved aside; {goes_on}.\n")
    if done.history_was_brought:
        sys.stderr.write("The history is in the database now; its file was moved aside.\n")
    _print(done.result, settings, dry_run=dry_run)
    if not dry_run:
        _log(done.result, settings, began)
    if done.result.problems:
        raise typer.Exit(ExitCode.UNREACHED)


def _print(result: Result, settings: Settings, *, dry_run: bool) -> None:
    """Say in a few lines what the run found, wrote, and could not do."""
    from rules.text.quoting import shown_name
    from sync.i18n.language import _, counted
    from sync.stores.configured import Configured

    plans = number_of(result.tally.plans, "plan")
    books = number_of(result.tally.workbooks, "workbook")
    typer.echo(f"{plans}, {books}: {counted(result.counts)}")
    verb = "would be written" if dry_run else "written"
    for path in sorted(result.written):
        typer.echo(f"  {verb}: {shown_name(path)}")
    for beside in result.beside:
        for path in beside.written:
            typer.echo(f"  side workbook written: {shown_name(path)}")
        for path in beside.removed:
            typer.echo(f"  side workbook removed: {shown_name(path)}")
    _report_taken_over(result.taken_over)
    for path, reason in result.problems:
        sys.stderr.write(f"{shown_name(path) or '-'}: {reason}\n")
    if not dry_run:
        typer.echo(f"Overview: {Configured(settings).overview().address}")
    for name in result.old_copies:
        told = _("Overblikket var åbent ved en tidligere kontrol. Kopien »{file}« kan slettes nu.")
        typer.echo(told.format(file=name))


def _report_taken_over(waivers: TakenOver) -> None:
    """Say what became of the waivers that an earlier version tied to sentences."""
    from rules.text.quoting import shown_name

    if waivers.kept:
        count = number_of(len(waivers.kept), "waiver")
        typer.echo(f"{count} of the version before taken over")
    for one in waivers.asked_again:
        typer.echo(
            f"  a waiver of the version before is asked for again: {shown_name(one.plan_id)} "
            f"{one.code}, row {one.row} of the waivers"
        )


def _log(result: Result, settings: Settings, began: float) -> None:
    """The run in the log file: one line, and one for each thing that stood in the way."""
    from rules.text.personal_numbers import masked
    from sync.run.logs import LOG, log_to_file

    if settings.monitoring.log_folder is None:
        return
    log_to_file(settings.monitoring, "run")
    keys = {
        "seconds": f"{time.monotonic() - began:.1f}",
        "workbooks": result.tally.workbooks,
        "read": result.read,
        "written": len(result.written),
        "problems": len(result.problems),
        **{severity.value: count for severity, count in sorted(result.counts.items())},
    }
    LOG.info("run done", extra={"keys": keys})
    _report_taken_over(result.taken_over)
    for path, reason in result.problems:
        LOG.warning("not done", extra={"keys": {"path": masked(path), "reason": reason}})
