"""The tab Regneark: every workbook that is expected, what became of it, how many rows are shown.

The rows shown are counted in the overview's own tabs, the reasons in the workbook: where both
together are not what was read, something has been lost, and the tab Regneark says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from rules.model.choices import MilestoneStatus
from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.model.plan import Funding, Milestone
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Mark
from sheets_templates.report.description import (
    CellKind,
    Figure,
    Highlight,
    ReportColumn,
    ReportSheet,
    table,
    word_highlights,
)
from sync.i18n.language import _, spoken
from sync.overview.approvals import superseded
from sync.overview.cells import ACT, AHEAD, FOLLOW, alarm, days_text
from sync.overview.model import BookLine, BookState, Overview, PlanBook, PlanLine

Shown = Mapping[str, Mapping[str, int]]
"""For each tab of the overview, by key, how many rows of each workbook it shows, by path."""
COUNTED_TABS = ("Indsatser", "Finansiering", "Godkendelser", "Medarbejdere", "Milepæle")
"""The tabs whose rows are counted, in the order of the workbooks."""


class RowsRead(NamedTuple):
    """For each tab `2 af 5`; what got lost; and why not all are shown, in sentences."""

    cells: Mapping[str, str] = {}
    lost: str = ""
    why: str = ""


def rows_read(
    plan: PlanLine, book: PlanBook, shown: Shown, today: date, *, is_listed: bool = True
) -> RowsRead:
    """How many of the rows of a workbook are shown, and why not all.

    Of a plan that is not listed no activities are shown.
    """
    cells: dict[str, str] = {}
    lost: list[str] = []
    why: list[str] = []
    counted = _tabs(plan, book, today, is_listed=is_listed)
    for tab, (shown_in, read, why_not) in zip(COUNTED_TABS, counted, strict=True):
        there = shown.get(shown_in, {}).get(book.path, 0)
        count = _("{shown} af {read}").format(shown=there, read=read)
        cells[tab] = count if read or there else _("ingen")
        reasons = Counter(why_not)
        if missing := read - there - reasons.total():
            difference = _("{count} mangler") if missing > 0 else _("{count} for meget")
            unexplained = _("{tab}: {difference} uden forklaring.")
            text = unexplained.format(tab=tab, difference=difference.format(count=abs(missing)))
            lost.append(f"{ACT} {text}")
        if reasons:
            parts = [f"{count} {reason}" for reason, count in reasons.items()]
            why.append(f"{tab}: {', '.join(parts)}.")
    return RowsRead(cells, " ".join(lost), " ".join(why))


def _tabs(
    plan: PlanLine, book: PlanBook, today: date, *, is_listed: bool
) -> Iterator[tuple[str, int, Iterable[str]]]:
    """Of each tab: its key in the overview, how many rows there are, why some are not shown."""
    workbook = book.workbook
    money = [row for row in workbook.funding if not row.is_total]
    is_added_up = bool(plan.figures.funding_oere)
    left_out = (
        () if is_listed else [_("er i en plan, der haster mindre")] * len(workbook.activities)
    )
    yield "activities", len(workbook.activities), left_out
    yield "funding", len(money), _why_no_money(money, is_added_up=is_added_up)
    yield "approvals", len(workbook.approvals), _why_no_approval(book)
    yield "staff", len(workbook.staff), ()
    yield "deadlines", len(workbook.milestones), _why_no_deadline(workbook.milestones, today)


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


QUIET = timedelta(days=40)
"""A workbook that nobody has changed for longer than this is pointed out."""
_LINE = N_(
    "Her står også dem, der ikke kunne læses, blev sprunget over eller mangler. »2 af 5« til "
    "højre i overblikkets regneark betyder, at 2 af de 5 læste rækker er med."
)
_MARKS: dict[str, Mark] = {
    BookState.NOT_WRITTEN: Mark.WATCH,
    BookState.COPY: Mark.WATCH,
    BookState.MISSING: Mark.BAD,
    BookState.UNREADABLE: Mark.BAD,
    BookState.SKIPPED: Mark.WATCH,
    BookState.CHECKED: Mark.GOOD,
    BookState.NEVER_SEEN: Mark.BAD,
}
"""NOT_WRITTEN comes before CHECKED, with whose word it begins."""


@dataclass(frozen=True, slots=True)
class _BookRow:
    """A workbook on the day, and how many of its rows are shown."""

    line: BookLine
    rows: RowsRead
    today: date

    @property
    def changed_on(self) -> date | None:
        return self.line.changed_at.date() if self.line.changed_at else None

    @property
    def days_unchanged(self) -> int | None:
        """None where that is not known, or there is no workbook any more."""
        if self.changed_on is None or self.line.state is BookState.MISSING:
            return None
        return (self.today - self.changed_on).days


def books_sheet(
    overview: Overview,
    shown: Shown,
    lists: Callable[[PlanLine], bool],
    parameters: Parameters,
    today: date,
) -> ReportSheet:
    """The tab. `shown` is what the others show, of activities those of the plans that it lists."""
    read = {
        book.path: rows_read(plan, book, shown, today, is_listed=lists(plan))
        for plan, book in overview.plan_books
    }
    rows = [
        _BookRow(line, read.get(line.path, RowsRead()), today)
        for line in (*overview.books, *_never_seen(overview))
    ]
    states = Counter(row.line.state for row in rows)
    areas = {line.area for line in overview.books_there}
    without = [area.name for area in parameters.areas if area.name not in areas]
    no_workbook = _("Uden regneark: {areas}.").format(areas=spoken().listed(without))
    quiet = sum((row.days_unchanged or 0) > QUIET.days for row in rows)
    checked = states[BookState.CHECKED] + states[BookState.NOT_WRITTEN]
    lost = states[BookState.MISSING] + states[BookState.NEVER_SEEN]
    unreadable = states[BookState.UNREADABLE]
    return ReportSheet(
        "Regneark",
        "Alle regneark i kontrollen",
        f"{_(_LINE)} {no_workbook}" if without else _(_LINE),
        *table(_COLUMNS, rows),
        highlights=(
            *word_highlights(_MARKS, 3),
            Highlight(Mark.BAD, ACT, 4, 4),
            Highlight(Mark.WATCH, FOLLOW, 6, 6),
        ),
        figures=(
            Figure("Regneark", len(rows) - lost),
            Figure("Kontrolleret", checked),
            Figure("Kan ikke læses", unreadable, mark=alarm(unreadable)),
            Figure("Mangler", lost, mark=alarm(lost)),
            Figure("Områder uden regneark", len(without), mark=alarm(len(without), Mark.WATCH)),
            Figure("Ikke ændret i 40 dage", quiet, mark=alarm(quiet, Mark.WATCH)),
        ),
        printed_columns=len(_COLUMNS) - len(COUNTED_TABS),
    )


def _never_seen(overview: Overview) -> Iterator[BookLine]:
    """Plans that are expected, without any workbook."""
    plans = {name_key(line.plan_id or "") for line in overview.books}
    reason = _("Planen er ventet, men intet regneark har dens Plan-id.")
    for plan_id in overview.expected:
        if name_key(plan_id) not in plans:
            yield BookLine("", "", BookState.NEVER_SEEN, reason, plan_id)


def _since(row: _BookRow) -> str:
    if (days := row.days_unchanged) is None:
        return ""
    if days > QUIET.days:
        return f"{FOLLOW} {days_text(days)}"
    return _("i dag") if days <= 0 else days_text(days)


def _checked(row: _BookRow) -> str:
    if row.line.state is BookState.NEVER_SEEN:
        return ""
    if row.line.state not in {BookState.SKIPPED, BookState.MISSING}:
        return _("ved denne kontrol")
    return spoken().day(row.line.checked_at) if row.line.checked_at else _("aldrig")


def _explained(row: _BookRow) -> str:
    return " ".join(filter(None, [row.rows.lost, row.line.reason, row.rows.why]))


def _shown(tab: str, row: _BookRow) -> str:
    return row.rows.cells.get(tab, "")


def _count(severity: Severity, row: _BookRow) -> int | None:
    return None if row.line.counts is None else row.line.counts.get(severity, 0)


_COLUMNS: Sequence[ReportColumn[_BookRow]] = (
    ReportColumn("Regneark", lambda row: row.line.link, width=28),
    ReportColumn("Plan-id", lambda row: row.line.plan_id or "", width=13),
    ReportColumn("Område", lambda row: row.line.area or "", width=16),
    ReportColumn("Tilstand", lambda row: _(row.line.state), width=17),
    ReportColumn("Forklaring", _explained, width=44),
    ReportColumn("Sidst ændret", lambda row: row.changed_on, CellKind.DATE, 11),
    ReportColumn("Hvor længe siden", _since, width=11),
    ReportColumn("Sidst kontrolleret", _checked, width=15),
    ReportColumn("Fejl", partial(_count, Severity.ERROR), CellKind.COUNT, 6),
    ReportColumn("Advarsler", partial(_count, Severity.WARNING), CellKind.COUNT, 10),
    ReportColumn("Info", partial(_count, Severity.INFO), CellKind.COUNT, 6),
    *(ReportColumn(tab, partial(_shown, tab), CellKind.CENTRED, 11) for tab in COUNTED_TABS),
)
