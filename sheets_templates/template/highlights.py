"""Highlights: cells that the row's Kontrol names, and dates that have passed.

The job writes Kontrol and never a colour. A line in it reads `FEJL Budget: … (CEL-02)`, the worst
line first; so the severities are looked for in that order, and the first that is found wins.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.model.finding import Severity
from rules.model.tables import ACTIVITIES, MILESTONES, ActivityStatus, MilestoneStatus, Table
from rules.text.cell_names import column_letters
from rules.text.language import Language
from sheets_templates.drawing.design import CellRange, ConditionalFormat
from sheets_templates.drawing.marks import Signal
from sheets_templates.template.layout import FIRST_ROW, down, number_of

_SIGNALS = {
    Severity.ERROR: Signal.ERROR,
    Severity.WARNING: Signal.WARNING,
    Severity.INFO: Signal.INFO,
}
FINE = "OK"
_DUE = {
    ACTIVITIES.key: ("ends_on", (ActivityStatus.PLANNED, ActivityStatus.RUNNING)),
    MILESTONES.key: ("due_on", (MilestoneStatus.PLANNED, MilestoneStatus.RUNNING)),
}
"""For a tab the date that must not pass while the Status is one of these."""


def severity_signals(language: Language) -> dict[str, Signal]:
    """The words that Kontrol begins a line with, worst first."""
    return {language.text(one).upper(): signal for one, signal in _SIGNALS.items()}


def named_in_kontrol(
    area: CellRange, header_row: int, control_column: int, language: Language
) -> Iterator[ConditionalFormat]:
    """The area's cells (from column A on) whose header the row's Kontrol names."""
    control = f"${column_letters(control_column)}{area.top}"
    for word, signal in severity_signals(language).items():
        named = f'"{word} "&A${header_row}&":"'
        yield ConditionalFormat(area, f"ISNUMBER(SEARCH({named},{control}))", signal)


def by_worst(
    area: CellRange, control_column: int, language: Language
) -> Iterator[ConditionalFormat]:
    """The area's cells by the worst line, which is the first, of the row's Kontrol."""
    control = f"${column_letters(control_column)}{area.top}"
    for word, signal in severity_signals(language).items():
        yield ConditionalFormat(area, f'LEFT({control},{len(word)})="{word}"', signal)


def kontrol_itself(area: CellRange, language: Language) -> Iterator[ConditionalFormat]:
    """The column Kontrol; `OK` is quiet."""
    control = f"${column_letters(area.left)}{area.top}"
    yield ConditionalFormat(area, f'{control}="{FINE}"', Signal.FINE)
    yield from by_worst(area, area.left, language)


def overdue(table: Table) -> Iterator[ConditionalFormat]:
    """A date that has passed although the row is not finished."""
    if table.key not in _DUE:
        return
    key, statuses = _DUE[table.key]
    date_at, status_at = number_of(table, key), number_of(table, "status")
    day, status = (f"${column_letters(at)}{FIRST_ROW}" for at in (date_at, status_at))
    unfinished = ",".join(f'{status}="{each}"' for each in statuses)
    yield ConditionalFormat(
        down(date_at),
        f"AND(ISNUMBER({day}),{day}<TODAY(),OR({unfinished}))",
        Signal.OVERDUE,
    )
