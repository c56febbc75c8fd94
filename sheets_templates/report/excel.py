"""A report workbook from a description of its sheets: what the overview is made with.

openpyxl makes the page: columns, charts, formats, print. The cells, of which there may be many
thousands, are written by `Body`. Every row gets a height: LibreOffice does not fit rows by itself.
The styles have the same numbers in every report, whatever stands in it, so that a sheet of an
earlier report can stand in a later one as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import CellRange, column_letters
from rules.text.language import DANISH, Language
from rules.text.wrapping import LETTERS_IN_A_WIDTH, lines_needed
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
from sheets_templates.report.charts import CHART_POINTS, add_charts, chart_numbers
from sheets_templates.report.description import (
    CHART_COLUMN_WIDTH,
    CHART_COLUMNS,
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

_NUMBER = Appearance(horizontal="right", lines=Lines.GRID)
_APPEARANCES: dict[CellKind, Appearance] = {
    CellKind.TEXT: Style.TEXT.value,
    CellKind.AMOUNT: replace(_NUMBER, number_format=AMOUNT_FORMAT),
    CellKind.DATE: Style.DATE.value,
    CellKind.PERCENT: replace(_NUMBER, number_format=PERCENT_FORMAT),
    CellKind.COUNT: replace(_NUMBER, number_format="0"),
    CellKind.CHANGE: replace(_NUMBER, number_format=CHANGE_FORMAT),
    CellKind.CENTRED: replace(_NUMBER, horizontal="center"),
}
"""How the cells of each kind of column look."""
_PAD = "_-"
"""Room as wide as a dash to the right of numbers: LibreOffice forgets some of the indents."""
_LABEL = Appearance(
    Colour.LINK, Colour.PAPER, underline=True, size=9, horizontal="left", is_centred=True,
    indent=1, wraps=True,
)  # fmt: skip
_FIGURE = Appearance(
    Colour.INK, Colour.PAPER, bold=True, size=18, horizontal="left", is_centred=True, indent=1
)


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
    header = replace(Style.HEADER_REQUIRED.value, number_format=TEXT_FORMAT)
    if kind is CellKind.CENTRED:
        return replace(header, horizontal="center", indent=0)
    return header if kind in {CellKind.TEXT, CellKind.DATE} else replace(header, horizontal="right")


def _format(kind: CellKind, *, needs_oere: bool) -> str:
    """The number format of a kind; amounts have decimals where one of them needs them."""
    appearance = _APPEARANCES[kind]
    code = appearance.number_format
    if kind is CellKind.AMOUNT and not needs_oere:
        code = WHOLE_AMOUNT_FORMAT
    if appearance.horizontal != "right":
        return code
    return ";".join(f"{section}{_PAD}" for section in code.split(";"))


_MARGIN_WIDTH = 2.0
_LONGEST_TITLE = 90
_LINE_POINTS, _TITLE_LINE_POINTS, _HIGHEST_POINTS = 13.0, 16.0, 405.0
_TITLE_HEIGHT, _LABEL_HEIGHT, _FIGURE_HEIGHT, _LOWEST_HEADING = 24.0, 26.0, 30.0, 32.0
_TITLE_WIDENS, _BOLD_TAKES = 1.35, 1.08
"""How much wider than the width of a column counts a title's letters are, and bold ones."""
_INDENT_CHARACTERS = 1.5


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
            _set_up_print(worksheet, sheet, [], language)
        else:
            _SheetWriter(worksheet, body, sheet, styles, language).write()
    return draft.finished(sheets[0].name, part)


def _set_up_print(
    worksheet: Worksheet, sheet: SheetOutline, charts: Sequence[str], language: Language
) -> None:
    """What the workbook knows of a sheet besides its part: what is printed and what is filtered."""
    first, last = column_letters(FIRST_COLUMN), column_letters(sheet.last_column)
    if sheet.filters:
        worksheet.auto_filter.ref = f"{first}{sheet.header_row}:{last}{sheet.last_row}"
    set_up_print(worksheet, sheet.header_row, language)
    worksheet.print_area = [f"A1:{last}{sheet.last_row}", *charts]


@dataclass
class _SheetWriter:
    """Writes one sheet: its cells into `body`, all else with openpyxl."""

    worksheet: Worksheet
    body: Body
    sheet: ReportSheet
    styles: _ReportStyles
    language: Language

    def write(self) -> None:
        self._add_figures()
        heights = self._add_table()
        self._add_head()
        add_charts(self.worksheet, self.sheet)
        self._set_up_page(heights)

    def _add_head(self) -> None:
        """Write the title, the line and the headings; what is too long runs over several lines."""
        sheet, styles = self.sheet, self.styles
        width = sum(heading.width for heading in sheet.headings)
        title_height, title_style = _TITLE_HEIGHT, styles.title
        if len(sheet.title) > _LONGEST_TITLE:
            lines = math.ceil(len(sheet.title) * _TITLE_WIDENS / width)
            title_height, title_style = lines * _TITLE_LINE_POINTS + 6, styles.long_title
            self._merge(TITLE_ROW, 1, sheet.last_column)
        title = cell_xml(f"A{TITLE_ROW}", title_style, sheet.title)
        self.body.add_row(TITLE_ROW, title_height, [title])
        line = sheet.line
        if self.body.links_end:
            text = self.language.text(
                "Fra række {number} er der ikke links: Excel tillader højst 65.530 i en fane."
            )
            line = f"{line} {text.format(number=self.body.links_end)}".strip()
        lines, line_style = lines_needed(line, width), styles.line
        if lines > 1:
            line_style = styles.long_line
            self._merge(MOMENT_ROW, 1, sheet.last_column)
        moment = cell_xml(f"A{MOMENT_ROW}", line_style, line)
        self.body.add_row(MOMENT_ROW, lines * _LINE_POINTS + 2, [moment])
        lines = max(
            lines_needed(one.text, one.width / _BOLD_TAKES - _INDENT_CHARACTERS)
            for one in sheet.headings
        )
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
        for figure, (first, last) in zip(sheet.figures, sheet.figure_columns(), strict=True):
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

    def _add_table(self) -> dict[int, float]:
        """Write the table's rows and the charts' numbers; the height of each row in points."""
        sheet, body = self.sheet, self.body
        letters = [column_letters(FIRST_COLUMN + n) for n in range(len(sheet.headings))]
        columns = [
            self.styles.column(heading.kind, [row[n] for row in sheet.rows])
            for n, heading in enumerate(sheet.headings)
        ]
        rooms = [one.width * LETTERS_IN_A_WIDTH - _INDENT_CHARACTERS for one in sheet.headings]
        extra = self._chart_cells()
        heights = {}
        rows = dict(enumerate(sheet.rows, sheet.header_row + 1))
        last = max([sheet.last_row, *extra])
        for number in range(sheet.header_row + 1, last + 1):
            row = rows.get(number, ())
            cells = [
                _cell(number, letter, value, style, body)
                for letter, style, value in zip(letters, columns, row, strict=False)
            ]
            heights[number] = _row_height(row, rooms)
            body.add_row(number, heights[number], [*cells, *extra.get(number, ())])
        width = sheet.numbers_column + 12 if sheet.charts else sheet.last_column
        body.area = f"A1:{column_letters(width)}{last}"
        return heights

    def _chart_cells(self) -> dict[int, list[str]]:
        style, first = self.styles.chart_number, self.sheet.numbers_column
        return {
            number: [
                cell_xml(f"{column_letters(column)}{number}", style, value)
                for column, value in enumerate(values, first)
                if value is not None
            ]
            for number, values in chart_numbers(self.sheet)
        }

    def _set_up_page(self, heights: Mapping[int, float]) -> None:
        worksheet, sheet = self.worksheet, self.sheet
        widths = {1: _MARGIN_WIDTH}
        widths |= {n: one.width for n, one in enumerate(sheet.headings, FIRST_COLUMN)}
        for number in range(len(sheet.charts) and CHART_COLUMNS):
            widths[sheet.chart_column + number] = CHART_COLUMN_WIDTH
        for number, width in widths.items():
            worksheet.column_dimensions[column_letters(number)].width = width
        freeze(worksheet, sheet.header_row, FIRST_COLUMN - 1 + sheet.frozen_columns)
        charts = [self._chart_area(number, heights) for number in range(len(sheet.charts))]
        _set_up_print(worksheet, sheet.outline, charts, self.language)
        first_row = sheet.header_row + 1
        for one in sheet.highlights:
            if one.last >= one.first:  # a table whose columns come from the plans may have none
                left, right = FIRST_COLUMN + one.first, FIRST_COLUMN + one.last
                area = CellRange(first_row, left, sheet.last_row, right).name
                rule = conditional_rule(one.mark.value, one.formula(first_row))
                worksheet.conditional_formatting.add(area, rule)

    def _chart_area(self, number: int, heights: Mapping[int, float]) -> str:
        """The cells below a chart, which is as high in points wherever the rows end."""
        first = last = self.sheet.chart_row(number)
        reached = 0.0
        while (reached := reached + heights.get(last, _LINE_POINTS + 2)) < CHART_POINTS:
            last += 1
        left = self.sheet.chart_column
        return CellRange(first, left, last, left + CHART_COLUMNS).name


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
    """What a row needs, in points; `rooms` is how many letters a line of each column holds."""
    lines = 1
    for value, room in zip(row, rooms, strict=False):
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str) and (len(text) > room or "\n" in text):
            lines = max(lines, lines_needed(text[:LONGEST_TEXT], room))
    return min(lines * _LINE_POINTS + 2, _HIGHEST_POINTS)
