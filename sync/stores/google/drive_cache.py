"""What Drive reported last, and what the job did then, kept between runs in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from sync.config.state import unusable

FILE_NAME = "google.sqlite3"
_VERSION = 2
_SCHEMA = f"""
BEGIN;
CREATE TABLE corpus (name TEXT PRIMARY KEY, token TEXT NOT NULL, looked_at REAL NOT NULL);
CREATE TABLE file (
    corpus TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, parent TEXT NOT NULL,
    kind TEXT NOT NULL, target TEXT NOT NULL, modified TEXT NOT NULL, changed_at TEXT NOT NULL,
    stamp TEXT NOT NULL, PRIMARY KEY (corpus, id));
CREATE TABLE spreadsheet (
    id TEXT PRIMARY KEY, is_settled INTEGER NOT NULL, tabs TEXT NOT NULL,
    changes_by_itself INTEGER NOT NULL DEFAULT 0, written_from REAL NOT NULL DEFAULT 0,
    written_to REAL NOT NULL DEFAULT 0);
PRAGMA user_version = {_VERSION};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class DriveFile:
    """A spreadsheet, folder, shortcut or Excel file as Drive tells of it; times as Drive does.

    `kind` is its MIME type, and `target` the id of what a shortcut leads to. `modified` is when
    anybody changed it last, `changed_at` when somebody else than the job did; `stamp` changes
    whenever somebody else may have changed it.
    """

    id: str
    title: str
    parent: str
    kind: str
    target: str
    modified: str
    changed_at: str
    stamp: str


class DriveCache:
    """The file. Without `writes`, what is there is read and nothing is kept."""

    def __init__(self, folder: Path, *, writes: bool) -> None:
        """Open it, or begin a new one.

        Raises:
            StateError: the folder cannot be used.
        """
        file = folder / FILE_NAME
        try:
            if writes:
                folder.mkdir(parents=True, exist_ok=True)
            self._database = _opened(file, writes=writes)
        except (OSError, sqlite3.Error) as error:
            raise unusable(folder) from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def corpus(self, name: str) -> tuple[str, float] | None:
        """The token from which changes count, and when everything was looked at (seconds)."""
        rows = self._database.execute("SELECT token, looked_at FROM corpus WHERE name = ?", (name,))
        return next(rows, None)

    def files(self, corpus: str) -> dict[str, DriveFile]:
        """What Drive reported last, by id."""
        rows = self._database.execute(
            "SELECT id, title, parent, kind, target, modified, changed_at, stamp FROM file "
            "WHERE corpus = ? ORDER BY rowid",
            (corpus,),
        )
        return {row[0]: DriveFile(*row) for row in rows}

    def keep(
        self,
        corpus: str,
        token: str,
        looked_at: float,
        files: Iterable[DriveFile],
        gone: Iterable[str],
    ) -> None:
        """Keep what was found, all of it or nothing: files that are new or changed, files gone.

        From now on their stamps say what is not settled.
        """
        rows = [(corpus, *astuple(file)) for file in files]
        with self._database as database:
            database.execute("REPLACE INTO corpus VALUES (?, ?, ?)", (corpus, token, looked_at))
            database.executemany("REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            lost = [(corpus, id_) for id_ in gone]
            database.executemany("DELETE FROM file WHERE corpus = ? AND id = ?", lost)
            database.execute(
                "UPDATE spreadsheet SET is_settled = 1 WHERE id IN "
                "(SELECT id FROM file WHERE corpus = ?)",
                (corpus,),
            )

    def unsettled(self) -> set[str]:
        """The spreadsheets in which a write was begun, and not seen to have come out well."""
        rows = self._database.execute("SELECT id FROM spreadsheet WHERE NOT is_settled")
        return {id_ for (id_,) in rows}

    def settle(
        self,
        spreadsheet_id: str,
        *,
        is_settled: bool,
        written: tuple[float, float] | None = None,
    ) -> None:
        """Note that a write begins, or that it came out well, and between which times (seconds)."""
        with self._database as database:
            database.execute(
                "INSERT INTO spreadsheet (id, is_settled, tabs) VALUES (?, ?, '{}') "
                "ON CONFLICT (id) DO UPDATE SET is_settled = excluded.is_settled",
                (spreadsheet_id, is_settled),
            )
            if written:
                database.execute(
                    "UPDATE spreadsheet SET written_from = ?, written_to = ? WHERE id = ?",
                    (*written, spreadsheet_id),
                )

    def written(self) -> dict[str, tuple[float, float]]:
        """Between which times the job wrote last, by the ids of the spreadsheets; seconds."""
        rows = self._database.execute("SELECT id, written_from, written_to FROM spreadsheet")
        return {id_: (begin, end) for id_, begin, end in rows if end}

    def saw(self, spreadsheet_id: str, gids: Mapping[str, int], *, changes_by_itself: bool) -> None:
        """Remember the ids of a spreadsheet's tabs, and whether formulas change by themselves."""
        with self._database as database:
            database.execute(
                "INSERT INTO spreadsheet (id, is_settled, tabs, changes_by_itself) "
                "VALUES (?, 1, ?, ?) ON CONFLICT (id) DO UPDATE SET tabs = excluded.tabs, "
                "changes_by_itself = excluded.changes_by_itself",
                (spreadsheet_id, json.dumps(gids), changes_by_itself),
            )

    def changing(self) -> set[str]:
        """The spreadsheets whose formulas change by themselves."""
        rows = self._database.execute("SELECT id FROM spreadsheet WHERE changes_by_itself")
        return {id_ for (id_,) in rows}

    def gids(self) -> dict[str, dict[str, int]]:
        """The ids of the tabs of every spreadsheet that was ever seen."""
        rows = self._database.execute("SELECT id, tabs FROM spreadsheet")
        return {id_: json.loads(tabs) for id_, tabs in rows}


def _opened(file: Path, *, writes: bool) -> sqlite3.Connection:
    """The database; a damaged one, or one of another version, is begun anew.

    It outlives a killed process without waiting for the disk; a power cut may damage it.
    """
    if not writes:
        database = _new(":memory:")
        if file.is_file():
            with sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True) as kept:
                if _is_whole(kept):
                    kept.backup(database)
            kept.close()
        return database
    database = sqlite3.connect(file) if file.is_file() else _new(file)
    if not _is_whole(database):
        database.close()
        file.unlink()
        database = _new(file)
    database.execute("PRAGMA synchronous = OFF")
    return database


def _is_whole(database: sqlite3.Connection) -> bool:
    try:
        answers = [
            database.execute(pragma).fetchone()
            for pragma in ("PRAGMA user_version", "PRAGMA quick_check(1)")
        ]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
    return answers == [(_VERSION,), ("ok",)]


def _new(file: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(file)
    database.executescript(_SCHEMA)
    return database
