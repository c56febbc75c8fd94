"""A task of the Windows Task Scheduler that starts the service with the machine."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from sync.service.install.steps import Plan, RunCommand, WriteFile

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def plan(command: Sequence[str], name: str, user: str) -> Plan:
    """Install the task for `user` (`DOMAIN\\name`); Windows asks for the password."""
    file = Path(tempfile.gettempdir()) / f"{name}-task.xml"
    create = ["schtasks", "/Create", "/TN", name, "/XML", str(file), "/RU", user, "/RP", "*", "/F"]
    return Plan(
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


def removal(name: str) -> Plan:
    """End the service and take the task away."""
    return Plan(
        [
            RunCommand(["schtasks", "/End", "/TN", name], may_fail=True),
            RunCommand(["schtasks", "/Delete", "/TN", name, "/F"]),
        ]
    )


def task_xml(command: Sequence[str], name: str, user: str) -> str:
    """The task: at the start of the machine, for ever, once, and again a minute after a failure."""
    task = ET.Element("Task", {"version": "1.2", "xmlns": _NAMESPACE})
    about = ET.SubElement(task, "RegistrationInfo")
    _put(about, "Description", f"{name}: checks the workbooks of boligsociale helhedsplaner")
    trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "BootTrigger")
    _put(trigger, "Enabled", "true")
    _put(trigger, "Delay", "PT1M")
    principals = ET.SubElement(task, "Principals")
    principal = ET.SubElement(principals, "Principal", {"id": "Author"})
    _put(principal, "UserId", user)
    _put(principal, "LogonType", "Password")
    _put(principal, "RunLevel", "LeastPrivilege")
    settings = ET.SubElement(task, "Settings")
    _put(settings, "MultipleInstancesPolicy", "IgnoreNew")
    _put(settings, "DisallowStartIfOnBatteries", "false")
    _put(settings, "StopIfGoingOnBatteries", "false")
    _put(settings, "StartWhenAvailable", "true")
    _put(settings, "ExecutionTimeLimit", "PT0S")
    again = ET.SubElement(settings, "RestartOnFailure")
    _put(again, "Interval", "PT1M")
    _put(again, "Count", "999")
    actions = ET.SubElement(task, "Actions", {"Context": "Author"})
    action = ET.SubElement(actions, "Exec")
    _put(action, "Command", command[0])
    _put(action, "Arguments", subprocess.list2cmdline(command[1:]))
    ET.indent(task)
    head = '<?xml version="1.0" encoding="UTF-16"?>\n'
    return head + ET.tostring(task, encoding="unicode") + "\n"


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
