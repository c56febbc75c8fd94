"""Every finding that was ever seen, by its identity: since when, until when, open or not."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import func, select, update

from rules.catalogue.catalogue import severity_of
from rules.model.finding import Finding, Severity
from rules.text.quoting import quoted
from sync.history.database import Repository, finding, last_seen, update_each, upsert


class Findings(Repository):
    """The findings of all runs."""

    def first_seen(self) -> dict[str, date]:
        """The day when each finding was seen first, by identity."""
        rows = self.database.rows(select(finding.c.identity, finding.c.first_seen))
        return {identity: day for identity, day in rows}  # noqa: C416  rows are no pairs to mypy

    def record(
        self,
        found: Mapping[str, Finding],
        accepted: Iterable[str],
        judged_paths: Iterable[str],
        today: date,
    ) -> None:
        """Record the findings (by identity) of the workbooks that were judged today.

        They are open, but for those whose identities are among the accepted ones.
        """
        rows = [
            {"identity": identity, "workbook": one.place.workbook, "code": one.code,
             "severity": severity_of(one), "first_seen": today, "last_seen": today,
             "is_open": True}
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
            gone = [key for key, path in still_open if path in judged and key not in found]
            close = update(finding).values(is_open=False)
            update_each(connection, close, finding.c.identity, [*gone, *accepted])

    def open_by_plan(self) -> dict[str, Counter[Severity]]:
        """How many findings are open in each plan, by Plan-id (or path where there is none)."""
        found, seen = finding.c, last_seen.c
        plan_of = func.coalesce(seen.plan_id, found.workbook)
        open_now = (
            select(plan_of, found.severity, func.count())
            .select_from(finding.outerjoin(last_seen, seen.path == found.workbook))
            .where(found.is_open, seen.missing_since.is_(None))
            .group_by(plan_of, found.severity)
        )
        counts: dict[str, Counter[Severity]] = defaultdict(Counter)
        for plan, severity, count in self.database.rows(open_now):
            counts[plan][Severity(severity)] += count
        return dict(sorted(counts.items()))


def identities_of(findings: Iterable[Finding]) -> list[str]:
    """By what each of a workbook's findings is known again when its row has been moved.

    Those that are alike are numbered.
    """
    alike: Counter[str] = Counter()
    identities = []
    for one in findings:
        place = one.place
        column = quoted(place.header) if place.header else ""
        parts = (place.workbook, place.tab or "", one.code, column, one.identity)
        identity = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
        alike[identity] += 1
        identities.append(f"{identity}-{alike[identity]}" if alike[identity] > 1 else identity)
    return identities
