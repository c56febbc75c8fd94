"""A report workbook from a description of its sheets: what the overview is made with.

openpyxl makes the page: columns, charts, formats, print. The cells, of which there may be many
thousands, are written by `Body`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import column_letters
from rules.text.language import DANISH, Language
from sheets_templates.drawing.design import CellRange, StyleRole
from sheets_templates.drawing.fast_rows import MOST_LINKS, Body, cell_xml, text_xml
from sheets_templates.drawing.sheet_page import set_up_print
from sheets_templates.drawing.styles import conditional_rule
from sheets_templates.drawing.workbook_file import Draft
from sheets_templates.report.charts import CHART_POINTS, add_charts, chart_numbers
from sheets_templates.report.description import (
    CHART_COLUMN_WIDTH,
    CHART_COLUMNS,
    FIRST_COLUMN,
    HERE,
    MOMENT_ROW,
    TITLE_ROW,
    Layout,
    Link,
    ReportCell,
    ReportSheet,
    StandingSheet,
)
from sheets_templates.report.heights import (
    LINE_POINTS,
    heading_height,
    line_height,
    long_title_height,
    rooms_of,
    row_height,
)
from sheets_templates.report.styles import ColumnStyles, ReportStyles

_MARGIN_WIDTH = 2.0
_TITLE_HEIGHT, _LABEL_HEIGHT, _FIGURE_HEIGHT = 24, 26, 30
_LONGEST_TITLE = 90


def report_workbook(
    sheets: Sequence[ReportSheet | StandingSheet],
    mark: str = "",
    language: Language = DANISH,
) -> bytes:
    """The sheets as an .xlsx file: frozen headers, filters, A4 landscape, one page wide.

    The part of a standing sheet is empty: the one of the report where it stands belongs there.
    `mark` is kept among the document's properties, where nobody sees it; `language` is that of the
    sheets.
    """
    draft = Draft()
    if mark:
        draft.mark(mark)
    worksheets = [draft.add(sheet.name, StyleRole.JOB) for sheet in sheets]
    styles = ReportStyles(worksheets[0])
    for worksheet, sheet in zip(worksheets, sheets, strict=True):
        if isinstance(sheet, StandingSheet):
            _set_up_print(worksheet, sheet, [], language)
        else:
            _fill(draft, worksheet, sheet, styles, language)
    return draft.finished(sheets[0].name)


def _fill(
    draft: Draft, worksheet: Worksheet, sheet: ReportSheet, styles: ReportStyles, language: Language
) -> None:
    body = Body()
    _add_title(worksheet, sheet, body, styles, language)
    _add_figures(worksheet, sheet, body, styles)
    cells = [
        text_xml(f"{column_letters(number)}{sheet.layout.header_row}",
                 styles.headers[heading.kind], heading.text)
        for number, heading in enumerate(sheet.headings, FIRST_COLUMN)
    ]  # fmt: skip
    body.add_row(sheet.layout.header_row, heading_height(sheet.headings), cells)
    heights = _add_rows(sheet, body, styles)
    add_charts(worksheet, sheet)
    draft.put_body(worksheet, body)
    _set_up_page(worksheet, sheet, heights, language)


def _add_title(
    worksheet: Worksheet, sheet: ReportSheet, body: Body, styles: ReportStyles, language: Language
) -> None:
    """Write the title and the line; a title longer than a line runs over several, in small type."""
    is_long = len(sheet.title) > _LONGEST_TITLE
    style = styles.long_title if is_long else styles.title
    height = long_title_height(sheet) if is_long else _TITLE_HEIGHT
    body.add_row(TITLE_ROW, height, [text_xml(f"A{TITLE_ROW}", style, sheet.title)])
    last = column_letters(sheet.layout.last_column)
    if is_long:
        worksheet.merged_cells.add(f"A{TITLE_ROW}:{last}{TITLE_ROW}")
    line = f"{sheet.line} {_links_end(sheet, language)}".strip()
    height = line_height(line, sheet.headings)
    is_long = height > line_height("", sheet.headings)
    style = styles.long_line if is_long else styles.line
    body.add_row(MOMENT_ROW, height, [text_xml(f"A{MOMENT_ROW}", style, line)])
    if is_long:
        worksheet.merged_cells.add(f"A{MOMENT_ROW}:{last}{MOMENT_ROW}")


def _links_end(sheet: ReportSheet, language: Language) -> str:
    """Says where the links stop, where there are more of them than Excel allows."""
    if len(sheet.rows) * len(sheet.headings) < MOST_LINKS - len(sheet.figures):
        return ""
    count = len(sheet.figures)
    for number, row in enumerate(sheet.rows, sheet.layout.header_row + 1):
        count += sum(1 for value in row if isinstance(value, Link))
        if count > MOST_LINKS:
            text = language.text(
                "Fra række {number} er der ikke links: Excel tillader højst 65.530 i en fane."
            )
            return text.format(number=number)
    return ""


def _add_figures(
    worksheet: Worksheet, sheet: ReportSheet, body: Body, styles: ReportStyles
) -> None:
    if not sheet.figures:
        return
    row = sheet.layout.label_row
    labels: list[str] = []
    figures: list[str] = []
    for figure, (first, last) in zip(sheet.figures, sheet.layout.figure_columns(), strict=True):
        style = styles.figure(figure.kind, figure.value, figure.mark)
        letters = [column_letters(column) for column in range(first, last + 1)]
        labels.append(text_xml(f"{letters[0]}{row}", styles.label, figure.label))
        figures.append(cell_xml(f"{letters[0]}{row + 1}", style, figure.value))
        labels += [cell_xml(f"{letter}{row}", styles.label, None) for letter in letters[1:]]
        figures += [cell_xml(f"{letter}{row + 1}", style, None) for letter in letters[1:]]
        rows = sheet.layout.rows_down_to(sheet.layout.last_row)
        body.add_link(
            f"{letters[0]}{row}", "", f"'{figure.leads_to}'!A1" if figure.leads_to else rows
        )
        if last > first:
            for number in (row, row + 1):
                worksheet.merged_cells.add(f"{letters[0]}{number}:{letters[-1]}{number}")
    body.add_row(row, _LABEL_HEIGHT, labels)
    body.add_row(row + 1, _FIGURE_HEIGHT, figures)


def _add_rows(sheet: ReportSheet, body: Body, styles: ReportStyles) -> dict[int, float]:
    """Write the table's rows and the charts' numbers; the height of each row in points."""
    layout = sheet.layout
    letters = [column_letters(FIRST_COLUMN + n) for n in range(len(sheet.headings))]
    columns = [
        styles.column(heading.kind, [row[n] for row in sheet.rows])
        for n, heading in enumerate(sheet.headings)
    ]
    rooms = rooms_of(sheet.headings)
    extra = dict(_extra_cells(sheet, styles.chart_number))
    heights = {}
    rows = dict(enumerate(sheet.rows, layout.header_row + 1))
    last = max([layout.last_row, *extra])
    for number in range(layout.header_row + 1, last + 1):
        row = rows.get(number, ())
        cells = [
            _cell(f"{letter}{number}", value, style, body)
            for letter, style, value in zip(letters, columns, row, strict=False)
        ]
        heights[number] = row_height(row, rooms)
        body.add_row(number, heights[number], [*cells, *extra.get(number, ())])
    width = max([layout.last_column, *([layout.numbers_column + 12] if sheet.charts else [])])
    body.area = f"A1:{column_letters(width)}{last}"
    return heights


def _cell(place: str, value: ReportCell, style: ColumnStyles, body: Body) -> str:
    if isinstance(value, str):
        return text_xml(place, style.text if value else style.value, value)
    if not isinstance(value, Link):
        return cell_xml(place, style.value, value)
    if not body.has_room_for_links or not value.address:
        return text_xml(place, style.text, value.text)
    body.add_link(place, "" if value.address == HERE else value.address, value.cell)
    return text_xml(place, style.link, value.text)


def _extra_cells(sheet: ReportSheet, style: int) -> Iterator[tuple[int, list[str]]]:
    """The charts' numbers as cells, by row."""
    for number, values in chart_numbers(sheet):
        yield (
            number,
            [
                cell_xml(f"{column_letters(column)}{number}", style, value)
                for column, value in enumerate(values, sheet.layout.numbers_column)
                if value is not None
            ],
        )


def _set_up_page(
    worksheet: Worksheet, sheet: ReportSheet, heights: Mapping[int, float], language: Language
) -> None:
    layout = sheet.layout
    worksheet.column_dimensions["A"].width = _MARGIN_WIDTH
    for number, heading in enumerate(sheet.headings, FIRST_COLUMN):
        worksheet.column_dimensions[column_letters(number)].width = heading.width
    for column in range(CHART_COLUMNS if sheet.charts else 0):
        letter = column_letters(layout.chart_column + column)
        worksheet.column_dimensions[letter].width = CHART_COLUMN_WIDTH
    frozen = column_letters(FIRST_COLUMN + sheet.frozen_columns)
    worksheet.freeze_panes = f"{frozen}{layout.header_row + 1}"
    worksheet.sheet_view.showGridLines = False
    charts = [_chart_area(layout, number, heights) for number in range(len(sheet.charts))]
    _set_up_print(worksheet, sheet.standing, charts, language)
    _add_rules(worksheet, sheet)


def _add_rules(worksheet: Worksheet, sheet: ReportSheet) -> None:
    """The highlights; a table whose columns come from the plans may have none of the columns."""
    first_row = sheet.layout.header_row + 1
    for one in sheet.highlights:
        if one.last >= one.first:
            left, right = FIRST_COLUMN + one.first, FIRST_COLUMN + one.last
            area = CellRange(first_row, left, sheet.layout.last_row, right).name
            rule = conditional_rule(one.mark.value, one.formula(first_row))
            worksheet.conditional_formatting.add(area, rule)


def _set_up_print(
    worksheet: Worksheet, sheet: StandingSheet, charts: Sequence[str], language: Language
) -> None:
    """What the workbook knows of a sheet besides its part: what is printed and what is filtered."""
    first, last = column_letters(FIRST_COLUMN), column_letters(sheet.last_column)
    if sheet.filters:
        worksheet.auto_filter.ref = f"{first}{sheet.header_row}:{last}{sheet.last_row}"
    set_up_print(worksheet, sheet.header_row, language)
    worksheet.print_area = [f"A1:{last}{sheet.last_row}", *charts]


def _chart_area(layout: Layout, number: int, heights: Mapping[int, float]) -> str:
    """The cells below a chart, which is as high in points wherever the rows end."""
    first = last = layout.chart_row(number)
    reached = 0.0
    while (reached := reached + heights.get(last, LINE_POINTS + 2)) < CHART_POINTS:
        last += 1
    left = column_letters(layout.chart_column)
    right = column_letters(layout.chart_column + CHART_COLUMNS)
    return f"{left}{first}:{right}{last}"
