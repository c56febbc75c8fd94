"""`helhedsplan new --google`: an empty spreadsheet becomes a plan workbook."""

from __future__ import annotations

from datetime import date

import pytest

from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from sheets_templates.template.plan_design import plan_design
from sync.stores.google.request_builders import FORMATS
from tests.google_server.calculating import evaluated
from tests.sync.helpers import DAY, Answer, book
from tests.sync.stores.google.helpers import GoogleSite, texts_of

pytestmark = pytest.mark.slow

TABS = ["Plan", "Forberedelse", "Indsatser", "Finansiering", "Godkendelser", "Medarbejdere",
        "Milepæle"]  # fmt: skip


def new(site: GoogleSite, spreadsheet: str) -> Answer:
    return site.command(
        "new", "--google", spreadsheet, "--area", "Vapnagaard", "--plan", "VAP-2027",
        "--start", "2027-01-01", "--end", "2030-12-31",
    )  # fmt: skip


def test_an_empty_spreadsheet_becomes_a_plan(site: GoogleSite) -> None:
    spreadsheet = site.server.make_spreadsheet("Ny plan", locale="en_US")

    answer = new(site, spreadsheet)

    assert (answer.code, answer.err) == (0, "")
    book_now = site.server.book(spreadsheet)
    assert [sheet.title for sheet in book_now.sheets][:7] == TABS
    assert book_now.locale == "da_DK"
    assert "VAP-2027" in texts_of(site.tab(spreadsheet, "Plan")).values()
    formulas = [
        cell["userEnteredValue"]["formulaValue"]
        for sheet in book_now.sheets
        for cell in sheet.cells.values()
        if "formulaValue" in cell.get("userEnteredValue", {})
    ]
    assert formulas
    assert any(";" in formula for formula in formulas)
    for title in TABS:
        tab = site.tab(spreadsheet, title)
        assert len(tab.metadata) == 1
        assert any("dataValidation" in cell for cell in tab.cells.values())


def test_the_job_finds_its_places_marked(site: GoogleSite) -> None:
    spreadsheet = site.server.make_spreadsheet("Ny plan")
    new(site, spreadsheet)
    site.forget()

    result = site.sync()

    assert (result.written, result.problems) == (["Ny plan"], [])
    sheets = [one.path for one in site.server.asked if one.path.startswith("/v4/")]
    assert len(sheets) == 2
    assert site.sync(hour=12).read == 0


def test_the_guide_tells_of_google_and_not_of_excel(site: GoogleSite) -> None:
    spreadsheet = site.server.make_spreadsheet("Ny plan")
    new(site, spreadsheet)

    guide = " ".join(texts_of(site.tab(spreadsheet, "Vejledning")).values())

    assert "Kontrollen skriver også, mens regnearket er åbent." in guide
    assert "Gem, og luk regnearket." not in guide
    assert "Fjern arkbeskyttelse" not in guide


def test_the_sums_of_finansiering_follow_what_is_typed(site: GoogleSite) -> None:
    spreadsheet = site.server.make_spreadsheet("Ny plan")
    new(site, spreadsheet)
    sheet = site.tab(spreadsheet, "Finansiering")
    formulas = {
        place: cell["userEnteredValue"]["formulaValue"]
        for place, cell in sheet.cells.items()
        if place[0] > HEADER and "formulaValue" in cell.get("userEnteredValue", {})
    }
    total, sum_column = max(row for row, _ in formulas), max(column for _, column in formulas)
    for row, amount in ((HEADER + 1, 100), (total - 1, 20)):
        start = {"sheetId": sheet.id, "rowIndex": row, "columnIndex": sum_column - 1}
        rows = [{"values": [{"userEnteredValue": {"numberValue": amount}}]}]
        update = {"start": start, "rows": rows, "fields": "userEnteredValue"}
        site.batch(spreadsheet, {"updateCells": update})

    book_now = site.server.book(spreadsheet)
    now = site.tab(spreadsheet, "Finansiering")

    def shown(row: int, column: int) -> object:
        return evaluated(book_now, now, (row, column))["result"]

    assert shown(HEADER + 1, sum_column) == {"numberValue": 100}
    assert shown(HEADER + 2, sum_column) == {"stringValue": ""}
    assert shown(total, sum_column - 1) == {"numberValue": 120}
    assert shown(total, sum_column) == {"numberValue": 120}
    assert not any("INDEX" in formula for formula in formulas.values())


HEADER = 2
"""The row of the headers in Finansiering, from 0."""


def test_rows_that_only_hold_formulas_are_empty(site: GoogleSite) -> None:
    new(site, site.server.make_spreadsheet("Ny plan"))

    findings = site.check().json["findings"]

    assert [f for f in findings if f["tab"] == "Finansiering" and f["cell"]] == []


def test_the_same_findings_as_the_same_plan_in_excel(site: GoogleSite) -> None:
    spreadsheet = site.server.make_spreadsheet("Ny plan")
    new(site, spreadsheet)
    answer = site.command(
        "new", site.sheets / "plan.xlsx", "--area", "Vapnagaard", "--plan", "VAP-2027",
        "--start", "2027-01-01", "--end", "2030-12-31",
    )  # fmt: skip
    assert answer.code == 0

    in_google = site.check().json["findings"]
    site.configure()
    in_excel = site.check().json["findings"]

    assert in_google == in_excel == []


def test_what_is_not_empty_is_left_alone(site: GoogleSite) -> None:
    spreadsheet = site.spreadsheet("Vapnagaard", book())
    before = site.server.book(spreadsheet)

    answer = new(site, spreadsheet)

    assert answer.code == 3
    assert "ikke tomt" in answer.err
    assert site.server.book(spreadsheet) is before


def test_what_is_not_shared_is_told(site: GoogleSite) -> None:
    answer = new(site, site.server.make_spreadsheet("Hemmelig", role=None))

    assert answer.code == 3
    assert site.server.account in answer.err


def test_a_file_or_a_spreadsheet(site: GoogleSite) -> None:
    assert site.command("new", "--area", "Vapnagaard", "--plan", "X", "--today", DAY).code == 2
    assert site.command("new", "--area", "Vapnagaard", "--plan", "X").code == 2


def test_every_style_of_the_design_is_known() -> None:
    master = PlanForm("P", "N", "Vapnagaard", None, None, None, date(2027, 1, 1),
                        date(2030, 12, 31), None, None, None)  # fmt: skip
    used = {cell.style for tab in plan_design(SHIPPED, master).tabs for cell in tab.cells.values()}

    assert used <= FORMATS.keys()
