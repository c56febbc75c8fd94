"""Single values that the job notes for its next run, each with its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import select

from rules.model.finding import Severity
from sync.findings.waiver_lines import Tie
from sync.history.database import Repository, note

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many plans and workbooks there are, and open findings of each severity."""

    plans: int
    workbooks: int
    counts: Mapping[Severity, int]


@dataclass(frozen=True, slots=True)
class UnchangedSituation:
    """A situation in which a run had nothing to read, write or send (a digest), and its tally."""

    situation: str
    tally: Tally


class _Note(Generic[T]):
    """A value: the key of its row, how its text is read (empty before the first), and written."""

    def __init__(
        self, key: str, read: Callable[[str], T], written: Callable[[T], str] = str
    ) -> None:
        self._key, self._read, self._written = key, read, written

    def __get__(self, notes: Notes, _: type[Notes]) -> T:
        return self._read(notes.text(self._key))

    def __set__(self, notes: Notes, value: T) -> None:
        notes.keep(self._key, self._written(value))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode() if value else ""


def _unchanged(text: str) -> UnchangedSituation | None:
    return msgspec.json.decode(text, type=UnchangedSituation) if text else None


def _lines(text: str) -> list[str]:
    return list(filter(None, text.split("\n")))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class Notes(Repository):
    """What the job notes. Getting a value asks the database; setting it changes the database."""

    waiver_ties = _Note(
        "waivers", lambda text: msgspec.json.decode(text or "{}", type=dict[str, Tie]), _json
    )
    """What each waiver of the last run is tied to, by the waiver's key."""
    unchanged = _Note("standstill", _unchanged, _json)
    """None where the next run must look."""
    copies_cleaned = _Note("copies cleaned", str)
    """The day on which old copies of workbooks were dropped, and how many were to be kept."""

    overview_address = _Note("overview file", str)
    overview_mark = _Note("overview stamp", str)
    """By which the overview is known as it was left."""
    overview_content = _Note("overview content", str)
    overview_tabs = _Note("overview tabs", str)
    """The overview's tabs as JSON; another version may have written it."""
    overview_copies = _Note("overview copies", _lines, "\n".join)
    """The names of copies that were made while the overview was in use."""
    calendar_content = _Note("calendar content", str)

    interrupted_unreported = _Note("endings to tell", _lines, "\n".join)
    """What the operators do not know yet of interrupted runs, in words."""
    interrupted_reported_at = _Note(
        "endings told at", _moment, lambda moment: moment.isoformat() if moment else ""
    )

    def text(self, key: str) -> str:
        """What stands in a row; empty where there is none."""
        rows = self.database.rows(select(note.c.value).where(note.c.key == key))
        return str(rows[0][0]) if rows else ""

    def keep(self, key: str, text: str) -> None:
        """Let this text stand in a row; where it does so already nothing is written."""
        if text != self.text(key):
            self.database.put(note, [{"key": key, "value": text}])
