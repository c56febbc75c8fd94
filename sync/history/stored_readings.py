"""The readings that are kept, by path: see readings.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from sync.history.database import Database, put
from sync.history.readings import Content, StoredReading, packed_content
from sync.history.tables import workbook
from sync.stores.base import Version


@dataclass(frozen=True, slots=True)
class StoredReadings:
    """What was read of each workbook when it was last read."""

    database: Database

    def under(self, settings: str) -> dict[str, StoredReading]:
        """What was read under the same settings, by path."""
        kept = workbook.c
        rows = self.database.rows(
            select(kept.path, kept.stamp, kept.digest, kept.read_at, kept.content).where(
                kept.settings == settings
            )
        )
        return {
            path: StoredReading(Version(stamp, digest), read_at, content)
            for path, stamp, digest, read_at, content in rows
        }

    def keep(self, settings: str, readings: Iterable[tuple[str, Version, float, Content]]) -> None:
        """Keep what was read: path, version, time of reading in seconds, content."""
        rows = [
            {"path": path, "stamp": version.stamp, "digest": version.digest, "read_at": read_at,
             "settings": settings, "content": packed_content(content)}
            for path, version, read_at, content in readings
        ]  # fmt: skip
        with self.database.changing() as connection:
            put(connection, workbook, rows)
