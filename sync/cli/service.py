"""`helhedsplan run`, `install-service` and `uninstall-service`: the service."""

from __future__ import annotations

import gc
import getpass
import os
import re
import shutil
import sys
import time
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.common import ConfigOption, now_in, on_stop, settings_from

if TYPE_CHECKING:
    from sync.config.state import StateSection
    from sync.service.install import InstallPlan
    from sync.service.loop import Service


def run(config: ConfigOption = None) -> None:
    """Stay, and run the job by the configuration's schedule."""
    from sync.config.settings import DEFAULT_FILE
    from sync.run.logs import log_to_file, log_to_stderr
    from sync.run.notify import FailureWatch, last_complete_start
    from sync.service.loop import Service
    from sync.service.timetable import Timetable
    from sync.stores.configured import Configured

    settings = settings_from(config)
    Configured(settings).refuse_wrong()
    log_to_stderr()
    log_to_file(settings.monitoring, "service")
    command = [sys.executable, "-m", "sync", "sync", "--config", str(config or DEFAULT_FILE)]
    gc.enable()
    clock = partial(now_in, settings)
    service = Service(
        Timetable(settings.schedule),
        command,
        clock=clock,
        since=last_complete_start(settings.state) or clock(),
        longest=timedelta(minutes=settings.schedule.longest_minutes),
        ended=FailureWatch(settings, clock).ended,
    )
    on_stop(service.stop)
    _serve(service, settings.state)


def _serve(service: Service, state: StateSection) -> None:
    """Let the service work while its lock is held, and take the lock again when it was lost.

    Raises:
        AlreadyRunning: another service has the lock.
        StateError: its place is out of reach: from the start on, or for too long.
    """
    from sync.config.state import StateError
    from sync.locks.lock import SERVICE, alone
    from sync.run.logs import LOG
    from sync.service.loop import LOOK_SECONDS

    away_since: float | None = None
    begins = True
    while not service.stops_within(0 if away_since is None else LOOK_SECONDS):
        try:
            with alone(state, SERVICE, begins=begins) as lease:
                begins, away_since = False, None
                service.is_lost = lease.is_lost
                service.serve()
        except StateError as error:
            now = time.monotonic()
            if away_since is None:
                away_since = now
                LOG.warning("%s It is tried again until it is back.", error)
            if begins or now - away_since > state.takeover_seconds:
                raise
    LOG.info("stopped")


class ServiceKind(StrEnum):
    """What starts the service."""

    USER = "systemd-user"
    SYSTEM = "systemd-system"
    WINDOWS = "windows"
    CRON = "cron"


def _usual_kind() -> ServiceKind:
    """What this machine has."""
    if sys.platform == "win32":
        return ServiceKind.WINDOWS
    if shutil.which("systemctl"):
        return ServiceKind.SYSTEM if os.geteuid() == 0 else ServiceKind.USER
    return ServiceKind.CRON


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,60}", name):
        raise typer.BadParameter(f"{name}: letters, digits, - and _ only")
    return name


KindOption = Annotated[
    ServiceKind | None,
    typer.Option("--kind", help="What starts it; by default what this machine has."),
]
NameOption = Annotated[
    str, typer.Option("--name", callback=_checked_name, help="What the system calls it.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")]


def install_service(
    kind: KindOption = None,
    name: NameOption = "helhedsplan",
    user: Annotated[str, typer.Option(help="Who runs it (systemd-system, windows).")] = "",
    yes: YesOption = False,
    config: ConfigOption = None,
) -> None:
    """Have the system start `helhedsplan run`; without --yes it only shows what would be done."""
    from sync.config.settings import DEFAULT_FILE
    from sync.service import install
    from sync.service.timetable import Timetable

    settings = settings_from(config)
    program, file = [sys.executable, "-m", "sync"], str((config or DEFAULT_FILE).absolute())
    command = [*program, "run", "--config", file]
    match kind or _usual_kind():
        case ServiceKind.USER:
            plan = install.unit_plan(settings, command, name)
        case ServiceKind.SYSTEM:
            plan = install.unit_plan(settings, command, name, user or "helhedsplan")
        case ServiceKind.WINDOWS:
            plan = install.task_plan(command, name, user or getpass.getuser())
        case ServiceKind.CRON:
            once = [*program, "sync", "--config", file]
            plan = install.cron_plan(Timetable(settings.schedule), once, name)
    _carry_out(plan, yes=yes)


def uninstall_service(
    kind: KindOption = None, name: NameOption = "helhedsplan", yes: YesOption = False
) -> None:
    """Take the service away again; without --yes it only shows what would be done."""
    from sync.service import install

    match kind or _usual_kind():
        case ServiceKind.USER:
            plan = install.unit_removal(name, for_user=True)
        case ServiceKind.SYSTEM:
            plan = install.unit_removal(name, for_user=False)
        case ServiceKind.WINDOWS:
            plan = install.task_removal(name)
        case ServiceKind.CRON:
            plan = install.cron_removal(name)
    _carry_out(plan, yes=yes)


def _carry_out(plan: InstallPlan, *, yes: bool) -> None:
    for line in plan.shown():
        typer.echo(line)
    if not yes:
        typer.echo("Nothing has been done. With --yes it is.")
        return
    plan.do()
    typer.echo("Done.")
