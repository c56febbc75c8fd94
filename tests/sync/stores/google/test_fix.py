"""`helhedsplan fix` on a spreadsheet: only where the cell still holds what was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.google_server.faults import Fault
from tests.google_server.model import entered
from tests.google_server.staff import Staff
from tests.sync.helpers import Said, book, helhedsplan
from tests.sync.stores.google.helpers import GoogleHouse

SLIPS = {
    "Indsatser!I2": "'1.600.000 kr.",
    "Indsatser!G3": "'31/12-2028",
    "Indsatser!H3": "Planlgat",
    "Medarbejdere!F2": "mette.holm(a)boliggaarden.example",
}
PREVIEW = """\
Indsatser
  I2 Budget: »1.600.000 kr.« -> 1600000  (CEL-07)
  G3 Slutdato: »31/12-2028« -> 31-12-2028
  H3 Status: »Planlgat« -> »Planlagt«  (CEL-04)
Medarbejdere
  F2 E-mail: »mette.holm(a)boliggaarden.example« -> »mette.holm@boliggaarden.example«  (CEL-10)
"""
UNDO = "Undo with: in Google, open the spreadsheet: File, Version history, See version history\n"
_I2, _G3, _H3 = (1, 8), (2, 6), (2, 7)


@pytest.fixture
def spreadsheet(house: GoogleHouse) -> str:
    return house.spreadsheet("Vapnagaard", book(cells=SLIPS))


def fix(house: GoogleHouse, named: str = "Vapnagaard", *more: str) -> Said:
    return helhedsplan("fix", named, "-c", house.config, *more)


def cell(house: GoogleHouse, spreadsheet: str, place: tuple[int, int]) -> object:
    return next(iter(entered(house.tab(spreadsheet, "Indsatser").cells[place]).values()))


def test_without_yes_it_only_shows(house: GoogleHouse, spreadsheet: str) -> None:
    said = fix(house)

    assert (said.code, said.out) == (
        0, PREVIEW + "4 corrections. Write into the workbook? Say --yes.\nNothing was written.\n"
    )  # fmt: skip
    assert cell(house, spreadsheet, _I2) == "1.600.000 kr."


def test_what_is_sure_is_corrected_and_nothing_else(house: GoogleHouse, spreadsheet: str) -> None:
    house.sync()
    before = {sheet.title: dict(sheet.cells) for sheet in house.server.book(spreadsheet).sheets}

    said = fix(house, "Vapnagaard", "--yes")

    assert said.out == PREVIEW + "4 cells corrected. " + UNDO
    assert cell(house, spreadsheet, _I2) == 1_600_000
    assert cell(house, spreadsheet, _G3) == 47_118
    assert cell(house, spreadsheet, _H3) == "Planlagt"
    changed = {
        (sheet.title, place)
        for sheet in house.server.book(spreadsheet).sheets
        for place in sheet.cells
        if sheet.cells[place] != before[sheet.title].get(place)
    }
    assert changed == {("Indsatser", one) for one in (_I2, _G3, _H3)} | {("Medarbejdere", (1, 5))}


def test_the_next_run_sees_what_was_corrected(house: GoogleHouse, spreadsheet: str) -> None:
    house.sync()
    fix(house, "Vapnagaard", "--yes")

    assert house.sync(hour=12).written == ["Vapnagaard"]
    assert house.kontrol(spreadsheet, "Indsatser")[2] == "OK"
    assert fix(house).out.startswith("There is nothing that can be corrected")


@pytest.mark.parametrize(
    "named",
    [
        "{}".format,
        "https://docs.google.com/spreadsheets/d/{}/edit#gid=0".format,
        "https://docs.google.com/spreadsheets/d/{}".format,
    ],
)
def test_it_is_found_by_its_id_and_its_address(
    house: GoogleHouse, spreadsheet: str, named: Callable[[str], str]
) -> None:
    assert fix(house, named(spreadsheet)).out.startswith(PREVIEW)


def test_one_that_is_not_there_is_told(house: GoogleHouse, spreadsheet: str) -> None:
    said = fix(house, "Nøjsomhed")

    assert (said.code, "there is no such workbook" in said.err) == (2, True)


def test_restore_says_where_google_keeps_its_versions(house: GoogleHouse, spreadsheet: str) -> None:
    said = helhedsplan("restore", "Vapnagaard", "-c", house.config)

    assert said.code == 2
    assert "File, Version history" in said.err


SECOND_LOOK, CORRECTION = 2, 3
"""The requests that Sheets gets: a look for the preview, a look before writing, the writing."""


def let_staff_edit(house: GoogleHouse, before: int, edit: Callable[[], None]) -> None:
    """Let staff edit once, just before the request to Sheets that has this number."""

    def staff() -> None:
        if sum(one.path.startswith("/v4/") for one in house.server.asked) == before:
            house.server.staff = None
            edit()

    house.server.staff = staff


def test_a_cell_that_staff_have_changed_by_then_is_left(
    house: GoogleHouse, spreadsheet: str
) -> None:
    let_staff_edit(
        house,
        CORRECTION,
        lambda: house.type_in(spreadsheet, "Indsatser", "I2", "1.700.000 kr."),
    )

    said = fix(house, "Vapnagaard", "--yes")

    assert "Left as it is: Indsatser I2: something else stands there by now." in said.out
    assert "3 cells corrected." in said.out
    assert cell(house, spreadsheet, _I2) == "1.700.000 kr."


def test_rows_that_have_moved_by_then_are_left(house: GoogleHouse, spreadsheet: str) -> None:
    sheet = house.tab(spreadsheet, "Indsatser").id
    place = {"sheetId": sheet, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    let_staff_edit(
        house,
        CORRECTION,
        lambda: house.batch(spreadsheet, {"insertDimension": {"range": place}}),
    )

    said = fix(house, "Vapnagaard", "--yes")

    assert "1 cell corrected." in said.out
    assert cell(house, spreadsheet, (2, 8)) == "1.600.000 kr."
    assert cell(house, spreadsheet, (3, 7)) == "Planlgat"


def test_what_changed_while_the_person_looked_is_not_corrected(
    house: GoogleHouse, spreadsheet: str
) -> None:
    let_staff_edit(
        house,
        SECOND_LOOK,
        lambda: house.type_in(spreadsheet, "Indsatser", "C2", "Andet navn"),
    )

    said = fix(house, "Vapnagaard", "--yes")

    assert said.code == 3
    assert "Regnearket er ændret, siden du så rettelserne." in said.err
    assert cell(house, spreadsheet, _I2) == "1.600.000 kr."


def test_a_column_formatted_as_text_keeps_a_text(house: GoogleHouse, spreadsheet: str) -> None:
    sheet = house.tab(spreadsheet, "Indsatser").id
    look = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    column = {"sheetId": sheet, "startColumnIndex": 8, "endColumnIndex": 9}
    house.batch(
        spreadsheet,
        {"repeatCell": {"range": column, "cell": look, "fields": "userEnteredFormat.numberFormat"}},
    )

    said = fix(house, "Vapnagaard", "--yes")

    assert "Left as it is: Indsatser I2: its format keeps it a text" in said.out
    assert cell(house, spreadsheet, _I2) == "1600000"


def test_a_protected_cell_voids_all(house: GoogleHouse, spreadsheet: str) -> None:
    sheet = house.tab(spreadsheet, "Indsatser").id
    area = {"sheetId": sheet, "startColumnIndex": 8, "endColumnIndex": 9}
    house.batch(spreadsheet, {"addProtectedRange": {"protectedRange": {"range": area}}})

    said = fix(house, "Vapnagaard", "--yes")

    assert said.code == 3
    assert "beskyttet mod ændringer" in said.err
    assert cell(house, spreadsheet, _H3) == "Planlgat"


def test_one_that_may_only_be_read(house: GoogleHouse) -> None:
    house.spreadsheet("Læse", book(cells=SLIPS), role="reader")

    assert "rollen redaktør" in fix(house, "Læse", "--yes").err


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.INTERNAL_AFTER])
def test_an_answer_that_does_not_come_is_looked_up(
    house: GoogleHouse, spreadsheet: str, fault: Fault
) -> None:
    house.server.faults.on(":batchUpdate", fault)

    assert "4 cells corrected." in fix(house, "Vapnagaard", "--yes").out
    assert cell(house, spreadsheet, _I2) == 1_600_000


def test_in_another_locale_it_is_typed_as_people_do_there(
    house: GoogleHouse, spreadsheet: str
) -> None:
    house.type_in(spreadsheet, "Indsatser", "I2", "1.600.000,50 kr.")
    british = {"properties": {"locale": "en_GB"}, "fields": "locale"}
    house.batch(spreadsheet, {"updateSpreadsheetProperties": british})

    fix(house, "Vapnagaard", "--yes")

    assert cell(house, spreadsheet, _I2) == 1_600_000.5
    assert cell(house, spreadsheet, _G3) == 47_118


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_staff_type_meanwhile_is_lost(
    house: GoogleHouse, spreadsheet: str, seed: int
) -> None:
    staff = Staff(house.server.world, [spreadsheet], seed=seed, chance=0.6)
    house.server.staff = staff

    fix(house, "Vapnagaard", "--yes")

    assert staff.edits
    assert staff.lost() == set()
