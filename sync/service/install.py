"""Having the system start the service: systemd, Windows or cron; shown first, then done."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from rules.text.quoting import is_seen, shown_name

if TYPE_CHECKING:
    from sync.config.settings import Settings
    from sync.service.timetable import Timetable

_ORDINARY_DAYS = [date(2026, 11, 23 + number) for number in range(7)]
"""A week, beginning with a Monday, in which no clock changes."""


class InstallError(Exception):
    """A step could not be done. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it is in words, and the content that it writes or hands on."""

    says: str
    do: Callable[[], object]
    content: str | None = None


def _write(path: Path, content: str, encoding: str = "utf-8") -> Step:
    """Write a file, in the encoding that its reader expects."""

    def do() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding=encoding)

    return Step(f"Write {path}", do, content)


def _run(*command: str, content: str | None = None, may_fail: bool = False) -> Step:
    """Run a program of the system, with the content as its standard input."""
    run = partial(subprocess.run, command, input=content, text=True, check=not may_fail)
    return Step(f"Run {shlex.join(command)}", run, content)


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """The steps, and what a person should know besides."""

    steps: Sequence[Step]
    notes: Sequence[str] = ()

    def shown(self) -> Iterator[str]:
        """The whole for people."""
        for step in self.steps:
            yield step.says
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
                raise InstallError(f"{step.says}: {error.strerror}") from error
            except subprocess.CalledProcessError as error:
                reason = f"{step.says} ended with exit code {error.returncode}"
                raise InstallError(reason) from error


def filled(template: str, **values: str) -> str:
    """One of the templates that lie beside this file, with its `$names` filled in.

    Raises:
        InstallError: a value has a line break.
    """
    for value in values.values():
        _refuse_line_breaks(value)
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _refuse_line_breaks(text: str) -> None:
    """Refuse what would become a further line, with the job's rights, for whoever starts it."""
    if not all(map(is_seen, text)):
        raise InstallError(f"{shown_name(text)}: no name or path may hold a line break here")


def unit_plan(settings: Settings, command: Sequence[str], name: str, user: str = "") -> InstallPlan:
    """Install for the system, where the service runs as `user`; without one for whoever calls."""
    systemctl, unit = _systemd(name, for_user=not user)
    content = filled(
        "system.service" if user else "user.service",
        name=name,
        user=user,
        command=" ".join(_quoted(word).replace("$", "$$") for word in command),
        folder=_escaped(str(settings.state.folder.absolute().parent)),
        writable=" ".join(_quoted(str(folder)) for folder in _written_folders(settings)),
    )
    for_system = [
        f"The user {user} must be there (useradd --system {user}), and needs to read and write "
        "the folders in ReadWritePaths, which must be there too.",
        f"What it says: journalctl -u {name}. Install again when a source is added.",
    ]
    for_user = ["So that it runs while you are not logged in: loginctl enable-linger"]
    return InstallPlan(
        [
            _write(unit, content),
            _run(*systemctl, "daemon-reload"),
            _run(*systemctl, "enable", "--now", unit.name),
        ],
        for_system if user else for_user,
    )


def unit_removal(name: str, *, for_user: bool) -> InstallPlan:
    """Stop the service and take its unit away."""
    systemctl, unit = _systemd(name, for_user=for_user)
    return InstallPlan(
        [
            _run(*systemctl, "disable", "--now", unit.name, may_fail=True),
            Step(f"Remove {unit}", partial(unit.unlink, missing_ok=True)),
            _run(*systemctl, "daemon-reload"),
        ]
    )


def _systemd(name: str, *, for_user: bool) -> tuple[Sequence[str], Path]:
    """The command for the user's own systemd or the system's, and where the unit lies."""
    if not for_user:
        return ["systemctl"], Path("/etc/systemd/system", f"{name}.service")
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return ["systemctl", "--user"], Path(base, "systemd", "user", f"{name}.service")


def _written_folders(settings: Settings) -> Iterable[Path]:
    """Every folder that a run writes into; a folder that is missing is no fault at the start."""
    log_folder = settings.monitoring.log_folder
    folders = [
        settings.state.folder,
        *settings.own_folders,
        *(source.folder for source in settings.folders),
        *([log_folder] if log_folder else []),
    ]
    return dict.fromkeys(folder.absolute() for folder in folders)


def _escaped(text: str) -> str:
    """A value in which systemd sees no specifier."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """A word of a command line or a list of paths, whatever stands in it."""
    escaped = _escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if escaped != text or set(text) & set(" '$") else text


def task_plan(command: Sequence[str], name: str, user: str) -> InstallPlan:
    """Install the task for `user` (`DOMAIN\\name`); Windows asks for the password."""
    file = Path(tempfile.gettempdir()) / f"{name}-task.xml"
    create = ["schtasks", "/Create", "/TN", name, "/XML", str(file), "/RU", user, "/RP", "*", "/F"]
    return InstallPlan(
        [
            _write(file, task_xml(command, name, user), "utf-16"),
            _run(*create),
            _run("schtasks", "/Run", "/TN", name),
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
            _run("schtasks", "/End", "/TN", name, may_fail=True),
            _run("schtasks", "/Delete", "/TN", name, "/F"),
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
    _refuse_line_breaks(" ".join(command))
    called = shlex.join(command).replace("%", r"\%")
    for at, hours in hours_with.items():
        yield f"{_listed(at)} {_listed(hours)} * * {weekdays} {called} # {name}"


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _crontab_with(own_lines: Iterable[str], name: str) -> Step:
    """The crontab written anew: everybody else's lines, then these."""
    try:
        done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise InstallError(f"crontab could not be run: {error.strerror}") from error
    there = done.stdout.splitlines() if done.returncode == 0 else []
    kept = [line for line in there if not line.endswith(f"# {name}")]
    return _run("crontab", "-", content="".join(f"{line}\n" for line in [*kept, *own_lines]))
