"""The workbook in which the secretariat accepts warnings: empty, made once, theirs from then on."""

from __future__ import annotations

from rules.model.parameters import Parameters
from rules.model.tables import HEADER_ROW, Column, Kind
from rules.text.cell_names import CellRange
from sheets_templates.drawing.design import DesignedColumn, StyleRole, TabDesign, WorkbookDesign
from sheets_templates.template.layout import LAST_FORMATTED_ROW, STYLES
from sheets_templates.template.lists import Lists
from sheets_templates.template.plan_tabs import HEIGHTS, head_cells, header_cell, validation_of

TAB = "Undtagelser"
COLUMNS = (
    Column("plan_id", "Plan-id", required=True, hint="Planens Plan-id, for eksempel VAP-2024."),
    Column("code", "Kode", required=True, hint="Reglens kode, for eksempel FIN-08."),
    Column("workbook", "Regneark",
           hint="Navnet, som det står i overblikket. Kun nødvendigt, når planen har flere "
           "regneark."),
    Column("tab", "Fane", hint="Fanen, for eksempel Finansiering. Må være tom."),
    Column("spot", "Sted",
           hint="Cellen, for eksempel F7, eller rækkens nummer eller navn. Må være tom, når planen "
           "kun har ét fund med den kode."),
    Column("reason", "Begrundelse", required=True,
           hint="Hvorfor det er i orden. Den kan læses i planens regneark."),
    Column("by", "Accepteret af", required=True, hint="Hvem der har accepteret det."),
    Column("until", "Til og med", Kind.DATE, required=True,
           hint="Den sidste dag, det gælder. Derefter står fundet der igen."),
)  # fmt: skip
"""The columns; a finding is accepted by a line that has all the required ones."""
_WIDTHS = {
    "plan_id": 14, "code": 10, "workbook": 24, "tab": 16, "spot": 18, "reason": 56, "by": 20,
    "until": 13,
}  # fmt: skip


def waiver_design(parameters: Parameters) -> WorkbookDesign:
    """An empty workbook for waivers."""
    lists = Lists(parameters)
    said = parameters.language.text
    line = said(
        "En linje for hvert fund. Skriv Plan-id, Kode, Fane og Sted, som de står i overblikkets "
        "fane Advarsler. Kontrollen læser linjerne og skriver aldrig her."
    )
    cells = head_cells(said("Undtagelser: det, som sekretariatet har accepteret"), line)
    columns, validations = [], []
    for number, column in enumerate(COLUMNS, 1):
        cells[HEADER_ROW, number] = header_cell(column)
        columns.append(DesignedColumn(_WIDTHS[column.key], STYLES[column.kind]))
        area = CellRange(HEADER_ROW + 1, number, LAST_FORMATTED_ROW, number)
        validations.append(validation_of(column, area, lists))
    tab = TabDesign(
        name=TAB,
        role=StyleRole.STAFF,
        columns=tuple(columns),
        cells=cells,
        header_row=HEADER_ROW,
        heights=HEIGHTS,
        validations=tuple(validations),
        is_filtered=True,
    )
    return WorkbookDesign(TAB, (tab,), opens_at=TAB, language=parameters.language)
