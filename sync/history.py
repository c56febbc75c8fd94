"""What is remembered between runs, in one SQLite file: runs, findings, and what was read.

No cell contents but the packed rows of the last reading are kept, and the sources and amounts of
plans as they were approved; a finding is known by a digest.
Losing the file costs the history only: the next run reads everything again.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Self

import msgspec
import msgspec.inspect

from rules.catalogue import RULES, Notice
from rules.finding import Severity
from rules.parameters import Parameters
from rules.plan import Workbook
from rules.rule import Wording
from sync import schema
from sync.reading import Checked
from sync.spare import keep_spare, restored
from sync.state import made, unusable
from sync.stores.store import Version
from sync.waivers import Tie

_TIES = "waivers"
_WORLDS = {sqlite3.OperationalError, sqlite3.DatabaseError}
"""What sqlite3 raises when the disk is full or failing; its other errors are ours."""

_ENCODER = msgspec.msgpack.Encoder()


@dataclass(frozen=True, slots=True)
class Content:
    """What a reading came to: exactly one of the two."""

    checked: Checked | None = None
    unreadable: Notice | None = None


_CONTENT = msgspec.msgpack.Decoder(Content)
_SEAL_BYTES = 4


def _seal(packed: bytes) -> bytes:
    """What shows that packed content is whole."""
    return zlib.crc32(packed).to_bytes(_SEAL_BYTES)


def _stored_form() -> str:
    """A description of how readings are packed; those of another form are read again."""
    return repr(msgspec.inspect.multi_type_info([Content, Workbook]))


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook as it was read before: its version, when that was (seconds), and what came out."""

    version: Version
    read_at: float
    packed: bytes

    def content(self) -> Content | None:
        """What the reading came to; None where it cannot be unpacked any more."""
        seal, packed = self.packed[:_SEAL_BYTES], self.packed[_SEAL_BYTES:]
        return _CONTENT.decode(packed) if seal == _seal(packed) else None


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a workbook was last checked, and when people changed it, as far as could be seen.

    `missing_since` is None where it is there.
    """

    path: str
    plan_id: str | None
    area: str | None
    checked_at: datetime
    edited_at: datetime
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
    """The state file. Use as a context manager.

    `was_lost` says that the file was damaged or gone, `was_restored` that its spare copy took its
    place.
    What the disk does wrong while it is open ends the context as a StateError.
    """

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        """Open the file, or begin a new one; without `writes`, only look at what is there.

        Raises:
            StateError: the folder cannot be used, somebody else is writing in the file, or a newer
                version of the program wrote it.
        """
        self.file = folder / schema.FILE_NAME
        self.was_lost = False
        self.was_restored = False
        try:
            if writes:
                made(folder)
            self._database = self._opened(writes=writes)
        except (OSError, sqlite3.OperationalError) as error:
            raise unusable(folder) from error

    def _opened(self, *, writes: bool) -> sqlite3.Connection:
        """The file's database; where it is damaged, its spare copy or a new one.

        The damaged file is laid aside.
        """
        try:
            if self.file.exists():
                return schema.opened(self.file, writes=writes)
        except schema.DamagedError:
            self.was_lost = True
            if writes:
                self.file.replace(self.file.with_suffix(".damaged"))
        if database := restored(self.file, writes=writes):
            self.was_lost = self.was_restored = True
            return database
        return schema.new(self.file if writes else None)

    def keep_spare(self) -> None:
        """Make the spare copy anew.

        Raises:
            OSError, sqlite3.Error: it could not be made; the one before is still there.
        """
        keep_spare(self._database, self.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, trace: object) -> None:
        self._database.close()
        if type(error) in _WORLDS:
            raise unusable(self.file.parent) from error

    @property
    def database(self) -> sqlite3.Connection:
        """The open file, for modules that keep tables of their own in it."""
        return self._database

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
        rows = []
        for path, version, read_at, content in readings:
            packed = _ENCODER.encode(content)
            sealed = _seal(packed) + packed
            rows.append((path, version.stamp, version.digest, read_at, settings, sealed))
        with self._changing() as database:
            database.executemany("REPLACE INTO workbook VALUES (?, ?, ?, ?, ?, ?)", rows)

    def first_sights(self) -> dict[str, date]:
        """For every finding ever seen, by its identity, the day when it was seen first."""
        rows = self._database.execute("SELECT identity, first_seen FROM finding")
        return {identity: date.fromisoformat(day) for identity, day in rows}

    def saw(
        self,
        notices: Mapping[str, Notice],
        accepted: Iterable[str],
        judged_paths: Iterable[str],
        today: date,
    ) -> None:
        """Record the findings (by identity) of the workbooks that were judged today.

        They are open, but for those whose identities are among the accepted ones.
        """
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
            database.executemany(
                "UPDATE finding SET is_open = 0 WHERE identity = ?", [(one,) for one in accepted]
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
                datetime.fromisoformat(edited_at),
                date.fromisoformat(missing_since) if missing_since else None,
            )
            for path, plan_id, area, checked_at, edited_at, missing_since in rows
        }

    def sighted(self, sightings: Iterable[Sighting]) -> None:
        """Record when workbooks were last checked, or that they are missing."""
        rows = [
            (
                s.path,
                s.plan_id,
                s.area,
                s.checked_at.isoformat(),
                s.edited_at.isoformat(),
                s.missing_since.isoformat() if s.missing_since else None,
            )
            for s in sightings
        ]
        with self._changing() as database:
            database.executemany("REPLACE INTO sighting VALUES (?, ?, ?, ?, ?, ?)", rows)

    def checked_again(self, paths: Iterable[str], at: datetime) -> None:
        """Record that workbooks were found as they were when they were last checked."""
        rows = [(at.isoformat(), path) for path in paths]
        with self._changing() as database:
            database.executemany("UPDATE sighting SET checked_at = ? WHERE path = ?", rows)

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
        return Run(
            datetime.fromisoformat(started_at),
            datetime.fromisoformat(finished_at) if finished_at else None,
            outcome,
            workbooks or 0,
            counts,
            tuple(_problems_in(problems)),
        )

    def last_complete_start(self) -> datetime | None:
        """When the latest run began that came to its end; None where there is none."""
        row = self._database.execute(
            "SELECT started_at FROM run WHERE outcome IN ('done', 'problems') "
            "ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row else None

    def last_problems(self) -> tuple[tuple[str, str], ...]:
        """What stood in the way in the latest run that came to its end."""
        row = self._database.execute(
            "SELECT problems FROM run WHERE outcome IN ('done', 'problems') "
            "ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return tuple(_problems_in(row[0])) if row else ()

    def fact(self, key: str) -> str | None:
        """A single remembered value."""
        row = self._database.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def ties(self) -> dict[str, Tie]:
        """What the waivers of the last run were tied to, by their keys."""
        known = self.fact(_TIES)
        return msgspec.json.decode(known, type=dict[str, Tie]) if known else {}

    def remember_ties(self, ties: Mapping[str, Tie]) -> None:
        """Remember what waivers are tied to."""
        self.set_fact(_TIES, msgspec.json.encode(ties).decode())

    def set_fact(self, key: str, value: str) -> None:
        """Remember a single value."""
        with self._changing() as database:
            database.execute("REPLACE INTO fact VALUES (?, ?)", (key, value))


def _problems_in(packed: bytes | None) -> list[tuple[str, str]]:
    return msgspec.msgpack.decode(packed or b"\x90", type=list[tuple[str, str]])


def settings_key(parameters: Parameters) -> str:
    """A digest of everything besides the workbook that what was read depends on."""
    digest = hashlib.blake2b(repr(parameters).encode(), digest_size=16)
    digest.update(_stored_form().encode())
    in_words = parameters.language.text
    for rule in RULES:
        wordings = (Wording(rule.message, rule.fix), *rule.variants.values())
        texts = [(in_words(one.message), in_words(one.fix)) for one in wordings]
        digest.update(repr((rule.code, rule.severity, [*rule.variants], texts)).encode())
    return digest.hexdigest()
