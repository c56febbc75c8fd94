"""Changes of which Drive tells nothing, or tells the job that they are its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.google_server.client import client_of
from tests.loopback import Request
from tests.sync.helpers import TODAY, book
from tests.sync.stores.google.helpers import GoogleSite, put_formula

pytestmark = pytest.mark.slow

SLIP = {"Indsatser!I2": "'ca. 5"}
IMPORTED = '=IMPORTRANGE("https://docs.google.com/spreadsheets/d/1";"Ark1!A1")'


def type_with_the_same_account(site: GoogleSite, spreadsheet: str) -> None:
    client = client_of(site.server.url, site.key_file)
    client.open_by_key(spreadsheet).worksheet("Indsatser").update_acell("I2", "ca. 5")


def second_job(site: GoogleSite) -> GoogleSite:
    """The same configuration with a state folder of its own."""
    other = GoogleSite(site.root.parent / "other", server=site.server, key_file=site.key_file)
    other.configure_google()
    return other


def test_an_edit_by_the_same_account_is_read(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    type_with_the_same_account(site, spreadsheet)

    assert site.sync(hour=9).read == 1
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL")
    assert site.sync(hour=10).read == 0


def test_an_edit_before_another_run_of_the_account_is_read(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    assert second_job(site).sync(hour=9).written == ["Vapnagaard"]

    report = site.sync(hour=10)

    assert (report.read, report.written) == (1, [])


def test_the_doctor_finds_the_second_job(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    assert "something else than this job" not in site.command("doctor").out

    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")
    second_job(site).sync(hour=9)

    assert "Vapnagaard: something else than this job has written into it" in " ".join(
        site.command("doctor").out.split()
    )


@pytest.mark.parametrize("formula", [IMPORTED, "=TODAY()"])
def test_a_formula_that_changes_by_itself_is_read_once_a_day(
    site: GoogleSite, formula: str
) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    put_formula(site, spreadsheet, "Indsatser!I2", formula, {"numberValue": 250000})
    site.sync()
    site.tab(spreadsheet, "Indsatser").cells[1, 8]["result"] = {"stringValue": "ca. 5"}

    assert site.sync(hour=20).read == 0
    assert site.sync(TODAY + timedelta(days=1)).read == 1
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL")
    assert "read every 20 hours" in " ".join(site.command("doctor").out.split())


STATUS = '=IF({column}{row}="";"ikke kontrolleret";IF({column}{row}="OK";"færdig";"ret"))'


def test_a_status_formula_that_looks_at_kontrol_settles(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    site.sync()
    site.type_in(spreadsheet, "Indsatser", "L1", "Status")
    for row in (2, 3, 4):
        formula = STATUS.format(column="K", row=row)
        put_formula(site, spreadsheet, f"Indsatser!L{row}", formula)
    site.type_in(spreadsheet, "Indsatser", "I3", "ca. 6")

    reports = []
    for hour in (9, 10, 11):
        site.forget()
        reports.append((site.sync(hour=hour).problems, len(site.server.asked)))

    assert reports == [([], 4), ([], 2), ([], 2)]
    kontrol = site.kontrol(spreadsheet, "Indsatser")
    assert [kontrol[row][:4] for row in (2, 3, 4)] == ["FEJL", "FEJL", "OK"]


def test_a_row_of_formulas_keeps_its_text_when_it_moves(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    put_formula(site, spreadsheet, "Indsatser!L2", "=I2*2", {"errorValue": {"type": "VALUE"}})
    sheet = site.tab(spreadsheet, "Indsatser").id

    def insert_a_row() -> None:
        if len(site.server.asked) == 6:
            place = {"sheetId": sheet, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
            site.batch(spreadsheet, {"insertDimension": {"range": place}})

    site.server.staff = insert_a_row
    site.sync()

    kontrol = site.kontrol(spreadsheet, "Indsatser")
    assert (2 in kontrol, kontrol[3][:4]) == (False, "FEJL")


@pytest.mark.parametrize("stands", ["", "OK"])
def test_what_is_typed_into_kontrol_while_it_is_written_stays_and_is_told(
    site: GoogleSite, stands: str
) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    site.sync()
    site.type_in(spreadsheet, "Indsatser", "K2", stands)
    site.type_in(spreadsheet, "Indsatser", "I2", "ca. 5")

    def type_before_the_write() -> None:
        if is_write(site.server.asked[-1]):
            site.server.staff = None
            site.type_in(spreadsheet, "Indsatser", "K2", "Ring til Mette")

    site.server.staff = type_before_the_write
    first = site.sync(hour=9)
    assert site.kontrol(spreadsheet, "Indsatser")[2] == "Ring til Mette"
    second = site.sync(hour=10)

    assert "Næste kontrol skriver" in first.problems[0][1]
    told = "celle K2 i kolonnen Kontrol: »Ring til Mette« stod der, da kontrollen skrev."
    assert [note.endswith(told) for _, note in second.notes] == [True]
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL")


def is_write(request: Request) -> bool:
    return request.path.endswith(":batchUpdate") and b"findReplace" in request.content


def test_a_column_that_moves_while_it_is_written_is_left(site: GoogleSite) -> None:
    """Blank cells of the staff's come to stand where Kontrol was."""
    spreadsheet = site.spreadsheet("Vapnagaard", book(cells=SLIP))
    sheet = site.tab(spreadsheet, "Indsatser").id

    def insert_a_column() -> None:
        if is_write(site.server.asked[-1]):
            site.server.staff = None
            place = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": 10, "endIndex": 11}
            site.batch(spreadsheet, {"insertDimension": {"range": place}})

    site.server.staff = insert_a_column
    site.sync()

    cells = site.tab(spreadsheet, "Indsatser").cells
    assert not any(
        column == 10 and cell.get("userEnteredValue") for (_, column), cell in cells.items()
    )
    site.sync(hour=9)
    assert site.kontrol(spreadsheet, "Indsatser")[2].startswith("FEJL")
