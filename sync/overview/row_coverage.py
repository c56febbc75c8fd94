"""How many rows of a workbook the overview shows, and why not all.

The rows shown are counted in the overview's own tabs, the reasons in the workbook: where both
together are not what was read, something has been lost, and the tab Regneark says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.model.plan import Funding, Milestone
from rules.model.tables import MilestoneStatus
from rules.text.marking import N_
from sync.i18n.language import _
from sync.overview.approvals import superseded
from sync.overview.cells import ACT
from sync.overview.deadlines import AHEAD
from sync.overview.model import PlanBook, PlanLine

Shown = Mapping[str, Mapping[str, int]]
"""For each tab of the overview, by key, how many rows of each workbook it shows, by path."""
_NO_ROWS = N_("ingen")


COUNTED_TABS = ("Indsatser", "Finansiering", "Godkendelser", "Medarbejdere", "Milepæle")
"""The tabs whose rows are counted, in the order of the workbooks."""


@dataclass(frozen=True, slots=True)
class RowsRead:
    """For each tab `2 af 5`; what got lost; and why not all are shown, in sentences."""

    cells: Mapping[str, str]
    lost: str
    why: str


NOT_READ = RowsRead({}, "", "")


def rows_read(plan: PlanLine, book: PlanBook, shown: Shown, today: date) -> RowsRead:
    """How many of the rows of a workbook are shown, and why not all."""
    cells: dict[str, str] = {}
    lost: list[str] = []
    why: list[str] = []
    for tab, shown_in, read, reasons_of_rows in _counted(plan, book, today):
        there = shown.get(shown_in, {}).get(book.path, 0)
        count = _("{shown} af {read}").format(shown=there, read=read)
        cells[tab] = count if read or there else _(_NO_ROWS)
        reasons = Counter(reasons_of_rows)
        if missing := read - there - reasons.total():
            difference = _("{count} mangler") if missing > 0 else _("{count} for meget")
            unexplained = _("{tab}: {difference} uden forklaring.")
            text = unexplained.format(tab=tab, difference=difference.format(count=abs(missing)))
            lost.append(f"{ACT} {text}")
        if reasons:
            parts = [f"{count} {reason}" for reason, count in reasons.items()]
            why.append(f"{tab}: {', '.join(parts)}.")
    return RowsRead(cells, " ".join(lost), " ".join(why))


def _counted(
    plan: PlanLine, book: PlanBook, today: date
) -> Iterator[tuple[str, str, int, Iterable[str]]]:
    """Of each tab: its key in the overview, how many rows there are, why some are not shown."""
    workbook = book.workbook
    money = [row for row in workbook.funding if not row.is_total]  # sums of the workbook's are none
    is_added_up = bool(plan.figures.funding_oere)
    yield "Indsatser", "activities", len(workbook.activities), ()
    yield "Finansiering", "funding", len(money), _why_no_money(money, is_added_up=is_added_up)
    yield "Godkendelser", "approvals", len(workbook.approvals), _why_no_approval(book)
    yield "Medarbejdere", "staff", len(workbook.staff), ()
    milestones = workbook.milestones
    yield "Milepæle", "deadlines", len(milestones), _why_no_deadline(milestones, today)


def _why_no_deadline(milestones: Iterable[Milestone], today: date) -> Iterator[str]:
    for row in milestones:
        if row.status == MilestoneStatus.REACHED:
            yield _("er nået")
        elif row.status == MilestoneStatus.DROPPED:
            yield _("er udgået")
        elif row.due_on and row.due_on > today + AHEAD:
            yield _("ligger mere end {count} dage fremme").format(count=AHEAD.days)


def _why_no_money(rows: Iterable[Funding], *, is_added_up: bool) -> Iterator[str]:
    for row in rows:
        if not row.years:
            yield _("er uden beløb")
        elif not is_added_up:
            yield _("kan ikke tælles med, før alle planens beløb kan læses")


def _why_no_approval(book: PlanBook) -> Iterator[str]:
    for row in book.workbook.approvals:
        if not row.step:
            yield _("er uden et trin, der kan læses")
    for _row in range(superseded(book)):
        yield _("er afløst af en anden for samme trin og part")
