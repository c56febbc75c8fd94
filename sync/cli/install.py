"""`helhedsplan install-service` and `uninstall-service`: shown first, done with `--yes`."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync.cli.common import ConfigOption, fail, settings_from
from sync.service.exit_codes import ExitCode

if TYPE_CHECKING:
    from sync.config import Settings
    from sync.service.install.steps import Plan


class Kind(StrEnum):
    """What starts the service."""

    USER = "systemd-user"
    SYSTEM = "systemd-system"
    WINDOWS = "windows"
    CRON = "cron"


KindOption = Annotated[
    Kind | None, typer.Option("--kind", help="What starts it; by itself what this machine has.")
]
NameOption = Annotated[str, typer.Option("--name", help="What the system calls it.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")]


def install_service(
    kind: KindOption = None,
    name: NameOption = "helhedsplan",
    user: Annotated[str, typer.Option(help="Who runs it (systemd-system, windows).")] = "",
    yes: YesOption = False,
    config: ConfigOption = None,
) -> None:
    """Have the system start `helhedsplan run`; without --yes it only shows what would be done."""
    from sync.service.install.steps import InstallError

    settings = settings_from(config)
    _name_or_fail(name)
    try:
        plan = _installation(settings, kind or _usual_kind(), name, user, config)
    except InstallError as error:
        fail(error, ExitCode.UNREACHED)
    _carry_out(plan, yes=yes)


def uninstall_service(
    kind: KindOption = None, name: NameOption = "helhedsplan", yes: YesOption = False
) -> None:
    """Take the service away again; without --yes it only shows what would be done."""
    from sync.service.install import cron, systemd, windows
    from sync.service.install.steps import InstallError

    _name_or_fail(name)
    try:
        match kind or _usual_kind():
            case Kind.USER:
                plan = systemd.removal(name, for_user=True)
            case Kind.SYSTEM:
                plan = systemd.removal(name, for_user=False)
            case Kind.WINDOWS:
                plan = windows.removal(name)
            case Kind.CRON:
                plan = cron.removal(name)
    except InstallError as error:
        fail(error, ExitCode.UNREACHED)
    _carry_out(plan, yes=yes)


def _installation(
    settings: Settings, kind: Kind, name: str, user: str, config: Path | None
) -> Plan:
    from sync.config import DEFAULT_FILE
    from sync.service.holidays import timetable_of
    from sync.service.install import cron, systemd, windows

    file = str((config or DEFAULT_FILE).absolute())
    program = [sys.executable, "-m", "sync"]
    command = [*program, "run", "--config", file]
    match kind:
        case Kind.USER:
            return systemd.user_plan(settings, command, name)
        case Kind.SYSTEM:
            return systemd.system_plan(settings, command, name, user or "helhedsplan")
        case Kind.WINDOWS:
            return windows.plan(command, name, user or getpass.getuser())
        case Kind.CRON:
            timetable = timetable_of(settings.schedule)
            return cron.plan(timetable, [*program, "sync", "--config", file], name)


def _usual_kind() -> Kind:
    """What this machine has."""
    if sys.platform == "win32":
        return Kind.WINDOWS
    if shutil.which("systemctl"):
        return Kind.SYSTEM if os.geteuid() == 0 else Kind.USER
    return Kind.CRON


def _name_or_fail(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,60}", name):
        fail(f"--name {name}: letters, digits, - and _ only", ExitCode.WRONG_CALL)


def _carry_out(plan: Plan, *, yes: bool) -> None:
    from sync.service.install.steps import InstallError

    for line in plan.shown():
        typer.echo(line)
    if not yes:
        typer.echo("Nothing has been done. With --yes it is.")
        return
    try:
        plan.do()
    except InstallError as error:
        fail(error, ExitCode.UNREACHED)
    typer.echo("Done.")
