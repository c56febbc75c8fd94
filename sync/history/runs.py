"""The runs that are remembered: when, how they ended, what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, and_, func, insert, or_, select, true, update

from rules.model.finding import Severity
from sync.history import database
from sync.history.database import Repository

_IS_COMPLETE = database.run.c.outcome.in_(("done", "problems"))
_EMPTY_LIST = msgspec.msgpack.encode([])


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
                msgspec.msgpack.decode(problems or _EMPTY_LIST, type=tuple[tuple[str, str], ...]),
            )
            for started_at, finished_at, outcome, workbooks, problems, *counts in rows
        ]
