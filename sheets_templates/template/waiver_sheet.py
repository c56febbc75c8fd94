"""The workbook in which the secretariat accepts warnings and writes comments to the plans.

It is made once, empty, and theirs from then on.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.model.parameters import Parameters
from rules.model.tables import HEADER_ROW, Column, Kind
from rules.text.cell_names import CellRange
from sheets_templates.drawing.design import DesignedColumn, StyleRole, TabDesign, WorkbookDesign
from sheets_templates.template.layout import LAST_FORMATTED_ROW, STYLES, Cells
from sheets_templates.template.lists import Lists
from sheets_templates.template.plan_tabs import HEIGHTS, head_cells, header_cell, validation_of

TAB, COMMENTS_TAB = "Undtagelser", "Bemærkninger"
_PLAN_ID = Column(
    "plan_id", "Plan-id", required=True, hint="Planens Plan-id, for eksempel VAP-2024."
)
_WORKBOOK = Column(
    "workbook", "Regneark",
    hint="Navnet, som det står i overblikket. Kun nødvendigt, når planen har flere regneark.",
)  # fmt: skip
COLUMNS = (
    _PLAN_ID,
    Column("code", "Kode", required=True, hint="Reglens kode, for eksempel FIN-08."),
    _WORKBOOK,
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
COMMENT_COLUMNS = (
    _PLAN_ID,
    Column("code", "Kode", hint="Kun når bemærkningen handler om et fund: fundets kode."),
    _WORKBOOK,
    Column("tab", "Fane", hint="Fanen, for eksempel Finansiering. Tom, når det er hele planen."),
    Column("spot", "Sted",
           hint="Rækkens nummer eller navn, eller cellen, for eksempel F7. Må være tom."),
    Column("text", "Bemærkning", required=True,
           hint="Det, som de ansatte skal læse. Det står i planens regneark og i mailen."),
    Column("by", "Skrevet af", hint="Hvem de kan svare."),
    Column("on", "Dato", Kind.DATE, hint="Dagen, hvor den er skrevet."),
    Column("settled", "Løst", must_be_there=True,
           hint="Skriv ja eller en dato, når det er løst. Så forsvinder bemærkningen."),
)  # fmt: skip
"""The columns of Bemærkninger; a comment stands in the plan's workbook until it is settled."""
_WIDTHS = {
    "plan_id": 14, "code": 10, "workbook": 24, "tab": 16, "spot": 18, "reason": 56, "text": 56,
    "by": 20, "until": 13, "on": 13, "settled": 13,
}  # fmt: skip


def waiver_design(parameters: Parameters) -> WorkbookDesign:
    """An empty workbook for waivers and comments."""
    said = parameters.language.text
    waivers = said(
        "En linje for hvert fund. Skriv Plan-id, Kode, Fane og Sted, som de står i overblikkets "
        "fane Advarsler. Kontrollen læser linjerne og skriver aldrig her."
    )
    comments = said(
        "En linje for hver bemærkning til en plan, en fane, en række eller et fund. Kontrollen "
        "viser den i planens regneark, til du skriver noget i »Løst«."
    )
    titles = (
        said("Undtagelser: det, som sekretariatet har accepteret"),
        said("Bemærkninger: det, som sekretariatet skriver til de ansatte"),
    )
    lists = Lists(parameters)
    tabs = (
        _tab(TAB, COLUMNS, head_cells(titles[0], waivers), lists),
        _tab(COMMENTS_TAB, COMMENT_COLUMNS, head_cells(titles[1], comments), lists),
    )
    return WorkbookDesign(TAB, tabs, opens_at=TAB, language=parameters.language)


def _tab(name: str, columns: Sequence[Column], cells: Cells, lists: Lists) -> TabDesign:
    designed, validations = [], []
    for number, column in enumerate(columns, 1):
        cells[HEADER_ROW, number] = header_cell(column)
        designed.append(DesignedColumn(_WIDTHS[column.key], STYLES[column.kind]))
        area = CellRange(HEADER_ROW + 1, number, LAST_FORMATTED_ROW, number)
        validations.append(validation_of(column, area, lists))
    return TabDesign(
        name=name,
        role=StyleRole.STAFF,
        columns=tuple(designed),
        cells=cells,
        header_row=HEADER_ROW,
        heights=HEIGHTS,
        validations=tuple(validations),
        is_filtered=True,
    )
