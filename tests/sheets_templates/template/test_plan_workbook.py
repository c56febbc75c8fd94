"""The plan workbook: what it holds, and what the rules say about it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from openpyxl.utils import get_column_letter

from rules.model.cells import FormulaError
from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from rules.model.tables import ACTIVITIES, CONTROL_HEADER, PLAN, TABLES, WARNINGS_TAB, Table
from rules.text.cell_names import column_letters
from sheets_templates.drawing.appearance import DATE_FORMAT, TEXT_FORMAT, Style
from sheets_templates.drawing.design import Formula
from sheets_templates.template.plan_design import (
    Row,
    plan_workbook,
    plan_years,
)
from tests.rules.helpers import lines, noticed
from tests.sheets_templates.books import (
    MASTER,
    empty_book,
    example_book,
    funded,
    grid,
    headers,
    opened,
    raw,
)

TABLES_WITH_ROWS = [table for table in TABLES if not table.is_form]


def test_tabs_stand_in_the_order_of_the_tables_and_advarsler_last() -> None:
    book = opened(empty_book())
    tabs = [table.tab for table in TABLES]
    assert book.sheetnames == [*tabs, "Vejledning", "Lister", WARNINGS_TAB]
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"] == [
        "Lister"
    ]
    assert book.active is book["Plan"]


@pytest.mark.parametrize("table", TABLES_WITH_ROWS, ids=lambda table: table.tab)
def test_headers_are_those_of_the_tables_with_kontrol_last(table: Table) -> None:
    found = headers(opened(empty_book())[table.tab])
    expected: list[object] = [column.header for column in table.columns]
    if table.has_years:
        at = expected.index("I alt")
        expected[at:at] = [2025, 2026, 2027, 2028]
    for before, own in {
        "Regnskab": (("Forbrug", "Budget"), ("Bemærkning", "Tilbage")),
        "Indberetning": (("Frist", "Programmets frist"),),
    }.get(table.tab, ()):
        expected.insert(expected.index(before), own)
    assert found == [*expected, CONTROL_HEADER]


@pytest.mark.parametrize("table", TABLES_WITH_ROWS, ids=lambda table: table.tab)
def test_required_columns_have_the_dark_header(table: Table) -> None:
    sheet = opened(empty_book())[table.tab]
    dark, light = (
        f"00{style.value.background}" for style in (Style.HEADER_REQUIRED, Style.HEADER_OPTIONAL)
    )
    required = {column.header: column.required for column in table.columns}
    for cell in sheet[3]:
        is_dark = isinstance(cell.value, int) or required.get(str(cell.value), False)
        assert cell.fill.start_color.rgb == (dark if is_dark else light), cell.value


def test_the_form_is_filled_in() -> None:
    sheet = opened(empty_book())["Plan"]
    assert headers(sheet) == ["Felt", "Værdi", "Kontrol"]
    shown = {row[0].value: row[1] for row in sheet.iter_rows(min_row=4)}
    assert list(shown) == [column.header for column in PLAN.columns]
    assert {label: cell.value for label, cell in shown.items() if cell.value} == {
        "Plan-id": "VAP-2025",
        "Plannavn": "Helhedsplan Vapnagaard 2025-2028",
        "Boligområde": "Vapnagaard",
        "Boligorganisation": "Boliggården",
        "Program": "2011-14",
        "Startdato": sheet["B10"].value,
        "Slutdato": sheet["B11"].value,
        "Planstatus": "I gang",
        "Kontaktperson": "Mette Holm",
        "E-mail": "mette.holm@boliggaarden.example",
    }
    assert sheet["B10"].value.date() == date(2025, 1, 1)
    assert sheet["B10"].number_format == DATE_FORMAT
    assert shown["Program"].number_format == TEXT_FORMAT


def test_an_empty_template_is_only_told_what_a_plan_without_rows_lacks() -> None:
    assert lines(noticed(raw(empty_book()))) == [
        "FIN-10 Finansiering",
        *["FOR-01 Forberedelse"] * 4,
        "GOD-07 Plan!B12",
        "GOD-09 Godkendelser",
        "IBR-01 Indberetning!E4",
        "IBR-01 Indberetning!E5",
        "MED-01 Medarbejdere",
        "REG-05 Regnskab",
    ]


def test_an_empty_draft_plan_has_no_finding() -> None:
    draft = replace(MASTER, status="Under udarbejdelse", programme="2019-26")
    assert lines(noticed(raw(plan_workbook(SHIPPED, draft)))) == []


def test_the_example_plan_has_no_finding() -> None:
    assert lines(noticed(raw(example_book()))) == []


def test_it_is_small_and_always_the_same() -> None:
    assert len(empty_book()) < 40_000
    assert len(example_book()) < 40_000
    assert empty_book() == empty_book()


def test_formats_are_those_of_columns_and_not_of_blank_rows() -> None:
    book = opened(empty_book())
    lines = {table.tab: 15 for table in TABLES_WITH_ROWS}  # to write on, and no more
    last_rows = lines | {"Finansiering": 16, "Advarsler": 3, "Regnskab": 31, "Indberetning": 15}
    assert {name: book[name].max_row for name in last_rows} == last_rows
    assert book["Indsatser"].column_dimensions["F"].number_format == DATE_FORMAT
    assert book["Indsatser"].column_dimensions["I"].number_format == "#,##0.00"
    assert book["Indsatser"].column_dimensions["A"].number_format == TEXT_FORMAT
    control = book["Indsatser"].column_dimensions[column_letters(len(ACTIVITIES.columns) + 1)]
    assert control.alignment.wrap_text
    assert 50 <= control.width <= 70


@pytest.mark.parametrize("name", [table.tab for table in TABLES] + [WARNINGS_TAB])
def test_the_header_stays_in_view_and_on_every_printed_page(name: str) -> None:
    sheet = opened(empty_book())[name]
    assert str(sheet.freeze_panes)[1:] == "4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("table", TABLES_WITH_ROWS, ids=lambda table: table.tab)
def test_every_column_but_kontrol_is_printed(table: Table) -> None:
    sheet = opened(empty_book())[table.tab]
    last = get_column_letter(headers(sheet).index(CONTROL_HEADER))
    printed = f"$A$1:${last}$1048576"
    assert sheet.print_area == f"'{table.tab}'!{printed}"


def test_advarsler_waits_for_the_job_with_wrapping_columns() -> None:
    sheet = opened(empty_book())[WARNINGS_TAB]
    assert sheet["A1"].value == "Regnearket er ikke kontrolleret endnu."
    assert headers(sheet) == [
        "Alvor", "Kode", "Fane", "Celle", "Felt", "Besked", "Sådan retter du", "Først set",
    ]  # fmt: skip
    for letter in "ABCDEFGH":
        assert sheet.column_dimensions[letter].alignment.wrap_text
        assert sheet.column_dimensions[letter].number_format == TEXT_FORMAT


def test_document_properties() -> None:
    properties = opened(empty_book()).properties
    assert properties.title == "VAP-2025 – Helhedsplan Vapnagaard 2025-2028"
    assert properties.creator == "helhedsplan"
    assert properties.created == properties.modified


def test_the_default_font_is_the_one_of_the_styles() -> None:
    book = opened(empty_book())
    names = {cell.font.name for sheet in book for row in sheet.iter_rows() for cell in row}
    assert names == {"Arial"}


def test_numbers_in_text_columns_are_not_marked_as_suspect() -> None:
    with zipfile.ZipFile(io.BytesIO(empty_book())) as package:
        sheet = package.read("xl/worksheets/sheet3.xml").decode()
    last = column_letters(len(ACTIVITIES.columns))
    assert f'<ignoredError sqref="A4:{last}500" numberStoredAsText="1"/>' in sheet


@pytest.mark.parametrize("text", ["=1+1", "#REF!", "+45 49 28 28 28", "@navn", "007", " a "])
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    rows = {"Indsatser": [{"Aktivitet": text}]}
    cell = opened(plan_workbook(SHIPPED, MASTER, rows))["Indsatser"]["C4"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_wrapped_formula_is_one_and_has_its_result() -> None:
    formula = Formula("=1000*2", Decimal("2000.50"))
    broken = Formula("=1/0", FormulaError("#DIV/0!"))
    rows = {"Indsatser": [{"Budget": formula}, {"Budget": broken}, {"Nr.": Formula('=""', "")}]}
    data = plan_workbook(SHIPPED, MASTER, rows)
    assert opened(data)["Indsatser"]["I4"].value == "=1000*2"
    stored = opened(data, values=True)["Indsatser"]
    assert stored["I4"].value == 2000.5
    assert (stored["I5"].value, stored["I5"].data_type) == ("#DIV/0!", "e")
    assert not stored["A6"].value


def test_a_funding_row_gets_its_sum_and_the_total_row_adds_up() -> None:
    data = funded(
        {"Kilde": "LBF", "2025": 100, "2026": Decimal("200.50")},
        {"Kilde": "Kommune", "2025": 0.25, "2026": "ca. 500"},
        {"Kilde": "Fond"},
    )
    assert grid(data, "Finansiering", 4, 7) == [
        ["LBF", None, None, None, 100, 200.5, 300.5, None, None],
        ["Kommune", None, None, None, 0.25, "ca. 500", 0.25, None, None],
        ["Fond", None, None, None, None, None, None, None, None],
        [None, None, None, None, None, None, None, None, None],
    ]  # fmt: skip
    assert grid(data, "Finansiering", 16, 16) == [
        ["I alt", None, None, None, 100.25, 200.5, 300.75, None, None]
    ]


def test_rows_without_amounts_do_not_count_as_filled() -> None:
    (funding,) = (tab for tab in raw(empty_book()).tabs if tab.name == "Finansiering")
    assert [row for row, cells in funding.rows if row > 3 and any(cells)] == [16]


def test_more_rows_push_the_total_row_down() -> None:
    rows: list[Row] = [{"Kilde": f"Kilde {n}", "2025": n} for n in range(1, 21)]
    data = funded(*rows)
    assert grid(data, "Finansiering", 27, 27)[0][:7] == ["I alt", None, None, None, 210, 0, 210]


def test_typed_sums_take_the_place_of_formulas() -> None:
    data = funded(
        {"Kilde": "LBF", "2025": 100, "I alt": 999},
        {"Kilde": "Total", "2025": 1, "Bemærkning": "forkert"},
    )
    assert grid(data, "Finansiering", 4, 4)[0][4:7] == [100, None, 999]
    total = grid(data, "Finansiering", 16, 16)[0]
    assert total == ["Total", None, None, None, 1, 0, 1, "forkert", None]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"Plan": []}, "Plan"),
        ({"Økonomi": []}, "Økonomi"),
        ({"Indsatser": [{"Navn": "x"}]}, "Navn"),
        ({"Finansiering": [{"2031": 1}]}, "2031"),
    ],
)
def test_rows_for_places_that_are_not_there_are_refused(
    rows: dict[str, list[dict[str, object]]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plan_workbook(SHIPPED, MASTER, rows)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("starts", "ends", "years"),
    [
        (date(2025, 1, 1), date(2028, 12, 31), [2025, 2026, 2027, 2028]),
        (date(2025, 7, 1), date(2026, 6, 30), [2025, 2026]),
        (date(2025, 1, 1), date(2025, 12, 31), [2025]),
    ],
)
def test_years_are_those_of_the_period(starts: date, ends: date, years: list[int]) -> None:
    assert plan_years(replace(MASTER, starts_on=starts, ends_on=ends)) == years


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (None, date(2028, 12, 31)),
        (date(2025, 1, 1), "31. december"),
        (date(2028, 1, 1), date(2025, 1, 1)),
        (date(1999, 1, 1), date(2002, 1, 1)),
    ],
)
def test_without_a_period_the_years_must_be_given(
    starts: date | None, ends: date | str | None
) -> None:
    master = replace(MASTER, starts_on=starts, ends_on=ends)  # type: ignore[arg-type]  # text too
    with pytest.raises(ValueError, match="dates"):
        plan_workbook(SHIPPED, master)
    given = opened(plan_workbook(SHIPPED, master, years=[2026, 2025]))
    assert headers(given["Finansiering"])[4:6] == [2025, 2026]


def test_a_plan_without_years_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one year"):
        plan_workbook(SHIPPED, MASTER, years=[])


def test_a_plan_that_nobody_has_described_yet() -> None:
    nobody = PlanForm()
    data = plan_workbook(SHIPPED, nobody, years=[2030])
    said = lines(noticed(raw(data)))
    assert {line.split()[0] for line in said} == {"CEL-01", "FIN-10"}
    assert opened(data, values=True)["Lister"]["B2"].value == "2011-14"
