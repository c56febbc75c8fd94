"""The workbook in which the secretariat accepts warnings: empty, made once, theirs from then on."""

from __future__ import annotations

from rules.model.parameters import Parameters
from rules.model.tables import Column, Kind
from rules.text.cell_names import CellRange
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Style
from sheets_templates.drawing.design import (
    DesignedCell,
    DesignedColumn,
    StyleRole,
    TabDesign,
    WorkbookDesign,
)
from sheets_templates.template.layout import HEADER_ROW, LAST_FORMATTED_ROW, style_of
from sheets_templates.template.lists import Lists
from sheets_templates.template.plan_tabs import head_cells, validation_of

TAB = "Undtagelser"
TITLE = N_("Undtagelser: det, som sekretariatet har accepteret")
LINE = N_(
    "En linje for hvert fund. Skriv Plan-id, Kode, Fane og Sted, som de står i overblikkets fane "
    "Advarsler. Kontrollen læser linjerne og skriver aldrig her."
)
COLUMNS = (
    Column("plan_id", "Plan-id", required=True, hint="Planens Plan-id, for eksempel VAP-2024."),
    Column("code", "Kode", required=True, hint="Reglens kode, for eksempel FIN-08."),
    Column(
        "workbook",
        "Regneark",
        hint="Navnet, som det står i overblikket. Kun nødvendigt, når planen har flere regneark.",
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


def waiver_design(parameters: Parameters) -> WorkbookDesign:
    """An empty workbook for waivers."""
    lists = Lists(parameters)
    said = parameters.language.text
    cells = head_cells(said(TITLE), said(LINE))
    columns, validations = [], []
    for number, column in enumerate(COLUMNS, 1):
        header = Style.HEADER_REQUIRED if column.required else Style.HEADER_OPTIONAL
        cells[HEADER_ROW, number] = DesignedCell(column.header, header)
        columns.append(DesignedColumn(_WIDTHS[column.key], style_of(column)))
        area = CellRange(HEADER_ROW + 1, number, LAST_FORMATTED_ROW, number)
        validations.append(validation_of(column, area, lists))
    tab = TabDesign(
        name=TAB,
        role=StyleRole.STAFF,
        columns=tuple(columns),
        cells=cells,
        header_row=HEADER_ROW,
        heights={1: 27.0, 2: 20.0, HEADER_ROW: 30.0},
        validations=tuple(validations),
        is_filtered=True,
    )
    return WorkbookDesign(TAB, (tab,), opens_at=TAB, language=parameters.language)
