"""A report workbook from a description of its sheets: what the overview is made with.

openpyxl makes the page: columns, charts, formats, print. The cells, of which there may be many
thousands, are written by `Body`. Every row gets a height: LibreOffice does not fit rows by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise

from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.cell_names import CellRange, column_letters
from rules.text.language import DANISH, Language
from rules.text.letter_widths import POINTS_IN_A_WIDTH, lines_in
from sheets_templates.drawing.design import StyleRole
from sheets_templates.drawing.excel import (
    conditional_rule,
    freeze,
    set_up_print,
)
from sheets_templates.drawing.workbook_file import LONGEST_TEXT, Body, Draft, cell_xml
from sheets_templates.report.charts import add_charts, chart_numbers, chart_points
from sheets_templates.report.description import (
    FIRST_COLUMN,
    HERE,
    MOMENT_ROW,
    TITLE_ROW,
    Link,
    ReportCell,
    ReportSheet,
    SheetOutline,
)
from sheets_templates.report.fitting import fitted, room_in, text_of
from sheets_templates.report.placing import (
    MARGIN_WIDTH,
    MOST_ROWS_ABOVE,
    PAGE_WIDTH,
    SIDE_COLUMN_WIDTH,
    Kind,
    PlacedCell,
    Places,
    figure_columns,
    last_row_of,
)
from sheets_templates.report.styles import ReportStyles, enter_marks, report_styles

_LONGEST_TITLE = 90
_LINE_POINTS, _TITLE_LINE_POINTS, _HIGHEST_POINTS = 13.0, 16.0, 405.0
_TITLE_HEIGHT, _LABEL_HEIGHT, _FIGURE_HEIGHT, _LOWEST_HEADING = 24.0, 28.0, 30.0, 32.0
_PAGE_POINTS = 505.0
"""How high a page is that is printed at its own size."""
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
    styles, part = report_styles()
    enter_marks(added[0][0])
    for (worksheet, body), sheet in zip(added, sheets, strict=True):
        if isinstance(sheet, SheetOutline):
            _set_up_print(worksheet, sheet, sheet.last_row, (), language)
        else:
            _SheetWriter(worksheet, body, fitted(sheet), styles, language).write()
    return draft.finished(sheets[0].name, part)


def _set_up_print(
    worksheet: Worksheet,
    sheet: SheetOutline,
    last_row: int,
    beside: Sequence[str],
    language: Language,
) -> None:
    """What the workbook knows of a sheet besides its part: what is printed and what is filtered.

    Of a sheet with nothing in it that is a cell that is empty.
    """
    first, last = column_letters(FIRST_COLUMN), column_letters(sheet.last_column)
    if sheet.filters:
        worksheet.auto_filter.ref = f"{first}{sheet.header_row}:{last}{sheet.last_row}"
    is_short = sheet.last_row - sheet.header_row <= MOST_ROWS_ABOVE
    # What follows a short table on the next page does not stand below its headings.
    is_alone = sheet.printed_column and last_row == sheet.last_row
    titles = sheet.header_row if is_alone and not (beside and is_short) else 0
    set_up_print(worksheet, titles, language)
    if not sheet.printed_column:
        worksheet.HeaderFooter = HeaderFooter()
        worksheet.print_area = f"{column_letters(sheet.last_column + 2)}{sheet.last_row + 2}"
        return
    printed = f"A1:{column_letters(sheet.printed_column)}{last_row}"
    worksheet.print_area = [printed, *beside]


@dataclass
class _SheetWriter:
    """Writes one sheet: its cells into `body`, all else with openpyxl."""

    worksheet: Worksheet
    body: Body
    sheet: ReportSheet
    styles: ReportStyles
    language: Language
    heights: dict[int, float] = field(default_factory=dict)
    whole: list[tuple[int, int]] = field(default_factory=list)
    """The first and the last row of each chart, then of each small table that is not to be cut.

    Beside charts below a table they may be: there what is nearly a page would become two."""
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
        self._add_row(TITLE_ROW, title_height, [title])
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
        self._add_row(MOMENT_ROW, lines * _LINE_POINTS + 2, [moment])
        lines = max(lines_in(one.text, room_in(one.width), bold=True) for one in sheet.headings)
        row = sheet.header_row
        cells = [
            cell_xml(f"{column_letters(number)}{row}", styles.headers[one.kind], one.text)
            for number, one in enumerate(sheet.headings, FIRST_COLUMN)
        ]
        self._add_row(row, max(_LOWEST_HEADING, lines * _LINE_POINTS + 6), cells)

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
        self._add_row(row, _LABEL_HEIGHT, labels)
        self._add_row(row + 1, _FIGURE_HEIGHT, figures)

    def _add_row(self, number: int, height: float, cells: Sequence[str]) -> None:
        self.heights[number] = height
        self.body.add_row(number, height, cells)

    def _merge(self, row: int, first: int, last: int) -> None:
        self.worksheet.merged_cells.add(CellRange(row, first, row, last).name)

    def _add_table(self) -> None:
        """Write the table column by column, and what stands below it or beside it."""
        sheet, body = self.sheet, self.body
        first = sheet.header_row + 1
        columns = sheet.columns
        self.heights |= dict(enumerate(_row_heights(sheet, columns), first))
        small = self._small_cells()
        numbers = self._chart_cells()
        end = self._end_of_links(columns)
        written = [self._column(number, values, end) for number, values in enumerate(columns)]
        rows = dict(enumerate(map("".join, zip(*written, strict=True)), first))
        last = max([sheet.last_row, self.last_row, *numbers])
        for number in range(first, last + 1):
            cells = [rows.get(number, ""), *small.get(number, ()), *numbers.get(number, ())]
            self._add_row(number, self.heights.get(number, _LINE_POINTS + 2), cells)
        width = self.places.numbers_column + 12 if sheet.charts else self.places.columns[1]
        body.area = f"A1:{column_letters(max(width, sheet.last_column))}{last}"

    def _end_of_links(self, columns: Sequence[Sequence[ReportCell]]) -> int:
        """The first row of the table for whose links there is no room, or the one below it."""
        linking = [values for values in columns if Link in set(map(type, values))]
        counts = accumulate(sum(map(_leads, row)) for row in zip(*linking, strict=True))
        rows = bisect_right([*counts], self.body.room_for_links) if linking else 0
        end = self.sheet.header_row + 1 + rows
        if linking and end <= self.sheet.last_row:
            self.body.links_end = end
        return end

    def _column(self, number: int, values: Sequence[ReportCell], end_of_links: int) -> list[str]:
        """The cells of a column of the table."""
        letters = column_letters(FIRST_COLUMN + number)
        style = self.styles.column(self.sheet.headings[number].kind, values)
        text, plain = style.text, style.value

        def link_cell(row: int, link: Link) -> str:
            leads = _leads(link) and row < end_of_links
            if leads:
                self._add_link(f"{letters}{row}", link)
            return cell_xml(f"{letters}{row}", style.link if leads else text, link.text)

        return [
            link_cell(row, value)
            if isinstance(value, Link)
            else cell_xml(
                f"{letters}{row}", text if isinstance(value, str) and value else plain, value
            )
            for row, value in enumerate(values, self.sheet.header_row + 1)
        ]

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
        # To the right of the charts they make the rows higher over which these stand.
        placed = self._placed(0) if places.is_side_by_side else []
        row = places.first_row
        for _chart in self.sheet.charts:
            below = self._row_below(row, chart_points(places))
            self.whole.append((row, below - 1))
            row = below
        add_charts(self.worksheet, self.sheet, [first for first, _ in self.whole])
        if not places.is_side_by_side:
            placed = self._placed(row - places.first_row)
        if not (places.is_below and places.is_side_by_side):
            titles = [one.row for one in placed if one.kind == Kind.TITLE]
            ends = pairwise([*titles, last_row_of(placed) + 1])
            self.whole += [(top, below - 1) for top, below in ends]
        found: dict[int, list[str]] = {}
        for one in placed:
            found.setdefault(one.row, []).extend(self._small_cell(one))
        if self.sheet.charts or placed:
            self.last_row = max(row, last_row_of(placed))
        return found

    def _placed(self, chart_rows: int) -> list[PlacedCell]:
        """The cells of the small tables, whose rows get their heights."""
        placed = list(self.places.cells(chart_rows))
        for one in placed:
            self.heights[one.row] = max(self.heights.get(one.row, 0), _small_height(one))
        return placed

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
            if _leads(value) and self.body.room_for_links:
                self._add_link(f"{column_letters(one.first)}{one.row}", value)
                style = self.styles.small_link
            value = value.text
        for column in range(one.first, one.last + 1):
            place = f"{column_letters(column)}{one.row}"
            yield cell_xml(place, style, value if column == one.first else None)
        if one.last > one.first:
            self._merge(one.row, one.first, one.last)

    def _add_link(self, place: str, link: Link) -> None:
        self.body.add_link(place, "" if link.address == HERE else link.address, link.cell)

    def _is_one_page(self, first: int, last: int) -> bool:
        """Whether these rows fit on one page of paper."""
        places = self.places
        width = (MARGIN_WIDTH if places.is_below else 0) + sum(places.widths(*places.columns))
        high = sum(self.heights.get(n, _LINE_POINTS + 2) for n in range(first, last + 1))
        return high <= _PAGE_POINTS * max(1.0, width / PAGE_WIDTH)

    def _areas_of_its_own(self) -> list[str]:
        """What is printed apart from the table: an area ends where something would be cut."""
        places = self.places
        starts = [places.first_row]
        charts = self.whole[: len(self.sheet.charts)]
        for top, bottom in sorted(self.whole):
            cuts = any(first < top <= last for first, last in charts)
            if top > starts[-1] and not cuts and not self._is_one_page(starts[-1], bottom):
                starts.append(top)
        ends = [*(row - 1 for row in starts[1:]), self.last_row]
        first, last = places.columns
        return [
            CellRange(top, first, bottom, last).name
            for top, bottom in zip(starts, ends, strict=True)
        ]

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
        last_row, beside = sheet.last_row, list[str]()
        if has_more and places.is_below and self._is_one_page(1, self.last_row):
            last_row = self.last_row
        elif has_more:
            beside = self._areas_of_its_own()
        _set_up_print(worksheet, sheet.outline, last_row, beside, self.language)
        first_row = sheet.header_row + 1
        for one in sheet.highlights:
            if one.last >= one.first:  # a table whose columns come from the plans may have none
                left, right = FIRST_COLUMN + one.first, FIRST_COLUMN + one.last
                area = CellRange(first_row, left, sheet.last_row, right).name
                rule = conditional_rule(one.mark.value, one.formula(first_row))
                worksheet.conditional_formatting.add(area, rule)


def _small_height(one: PlacedCell) -> float:
    if one.kind == Kind.TITLE:
        return _SMALL_TITLE_HEIGHT
    lines = lines_in(text_of(one.value), room_in(one.width), bold=one.kind == Kind.HEADING)
    return lines * _LINE_POINTS + 2


def _leads(value: ReportCell) -> bool:
    """Whether it is a link that leads somewhere."""
    return isinstance(value, Link) and bool(value.address)


def _row_heights(sheet: ReportSheet, columns: Sequence[Sequence[ReportCell]]) -> Iterator[float]:
    """What the rows of the table need, in points: as many lines as their highest cell."""
    lines = [1] * len(sheet.rows)
    for heading, values in zip(sheet.headings, columns, strict=True):
        room = room_in(heading.width)
        texts = [*map(text_of, values)]
        higher = {
            text: lines_in(text[:LONGEST_TEXT], room)
            for text in set(texts)
            if len(text) * _WIDEST_LETTER > room or "\n" in text
        }
        if higher:
            lines = [
                max(most, higher.get(text, 1)) for most, text in zip(lines, texts, strict=True)
            ]
    return (min(most * _LINE_POINTS + 2, _HIGHEST_POINTS) for most in lines)
