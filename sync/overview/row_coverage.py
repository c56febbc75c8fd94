"""How many rows of a workbook the overview shows, and why not all: what the ledger tells of each.

The rows shown are counted in the overview's own tabs, the reasons in the workbook: where both
together are not what was read, something has been lost, and that is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.model.vocabulary import MilestoneStatus
from rules.text.marking import N_
from sync.i18n.language import _
from sync.overview.approvals import superseded
from sync.overview.cells import ACT
from sync.overview.deadlines import AHEAD
from sync.overview.model import PlanBook, PlanLine

Shown = Mapping[str, Mapping[str, int]]
"""For each tab of the overview, by key, how many rows of each workbook it shows, by path."""
_NO_ROWS = N_("ingen")


@dataclass(frozen=True, slots=True)
class _Of:
    """A workbook of a plan, on the run's day."""

    plan: PlanLine
    book: PlanBook
    today: date


@dataclass(frozen=True, slots=True)
class Counted:
    """A tab of the workbooks whose rows are counted in a tab of the overview."""

    tab: str
    shown_in: str
    rows: Callable[[PlanBook], Sequence[object]]
    why_not: Callable[[_Of], Iterator[str]]


def _all_are_shown(_of: _Of) -> Iterator[str]:
    return iter(())


def _why_no_deadline(of: _Of) -> Iterator[str]:
    for row in of.book.workbook.milestones:
        if row.status == MilestoneStatus.REACHED:
            yield _("er nået")
        elif row.status == MilestoneStatus.DROPPED:
            yield _("er udgået")
        elif row.due_on and row.due_on > of.today + AHEAD:
            yield _("ligger mere end {count} dage fremme").format(count=AHEAD.days)


def _money_rows(book: PlanBook) -> Sequence[object]:
    """The rows with money; a workbook's own sums are none."""
    return [row for row in book.workbook.funding if not row.is_total]


def _why_no_money(of: _Of) -> Iterator[str]:
    for row in of.book.workbook.funding:
        if row.is_total:
            continue
        if not row.years:
            yield _("er uden beløb")
        elif not of.plan.figures.funding_oere:
            yield _("kan ikke tælles med, før alle planens beløb kan læses")


def _why_no_approval(of: _Of) -> Iterator[str]:
    for row in of.book.workbook.approvals:
        if not row.step:
            yield _("er uden et trin, der kan læses")
    for _row in range(superseded(of.book)):
        yield _("er afløst af en anden for samme trin og part")


COUNTED = (
    Counted("Indsatser", "activities", lambda book: book.workbook.activities, _all_are_shown),
    Counted("Finansiering", "funding", _money_rows, _why_no_money),
    Counted("Godkendelser", "approvals", lambda book: book.workbook.approvals, _why_no_approval),
    Counted("Medarbejdere", "staff", lambda book: book.workbook.staff, _all_are_shown),
    Counted("Milepæle", "deadlines", lambda book: book.workbook.milestones, _why_no_deadline),
)
"""In the order of the workbooks' tabs."""


@dataclass(frozen=True, slots=True)
class RowsRead:
    """For each tab `2 af 5`; what got lost; and why not all are shown, in sentences."""

    cells: Mapping[str, str]
    lost: str
    why: str


NOT_READ = RowsRead({}, "", "")


def rows_read(plan: PlanLine, book: PlanBook, shown: Shown, today: date) -> RowsRead:
    """What the ledger tells of the rows of a workbook."""
    cells: dict[str, str] = {}
    lost: list[str] = []
    why: list[str] = []
    for counted in COUNTED:
        read = len(counted.rows(book))
        there = shown.get(counted.shown_in, {}).get(book.path, 0)
        count = _("{shown} af {read}").format(shown=there, read=read)
        cells[counted.tab] = count if read or there else _(_NO_ROWS)
        reasons = Counter(counted.why_not(_Of(plan, book, today)))
        if missing := read - there - reasons.total():
            unexplained = _("{tab}: {difference} uden forklaring.")
            text = unexplained.format(tab=counted.tab, difference=_difference(missing))
            lost.append(f"{ACT} {text}")
        if reasons:
            parts = [f"{count} {reason}" for reason, count in reasons.items()]
            why.append(f"{counted.tab}: {', '.join(parts)}.")
    return RowsRead(cells, " ".join(lost), " ".join(why))


def _difference(missing: int) -> str:
    if missing > 0:
        return _("{count} mangler").format(count=missing)
    return _("{count} for meget").format(count=-missing)
