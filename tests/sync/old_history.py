"""Histories as earlier versions left them."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

RELEASES = Path(__file__).parent / "releases"


def script_of(form: int) -> str:
    """What a released version said to SQLite to make a history of this form."""
    text = (RELEASES / "history-0.1.sql").read_text(encoding="utf-8")
    steps = re.split(r"^-- form \d+\n", text, flags=re.MULTILINE)[1:]
    return f"{''.join(steps[:form])} PRAGMA user_version = {form};"


def put_back(file: Path, form: int) -> None:
    """Put a history back into an older form, with what it holds of that."""
    newer = file.with_name("newer")
    file.rename(newer)
    with contextlib.closing(sqlite3.connect(file)) as old:
        old.executescript(script_of(form))
        old.execute("ATTACH ? AS newer", (str(newer),))
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (name,) in old.execute(names).fetchall():
            old.execute(f"INSERT INTO {name} SELECT * FROM newer.{name}")
        old.commit()
    newer.unlink()
