"""What the columns Kontrol, the tab Advarsler and a side workbook should show.

Pure. The tab's first line holds the time of the check; it alone is no reason to write again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rules.model.cells import RawWorkbook, cell_text
from rules.model.finding import LEFT_OUT, Notice, Severity
from rules.model.plan import TabLayout, Workbook
from rules.model.tables import WARNINGS_COLUMNS
from rules.text.job_texts import COMMENT, FINE, is_control_text
from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.findings.comment_lines import PlacedComment
from sync.findings.owned import (
    _SEPARATOR,
    ACCEPTED,
    ControlColumn,
    Owned,
    SideSheet,
    WarningsRow,
    _digest,
    without_time,
)
from sync.findings.waiver_lines import Waiver
from sync.i18n.language import _, plural, spoken
from sync.xlsx.errors import Reason
from sync.xlsx.text import FORMULA_STARTS

_UNTIL = N_("Filen her forsvinder af sig selv, når det er gjort. Skriv ikke i den.")


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


def owned_by_job(
    workbook: Workbook,
    shown: Sequence[Shown],
    checked_at: datetime,
    comments: Sequence[PlacedComment] = (),
) -> Owned:
    """What the workbook should show of these notices, which are in sheet order, and of comments."""
    worst_first = sorted(shown, key=lambda one: one.rank)
    # Where findings are left out, nobody knows that a row without one is in order.
    otherwise = "" if any(one.notice.code == LEFT_OUT for one in shown) else FINE
    by_tab: dict[str | None, list[Shown]] = defaultdict(list)
    for one in worst_first:
        by_tab[one.notice.tab].append(one)
    columns = [
        _column(layouts, by_tab[layouts[0].name], comments, otherwise)
        for layouts in _by_tab(workbook)
    ]
    columns += [
        ControlColumn(
            one.name, one.control_column, one.header_row, is_new=False, texts={},
            header=one.control_header, is_former=True,
        )
        for one in workbook.former_tabs
    ]  # fmt: skip
    rows = (
        *(_comment_row(one, workbook.tabs) for one in comments),
        *(_warnings_row(one, workbook.tabs) for one in worst_first),
    )
    summary = _summary(workbook, shown, checked_at)
    return Owned(tuple(columns), summary, rows, workbook.warnings_tab)


def unwritable(path: str, problem: str, owned: Owned) -> SideSheet:
    """What the side workbook says of one that can be read, but not be written into."""
    reason = _("Kontrollen kan ikke skrive i {file}.").format(file=_named(path))
    return SideSheet(f"{reason} {problem} {_(_UNTIL)}", owned)


def without_page(path: str, owned: Owned) -> SideSheet:
    """What the side workbook says of one to which no tab can be added: all but its columns."""
    reason = _("Kontrollen kan ikke tilføje en fane i {file}.").format(file=_named(path))
    problem = _(Reason.STRUCTURE_LOCKED.value)
    return SideSheet(f"{reason} {problem} {_(_UNTIL)}", replace(owned, columns=()))


def unreadable(path: str, found: Shown, checked_at: datetime) -> SideSheet:
    """What the side workbook says of one that cannot be read."""
    notice = found.notice
    reason = _("Kontrollen kan ikke læse {file}.").format(file=_named(path))
    problem = f"{reason} {notice.message} {notice.fix} {_(_UNTIL)}"
    summary = _SEPARATOR.join([_moment(checked_at), _("Regnearket kan ikke læses")])
    return SideSheet(problem, Owned((), summary, (_warnings_row(found, ()),)))


def _named(path: str) -> str:
    return spoken().quote(quoted(path.rpartition("/")[2]))


def _by_tab(workbook: Workbook) -> list[list[TabLayout]]:
    """The tables of each tab, the uppermost first; a form without a row above has no Kontrol."""
    tabs: dict[str, list[TabLayout]] = defaultdict(list)
    for layout in workbook.layouts.values():
        if layout.header_row > 0:
            tabs[layout.name].append(layout)
    return [sorted(layouts, key=lambda layout: layout.header_row) for layouts in tabs.values()]


def _column(
    layouts: Sequence[TabLayout],
    worst_first: Iterable[Shown],
    comments: Sequence[PlacedComment],
    otherwise: str,
) -> ControlColumn:
    """The one column Kontrol of a tab, whose tables may be several."""
    layout = layouts[0]
    lines: dict[int, list[str]] = defaultdict(list)
    for one in worst_first:
        if one.notice.row is not None:
            lines[one.notice.row].append(control_line(one))
    texts = {
        row: "\n".join(lines[row]) if row in lines else otherwise
        for one in layouts
        for row in one.filled_rows
        if row in lines or otherwise
    }
    # A row that nobody has written in is not OK, but may have a finding: a report that is overdue.
    found = {row for one in layouts for row in one.prefilled_rows} & lines.keys()
    texts |= {row: "\n".join(lines[row]) for row in found}
    rows = {row for one in layouts for row in (*one.filled_rows, *one.prefilled_rows)}
    for comment, place in comments:
        if place.tab == layout.name and place.row in rows:
            above = texts.get(place.row, "")
            texts[place.row] = f"{above}\n{COMMENT}{comment.sentence}".lstrip("\n")
    return ControlColumn(
        tab=layout.name,
        column=layout.control_column or layout.free_column,
        header_row=layout.header_row,
        is_new=layout.control_column is None,
        texts=texts,
        header=layout.control_header,
    )


def control_line(shown: Shown) -> str:
    """A finding as it stands in the column Kontrol.

    One about several columns has a line for each, since the template colours what is named.
    """
    notice = shown.notice
    subject = f" {notice.column}" if notice.column else ""
    if shown.waiver:
        word, message = _(ACCEPTED), f"{notice.message} {shown.waiver.sentence}"
    else:
        word, message = _(notice.severity), notice.message
    first = f"{word.upper()}{subject}: {message} ({notice.code})"
    others = (column for column in notice.columns if column != notice.column)
    return "\n".join([first, *(f"{word.upper()} {other}: ({notice.code})" for other in others)])


def _comment_row(one: PlacedComment, tabs: Sequence[str]) -> WarningsRow:
    """A comment in the tab Advarsler."""
    comment, place = one
    cells = (
        _("Bemærk"),
        "",
        _harmless(quoted(place.tab or "")),
        place.cell or "",
        quoted(place.header or ""),
        f"{COMMENT}{comment.sentence}",
        _("Svar sekretariatet. Bemærkningen forsvinder, når de har skrevet, at den er løst."),
        f"{comment.on:%d-%m-%Y}" if comment.on else "",
    )
    return WarningsRow(cells, _link(place.tab, place.cell, tabs))


def _link(tab: str | None, cell: str | None, tabs: Sequence[str]) -> tuple[str, str] | None:
    return (tab, cell) if tab in tabs and tab and cell else None


def _warnings_row(shown: Shown, tabs: Sequence[str]) -> WarningsRow:
    notice = shown.notice
    cells = (
        _(ACCEPTED if shown.waiver else notice.severity).capitalize(),
        notice.code,
        _harmless(quoted(notice.tab or "")),
        notice.cell or "",
        notice.column or "",
        notice.message,
        shown.waiver.sentence if shown.waiver else notice.fix,
        f"{shown.first_seen:%d-%m-%Y}",
    )
    return WarningsRow(cells, _link(notice.tab, notice.cell, tabs))


def _harmless(text: str) -> str:
    """A text that a spreadsheet never takes for a formula when someone edits its cell."""
    return spoken().quote(text) if text.startswith(FORMULA_STARTS) else text


def _summary(workbook: Workbook, shown: Sequence[Shown], checked_at: datetime) -> str:
    plan = quoted(workbook.form.plan_id or _("uden Plan-id"))
    counts = Counter(one.notice.severity for one in shown if not one.waiver)
    accepted = sum(1 for one in shown if one.waiver)
    parts = [_moment(checked_at), _("Plan {plan}").format(plan=plan), counted(counts)]
    with_accepted = plural("{count} accepteret", "{count} accepterede", accepted)
    return _SEPARATOR.join([*parts, with_accepted] if accepted else parts)


def _moment(checked_at: datetime) -> str:
    return _("Kontrolleret {moment}").format(moment=spoken().moment(checked_at))


def standing_digest(raw: RawWorkbook, workbook: Workbook) -> str:
    """A digest of what stands in the job's places now, comparable with `Owned.digest`.

    What somebody noted in a column Kontrol beside the rows that it answers is left out.
    """
    tabs = {tab.name: tab for tab in raw.tabs}
    texts: dict[str, dict[int, str]] = {}
    for layouts in _by_tab(workbook):
        layout, number = layouts[0], layouts[0].control_column
        if number is None:
            continue
        answered = {row for one in layouts for row in (*one.filled_rows, *one.prefilled_rows)}
        texts[layout.name] = {
            row: text
            for row, cells in tabs[layout.name].rows
            if row > layout.header_row and len(cells) >= number
            if (text := _tidy(cell_text(cells[number - 1])))
            if row in answered or is_control_text(text)
        }
    texts |= {one.name: {one.header_row: one.control_header} for one in workbook.former_tabs}
    warnings = tabs.get(workbook.warnings_tab)
    rows: dict[int, tuple[str, ...]] = {}
    summary = ""
    for row, cells in warnings.rows if warnings else ():
        shown = tuple(_tidy(cell_text(cell)) for cell in cells)
        if row == 1:
            summary = shown[0]
        else:
            rows[row] = shown[: len(WARNINGS_COLUMNS)]
    return _digest(texts, without_time(summary), rows)


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def counted(counts: Mapping[Severity, int]) -> str:
    """How many of each: `2 fejl, 1 advarsel og 0 info`."""
    return spoken().listed(_counts(counts))


def in_short(counts: Mapping[Severity, int]) -> str:
    """How many of each within an English line: `2 fejl, 1 advarsel, 0 info`."""
    return ", ".join(_counts(counts))


def _counts(counts: Mapping[Severity, int]) -> tuple[str, ...]:
    errors, warnings, infos = (counts.get(severity, 0) for severity in Severity)
    return (
        plural("{count} fejl", "{count} fejl", errors),
        plural("{count} advarsel", "{count} advarsler", warnings),
        plural("{count} info", "{count} info", infos),
    )
