"""The tab Regneark: every workbook that is expected, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rules.model.finding import Severity
from rules.model.parameters import Parameters
from rules.text.danish import name_key
from rules.text.marking import N_
from sheets_templates.drawing.marks import Mark
from sheets_templates.report.description import (
    CellKind,
    Figure,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportSheet,
)
from sync.i18n.language import _, spoken
from sync.overview.cells import ACT, FOLLOW, days_text, heading
from sync.overview.model import BookLine, BookState, Overview
from sync.overview.row_coverage import COUNTED, NOT_READ, RowsRead, Shown, rows_read

QUIET = timedelta(days=40)
"""A workbook that nobody has changed for longer than this is pointed out."""
NEVER_SEEN = N_("Aldrig set")
_HEADINGS = (
    Heading("Regneark", width=28),
    Heading("Plan-id", width=14),
    Heading("Område", width=14),
    Heading("Tilstand", width=18),
    Heading("Forklaring", width=46),
    Heading("Sidst ændret", CellKind.DATE, 11.5),
    Heading("Hvor længe siden", width=11.5),
    Heading("Sidst kontrolleret", width=17),
    *(heading(counted.tab, CellKind.CENTRED, 11) for counted in COUNTED),
    Heading("Fejl", CellKind.COUNT, 6.5),
    Heading("Advarsler", CellKind.COUNT, 11),
    Heading("Info", CellKind.COUNT, 6.5),
)
_LINE = N_(
    "Her står også dem, der ikke kunne læses, blev sprunget over eller mangler. »2 af 5« betyder, "
    "at 2 af de 5 rækker, der er læst, er med i overblikket."
)
_MARKS = {
    BookState.UNREADABLE: Mark.BAD,
    BookState.MISSING: Mark.BAD,
    NEVER_SEEN: Mark.BAD,
    BookState.NOT_WRITTEN: Mark.WATCH,
    BookState.COPY: Mark.WATCH,
    BookState.SKIPPED: Mark.WATCH,
    BookState.CHECKED: Mark.GOOD,
}


def books_sheet(
    overview: Overview,
    shown: Shown,
    parameters: Parameters,
    today: date,
) -> ReportSheet:
    """The tab. `shown` is what the other tabs of the overview show."""
    read = {
        book.workbook.path: rows_read(plan, book, shown, today)
        for plan, book in overview.plan_books
    }
    rows = [_book_row(line, read.get(line.path, NOT_READ), today) for line in overview.books]
    rows += list(_never_seen(overview))
    words = [row[3] for row in rows]
    areas = {line.area for line in overview.books}
    without = [area.name for area in parameters.areas if area.name not in areas]
    checked = {_(BookState.CHECKED), _(BookState.NOT_WRITTEN)}
    quiet = sum(1 for row in rows if str(row[6]).startswith(FOLLOW))
    lost = sum(1 for word in words if word in {_(BookState.MISSING), _(NEVER_SEEN)})
    bad = sum(1 for word in words if word == _(BookState.UNREADABLE))
    return ReportSheet(
        "Regneark",
        "Alle regneark i kontrollen",
        f"{_(_LINE)} {_without_workbook(without)}".rstrip(),
        _HEADINGS,
        rows,
        highlights=(
            *(Highlight(mark, word, 3, 3) for word, mark in _marks()),
            Highlight(Mark.BAD, ACT, 4, 4),
            Highlight(Mark.WATCH, FOLLOW, 6, 6),
        ),
        figures=(
            Figure("Regneark", len(rows)),
            Figure("Kontrolleret", sum(1 for word in words if word in checked)),
            Figure("Kan ikke læses", bad, mark=Mark.BAD if bad else Mark.GOOD),
            Figure("Mangler", lost, mark=Mark.BAD if lost else Mark.GOOD),
            Figure("Områder uden regneark", len(without), mark=_watch(len(without))),
            Figure("Ikke ændret i 40 dage", quiet, mark=_watch(quiet)),
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


def _watch(count: int) -> Mark:
    return Mark.WATCH if count else Mark.GOOD


def _book_row(line: BookLine, rows: RowsRead, today: date) -> list[ReportCell]:
    in_this_run = line.state not in {BookState.SKIPPED, BookState.MISSING}
    checked = spoken().day(line.checked_at) if line.checked_at else _("aldrig")
    counts: Sequence[ReportCell] = [None] * 3
    if line.counts is not None:
        counts = [line.counts.get(severity, 0) for severity in Severity]
    changed_on = line.changed_at.date() if line.changed_at else None
    return [
        Link(line.path, line.address) if line.address else line.path,
        line.plan_id or "",
        line.area or "",
        _(line.state),
        " ".join(filter(None, [rows.lost, line.reason, rows.why])),
        changed_on,
        _since(changed_on, today) if line.state is not BookState.MISSING else "",
        _("ved denne kontrol") if in_this_run else checked,
        *rows.cells,
        *counts,
    ]


def _since(changed_on: date | None, today: date) -> str:
    if changed_on is None:
        return ""
    days = (today - changed_on).days
    if days > QUIET.days:
        return f"{FOLLOW} {days_text(days)}"
    return _("i dag") if days <= 0 else days_text(days)


def _never_seen(overview: Overview) -> Iterator[list[ReportCell]]:
    """Plans that are expected, without any workbook."""
    plans = {name_key(line.plan_id or "") for line in overview.books}
    blank: list[ReportCell] = [None, "", "", *[None] * (len(COUNTED) + 3)]
    for plan_id in overview.expected:
        if name_key(plan_id) not in plans:
            reason = _("Planen er ventet, men intet regneark har dens Plan-id.")
            yield ["", plan_id, "", _(NEVER_SEEN), reason, *blank]
