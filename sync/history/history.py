"""What is remembered between runs, in a file or a database: runs, findings, and what was read.

No cell contents but the packed rows of the last reading are kept, and the sources and amounts of
plans as they were approved; a finding is known by a digest.
Losing it costs the history only: the next run reads everything again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Self

import msgspec
import msgspec.inspect
from sqlalchemy import ColumnElement, and_, bindparam, exc, func, insert, or_, select, true, update

from rules.catalogue.catalogue import severity_of
from rules.model.finding import Finding, Severity
from sync.config.state import StateSection
from sync.findings.waivers import Tie
from sync.history import tables
from sync.history.backup import keep_spare, spare_of
from sync.history.database import is_worlds, put, upsert
from sync.history.opening import opened_history, unusable_place
from sync.history.readings import Content, Reading, packed_content
from sync.history.runs import Run, _problems_in
from sync.history.sightings import Sighting
from sync.i18n.language import _
from sync.stores.base import Version

_TIES = "waivers"
_IS_COMPLETE = tables.run.c.outcome.in_(("done", "problems"))
_ENCODER = msgspec.msgpack.Encoder()


class History:
    """The history where the configuration says that it is. Use as a context manager.

    `was_lost` says that it was damaged or gone, `was_restored` that its spare copy took its place,
    `was_brought` that it has come into the database from the file that it was in until now.
    What the disk or the server does wrong while it is open ends the context as a StateError.
    """

    def __init__(self, state: StateSection, *, writes: bool = True) -> None:
        """Open it, or begin a new one; without `writes`, only look at what is there.

        Raises:
            StateError: the place cannot be used, somebody else is writing there, or a newer
                version of the program wrote it.
        """
        self._state = state
        self._opened = opened_history(state, writes=writes)
        self.database = self._opened.database
        self.where = self._opened.where
        self.was_lost = self._opened.was_lost
        self.was_restored = self._opened.was_restored
        self.was_brought = self._opened.was_brought

    def spare_problems(self) -> list[tuple[str, str]]:
        """Make the spare copy of a file anew; what stood in its way, if anything did.

        A database's copies are the server's business.
        """
        file = self._opened.file
        if file is None:
            return []
        try:
            keep_spare(self.database, file)
        except (OSError, exc.DBAPIError) as error:
            if isinstance(error, exc.DBAPIError) and not is_worlds(error):
                raise
            name = spare_of(file).name
            return [(name, _("Filen {name} kunne ikke gemmes lige nu.").format(name=name))]
        return []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, trace: object) -> None:
        self.database.close()
        if is_worlds(error):
            raise unusable_place(self._state) from error

    def readings(self, settings: str) -> dict[str, Reading]:
        """What was read before under the same settings, by path."""
        known = tables.workbook.c
        rows = self.database.rows(
            select(known.path, known.stamp, known.digest, known.read_at, known.content).where(
                known.settings == settings
            )
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
            rows.append({
                "path": path, "stamp": version.stamp, "digest": version.digest, "read_at": read_at,
                "settings": settings, "content": packed_content(content),
            })  # fmt: skip
        with self.database.changing() as connection:
            put(connection, tables.workbook, rows)

    def first_sights(self) -> dict[str, date]:
        """For every finding ever seen, by its identity, the day when it was seen first."""
        found = tables.finding.c
        rows = self.database.rows(select(found.identity, found.first_seen))
        return {identity: day for identity, day in rows}  # noqa: C416  rows are no pairs to mypy

    def saw(
        self,
        found: Mapping[str, Finding],
        accepted: Iterable[str],
        judged_paths: Iterable[str],
        today: date,
    ) -> None:
        """Record the findings (by identity) of the workbooks that were judged today.

        They are open, but for those whose identities are among the accepted ones.
        """
        finding = tables.finding
        rows = [
            {
                "identity": identity, "workbook": one.place.workbook, "code": one.code,
                "severity": severity_of(one), "first_seen": today, "last_seen": today,
                "is_open": True,
            }
            for identity, one in found.items()
        ]  # fmt: skip
        judged = set(judged_paths)
        with self.database.changing() as connection:
            if rows:
                new = upsert(connection, finding)
                again = {"last_seen": today, "severity": new.excluded.severity, "is_open": True}
                keys = [finding.c.identity]
                connection.execute(new.on_conflict_do_update(index_elements=keys, set_=again), rows)
            still_open = connection.execute(
                select(finding.c.identity, finding.c.workbook).where(
                    finding.c.is_open, finding.c.last_seen <= today
                )
            )
            closed = [
                identity
                for identity, path in still_open
                if path in judged and identity not in found
            ]
            if closing := [{"gone": identity} for identity in (*closed, *accepted)]:
                connection.execute(
                    update(finding).where(finding.c.identity == bindparam("gone")),
                    [{**one, "is_open": False} for one in closing],
                )

    def open_by_plan(self) -> dict[str, Counter[Severity]]:
        """How many findings are open in each plan, by Plan-id (or path where there is none)."""
        found, seen = tables.finding.c, tables.sighting.c
        plan_of = func.coalesce(seen.plan_id, found.workbook)
        open_now = (
            select(plan_of, found.severity, func.count())
            .select_from(tables.finding.outerjoin(tables.sighting, seen.path == found.workbook))
            .where(found.is_open, seen.missing_since.is_(None))
            .group_by(plan_of, found.severity)
        )
        counts: dict[str, Counter[Severity]] = defaultdict(Counter)
        for plan, severity, count in self.database.rows(open_now):
            counts[plan][Severity(severity)] += count
        return dict(sorted(counts.items()))

    def sightings(self) -> dict[str, Sighting]:
        """Every workbook ever checked, by path."""
        seen = tables.sighting
        rows = self.database.rows(
            select(*(seen.c[name] for name in Sighting.__slots__)).order_by(seen.c.path)
        )
        return {row[0]: Sighting(*row) for row in rows}

    def sighted(self, sightings: Iterable[Sighting]) -> None:
        """Record when workbooks were last checked, or that they are missing."""
        with self.database.changing() as connection:
            put(connection, tables.sighting, [asdict(one) for one in sightings])

    def checked_again(self, paths: Iterable[str], at: datetime) -> None:
        """Record that workbooks were found as they were when they were last checked."""
        seen, found = tables.sighting, set(paths)
        with self.database.changing() as connection:
            others = [p for p in connection.scalars(select(seen.c.path)) if p not in found]
            here = seen.c.path.not_in(others)  # these are few, in a run that finds all as it was
            connection.execute(update(seen).where(here).values(checked_at=at))

    def begin_run(self, started_at: datetime) -> int:
        """Record that a run begins; its number."""
        run = tables.run
        with self.database.changing() as connection:
            number = int(connection.scalar(select(func.coalesce(func.max(run.c.id), 0) + 1)) or 1)
            connection.execute(insert(run).values(id=number, started_at=started_at))
        return number

    def finish_run(self, number: int, run: Run) -> None:
        """Record how a run ended."""
        counts = {severity.value: run.counts.get(severity, 0) for severity in Severity}
        with self.database.changing() as connection:
            connection.execute(
                update(tables.run)
                .where(tables.run.c.id == number)
                .values(
                    finished_at=run.finished_at,
                    outcome=run.outcome,
                    workbooks=run.workbooks,
                    problems=_ENCODER.encode(run.problems),
                    **counts,
                )
            )

    def unfinished(self, before: int) -> list[Run]:
        """The runs between the latest one that came to its end and the run of this number.

        Those that a person stopped came to their end in their own way, and are left out.
        """
        run = tables.run.c
        complete = select(func.coalesce(func.max(run.id), 0)).where(_IS_COMPLETE).scalar_subquery()
        cut = or_(run.outcome.is_(None), run.outcome == "late")
        return self._runs(and_(run.id > complete, run.id < before, cut))

    def last_run(self) -> Run | None:
        """The latest run, or None before the first."""
        return self._latest(true())

    def last_complete_start(self) -> datetime | None:
        """When the latest run began that came to its end; None where there is none."""
        run = self._latest(_IS_COMPLETE)
        return run.started_at if run else None

    def last_problems(self) -> tuple[tuple[str, str], ...]:
        """What stood in the way in the latest run that came to its end."""
        run = self._latest(_IS_COMPLETE)
        return run.problems if run else ()

    def _latest(self, wanted: ColumnElement[bool]) -> Run | None:
        return next(iter(self._runs(wanted, 1)), None)

    def _runs(self, wanted: ColumnElement[bool], most: int | None = None) -> list[Run]:
        """The runs that are wanted, the latest first."""
        run = tables.run.c
        rows = self.database.rows(
            select(
                run.started_at, run.finished_at, run.outcome, run.workbooks, run.problems,
                *(run[severity.value] for severity in Severity),
            ).where(wanted).order_by(run.id.desc()).limit(most)
        )  # fmt: skip
        return [
            Run(
                started_at,
                finished_at,
                outcome,
                workbooks or 0,
                dict(zip(Severity, (count or 0 for count in counts), strict=True)),
                tuple(_problems_in(problems)),
            )
            for started_at, finished_at, outcome, workbooks, problems, *counts in rows
        ]

    def fact(self, key: str) -> str | None:
        """A single remembered value."""
        known = tables.fact.c
        rows = self.database.rows(select(known.value).where(known.key == key))
        return rows[0][0] if rows else None

    def ties(self) -> dict[str, Tie]:
        """What the waivers of the last run were tied to, by their keys."""
        known = self.fact(_TIES)
        return msgspec.json.decode(known, type=dict[str, Tie]) if known else {}

    def remember_ties(self, ties: Mapping[str, Tie]) -> None:
        """Remember what waivers are tied to."""
        self.set_fact(_TIES, msgspec.json.encode(ties).decode())

    def set_fact(self, key: str, value: str) -> None:
        """Remember a single value."""
        with self.database.changing() as connection:
            put(connection, tables.fact, [{"key": key, "value": value}])
