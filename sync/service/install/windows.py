"""A task of the Windows Task Scheduler that starts the service with the machine."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from sync.service.install.steps import InstallPlan, RunCommand, WriteFile, filled


def plan(command: Sequence[str], name: str, user: str) -> InstallPlan:
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


def removal(name: str) -> InstallPlan:
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
