"""What the store remembers of Drive between runs, in one SQLite file of its own.

Losing it costs a full look at Drive and a reading of every spreadsheet, and nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.config.state import unusable

FILE_NAME = "google.sqlite3"
_VERSION = 1
_SCHEMA = f"""
BEGIN;
CREATE TABLE corpus (name TEXT PRIMARY KEY, token TEXT NOT NULL, looked_at REAL NOT NULL);
CREATE TABLE file (
    corpus TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, parent TEXT NOT NULL,
    is_folder INTEGER NOT NULL, modified TEXT NOT NULL, changed_at TEXT NOT NULL,
    stamp TEXT NOT NULL, PRIMARY KEY (corpus, id));
CREATE TABLE spreadsheet (id TEXT PRIMARY KEY, is_settled INTEGER NOT NULL, tabs TEXT NOT NULL);
PRAGMA user_version = {_VERSION};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class DriveFile:
    """A spreadsheet or folder as Drive tells of it; times as Drive writes them.

    `modified` is when anybody changed it last, `changed_at` when somebody else than the job did;
    `stamp` changes whenever somebody else may have changed it.
    """

    id: str
    title: str
    parent: str
    is_folder: bool
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
        row: tuple[str, float] | None = self._database.execute(
            "SELECT token, looked_at FROM corpus WHERE name = ?", (name,)
        ).fetchone()
        return row

    def files(self, corpus: str) -> dict[str, DriveFile]:
        """What Drive told of last, by id."""
        rows = self._database.execute(
            "SELECT id, title, parent, is_folder, modified, changed_at, stamp FROM file "
            "WHERE corpus = ? ORDER BY rowid",
            (corpus,),
        )
        return {
            id_: DriveFile(id_, title, parent, bool(is_folder), modified, changed_at, stamp)
            for id_, title, parent, is_folder, modified, changed_at, stamp in rows
        }

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
        rows = [
            (corpus, f.id, f.title, f.parent, f.is_folder, f.modified, f.changed_at, f.stamp)
            for f in files
        ]
        with self._database as database:
            database.execute("REPLACE INTO corpus VALUES (?, ?, ?)", (corpus, token, looked_at))
            database.executemany("REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
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

    def settle(self, spreadsheet_id: str, *, is_settled: bool) -> None:
        """Note that a write begins, or that it came out well."""
        with self._database as database:
            database.execute(
                "INSERT INTO spreadsheet VALUES (?, ?, '{}') "
                "ON CONFLICT (id) DO UPDATE SET is_settled = excluded.is_settled",
                (spreadsheet_id, is_settled),
            )

    def saw(self, spreadsheet_id: str, gids: Mapping[str, int]) -> None:
        """Remember the ids of a spreadsheet's tabs."""
        with self._database as database:
            database.execute(
                "INSERT INTO spreadsheet VALUES (?, 1, ?) "
                "ON CONFLICT (id) DO UPDATE SET tabs = excluded.tabs",
                (spreadsheet_id, json.dumps(gids)),
            )

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
    if file.is_file():
        database = sqlite3.connect(file)
        if _is_whole(database):
            database.execute("PRAGMA synchronous = OFF")
            return database
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
