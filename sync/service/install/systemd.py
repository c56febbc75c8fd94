"""A systemd unit: for a user, or for the whole system and then closed up as far as it goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sync.config import Settings
from sync.service.install.steps import InstallPlan, RemoveFile, RunCommand, WriteFile, filled

SYSTEM_FOLDER = Path("/etc/systemd/system")


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


def removal(name: str, *, for_user: bool) -> InstallPlan:
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
