"""The command line. Here, and nowhere else, the job meets the clock and the environment."""

from __future__ import annotations

import gc
import io
import signal
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from sync.console import progress, set_up_logging

if TYPE_CHECKING:
    from sync.config import Settings
    from sync.job import Result

FINE, FOUND, WRONG_CALL, UNREACHED = 0, 1, 2, 3

app = typer.Typer(
    name="helhedsplan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Checks the workbooks of boligsociale helhedsplaner, writes warnings back in plain "
    "Danish and builds one overview. Exit codes: 0 fine, 1 at least one fejl (check), 2 the "
    "configuration or the call is wrong, 3 something could not be reached or written.",
)


@app.callback()
def _prepare() -> None:
    """What is printed is UTF-8 wherever it goes; pipes on Windows are something else."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")


ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration; config.toml if there is one."),
]
TodayOption = Annotated[
    str, typer.Option("--today", metavar="YYYY-MM-DD", help="Judge as on this day.")
]


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


def _fail(message: object, code: int) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise typer.Exit(code)


def _settings(config: Path | None, *, required: bool = True) -> Settings:
    from sync.config import ConfigurationError, load

    try:
        return load(config, required=required)
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)


def _now(settings: Settings) -> datetime:
    return datetime.now(ZoneInfo(settings.schedule.timezone)).replace(microsecond=0)


def _day(text: str, settings: Settings) -> date:
    if not text:
        return _now(settings).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        _fail(f"--today {text}: write the day as YYYY-MM-DD", WRONG_CALL)


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Workbooks or folders, with their subfolders."),
    ] = None,
    config: ConfigOption = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    today: TodayOption = "",
    select: Annotated[
        list[str] | None, typer.Option(help="Only these codes or families, like FIN.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these codes or families.")] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 although there are fejl.")
    ] = False,
) -> None:
    """Read and check workbooks; writes nothing."""
    from rules.finding import Severity
    from rules.personal_numbers import masked
    from rules.rule import Context
    from sync import checking, report, sources
    from sync.config import ConfigurationError

    settings = _settings(config, required=not paths)
    day = _day(today, settings)
    try:
        stores = (
            sources.named_stores(paths, settings) if paths else sources.configured_stores(settings)
        )
        report.selected((), select or (), ignore or ())
        with progress() as line:
            found = checking.check(
                stores,
                Context(settings.parameters(), day),
                settings.reading.processes,
                line.start,
                line.advance,
            )
        found.notices = report.selected(found.notices, select or (), ignore or ())
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)
    if output is Format.JSON:
        typer.echo(report.as_json(found, day))
        for path, reason in found.failures:
            sys.stderr.write(f"{masked(path) or '-'}: {reason}\n")
    else:
        for text in report.as_text(found):
            typer.echo(text)
    if found.failures:
        raise typer.Exit(UNREACHED)
    if found.counts[Severity.ERROR] and not exit_zero:
        raise typer.Exit(FOUND)


@app.command()
def sync(
    config: ConfigOption = None,
    today: TodayOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Look at unchanged workbooks too.")] = False,
) -> None:
    """Run the job once: read, check, write back, build the overview, remember."""
    from sync.config import ConfigurationError
    from sync.job import Orders, Stopped
    from sync.lock import AlreadyRunning
    from sync.onerun import run_once
    from sync.state import StateError

    settings = _settings(config)
    now = _now(settings)
    now = datetime.combine(_day(today, settings), now.timetz())
    stopping = Event()
    _on_stop(stopping.set)
    try:
        with progress() as line:
            orders = Orders(
                parameters=settings.parameters(),
                now=now,
                writes=not dry_run,
                full=full,
                processes=settings.reading.processes,
                progress=line.advance,
                stop_asked=stopping.is_set,
            )
            done = run_once(settings, orders)
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)
    except (AlreadyRunning, StateError) as error:
        _fail(error, UNREACHED)
    except Stopped:
        _fail("stopped between two workbooks; the next run goes on", UNREACHED)
    if done.history_was_lost:
        sys.stderr.write("The history was damaged and has been laid aside; a new one is begun.\n")
    _tell(done.result, settings, dry_run=dry_run)
    if done.result.problems:
        raise typer.Exit(UNREACHED)


def _tell(result: Result, settings: Settings, *, dry_run: bool) -> None:
    """Say in a few lines what the run found, wrote, and could not do."""
    from rules.personal_numbers import masked
    from sync.kontrol import counted
    from sync.report import number_of

    plans = number_of(len(result.overview.plans), "plan")
    books = number_of(len(result.overview.books), "workbook")
    typer.echo(f"{plans}, {books}: {counted(result.counts)}")
    verb = "would be written" if dry_run else "written"
    for path in sorted(result.written):
        typer.echo(f"  {verb}: {masked(path)}")
    for path, reason in result.problems:
        sys.stderr.write(f"{masked(path) or '-'}: {reason}\n")
    if not dry_run:
        typer.echo(f"Overview: {settings.overview.file}")


@app.command()
def run(config: ConfigOption = None) -> None:
    """Stay, and run the job by the configuration's schedule."""
    from sync.config import DEFAULT_FILE, ConfigurationError
    from sync.service import Service
    from sync.sources import configured_stores

    settings = _settings(config)
    try:
        configured_stores(settings)
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)
    set_up_logging()
    command = [sys.executable, "-m", "sync", "sync", "--config", str(config or DEFAULT_FILE)]
    gc.enable()
    service = Service(settings.schedule, command)
    _on_stop(service.stop)
    service.serve()


def _on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` on Ctrl-C and when the system asks the process to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop())


@app.command()
def rules(
    code: Annotated[str | None, typer.Argument(help="A rule's code, like FIN-01.")] = None,
) -> None:
    """The rules; one rule explained."""
    from sync.explain import explained, listed

    try:
        lines = explained(code) if code else listed()
    except KeyError:
        _fail(f"{code}: there is no such rule; see helhedsplan rules", WRONG_CALL)
    typer.echo("\n".join(lines))


@app.command()
def status(config: ConfigOption = None) -> None:
    """The last run, what is open per plan, what is skipped and why."""
    from sync.state import StateError
    from sync.status import status_lines

    settings = _settings(config)
    try:
        lines = status_lines(settings.state.folder)
    except StateError as error:
        _fail(error, UNREACHED)
    typer.echo("\n".join(lines))


@app.command()
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
    from sync import restoring
    from sync.config import ConfigurationError
    from sync.lock import AlreadyRunning
    from sync.state import StateError
    from sync.stores.store import StoreError

    settings = _settings(config)
    zone = ZoneInfo(settings.schedule.timezone)
    try:
        if show:
            for line in restoring.listed(settings, workbook, zone):
                typer.echo(line)
        else:
            copy = restoring.restore(settings, workbook, version)
            typer.echo(f"Restored as it was before {restoring.moment(copy, zone)}.")
            typer.echo("Version 1 is now what stood there until this moment.")
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)
    except (StoreError, StateError, AlreadyRunning) as error:
        _fail(error, UNREACHED)


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The workbook to make; must not exist yet.")],
    area: Annotated[str, typer.Option(help="The Boligområde.")],
    plan: Annotated[str, typer.Option(help="The Plan-id, like VAP-2026.")],
    name: Annotated[str, typer.Option(help="The Plannavn.")] = "",
    start: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The Startdato.")] = "",
    end: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The Slutdato.")] = "",
    programme: Annotated[str, typer.Option(help="The Program.")] = "",
    contact: Annotated[str, typer.Option(help="The Kontaktperson.")] = "",
    email: Annotated[str, typer.Option(help="The contact's E-mail.")] = "",
    config: ConfigOption = None,
) -> None:
    """Make a new, empty plan workbook from the template."""
    from sync.config import ConfigurationError
    from sync.newplan import Wish, new_workbook
    from sync.stores.store import StoreError

    settings = _settings(config, required=False)
    wish = Wish(plan, name, area, programme, start, end, contact, email)
    try:
        made = new_workbook(file, wish, settings.parameters(), _now(settings).date())
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)
    except StoreError as error:
        _fail(error, UNREACHED)
    typer.echo(f"Made {made}")


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to make it.")] = Path("demo"),
) -> None:
    """Make four areas' workbooks with typical mistakes, and run the whole job over them."""
    from sync.config import ConfigurationError
    from sync.demo import make_demo
    from sync.stores.store import StoreError

    try:
        config = make_demo(folder, datetime.now(ZoneInfo("Europe/Copenhagen")).date())
    except ConfigurationError as error:
        _fail(error, WRONG_CALL)
    except StoreError as error:
        _fail(error, UNREACHED)
    sync(config=config)
    settings = _settings(config)
    typer.echo("\nOpen these files:")
    typer.echo(f"  {settings.overview.file}  (what the secretariat sees)")
    for source in settings.sources:
        for workbook in sorted(source.folder.glob("*.xlsx")):
            typer.echo(f"  {workbook}")
    typer.echo("Mend a mistake in one of them, save it, and run the job again:")
    typer.echo(f"  helhedsplan sync -c {config}")


def main() -> None:
    """Run the command line as a process of its own."""
    gc.disable()  # a command is over before collecting cycles pays; imports alone make many
    app(prog_name="helhedsplan")
