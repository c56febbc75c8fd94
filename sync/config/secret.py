"""Passwords: from the environment or a file of their own, never from the configuration."""

from __future__ import annotations

import os
from pathlib import Path


def secret(variable: str, file: Path | None) -> str | None:
    """The password from this variable, or from the file; None where there is neither.

    Raises:
        OSError: the file cannot be read.
    """
    if variable in os.environ:
        return os.environ[variable]
    return file.read_text(encoding="utf-8").strip() if file is not None else None
