"""`helhedsplan fix` on a spreadsheet: only where the cell still holds what was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.google_server.faults import Fault
from tests.google_server.model import entered
from tests.google_server.staff import Staff
from tests.sync.helpers import Answer, book, helhedsplan
from tests.sync.stores.google.helpers import GoogleSite

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
def spreadsheet(site: GoogleSite) -> str:
    return site.spreadsheet("Vapnagaard", book(cells=SLIPS))


def fix(site: GoogleSite, named: str = "Vapnagaard", *more: str) -> Answer:
    return helhedsplan("fix", named, "-c", site.config, *more)


def cell(site: GoogleSite, spreadsheet: str, place: tuple[int, int]) -> object:
    return next(iter(entered(site.tab(spreadsheet, "Indsatser").cells[place]).values()))


def test_without_yes_it_only_shows(site: GoogleSite, spreadsheet: str) -> None:
    answer = fix(site)

    assert (answer.code, answer.out) == (
        0, PREVIEW + "4 corrections. Write into the workbook? Say --yes.\nNothing was written.\n"
    )  # fmt: skip
    assert cell(site, spreadsheet, _I2) == "1.600.000 kr."


def test_what_is_sure_is_corrected_and_nothing_else(site: GoogleSite, spreadsheet: str) -> None:
    site.sync()
    before = {sheet.title: dict(sheet.cells) for sheet in site.server.book(spreadsheet).sheets}

    answer = fix(site, "Vapnagaard", "--yes")

    assert answer.out == PREVIEW + "4 cells corrected. " + UNDO
    assert cell(site, spreadsheet, _I2) == 1_600_000
    assert cell(site, spreadsheet, _G3) == 47_118
    assert cell(site, spreadsheet, _H3) == "Planlagt"
    changed = {
        (sheet.title, place)
        for sheet in site.server.book(spreadsheet).sheets
        for place in sheet.cells
        if sheet.cells[place] != before[sheet.title].get(place)
    }
    assert changed == {("Indsatser", one) for one in (_I2, _G3, _H3)} | {("Medarbejdere", (1, 5))}


@pytest.mark.slow
def test_the_next_run_sees_what_was_corrected(site: GoogleSite, spreadsheet: str) -> None:
    site.sync()
    fix(site, "Vapnagaard", "--yes")

    assert site.sync(hour=12).written == ["Vapnagaard"]
    assert site.kontrol(spreadsheet, "Indsatser")[2] == "OK"
    assert fix(site).out.startswith("There is nothing that can be corrected")


@pytest.mark.parametrize(
    "named",
    [
        "{}".format,
        "https://docs.google.com/spreadsheets/d/{}/edit#gid=0".format,
        "https://docs.google.com/spreadsheets/d/{}".format,
    ],
)
def test_it_is_found_by_its_id_and_its_address(
    site: GoogleSite, spreadsheet: str, named: Callable[[str], str]
) -> None:
    assert fix(site, named(spreadsheet)).out.startswith(PREVIEW)


def test_one_that_is_not_there_is_told(site: GoogleSite, spreadsheet: str) -> None:
    answer = fix(site, "Nøjsomhed")

    assert (answer.code, "there is no such workbook" in answer.err) == (2, True)


def test_restore_says_where_google_keeps_its_versions(site: GoogleSite, spreadsheet: str) -> None:
    answer = helhedsplan("restore", "Vapnagaard", "-c", site.config)

    assert answer.code == 2
    assert "File, Version history" in answer.err


SECOND_LOOK, CORRECTION = 2, 3
"""The requests that Sheets gets: a look for the preview, a look before writing, the writing."""


def let_staff_edit(site: GoogleSite, before: int, edit: Callable[[], None]) -> None:
    """Let staff edit once, just before the request to Sheets that has this number."""

    def staff() -> None:
        if sum(one.path.startswith("/v4/") for one in site.server.asked) == before:
            site.server.staff = None
            edit()

    site.server.staff = staff


def test_a_cell_that_staff_have_changed_by_then_is_left(site: GoogleSite, spreadsheet: str) -> None:
    let_staff_edit(
        site,
        CORRECTION,
        lambda: site.type_in(spreadsheet, "Indsatser", "I2", "1.700.000 kr."),
    )

    answer = fix(site, "Vapnagaard", "--yes")

    assert "Left as it is: Indsatser I2: something else stands there by now." in answer.out
    assert "3 cells corrected." in answer.out
    assert cell(site, spreadsheet, _I2) == "1.700.000 kr."


def test_rows_that_have_moved_by_then_are_left(site: GoogleSite, spreadsheet: str) -> None:
    sheet = site.tab(spreadsheet, "Indsatser").id
    place = {"sheetId": sheet, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    let_staff_edit(
        site,
        CORRECTION,
        lambda: site.batch(spreadsheet, {"insertDimension": {"range": place}}),
    )

    answer = fix(site, "Vapnagaard", "--yes")

    assert "1 cell corrected." in answer.out
    assert cell(site, spreadsheet, (2, 8)) == "1.600.000 kr."
    assert cell(site, spreadsheet, (3, 7)) == "Planlgat"


def test_what_changed_while_the_person_looked_is_not_corrected(
    site: GoogleSite, spreadsheet: str
) -> None:
    let_staff_edit(
        site,
        SECOND_LOOK,
        lambda: site.type_in(spreadsheet, "Indsatser", "C2", "Andet navn"),
    )

    answer = fix(site, "Vapnagaard", "--yes")

    assert answer.code == 3
    assert "Regnearket er ændret, siden du så rettelserne." in answer.err
    assert cell(site, spreadsheet, _I2) == "1.600.000 kr."


def test_a_column_formatted_as_text_keeps_a_text(site: GoogleSite, spreadsheet: str) -> None:
    sheet = site.tab(spreadsheet, "Indsatser").id
    look = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    column = {"sheetId": sheet, "startColumnIndex": 8, "endColumnIndex": 9}
    site.batch(
        spreadsheet,
        {"repeatCell": {"range": column, "cell": look, "fields": "userEnteredFormat.numberFormat"}},
    )

    answer = fix(site, "Vapnagaard", "--yes")

    assert "Left as it is: Indsatser I2: its format keeps it a text" in answer.out
    assert cell(site, spreadsheet, _I2) == "1600000"


def test_a_protected_cell_voids_all(site: GoogleSite, spreadsheet: str) -> None:
    sheet = site.tab(spreadsheet, "Indsatser").id
    area = {"sheetId": sheet, "startColumnIndex": 8, "endColumnIndex": 9}
    site.batch(spreadsheet, {"addProtectedRange": {"protectedRange": {"range": area}}})

    answer = fix(site, "Vapnagaard", "--yes")

    assert answer.code == 3
    assert "beskyttet mod ændringer" in answer.err
    assert cell(site, spreadsheet, _H3) == "Planlgat"


def test_one_that_may_only_be_read(site: GoogleSite) -> None:
    site.spreadsheet("Læse", book(cells=SLIPS), role="reader")

    assert "rollen redaktør" in fix(site, "Læse", "--yes").err


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.INTERNAL_AFTER])
def test_an_answer_that_does_not_come_is_looked_up(
    site: GoogleSite, spreadsheet: str, fault: Fault
) -> None:
    site.server.faults.on(":batchUpdate", fault)

    assert "4 cells corrected." in fix(site, "Vapnagaard", "--yes").out
    assert cell(site, spreadsheet, _I2) == 1_600_000


def test_in_another_locale_it_is_typed_as_people_do_there(
    site: GoogleSite, spreadsheet: str
) -> None:
    site.type_in(spreadsheet, "Indsatser", "I2", "1.600.000,50 kr.")
    british = {"properties": {"locale": "en_GB"}, "fields": "locale"}
    site.batch(spreadsheet, {"updateSpreadsheetProperties": british})

    fix(site, "Vapnagaard", "--yes")

    assert cell(site, spreadsheet, _I2) == 1_600_000.5
    assert cell(site, spreadsheet, _G3) == 47_118


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_staff_type_meanwhile_is_lost(
    site: GoogleSite, spreadsheet: str, seed: int
) -> None:
    staff = Staff(site.server.world, [spreadsheet], seed=seed, chance=0.6)
    site.server.staff = staff

    fix(site, "Vapnagaard", "--yes")

    assert staff.edits
    assert staff.lost() == set()
