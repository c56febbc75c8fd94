"""The state folder: what keeps it from being used."""

from __future__ import annotations

import stat
from pathlib import Path

from sync.i18n.language import _


class StateError(Exception):
    """The state folder cannot be used. The message says in words what is the matter."""


def made(folder: Path) -> None:
    """Make the folder where it is missing: only its owner may look into it.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=stat.S_IRWXU, exist_ok=True)


def unusable(folder: object) -> StateError:
    """The error for a folder that cannot be made, read or written."""
    return StateError(
        _("Mappen {folder} kan ikke bruges til kontrollens hukommelse.").format(folder=folder)
    )
