"""What is remembered between runs, in one SQLite file: runs, findings, and what was read.

No cell contents but the packed rows of the last reading are kept; a finding is known by a digest.
Losing the file costs the history only: the next run reads everything again.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Self

import msgspec
import msgspec.inspect

from rules.catalogue import Notice
from rules.finding import Severity
from rules.plan import Workbook
from sync.reading import Checked
from sync.stores.store import Version

FILE_NAME = "helhedsplan.sqlite3"
SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, outcome TEXT,
    workbooks INTEGER, fejl INTEGER, advarsel INTEGER, info INTEGER, problems BLOB);
CREATE TABLE finding (
    identity TEXT PRIMARY KEY, workbook TEXT NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, is_open INTEGER NOT NULL);
CREATE TABLE workbook (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL, read_at REAL NOT NULL,
    settings TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE sighting (
    path TEXT PRIMARY KEY, plan_id TEXT, area TEXT, checked_at TEXT NOT NULL, missing_since TEXT);
CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_ENCODER = msgspec.msgpack.Encoder()


class StateError(Exception):
    """The state folder cannot be used. The message is Danish and says what to do."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a reading came to: exactly one of the two."""

    checked: Checked | None = None
    unreadable: Notice | None = None


_CONTENT = msgspec.msgpack.Decoder(Content)


def stored_form() -> str:
    """A description of how readings are packed; those of another form are read again."""
    return repr(msgspec.inspect.multi_type_info([Content, Workbook]))


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook as it was read before: its version, when that was (seconds), and what came out."""

    version: Version
    read_at: float
    packed: bytes

    def content(self) -> Content:
        """What the reading came to."""
        return _CONTENT.decode(self.packed)


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a workbook was last checked, and since when it has been missing (None: it is there)."""

    path: str
    plan_id: str | None
    area: str | None
    checked_at: datetime
    missing_since: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is remembered. `outcome` is None while it goes on, or when it was cut off.

    `problems` are paths, each with what stood in the way, in Danish.
    """

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    workbooks: int
    counts: Mapping[Severity, int]
    problems: tuple[tuple[str, str], ...]


class History:
    """The state file. Use as a context manager; `was_lost` says that an older one was damaged."""

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        """Open the file, or begin a new one; without `writes`, only look at what is there.

        Raises:
            StateError: the folder cannot be made or written, or there is nothing to look at.
        """
        self.file = folder / FILE_NAME
        self.was_lost = False
        try:
            if writes:
                folder.mkdir(parents=True, exist_ok=True)
                self._database = self._opened()
            else:
                self._database = _looked_at(self.file)
        except (OSError, sqlite3.OperationalError) as error:
            problem = f"Mappen {folder} kan ikke bruges til kontrollens hukommelse."
            raise StateError(problem) from error

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connected(self.file)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.was_lost = True
            self.file.replace(self.file.with_suffix(".damaged"))
            return _connected(self.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._database:
            yield self._database

    def readings(self, settings: str) -> dict[str, Reading]:
        """What was read before under the same settings, by path."""
        rows = self._database.execute(
            "SELECT path, stamp, digest, read_at, content FROM workbook WHERE settings = ?",
            (settings,),
        )
        return {
            path: Reading(Version(stamp, digest), read_at, content)
            for path, stamp, digest, read_at, content in rows
        }

    def remember(
        self, settings: str, readings: Iterable[tuple[str, Version, float, Content]]
    ) -> None:
        """Keep what was read: path, version, time of reading in seconds, content."""
        rows = [
            (path, version.stamp, version.digest, read_at, settings, _ENCODER.encode(content))
            for path, version, read_at, content in readings
        ]
        with self._changing() as database:
            database.executemany("REPLACE INTO workbook VALUES (?, ?, ?, ?, ?, ?)", rows)

    def first_sights(self) -> dict[str, date]:
        """For every finding ever seen, by its identity, the day when it was seen first."""
        rows = self._database.execute("SELECT identity, first_seen FROM finding")
        return {identity: date.fromisoformat(day) for identity, day in rows}

    def saw(self, notices: Mapping[str, Notice], judged_paths: Iterable[str], today: date) -> None:
        """Record the open findings (by identity) of the workbooks that were judged today."""
        day = today.isoformat()
        rows = [
            (identity, notice.workbook, notice.code, notice.severity, day, day)
            for identity, notice in notices.items()
        ]
        closed = [(path, day) for path in judged_paths]
        with self._changing() as database:
            database.executemany(
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (identity) "
                "DO UPDATE SET last_seen = excluded.last_seen, severity = excluded.severity, "
                "is_open = 1",
                rows,
            )
            database.execute("CREATE TEMP TABLE IF NOT EXISTS now_open (identity TEXT PRIMARY KEY)")
            database.execute("DELETE FROM now_open")
            database.executemany("INSERT INTO now_open VALUES (?)", [(one,) for one in notices])
            database.executemany(
                "UPDATE finding SET is_open = 0 WHERE workbook = ? AND last_seen <= ? AND is_open "
                "AND identity NOT IN (SELECT identity FROM now_open)",
                closed,
            )

    def open_by_plan(self) -> dict[str, Counter[Severity]]:
        """How many findings are open in each plan, by Plan-id (or path where there is none)."""
        rows = self._database.execute(
            "SELECT COALESCE(s.plan_id, f.workbook), f.severity, COUNT(*) FROM finding AS f "
            "LEFT JOIN sighting AS s ON s.path = f.workbook "
            "WHERE f.is_open AND s.missing_since IS NULL GROUP BY 1, 2"
        )
        counts: dict[str, Counter[Severity]] = defaultdict(Counter)
        for plan, severity, count in rows:
            counts[plan][Severity(severity)] += count
        return dict(sorted(counts.items()))

    def sightings(self) -> dict[str, Sighting]:
        """Every workbook ever checked, by path."""
        rows = self._database.execute("SELECT * FROM sighting ORDER BY path")
        return {
            path: Sighting(
                path,
                plan_id,
                area,
                datetime.fromisoformat(checked_at),
                date.fromisoformat(missing_since) if missing_since else None,
            )
            for path, plan_id, area, checked_at, missing_since in rows
        }

    def sighted(self, sightings: Iterable[Sighting]) -> None:
        """Record when workbooks were last checked, or that they are missing."""
        rows = [
            (
                s.path,
                s.plan_id,
                s.area,
                s.checked_at.isoformat(),
                s.missing_since.isoformat() if s.missing_since else None,
            )
            for s in sightings
        ]
        with self._changing() as database:
            database.executemany("REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)", rows)

    def begin_run(self, started_at: datetime) -> int:
        """Record that a run begins; its number."""
        with self._changing() as database:
            cursor = database.execute(
                "INSERT INTO run (started_at) VALUES (?)", (started_at.isoformat(),)
            )
        return cursor.lastrowid or 0

    def finish_run(self, number: int, run: Run) -> None:
        """Record how a run ended."""
        values = [run.counts.get(severity, 0) for severity in Severity]
        with self._changing() as database:
            database.execute(
                "UPDATE run SET finished_at = ?, outcome = ?, workbooks = ?, fejl = ?, "
                "advarsel = ?, info = ?, problems = ? WHERE id = ?",
                (
                    run.finished_at.isoformat() if run.finished_at else None,
                    run.outcome,
                    run.workbooks,
                    *values,
                    _ENCODER.encode(run.problems),
                    number,
                ),
            )

    def last_run(self) -> Run | None:
        """The latest run, or None before the first."""
        row = self._database.execute(
            "SELECT started_at, finished_at, outcome, workbooks, fejl, advarsel, info, problems "
            "FROM run ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        started_at, finished_at, outcome, workbooks, fejl, advarsel, info, problems = row
        counts = dict(zip(Severity, (fejl or 0, advarsel or 0, info or 0), strict=True))
        decoded: list[tuple[str, str]] = msgspec.msgpack.decode(
            problems or b"\x90", type=list[tuple[str, str]]
        )
        return Run(
            datetime.fromisoformat(started_at),
            datetime.fromisoformat(finished_at) if finished_at else None,
            outcome,
            workbooks or 0,
            counts,
            tuple(decoded),
        )

    def fact(self, key: str) -> str | None:
        """A single remembered value."""
        row = self._database.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_fact(self, key: str, value: str) -> None:
        """Remember a single value."""
        with self._changing() as database:
            database.execute("REPLACE INTO fact VALUES (?, ?)", (key, value))


def _looked_at(file: Path) -> sqlite3.Connection:
    """Open the file to read only.

    Raises:
        StateError: it is missing or damaged.
    """
    if not file.exists():
        raise StateError("Kontrollen har ikke kørt endnu.")
    database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        database.execute("SELECT COUNT(*) FROM run").fetchone()
    except sqlite3.DatabaseError as error:
        database.close()
        problem = f"Filen {file} er beskadiget. Næste kontrol begynder en ny."
        raise StateError(problem) from error
    return database


def _connected(file: Path) -> sqlite3.Connection:
    """Open the file and make its tables.

    Raises:
        sqlite3.DatabaseError: it is damaged, or of another version.
    """
    database = sqlite3.connect(file)
    try:
        _prepare(database)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("the file is damaged")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        with database:
            database.executescript(_SCHEMA)
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    elif version != SCHEMA_VERSION:
        raise sqlite3.DatabaseError(f"the file is of version {version}")


def identity_of(notice: Notice) -> str:
    """A digest by which a finding is known again after its row has been moved."""
    parts = (
        notice.workbook, notice.tab or "", notice.code, notice.column or "", notice.identity,
    )  # fmt: skip
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
