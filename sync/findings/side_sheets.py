"""What stands in a side workbook: the findings of a workbook that cannot be written into.

Pure. Its first tab is the tab Advarsler as the workbook would have it, its second what the columns
Kontrol would say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from rules.model.tables import CONTROL_HEADER, WARNINGS_TAB
from rules.text.marking import N_
from rules.text.personal_numbers import masked
from rules.text.quoting import quoted
from sheets_templates.drawing.warnings_tab import LINK_AT, WARNINGS_COLUMNS
from sheets_templates.report.description import Heading, Link, ReportCell, ReportSheet, severities
from sync.findings.annotations import Shown, owned_of_unreadable
from sync.findings.owned import Owned, SideSheet, WarningsRow, without_time
from sync.i18n.language import _, spoken
from sync.xlsx.text import shown

_UNTIL = N_("Filen her forsvinder af sig selv, når det er gjort. Skriv ikke i den.")


def unwritable(path: str, problem: str, owned: Owned) -> SideSheet:
    """What the side workbook says of one that can be read, but not be written into."""
    reason = _("Kontrollen kan ikke skrive i {file}.").format(file=_named(path))
    return SideSheet(f"{reason} {problem} {_(_UNTIL)}", owned)


def unreadable(path: str, found: Shown, checked_at: datetime) -> SideSheet:
    """What the side workbook says of one that cannot be read."""
    notice = found.notice
    reason = _("Kontrollen kan ikke læse {file}.").format(file=_named(path))
    problem = f"{reason} {notice.message} {notice.fix} {_(_UNTIL)}"
    return SideSheet(problem, owned_of_unreadable([found], checked_at))


def _named(path: str) -> str:
    return spoken().quote(quoted(path.rpartition("/")[2]))


def report_sheets(name: str, side_sheet: SideSheet) -> tuple[ReportSheet, ...]:
    """The tabs of the side workbook of the workbook that is called `name` in the same folder."""
    address = quote(name)
    warnings = ReportSheet(
        WARNINGS_TAB,
        side_sheet.reason,
        side_sheet.owned.summary,
        tuple(Heading(column.header, width=column.width) for column in WARNINGS_COLUMNS),
        [_warnings_row(row, address) for row in side_sheet.owned.rows],
        highlights=severities(0),
    )
    warnings = replace(warnings.worded(spoken()), name=WARNINGS_TAB)
    lines = list(_control_rows(side_sheet.owned, address))
    if not lines:
        return (warnings,)
    control = ReportSheet(
        CONTROL_HEADER,
        "Det ville stå i kolonnen Kontrol",
        "Række for række. Klik på rækkens nummer for at åbne regnearket der.",
        (Heading("Fane", width=18), Heading("Række", width=9), Heading(CONTROL_HEADER, width=120)),
        lines,
    )
    return warnings, control.worded(spoken())


def _warnings_row(row: WarningsRow, address: str) -> list[ReportCell]:
    cells: list[ReportCell] = list(map(shown, row.cells))
    if row.link:
        tab, cell = row.link
        cells[LINK_AT] = _link(cell, address, tab, cell)
    return cells


def _control_rows(owned: Owned, address: str) -> Sequence[list[ReportCell]]:
    return [
        [
            shown(quoted(column.tab)),
            _link(str(row), address, column.tab, f"A{row}"),
            shown(text),
        ]
        for column in owned.columns
        for row, text in sorted(column.texts.items())
    ]


def _link(text: str, address: str, tab: str, cell: str) -> ReportCell:
    """What leads to the cell; only text where the tab's name would give away a CPR number."""
    if masked(tab) != tab:
        return text
    quoted = tab.replace("'", "''")
    return Link(text, address, f"'{quoted}'!{cell}")


def sheets_digest(sheets: Sequence[ReportSheet]) -> str:
    """What tells these sheets from others; the time of the check does not count."""
    digest = hashlib.blake2b(digest_size=16)
    for sheet in sheets:
        parts = (sheet.name, sheet.title, without_time(sheet.line), sheet.headings, sheet.rows)
        digest.update(repr(parts).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
