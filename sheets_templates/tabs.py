"""The visible tabs of a plan workbook: the form, the tables, and the tab that the job fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rules.tables import (
    CONTROL_HEADER,
    PLAN,
    PLAN_FIELD,
    PLAN_VALUE,
    WARNINGS_TAB,
    Column,
    Kind,
    Table,
)
from sheets_templates.draft import Draft, Entry
from sheets_templates.highlights import (
    highlight_by_worst,
    highlight_control,
    highlight_named_columns,
)
from sheets_templates.lists import Lists
from sheets_templates.sheet_page import (
    FIRST_ROW,
    HEADER_ROW,
    LAST_FORMATTED_ROW,
    freeze,
    head,
    set_up_print,
    shape_column,
)
from sheets_templates.styles import (
    AMOUNT,
    DATE,
    GRID,
    HEADER,
    HEADER_LIGHT,
    HEADING_RIGHT,
    LINK,
    NUMBER,
    PLAIN,
    SIGNALS,
    TABLE_TEXT,
    Colour,
    Look,
    TabColour,
    fill,
    font,
)
from sheets_templates.validations import add_hint, add_validation, add_year_validation

CONTROL_WIDTH = 56
LOOKS = {kind: replace(look, border=GRID) for kind, look in (
    (Kind.TEXT, TABLE_TEXT), (Kind.EMAIL, TABLE_TEXT), (Kind.CHOICE, TABLE_TEXT),
    (Kind.DATE, DATE), (Kind.AMOUNT, AMOUNT), (Kind.NUMBER, NUMBER),
)}  # fmt: skip
"""How the cells of a column of each kind look."""

_WIDTHS = {
    "number": 7, "activity_number": 12, "status": 16, "form": 14, "commitment": 11,
    "participants": 20, "minutes": 30, "effort_area": 37, "activity": 27, "target_group": 17,
    "responsible": 17, "lessons": 32, "source": 28, "type": 19, "remark": 30, "step": 19,
    "body": 34, "decision": 15, "decided_on": 17, "case_number": 12, "name": 24, "role": 26,
    "weekly_hours": 14, "email": 34, "milestone": 38, "result": 32, "party": 23,
}  # fmt: skip
_WIDTH_BY_KIND = {Kind.DATE: 13, Kind.AMOUNT: 15}
_LEGEND = "Kolonner med mørkeblå overskrift skal udfyldes."
_FORM_LEGEND = "Felter med fed skrift skal udfyldes."

_WARNING_COLUMNS = (
    ("Alvor", 12), ("Kode", 10), ("Fane", 16), ("Celle", 9), ("Felt", 22), ("Besked", 60),
    ("Sådan retter du", 52), ("Først set", 20),
)  # fmt: skip
_LINK_COLUMN = "Celle"
NOT_CHECKED = "Regnearket er ikke kontrolleret endnu."


def width_of(column: Column) -> float:
    """How wide the column is, in characters."""
    return _WIDTHS.get(column.key) or _WIDTH_BY_KIND.get(column.kind, 18)


def add_form(draft: Draft, values: Mapping[str, Entry], lists: Lists) -> dict[str, int]:
    """Append the form, filled in by field key; gives each field's row."""
    sheet = draft.add(PLAN.tab, TabColour.STAFF)
    head(draft, sheet, "Helhedsplan", f"{PLAN.purpose} {_FORM_LEGEND}")
    headers = (PLAN_FIELD.header, PLAN_VALUE.header, CONTROL_HEADER)
    for number, (header, width) in enumerate(zip(headers, (30, 52, CONTROL_WIDTH), strict=True), 1):
        shape_column(sheet, number, width, PLAIN)
        draft.put(sheet, HEADER_ROW, number, header, HEADER if number < 3 else HEADER_LIGHT)
    rows = {column.key: row for row, column in enumerate(PLAN.columns, FIRST_ROW)}
    for column in PLAN.columns:
        ink = font(Colour.INK, bold=column.required)
        label = replace(TABLE_TEXT, font=ink, fill=fill(Colour.PAPER))
        draft.put(sheet, rows[column.key], 1, column.header, label)
        draft.put(sheet, rows[column.key], 2, values.get(column.key), LOOKS[column.kind])
        draft.put(sheet, rows[column.key], 3, None, LOOKS[Kind.TEXT])
        add_validation(sheet, f"B{rows[column.key]}", column, lists)
    _finish_form(draft, sheet, max(rows.values()))
    return rows


def _finish_form(draft: Draft, sheet: Worksheet, last: int) -> None:
    first_control = f"$C{FIRST_ROW}"
    highlight_by_worst(sheet, f"B{FIRST_ROW}:B{last}", first_control)
    highlight_control(sheet, f"C{FIRST_ROW}:C{last}", first_control)
    draft.allow_numbers_as_text(sheet, f"A{FIRST_ROW}:B{last}")
    freeze(sheet)
    set_up_print(sheet)


def add_table(draft: Draft, table: Table, lists: Lists, years: Sequence[int]) -> Worksheet:
    """Append a table without rows; its years, if it has any, stand before the column I alt."""
    sheet = draft.add(table.tab, TabColour.STAFF)
    head(draft, sheet, table.tab, f"{table.purpose} {_LEGEND}")
    numbers = column_numbers(table, years)
    for column in table.columns:
        number = numbers[column.header]
        shape_column(sheet, number, width_of(column), LOOKS[column.kind])
        draft.put(sheet, HEADER_ROW, number, column.header, _header_look(column))
        if column.kind in {Kind.TEXT, Kind.EMAIL}:
            add_hint(sheet, f"{get_column_letter(number)}{HEADER_ROW}", column)
        else:
            add_validation(sheet, _down(number), column, lists)
    if table.has_years:
        _add_years(draft, sheet, {year: numbers[str(year)] for year in years})
    _add_control(draft, sheet, numbers[CONTROL_HEADER])
    freeze(sheet, columns=1)
    set_up_print(sheet)
    return sheet


def _header_look(column: Column) -> Look:
    look = HEADER if column.required else HEADER_LIGHT
    if column.kind in {Kind.AMOUNT, Kind.NUMBER}:
        return replace(look, alignment=HEADING_RIGHT)
    return look


def _add_years(draft: Draft, sheet: Worksheet, numbers: Mapping[int, int]) -> None:
    for year, number in numbers.items():
        shape_column(sheet, number, _WIDTH_BY_KIND[Kind.AMOUNT], LOOKS[Kind.AMOUNT])
        draft.put(sheet, HEADER_ROW, number, year, replace(HEADER, alignment=HEADING_RIGHT))
        add_year_validation(sheet, _down(number))


def _add_control(draft: Draft, sheet: Worksheet, number: int) -> None:
    """Add the column Kontrol, and the formats that show in the row what it says."""
    shape_column(sheet, number, CONTROL_WIDTH, LOOKS[Kind.TEXT])
    draft.put(sheet, HEADER_ROW, number, CONTROL_HEADER, HEADER_LIGHT)
    letter, last = get_column_letter(number), get_column_letter(number - 1)
    named = f"A{FIRST_ROW}:{last}{LAST_FORMATTED_ROW}"
    highlight_named_columns(sheet, named, HEADER_ROW, letter)
    highlight_control(sheet, _down(number), f"${letter}{FIRST_ROW}")
    draft.allow_numbers_as_text(sheet, named)


def column_numbers(table: Table, years: Sequence[int]) -> dict[str, int]:
    """Where each header of the table stands, Kontrol last; a year is called by its digits."""
    headers = [column.header for column in table.columns]
    if table.has_years:
        at = headers.index(table.column("total_oere").header)
        headers[at:at] = [str(year) for year in years]
    return {header: number for number, header in enumerate([*headers, CONTROL_HEADER], 1)}


def looks_by_number(table: Table, years: Sequence[int]) -> dict[int, Look]:
    """How each of the table's columns looks, Kontrol included."""
    looks = {column.header: LOOKS[column.kind] for column in table.columns}
    looks |= {str(year): LOOKS[Kind.AMOUNT] for year in years}
    looks[CONTROL_HEADER] = LOOKS[Kind.TEXT]
    return {number: looks[header] for header, number in column_numbers(table, years).items()}


def add_warnings(draft: Draft) -> None:
    """Append the empty tab that the job fills; it keeps these columns' looks and widths."""
    sheet = draft.add(WARNINGS_TAB, TabColour.JOB)
    head(draft, sheet, NOT_CHECKED, "", Look(font(Colour.INK, bold=True, size=12)))
    for number, (header, width) in enumerate(_WARNING_COLUMNS, 1):
        look = LINK if header == _LINK_COLUMN else TABLE_TEXT
        shape_column(sheet, number, width, look)
        draft.put(sheet, HEADER_ROW, number, header, HEADER_LIGHT)
    area = f"A{FIRST_ROW}:A{4 * LAST_FORMATTED_ROW}"
    for signal in SIGNALS:
        sheet.conditional_formatting.add(area, signal.rule(f'$A{FIRST_ROW}="{signal.word}"'))
    freeze(sheet)
    set_up_print(sheet)


def _down(number: int) -> str:
    letter = get_column_letter(number)
    return f"{letter}{FIRST_ROW}:{letter}{LAST_FORMATTED_ROW}"
