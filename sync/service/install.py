"""Having the system start the service: systemd, Windows or cron; shown first, then done."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, ClassVar
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from sync.config.settings import Settings
    from sync.service.timetable import Timetable

SYSTEM_FOLDER = Path("/etc/systemd/system")
_ORDINARY_DAYS = [date(2026, 11, 23 + number) for number in range(7)]
"""A week, beginning with a Monday, in which no clock changes."""


class InstallError(Exception):
    """A step could not be done. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a file. `encoding` is the one that its reader expects."""

    path: Path
    content: str
    encoding: str = "utf-8"

    def __str__(self) -> str:
        return f"Write {self.path}"

    def do(self) -> None:
        """Write it, and make its folder where that is missing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.content, encoding=self.encoding)


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a file, if it is there."""

    path: Path
    content: ClassVar[None] = None

    def __str__(self) -> str:
        return f"Remove {self.path}"

    def do(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a program of the system; `content` is what it reads from its standard input.

    `may_fail` says that it is no fault if the program is unhappy.
    """

    command: Sequence[str]
    content: str | None = None
    may_fail: bool = False

    def __str__(self) -> str:
        return f"Run {shlex.join(self.command)}"

    def do(self) -> None:
        """Run it."""
        subprocess.run(self.command, input=self.content, text=True, check=not self.may_fail)


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """The steps, and what a person should know besides."""

    steps: Sequence[WriteFile | RemoveFile | RunCommand]
    notes: Sequence[str] = ()

    def shown(self) -> Iterator[str]:
        """The whole for people."""
        for step in self.steps:
            yield str(step)
            yield from (f"    {line}" for line in (step.content or "").splitlines())
            yield ""
        yield from self.notes

    def do(self) -> None:
        """Do all steps.

        Raises:
            InstallError: a step could not be done; those before it are.
        """
        for step in self.steps:
            try:
                step.do()
            except OSError as error:
                raise InstallError(f"{step}: {error.strerror}") from error
            except subprocess.CalledProcessError as error:
                raise InstallError(f"{step} ended with exit code {error.returncode}") from error


def filled(template: str, **values: str) -> str:
    """One of the templates that lie beside this file, with its `$names` filled in."""
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def user_folder() -> Path:
    """Where a user's own units lie."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "systemd" / "user"


def user_plan(settings: Settings, command: Sequence[str], name: str) -> InstallPlan:
    """Install for the user who calls."""
    unit = filled("user.service", name=name, **_places(settings, command))
    return InstallPlan(
        [
            WriteFile(user_folder() / f"{name}.service", unit),
            RunCommand(["systemctl", "--user", "daemon-reload"]),
            RunCommand(["systemctl", "--user", "enable", "--now", f"{name}.service"]),
        ],
        ["So that it runs while you are not logged in: loginctl enable-linger"],
    )


def system_plan(settings: Settings, command: Sequence[str], name: str, user: str) -> InstallPlan:
    """Install for the system; the service runs as `user`."""
    writable = " ".join(_quoted(str(folder)) for folder in _written_folders(settings))
    places = _places(settings, command)
    unit = filled("system.service", name=name, user=user, writable=writable, **places)
    return InstallPlan(
        [
            WriteFile(SYSTEM_FOLDER / f"{name}.service", unit),
            RunCommand(["systemctl", "daemon-reload"]),
            RunCommand(["systemctl", "enable", "--now", f"{name}.service"]),
        ],
        [
            f"The user {user} must be there (useradd --system {user}), and needs to read and write "
            "the folders in ReadWritePaths, which must be there too.",
            f"What it says: journalctl -u {name}. Install again when a source is added.",
        ],
    )


def unit_removal(name: str, *, for_user: bool) -> InstallPlan:
    """Stop the service and take its unit away."""
    systemctl = ["systemctl", "--user"] if for_user else ["systemctl"]
    folder = user_folder() if for_user else SYSTEM_FOLDER
    return InstallPlan(
        [
            RunCommand([*systemctl, "disable", "--now", f"{name}.service"], may_fail=True),
            RemoveFile(folder / f"{name}.service"),
            RunCommand([*systemctl, "daemon-reload"]),
        ]
    )


def _places(settings: Settings, command: Sequence[str]) -> dict[str, str]:
    return {
        "command": " ".join(map(_quoted, command)),
        "folder": _escaped(str(settings.state.folder.absolute().parent)),
    }


def _written_folders(settings: Settings) -> Iterable[Path]:
    """Every folder that a run writes into; a folder that is missing is no fault at the start."""
    monitoring = settings.monitoring
    folders = [
        settings.state.folder,
        settings.overview.file.parent,
        settings.waivers.file.parent,
        *(source.folder for source in settings.folders),
        *([monitoring.log_folder] if monitoring.log_folder else []),
        *([monitoring.status_file.parent] if monitoring.status_file else []),
    ]
    return dict.fromkeys(folder.absolute() for folder in folders)


def _escaped(text: str) -> str:
    """A value in which systemd sees no specifier."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """A word of a command line or a list of paths, whatever stands in it."""
    escaped = _escaped(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"' if escaped != text or " " in text or "'" in text else text


def task_plan(command: Sequence[str], name: str, user: str) -> InstallPlan:
    """Install the task for `user` (`DOMAIN\\name`); Windows asks for the password."""
    file = Path(tempfile.gettempdir()) / f"{name}-task.xml"
    create = ["schtasks", "/Create", "/TN", name, "/XML", str(file), "/RU", user, "/RP", "*", "/F"]
    return InstallPlan(
        [
            WriteFile(file, task_xml(command, name, user), "utf-16"),
            RunCommand(create),
            RunCommand(["schtasks", "/Run", "/TN", name]),
        ],
        [
            "Windows asks for the password of that user, and keeps it; the user needs the right to "
            "log on as a batch job, and to the share with the workbooks. Name shares by "
            r"\\server\share: drive letters belong to people who are logged in.",
        ],
    )


def task_removal(name: str) -> InstallPlan:
    """End the service and take the task away."""
    return InstallPlan(
        [
            RunCommand(["schtasks", "/End", "/TN", name], may_fail=True),
            RunCommand(["schtasks", "/Delete", "/TN", name, "/F"]),
        ]
    )


def task_xml(command: Sequence[str], name: str, user: str) -> str:
    """The task: starts with the machine, never ends, and restarts a minute after a failure."""
    program, *arguments = command
    return filled(
        "task.xml",
        name=escape(name),
        user=escape(user),
        program=escape(program),
        arguments=escape(subprocess.list2cmdline(arguments)),
    )


def cron_plan(timetable: Timetable, command: Sequence[str], name: str) -> InstallPlan:
    """Add the lines to the user's crontab, in place of earlier ones of the same name.

    Raises:
        InstallError: the crontab cannot be read.
    """
    note = (
        "cron goes by the machine's own time zone, makes up for nothing that was missed, and "
        "knows no public holidays."
    )
    return InstallPlan([_crontab_with(cron_lines(timetable, command, name), name)], [note])


def cron_removal(name: str) -> InstallPlan:
    """Take the lines away."""
    return InstallPlan([_crontab_with((), name)])


def cron_lines(timetable: Timetable, command: Sequence[str], name: str) -> Iterator[str]:
    """The lines: as few as there are different sets of hours."""
    minutes_at: dict[int, list[int]] = defaultdict(list)
    day = next((day for day in _ORDINARY_DAYS if timetable.on(day)), _ORDINARY_DAYS[0])
    for moment in timetable.on(day):
        clock = moment.astimezone(timetable.zone)
        minutes_at[clock.hour].append(clock.minute)
    hours_with: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for hour, minutes in minutes_at.items():
        hours_with[tuple(minutes)].append(hour)
    weekdays = _listed(sorted((weekday + 1) % 7 for weekday in timetable.weekdays))
    called = shlex.join(command).replace("%", r"\%")
    for at, hours in hours_with.items():
        yield f"{_listed(at)} {_listed(hours)} * * {weekdays} {called} # {name}"


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _crontab_with(own_lines: Iterable[str], name: str) -> RunCommand:
    """The crontab written anew: everybody else's lines, then these."""
    try:
        done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise InstallError(f"crontab could not be run: {error.strerror}") from error
    there = done.stdout.splitlines() if done.returncode == 0 else []
    kept = [line for line in there if not line.endswith(f"# {name}")]
    return RunCommand(["crontab", "-"], "".join(f"{line}\n" for line in [*kept, *own_lines]))
