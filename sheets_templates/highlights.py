"""Conditional formats: a cell is coloured while the row's Kontrol names its column.

The job writes Kontrol and never a colour. A line in it reads `FEJL Budget: … (CEL-02)`, the worst
line first; so the severities are looked for in that order, and the first that is found wins.
"""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates.styles import SIGNALS, Signal, quiet_rule


def highlight_named_columns(
    sheet: Worksheet, area: str, header_row: int, control_letter: str
) -> None:
    """Colour the area's cells (from column A on) whose header the row's Kontrol names."""
    row = header_row + 1
    for signal in SIGNALS:
        named = f'"{signal.word} "&A${header_row}&":"'
        sheet.conditional_formatting.add(
            area, signal.rule(f"ISNUMBER(SEARCH({named},${control_letter}{row}))")
        )


def highlight_by_worst(sheet: Worksheet, area: str, first_control: str) -> None:
    """Colour the area's cells by the worst line, which is the first, of the row's Kontrol."""
    for signal in SIGNALS:
        sheet.conditional_formatting.add(area, _begins_with(signal, first_control))


def highlight_control(sheet: Worksheet, area: str, first_control: str) -> None:
    """Colour Kontrol itself; `OK` is quiet."""
    sheet.conditional_formatting.add(area, quiet_rule(f'{first_control}="OK"'))
    highlight_by_worst(sheet, area, first_control)


def _begins_with(signal: Signal, place: str) -> Rule:
    return signal.rule(f'LEFT({place},{len(signal.word)})="{signal.word}"')
