"""A report workbook from a description of its sheets: what the overview is made with.

openpyxl makes the page: columns, charts, formats, print. The cells, of which there may be many
thousands, are written by `Body`. Every row gets a height: LibreOffice does not fit rows by itself.
The styles have the same numbers in every report, whatever stands in it, so that a sheet of an
earlier report can stand in a later one as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any

from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import CellRange, column_letters
from rules.text.language import DANISH, Language
from rules.text.letter_widths import lines_in
from sheets_templates.drawing.appearance import (
    AMOUNT_FORMAT,
    CHANGE_FORMAT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    WHOLE_AMOUNT_FORMAT,
    Appearance,
    Colour,
    Lines,
    Mark,
    Style,
)
from sheets_templates.drawing.design import StyleRole
from sheets_templates.drawing.excel import (
    conditional_rule,
    differential_style,
    freeze,
    set_up_print,
    style_number,
)
from sheets_templates.drawing.workbook_file import LONGEST_TEXT, Body, Draft, cell_xml
from sheets_templates.report.charts import add_charts, chart_numbers, chart_points
from sheets_templates.report.description import (
    FIRST_COLUMN,
    HERE,
    MOMENT_ROW,
    TITLE_ROW,
    CellKind,
    Link,
    ReportCell,
    ReportSheet,
    SheetOutline,
    has_oere,
)
from sheets_templates.report.placing import (
    MARGIN_WIDTH,
    PADDING_POINTS,
    POINTS_IN_A_WIDTH,
    SIDE_COLUMN_WIDTH,
    Kind,
    PlacedCell,
    Places,
    figure_columns,
    fitted,
    last_row_of,
)

_TEXT = replace(Style.TEXT.value, indent=0)
_NUMBER = Appearance(horizontal="right", lines=Lines.GRID)
_APPEARANCES: dict[CellKind, Appearance] = {
    CellKind.TEXT: _TEXT,
    CellKind.AMOUNT: replace(_NUMBER, number_format=AMOUNT_FORMAT),
    CellKind.DATE: replace(Style.DATE.value, indent=0),
    CellKind.PERCENT: replace(_NUMBER, number_format=PERCENT_FORMAT),
    CellKind.COUNT: replace(_NUMBER, number_format="0"),
    CellKind.CHANGE: replace(_NUMBER, number_format=CHANGE_FORMAT),
    CellKind.CENTRED: replace(_NUMBER, horizontal="center"),
}
"""How the cells of each kind of column look."""
_PAD = "_-"
"""Room as wide as a dash to the right of numbers: LibreOffice forgets some of the indents."""
_LABEL = Appearance(
    Colour.LINK, Colour.PAPER, underline=True, horizontal="left", is_centred=True,
    indent=1, wraps=True,
)  # fmt: skip
_FIGURE = Appearance(
    Colour.INK, Colour.PAPER, bold=True, size=18, horizontal="left", is_centred=True, indent=1
)
_SMALL: dict[str, Appearance] = {
    Kind.TITLE: replace(Style.SECTION.value, size=11, indent=0),
    Kind.HEADING: replace(_TEXT, ink=Colour.INK, background=Colour.PAPER, bold=True),
    Kind.TEXT: _TEXT,
}
"""How the cells of small tables look."""


class _ColumnStyles:
    """The styles of a column's cells, by what stands in them."""

    def __init__(self, worksheet: Worksheet, kind: CellKind, *, needs_oere: bool) -> None:
        look = _APPEARANCES[kind]
        pad = _PAD if look.horizontal == "right" else ""
        value = replace(look, number_format=_format(kind, needs_oere=needs_oere))
        text = replace(look, number_format=f"{TEXT_FORMAT}{pad}", wraps=True)
        link = replace(Style.LINK.value, horizontal=look.horizontal, indent=look.indent)
        self.value, self.text, self.link = (style_number(worksheet, x) for x in (value, text, link))


class _ReportStyles:
    """All styles of a report, entered into the worksheet's workbook in one order."""

    def __init__(self, worksheet: Worksheet) -> None:
        title = Style.TITLE.value
        self.title = style_number(worksheet, title)
        self.long_title = style_number(worksheet, replace(title, size=12, wraps=True))
        self.line = style_number(worksheet, Style.NOTE.value)
        self.long_line = style_number(worksheet, replace(Style.NOTE.value, wraps=True))
        self.chart_number = style_number(worksheet, Appearance(Colour.GREY, size=8))
        self.small = {kind: style_number(worksheet, look) for kind, look in _SMALL.items()}
        self.small_day = style_number(worksheet, _APPEARANCES[CellKind.DATE])
        self.small_link = style_number(worksheet, replace(Style.LINK.value, indent=0))
        self.label = style_number(worksheet, _LABEL)
        self.headers = {kind: style_number(worksheet, _header(kind)) for kind in CellKind}
        codes = list(product(CellKind, (False, True)))
        self._columns = {
            (kind, needs_oere): _ColumnStyles(worksheet, kind, needs_oere=needs_oere)
            for kind, needs_oere in codes
        }
        self._figures = {}
        for (kind, needs_oere), mark in product(codes, (None, Mark.BAD, Mark.WATCH, Mark.GOOD)):
            ink, code = mark.value.ink if mark else Colour.INK, _format(kind, needs_oere=needs_oere)
            number = style_number(worksheet, replace(_FIGURE, ink=ink, number_format=code))
            self._figures[kind, needs_oere, mark] = number

    def column(self, kind: CellKind, values: Sequence[ReportCell]) -> _ColumnStyles:
        return self._columns[kind, kind is CellKind.AMOUNT and has_oere(values)]

    def figure(self, kind: CellKind, value: ReportCell, mark: Mark | None) -> int:
        return self._figures[kind, kind is CellKind.AMOUNT and has_oere([value]), mark]


def _enter_marks(worksheet: Worksheet) -> None:
    """Enter the marks into the worksheet's workbook, in one order."""
    book: Any = worksheet.parent  # openpyxl's stubs do not know what a rule is entered into
    for mark in Mark:
        book._differential_styles.add(differential_style(mark.value))


@cache
def _styles() -> tuple[_ReportStyles, bytes]:
    """The styles of any report, and the part in which they stand: made once in a process."""
    draft = Draft()
    worksheet, _ = draft.add("", StyleRole.JOB)
    styles = _ReportStyles(worksheet)
    _enter_marks(worksheet)
    return styles, draft.styles


def _header(kind: CellKind) -> Appearance:
    """A header stands where its column's values stand: to the right over numbers.

    It is text also for who edits it: a few headers are what somebody typed.
    """
    header = replace(Style.HEADER_REQUIRED.value, number_format=TEXT_FORMAT, indent=0)
    if kind is CellKind.CENTRED:
        return replace(header, horizontal="center")
    if kind in {CellKind.TEXT, CellKind.DATE}:
        return header
    return replace(header, horizontal="right", number_format=f"{TEXT_FORMAT}{_PAD}")


def _format(kind: CellKind, *, needs_oere: bool) -> str:
    """The number format of a kind; amounts have decimals where one of them needs them."""
    appearance = _APPEARANCES[kind]
    code = appearance.number_format
    if kind is CellKind.AMOUNT and not needs_oere:
        code = WHOLE_AMOUNT_FORMAT
    if appearance.horizontal != "right":
        return code
    return ";".join(f"{section}{_PAD}" for section in code.split(";"))


_LONGEST_TITLE = 90
_LINE_POINTS, _TITLE_LINE_POINTS, _HIGHEST_POINTS = 13.0, 16.0, 405.0
_TITLE_HEIGHT, _LABEL_HEIGHT, _FIGURE_HEIGHT, _LOWEST_HEADING = 24.0, 28.0, 30.0, 32.0
_TITLE_SIZE, _SMALL_TITLE_HEIGHT, _WIDEST_LETTER = 12, 20.0, 7.0


def report_workbook(
    sheets: Sequence[ReportSheet | SheetOutline], mark: str = "", language: Language = DANISH
) -> bytes:
    """The sheets as an .xlsx file: frozen headers, filters, A4 landscape, one page wide.

    Of an outline the part is empty: the one of the report in which the sheet stands belongs there.
    `mark` is kept among the document's properties, where nobody sees it; `language` is that of the
    sheets.
    """
    draft = Draft(mark)
    added = [draft.add(sheet.name, StyleRole.JOB) for sheet in sheets]
    styles, part = _styles()
    _enter_marks(added[0][0])
    for (worksheet, body), sheet in zip(added, sheets, strict=True):
        if isinstance(sheet, SheetOutline):
            _set_up_print(worksheet, sheet, sheet.last_row, "", language)
        else:
            _SheetWriter(worksheet, body, fitted(sheet), styles, language).write()
    return draft.finished(sheets[0].name, part)


def _set_up_print(
    worksheet: Worksheet, sheet: SheetOutline, last_row: int, beside: str, language: Language
) -> None:
    """What the workbook knows of a sheet besides its part: what is printed and what is filtered.

    Of a sheet with nothing in it that is a cell that is empty.
    """
    first, last = column_letters(FIRST_COLUMN), column_letters(sheet.last_column)
    if sheet.filters:
        worksheet.auto_filter.ref = f"{first}{sheet.header_row}:{last}{sheet.last_row}"
    is_table_alone = sheet.printed_column and last_row == sheet.last_row
    # Else what follows on the next page does not stand below these headings.
    set_up_print(worksheet, sheet.header_row if is_table_alone else 0, language)
    if not sheet.printed_column:
        worksheet.HeaderFooter = HeaderFooter()
        worksheet.print_area = f"{column_letters(sheet.last_column + 2)}{sheet.last_row + 2}"
        return
    printed = f"A1:{column_letters(sheet.printed_column)}{last_row}"
    worksheet.print_area = [printed, beside] if beside else printed


@dataclass
class _SheetWriter:
    """Writes one sheet: its cells into `body`, all else with openpyxl."""

    worksheet: Worksheet
    body: Body
    sheet: ReportSheet
    styles: _ReportStyles
    language: Language
    heights: dict[int, float] = field(default_factory=dict)
    last_row: int = 0

    @property
    def places(self) -> Places:
        return Places(self.sheet)

    def write(self) -> None:
        self._add_figures()
        self._add_table()
        self._add_head()
        self._set_up_page()

    def _add_head(self) -> None:
        """Write the title, the line and the headings; what is too long runs over several lines."""
        sheet, styles, places = self.sheet, self.styles, self.places
        room = POINTS_IN_A_WIDTH * sum(places.widths(FIRST_COLUMN, sheet.printed_column or 2))
        title_height, title_style = _TITLE_HEIGHT, styles.title
        if len(sheet.title) > _LONGEST_TITLE:
            lines = lines_in(sheet.title, room, _TITLE_SIZE, bold=True)
            title_height, title_style = lines * _TITLE_LINE_POINTS + 6, styles.long_title
            self._merge(TITLE_ROW, 1, max(2, sheet.printed_column))
        title = cell_xml(f"A{TITLE_ROW}", title_style, sheet.title)
        self.body.add_row(TITLE_ROW, title_height, [title])
        line = sheet.line
        if self.body.links_end:
            text = self.language.text(
                "Fra række {number} er der ikke links: Excel tillader højst 65.530 i en fane."
            )
            line = f"{line} {text.format(number=self.body.links_end)}".strip()
        lines, line_style = lines_in(line, room), styles.line
        if lines > 1:
            line_style = styles.long_line
            self._merge(MOMENT_ROW, 1, max(2, sheet.printed_column))
        moment = cell_xml(f"A{MOMENT_ROW}", line_style, line)
        self.body.add_row(MOMENT_ROW, lines * _LINE_POINTS + 2, [moment])
        lines = max(lines_in(one.text, _room(one.width), bold=True) for one in sheet.headings)
        row = sheet.header_row
        cells = [
            cell_xml(f"{column_letters(number)}{row}", styles.headers[one.kind], one.text)
            for number, one in enumerate(sheet.headings, FIRST_COLUMN)
        ]
        self.body.add_row(row, max(_LOWEST_HEADING, lines * _LINE_POINTS + 6), cells)

    def _add_figures(self) -> None:
        """Write the large figures, each over all of its columns, with a link at its label."""
        if not self.sheet.figures:
            return
        sheet, row = self.sheet, self.sheet.label_row
        labels: list[str] = []
        figures: list[str] = []
        for figure, (first, last) in zip(sheet.figures, figure_columns(sheet), strict=True):
            style = self.styles.figure(figure.kind, figure.value, figure.mark)
            for column in range(first, last + 1):
                letters, is_first = column_letters(column), column == first
                label, value = (figure.label, figure.value) if is_first else (None, None)
                labels.append(cell_xml(f"{letters}{row}", self.styles.label, label))
                figures.append(cell_xml(f"{letters}{row + 1}", style, value))
            rows = sheet.rows_down_to(sheet.last_row)
            target = f"'{figure.leads_to}'!A1" if figure.leads_to else rows
            self.body.add_link(f"{column_letters(first)}{row}", "", target)
            if last > first:
                self._merge(row, first, last)
                self._merge(row + 1, first, last)
        self.body.add_row(row, _LABEL_HEIGHT, labels)
        self.body.add_row(row + 1, _FIGURE_HEIGHT, figures)

    def _merge(self, row: int, first: int, last: int) -> None:
        self.worksheet.merged_cells.add(CellRange(row, first, row, last).name)

    def _add_table(self) -> None:
        """Write the table's rows, and what stands below them or beside them."""
        sheet, body = self.sheet, self.body
        letters = [column_letters(FIRST_COLUMN + n) for n in range(len(sheet.headings))]
        columns = [
            self.styles.column(heading.kind, [row[n] for row in sheet.rows])
            for n, heading in enumerate(sheet.headings)
        ]
        rooms = [_room(one.width) for one in sheet.headings]
        rows = dict(enumerate(sheet.rows, sheet.header_row + 1))
        for number, row in rows.items():
            self.heights[number] = _row_height(row, rooms)
        small = self._small_cells()
        numbers = self._chart_cells()
        last = max([sheet.last_row, self.last_row, *numbers])
        for number in range(sheet.header_row + 1, last + 1):
            cells = [
                _cell(number, letter, value, style, body)
                for letter, style, value in zip(
                    letters, columns, rows.get(number, ()), strict=False
                )
            ]
            beside = [*small.get(number, ()), *numbers.get(number, ())]
            body.add_row(number, self.heights.get(number, _LINE_POINTS + 2), [*cells, *beside])
        width = self.places.numbers_column + 12 if sheet.charts else self.places.columns[1]
        body.area = f"A1:{column_letters(max(width, sheet.last_column))}{last}"

    def _chart_cells(self) -> dict[int, list[str]]:
        style, first = self.styles.chart_number, self.places.numbers_column
        return {
            number: [
                cell_xml(f"{column_letters(column)}{number}", style, value)
                for column, value in enumerate(values, first)
                if value is not None
            ]
            for number, values in chart_numbers(self.sheet)
        }

    def _small_cells(self) -> dict[int, list[str]]:
        """Draw the charts; the cells of the small tables, by row."""
        places = self.places
        chart_rows = []
        row = places.first_row
        for _chart in self.sheet.charts:
            chart_rows.append(row)
            row = self._row_below(row, chart_points(places))
        placed = list(places.cells(row - places.first_row))
        found: dict[int, list[str]] = {}
        for one in placed:
            found.setdefault(one.row, []).extend(self._small_cell(one))
            self.heights[one.row] = max(self.heights.get(one.row, 0), _small_height(one))
        if self.sheet.charts or placed:
            self.last_row = max(row, last_row_of(placed))
        add_charts(self.worksheet, self.sheet, chart_rows)
        return found

    def _row_below(self, row: int, points: float) -> int:
        """The first row that begins so many points below the top of another one."""
        while points > 0:
            points -= self.heights.get(row, _LINE_POINTS + 2)
            row += 1
        return row

    def _small_cell(self, one: PlacedCell) -> Iterator[str]:
        """A cell of a small table, which is merged of several."""
        value, style = one.value, self.styles.small[one.kind]
        if isinstance(value, date):
            style = self.styles.small_day
        if isinstance(value, Link):
            if value.address and self.body.has_room_for_links:
                address = "" if value.address == HERE else value.address
                self.body.add_link(f"{column_letters(one.first)}{one.row}", address, value.cell)
                style = self.styles.small_link
            value = value.text
        for column in range(one.first, one.last + 1):
            place = f"{column_letters(column)}{one.row}"
            yield cell_xml(place, style, value if column == one.first else None)
        if one.last > one.first:
            self._merge(one.row, one.first, one.last)

    def _set_up_page(self) -> None:
        worksheet, sheet, places = self.worksheet, self.sheet, self.places
        widths = {1: MARGIN_WIDTH}
        widths |= {n: one.width for n, one in enumerate(sheet.headings, FIRST_COLUMN)}
        first, last = places.columns
        has_more = bool(sheet.charts or sheet.tables)
        for number in range(first, last + 1) if has_more and not places.is_below else ():
            widths[number] = SIDE_COLUMN_WIDTH
        for number, width in widths.items():
            worksheet.column_dimensions[column_letters(number)].width = width
        freeze(worksheet, sheet.header_row, FIRST_COLUMN - 1 + sheet.frozen_columns)
        last_row, beside = sheet.last_row, ""
        if has_more and places.is_below:
            last_row = self.last_row
        elif has_more:
            beside = CellRange(places.first_row, first, self.last_row, last).name
        _set_up_print(worksheet, sheet.outline, last_row, beside, self.language)
        first_row = sheet.header_row + 1
        for one in sheet.highlights:
            if one.last >= one.first:  # a table whose columns come from the plans may have none
                left, right = FIRST_COLUMN + one.first, FIRST_COLUMN + one.last
                area = CellRange(first_row, left, sheet.last_row, right).name
                rule = conditional_rule(one.mark.value, one.formula(first_row))
                worksheet.conditional_formatting.add(area, rule)


def _room(width: float) -> float:
    """How many points of text a line holds of a column, or of several."""
    return width * POINTS_IN_A_WIDTH - PADDING_POINTS / 2


def _small_height(one: PlacedCell) -> float:
    if one.kind == Kind.TITLE:
        return _SMALL_TITLE_HEIGHT
    text = one.value.text if isinstance(one.value, Link) else one.value
    is_bold = one.kind == Kind.HEADING
    lines = lines_in(text, _room(one.width), bold=is_bold) if isinstance(text, str) else 1
    return lines * _LINE_POINTS + 2


def _cell(row: int, letters: str, value: ReportCell, style: _ColumnStyles, body: Body) -> str:
    place = f"{letters}{row}"
    if isinstance(value, str):
        return cell_xml(place, style.text if value else style.value, value)
    if not isinstance(value, Link):
        return cell_xml(place, style.value, value)
    if value.address and not body.has_room_for_links:
        body.links_end = body.links_end or row
    if not value.address or not body.has_room_for_links:
        return cell_xml(place, style.text, value.text)
    body.add_link(place, "" if value.address == HERE else value.address, value.cell)
    return cell_xml(place, style.link, value.text)


def _row_height(row: Sequence[ReportCell], rooms: Sequence[float]) -> float:
    """What a row needs, in points; `rooms` are the points that a line of each column holds."""
    lines = 1
    for value, room in zip(row, rooms, strict=False):
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str) and (len(text) * _WIDEST_LETTER > room or "\n" in text):
            lines = max(lines, lines_in(text[:LONGEST_TEXT], room))
    return min(lines * _LINE_POINTS + 2, _HIGHEST_POINTS)
