"""The visible tabs of a plan workbook: the form, the tables, and the tab that the job fills.

The job writes Kontrol and never a colour. A line in it reads `FEJL Budget: … (CEL-02)`, the worst
line first; so the severities are looked for in that order, and the first that is found wins.

Every validation only warns: whoever means what they typed may go on, since the job reads more than
a spreadsheet does (»1,5 mio.«), and says in the column Kontrol what is wrong with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rules.model.choices import ActivityStatus, MilestoneStatus
from rules.model.finding import Severity
from rules.model.tables import (
    ACTIVITIES,
    AMOUNT_HINT,
    CONTROL_HEADER,
    FIRST_ROW,
    FIRST_YEAR,
    HEADER_ROW,
    LAST_YEAR,
    LINK_AT,
    MILESTONES,
    PLAN,
    PLAN_FIELD,
    PLAN_VALUE,
    WARNINGS_COLUMNS,
    WARNINGS_TAB,
    Column,
    Kind,
    Table,
)
from rules.text.cell_names import CellRange, column_letters
from rules.text.language import Language
from rules.text.marking import N_
from sheets_templates.drawing.appearance import Signal, Style
from sheets_templates.drawing.design import (
    Check,
    ConditionalFormat,
    DesignedCell,
    DesignedColumn,
    Entry,
    Formula,
    StyleRole,
    TabDesign,
    Validation,
)
from sheets_templates.template.layout import (
    CONTROL_WIDTH,
    FIELD_COLUMN,
    FORM_CONTROL_COLUMN,
    LAST_FORMATTED_ROW,
    LEGEND,
    OWN_COLUMNS,
    STYLES,
    VALUE_COLUMN,
    Cells,
    TabHead,
    column_numbers,
    down,
    field_row,
    in_quotes,
    number_of,
    width_of,
)
from sheets_templates.template.lists import Lists

FINE = "OK"
_DUE = {
    ACTIVITIES.key: ("ends_on", (ActivityStatus.PLANNED, ActivityStatus.RUNNING)),
    MILESTONES.key: ("due_on", (MilestoneStatus.PLANNED, MilestoneStatus.RUNNING)),
}
"""For a tab the date that must not pass while the Status is one of these."""


def severity_signals(language: Language) -> dict[str, Signal]:
    """The words that Kontrol begins a line with, worst first."""
    return {language.text(one).upper(): Signal[one.name] for one in Severity}


def _named_in_kontrol(
    area: CellRange, control_column: int, language: Language
) -> Iterator[ConditionalFormat]:
    """The area's cells (from column A on) whose header the row's Kontrol names."""
    control = f"${column_letters(control_column)}{area.top}"
    for word, signal in severity_signals(language).items():
        named = f'"{word} "&A${HEADER_ROW}&":"'
        yield ConditionalFormat(area, f"ISNUMBER(SEARCH({named},{control}))", signal)


def _by_worst(area: CellRange, control_at: int, language: Language) -> Iterator[ConditionalFormat]:
    """The area's cells by the worst line, which is the first, of the row's Kontrol."""
    control = f"${column_letters(control_at)}{area.top}"
    for word, signal in severity_signals(language).items():
        yield ConditionalFormat(area, f'LEFT({control},{len(word)})="{word}"', signal)


def _kontrol_itself(area: CellRange, language: Language) -> Iterator[ConditionalFormat]:
    """The column Kontrol; `OK` is quiet."""
    control = f"${column_letters(area.left)}{area.top}"
    yield ConditionalFormat(area, f'{control}="{FINE}"', Signal.FINE)
    worst, *others = severity_signals(language)
    below = ",".join(f'ISNUMBER(SEARCH(CHAR(10)&"{word} ",{control}))' for word in others)
    mixed = f'AND(LEFT({control},{len(worst)})="{worst}",OR({below}))'
    yield ConditionalFormat(area, mixed, Signal.MIXED)
    yield from _by_worst(area, area.left, language)


def _overdue(table: Table) -> Iterator[ConditionalFormat]:
    """A date that has passed although the row is not finished."""
    if table.key not in _DUE:
        return
    key, statuses = _DUE[table.key]
    date_at, status_at = number_of(table, key), number_of(table, "status")
    day, status = (f"${column_letters(at)}{FIRST_ROW}" for at in (date_at, status_at))
    unfinished = ",".join(f'{status}="{each}"' for each in statuses)
    formula = f"AND(ISNUMBER({day}),{day}<TODAY(),OR({unfinished}))"
    yield ConditionalFormat(down(date_at), formula, Signal.OVERDUE)


_DATE_ERROR = N_(
    "Her skal der stå en dato fra {first} til {last}. Skriv dag, måned og år, for "
    "eksempel 31-12-2026."
)
_AMOUNT_ERROR = N_(
    "Her skal der stå et tal i kroner, for eksempel 250000. Kontrollen forstår også »1,5 mio.«, "
    "men regnearkets summer tæller det ikke med."
)
_NUMBER_ERROR = N_("Her skal der stå et tal på 0 eller mere, for eksempel 37 eller 32,5.")
_YEAR_ERROR = N_("Her skal der stå et årstal med fire cifre, for eksempel 2026.")
_ROUND_ERROR = N_("Her skal der stå et helt tal: 1, 2 eller højere.")
_LEAST_AMOUNT = -(10**12)
_CHOICE_ERROR = N_("Ordet står ikke på listen. Vælg et ord med pilen til højre for cellen.")


def validation_of(column: Column, area: CellRange, lists: Lists) -> Validation:
    """What the cells of a column offer; plain text gets its hint alone."""
    said = lists.language.text
    title, hint = column.header, said(column.hint)
    if column.kind is Kind.CHOICE or column is MILESTONES.column("activity_number"):
        source = lists.source(column)
        return Validation(area, Check.LIST, title, hint, said(_CHOICE_ERROR), source)
    match column.kind:
        case Kind.DATE:
            error = said(_DATE_ERROR).format(first=FIRST_YEAR, last=LAST_YEAR)
            days = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
            return Validation(area, Check.DATE, title, hint, error, None, *days)
        case Kind.AMOUNT:
            least = _LEAST_AMOUNT if column.may_be_negative else 0
            return Validation(area, Check.AMOUNT, title, hint, said(_AMOUNT_ERROR), None, least)
        case Kind.NUMBER:
            return Validation(area, Check.NUMBER, title, hint, said(_NUMBER_ERROR), None, 0)
        case Kind.YEAR:
            error = said(_YEAR_ERROR)
            return Validation(area, Check.NUMBER, title, hint, error, None, FIRST_YEAR)
        case Kind.ROUND:
            return Validation(area, Check.NUMBER, title, hint, said(_ROUND_ERROR), None, 1)
        case _:
            return Validation(area, Check.NOTHING, title, hint)


NOT_CHECKED = N_("Regnearket er ikke kontrolleret endnu.")
_AND = '&", "&'
_STATE = N_("Dette regneark:")
_SEE_WARNINGS = N_("Se Advarsler")
_EMPTY_ROWS = 12
"""So many rows of a table have lines to write on, also on paper."""
_VOLATILE = "0*TODAY()"
"""In a formula over what the job writes: a spreadsheet then works it out anew when it opens."""
HEIGHTS = {1: 27.0, 2: 20.0, HEADER_ROW: 30.0}
"""Of the rows down to the headers, in points."""
_HEIGHTS_OF_HEADS = {1: 42.0, 2: 30.0, HEADER_ROW: 30.0}
"""Where facts stand above the headers."""


def head_cells(title: str, *lines: str, at: int = 1, style: Style = Style.TITLE) -> Cells:
    """The title, and one or two lines above the header row, in the column `at`."""
    cells = {(1, 1): DesignedCell(title, style)}
    for row, line in enumerate(lines, HEADER_ROW - len(lines)):
        cells[row, at] = DesignedCell(line, Style.NOTE if at == 1 else Style.NOTE_BESIDE)
    return cells


def _state_of_workbook(language: Language) -> tuple[Formula, tuple[str, str]]:
    """How many errors and warnings the tab Advarsler lists; and a formula for each."""
    # By name, so that it outlives the tab: the job may make it anew, or staff delete it.
    listed = f'INDIRECT("{WARNINGS_TAB}!$A${FIRST_ROW}:$A${4 * LAST_FORMATTED_ROW}")'
    errors, warnings = (
        f'COUNTIF({listed},"{language.text(one).capitalize()}")'
        for one in (Severity.ERROR, Severity.WARNING)
    )
    words = (
        [language.plural("{count} fejl", "{count} fejl", count) for count in (1, 2)],
        [language.plural("{count} advarsel", "{count} advarsler", count) for count in (1, 2)],
    )
    counted = (
        f"{count}&IF({count}=1,{in_quotes(one[1:])},{in_quotes(several[1:])})"
        for count, (one, several) in zip((errors, warnings), words, strict=True)
    )
    before = in_quotes(language.text(_STATE) + " ")
    behind = in_quotes(f". {language.text(_SEE_WARNINGS)}.")
    said = f"{before}&{_AND.join(counted)}&{behind}"
    text = f'=IFERROR(IF({errors}+{warnings}=0,"",{said}),"")'
    return Formula(text, ""), (errors, warnings)


def _see_warnings(control: CellRange, language: Language) -> Formula:
    """What a printed tab says where cells are marked, since Kontrol is not printed with it."""
    marked = "+".join(
        f'COUNTIF({control.fixed_name},"{word}*")' for word in severity_signals(language)
    )
    text = f'=IF({marked}+{_VOLATILE}>0,{in_quotes(language.text(_SEE_WARNINGS))},"")'
    return Formula(text, "")


def form_tab(values: Mapping[str, Entry], lists: Lists) -> TabDesign:
    """The form, filled in by field key."""
    said = lists.language.text
    legend = said("Felter med fed skrift skal udfyldes.")
    cells = head_cells("Helhedsplan", f"{said(PLAN.purpose)} {legend}")
    for number, header in enumerate((PLAN_FIELD, PLAN_VALUE, Column("", CONTROL_HEADER)), 1):
        cells[HEADER_ROW, number] = header_cell(header)
    validations = []
    for column in PLAN.columns:
        row = field_row(column.key)
        label = Style.LABEL_REQUIRED if column.required else Style.LABEL_OPTIONAL
        cells[row, FIELD_COLUMN] = DesignedCell(column.header, label)
        cells[row, VALUE_COLUMN] = DesignedCell(values.get(column.key), STYLES[column.kind])
        cells[row, FORM_CONTROL_COLUMN] = DesignedCell(None, Style.TEXT)
        area = CellRange(row, VALUE_COLUMN, row, VALUE_COLUMN)
        validations.append(validation_of(column, area, lists))
    first, last = FIRST_ROW, field_row(PLAN.columns[-1].key)
    value_area = CellRange(first, VALUE_COLUMN, last, VALUE_COLUMN)
    control_area = CellRange(first, FORM_CONTROL_COLUMN, last, FORM_CONTROL_COLUMN)
    state, counts = _state_of_workbook(lists.language)
    at = CellRange(1, FORM_CONTROL_COLUMN, 1, FORM_CONTROL_COLUMN)
    cells[1, FORM_CONTROL_COLUMN] = DesignedCell(state, Style.STATE)
    return TabDesign(
        name=PLAN.tab,
        role=StyleRole.STAFF,
        columns=tuple(DesignedColumn(w, Style.PLAIN) for w in (30.0, 52.0, CONTROL_WIDTH)),
        cells=cells,
        header_row=HEADER_ROW,
        heights=HEIGHTS,
        validations=tuple(validations),
        highlights=(
            *(
                ConditionalFormat(at, f"IFERROR({count},0)>0", signal)
                for count, signal in zip(counts, (Signal.ERROR, Signal.WARNING), strict=True)
            ),
            *_by_worst(value_area, FORM_CONTROL_COLUMN, lists.language),
            *_kontrol_itself(control_area, lists.language),
        ),
        numbers_as_text=CellRange(first, FIELD_COLUMN, last, VALUE_COLUMN),
    )


def table_tab(
    table: Table, lists: Lists, years: Sequence[int], rows: Cells, head: TabHead | None = None
) -> TabDesign:
    """A table with its rows; its years, if it has any, stand before the column I alt."""
    numbers = column_numbers(table, years)
    control = numbers[CONTROL_HEADER]
    said = lists.language.text
    heights = _HEIGHTS_OF_HEADS if head else HEIGHTS
    head = head or TabHead((f"{said(table.purpose)} {said(LEGEND)}",))
    last = max((row for row, _ in rows), default=HEADER_ROW)
    ruled = range(last + 1, FIRST_ROW + _EMPTY_ROWS)
    cells = head_cells(table.tab, *head.lines, at=head.lines_at) | rows
    columns: dict[int, DesignedColumn] = {}
    validations: list[Validation] = []
    for column in table.columns:
        number = numbers[column.header]
        columns[number] = DesignedColumn(width_of(column), STYLES[column.kind])
        cells |= {(row, number): DesignedCell(None, STYLES[column.kind]) for row in ruled}
        cells[HEADER_ROW, number] = header_cell(column)
        is_plain = column.kind in {Kind.TEXT, Kind.EMAIL} and column.key != "activity_number"
        area = CellRange(HEADER_ROW, number, HEADER_ROW, number) if is_plain else down(number)
        validations.append(validation_of(column, area, lists))
    for _, own in OWN_COLUMNS.get(table.key, ()):
        number = numbers[own.header]
        columns[number] = DesignedColumn(width_of(own), STYLES[own.kind])
        cells[HEADER_ROW, number] = header_cell(own)
    years_amount = Column("", said("Årets beløb"), Kind.AMOUNT, hint=AMOUNT_HINT)
    for year in years if table.has_years else ():
        number = numbers[str(year)]
        columns[number] = DesignedColumn(15.0, Style.AMOUNT)
        cells[HEADER_ROW, number] = DesignedCell(year, Style.HEADER_REQUIRED_RIGHT)
        validations.append(validation_of(years_amount, down(number), lists))
    columns[control] = DesignedColumn(CONTROL_WIDTH, Style.TEXT)
    cells[HEADER_ROW, control] = DesignedCell(CONTROL_HEADER, Style.HEADER_OPTIONAL)
    cells |= {(row, control): DesignedCell(None, Style.TEXT) for row in ruled}
    if ruled:  # a blank: without one the lines would not be printed
        cells[ruled[-1], control - 1] = DesignedCell("\N{NO-BREAK SPACE}", Style.TEXT)
    see = _see_warnings(down(control), lists.language)
    cells[1, control - 1] = DesignedCell(see, Style.STATE)
    named = CellRange(FIRST_ROW, 1, LAST_FORMATTED_ROW, control - 1)
    kinds = {number: column.style for number, column in columns.items()}
    amounts = tuple(down(number) for number in sorted(kinds) if kinds[number] is Style.AMOUNT)
    return TabDesign(
        name=table.tab,
        role=StyleRole.STAFF,
        columns=tuple(columns[number] for number in sorted(columns)),
        cells=cells | dict(head.cells or {}),
        header_row=HEADER_ROW,
        frozen_columns=1,
        heights=heights,
        validations=tuple(validations),
        highlights=(
            *_named_in_kontrol(named, control, lists.language),
            *_kontrol_itself(down(control), lists.language),
            *_overdue(table),
            *head.highlights,
        ),
        locked=(*head.locked, CellRange(1, control - 1, 1, control - 1)) if head.locked else (),
        amounts=amounts + head.amounts,
        numbers_as_text=named,
        printed_columns=control - 1,  # Advarsler is what to print of the findings
    )


def header_cell(column: Column) -> DesignedCell:
    """The column's header: dark where it must be filled in, to the right over numbers."""
    style = Style.HEADER_REQUIRED if column.required else Style.HEADER_OPTIONAL
    if column.kind in {Kind.AMOUNT, Kind.NUMBER}:
        style = Style.HEADER_REQUIRED_RIGHT if column.required else Style.HEADER_OPTIONAL_RIGHT
    return DesignedCell(column.header, style)


def warnings_tab(language: Language) -> TabDesign:
    """The empty tab that the job fills; it keeps these columns' styles and widths."""
    cells = head_cells(language.text(NOT_CHECKED), style=Style.SUBTITLE)
    columns = []
    for at, (header, width) in enumerate(WARNINGS_COLUMNS):
        style = Style.LINK if at == LINK_AT else Style.TEXT
        columns.append(DesignedColumn(width, style))
        cells[HEADER_ROW, at + 1] = DesignedCell(language.text(header), Style.HEADER_OPTIONAL)
    area = CellRange(FIRST_ROW, 1, 4 * LAST_FORMATTED_ROW, 1)
    return TabDesign(
        name=WARNINGS_TAB,
        role=StyleRole.JOB,
        columns=tuple(columns),
        cells=cells,
        header_row=HEADER_ROW,
        heights=HEIGHTS,
        highlights=tuple(
            ConditionalFormat(area, f'$A{FIRST_ROW}="{word}"', signal)
            for word, signal in severity_signals(language).items()
        ),
    )
