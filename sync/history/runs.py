"""The runs that are remembered, and the single values that the job notes for its next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, and_, func, insert, or_, select, true, update

from rules.model.finding import Severity
from sync.findings.comment_lines import KeptComment
from sync.findings.waiver_lines import Tie
from sync.history import database
from sync.history.database import Repository, note

_IS_COMPLETE = database.run.c.outcome.in_(("done", "problems"))
_EMPTY_LIST = msgspec.msgpack.encode([])
OUTCOMES = ("done", "problems", "stopped", "late")
"""How a run ended."""


def problems_in(packed: bytes | None) -> tuple[tuple[str, str], ...]:
    """The problems of a run as they were kept.

    Raises:
        msgspec.MsgspecError: they are damaged.
    """
    return msgspec.msgpack.decode(packed or _EMPTY_LIST, type=tuple[tuple[str, str], ...])


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is remembered. `outcome` is None while it goes on, or when it was cut off.

    `problems` are paths, each with what stood in the way, in words.
    """

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    workbooks: int
    counts: Mapping[Severity, int]
    problems: tuple[tuple[str, str], ...]


class Runs(Repository):
    """Every run that is remembered; their numbers grow."""

    def begin(self, started_at: datetime) -> int:
        """Record that a run begins; its number."""
        run = database.run
        with self.database.changing() as connection:
            number = int(connection.scalar(select(func.coalesce(func.max(run.c.id), 0) + 1)) or 1)
            connection.execute(insert(run).values(id=number, started_at=started_at))
        return number

    def finish(self, number: int, run: Run) -> None:
        """Record how a run ended."""
        counts = {severity.value: run.counts.get(severity, 0) for severity in Severity}
        with self.database.changing() as connection:
            connection.execute(
                update(database.run)
                .where(database.run.c.id == number)
                .values(
                    finished_at=run.finished_at,
                    outcome=run.outcome,
                    workbooks=run.workbooks,
                    problems=msgspec.msgpack.encode(run.problems),
                    **counts,
                )
            )

    def interrupted(self, before: int) -> list[Run]:
        """The runs between the latest complete one and the run of this number, the latest first.

        Those that a person stopped came to their end in their own way, and are left out.
        """
        run = database.run.c
        complete = select(func.coalesce(func.max(run.id), 0)).where(_IS_COMPLETE).scalar_subquery()
        cut = or_(run.outcome.is_(None), run.outcome == "late")
        return self._runs(and_(run.id > complete, run.id < before, cut))

    def last(self) -> Run | None:
        """The latest run, or None before the first."""
        return next(iter(self._runs(true(), 1)), None)

    def last_complete(self) -> Run | None:
        """The latest run that came to its end; None where there is none."""
        return next(iter(self._runs(_IS_COMPLETE, 1)), None)

    def _runs(self, wanted: ColumnElement[bool], limit: int | None = None) -> list[Run]:
        """The runs that are wanted, the latest first."""
        run = database.run.c
        names = ("started_at", "finished_at", "outcome", "workbooks", "problems", *Severity)
        columns = [run[name] for name in names]
        rows = self.database.rows(
            select(*columns).where(wanted).order_by(run.id.desc()).limit(limit)
        )
        return [
            Run(
                started_at,
                finished_at,
                outcome,
                workbooks or 0,
                {one: count or 0 for one, count in zip(Severity, counts, strict=True)},
                problems_in(problems),
            )
            for started_at, finished_at, outcome, workbooks, problems, *counts in rows
        ]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many plans and workbooks there are, and open findings of each severity.

    `missing` are plans that were counted before: the path of a workbook, and what became of it.
    """

    plans: int
    workbooks: int
    counts: Mapping[Severity, int]
    missing: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class KnownFigures:
    """What a workbook's last reading came to; amounts are øre, None where they are not known."""

    plan_id: str
    name: str
    area: str
    ends_on: date | None
    is_finished: bool
    total_oere: int | None
    local_oere: int | None


@dataclass(frozen=True, slots=True)
class UnchangedSituation:
    """A situation in which a run had nothing to read, write or send (a digest), and its tally."""

    situation: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class ClockLeap:
    """When the clock went from one time to another between two runs, as no clock should."""

    before: datetime
    after: datetime


class _Note(Generic[T]):
    """A value: the key of its row, how its text is read (empty before the first), and written."""

    def __init__(
        self, key: str, read: Callable[[str], T], written: Callable[[T], str] = str
    ) -> None:
        self._key, self._read, self._written = key, read, written

    def refuse_wrong(self, key: str, text: str) -> None:
        if key == self._key:
            self._read(text)

    def __get__(self, notes: Notes, _: type[Notes]) -> T:
        return self._read(notes.text(self._key))

    def __set__(self, notes: Notes, value: T) -> None:
        notes.keep(self._key, self._written(value))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode() if value else ""


def _lines(text: str) -> list[str]:
    return list(filter(None, text.split("\n")))


class Notes(Repository):
    """What the job notes. Getting a value asks the database; setting it changes the database."""

    waiver_ties = _Note(
        "waivers", lambda text: msgspec.json.decode(text or "{}", type=dict[str, Tie]), _json
    )
    """What each waiver of the last run is tied to, by the waiver's key."""
    comments = _Note(
        "comments", lambda text: msgspec.json.decode(text or "[]", type=list[KeptComment]), _json
    )
    """The secretariat's open comments of the last run, and what each is tied to."""
    unchanged = _Note(
        "standstill",
        lambda text: msgspec.json.decode(text, type=UnchangedSituation) if text else None,
        _json,
    )
    """None where the next run must look."""
    own_places = _Note(
        "own places",
        lambda text: msgspec.json.decode(text or "{}", type=dict[str, Mapping[str, str]]),
        _json,
    )
    """What is known to be the job's own in each workbook, by its path: see `RawWorkbook.own`."""
    known_figures = _Note(
        "known figures",
        lambda text: msgspec.json.decode(text or "{}", type=dict[str, KnownFigures]),
        _json,
    )
    """The figures of each workbook when it was last counted, by its path."""
    copies_cleaned = _Note("copies cleaned", str)
    """The day on which old copies of workbooks were dropped, and how many were to be kept."""

    clock_leap = _Note(
        "clock leap",
        lambda text: msgspec.json.decode(text, type=ClockLeap) if text else None,
        _json,
    )
    """The latest one; None where there was none."""
    looked_into = _Note("week of a look into files", str)
    """The week in which the content of every file was last compared with what was read of it."""

    joined_plans = _Note(
        "joined a plan on",
        lambda text: msgspec.json.decode(text or "{}", type=dict[str, date]),
        _json,
    )
    """The day on which each workbook newly joined a plan, by its path."""

    overview_address = _Note("overview file", str)
    overview_mark = _Note("overview stamp", str)
    """By which the overview is known as it was left."""
    overview_content = _Note("overview content", str)
    overview_tabs = _Note("overview tabs", str)
    """The overview's tabs as JSON; another version may have written it."""
    overview_copies = _Note("overview copies", _lines, "\n".join)
    """The names of copies that were made while the overview was in use."""
    calendar_content = _Note("calendar content", str)
    page_content = _Note("page content", str)

    interrupted_unreported = _Note("endings to tell", _lines, "\n".join)
    """What the operators do not know yet of interrupted runs, in words."""
    interrupted_reported_at = _Note(
        "endings told at",
        lambda text: datetime.fromisoformat(text) if text else None,
        lambda moment: moment.isoformat() if moment else "",
    )

    @classmethod
    def refuse_wrong(cls, key: str, text: str) -> None:
        """Read what stands in a row.

        Raises:
            ValueError, msgspec.MsgspecError: it is damaged.
        """
        for one in vars(cls).values():
            if isinstance(one, _Note):
                one.refuse_wrong(key, text)

    def text(self, key: str) -> str:
        """What stands in a row; empty where there is none."""
        rows = self.database.rows(select(note.c.value).where(note.c.key == key))
        return str(rows[0][0]) if rows else ""

    def keep(self, key: str, text: str) -> None:
        """Let this text stand in a row; where it does so already nothing is written."""
        if text != self.text(key):
            self.database.put(note, [{"key": key, "value": text}])
