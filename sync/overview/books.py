"""The tab Regneark: every workbook that is expected, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    CellKind,
    Figure,
    Highlight,
    ReportColumn,
    ReportSheet,
    least_width,
    table,
)
from sync.i18n.language import _, spoken
from sync.overview.cells import ACT, FOLLOW, alarm, days_text
from sync.overview.model import BookLine, BookState, Overview
from sync.overview.row_coverage import COUNTED, NOT_READ, RowsRead, Shown, rows_read

QUIET = timedelta(days=40)
"""A workbook that nobody has changed for longer than this is pointed out."""
_CHECKED = frozenset({BookState.CHECKED, BookState.NOT_WRITTEN})
_LOST = frozenset({BookState.MISSING, BookState.NEVER_SEEN})
_LINE = N_(
    "Her står også dem, der ikke kunne læses, blev sprunget over eller mangler. »2 af 5« betyder, "
    "at 2 af de 5 rækker, der er læst, er med i overblikket."
)
_MARKS = {
    BookState.UNREADABLE: Mark.BAD,
    BookState.MISSING: Mark.BAD,
    BookState.NEVER_SEEN: Mark.BAD,
    BookState.NOT_WRITTEN: Mark.WATCH,
    BookState.COPY: Mark.WATCH,
    BookState.SKIPPED: Mark.WATCH,
    BookState.CHECKED: Mark.GOOD,
}


@dataclass(frozen=True, slots=True)
class _BookRow:
    """A workbook, how many of its rows are shown, and for how many days nobody has changed it."""

    line: BookLine
    rows: RowsRead
    days_unchanged: int | None

    @property
    def is_quiet(self) -> bool:
        return self.days_unchanged is not None and self.days_unchanged > QUIET.days


def books_sheet(
    overview: Overview, shown: Shown, parameters: Parameters, today: date
) -> ReportSheet:
    """The tab. `shown` is what the other tabs of the overview show."""
    read = {book.path: rows_read(plan, book, shown, today) for plan, book in overview.plan_books}
    rows = [
        _BookRow(line, read.get(line.path, NOT_READ), _days_unchanged(line, today))
        for line in (*overview.books, *_never_seen(overview))
    ]
    states = Counter(row.line.state for row in rows)
    areas = {line.area for line in overview.books}
    without = [area.name for area in parameters.areas if area.name not in areas]
    quiet = sum(row.is_quiet for row in rows)
    lost = sum(states[state] for state in _LOST)
    unreadable = states[BookState.UNREADABLE]
    return ReportSheet(
        "Regneark",
        "Alle regneark i kontrollen",
        f"{_(_LINE)} {_without_workbook(without)}".rstrip(),
        *table(_COLUMNS, rows),
        highlights=(
            *(Highlight(mark, word, 3, 3) for word, mark in _marks()),
            Highlight(Mark.BAD, ACT, 4, 4),
            Highlight(Mark.WATCH, FOLLOW, 6, 6),
        ),
        figures=(
            Figure("Regneark", len(rows)),
            Figure("Kontrolleret", sum(states[state] for state in _CHECKED)),
            Figure("Kan ikke læses", unreadable, mark=alarm(unreadable)),
            Figure("Mangler", lost, mark=alarm(lost)),
            Figure("Områder uden regneark", len(without), mark=alarm(len(without), Mark.WATCH)),
            Figure("Ikke ændret i 40 dage", quiet, mark=alarm(quiet, Mark.WATCH)),
        ),
    )


def _without_workbook(areas: Sequence[str]) -> str:
    if not areas:
        return ""
    return _("Uden regneark: {areas}.").format(areas=spoken().listed(areas))


def _marks() -> Iterator[tuple[str, Mark]]:
    """The longer words first: one of them begins another."""
    for word in sorted(_MARKS, key=len, reverse=True):
        yield str(word), _MARKS[word]


def _never_seen(overview: Overview) -> Iterator[BookLine]:
    """Plans that are expected, without any workbook."""
    plans = {name_key(line.plan_id or "") for line in overview.books}
    reason = _("Planen er ventet, men intet regneark har dens Plan-id.")
    for plan_id in overview.expected:
        if name_key(plan_id) not in plans:
            yield BookLine("", "", BookState.NEVER_SEEN, reason, plan_id)


def _days_unchanged(line: BookLine, today: date) -> int | None:
    if line.changed_at is None or line.state is BookState.MISSING:
        return None
    return (today - line.changed_at.date()).days


def _explanation(row: _BookRow) -> str:
    return " ".join(filter(None, [row.rows.lost, row.line.reason, row.rows.why]))


def _since(row: _BookRow) -> str:
    if row.days_unchanged is None:
        return ""
    if row.is_quiet:
        return f"{FOLLOW} {days_text(row.days_unchanged)}"
    return _("i dag") if row.days_unchanged <= 0 else days_text(row.days_unchanged)


def _checked(row: _BookRow) -> str:
    if row.line.state is BookState.NEVER_SEEN:
        return ""
    if row.line.state not in {BookState.SKIPPED, BookState.MISSING}:
        return _("ved denne kontrol")
    return spoken().day(row.line.checked_at) if row.line.checked_at else _("aldrig")


def _shown(tab: str, row: _BookRow) -> str:
    return row.rows.cells.get(tab, "")


def _count(severity: Severity, row: _BookRow) -> int | None:
    return None if row.line.counts is None else row.line.counts.get(severity, 0)


_COLUMNS: Sequence[ReportColumn[_BookRow]] = (
    ReportColumn("Regneark", lambda row: row.line.link, width=28),
    ReportColumn("Plan-id", lambda row: row.line.plan_id or "", width=14),
    ReportColumn("Område", lambda row: row.line.area or "", width=14),
    ReportColumn("Tilstand", lambda row: _(row.line.state), width=18),
    ReportColumn("Forklaring", _explanation, width=46),
    ReportColumn(
        "Sidst ændret",
        lambda row: row.line.changed_at.date() if row.line.changed_at else None,
        CellKind.DATE,
        11.5,
    ),
    ReportColumn("Hvor længe siden", _since, width=11.5),
    ReportColumn("Sidst kontrolleret", _checked, width=17),
    *(
        ReportColumn(tab, partial(_shown, tab), CellKind.CENTRED, max(11, least_width(tab)))
        for tab in (counted.tab for counted in COUNTED)
    ),
    ReportColumn("Fejl", partial(_count, Severity.ERROR), CellKind.COUNT, 6.5),
    ReportColumn("Advarsler", partial(_count, Severity.WARNING), CellKind.COUNT, 11),
    ReportColumn("Info", partial(_count, Severity.INFO), CellKind.COUNT, 6.5),
)
