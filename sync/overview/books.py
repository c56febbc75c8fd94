"""The tab Regneark: every workbook that is expected, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from rules.danish import name_key
from rules.finding import Severity
from rules.parameters import Parameters
from sheets_templates.description import (
    Figure,
    Heading,
    Highlight,
    Kind,
    Link,
    Mark,
    ReportCell,
    ReportSheet,
)
from sync.account import BookLine, BookState, Overview, PlanBook
from sync.language import spoken
from sync.overview.cells import days_text

QUIET = timedelta(days=40)
"""A workbook that nobody has changed for longer than this is pointed out."""
NEVER_SEEN = "Aldrig set"
_HEADINGS = (
    Heading("Regneark", width=34),
    Heading("Plan-id", width=14),
    Heading("Område", width=16),
    Heading("Tilstand", width=22),
    Heading("Forklaring", width=46),
    Heading("Sidst ændret", Kind.DATE, 12),
    Heading("Rørt", width=21),
    Heading("Sidst kontrolleret", width=18),
    Heading("Indsatser læst", Kind.COUNT, 10.5),
    Heading("Indsatser i overblikket", Kind.COUNT, 12),
    Heading("Fejl", Kind.COUNT, 7),
    Heading("Advarsler", Kind.COUNT, 11),
    Heading("Info", Kind.COUNT, 7),
)
_LINE = (
    "Her står også dem, der ikke kunne læses, blev sprunget over eller mangler. Hver indsats, "
    "der er læst, står i overblikket."
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
    shown: Mapping[str, Mapping[str, int]],
    parameters: Parameters,
    today: date,
) -> ReportSheet:
    """The tab. `shown` are, for each tab, rows of the overview by their workbook's path."""
    read = {book.workbook.path: book for _, book in overview.plan_books}
    activities = shown["Indsatser"]
    rows = [_book_row(line, read.get(line.path), activities, today) for line in overview.books]
    rows += list(_never_seen(overview))
    words = [row[3] for row in rows]
    areas = {line.area for line in overview.books}
    without = [area.name for area in parameters.areas if area.name not in areas]
    checked = {BookState.CHECKED, BookState.NOT_WRITTEN}
    quiet = sum(1 for row in rows if str(row[6]).startswith(_QUIET_WORD))
    lost = sum(1 for word in words if word in {BookState.MISSING, NEVER_SEEN})
    bad = sum(1 for word in words if word == BookState.UNREADABLE)
    return ReportSheet(
        "Regneark",
        "Alle regneark i kontrollen",
        _LINE + (f" Uden regneark: {spoken().listed(without)}." if without else ""),
        _HEADINGS,
        rows,
        highlights=(
            *(Highlight(mark, word, 3, 3) for word, mark in _marks()),
            Highlight(Mark.WATCH, _QUIET_WORD, 6, 6),
        ),
        figures=(
            Figure("Regneark", len(rows)),
            Figure("Kontrolleret", sum(1 for word in words if word in checked)),
            Figure("Kan ikke læses", bad, mark=Mark.BAD if bad else Mark.GOOD),
            Figure("Mangler", lost, mark=Mark.BAD if lost else Mark.GOOD),
            Figure("Områder uden regneark", len(without), mark=_watch(len(without))),
            Figure("Ikke rørt i 40 dage", quiet, mark=_watch(quiet)),
        ),
    )


_QUIET_WORD = "ikke i"


def _marks() -> Iterator[tuple[str, Mark]]:
    """The longer words first: one of them begins another."""
    for word in sorted(_MARKS, key=len, reverse=True):
        yield str(word), _MARKS[word]


def _watch(count: int) -> Mark:
    return Mark.WATCH if count else Mark.GOOD


def _book_row(
    line: BookLine, book: PlanBook | None, shown: Mapping[str, int], today: date
) -> list[ReportCell]:
    in_this_run = line.state not in {BookState.SKIPPED, BookState.MISSING}
    checked = spoken().day(line.checked_at) if line.checked_at else "aldrig"
    counts: Sequence[ReportCell] = [None] * 3
    if line.counts is not None:
        counts = [line.counts.get(severity, 0) for severity in Severity]
    changed_on = line.changed_at.date() if line.changed_at else None
    return [
        Link(line.path, line.address) if line.address else line.path,
        line.plan_id or "",
        line.area or "",
        str(line.state),
        line.reason,
        changed_on,
        _touched(changed_on, today) if line.state is not BookState.MISSING else "",
        "ved denne kontrol" if in_this_run else checked,
        len(book.workbook.activities) if book else None,
        shown.get(line.path, 0) if book else None,
        *counts,
    ]


def _touched(changed_on: date | None, today: date) -> str:
    if changed_on is None:
        return ""
    days = (today - changed_on).days
    if days > QUIET.days:
        return f"{_QUIET_WORD} {days_text(days)}"
    return "i dag" if days <= 0 else f"for {days_text(days)} siden"


def _never_seen(overview: Overview) -> Iterator[list[ReportCell]]:
    """Plans that are expected, without any workbook."""
    plans = {name_key(line.plan_id or "") for line in overview.books}
    blank: list[ReportCell] = [None, "", "", None, None, None, None, None]
    for plan_id in overview.expected:
        if name_key(plan_id) not in plans:
            reason = "Planen er ventet, men intet regneark har dens Plan-id."
            yield ["", plan_id, "", NEVER_SEEN, reason, *blank]
