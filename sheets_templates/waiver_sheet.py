"""The workbook in which the secretariat accepts warnings: empty, made once, theirs from then on."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from rules.parameters import Parameters
from rules.tables import Column, Kind
from sheets_templates.draft import Draft
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
from sheets_templates.styles import DATE, HEADER, HEADER_LIGHT, TEXT, TabColour
from sheets_templates.validations import add_validation

TAB = "Undtagelser"
TITLE = "Undtagelser: det, som sekretariatet har accepteret"
LINE = (
    "En linje for hvert fund. Skriv Plan-id, Kode, Fane og Sted, som de står i overblikkets fane "
    "Advarsler. Kontrollen læser linjerne og skriver aldrig her."
)
COLUMNS = (
    Column("plan_id", "Plan-id", required=True, hint="Planens Plan-id, for eksempel VAP-2024."),
    Column("code", "Kode", required=True, hint="Reglens kode, for eksempel FIN-08."),
    Column(
        "workbook",
        "Regneark",
        hint="Kun nødvendigt, når planen har flere regneark. Navnet, som det står i overblikket.",
    ),
    Column("tab", "Fane", hint="Fanen, for eksempel Finansiering. Må være tom."),
    Column(
        "spot",
        "Sted",
        hint="Cellen, for eksempel F7, eller rækkens nummer eller navn. Må være tom, når planen "
        "kun har ét fund med den kode.",
    ),
    Column(
        "reason",
        "Begrundelse",
        required=True,
        hint="Hvorfor det er i orden. Den kan læses i planens regneark.",
    ),
    Column("by", "Accepteret af", required=True, hint="Hvem der har accepteret det."),
    Column(
        "until",
        "Til og med",
        Kind.DATE,
        required=True,
        hint="Den sidste dag, det gælder. Derefter står fundet der igen.",
    ),
)
"""The columns; a finding is accepted by a line that has all the required ones."""
_WIDTHS = {
    "plan_id": 14, "code": 10, "workbook": 24, "tab": 16, "spot": 18, "reason": 56, "by": 20,
    "until": 13,
}  # fmt: skip


def waiver_workbook(parameters: Parameters) -> bytes:
    """An empty workbook for waivers, as an .xlsx file."""
    draft, lists = Draft(), Lists(parameters)
    sheet = draft.add(TAB, TabColour.STAFF)
    head(draft, sheet, TITLE, LINE)
    for number, column in enumerate(COLUMNS, 1):
        look = DATE if column.kind is Kind.DATE else TEXT
        shape_column(sheet, number, _WIDTHS[column.key], look)
        draft.put(
            sheet, HEADER_ROW, number, column.header, HEADER if column.required else HEADER_LIGHT
        )
        letter = get_column_letter(number)
        add_validation(sheet, f"{letter}{FIRST_ROW}:{letter}{LAST_FORMATTED_ROW}", column, lists)
    freeze(sheet)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(COLUMNS))}{HEADER_ROW}"
    set_up_print(sheet)
    return draft.finished(TAB)
