"""The state folder: what keeps it from being used."""

from __future__ import annotations


class StateError(Exception):
    """The state folder cannot be used. The message is Danish and says what is the matter."""


def unusable(folder: object) -> StateError:
    """The error for a folder that cannot be made, read or written."""
    return StateError(f"Mappen {folder} kan ikke bruges til kontrollens hukommelse.")
