"""A report workbook from a description of its sheets: what the overview is made with.

openpyxl makes the page: title, figures, header row, charts, formats, print. The table's rows, of
which there may be many thousands, are written by `Body`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sheets_templates import styles
from sheets_templates.body import LONGEST_TEXT, MOST_LINKS, Body, cell_xml, text_xml
from sheets_templates.description import (
    CHART_COLUMN_WIDTH,
    CHART_COLUMNS,
    FIRST_COLUMN,
    MOMENT_ROW,
    TITLE_ROW,
    Heading,
    Kind,
    Link,
    ReportCell,
    ReportSheet,
    has_oere,
)
from sheets_templates.draft import Draft
from sheets_templates.marks import FIGURE_INK
from sheets_templates.palette import CHANGE_FORMAT, TEXT_FORMAT, WHOLE_AMOUNT_FORMAT, TabColour
from sheets_templates.report_charts import CHART_POINTS, add_charts, chart_numbers
from sheets_templates.report_marks import rules
from sheets_templates.sheet_page import set_up_print
from sheets_templates.styles import GRID, Look

_MARGIN_WIDTH = 2.0
_LOWEST_HEADING, _LABEL_HEIGHT, _FIGURE_HEIGHT = 32.0, 26, 30
_TEXT_HEADER = replace(styles.HEADER, number_format=TEXT_FORMAT)
_RIGHT_HEADING = Alignment(horizontal="right", vertical="center", indent=1, wrap_text=True)
_CENTRED_HEADING = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="top")
LOOKS: dict[Kind, Look] = {
    Kind.TEXT: styles.TABLE_TEXT,
    Kind.AMOUNT: replace(styles.AMOUNT, border=GRID, alignment=_RIGHT),
    Kind.DATE: replace(styles.DATE, border=GRID),
    Kind.PERCENT: replace(styles.PERCENT, border=GRID, alignment=_RIGHT),
    Kind.COUNT: replace(styles.NUMBER, border=GRID, alignment=_RIGHT, number_format="0"),
    Kind.CHANGE: replace(styles.NUMBER, border=GRID, alignment=_RIGHT, number_format=CHANGE_FORMAT),
    Kind.CENTRED: styles.CENTRED,
}
"""How the cells of each kind of column look."""
_PAD = "_-"
"""Room as wide as a dash to the right of numbers: LibreOffice forgets some of the indents."""
LINE_POINTS = 13.0
_LONGEST_TITLE = 90
_TITLE_LINE_POINTS = 16.0
_BOLD_WIDENS = 1.35
"""How much wider a title's letters are than the width of a column counts."""
_HIGHEST_POINTS = 405.0
_INDENT_CHARACTERS = 1.5
_LETTERS_IN_A_WIDTH = 1.06
"""A column's width counts digits; of letters, which are narrower on average, more find room."""
_BOLD_TAKES = 1.08


def report_workbook(sheets: Sequence[ReportSheet], mark: str = "") -> bytes:
    """The sheets as an .xlsx file: frozen headers, filters, A4 landscape, one page wide.

    `mark` is kept among the document's properties, where nobody sees it.
    """
    draft = Draft()
    if mark:
        draft.mark(mark)
    for sheet in sheets:
        _fill(draft, draft.add(sheet.name, TabColour.JOB), sheet)
    return draft.finished(sheets[0].name)


def _fill(draft: Draft, worksheet: Worksheet, sheet: ReportSheet) -> None:
    layout = sheet.layout
    body = Body()
    line = f"{sheet.line} {_links_end(sheet)}".strip()
    _set_title(draft, worksheet, sheet)
    draft.put(worksheet, MOMENT_ROW, 1, line or None, styles.MUTED)
    worksheet.column_dimensions["A"].width = _MARGIN_WIDTH
    for number, heading in enumerate(sheet.headings, FIRST_COLUMN):
        look = _header_look(heading.kind)
        draft.put(worksheet, layout.header_row, number, heading.text, look)
        worksheet.column_dimensions[get_column_letter(number)].width = heading.width
    worksheet.row_dimensions[layout.header_row].height = _heading_height(sheet)
    _add_figures(draft, worksheet, sheet, body)
    heights = _add_rows(worksheet, sheet, body)
    add_charts(worksheet, sheet)
    draft.put_body(worksheet, body)
    _set_up_page(worksheet, sheet, heights)


def _set_title(draft: Draft, worksheet: Worksheet, sheet: ReportSheet) -> None:
    """Write the title; one that is longer than a line runs over several, in smaller type."""
    if len(sheet.title) <= _LONGEST_TITLE:
        draft.put(worksheet, TITLE_ROW, 1, sheet.title, styles.TITLE)
        worksheet.row_dimensions[TITLE_ROW].height = 24
        return
    draft.put(worksheet, TITLE_ROW, 1, sheet.title, styles.LONG_TITLE)
    width = sum(heading.width for heading in sheet.headings)
    lines = math.ceil(len(sheet.title) * _BOLD_WIDENS / width)
    worksheet.row_dimensions[TITLE_ROW].height = lines * _TITLE_LINE_POINTS + 6
    worksheet.merge_cells(None, TITLE_ROW, 1, TITLE_ROW, sheet.layout.last_column)


def _links_end(sheet: ReportSheet) -> str:
    """Says where the links stop, where there are more of them than Excel allows."""
    if len(sheet.rows) * len(sheet.headings) < MOST_LINKS - len(sheet.figures):
        return ""
    count = len([figure for figure in sheet.figures if figure.leads_to])
    for number, row in enumerate(sheet.rows, sheet.layout.header_row + 1):
        count += sum(1 for value in row if isinstance(value, Link))
        if count > MOST_LINKS:
            return f"Fra række {number} er der ikke links: Excel tillader højst 65.530 i en fane."
    return ""


def _header_look(kind: Kind) -> Look:
    """A header stands where its column's values stand: to the right over numbers.

    It is text also for who edits it: a few headers are what somebody typed.
    """
    if kind in {Kind.TEXT, Kind.DATE}:
        return _TEXT_HEADER
    alignment = _CENTRED_HEADING if kind is Kind.CENTRED else _RIGHT_HEADING
    return replace(_TEXT_HEADER, alignment=alignment)


def _heading_height(sheet: ReportSheet) -> float:
    """What the header row needs to show its texts, in points."""
    rooms = [(one.text, one.width / _BOLD_TAKES - _INDENT_CHARACTERS) for one in sheet.headings]
    lines = max(_lines(text, room) for text, room in rooms)
    return max(_LOWEST_HEADING, lines * LINE_POINTS + 6)


def _add_figures(draft: Draft, worksheet: Worksheet, sheet: ReportSheet, body: Body) -> None:
    row = sheet.layout.label_row
    if not sheet.figures:
        return
    worksheet.row_dimensions[row].height = _LABEL_HEIGHT
    worksheet.row_dimensions[row + 1].height = _FIGURE_HEIGHT
    for figure, (first, last) in zip(sheet.figures, sheet.layout.figure_columns(), strict=True):
        look = replace(styles.FIGURE, number_format=_format(figure.kind, [figure.value]))
        if figure.mark:
            ink = styles.font(FIGURE_INK[figure.mark], bold=True, size=18)
            look = replace(look, font=ink)
        label = styles.FIGURE_LINK if figure.leads_to else styles.FIGURE_LABEL
        for column in range(first, last + 1):
            label.apply(worksheet.cell(row, column))
            look.apply(worksheet.cell(row + 1, column))
        draft.put(worksheet, row, first, figure.label, label)
        draft.put(worksheet, row + 1, first, figure.value, look)
        if figure.leads_to:
            place = f"{get_column_letter(first)}{row}"
            body.add_link(place, "", f"'{figure.leads_to}'!A1")
        for number in (row, row + 1):
            if last > first:
                worksheet.merge_cells(
                    start_row=number, end_row=number, start_column=first, end_column=last
                )


def _format(kind: Kind, values: Sequence[ReportCell]) -> str:
    """The number format of these values; amounts have decimals where one of them needs them."""
    look = LOOKS[kind]
    code = look.number_format
    if kind is Kind.AMOUNT and not has_oere(values):
        code = WHOLE_AMOUNT_FORMAT
    if look.alignment != _RIGHT:
        return code
    return ";".join(f"{section}{_PAD}" for section in code.split(";"))


class _Brush:
    """The styles of a column's cells, by what stands in them."""

    def __init__(self, worksheet: Worksheet, heading: Heading, values: Sequence[ReportCell]):
        look = LOOKS[heading.kind]
        look = replace(look, number_format=_format(heading.kind, values))
        self.value = _style(worksheet, look)
        wrapped = copy(look.alignment)
        wrapped.wrap_text = True
        pad = _PAD if look.alignment == _RIGHT else ""
        text = replace(look, number_format=f"{TEXT_FORMAT}{pad}", alignment=wrapped)
        self.text = _style(worksheet, text)
        self.link = _style(worksheet, replace(styles.LINK, alignment=wrapped))


def _style(worksheet: Worksheet, look: Look) -> int:
    """The number by which cells of this look refer to it."""
    cell = Cell(worksheet, 1, 1)
    look.apply(cell)
    return cell.style_id


def _add_rows(worksheet: Worksheet, sheet: ReportSheet, body: Body) -> dict[int, float]:
    """Write the table's rows and the charts' numbers; the height of each row in points."""
    layout = sheet.layout
    letters = [get_column_letter(FIRST_COLUMN + n) for n in range(len(sheet.headings))]
    brushes = [
        _Brush(worksheet, heading, [row[n] for row in sheet.rows])
        for n, heading in enumerate(sheet.headings)
    ]
    extra = dict(_extra_cells(worksheet, sheet))
    heights = {}
    rows = dict(enumerate(sheet.rows, layout.header_row + 1))
    last = max([layout.last_row, *extra])
    for number in range(layout.header_row + 1, last + 1):
        row = rows.get(number, ())
        cells = []
        for letter, brush, value in zip(letters, brushes, row, strict=False):
            place = f"{letter}{number}"
            if isinstance(value, str):
                cells.append(text_xml(place, brush.text if value else brush.value, value))
            elif isinstance(value, Link):
                cells.append(_link_cell(place, value, brush, body))
            else:
                cells.append(cell_xml(place, brush.value, value))
        heights[number] = _height(row, sheet.headings)
        body.add_row(number, heights[number], [*cells, *extra.get(number, ())])
    width = max([layout.last_column, *([layout.numbers_column + 12] if sheet.charts else [])])
    body.area = f"A1:{get_column_letter(width)}{last}"
    return heights


def _link_cell(place: str, link: Link, brush: _Brush, body: Body) -> str:
    if not body.has_room_for_links or not link.address:
        return text_xml(place, brush.text, link.text)
    body.add_link(place, link.address, link.cell)
    return text_xml(place, brush.link, link.text)


def _extra_cells(worksheet: Worksheet, sheet: ReportSheet) -> Iterator[tuple[int, list[str]]]:
    """The charts' numbers as cells, by row."""
    look = _style(worksheet, styles.CHART_NUMBER)
    for number, values in chart_numbers(sheet):
        yield (
            number,
            [
                cell_xml(f"{get_column_letter(column)}{number}", look, value)
                for column, value in enumerate(values, sheet.layout.numbers_column)
                if value is not None
            ],
        )


def _height(row: Sequence[ReportCell], headings: Sequence[Heading]) -> float:
    """What the row needs to show its texts, in points; LibreOffice does not fit rows by itself."""
    lines = 1
    for value, heading in zip(row, headings, strict=False):
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str):
            room = heading.width * _LETTERS_IN_A_WIDTH - _INDENT_CHARACTERS
            if len(text) > room or "\n" in text:
                lines = max(lines, _lines(text[:LONGEST_TEXT], room))
    return min(lines * LINE_POINTS + 2, _HIGHEST_POINTS)


def _lines(text: str, room: float) -> int:
    """How many lines a text takes, words kept whole; `room` in characters."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > room:
                lines, used = lines + 1, 0.0
            used += len(word) + (1 if used else 0)
            if used > room:
                lines += math.ceil(used / room) - 1
                used %= room
    return lines


def _set_up_page(worksheet: Worksheet, sheet: ReportSheet, heights: dict[int, float]) -> None:
    layout = sheet.layout
    first, last = get_column_letter(FIRST_COLUMN), get_column_letter(layout.last_column)
    if sheet.filters:
        worksheet.auto_filter.ref = f"{first}{layout.header_row}:{last}{layout.last_row}"
    frozen = get_column_letter(FIRST_COLUMN + sheet.frozen_columns)
    worksheet.freeze_panes = f"{frozen}{layout.header_row + 1}"
    worksheet.sheet_view.showGridLines = False
    set_up_print(worksheet, layout.header_row)
    areas = [f"A1:{last}{layout.last_row}"]
    areas += [_chart_area(sheet, number, heights) for number in range(len(sheet.charts))]
    worksheet.print_area = areas
    for column in range(CHART_COLUMNS if sheet.charts else 0):
        letter = get_column_letter(layout.chart_column + column)
        worksheet.column_dimensions[letter].width = CHART_COLUMN_WIDTH
    for area, rule in rules(sheet):
        worksheet.conditional_formatting.add(area, rule)


def _chart_area(sheet: ReportSheet, number: int, heights: dict[int, float]) -> str:
    """The cells below a chart, which is as high in points wherever the rows end."""
    layout = sheet.layout
    first = last = layout.chart_row(number)
    reached = 0.0
    while (reached := reached + heights.get(last, LINE_POINTS + 2)) < CHART_POINTS:
        last += 1
    left = get_column_letter(layout.chart_column)
    right = get_column_letter(layout.chart_column + CHART_COLUMNS)
    return f"{left}{first}:{right}{last}"
