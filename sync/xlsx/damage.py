"""What keeps a file from being read as a workbook."""

from __future__ import annotations

import enum


class Damage(enum.StrEnum):
    """What is wrong with a file that cannot be read as a workbook."""

    EMPTY = "empty"
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    PASSWORD_PROTECTED = "password_protected"
    OLD_FORMAT = "old_format"
    TOO_LARGE = "too_large"


class PackageError(Exception):
    """The file, or a part of it, cannot be read.

    `detail` is English, for the log, and never holds what stands in a cell.
    """

    def __init__(self, damage: Damage, detail: str) -> None:
        super().__init__(damage, detail)
        self.damage = damage
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.damage}: {self.detail}"


def damaged(detail: str) -> PackageError:
    """Return the error for a broken file or part."""
    return PackageError(Damage.DAMAGED, detail)
