"""Copies with a day in their names, laid beside a file that somebody has open."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

_DAY = re.compile(r" \d{4}-\d{2}-\d{2}(?=\.[^.]*$)")


def dated(file: Path, day: date) -> Path:
    """The copy of that day: `Overblik 2026-11-23.xlsx`."""
    return file.with_name(f"{file.stem} {day.isoformat()}{file.suffix}")


def undated(path: str) -> str:
    """The path of the file of which this is a dated copy; any other path as it is."""
    return _DAY.sub("", path)
