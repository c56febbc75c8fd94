"""A report workbook as openpyxl reads it: what its description says stands there, and no more."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from rules.text.letter_widths import POINTS_IN_A_WIDTH, points_of
from sheets_templates.drawing.appearance import Mark
from sheets_templates.drawing.workbook_file import MOST_LINKS
from sheets_templates.report.description import (
    CellKind,
    Chart,
    ChartKind,
    Figure,
    Heading,
    Highlight,
    Link,
    ReportCell,
    ReportSheet,
    Series,
    SmallTable,
)
from sheets_templates.report.excel import report_workbook
from sheets_templates.report.placing import Places, figure_columns
from tests.sync.helpers import values_by_calamine
from tests.sync.packages import member

HEADINGS = (
    Heading("Navn", width=20),
    Heading("Kr.", CellKind.AMOUNT),
    Heading("Dag", CellKind.DATE),
)
ROW: list[ReportCell] = ["a", Decimal("1.50"), date(2026, 11, 23)]
CHART = Chart(
    ChartKind.SHARES,
    "Titel",
    ("", "P-1", ""),
    (
        Series("Del", (None, Decimal("0.2"), None)),
        Series("Krav", (Decimal("0.25"),) * 3, is_limit=True),
    ),
)


def report_sheet(rows: list[list[ReportCell]], **other: Any) -> ReportSheet:
    return ReportSheet("Fane", "Titel", "Linje", HEADINGS, rows, **other)


def read(one: ReportSheet) -> Worksheet:
    workbook = openpyxl.load_workbook(io.BytesIO(report_workbook([one])))
    found = workbook[one.name]
    assert isinstance(found, Worksheet)
    return found


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("=1+1", "=1+1"),
        ("+45", "+45"),
        (" blanks ", " blanks "),
        ("<b> & \"x\"", "<b> & \"x\""),
        ("_x0041_", "_x0041_"),
        ("a\nb", "a\nb"),
        ("bell\x07", "bell "),
        ("", None),
        (None, None),
        (7, 7),
        (Decimal("-0.01"), -0.01),
        (Link("=x", "a b.xlsx", "'F'!A1"), "=x"),
    ],
)  # fmt: skip
def test_a_value_stands_as_it_is(value: ReportCell, stands: object) -> None:
    cell = read(report_sheet([[value, None, None]]))["B4"]
    there = cell.value
    assert (unescape(there) if isinstance(there, str) else there) == stands
    assert cell.data_type != "f"


@pytest.mark.parametrize("day", [date(1900, 3, 1), date(1999, 12, 31), date(2060, 1, 1)])
def test_a_day_stands_as_a_day(day: date) -> None:
    there = read(report_sheet([["a", None, day]]))["D4"].value
    assert isinstance(there, datetime)
    assert there.date() == day


def test_links_lead_to_their_place_and_share_their_target() -> None:
    rows: list[list[ReportCell]] = [[Link("x", "a.xlsx", f"'F'!A{n}"), None, None] for n in (1, 2)]
    data = report_workbook([report_sheet(rows)])
    found = openpyxl.load_workbook(io.BytesIO(data))["Fane"]
    places = [(found[f"B{n}"].hyperlink.target, found[f"B{n}"].hyperlink.location) for n in (4, 5)]
    assert places == [("a.xlsx", "'F'!A1"), ("a.xlsx", "'F'!A2")]


@pytest.mark.slow
def test_more_links_than_excel_allows_stop_and_say_so() -> None:
    rows: list[list[ReportCell]] = [
        [Link(f"n{n}", "a.xlsx", f"'F'!A{n}"), None, None] for n in range(MOST_LINKS + 3)
    ]
    data = report_workbook([report_sheet(rows)])
    links = re.findall(rb'<hyperlink ref="(\w+)"', member(data, "xl/worksheets/sheet1.xml"))
    last = MOST_LINKS + 3
    assert links == [b"B%d" % row for row in range(4, last + 1)]
    found = values_by_calamine(data)
    assert found["Fane", f"B{last + 1}"] == f"n{MOST_LINKS}"
    assert found["Fane", "A2"].startswith(f"Linje Fra række {last + 1} er der ikke links")


def test_amounts_have_decimals_where_one_of_them_needs_them() -> None:
    assert read(report_sheet([ROW]))["C4"].number_format.startswith("#,##0.00")
    whole: list[ReportCell] = ["a", Decimal("2.00"), None]
    assert not read(report_sheet([whole]))["C4"].number_format.startswith("#,##0.00")


def test_large_figures_stand_above_the_table_and_lead_to_their_tab() -> None:
    figures = (Figure("Penge", Decimal(5), CellKind.AMOUNT), Figure("Fejl", 2, leads_to="Fane"))
    found = read(report_sheet([ROW], figures=figures))
    assert [found.cell(3, c).value for c in range(2, 5)] == ["Penge", None, "Fejl"]
    assert [found.cell(4, c).value for c in range(2, 5)] == [5, None, 2]
    assert found["D3"].hyperlink.location == "'Fane'!A1"
    assert [cell.value for cell in found[6]][1:] == ["Navn", "Kr.", "Dag"]
    assert found["B7"].value == "a"
    assert found.freeze_panes == "C7"


def test_what_room_the_paper_has_goes_where_it_makes_the_rows_lowest() -> None:
    long = "Den lokale medfinansiering er under kravet om mindst 25 pct. af planens samlede budget"
    rows: list[list[ReportCell]] = [[f"P-{n}", "kort", long] for n in range(40)]
    wishes = (Heading("Plan", width=90), Heading("Ord", width=90), Heading("Besked", width=60))
    sheet = read(ReportSheet("Fane", "Titel", "", wishes, rows))
    widths = [sheet.column_dimensions[letter].width for letter in "BCD"]
    assert sum(widths) <= 178
    assert {sheet.row_dimensions[n].height for n in range(4, 44)} == {15}


def test_a_text_in_bold_letters_is_not_broken() -> None:
    wishes = (Heading("Tilstand", width=5), Heading("Besked", width=200))
    rows: list[list[ReportCell]] = [["▲ Ret en fejl", "ord " * 60]]
    marked = (Highlight(Mark.BAD, "▲", 0, 0),)
    plain, bold = (
        read(ReportSheet("Fane", "Titel", "", wishes, rows, highlights=one)) for one in ((), marked)
    )
    words = points_of("▲ Ret en fejl", bold=True) / POINTS_IN_A_WIDTH
    widths = [one.column_dimensions["B"].width for one in (plain, bold)]
    assert widths[0] < widths[1]
    assert words < widths[1]


def test_beside_a_long_table_stand_charts_and_small_tables_side_by_side_on_one_page() -> None:
    table = SmallTable("Frister", (1, 3, 1), [["x", "y", "z"]] * 5)
    one = ReportSheet("Fane", "Titel", "Linje", (Heading("A", width=90),), [["a"]] * 40,
                      charts=(CHART,), tables=(table,) * 3)  # fmt: skip
    sheet = read(one)
    assert str(sheet.print_area).count(",") == 1
    (chart,) = sheet._charts  # type: ignore[attr-defined]  # openpyxl's stubs hide it
    frames = [area.min_col for area in sheet.merged_cells.ranges if area.min_row > 4]
    assert min(frames) > chart.anchor._from.col + 1


PAGE_POINTS = (210 / 25.4 - 2 * 0.6) * 72


@pytest.mark.parametrize("lines", [0, 4, 40])
@pytest.mark.parametrize("charts", [1, 2, 3])
@pytest.mark.parametrize("rows", [3, 40])
def test_no_chart_is_cut_by_the_end_of_a_page(rows: int, charts: int, lines: int) -> None:
    """Also where the small tables beside them make their rows high."""
    headings = tuple(Heading(f"Overskrift {n}", width=14) for n in range(10))
    table = SmallTable("Frister", (1, 1), [["en tekst over flere linjer " * 3, "b"]] * lines)
    one = ReportSheet("Fane", "Titel", "Linje", headings, [["a"] * 10] * rows,
                      charts=(CHART,) * charts, tables=(table,) if lines else ())  # fmt: skip
    sheet = read(one)
    areas: list[Any] = [range_boundaries(a.rpartition("!")[2]) for a in sheet.print_area.split(",")]

    def points(first: int, last: int) -> float:
        return sum(sheet.row_dimensions[n].height or 15 for n in range(first, last + 1))

    drawn: list[Any] = sheet._charts  # type: ignore[attr-defined]  # openpyxl's stubs hide it
    for chart in drawn:
        top = chart.anchor._from.row + 1
        ((first, last),) = [(a[1], a[3]) for a in areas if a[1] <= top <= a[3]
                            and a[0] <= chart.anchor._from.col + 1 <= a[2]]  # fmt: skip
        before, high = points(first, top - 1), chart.anchor.ext.height / 12_700
        assert high <= points(top, last)
        assert before + high <= PAGE_POINTS


def test_a_small_table_beside_a_chart_is_not_cut_by_the_end_of_a_page() -> None:
    """To the right of a long table, whose rows may be high."""
    lines = ["a\nb\nc", "b", "c"]
    table = SmallTable("Frister", (1, 1), [["x", "y"]] * 5)
    one = ReportSheet("Fane", "Titel", "Linje", tuple(Heading(t, width=40) for t in "ABC"),
                      [lines] * 40, charts=(CHART,), tables=(table,) * 3)  # fmt: skip
    sheet = read(one)
    _table, *beside = str(sheet.print_area).split(",")
    areas: list[Any] = [range_boundaries(area.rpartition("!")[2]) for area in beside]
    titles = [cell.row for row in sheet.iter_rows(min_row=4, min_col=areas[0][0])
              for cell in row if cell.value == "Frister"]  # fmt: skip
    assert len(titles) == 3
    assert len(areas) == 2
    for title in titles:
        assert [a for a in areas if a[1] <= title and title + 5 <= a[3]]


def test_a_chart_is_drawn_from_the_numbers_beside_it() -> None:
    one = report_sheet([ROW], charts=(CHART,))
    found = read(one)
    places = Places(one)
    row, column = places.first_row, places.numbers_column
    grid = [[found.cell(row + n, column + m).value for m in range(3)] for n in range(4)]
    assert grid == [
        [None, "Del", "Krav"], [None, None, 0.25], ["P-1", 0.2, 0.25], [None, None, 0.25],
    ]  # fmt: skip
    charts: list[Any] = found._charts  # type: ignore[attr-defined]  # openpyxl's stubs hide it
    (bars,) = charts
    drawn = [series for chart in [bars, *bars._charts] for series in chart.series]
    letters = [get_column_letter(column + n) for n in (1, 2)]
    areas = {series.val.numRef.f.replace("$", "") for series in drawn}
    assert areas == {f"'Fane'!{letter}{row + 1}:{letter}{row + 3}" for letter in letters}
    assert row > found.max_row - 30 > 0 or places.is_below


@pytest.mark.parametrize(
    ("by", "formula"),
    [(None, 'UPPER(LEFT(B4,3))="FEJ"'), (2, 'UPPER(LEFT($D4,3))="FEJ"')],
)
def test_a_highlight_goes_by_the_words_that_stand_there(by: int | None, formula: str) -> None:
    found = read(report_sheet([ROW], highlights=(Highlight(Mark.BAD, "Fej", 0, 1, by=by),)))
    (area,) = found.conditional_formatting
    assert str(area.sqref) == "B4:C4"
    assert area.rules[0].formula == [formula]
    assert area.rules[0].dxf.font.b


@pytest.mark.parametrize("mark", Mark)
def test_every_mark_has_a_look(mark: Mark) -> None:
    assert read(
        report_sheet([ROW], highlights=(Highlight(mark, "x", 0, 0),))
    ).conditional_formatting


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_figures_share_out_all_columns(count: int) -> None:
    figures = tuple(Figure(f"F{n}", n) for n in range(count))
    spans = figure_columns(report_sheet([ROW], figures=figures))
    assert [column for first, last in spans for column in range(first, last + 1)] == [2, 3, 4]


def test_the_same_contents_give_the_same_bytes() -> None:
    one = report_sheet([ROW], charts=(CHART,), figures=(Figure("F", 1),))
    assert report_workbook([one]) == report_workbook([one])
