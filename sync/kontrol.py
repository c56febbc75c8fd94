"""What the job's own places in a workbook should show: the columns Kontrol, the tab Advarsler.

Pure. The page's first line holds the time of the check; it alone is no reason to write again.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules import danish
from rules.catalogue import Notice
from rules.cells import RawWorkbook, cell_text
from rules.danish import name_key
from rules.finding import Severity
from rules.language import N_, Language
from rules.plan import TabLayout, Workbook
from rules.tables import WARNINGS_TAB
from sync.language import _, languages, plural, spoken
from sync.waivers import Waiver
from sync.xlsx.text import FORMULA_STARTS

FINE = "OK"
ACCEPTED = N_("accepteret")
"""Stands in the place of a severity where the secretariat has accepted a finding."""
_PAGE_HEADERS = (
    N_("Alvor"), N_("Kode"), N_("Fane"), N_("Celle"), N_("Felt"), N_("Besked"),
    N_("Sådan retter du"), N_("Først set"),
)  # fmt: skip
PAGE_COLUMNS = len(_PAGE_HEADERS)
LINK_COLUMN = 3
"""Of the columns of the tab Advarsler the one with links, from 0."""
HEADER_ROW = 3
FIRST_ROW = 4
_SEPARATOR = " · "


def page_headers(language: Language | None = None) -> tuple[str, ...]:
    """The headers of the tab Advarsler, in the language that is spoken or in another one."""
    return tuple(map((language or spoken()).text, _PAGE_HEADERS))


@dataclass(frozen=True, slots=True)
class ControlColumn:
    """What the column Kontrol of one tab shows: a text for every row that holds something."""

    tab: str
    column: int
    header_row: int
    is_new: bool
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class PageRow:
    """One line of the tab Advarsler. `link` is the tab and cell that it points at."""

    cells: tuple[str, ...]
    link: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Owned:
    """Everything that the job shows in one workbook."""

    columns: tuple[ControlColumn, ...]
    summary: str
    rows: tuple[PageRow, ...]

    def digest(self) -> str:
        """What tells this from other contents; the time of the check does not count."""
        texts = {c.tab: dict(c.texts) for c in self.columns}
        rows: dict[int, tuple[str, ...]] = {HEADER_ROW: page_headers()}
        rows |= {n: row.cells for n, row in enumerate(self.rows, FIRST_ROW)}
        return _digest(texts, without_time(self.summary), rows)


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as it is shown: since when it has been seen, and by which waiver it is accepted."""

    notice: Notice
    first_seen: date
    waiver: Waiver | None = None

    @property
    def rank(self) -> int:
        """0 for the worst; what is accepted comes last."""
        return len(Severity) if self.waiver else self.notice.severity.rank


def owned_by_job(workbook: Workbook, shown: Sequence[Shown], checked_at: datetime) -> Owned:
    """What the workbook should show of these notices, which are in sheet order."""
    worst_first = sorted(shown, key=lambda one: one.rank)
    columns = tuple(
        _column(layouts, [one for one in worst_first if one.notice.tab == layouts[0].name])
        for layouts in _by_tab(workbook)
    )
    rows = tuple(_page_row(one, workbook.tabs) for one in worst_first)
    return Owned(columns, _summary(workbook, shown, checked_at), rows)


def told_of_unreadable(shown: Sequence[Shown], checked_at: datetime) -> Owned:
    """What is to be told of a workbook that cannot be read."""
    summary = _SEPARATOR.join([_moment(checked_at), _("Regnearket kan ikke læses")])
    return Owned((), summary, tuple(_page_row(one, ()) for one in shown))


def _by_tab(workbook: Workbook) -> list[list[TabLayout]]:
    """The tables of each tab, the uppermost first; a form without a row above has no Kontrol."""
    tabs: dict[str, list[TabLayout]] = defaultdict(list)
    for layout in workbook.layouts.values():
        if layout.header_row > 0:
            tabs[layout.name].append(layout)
    return [sorted(layouts, key=lambda layout: layout.header_row) for layouts in tabs.values()]


def _column(layouts: Sequence[TabLayout], worst_first: Iterable[Shown]) -> ControlColumn:
    """The one column Kontrol of a tab, whose tables may be several."""
    layout = layouts[0]
    lines: dict[int, list[str]] = defaultdict(list)
    for one in worst_first:
        if one.notice.row is not None:
            lines[one.notice.row].append(control_line(one))
    texts = {
        row: "\n".join(lines[row]) if row in lines else FINE
        for one in layouts
        for row in one.filled_rows
    }
    return ControlColumn(
        tab=layout.name,
        column=layout.control_column or layout.free_column,
        header_row=layout.header_row,
        is_new=layout.control_column is None,
        texts=texts,
    )


def control_line(shown: Shown) -> str:
    """A finding as it stands in the column Kontrol."""
    notice = shown.notice
    subject = f" {notice.column}" if notice.column else ""
    if shown.waiver:
        word, message = _(ACCEPTED), f"{notice.message} {shown.waiver.sentence}"
    else:
        word, message = _(notice.severity), notice.message
    return f"{word.upper()}{subject}: {message} ({notice.code})"


def is_control_text(text: str) -> bool:
    """Whether a text is one that the job writes into the column Kontrol, and not somebody's own.

    In whatever language it was written: the one that is spoken may have been another before.
    """
    words = tuple(one.text(w).upper() for one in languages() for w in (*Severity, ACCEPTED))
    return text == FINE or all(line.startswith(words) for line in text.splitlines())


def _page_row(shown: Shown, tabs: Sequence[str]) -> PageRow:
    notice = shown.notice
    cells = (
        _(ACCEPTED if shown.waiver else notice.severity).capitalize(),
        notice.code,
        _harmless(danish.quoted(notice.tab or "")),
        notice.cell or "",
        notice.column or "",
        notice.message,
        shown.waiver.sentence if shown.waiver else notice.fix,
        f"{shown.first_seen:%d-%m-%Y}",
    )
    link = (notice.tab, notice.cell) if notice.tab in tabs and notice.tab and notice.cell else None
    return PageRow(cells, link)


def _harmless(text: str) -> str:
    """A text that a spreadsheet never takes for a formula when someone edits its cell."""
    return spoken().quote(text) if text.startswith(FORMULA_STARTS) else text


def _summary(workbook: Workbook, shown: Sequence[Shown], checked_at: datetime) -> str:
    plan = danish.quoted(workbook.form.plan_id or _("uden Plan-id"))
    counts = Counter(one.notice.severity for one in shown if not one.waiver)
    accepted = sum(1 for one in shown if one.waiver)
    parts = [_moment(checked_at), _("Plan {plan}").format(plan=plan), counted(counts)]
    told = _("{count} accepteret").format(count=accepted)
    return _SEPARATOR.join([*parts, told] if accepted else parts)


def _moment(checked_at: datetime) -> str:
    return _("Kontrolleret {moment}").format(moment=spoken().moment(checked_at))


def counted(counts: Mapping[Severity, int]) -> str:
    """How many of each: `2 fejl, 1 advarsel og 0 info`."""
    errors, warnings, infos = (counts.get(severity, 0) for severity in Severity)
    return spoken().listed(
        (
            plural("{count} fejl", "{count} fejl", errors),
            plural("{count} advarsel", "{count} advarsler", warnings),
            plural("{count} info", "{count} info", infos),
        )
    )


def standing_digest(raw: RawWorkbook, workbook: Workbook) -> str:
    """A digest of what stands in the job's places now, comparable with `Owned.digest`."""
    tabs = {tab.name: tab for tab in raw.tabs}
    texts: dict[str, dict[int, str]] = {}
    for layout, *_others in _by_tab(workbook):
        if layout.control_column is None:
            continue
        number = layout.control_column
        texts[layout.name] = {
            row: text
            for row, cells in tabs[layout.name].rows
            if row > layout.header_row and len(cells) >= number
            if (text := _tidy(cell_text(cells[number - 1])))
        }
    page = next((t for t in raw.tabs if name_key(t.name) == name_key(WARNINGS_TAB)), None)
    rows: dict[int, tuple[str, ...]] = {}
    summary = ""
    for row, cells in page.rows if page else ():
        shown = tuple(_tidy(cell_text(cell)) for cell in cells)
        if row == 1:
            summary = shown[0]
        else:
            rows[row] = shown[:PAGE_COLUMNS]
    return _digest(texts, without_time(summary), rows)


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_time(summary: str) -> str:
    """A summary without the time of the check, which alone is no reason to write."""
    return summary.partition(_SEPARATOR)[2]


def _digest(
    texts: Mapping[str, Mapping[int, str]], summary: str, rows: Mapping[int, Sequence[str]]
) -> str:
    digest = hashlib.blake2b(summary.encode(), digest_size=16)
    for tab in sorted(texts):
        digest.update(f"\x1e{tab}".encode())
        for row, text in sorted(texts[tab].items()):
            digest.update(f"\x1d{row}\x1f{text}".encode())
    for row, cells in sorted(rows.items()):
        shown = "\x1f".join(cells).rstrip("\x1f")
        digest.update(f"\x1c{row}\x1f{shown}".encode())
    return digest.hexdigest()
