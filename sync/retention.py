"""What the history forgets: what is older than it is kept for."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

_OLD: Sequence[str] = (
    "DELETE FROM run WHERE started_at < :before",
    "DELETE FROM finding WHERE NOT is_open AND last_seen < :before",
    "DELETE FROM finding WHERE last_seen < :before AND workbook IN "
    "(SELECT path FROM sighting WHERE missing_since < :before)",
    "DELETE FROM sighting WHERE missing_since < :before",
    "DELETE FROM stint WHERE closed_on < :before",
    "DELETE FROM week WHERE monday < :before",
    "DELETE FROM stint WHERE closed_on < :before",
    "DELETE FROM week WHERE monday < :before",
    "DELETE FROM told WHERE told_on < :before AND NOT is_open",
)
_ROWS_OF_THE_GONE = (
    "DELETE FROM workbook WHERE path IN (SELECT path FROM sighting WHERE missing_since < :before)"
)


def forget(database: sqlite3.Connection, today: date, days: int, days_of_rows: int) -> None:
    """Drop what is older than `days`, and the rows of workbooks that are gone after `days_of_rows`.

    What is still open is kept, however old it is.
    """
    with database:
        before = (today - timedelta(days=days)).isoformat()
        for statement in _OLD:
            database.execute(statement, {"before": before})
        gone = (today - timedelta(days=days_of_rows)).isoformat()
        database.execute(_ROWS_OF_THE_GONE, {"before": gone})
