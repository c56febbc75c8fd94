"""What has been found since last week: lines, equal ones together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.catalogue.catalogue import RULE_BY_CODE
from rules.model.finding import Severity
from sheets_templates.report.description import Link, SmallTable
from sync.i18n.language import _
from sync.overview.model import NoticeLine, Overview

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewFindings:
    """The findings of one rule in one workbook that were not there a week ago."""

    first: NoticeLine
    count: int

    @property
    def title(self) -> str:
        """The rule in words, with its code, and how often it was found."""
        code = self.first.notice.code
        text = f"{code}: {_(RULE_BY_CODE[code].title)}"
        return (
            text if self.count == 1 else f"{text} ({_('{count} steder')})".format(count=self.count)
        )


def new_findings(overview: Overview, today: date) -> list[NewFindings] | None:
    """What is open and was first seen in the last seven days, the worst first.

    None in the first week: then all of it would be new.
    """
    if overview.trend.week_before(today) is None:
        return None
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], NoticeLine] = {}
    for line in overview.open_notices:
        if line.first_seen > today - _WEEK and line.notice.severity is not Severity.INFO:
            key = line.notice.workbook, line.notice.code
            counts[key] += 1
            first.setdefault(key, line)
    found = [NewFindings(line, counts[key]) for key, line in first.items()]
    return sorted(found, key=lambda one: (one.first.notice.severity.rank, -one.count))


def news_table(overview: Overview, today: date, most: int) -> SmallTable:
    """The new findings as a small table of at most so many rows."""
    found = new_findings(overview, today)
    rows: list[Sequence[str | Link]] = [
        [
            _(one.first.notice.severity).capitalize(),
            one.title,
            Link(one.first.plan_id or one.first.notice.workbook, one.first.address),
        ]
        for one in (found or [])[:most]
    ]
    if found and len(found) > most:
        rows.append(["", _("Og {count} til.").format(count=len(found) - most), ""])
    unknown = _("Der er ingen kontrol fra en tidligere uge at sammenligne med.")
    return SmallTable(
        _("Nye fejl og advarsler de seneste 7 dage"),
        (10, 42, 14),
        rows,
        empty=unknown if found is None else _("Der er ingen."),
    )
