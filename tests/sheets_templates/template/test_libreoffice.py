"""What a spreadsheet program makes of the formulas: LibreOffice works them out anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.worksheet import Worksheet

from rules.model.choices import ChoiceList
from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import plan_workbook
from tests.sheets_templates.books import (
    MASTER,
    example_book,
    example_rows,
    funded,
    headers,
    opened,
    validation_at,
)
from tests.sheets_templates.recalculation import NEEDS_LIBREOFFICE, worked_out

pytestmark = NEEDS_LIBREOFFICE
Recalculated = Callable[[Mapping[str, Workbook]], dict[str, Workbook]]


@pytest.fixture
def recalculated(tmp_path: Path) -> Recalculated:
    """Give workbooks with the results that LibreOffice works out; openpyxl stores none itself.

    Those of one kind are given together: LibreOffice takes two seconds to start.
    """
    return lambda books: worked_out(books, tmp_path)


def move(sheet: Worksheet, area: str, rows: int = 0, columns: int = 0) -> None:
    """Move cells as they are: the sums' references are whole rows, columns, or the header's."""
    sheet.move_range(area, rows=rows, cols=columns)


FUNDED = funded(
    {"Kilde": "LBF", "2025": 3_000_000, "2026": 1_500_000.5},
    {"Kilde": "Kommune", "2025": 1_000_000, "2026": "ca. 500"},
    {"Kilde": "Fond"},
)


def test_the_stored_results_are_those_that_are_worked_out(recalculated: Recalculated) -> None:
    data = {"funded": FUNDED, "example": example_book()}
    books = {name: opened(one) for name, one in data.items()}
    for name, found in recalculated(books).items():
        stored = opened(data[name], values=True)
        for sheet in books[name].worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        tab, place = sheet.title, cell.coordinate
                        expected = stored[tab][place].value or ""
                        assert (found[tab][place].value or "") == expected, (name, tab, place)


INSERTED = {
    "right above the total row": ("A16:G16", 16),
    "right under the header": ("A4:G16", 4),
    "between two rows": ("A5:G16", 5),
}


def with_a_row(moved: str, new_row: int) -> Workbook:
    book = opened(funded({"Kilde": "LBF", "2025": 100}, {"Kilde": "Kommune", "2025": 10}))
    sheet = book["Finansiering"]
    total_formula = sheet["G16"].value
    move(sheet, moved, rows=1)
    sheet["G17"] = str(total_formula).replace("16", "17")
    sheet.cell(new_row, 5).value = 7
    return book


def with_a_year() -> Workbook:
    book = opened(funded({"Kilde": "LBF", "2025": 100, "2026": 10}))
    sheet = book["Finansiering"]
    move(sheet, "G3:I16", columns=1)
    sheet["G3"], sheet["G4"] = 2027, 5
    return book


def test_a_row_that_is_inserted_counts_and_a_year_at_the_end(recalculated: Recalculated) -> None:
    found = recalculated(
        {name: with_a_row(*where) for name, where in INSERTED.items()} | {"year": with_a_year()}
    )
    for name in INSERTED:
        sheet = found[name]["Finansiering"]
        shown = [sheet[place].value for place in ("A17", "E17", "G17")]
        assert shown == ["I alt", 117, 117], name
    sheet = found["year"]["Finansiering"]
    assert (sheet["H3"].value, sheet["H4"].value) == ("I alt", 115)


@pytest.mark.long
def test_the_drop_down_follows_the_plans_program(recalculated: Recalculated) -> None:
    empty = plan_workbook(SHIPPED, replace(MASTER, programme=None))
    typed = ["2011-14", "2015-18", "2019-26", " 2019-26 ", None, "2030-34"]
    books = {}
    for number, programme in enumerate(typed):
        book = opened(empty)
        source = validation_at(book["Indsatser"], "B4").formula1
        book["Plan"]["B9"] = programme
        for row in range(1, 9):
            book["Lister"][f"P{row}"] = f"=IF({row}<=ROWS({source}),INDEX({source},{row}),0)"
        books[str(number)] = book
    found = recalculated(books)
    programmes = {programme.name for programme in SHIPPED.programmes}
    for number, programme in enumerate(typed):
        lists = found[str(number)]["Lister"]
        offered = [value for row in range(1, 9) if (value := lists[f"P{row}"].value)]
        chosen = (programme or "").strip()
        expected = chosen if chosen in programmes else SHIPPED.default_programme
        assert offered == list(SHIPPED.words(ChoiceList.EFFORT_AREAS, expected)), programme


KONTROL = """\
FEJL Budget: »ca. 500« er ikke et beløb. (CEL-02)
ADVARSEL Budget: Også dette. (CEL-07)
ADVARSEL Slutdato: Datoen ligger efter planens periode. (IND-02)
INFO Aktivitet: Teksten nævner Tibberupparken. (IND-04)"""


def test_the_colour_of_each_cell(recalculated: Recalculated) -> None:
    """The formula of each conditional format, worked out for each cell of a row with findings."""
    rows = example_rows()
    rows["Indsatser"][0] = {**rows["Indsatser"][0], "Kontrol": KONTROL}
    rows["Indsatser"][1] = {**rows["Indsatser"][1], "Kontrol": "OK"}
    book = opened(plan_workbook(SHIPPED, MASTER, rows))
    sheet = book["Indsatser"]
    areas = [(str(a.sqref), [r.formula[0] for r in a.rules]) for a in sheet.conditional_formatting]
    wanted: dict[tuple[str, int, int], str] = {}
    for area, formulas in areas:
        first = area.partition(":")[0]
        if first in ("G4", "I4"):  # a date that has passed, whole kroner: not by Kontrol
            continue
        letters = "ABCDEFGHIJ" if first == "A4" else "K"
        for letter in letters:
            for row in (4, 5):
                for number, formula in enumerate(formulas):
                    place = f"P{len(wanted) + 1}"
                    moved = Translator(f"=IF({formula},1,0)", first).translate_formula(
                        f"{letter}{row}"
                    )
                    sheet[place] = moved
                    wanted[letter, row, number] = place
    found = recalculated({"book": book})["book"]["Indsatser"]
    true = {key for key, place in wanted.items() if found[place].value == 1}
    names = headers(sheet)
    colours: dict[tuple[object, int], int] = {}
    for letter, row, number in sorted(true):
        colours.setdefault((names["ABCDEFGHIJK".index(letter)], row), number)
    assert colours == {
        ("Budget", 4): 0,
        ("Slutdato", 4): 1,
        ("Aktivitet", 4): 2,
        ("Kontrol", 4): 1,  # errors with warnings below them
        ("Kontrol", 5): 0,
    }
