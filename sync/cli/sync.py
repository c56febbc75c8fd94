"""`helhedsplan sync` and `demo`: the job, once; and the same on workbooks made for it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from sync.cli.common import (
    ConfigOption,
    ProgressLine,
    RememberOption,
    TodayOption,
    end_for_sure,
    fail,
    is_tried_only,
    mails_sent,
    now_on,
    number_of,
    on_stop,
    settings_from,
    with_path,
)
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.config.settings import Settings
    from sync.findings.waiver_lines import TakenOver
    from sync.run.report import RunReport

STOP_SECONDS, LATE_SECONDS = 30.0, 90.0
"""How long a run that is asked to stop has to do so; and how much longer, one that is late."""


def sync(
    config: ConfigOption = None,
    today: TodayOption = "",
    remember: RememberOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="Look at unchanged workbooks too, and make the overview anew."),
    ] = False,
) -> None:
    """Run the job once: read, check, write back, build the overview, remember."""
    from sync.run.logs import log_to_file
    from sync.run.options import RunOptions, Stopped
    from sync.run.pipeline import run_once

    settings = settings_from(config)
    dry_run = dry_run or is_tried_only(today, settings, remember=remember)
    if not dry_run:
        log_to_file(settings.monitoring, "run")
    now = now_on(today, settings)
    stopping = Event()
    on_stop(stopping.set)
    began = time.monotonic()
    longest = 60 * settings.schedule.longest_minutes
    ends_at = began + longest
    try:
        doing = "reading and checking workbooks"
        with ProgressLine(doing) as line, end_for_sure(longest + LATE_SECONDS, STOP_SECONDS):
            options = RunOptions(
                settings,
                now,
                writes=not dry_run,
                full=full,
                is_day_given=bool(today),
                progress=line.show,
                stop_asked=lambda: stopping.is_set() or time.monotonic() > ends_at,
                is_late=lambda: not stopping.is_set() and time.monotonic() > ends_at,
            )
            report = run_once(options)
    except Stopped:
        why = "" if stopping.is_set() else ", since it took too long or lost its lock"
        fail(f"stopped between two workbooks{why}; the next run goes on", ExitCode.UNREACHED)
    if report.history.was_lost:
        restored = report.history.was_restored
        goes_on = "its backup takes its place" if restored else "a new one is begun"
        sys.stderr.write(f"The history was damaged and has been moved aside; {goes_on}.\n")
    if report.history.was_brought:
        sys.stderr.write("The history is in the database now; its file was moved aside.\n")
    _print(report, settings, dry_run=dry_run)
    if report.mails:
        typer.echo(mails_sent(report.mails))
    if not dry_run:
        _log(report, settings, began)
    if report.problems:
        raise typer.Exit(ExitCode.UNREACHED)


def demo(folder: Annotated[Path, typer.Argument(help="Where to make it.")] = Path("demo")) -> None:
    """Make four areas' workbooks with typical mistakes, and run the whole job over them."""
    from sync.workbook_tools.demo import make_demo

    config = make_demo(folder, datetime.now(ZoneInfo("Europe/Copenhagen")).date())
    sync(config=config)
    settings = settings_from(config)
    typer.echo("\nOpen these files:")
    typer.echo(f"  {settings.overview.file}  (what the secretariat sees)")
    for source in settings.folders:
        for workbook in sorted(source.folder.glob("*.xlsx")):
            typer.echo(f"  {workbook}")
    typer.echo("Correct a mistake in one of them, save it, and run the job again:")
    typer.echo(f"  helhedsplan sync -c {config}")


def _print(report: RunReport, settings: Settings, *, dry_run: bool) -> None:
    """Say in a few lines what the run found, wrote, and could not do."""
    from rules.text.quoting import shown_name
    from sync.findings.annotations import in_short
    from sync.stores.configured import Configured

    plans = number_of(report.tally.plans, "plan")
    books = number_of(report.tally.workbooks, "workbook")
    typer.echo(f"{plans}, {books}: {in_short(report.counts)}")
    for line in _counted_otherwise(report):
        typer.echo(line)
    verb = "would be written" if dry_run else "written"
    for path in sorted(report.written):
        typer.echo(f"  {verb}: {shown_name(path)}")
    for changes in report.side_workbooks:
        for path in changes.written:
            typer.echo(f"  findings written to: {shown_name(path)}")
        for path in changes.removed:
            typer.echo(f"  no longer needed, removed: {shown_name(path)}")
    _report_taken_over(report.taken_over)
    for path, note in (*report.tally.missing, *report.notes):
        typer.echo(f"  {shown_name(path)}: {note}")
    for path, reason in report.problems:
        sys.stderr.write(f"{with_path(path, reason)}\n")
    if not dry_run and (report.is_unchanged or report.tally.workbooks):
        typer.echo(f"Overview: {Configured(settings).overview().address}")
    for name in report.old_copies:
        typer.echo(f"  a copy of the overview from when it was open can be deleted now: {name}")


def _counted_otherwise(report: RunReport) -> Iterator[str]:
    """Why `check`, which knows nothing from before, counts other findings."""
    lines = report.overview.notices if report.overview else ()
    if accepted := sum(bool(line.waiver) for line in lines):
        yield f"  {accepted} more accepted in Undtagelser; check counts them too"
    if changed := sum(line.notice.code == "APR-01" and not line.waiver for line in lines):
        yield f"  {changed} of them differ from what was approved; check cannot know"


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


def _log(report: RunReport, settings: Settings, began: float) -> None:
    """The run in the log file: one line, and one for each thing that stood in the way."""
    from rules.text.personal_numbers import masked
    from sync.run.logs import LOG

    if settings.monitoring.log_folder is None:
        return
    keys = {
        "seconds": f"{time.monotonic() - began:.1f}",
        "workbooks": report.tally.workbooks,
        "read": report.read,
        "written": len(report.written),
        "problems": len(report.problems),
        **{severity.value: count for severity, count in sorted(report.counts.items())},
    }
    LOG.info("run done", extra={"keys": keys})
    for path, reason in report.problems:
        LOG.warning("not done", extra={"keys": {"path": masked(path), "reason": reason}})
